"""The words that a window paints: what bypasses the translator, and what is cut where nothing shows the whole."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QScrollArea, QWidget
from tests.gui.longer import BEGIN, END
from tests.gui.looks import shown

from espalier.gui.code.canvas import Canvas
from espalier.gui.parts.key_cap import Keys
from espalier.gui.parts.text import Text

CUT = "…"
FIRST_MONTH = re.compile(f"{BEGIN}(?=Jan \\d)")  # twelve names are translated as one text
WHOLE = re.compile(f"{BEGIN}[^{BEGIN}{END}]*{END}")
LOST = re.compile(
    f"{BEGIN}[^{BEGIN}{END}]*{CUT}[^{BEGIN}{END}]*$|{BEGIN}[^{BEGIN}{END}]*{CUT}|{CUT}[^{BEGIN}{END}]*{END}"
)


@dataclass(frozen=True, slots=True)
class Painted:
    """What was written, the pixels that it takes and has (None: as many as it takes), and on what."""

    text: str
    takes: int
    room: float | None
    on: QWidget | None


def painted(window: QWidget) -> list[Painted]:
    """Every word that the window's own parts write; what Qt's fields and menus write is not seen."""
    with _noted() as found:
        window.grab()
    return found


@contextmanager
def _noted() -> Iterator[list[Painted]]:
    write, found = QPainter.drawText, list[Painted]()

    def note(painter: QPainter, *given: Any) -> Any:
        text = next(one for one in given if isinstance(one, str))
        box = next((one for one in given if isinstance(one, (QRect, QRectF))), None)
        device = painter.device()
        found.append(
            Painted(
                text,
                painter.fontMetrics().horizontalAdvance(text),
                None if box is None or _breaks(given) else box.width(),
                device if isinstance(device, QWidget) else None,
            )
        )
        return write(painter, *given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QPainter, "drawText", note)
        yield found


def _breaks(given: tuple[Any, ...]) -> bool:
    """Whether it may take several lines."""
    flags = (int(getattr(one, "value", one)) for one in given if isinstance(one, (int, Qt.AlignmentFlag, Qt.TextFlag)))
    return any(one & int(Qt.TextFlag.TextWordWrap.value) for one in flags)


def clipped(words: list[Painted]) -> list[str]:
    """Written into less room than they take."""
    return [one.text for one in words if one.room is not None and one.takes > one.room + 1]


def lost(words: list[Painted]) -> list[str]:
    """Shortened where no tip has the whole: lists have one for each row, a text for itself."""
    return [one.text for one in words if CUT in _whole(one.text) and not _has_tip(one.on)]


def _has_tip(part: QWidget | None) -> bool:
    view = None if part is None else part.parentWidget()
    if part is None or isinstance(view, QAbstractItemView) or isinstance(part, Text):
        return True
    return bool(part.toolTip())


def bare(window: QWidget, words: list[Painted]) -> set[str]:
    """What holds letters and went past the translator, a text or a sentence of keys as a whole."""
    texts = [one.text() for kind in (Text, Keys) for one in shown(window, kind)]
    others = [one.text for one in words if not isinstance(one.on, (Text, Keys)) and not _is_code(one.on)]
    rests = (_rest(text) for text in (*texts, *others))
    return {rest for rest in rests if re.search(r"[^\W\d_]{2}", rest)}


def _is_code(part: QWidget | None) -> bool:
    return part is not None and isinstance(part.parentWidget(), Canvas)


def _rest(text: str) -> str:
    """Without what stands between the marks, those within others first."""
    text = FIRST_MONTH.sub("", text)
    return LOST.sub("", _whole(text)).strip()


def _whole(text: str) -> str:
    while (less := WHOLE.sub("", text)) != text:
        text = less
    return text


def sideways(window: QWidget) -> list[str]:
    """Parts that are wider than their place, so that some of them is reached by scrolling only, if at all."""
    areas = [one for one in window.findChildren(QScrollArea) if one.isVisibleTo(window)]
    return [
        f"{one.accessibleName()}: {one.horizontalScrollBar().maximum()}"
        for one in areas
        if one.horizontalScrollBar().maximum()
    ]
