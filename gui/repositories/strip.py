"""The activity of a repository from its first commit to now: a column a week or more, and the temporal cut across it."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from PySide6.QtCore import QDate, QEvent, QLocale, QPointF, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from espalier.core.repositories.activity import Activity
from espalier.gui.figures import count
from espalier.gui.literal import show_tip
from espalier.gui.palette import colours_of
from espalier.gui.typeface import font

BARS, TEXT, LEAST = 40, 16, 2  # pixels; a column is at least LEAST wide, one of them the gap


class Strip(QWidget):
    """Heights are by the busiest column; a week that had commits is always seen."""

    def __init__(self, bars: int = BARS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars = bars
        self.setFixedHeight(bars + 2 * TEXT)
        self._activity: Activity | None = None
        self._cut: date | None = None

    def show_activity(self, activity: Activity | None, cut: str) -> None:
        """`cut` is the day from which on is held out, YYYY-MM-DD…; empty: there is none."""
        self._activity = activity
        self._cut = day(cut)
        self.setVisible(activity is not None)
        self.setAccessibleName(self._aloud())
        self.update()

    def columns(self, width: int) -> tuple[tuple[date, int], ...]:
        """The first day and the commits of each column, over as many weeks each as fit."""
        weeks = self._weeks()
        if not weeks:
            return ()
        first, last = min(weeks), max(weeks)
        number = (last - first).days // 7 + 1
        each = max(1, -(-number * LEAST // max(width, LEAST)))
        starts = [first + timedelta(weeks=each * place) for place in range(-(-number // each))]
        sums = [0] * len(starts)
        for week, commits in weeks.items():
            sums[(week - first).days // 7 // each] += commits
        return tuple(zip(starts, sums, strict=True))

    def _weeks(self) -> dict[date, int]:
        told = self._activity.weeks if self._activity else ()
        return {found: commits for week, commits in told if (found := day(week)) is not None}

    def _place(self, when: date, columns: tuple[tuple[date, int], ...]) -> float:
        """Where a day stands, in pixels."""
        first = columns[0][0]
        span = max(1, (columns[-1][0] - first).days + self._each(columns))
        return self.width() * (when - first).days / span

    def _each(self, columns: tuple[tuple[date, int], ...]) -> int:
        """Days of a column."""
        return (columns[1][0] - columns[0][0]).days if len(columns) > 1 else 7

    def _aloud(self) -> str:
        if self._activity is None:
            return ""
        said = self.tr("Commits from {first} to {last}").format(
            first=self._activity.first_commit[:10], last=self._activity.last_commit[:10]
        )
        cut = self.tr(", held out from {day}").format(day=self._cut.isoformat()) if self._cut else ""
        return said + cut

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            columns = self.columns(self.width())
            if columns:
                number = int(event.pos().x() * len(columns) / max(1, self.width()))
                start, commits = columns[max(0, min(number, len(columns) - 1))]
                said = self.tr("From {day}: {n} commits").format(day=start, n=count(commits))
                show_tip(event.globalPos(), self, said)
            return True
        return super().event(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        columns = self.columns(self.width())
        if not columns:
            return
        painter = QPainter(self)
        colours = colours_of(self.palette())
        most, step = max(commits for _, commits in columns), self.width() / len(columns)
        cut = None if self._cut is None else self._place(self._cut, columns)
        bar = max(1.0, min(step - 1, 12.0))
        for number, (_, commits) in enumerate(columns):
            if not commits:
                continue
            high = max(2.0, self._bars * commits / most)
            held = cut is not None and number * step >= cut
            left = number * step + max(0.0, step - bar - 1) / 2
            painter.fillRect(
                QRectF(left, TEXT + self._bars - high, bar, high), colours.of("warn" if held else "accent")
            )
        painter.fillRect(QRectF(0, TEXT + self._bars, self.width(), 1), colours.of("line_strong"))
        self._paint_words(painter, most)
        if cut is not None and 0 <= cut <= self.width():
            self._paint_cut(painter, cut)

    def _paint_words(self, painter: QPainter, most: int) -> None:
        """First and last month below, the busiest column's commits above."""
        assert self._activity is not None
        painter.setFont(font("caption"))
        painter.setPen(colours_of(self.palette()).of("muted"))
        below = QRectF(0, TEXT + self._bars + 1, self.width(), TEXT)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, month(self._activity.first_commit))
        if month(self._activity.last_commit) != month(self._activity.first_commit):
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, month(self._activity.last_commit))
        above = QRectF(0, 0, self.width(), TEXT)
        painter.drawText(above, Qt.AlignmentFlag.AlignLeft, self._most(most))

    def _most(self, commits: int) -> str:
        return self.tr("up to 1 commit") if commits == 1 else self.tr("up to {n} commits").format(n=count(commits))

    def _paint_cut(self, painter: QPainter, x: float) -> None:
        assert self._cut is not None
        colours = colours_of(self.palette())
        painter.setPen(QPen(colours.of("second"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, 0), QPointF(x, TEXT + self._bars))
        words = self.tr("held out from {day}").format(day=self._cut.isoformat())
        width = painter.fontMetrics().horizontalAdvance(words)
        left = x - width - 6 if x > self.width() / 2 else x + 6
        painter.setFont(font("caption"))
        painter.setPen(colours.of("second"))
        painter.fillRect(QRectF(left - 2, 0, width + 4, TEXT - 1), colours.of("surface"))
        painter.drawText(QRectF(left, 0, width + 2, TEXT), Qt.AlignmentFlag.AlignLeft, words)


def together(activities: Iterable[Activity]) -> Activity | None:
    """All of them as one; people are not added up, since one may write in many. None of none is none."""
    held = list(activities)
    if not held:
        return None
    weeks: Counter[str] = Counter()
    for one in held:
        weeks.update(dict(one.weeks))
    return Activity(
        weeks=tuple(sorted(weeks.items())),
        authors=max(one.authors for one in held),
        first_commit=min(one.first_commit for one in held),
        last_commit=max(one.last_commit for one in held),
    )


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def month(at: str) -> str:
    found = day(at)
    return "" if found is None else QLocale().toString(QDate(found.year, found.month, found.day), "MMM yyyy")
