"""What every part is made of: the colours by role and in series, the type scale, and the icons."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from espalier.gui.icons import icon_names, paint_icon
from espalier.gui.palette import colours_of
from espalier.gui.typeface import SCALE, Size, font

ROWS = (
    ("window", "surface", "sunken", "raised", "hover", "selection"),
    ("accent_soft", "ok_soft", "warn_soft", "bad_soft", "control_hover", "control_pressed"),
    ("text", "second", "muted", "accent", "ok", "warn", "bad"),
    ("line", "line_strong", "fill", "fill_hover", "fill_pressed", "on_fill"),
    ("code_keyword", "code_string", "code_number", "code_comment", "code_name"),
)
ACROSS = max(map(len, ROWS))
CELL, SWATCH, ROW, GAP, SIDE, ICON_CELL = 96, 20, 42, 8, 16, 32
SIZES: tuple[Size, ...] = ("start", "title", "number", "panel", "section", "body", "second", "caption", "code")


class Swatches(QWidget):
    """Grounds, inks, lines and fills, code and series, each with the name that widgets know it by."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFixedHeight((len(ROWS) + 1) * ROW)

    @override
    def sizeHint(self) -> QSize:
        return QSize(CELL * ACROSS, (len(ROWS) + 1) * ROW)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), colours_of(self.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("caption"))
        named = [[(name.replace("_", " "), colours.of(name)) for name in row] for row in ROWS]
        series = [(f"series {number}", QColor(one)) for number, one in enumerate(colours.series)]
        wide = self.width() / ACROSS
        for number, row in enumerate((*named, series)):
            for place, (name, colour) in enumerate(row):
                box = QRectF(place * wide + 0.5, number * ROW + 0.5, wide - GAP, SWATCH - 1)
                painter.setPen(QPen(colours.of("line_strong")))
                painter.setBrush(colour)
                painter.drawRoundedRect(box, 4, 4)
                painter.setPen(colours.of("second"))
                words = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(wide - GAP))
                painter.drawText(box.translated(0, SWATCH - 2), Qt.AlignmentFlag.AlignVCenter, words)


class TypeScale(QWidget):
    """A word in each size, on the lines that it takes."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFixedHeight(SCALE["start"].line + 16)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours, x = QPainter(self), colours_of(self.palette()), 0.0
        for size in SIZES:
            face = font(size)
            wide = QFontMetrics(face).horizontalAdvance(size) + 1
            painter.setFont(face)
            painter.setPen(colours.of("text"))
            painter.drawText(QRectF(x, 0, wide, SCALE["start"].line), Qt.AlignmentFlag.AlignVCenter, size)
            painter.setFont(font("caption"))
            painter.setPen(colours.of("muted"))
            said = f"{SCALE[size].pixels}/{SCALE[size].line}"
            painter.drawText(QRectF(x, SCALE["start"].line, 60, 16), Qt.AlignmentFlag.AlignVCenter, said)
            x += max(wide, 44) + 16


class Icons(QWidget):
    """All of them, in rows as wide as there is room."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = icon_names()
        self.setAccessibleName(name)
        self.setFixedHeight(3 * ICON_CELL)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), colours_of(self.palette())
        across = max(1, self.width() // ICON_CELL)
        for number, name in enumerate(self._names):
            x, y = number % across * ICON_CELL, number // across * ICON_CELL
            paint_icon(painter, name, QRectF(x, y + 8, SIDE, SIDE), colours.of("text"))
