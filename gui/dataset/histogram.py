"""The histogram of lengths: bars up to the cap, what is cut beyond it, and the median."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from espalier.core.examples.lengths import Lengths
from espalier.gui.dataset.scale import nice_steps
from espalier.gui.figures import count
from espalier.gui.literal import show_tip
from espalier.gui.palette import Colours, colours_of
from espalier.gui.typeface import font

GUTTER, HEAD, AXIS = 40, 34, 24  # pixels; the head is for words, where no bar reaches
MARKS = 4  # named lengths up to the cap


class Histogram(QWidget):
    """Counts of examples by tokens; the words of a bar are its tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lengths: Lengths | None = None
        self.setMinimumHeight(140)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Length in tokens"))

    def show_lengths(self, lengths: Lengths | None) -> None:
        self._lengths = lengths
        if lengths is not None:
            said = self.tr("{kept} kept, median {middle}, cap {cap}, {cut} cut")
            self.setAccessibleDescription(
                said.format(kept=lengths.kept, middle=lengths.middle, cap=lengths.cap, cut=lengths.cut)
            )
        self.update()

    def figures(self) -> list[tuple[object, ...]]:
        """Every bar with its bounds in tokens, heads first."""
        lengths = self._lengths
        bins = () if lengths is None else lengths.bins
        width = 0 if lengths is None else lengths.width
        rows = [(place * width, (place + 1) * width, number) for place, number in enumerate(bins)]
        return [("from tokens", "below tokens", "examples"), *rows]

    def _plot(self) -> QRectF:
        return QRectF(GUTTER, HEAD, max(1, self.width() - GUTTER - 4), max(1, self.height() - HEAD - AXIS))

    def _x(self, tokens: float, lengths: Lengths) -> float:
        return self._plot().left() + tokens / (len(lengths.bins) * lengths.width) * self._plot().width()

    @override
    def sizeHint(self) -> QSize:
        return QSize(420, 176)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._lengths is None:
            return
        painter, colours = QPainter(self), colours_of(self.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        steps = nice_steps(max(self._lengths.bins))
        self._paint_grid(painter, colours, self._lengths, steps)
        for place, number in enumerate(self._lengths.bins):
            self._paint_bar(painter, colours, self._lengths, place, number / steps[-1])
        self._paint_middle(painter, colours, self._lengths)
        self._paint_cap(painter, colours, self._lengths)

    def _paint_grid(self, painter: QPainter, colours: Colours, lengths: Lengths, steps: list[int]) -> None:
        plot = self._plot()
        painter.setFont(font("caption"))
        for step in [0, *steps]:
            y = round(plot.bottom() - step / steps[-1] * plot.height()) + 0.5
            painter.setPen(QPen(colours.of("line")))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            if step:
                painter.setPen(colours.of("muted"))
                box = QRectF(0, y - 8, GUTTER - 8, 16)
                painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count(step))
        painter.setPen(colours.of("muted"))
        for number in range(MARKS + 1):
            tokens = lengths.cap * number // MARKS
            words = count(tokens) if tokens else self.tr("0 tokens")
            x = self._x(tokens, lengths)
            box = QRectF(x if not number else x - 40, plot.bottom() + 6, 80, 16)
            side = Qt.AlignmentFlag.AlignLeft if not number else Qt.AlignmentFlag.AlignHCenter
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_bar(self, painter: QPainter, colours: Colours, lengths: Lengths, place: int, share: float) -> None:
        plot = self._plot()
        left, right = self._x(place * lengths.width, lengths), self._x((place + 1) * lengths.width, lengths)
        height = max(2.0 if share else 0.0, share * plot.height())
        beyond = place * lengths.width >= lengths.cap
        ink = colours.of("bad") if beyond else QColor(colours.series[0])
        ink.setAlphaF(1.0 if beyond else 0.82)
        painter.fillRect(QRectF(left, plot.bottom() - height, max(1.0, right - left - 1), height), ink)

    def _paint_middle(self, painter: QPainter, colours: Colours, lengths: Lengths) -> None:
        plot, x = self._plot(), round(self._x(lengths.middle, lengths)) + 0.5
        pen = QPen(colours.of("second"), 1)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(x, 2), QPointF(x, plot.bottom()))
        words = self.tr("median {tokens}").format(tokens=count(lengths.middle))
        painter.setFont(font("caption"))
        painter.setPen(colours.of("second"))
        width = QFontMetrics(painter.font()).horizontalAdvance(words) + 2
        painter.drawText(QRectF(x - 6 - width, 0, width, 16), Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_cap(self, painter: QPainter, colours: Colours, lengths: Lengths) -> None:
        plot, x = self._plot(), round(self._x(lengths.cap, lengths)) + 0.5
        painter.setPen(QPen(colours.of("bad"), 1))
        painter.drawLine(QPointF(x, 2), QPointF(x, plot.bottom()))
        painter.setFont(font("caption"))
        words = (
            self.tr("cap {tokens}").format(tokens=count(lengths.cap)),
            self.tr("{n} cut").format(n=count(lengths.cut)),
        )
        for place, one in enumerate(words):
            width = QFontMetrics(painter.font()).horizontalAdvance(one) + 2
            left = min(x + 6, self.width() - width)  # right of the line, where the bars of what is cut leave room
            painter.drawText(QRectF(left, 16 * place, width, 16), Qt.AlignmentFlag.AlignVCenter, one)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            show_tip(event.globalPos(), self, self._said_at(event.pos().x()))
            return True
        return super().event(event)

    def _said_at(self, x: float) -> str:
        if self._lengths is None:
            return ""
        plot, lengths = self._plot(), self._lengths
        place = int((x - plot.left()) / plot.width() * len(lengths.bins))
        if not 0 <= place < len(lengths.bins):
            return ""
        low, high = place * lengths.width, (place + 1) * lengths.width
        said = self.tr("{low} to {high} tokens: {n} examples")
        if place == len(lengths.bins) - 1:
            said = self.tr("{low} tokens or more: {n} examples")
        return said.format(low=count(low), high=count(high - 1), n=count(lengths.bins[place]))
