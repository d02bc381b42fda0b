"""The job bar: the job at work with its progress and time left, its pause and stop, and how many wait behind it."""

from collections.abc import Container, Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.figures import count, duration, loss, short
from espalier.gui.live import Live
from espalier.gui.parts.button import Button
from espalier.gui.parts.progress import Progress
from espalier.gui.parts.rule import Ground
from espalier.gui.parts.state_mark import StateMark
from espalier.gui.parts.text import Text
from espalier.gui.standing import Known
from espalier.gui.work import work

HEIGHT, BAR = 40, 160
SAYS = 160  # what a job says is cut, and has so much of it


class Pair(QWidget):
    """A value and its unit, the unit muted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value, self._unit = Text("", "second", weight=600), Text("", "second", "muted")
        self.filled = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._value)
        row.addWidget(self._unit)

    def show_pair(self, value: str, unit: str) -> None:
        self._value.setText(value)
        self._unit.setText(unit)
        self.filled = bool(value)


class JobBar(Ground):
    """Always there; its buttons are the actions of the live job."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self.setFixedHeight(HEIGHT)
        self._mark, self._name, self._bar = StateMark(), Text("", "body", weight=600), Progress(BAR)
        self._bar.setAccessibleName(self.tr("Progress of the job"))
        self._done, self._loss, self._speed, self._left = Pair(), Pair(), Pair(), Pair()
        self._queued = Button.of(actions["jobs"], "ghost", key=False)
        self._says = Text("", "second", "second", elide=Qt.TextElideMode.ElideRight)
        self._idle = Text(self.tr("Nothing is running"), "second", "second")
        self._promise = Text(self.tr("Works offline: nothing leaves this machine"), "second", "muted")
        self.buttons = tuple(Button.of(actions[name], "ghost", key=False) for name in ("pause job", "stop job"))
        for button, word in zip(self.buttons, (self.tr("Pause"), self.tr("Stop")), strict=True):
            button.show_text(word)  # what it stops stands in the same row
        self._running = False
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(16)
        of_a_job = (self._mark, self._name, self._bar, self._done, self._loss, self._speed, self._left)
        self._parts = (*of_a_job, self._idle, self._says, self._promise, *self.buttons, self._queued)
        for part in self._parts:
            row.addWidget(part, 1 if part is self._says else 0)
        self.show_live(None)

    def show_live(self, live: Live | None) -> None:
        one = None if live is None else live.at_work
        failed = None if live is None else live.failed
        for part in (self._mark, self._name, *self.buttons):
            part.setVisible(one is not None)
        self._idle.setVisible(one is None and failed is None)
        self._promise.setVisible(one is None)
        run = None if live is None else live.run
        self._says.setText("" if one is None or run is not None else one.job.message)
        waiting = max(0, len(live.jobs) - 1) if live is not None else 0
        self._queued.show_text(self.tr("{count} waiting").format(count=waiting) if waiting else self.tr("Jobs"))
        if failed is not None:
            self._show_failed(failed)
        if one is not None:
            self._show_job(one)
            self._loss.show_pair(loss(run.loss) if run is not None and run.loss is not None else "", self.tr("loss"))
            speed = None if run is None else run.tokens_per_second
            self._speed.show_pair("" if speed is None else short(speed), self.tr("tokens/s"))
        self._running = one is not None
        self._fit()

    def _fit(self) -> None:
        """Where the window is small, figures that the page of the job shows as well make room for its name and its buttons.

        What gives way is never shown first: showing lays all out at once, and hiding only in the next turn.
        """
        pairs = [pair for pair in (self._done, self._loss, self._speed, self._left) if pair.filled]
        wanted = {self._bar, *pairs} if self._running else set[QWidget]()
        giving_way = (self._speed, self._loss, self._left, self._bar, self._done)
        for part in giving_way:
            if self._taken(wanted, giving_way) <= self.width():
                break
            wanted.discard(part)
        for one in sorted(giving_way, key=wanted.__contains__):
            one.setVisible(one in wanted)

    def _taken(self, wanted: Container[QWidget], giving_way: Container[QWidget]) -> int:
        """The width that these take with what stays. A layout would answer by what its parts said before their last change."""
        parts = [one for one in self._parts if (one in wanted if one in giving_way else not one.isHidden())]
        margins = self._row.contentsMargins()
        between = self._row.spacing() * (len(parts) - 1)
        return margins.left() + sum(map(self._wide, parts)) + between + margins.right()

    def _wide(self, part: QWidget) -> int:
        hint = part.sizeHint().expandedTo(part.minimumSize()).boundedTo(part.maximumSize()).width()
        return min(hint, SAYS) if part is self._says else hint

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, HEIGHT)

    def _show_failed(self, one: Known) -> None:
        """It stays until something else is started: nobody may have been looking when it happened."""
        self._mark.show_standing(one.standing)
        self._mark.show()
        self._name.setText(work(one.job))
        self._name.show()
        failure = one.job.failure
        self._says.setText("" if failure is None else f"{failure.sentence} {failure.remedy}")

    @property
    def says(self) -> str:
        return f"{self._mark.text()} {self._name.text()} {self._says.text()}"

    def _show_job(self, one: Known) -> None:
        self._mark.show_standing(one.standing)
        self._name.setText(work(one.job))
        self._bar.setMaximum(max(one.job.total, 1))
        self._bar.setValue(min(one.job.done, max(one.job.total, 1)))
        done = count(one.job.done) if one.job.total else ""
        self._done.show_pair(done, self.tr("of {total}").format(total=count(one.job.total)))
        left = one.job.seconds_left
        self._left.show_pair("" if left is None else duration(left), self.tr("left"))
