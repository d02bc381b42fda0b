"""The bound on what the rules miss, over how many clean files have been read: as far as it is, and on to what is asked."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from espalier.gui.figures import count, share
from espalier.gui.findings.reading import Sampled
from espalier.gui.literal import set_tip
from espalier.gui.palette import Colours, colours_of
from espalier.gui.typeface import font

WIDE, HIGH, AXIS, HEAD, DOT, POINTS = 150, 76, 18, 14, 4.0, 48
MOST = 4.0  # times what is asked, at the top: the curve comes from far above


class MissChart(QWidget):
    """Its numbers are written beside it as well; it is read aloud as one sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sampled: Sampled | None = None
        self._curve: tuple[tuple[int, float], ...] = ()
        self.setFont(font("caption"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("The most that the rules may miss"))

    def show_sampled(self, sampled: Sampled | None) -> None:
        if sampled == self._sampled:
            return
        self._sampled = sampled
        self._curve = () if sampled is None or not _tells(sampled) else curve(sampled)
        self.setVisible(bool(self._curve))
        if sampled is not None:
            words = self.tr("At most {bound} after {n} files").format(
                bound=share(sampled.review.bound), n=count(sampled.review.reviewed)
            )
            self.setAccessibleDescription(words)
            set_tip(self, words)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(WIDE, HIGH)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(WIDE, HIGH)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        sampled = self._sampled
        if sampled is None or not self._curve:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        colours = colours_of(self.palette())
        last, top = max(step for step, _ in self._curve), self._top(sampled)
        plot = QRectF(2, HEAD, self.width() - 16, self.height() - AXIS - HEAD)

        def at(step: float, bound: float) -> QPointF:
            return QPointF(plot.left() + plot.width() * step / last, plot.bottom() - plot.height() * bound / top)

        painter.setPen(colours.of("line"))
        painter.drawLine(QPointF(plot.left(), plot.bottom() + 1), QPointF(self.width() - 4, plot.bottom() + 1))
        self._paint_asked(painter, sampled, plot, at(0, sampled.asked or 0).y(), colours)
        read = [point for point in self._curve if point[0] <= sampled.review.reviewed]
        ahead = [point for point in self._curve if point[0] >= sampled.review.reviewed]
        blue = QColor(colours.series[0])
        painter.save()
        painter.setClipRect(plot.adjusted(-2, -2, 8, 2))  # it comes from far above
        for points, style in ((ahead, Qt.PenStyle.DotLine), (read, Qt.PenStyle.SolidLine)):
            path = QPainterPath()
            for number, point in enumerate(points):
                path.moveTo(at(*point)) if number == 0 else path.lineTo(at(*point))
            painter.setPen(QPen(blue, 2 if style == Qt.PenStyle.SolidLine else 1, style))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(path)
        painter.restore()
        if read:
            self._paint_now(painter, at(*read[-1]), read[-1], colours, blue)
        self._paint_steps(painter, sampled, last, plot, colours)

    def _top(self, sampled: Sampled) -> float:
        if sampled.asked:
            return max(MOST * sampled.asked, 2 * min(sampled.review.bound, 1.0) if sampled.review.reviewed else 0.0)
        return max(1e-9, 2 * min(1.0, sampled.review.bound))

    def _paint_asked(self, painter: QPainter, sampled: Sampled, plot: QRectF, y: float, colours: Colours) -> None:
        if sampled.asked is None:
            return
        painter.setPen(QPen(colours.of("ok"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(plot.left(), y), QPointF(self.width() - 4, y))
        painter.setPen(colours.of("ok"))
        painter.drawText(QPointF(plot.left(), y - 4), share(sampled.asked))

    def _paint_now(
        self, painter: QPainter, dot: QPointF, now: tuple[int, float], colours: Colours, blue: QColor
    ) -> None:
        painter.setPen(QPen(colours.of("surface"), 2))
        painter.setBrush(blue)
        painter.drawEllipse(dot, DOT, DOT)
        painter.setFont(font("caption", 600))
        painter.setPen(colours.of("text"))
        words = share(now[1])
        wide = QFontMetrics(painter.font()).horizontalAdvance(words) + 1
        left = min(dot.x() + DOT + 4, self.width() - wide)
        painter.drawText(QRectF(left, max(0.0, dot.y() - 18), wide, 16), Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_steps(self, painter: QPainter, sampled: Sampled, last: int, plot: QRectF, colours: Colours) -> None:
        painter.setFont(self.font())
        painter.setPen(colours.of("muted"))
        row = QRectF(0, plot.bottom() + 2, self.width(), AXIS)
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "0")
        painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count(last))


def _tells(sampled: Sampled) -> bool:
    """Something has been read, or is asked for."""
    return bool(sampled.review.reviewed or sampled.required)


def curve(sampled: Sampled) -> tuple[tuple[int, float], ...]:
    """The bound after so many files with the misses seen so far: as far as has been read, and on to what is needed."""
    review = sampled.review
    last = min(max(review.reviewed, sampled.required or 0, 1), max(review.population, 1))
    steps = {round(last * step / POINTS) for step in range(1, POINTS + 1)} | {review.reviewed}
    return tuple((step, review.bound_after(step)) for step in sorted(steps) if 0 < step <= review.population)
