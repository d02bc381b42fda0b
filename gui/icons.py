"""Icons: one SVG a name with a placeholder colour, drawn from the palette at the device's own size."""

from functools import cache
from importlib import resources

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

PLACEHOLDER = "#010203"


def paint_icon(painter: QPainter, name: str, box: QRectF, colour: QColor) -> None:
    """Straight into the box: sharp at every scale, since nothing is scaled afterwards."""
    QSvgRenderer(_svg(name, colour)).render(painter, box)


def icon(name: str, colour: QColor) -> QIcon:
    """For what only takes a QIcon, such as the window's own; drawn at the sizes that desktops ask for."""
    made = QIcon()
    for side in (16, 24, 32, 48, 64, 128):
        pixmap = QPixmap(QSize(side, side))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_icon(painter, name, QRectF(0, 0, side, side), colour)
        painter.end()
        made.addPixmap(pixmap)
    return made


def icon_names() -> tuple[str, ...]:
    folder = resources.files("espalier.resources").joinpath("icons")
    return tuple(sorted(one.name.removesuffix(".svg") for one in folder.iterdir() if one.name.endswith(".svg")))


def _svg(name: str, colour: QColor) -> QByteArray:
    return QByteArray(_source(name).replace(PLACEHOLDER, colour.name()).encode())


@cache
def _source(name: str) -> str:
    return resources.files("espalier.resources").joinpath("icons", f"{name}.svg").read_text(encoding="utf-8")
