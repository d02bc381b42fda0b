"""The job bar: the job at work with its progress and time left, its pause and stop, and how many wait behind it."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QWidget

from espalier.gui.figures import count, duration
from espalier.gui.live import Live
from espalier.gui.parts.button import Button
from espalier.gui.parts.progress import Progress
from espalier.gui.parts.rule import Ground
from espalier.gui.parts.state_mark import StateMark
from espalier.gui.parts.text import Text
from espalier.gui.standing import Known
from espalier.gui.work import work

HEIGHT, BAR = 40, 160


class Pair(QWidget):
    """A value and its unit, the unit muted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value, self._unit = Text("", "second", weight=600), Text("", "second", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._value)
        row.addWidget(self._unit)

    def show_pair(self, value: str, unit: str) -> None:
        self._value.setText(value)
        self._unit.setText(unit)
        self.setVisible(bool(value))


class JobBar(Ground):
    """Always there; its buttons are the actions of the live job."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self.setFixedHeight(HEIGHT)
        self._mark, self._name, self._bar = StateMark(), Text("", "body", weight=600), Progress(BAR)
        self._bar.setAccessibleName(self.tr("Progress of the job"))
        self._done, self._left, self._queued = Pair(), Pair(), Pair()
        self._says = Text("", "second", "second", elide=Qt.TextElideMode.ElideRight)
        self._idle = Text(self.tr("Nothing is running"), "second", "second")
        self._promise = Text(self.tr("Works offline: nothing leaves this machine"), "second", "muted")
        self.buttons = tuple(Button.of(actions[name], "ghost", key=False) for name in ("pause job", "stop job"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(16)
        for part in (self._mark, self._name, self._bar, self._done, self._left):
            row.addWidget(part)
        row.addWidget(self._idle)
        row.addWidget(self._says, 1)
        row.addWidget(self._promise)
        for button in self.buttons:
            row.addWidget(button)
        row.addWidget(self._queued)
        self.show_live(None)

    def show_live(self, live: Live | None) -> None:
        one = None if live is None else live.at_work
        of_a_job: tuple[QWidget, ...] = (self._mark, self._name, self._bar, self._done, self._left, self._queued)
        for part in (*of_a_job, *self.buttons):
            part.setVisible(one is not None)
        self._idle.setVisible(one is None)
        self._promise.setVisible(one is None)
        self._says.setText("" if one is None else one.job.message)
        if one is not None and live is not None:
            self._show_job(one, len(live.jobs) - 1)

    def _show_job(self, one: Known, behind: int) -> None:
        self._mark.show_standing(one.standing)
        self._name.setText(work(one.job))
        self._bar.setMaximum(max(one.job.total, 1))
        self._bar.setValue(min(one.job.done, max(one.job.total, 1)))
        done = count(one.job.done) if one.job.total else ""
        self._done.show_pair(done, self.tr("of {total}").format(total=count(one.job.total)))
        left = one.job.seconds_left
        self._left.show_pair("" if left is None else duration(left), self.tr("left"))
        self._queued.show_pair(count(behind) if behind else "", self.tr("waiting"))
