"""The type scale: families, sizes in pixels, line heights and weights."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtGui import QFont, QFontDatabase

FAMILIES = ("Inter", "Noto Sans")
CODE_FAMILIES = ("JetBrains Mono",)
FALLBACK, CODE_FALLBACK = "DejaVu Sans", "DejaVu Sans Mono"
LIGATURES = ("liga", "calt", "clig")

Size = Literal["start", "title", "panel", "section", "body", "second", "caption", "number", "code"]


@dataclass(frozen=True, slots=True)
class Type:
    """Pixels of the font and of its line, and the weight."""

    pixels: int
    line: int
    weight: int = 400
    code: bool = False


SCALE: dict[Size, Type] = {
    "start": Type(24, 32, 600),
    "title": Type(20, 28, 600),
    "panel": Type(15, 24, 600),
    "section": Type(13, 20, 600),
    "body": Type(13, 20),
    "second": Type(12, 16),
    "caption": Type(11, 16),
    "number": Type(20, 28, 600),
    "code": Type(12, 20, code=True),
}


def font(size: Size, weight: int | None = None) -> QFont:
    """The font of a size; digits are tabular everywhere, and code has no ligatures."""
    kind = SCALE[size]
    made = QFont()
    made.setFamilies(_families(code=kind.code))
    made.setPixelSize(kind.pixels)
    made.setWeight(QFont.Weight(weight or kind.weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setFeature(QFont.Tag("tnum"), 1)
    if kind.code:
        for feature in LIGATURES:
            made.setFeature(QFont.Tag(feature), 0)
    return made


def _families(*, code: bool) -> list[str]:
    system = QFontDatabase.SystemFont.FixedFont if code else QFontDatabase.SystemFont.GeneralFont
    own, last = (CODE_FAMILIES, CODE_FALLBACK) if code else (FAMILIES, FALLBACK)
    return [*own, QFontDatabase.systemFont(system).family(), last]
