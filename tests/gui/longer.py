"""Another language, as one finds it: every word is four tenths longer, and what bypasses the translator can be told."""

from PySide6.QtCore import QTranslator
from typing_extensions import override

BEGIN, MORE, END = "‹", "~", "›"


class Longer(QTranslator):
    """Puts what it translates between marks; only a name, a number or a slip of ours stands outside of them."""

    @override
    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        more = max(2, round(0.4 * len(text)))
        return f"{BEGIN}{text}{MORE * (more - 2)}{END}"

    @override
    def isEmpty(self) -> bool:
        return False
