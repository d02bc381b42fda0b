"""Key-caps: a physical key as printed, alone or within a sentence."""

import re
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from typing_extensions import override

from espalier.gui.palette import colours_of
from espalier.gui.typeface import font

HIGH, LINE, PAD, RADIUS = 18, 20, 5, 4
KEY = re.compile(r"\[(\]|[^\]]+)\]")
WORDS = re.compile(r"\s*\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words, or the name of a key, and the pixels that they take."""

    text: str
    cap: bool
    width: float


def cap_width(key: str) -> int:
    return max(HIGH, QFontMetrics(font("caption")).horizontalAdvance(key) + 2 * PAD)


def paint_cap(painter: QPainter, key: str, corner: QPointF, ink: QColor, edge: QColor) -> None:
    """With its upper left corner there; as wide as `cap_width` says."""
    box = QRectF(corner.x(), corner.y(), cap_width(key), HIGH).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(QPen(edge))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, RADIUS, RADIUS)
    painter.setFont(font("caption"))
    painter.setPen(ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)


class Keys(QLabel):
    """A sentence in which `[R]` is drawn as a key; read out as it is written. With `wrap` it is broken where it is narrow."""

    def __init__(self, text: str, role: str = "second", *, wrap: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._role = role
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font("second"))
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        else:
            self.setFixedHeight(LINE)
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def is_cut(self) -> bool:
        """Whether some of it is not seen."""
        needed = self.minimumSizeHint().width()
        return self.width() < needed or (self.wordWrap() and self.height() < self.heightForWidth(self.width()))

    @override
    def sizeHint(self) -> QSize:
        pieces = self._pieces()
        return QSize(round(sum(one.width for one in pieces)) + 1, LINE)

    @override
    def minimumSizeHint(self) -> QSize:
        if self.wordWrap():
            return QSize(round(max((one.width for one in self._pieces()), default=0)) + 1, LINE)
        return self.sizeHint()

    @override
    def heightForWidth(self, width: int) -> int:
        if not self.wordWrap():
            return -1
        return LINE * (1 + max((row for _, _, row in self._placed(width)), default=0))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), colours_of(self.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for piece, x, row in self._placed(self.width()):
            if piece.cap:
                paint_cap(
                    painter, piece.text, QPointF(x, LINE * row + 1), colours.of("second"), colours.of("line_strong")
                )
                continue
            painter.setFont(self.font())
            painter.setPen(colours.of(self._role))
            box = QRectF(x, LINE * row, piece.width + 1, LINE)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, piece.text)

    def _placed(self, room: int) -> list[tuple[_Piece, float, int]]:
        """Each piece with where it begins, and in which line."""
        found: list[tuple[_Piece, float, int]] = []
        x, row = 0.0, 0
        for piece in self._pieces():
            if self.wordWrap() and x and x + piece.width > room:
                x, row = 0.0, row + 1
            found.append((piece, x, row))
            x += piece.width
        return found

    def _pieces(self) -> list[_Piece]:
        """Caps, and words with the blanks after them."""
        found: list[_Piece] = []
        for number, piece in enumerate(KEY.split(self.text())):
            if number % 2:
                found.append(_Piece(piece, True, cap_width(piece)))
            else:
                words = WORDS.findall(piece) if self.wordWrap() else [piece]
                found += [_Piece(one, False, self.fontMetrics().horizontalAdvance(one)) for one in words if one]
        return found
