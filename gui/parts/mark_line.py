"""A line with a state's icon before it, its words broken where the column is narrow."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.palette import colours_of
from espalier.gui.parts.text import Text

SIDE, GAP, TOP = 14, 6, 1


class _Icon(QWidget):
    def __init__(self, name: str, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._role = name, role
        self.setFixedSize(SIDE, SIDE + TOP)

    def show_icon(self, name: str, role: str) -> None:
        self._name, self._role = name, role
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE + TOP)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, self._name, QRectF(0, TOP, SIDE, SIDE), colours_of(self.palette()).of(self._role))


class MarkLine(QWidget):
    """The words carry the state too, so that neither icon nor colour is needed to know it."""

    def __init__(self, icon: str = "done", role: str = "ok", words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._words = _Icon(icon, role), Text(words, "second", role, wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(GAP)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)

    def show_line(self, icon: str, role: str, words: str) -> None:
        self._icon.show_icon(icon, role)
        self._words.set_role(role)
        self._words.setText(words)

    @property
    def words(self) -> str:
        return self._words.text()


class MarkLines(QWidget):
    """Several of them, filled again whenever they are others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[MarkLine] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_lines(self, lines: list[tuple[str, str, str]]) -> None:
        """Icon, role of the colour, and words."""
        while len(self._lines) < len(lines):
            self._lines.append(MarkLine())
            self._column.addWidget(self._lines[-1])
        for number, line in enumerate(self._lines):
            line.setVisible(number < len(lines))
            if number < len(lines):
                line.show_line(*lines[number])

    @property
    def words(self) -> list[str]:
        return [line.words for line in self._lines if not line.isHidden()]
