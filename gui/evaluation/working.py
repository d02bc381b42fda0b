"""An evaluation that is not done: its state, what it is at, and how many answers each arm has given."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from espalier.core.evaluation.evaluations import ARMS, Arm
from espalier.gui.evaluation.reading import Detail
from espalier.gui.figures import count
from espalier.gui.parts.progress import Progress
from espalier.gui.parts.state_mark import StateMark
from espalier.gui.parts.text import Text

WIDE = 320


class Working(QWidget):
    """Told from rows that the job commits, so that it is as true after the window was closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mark = StateMark()
        self.step = Text("", "body", elide=Qt.TextElideMode.ElideRight)
        self.bars: dict[Arm, Progress] = {arm: Progress(WIDE) for arm in ARMS}
        self.counts: dict[Arm, Text] = {arm: Text("", "second", "second") for arm in ARMS}
        self.job, self.job_count = Progress(WIDE), Text("", "second", "second")
        names = {"base": self.tr("Answers of the base"), "adapter": self.tr("Answers of the adapter")}
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.mark)
        head.addWidget(self.step, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(3, 1)
        lines = [
            *((names[arm], self.bars[arm], self.counts[arm]) for arm in ARMS),
            (self.tr("This step"), self.job, self.job_count),
        ]
        for number, (words, bar, counted) in enumerate(lines):
            bar.setAccessibleName(words)
            grid.addWidget(Text(words, "body", "second"), number, 0)
            grid.addWidget(bar, number, 1)
            grid.addWidget(counted, number, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(16)
        column.addLayout(head)
        column.addLayout(grid)
        column.addStretch(1)

    def show_detail(self, chosen: Detail) -> None:
        self.mark.show_standing(chosen.standing)
        job = None if chosen.known is None else chosen.known.job
        self.step.setText("" if job is None else job.message)
        for arm in ARMS:
            self._show(self.bars[arm], self.counts[arm], chosen.answered[arm], chosen.asked)
        done, total = (0, 0) if job is None else (job.done, job.total)
        self._show(self.job, self.job_count, done, total)

    def _show(self, bar: Progress, words: Text, done: int, total: int) -> None:
        bar.setRange(0, max(1, total))
        bar.setValue(min(done, total))
        if total:
            words.setText(self.tr("{done} of {total}").format(done=count(done), total=count(total)))
        else:
            words.setText(self.tr("not yet"))
