"""The timeline: commits by week, coloured by the part that they fall in, with the two cuts to be dragged or moved by keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from espalier.gui.dataset.scale import label_days, nice_steps
from espalier.gui.figures import count, date_of
from espalier.gui.literal import show_tip
from espalier.gui.palette import Colours, colours_of
from espalier.gui.typeface import font

Cut = Literal["validation", "test"]
GUTTER, RIGHT, HEAD, LINE, AXIS, LEAST_PITCH = 40, 8, 40, 3, 24, 3
HANDLE, REACH, FOCUSED, WEEK = 9, 8, 2, timedelta(days=7)
SERIES = {"train": 0, "validation": 1, "test": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One part over time: its name and what is said of it, at full length and where space is short."""

    name: str
    title: str
    words: str
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Commits of one week, or of a few together where there are more weeks than pixels."""

    first: date
    last: date
    commits: int


class Timeline(QWidget):
    """moved(cut, day): the person moves a cut, "validation" or "test", to this ISO date; told all the while it moves."""

    moved = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weeks: tuple[tuple[date, int], ...] = ()
        self._spans: dict[str, Span] = {}
        self._cuts: dict[Cut, date] = {}
        self._range: tuple[date, date] | None = None
        self._active: Cut = "test"
        self._dragged: Cut | None = None
        self._follows = True
        self._may = True
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("own_focus", True)
        self.setMinimumHeight(156)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Commits per week, with the cuts"))

    def show_weeks(self, weeks: Sequence[tuple[str, int]]) -> None:
        """Mondays with their commits; weeks that are missing have none."""
        self._weeks = tuple((date.fromisoformat(monday), number) for monday, number in weeks)
        self.update()

    def show_range(self, first: str, last: str) -> None:
        """ISO times between which there are examples: seen also where no week is known."""
        self._range = (_week(date.fromisoformat(first[:10])), _week(date.fromisoformat(last[:10])))
        self.update()

    def show_cuts(self, validation: str, test: str, *, follows: bool) -> None:
        """ISO dates or times; left alone while one of them is dragged.

        `follows` says that nobody has set the validation: it goes along with the test.
        """
        self._follows = follows
        if self._dragged is None:
            self._cuts = {"validation": date.fromisoformat(validation[:10]), "test": date.fromisoformat(test[:10])}
            self._tell()

    def offer_cuts(self) -> None:
        """Two cuts to be moved, where there are none yet: after four fifths and nine tenths of the time."""
        if self._weeks and not self._cuts:
            first, last = self._ends()
            days = (last - first).days
            self._cuts = {
                "validation": _monday(first + timedelta(days=8 * days // 10)),
                "test": _monday(first + timedelta(days=9 * days // 10)),
            }
            self._tell()

    def show_spans(self, spans: Sequence[Span]) -> None:
        self._spans = {span.name: span for span in spans}
        self._tell()

    def let_write(self, may: bool) -> None:
        self._may = may

    @property
    def cuts(self) -> dict[Cut, date]:
        return dict(self._cuts)

    @property
    def active(self) -> Cut:
        """The cut that the keys move."""
        return self._active

    def other(self) -> None:
        self._active = "validation" if self._active == "test" else "test"
        self._tell()

    def step(self, weeks: int) -> None:
        """Move the active cut by so many weeks, from the Monday that it stands on or after."""
        if self._active in self._cuts:
            self._move(self._active, _monday(self._cuts[self._active]) + weeks * WEEK)

    def figures(self) -> list[tuple[object, ...]]:
        """Every week with its commits and the part that it falls in, heads first."""
        rows = [(monday.isoformat(), number, self._part(monday)) for monday, number in self._weeks]
        return [("week", "commits", "part"), *rows]

    def x_of(self, cut: Cut) -> float:
        return self._x(self._cuts[cut])

    def _move(self, cut: Cut, to: date) -> None:
        low, high = self._bounds(cut)
        to = max(low, min(high, to))
        if self._may and to != self._cuts.get(cut):
            if cut == "test" and self._follows:
                self._cuts["validation"] = max(self._ends()[0], self._cuts["validation"] + (to - self._cuts["test"]))
            self._cuts[cut] = to
            self._follows = self._follows and cut == "test"
            self._tell()
            self.moved.emit(cut, to.isoformat())

    def _bounds(self, cut: Cut) -> tuple[date, date]:
        """A week at least is left to each part."""
        first, last = self._ends()
        if cut == "test":
            before = first if self._follows else self._cuts.get("validation", first)
            return max(first + 2 * WEEK, before + WEEK), last - WEEK
        return first + WEEK, self._cuts.get("test", last) - WEEK

    def _ends(self) -> tuple[date, date]:
        days = [*(monday for monday, _ in self._weeks), *(self._range or ()), *self._cuts.values()]
        return (_week(min(days)), _week(max(days)) + WEEK) if days else (date.min, date.min + WEEK)

    def _plot(self) -> QRectF:
        top = HEAD + LINE + 6
        return QRectF(GUTTER, top, max(1, self.width() - GUTTER - RIGHT), max(1, self.height() - top - AXIS))

    def _x(self, at: date) -> float:
        first, last = self._ends()
        plot = self._plot()
        return plot.left() + (at - first).days / max(1, (last - first).days) * plot.width()

    def _day(self, x: float) -> date:
        first, last = self._ends()
        plot = self._plot()
        return first + timedelta(days=round((x - plot.left()) / plot.width() * (last - first).days))

    def _near(self, at: QPointF) -> Cut | None:
        """The cut under the pointer; the nearer of two, and of two that cover each other the one that the keys move."""
        reach = {cut: abs(self._x(where) - at.x()) for cut, where in self._cuts.items()}
        close = [cut for cut, far in reach.items() if far <= REACH]
        if len(close) == 2 and abs(reach["test"] - reach["validation"]) < HANDLE / 2:
            return self._active
        return min(close, key=lambda cut: reach[cut], default=None)

    def _part(self, at: date) -> str:
        if at >= self._cuts.get("test", date.max):
            return "test"
        return "validation" if at >= self._cuts.get("validation", date.max) else "train"

    def _bars(self) -> list[Bar]:
        first, last = self._ends()
        weeks = max(1, (last - first).days // 7)
        together = max(1, round(LEAST_PITCH / (self._plot().width() / weeks)))
        grouped: dict[int, int] = {}
        for monday, number in self._weeks:
            place = (monday - first).days // 7 // together
            grouped[place] = grouped.get(place, 0) + number
        return [
            Bar(first=first + place * together * WEEK, last=first + (place + 1) * together * WEEK, commits=number)
            for place, number in grouped.items()
        ]

    def _tell(self) -> None:
        said = [f"{span.title}: {span.words}" for span in self._spans.values()]
        said += [f"{self._cut_word(cut)}: {date_of(at.isoformat())}" for cut, at in self._cuts.items()]
        self.setAccessibleDescription("; ".join(said))
        self.update()

    def _cut_word(self, cut: Cut) -> str:
        return self.tr("validation cut") if cut == "validation" else self.tr("test cut")

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, 208)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), colours_of(self.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._weeks and not self._cuts:
            return
        bars = self._bars()
        top = nice_steps(max((bar.commits for bar in bars), default=1))
        self._paint_grid(painter, colours, top)
        for bar in bars:
            self._paint_bar(painter, colours, bar, top[-1])
        self._paint_spans(painter, colours)
        for cut in self._cuts:
            self._paint_cut(painter, colours, cut)
        if self.hasFocus():
            painter.setPen(QPen(colours.of("accent"), FOCUSED))
            painter.drawLine(self._plot().bottomLeft(), self._plot().bottomRight())

    def _paint_grid(self, painter: QPainter, colours: Colours, steps: list[int]) -> None:
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
        metrics = QFontMetrics(font("caption"))
        for at, words in label_days(*self._ends(), max(2, int(plot.width() // 96))):
            x = min(self._x(at), self.width() - metrics.horizontalAdvance(words) - 2)
            painter.drawText(QRectF(x, plot.bottom() + 6, 96, 16), Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_bar(self, painter: QPainter, colours: Colours, bar: Bar, top: int) -> None:
        plot = self._plot()
        left, right = self._x(bar.first), self._x(bar.last)
        height = bar.commits / top * plot.height()
        ink = QColor(colours.series[SERIES[self._part(bar.first)]])
        ink.setAlphaF(0.82)
        painter.fillRect(QRectF(left, plot.bottom() - height, max(1.0, right - left - 1), height), ink)

    def _paint_spans(self, painter: QPainter, colours: Colours) -> None:
        """Names and numbers over the parts: the last two give way to the left where they would not fit."""
        if not self._spans or not self._cuts:
            return
        plot = self._plot()
        edges = [plot.left(), self._x(self._cuts["validation"]), self._x(self._cuts["test"]), plot.right()]
        for place, name in enumerate(SERIES):
            ink = QColor(colours.series[SERIES[name]])
            box = QRectF(edges[place] + (1 if place else 0), HEAD, max(2, edges[place + 1] - edges[place] - 2), LINE)
            painter.fillRect(box, ink)
        limit = float(self.width() - 2)
        for name in ("test", "validation", "train"):
            span = self._spans.get(name)
            if span is not None and limit > GUTTER:
                limit = self._paint_label(painter, colours, span, edges[SERIES[name]], limit) - 16

    def _paint_label(self, painter: QPainter, colours: Colours, span: Span, start: float, limit: float) -> float:
        """Returns where it begins. The training part has no room to give way to: it is cut."""
        title, words = QFontMetrics(font("section")), QFontMetrics(font("second"))
        text = span.words if words.horizontalAdvance(span.words) + start <= limit else span.short
        text = words.elidedText(text, Qt.TextElideMode.ElideRight, int(limit - GUTTER))
        width = max(title.horizontalAdvance(span.title), words.horizontalAdvance(text)) + 2
        x = max(float(GUTTER), min(start, limit - width))
        painter.setFont(font("section"))
        painter.setPen(colours.of("text"))
        painter.drawText(QRectF(x, 0, width, 20), Qt.AlignmentFlag.AlignVCenter, span.title)
        painter.setFont(font("second"))
        painter.setPen(colours.of("second"))
        painter.drawText(QRectF(x, 20, width, 16), Qt.AlignmentFlag.AlignVCenter, text)
        return x

    def _paint_cut(self, painter: QPainter, colours: Colours, cut: Cut) -> None:
        plot, x = self._plot(), round(self._x(self._cuts[cut])) + 0.5
        painter.setPen(QPen(colours.of("text"), 1.5))
        painter.drawLine(QPointF(x, HEAD), QPointF(x, plot.bottom()))
        active = cut == self._active and self._may
        box = QRectF(x - HANDLE / 2, plot.top() - 2, HANDLE, HANDLE)
        painter.setBrush(colours.of("surface"))
        painter.setPen(QPen(colours.of("accent" if active and self.hasFocus() else "text"), 1.5))
        painter.drawRoundedRect(box, 2, 2)
        if active:
            painter.fillRect(box.adjusted(3, 3, -3, -3), colours.of("accent" if self.hasFocus() else "text"))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._near(event.position())
        if event.button() == Qt.MouseButton.LeftButton and found is not None and self._may:
            self._dragged = self._active = found
            self._tell()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self._move(self._dragged, _monday(self._day(event.position().x())))
            return
        near = self._near(event.position()) is not None and self._may
        self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        weeks = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: 13, Qt.Key.Key_PageDown: -13}
        by = weeks.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.step(by)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            show_tip(event.globalPos(), self, self._said_at(QPointF(event.pos())))
            return True
        return super().event(event)

    def _said_at(self, at: QPointF) -> str:
        near = self._near(at)
        if near is not None:
            return f"{self._cut_word(near)}: {date_of(self._cuts[near].isoformat())}"
        here = self._day(at.x())
        bar = next((one for one in self._bars() if one.first <= here < one.last), None)
        if bar is None or not self._plot().contains(at):
            return ""
        weeks = (bar.last - bar.first).days // 7
        said = self.tr("week of {day}: {n} commits") if weeks == 1 else self.tr("{weeks} weeks from {day}: {n} commits")
        return said.format(day=date_of(bar.first.isoformat()), n=count(bar.commits), weeks=weeks)


def _week(at: date) -> date:
    """The Monday of its week."""
    return at - timedelta(days=at.weekday())


def _monday(at: date) -> date:
    """The nearest Monday."""
    back = at.weekday()
    return at - timedelta(days=back) if back < 4 else at + timedelta(days=7 - back)
