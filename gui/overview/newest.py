"""The newest run as a small curve, and the newest evaluation in one figure with its interval."""

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.core.evaluation.statistics import Rate
from espalier.gui.figures import count, digest, loss, share
from espalier.gui.overview.curve import PAST, TRAIN, VALIDATION, SmallCurve
from espalier.gui.overview.reading import Headline, RunCurve
from espalier.gui.palette import colours_of
from espalier.gui.parts.button import Button
from espalier.gui.parts.legend import Legend
from espalier.gui.parts.section import SectionHead
from espalier.gui.parts.text import Text
from espalier.gui.typeface import font

HIGH, DOT = 48, 5


class NewestRun(QWidget):
    """opened(run): the person wants to see it whole. Hidden while there is none."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = ""
        self.open = Button(self.tr("Open"), "link")
        self.open.clicked.connect(lambda: self.opened.emit(self._run))
        self.head = SectionHead("", parts=(self.open,))
        self.legend, self.curve = Legend(), SmallCurve(self.tr("Loss of the newest run"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.head, self.legend, self.curve):
            column.addWidget(part)
        self.hide()

    def show_run(self, shown: RunCurve | None) -> None:
        self.setVisible(shown is not None)
        if shown is None:
            return
        run = shown.run
        self._run = str(run.id)
        self.head.set_title(self.tr("Run {id}").format(id=run.id))
        self.head.say(self.tr("on snapshot {hash}").format(hash=digest(run.snapshot)))
        self.open.setAccessibleName(self.tr("Open run {id}").format(id=run.id))
        names = [
            (f"{self.tr('train')} {loss(run.loss)}", TRAIN),
            (f"{self.tr('validation')} {loss(run.validation_loss)}", VALIDATION),
        ]
        if shown.earlier is not None:
            names.append((self.tr("run {id}").format(id=shown.earlier.id), PAST))
        self.legend.show_names(names)
        self.curve.show_curve(shown)


class NewestEvaluation(QWidget):
    """opened(evaluation): the person wants to see it whole. Hidden while there is none."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = ""
        self.open = Button(self.tr("Open"), "link")
        self.open.clicked.connect(lambda: self.opened.emit(self._number))
        self.head = SectionHead("", parts=(self.open,))
        self._base, self._arrow = Text("", "number", "muted", weight=400), Text("\N{RIGHTWARDS ARROW}", "body", "muted")
        self._adapter = Text("", "number")
        self._of = Text("", "second", "muted", elide=Qt.TextElideMode.ElideRight)
        self._change = Text("", "second", "text", weight=500, elide=Qt.TextElideMode.ElideRight)
        self.dots = Intervals()
        row = QHBoxLayout()
        row.setSpacing(8)
        for part in (self._base, self._arrow, self._adapter, self._of):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self._change)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.head)
        column.addLayout(row)
        column.addWidget(self.dots)
        self.hide()

    def show_headline(self, found: Headline | None) -> None:
        self.setVisible(found is not None)
        if found is None:
            return
        self._number = str(found.evaluation)
        base, adapter, change = found.rates.base, found.rates.adapter, found.rates.difference
        self.head.set_title(self.tr("Run {run} on held-out work").format(run=found.run))
        said = self.tr("{fixed} fixed, {broken} broken")
        self.head.say(said.format(fixed=count(found.fixed), broken=count(found.broken)))
        self.open.setAccessibleName(self.tr("Open evaluation {id}").format(id=found.evaluation))
        self._base.setText(_share(base))
        self._adapter.setText(_share(adapter))
        self._of.setText(self.tr("pass {check}").format(check=found.rates.check))
        self._change.setText("" if change is None else _points(change.value, change.low, change.high))
        self.dots.show_rates(base, adapter)


class Intervals(QWidget):
    """Base and adapter as dots on one axis of percent, each on the line of its interval."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rates: tuple[Rate, ...] = ()
        self.setFixedHeight(HIGH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rates(self, base: Rate, adapter: Rate) -> None:
        self._rates = (base, adapter)
        self.setAccessibleName(
            self.tr("Base {base}, adapter {adapter}").format(base=_share(base), adapter=_share(adapter))
        )
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, HIGH)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self.palette())
        left, wide, middle = DOT + 1.0, self.width() - 2.0 * DOT - 2, 16.0
        painter.setPen(QPen(colours.of("line")))
        painter.drawLine(QPointF(left, middle), QPointF(left + wide, middle))
        painter.setFont(font("caption"))
        painter.setPen(colours.of("muted"))
        for quarter in range(5):
            side = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
            where = side[0] if quarter == 0 else side[2] if quarter == 4 else side[1]
            box = QRectF(left + wide * quarter / 4 - (0 if quarter == 0 else 80 if quarter == 4 else 40), 28, 80, 16)
            painter.drawText(box, where | Qt.AlignmentFlag.AlignVCenter, f"{25 * quarter} %")
        for rate, series in zip(self._rates, (PAST, TRAIN), strict=False):
            if not rate.ran or rate.low is None or rate.high is None:
                continue
            ink = QColor(colours.series[series])
            painter.setPen(QPen(ink, 2))
            painter.drawLine(QPointF(left + wide * rate.low, middle), QPointF(left + wide * rate.high, middle))
            painter.setPen(QPen(colours.of("surface"), 2))
            painter.setBrush(ink)
            painter.drawEllipse(QPointF(left + wide * rate.passed / rate.ran, middle), DOT, DOT)


def _share(rate: Rate) -> str:
    return share(rate.passed / rate.ran if rate.ran else None)


def _points(value: float, low: float, high: float) -> str:
    """In points of percent, with a real minus sign."""
    shown = [f"{100 * one:+.1f}".replace("-", "\N{MINUS SIGN}") for one in (value, low, high)]
    said = QCoreApplication.translate("overview.newest", "{value}, {low} to {high}")
    return said.format(value=shown[0], low=shown[1], high=shown[2])
