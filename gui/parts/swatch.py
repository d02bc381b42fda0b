"""A swatch: the mark of a series. Its number says colour and shape, since more things can be drawn than there are colours."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from espalier.gui.palette import Colours

RADIUS = 2


def ink(series: int, colours: Colours) -> QColor:
    """The colour of a series; behind the last colour they begin again."""
    return QColor(colours.series[series % len(colours.series)])


def lap(series: int, colours: Colours) -> int:
    """How often the colours were used up before this series: 0 is a square and a dashed line, 1 a disc and a dotted one."""
    return series // len(colours.series)


def paint_swatch(painter: QPainter, box: QRectF, series: int, colours: Colours) -> None:
    """Fills the box: a square, then a disc, then a diamond."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink(series, colours))
    shape = lap(series, colours)
    if shape == 0:
        painter.drawRoundedRect(box, RADIUS, RADIUS)
    elif shape == 1:
        painter.drawEllipse(box)
    else:
        middle = box.center()
        ends = (middle.x(), box.top()), (box.right(), middle.y()), (middle.x(), box.bottom()), (box.left(), middle.y())
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in ends]))
    painter.restore()
