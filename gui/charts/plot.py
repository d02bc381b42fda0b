"""A plot of metrics over steps: horizontal gridlines, round ticks, a read-out under the pointer; zoomed and moved by hand."""

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.charts.focus_edge import FocusEdge
from espalier.gui.charts.pace import Pace
from espalier.gui.charts.read_out import Reading, ReadOut
from espalier.gui.charts.sheet import Sheet
from espalier.gui.charts.ticks import label, log_ticks, round_ticks, whole_ticks
from espalier.gui.charts.turns import Turns
from espalier.gui.charts.window import Window
from espalier.gui.figures import short
from espalier.gui.palette import Colours, colours_of
from espalier.gui.parts.swatch import ink, lap

Style = Literal["raw", "thin", "line", "dots", "planned", "past"]
READ: tuple[Style, ...] = ("thin", "line", "dots", "past")  # in this order: what is past is read out last
DASHES = (Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)
Points = tuple[tuple[int, float], ...]
Within = Callable[[float, float], Points]
ROOM = 0.02  # of the width before step 0, or the first dot is cut
AROUND = 0.08  # of the height above and below
GREY = 5
SMALLEST = QSize(160, 96)
NARROW = 360  # pixels; fewer steps are named then
ZOOM, NOTCH, MOVE = 0.8, 120, 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A curve: its name, points, number of the series, and how it is drawn. `raw` and `planned` have no read-out.

    What is `past` is dashed; where the colours begin again, so do the dashes, in another pattern.

    `within` gives more points between two steps, where `points` is the whole curve in a few: what a closer look shows.
    A jagged curve is thin: 2 px of a thousand jagged points take a quarter of a second to stroke as one path.
    """

    name: str
    points: Points
    colour: int = 0
    style: Style = "line"
    within: Within | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All that a plot shows; `steps` is where the axis ends, `threshold` a dashed line."""

    series: tuple[Series, ...] = ()
    steps: int = 0
    threshold: float | None = None
    from_zero: bool = False


class Plot(QWidget):
    """Shows the newest picture, ten times a second at most; a picture that equals the one before draws nothing.

    A plot that has the focus (by Tab or a click) zooms with the wheel and with + and -, and reads out with Left and Right; Shift
    moves with them. Dragging moves too, and 0 or a double click shows all again. Without the focus the wheel scrolls the page.
    """

    def __init__(
        self,
        name: str,
        *,
        gutter: int = 44,
        ticks: int = 4,
        turns: Turns | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """With `turns`, it waits until it is seen, and then for one, before it is drawn; until then it is not even made."""
        super().__init__(parent)
        self._picture, self._log, self._ticks = Picture(), False, ticks
        self._shown: tuple[Series, ...] = ()  # as they were last drawn
        self._name, self._gutter = name, gutter
        self._sheet_made: Sheet | None = None
        self._turns, self._due, self._queued = turns, False, False
        self._window: Window | None = None  # None: all steps, also those to come
        self._read_step: int | None = None
        self._dragged_from: tuple[float, Window] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("own_focus", True)
        self.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.read_out, self._edge = ReadOut(self), FocusEdge(self)
        self._pace = Pace(self)
        self._pace.due.connect(self._draw_in_turn)
        self._draw_in_turn()

    def show_picture(self, picture: Picture) -> None:
        if picture == self._picture:
            return
        if picture.steps != self._picture.steps:
            self._window = None if self._window is None else self._widened(self._window, picture.steps)
        self._picture = picture
        self._pace.ask()

    def set_log(self, log: bool) -> None:
        """Of what is drawn only the positive part has a place on a logarithmic scale."""
        self._log = log
        self._draw_in_turn()

    @property
    def picture(self) -> Picture:
        return self._picture

    @property
    def window_shown(self) -> Window:
        width = max(self._picture.steps, 1)
        return self._window or Window.of_all(-ROOM * width, width * (1 + ROOM / 2))

    def zoom(self, factor: float, at: float | None = None) -> None:
        """Show more steps or fewer around one, by default around the middle."""
        shown = self.window_shown
        self._look_at(shown.zoomed(factor, (shown.low + shown.high) / 2 if at is None else at))

    def move_window(self, steps: float) -> None:
        self._look_at(self.window_shown.moved(steps))

    def show_all(self) -> None:
        self._look_at(None)

    def figures(self) -> list[tuple[object, ...]]:
        """What is drawn, as rows of curve, step and value under their heads; where a curve is thinned, its extremes."""
        self._pace.finish()
        self._draw_now()
        low, high = self.window_shown.low, self.window_shown.high
        drawn = [
            (one.name, "smoothed" if one.style == "line" and self._has_raw(one.name) else one.style, *point)
            for one in self._shown
            for point in one.points
            if low <= point[0] <= high
        ]
        return [("curve", "drawn as", "step", "value"), *drawn]

    def _has_raw(self, name: str) -> bool:
        return any(one.name == name and one.style == "raw" for one in self._picture.series)

    @staticmethod
    def _widened(window: Window, steps: int) -> Window | None:
        """The same stretch of a longer run; another run that ends before it is shown whole."""
        if window.high > steps * (1 + ROOM / 2):
            return None
        return Window(low=window.low, high=window.high, least=-ROOM * steps, most=steps * (1 + ROOM / 2))

    def _look_at(self, window: Window | None) -> None:
        """What is drawn moves at once; what a closer look shows, and the scale of values, follow at the plot's pace."""
        self._window = None if window is None or window.whole else window
        self._sheet.show_steps(self.window_shown.low, self.window_shown.high)
        self._pace.ask()

    @property
    def _sheet(self) -> Sheet:
        if self._sheet_made is None:
            self._sheet_made = self._make_sheet()
        return self._sheet_made

    def _make_sheet(self) -> Sheet:
        """Below what lies over it."""
        sheet = Sheet(self._name, self._gutter)
        sheet.view.scene().sigMouseMoved.connect(self.read)
        sheet.view.viewport().installEventFilter(self)
        layout = self.layout()
        assert layout is not None  # of the constructor
        layout.addWidget(sheet.view)
        for part in (self._edge, self.read_out):
            part.raise_()
        return sheet

    def _draw_in_turn(self) -> None:
        """What is asked for while it waits for its turn is drawn then."""
        self._due = True
        if self._turns is None:
            self._draw()
        elif self.isVisible() and not self._queued:
            self._queued = True
            self._turns.take(self._take_turn)

    def _take_turn(self) -> None:
        self._queued = False
        self._draw_now()

    def _draw_now(self) -> None:
        """Unless it shows the newest, for somebody could not wait."""
        if self._due:
            self._draw()

    def _draw(self) -> None:
        self._due = False
        colours = colours_of(self.palette())
        self._shown = tuple(self._looked_at(one) for one in self._picture.series)
        low, high = self._range()
        self._sheet.begin(colours)
        self._sheet.show_steps(self.window_shown.low, self.window_shown.high)
        self._sheet.show_values(self._y(low), self._y(high))
        self._draw_axes(low, high, colours)
        if self._picture.threshold is not None and self._shows(self._picture.threshold):
            self._sheet.draw_line(
                self._y(self._picture.threshold), QPen(colours.of("second"), 1, Qt.PenStyle.DashLine), 40
            )
        for series in self._shown:
            self._draw_series(series, colours)
        self._describe()
        self._read_again()

    def _looked_at(self, series: Series) -> Series:
        if self._window is None or series.within is None:
            return series
        return replace(series, points=series.within(self._window.low, self._window.high))

    def _draw_axes(self, low: float, high: float, colours: Colours) -> None:
        values = log_ticks(low, high) if self._log else round_ticks(low, high, self._ticks)
        if not any(one.points for one in self._shown):
            values = []  # of nothing, no height means anything
        for value in values:
            self._sheet.draw_line(self._y(value), QPen(colours.of("line")), 50)
        self._sheet.name_places(
            [(self._y(value), label(value, values)) for value in values],
            [(step, self.tr("step 0") if step == 0 else f"{step:,}") for step in self._steps_named()],
            colours,
        )

    def _steps_named(self) -> list[int]:
        most = 4 if self.width() < NARROW else 6
        if self._window is None:
            return whole_ticks(self._picture.steps, most)
        return sorted({round(tick) for tick in round_ticks(max(self._window.low, 0.0), self._window.high, most)})

    def _draw_series(self, series: Series, colours: Colours) -> None:
        shown = [(step, self._y(value)) for step, value in series.points if self._shows(value)]
        if not shown:
            return
        colour = ink(series.colour, colours)
        dots = QColor(colour) if series.style == "dots" or len(shown) == 1 else None
        pen = _pen(series.style, colour, self.devicePixelRatioF())
        if series.style == "past":
            pen.setStyle(DASHES[min(lap(series.colour, colours), len(DASHES) - 1)])
        self._sheet.draw_curve(shown, pen, dots)

    def _describe(self) -> None:
        """What a screen reader says: where each curve stands, between which values it lies, and the keys."""
        said = self.tr("{name}: {last} at step {step}, lowest {low}, highest {high}.")
        words = []
        for one in self._read_series(self._picture.series):
            told = [point for point in one.points if math.isfinite(point[1])]
            if told:
                step, last = told[-1]
                low, high = (short(end(value for _, value in told)) for end in (min, max))
                words.append(said.format(name=one.name, last=short(last), step=f"{step:,}", low=low, high=high))
        words.append(self.tr("Left and Right read it out, + and - zoom, 0 shows all"))
        self.setAccessibleDescription(" ".join(words))

    @staticmethod
    def _read_series(among: Sequence[Series]) -> list[Series]:
        """The curves of the run that is looked at before those that are past."""
        found = [one for one in among if one.style in READ and one.points]
        return sorted(found, key=lambda one: one.style == "past")

    def _range(self) -> tuple[float, float]:
        shown = self.window_shown
        inside = [point for one in self._shown for point in one.points if shown.low <= point[0] <= shown.high]
        values = [value for _, value in inside if self._shows(value)]
        if self._picture.threshold is not None and values and self._shows(self._picture.threshold):
            values.append(self._picture.threshold)
        if not values:
            return (0.1, 1.0)
        low, high = min(values), max(values)
        if self._log:
            return (low / 1.25, high * 1.25)
        around = AROUND * (high - low) or AROUND * abs(high) or 1.0
        return (0.0 if self._picture.from_zero and low >= 0 else low - around, high + around)

    def _shows(self, value: float) -> bool:
        return math.isfinite(value) and (value > 0 or not self._log)

    def _y(self, value: float) -> float:
        return math.log10(value) if self._log else value

    def read_at_step(self, step: int) -> None:
        """As if the pointer were over this step."""
        area = self._sheet.area
        self.read(QPointF(self._sheet.place(step, 0.0).x(), area.center().y()))

    def read(self, at: QPointF) -> None:
        """What the curves say at the step under the pointer; `at` is in the scene's coordinates."""
        series, area = self._read_series(self._shown), self._sheet.area
        if not series or not area.contains(at):
            self.read_out.hide()
            return
        step = _nearest([point[0] for point in series[0].points], self._sheet.step_under(at))
        self._read_step = step
        found = [(one, _at(one, step)) for one in series]
        value = found[0][1] or 0.0
        point = self._sheet.place(step, self._y(value) if self._shows(value) else 0.0)
        lines = [Reading(one.name, short(value), one.colour) for one, value in found if value is not None]
        self.read_out.show_at(point.x(), point.y(), area, self.tr("step"), f"{step:,}", lines)

    def _read_again(self) -> None:
        """A plot that goes on while it is read out says what it says now."""
        if self._read_step is not None and self.read_out.isVisible():
            self.read_at_step(self._read_step)

    def _read_on(self, by: int) -> None:
        """The point after the one that is read out, or before it; the plot moves along."""
        series = self._read_series(self._shown)
        if not series:
            return
        steps = [point[0] for point in series[0].points]
        if self._read_step is None:
            step = steps[-1 if by < 0 else 0]
        else:
            step = steps[min(max(bisect_left(steps, self._read_step) + by, 0), len(steps) - 1)]
        shown = self.window_shown
        if not shown.low <= step <= shown.high:
            self.move_window(step - (shown.low + shown.high) / 2)
        self.read_at_step(step)

    def _steps_a_pixel(self) -> float:
        return self.window_shown.width / max(self._sheet.area.width(), 1.0)

    @override
    def sizeHint(self) -> QSize:
        """Small, since it grows into what is left: pyqtgraph's own wish of 640 x 480 would make the page scroll."""
        return SMALLEST

    @override
    def minimumSizeHint(self) -> QSize:
        return SMALLEST

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right if shift:
                self.move_window(self.window_shown.width * (MOVE if event.key() == Qt.Key.Key_Right else -MOVE))
            case Qt.Key.Key_Left:
                self._read_on(-1)
            case Qt.Key.Key_Right:
                self._read_on(1)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(ZOOM)
            case Qt.Key.Key_Minus:
                self.zoom(1 / ZOOM)
            case Qt.Key.Key_0:
                self.show_all()
            case _:
                super().keyPressEvent(event)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wheel and mouse of the view inside."""
        if isinstance(event, QWheelEvent):
            return self._turned(event)
        if isinstance(event, QMouseEvent):
            self._moused(event)
        return False

    def _turned(self, event: QWheelEvent) -> bool:
        if not self.hasFocus():
            return False
        self.zoom(ZOOM ** (event.angleDelta().y() / NOTCH), self._sheet.step_at(event.position().x()))
        event.accept()
        return True

    def _moused(self, event: QMouseEvent) -> None:
        x = event.position().x()
        match event.type():
            case QEvent.Type.MouseButtonDblClick:
                self.show_all()
            case QEvent.Type.MouseButtonPress if event.button() == Qt.MouseButton.LeftButton:
                self.setFocus(Qt.FocusReason.MouseFocusReason)
                self._dragged_from = (x, self.window_shown)
            case QEvent.Type.MouseButtonRelease:
                self._dragged_from = None
            case QEvent.Type.MouseMove if self._dragged_from is not None:
                start, window = self._dragged_from
                self._look_at(window.moved((start - x) * self._steps_a_pixel()))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self.read_out.hide()
        super().leaveEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._edge.lie_under(self._sheet.area)
        self._edge.show()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._edge.hide()
        self.read_out.hide()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._pace.rest()
        if self._turns is not None and self._queued:
            self._turns.give_back(self._take_turn)
            self._queued = False
        super().hideEvent(event)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._pace.go_on()
        if self._due:
            self._draw_in_turn()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._sheet_made is not None:
            self._draw()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Curves stretch by themselves; only how many steps are named depends on the width."""
        super().resizeEvent(event)
        self.read_out.hide()
        if self._sheet_made is None:
            return
        self._edge.lie_under(self._sheet.area)
        if (event.size().width() < NARROW) != (event.oldSize().width() < NARROW):
            self._draw()


def _pen(style: Style, colour: QColor, ratio: float) -> QPen:
    """Cosmetic pens count the device's pixels; hairlines stay one of them at every scale, and so stay fast."""
    if style == "raw":
        colour.setAlphaF(0.3)
    width = {"line": 2.0 * ratio, "dots": 1.5 * ratio, "past": ratio}.get(style, 1.0)
    pen = QPen(colour, width, Qt.PenStyle.DashLine if style == "planned" else Qt.PenStyle.SolidLine)
    pen.setCosmetic(True)
    return pen


def _nearest(steps: Sequence[int], wanted: float) -> int:
    place = bisect_left(steps, wanted)
    around = steps[max(0, place - 1) : place + 1] or steps[-1:]
    return min(around, key=lambda step: abs(step - wanted))


def _at(series: Series, step: int) -> float | None:
    """The value at this step, or the last one before it; what is past says nothing behind its end."""
    points = series.points
    if series.style == "past" and step > points[-1][0]:
        return None
    place = bisect_left([point[0] for point in points], step + 1)
    return points[place - 1][1] if place else None
