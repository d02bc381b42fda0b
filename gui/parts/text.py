"""Text in a role's colour and a size of the type scale; always plain, whatever a repository called its files."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFont, QHelpEvent, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from typing_extensions import override

from espalier.gui.literal import LAID_OUT, literal, show_tip
from espalier.gui.palette import colours_of
from espalier.gui.typeface import SCALE, Size, font


class Text(QLabel):
    """A line, as high as its size of the scale says; `elide` lets it be cut where space is short, `wrap` lets it be broken.

    What is cut is shown whole as a tip, unless the text has another.
    """

    def __init__(
        self,
        text: str = "",
        size: Size = "body",
        role: str = "text",
        *,
        weight: int | None = None,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideNone,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self._keep = LAID_OUT if wrap else ""
        super().__init__(literal(text, self._keep), parent)
        self._line, self._role, self._elide = SCALE[size].line, role, elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(size, weight))
        self.setWordWrap(wrap)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        else:
            self.setFixedHeight(self._line)
            across = QSizePolicy.Policy.Fixed if elide == Qt.TextElideMode.ElideNone else QSizePolicy.Policy.Preferred
            self.setSizePolicy(across, QSizePolicy.Policy.Fixed)

    @override
    def setText(self, text: str) -> None:
        super().setText(literal(text, self._keep))

    def set_role(self, role: str) -> None:
        if role != self._role:
            self._role = role
            self.update()

    def is_cut(self) -> bool:
        """Whether some of the text is not seen, though it was not meant to be cut."""
        if self.wordWrap():
            return self.height() < self.heightForWidth(self.width())
        return self._elide == Qt.TextElideMode.ElideNone and self.width() < self.sizeHint().width()

    def is_shortened(self) -> bool:
        """Whether it is cut as it was meant to be."""
        shortens = not self.wordWrap() and self._elide != Qt.TextElideMode.ElideNone
        return shortens and self.fontMetrics().horizontalAdvance(self.text()) > self.width()

    @override
    def event(self, event: QEvent) -> bool:
        asked = event.type() == QEvent.Type.ToolTip and not self.toolTip() and self.is_shortened()
        if asked and isinstance(event, QHelpEvent):
            show_tip(event.globalPos(), self, self.text())
            return True  # else what it stands in is asked
        return super().event(event)

    @override
    def sizeHint(self) -> QSize:
        if self.wordWrap():
            return super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 1, self._line)

    @override
    def minimumSizeHint(self) -> QSize:
        if self.wordWrap():
            return QSize(0, self._line)
        return self.sizeHint() if self._elide == Qt.TextElideMode.ElideNone else QSize(0, self._line)

    @override
    def heightForWidth(self, width: int) -> int:
        if not self.wordWrap():
            return -1
        return max(1, len(_broken(self.text(), width, self.font()))) * self._line

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(colours_of(self.palette()).of(self._role))
        if self.wordWrap():
            self._paint_lines(painter)
            return
        shown = self.fontMetrics().elidedText(self.text(), self._elide, self.width())
        if self._elide == Qt.TextElideMode.ElideNone:
            shown = self.text()
        painter.drawText(self.rect(), self.alignment(), shown)

    def _paint_lines(self, painter: QPainter) -> None:
        """On lines of the scale's height, which QLabel can't be told."""
        for number, line in enumerate(_broken(self.text(), self.width(), self.font())):
            painter.drawText(
                QRect(0, number * self._line, self.width(), self._line), Qt.AlignmentFlag.AlignVCenter, line
            )


def _broken(text: str, width: int, face: QFont) -> list[str]:
    """The text in lines no wider than this; a word that is wider than a line is broken within."""
    layout = QTextLayout(text, face)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    lines: list[str] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        lines.append(text[line.textStart() : line.textStart() + line.textLength()].rstrip())
    layout.endLayout()
    return lines
