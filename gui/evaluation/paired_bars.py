"""Paired bars: for each check the base in grey and the adapter in blue with their intervals, percents, and the difference."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from espalier.core.evaluation.comparison import CheckRates
from espalier.core.evaluation.statistics import Rate
from espalier.gui.evaluation.words import change, check_word, interval, share, tr
from espalier.gui.figures import count
from espalier.gui.literal import show_tip
from espalier.gui.palette import Colours, colours_of
from espalier.gui.typeface import font

PITCH, BAR, TOP, FOOT = 44, 9, 4, 24
NAMES, PERCENTS, CHANGES = 120, 76, 120
GREY, FILL, CAP = 5, 0.82, 4
TICKS = (0, 25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the bars lie: from x to x + width at the pitch of their row; the differences are as wide as `changes`."""

    x: float
    width: float
    right: float
    changes: float


class PairedBars(QWidget):
    """Reads out as a sentence for each check."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[CheckRates, ...] = ()
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Checks, base against adapter"))

    @property
    def lines(self) -> tuple[CheckRates, ...]:
        return self._lines

    def show_lines(self, lines: Sequence[CheckRates]) -> None:
        self._lines = tuple(lines)
        self.updateGeometry()
        self.setAccessibleDescription(" ".join(said(line) for line in lines))
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def line_at(self, y: float) -> CheckRates | None:
        """The check whose bars lie at this height."""
        place = int((y - TOP) // PITCH)
        return self._lines[place] if 0 <= place < len(self._lines) else None

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        line = self.line_at(event.position().y())
        if line is None:
            show_tip(event.globalPosition().toPoint(), self, "")
        else:
            show_tip(event.globalPosition().toPoint(), self, said(line))

    @override
    def sizeHint(self) -> QSize:
        return QSize(560, TOP + PITCH * max(1, len(self._lines)) + FOOT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(NAMES + 120 + PERCENTS + self._changes(), self.sizeHint().height())

    def _changes(self) -> int:
        """As wide as the widest interval."""
        measure = QFontMetrics(font("second")).horizontalAdvance
        return max([CHANGES, *(measure(interval(line.difference)) + 12 for line in self._lines)])

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self.palette())
        names = max(
            [
                NAMES,
                *(QFontMetrics(font("body", 600)).horizontalAdvance(check_word(one.check)) + 12 for one in self._lines),
            ]
        )
        names, changes = min(names, self.width() // 3), self._changes()
        place = _Place(names, self.width() - names - PERCENTS - changes, self.width() - changes, changes)
        self._paint_grid(painter, place, colours)
        for number, line in enumerate(self._lines):
            self._paint_line(painter, line, TOP + number * PITCH, place, colours)

    def _paint_grid(self, painter: QPainter, place: _Place, colours: Colours) -> None:
        bottom = TOP + PITCH * len(self._lines)
        painter.setFont(font("caption"))
        for tick in TICKS:
            x = place.x + place.width * tick / 100
            painter.setPen(QPen(colours.of("line"), 1))
            painter.drawLine(QLineF(x, TOP, x, bottom))
            painter.setPen(colours.of("muted"))
            painter.drawText(QRectF(x - 30, bottom + 4, 60, 16), Qt.AlignmentFlag.AlignCenter, f"{tick} %")

    def _paint_line(self, painter: QPainter, line: CheckRates, top: float, place: _Place, colours: Colours) -> None:
        strong, plain = font("body", 600), font("second")
        name = QFontMetrics(strong).elidedText(check_word(line.check), Qt.TextElideMode.ElideMiddle, int(place.x) - 8)
        _write(painter, QRectF(0, top, place.x, 20), name, strong, colours.of("text"))
        _write(painter, QRectF(0, top + 19, place.x, 16), _tasks(line), plain, colours.of("muted"))
        for rate, y, series in ((line.base, top + 7, GREY), (line.adapter, top + 22, 0)):
            _bar(painter, rate, y, place, QColor(colours.series[series]), colours.of("text"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        box = QRectF(place.x + place.width, top + 2, PERCENTS - 8, 17)
        _write(painter, box, share(line.base), plain, colours.of("muted"), right)
        _write(painter, box.translated(0, 16), share(line.adapter), font("second", 600), colours.of("text"), right)
        found = line.difference
        worse = found is not None and found.high < 0
        box = QRectF(place.right, top, place.changes, 20)
        _write(painter, box, change(found), strong, colours.of("bad" if worse else "text"), right)
        _write(painter, box.translated(0, 18), interval(found), plain, colours.of("muted"), right)


def said(line: CheckRates) -> str:
    """For those who hear the chart."""
    if line.difference is None:
        return tr("{check}: not compared.").format(check=check_word(line.check))
    words = tr("{check}: base {base}, adapter {adapter}, difference {change}, {interval}, {tasks}.")
    return words.format(
        check=check_word(line.check),
        base=share(line.base),
        adapter=share(line.adapter),
        change=change(line.difference),
        interval=interval(line.difference),
        tasks=_tasks(line),
    )


def _tasks(line: CheckRates) -> str:
    ran = max(line.base.ran, line.adapter.ran)
    return tr("not run") if not ran else tr("1 task") if ran == 1 else tr("{number} tasks").format(number=count(ran))


def _bar(painter: QPainter, rate: Rate, y: float, place: _Place, fill: QColor, ink: QColor) -> None:
    if rate.low is None or rate.high is None:
        return
    fill.setAlphaF(FILL)
    painter.fillRect(QRectF(place.x, y, place.width * rate.passed / rate.ran, BAR), fill)
    painter.setPen(QPen(ink, 1.25))
    low, high, middle = place.x + place.width * rate.low, place.x + place.width * rate.high, y + BAR / 2
    painter.drawLine(QLineF(low, middle, high, middle))
    for x in (low, high):
        painter.drawLine(QLineF(x, middle - CAP, x, middle + CAP))


def _write(
    painter: QPainter,
    box: QRectF,
    text: str,
    face: QFont,
    ink: QColor,
    alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
) -> None:
    painter.setFont(face)
    painter.setPen(ink)
    painter.drawText(box, alignment, text)
