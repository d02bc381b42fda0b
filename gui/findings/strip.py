"""Under the list: how many are decided and how long the rest takes, and what the sampled review says so far."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.findings.miss_chart import MissChart
from espalier.gui.findings.reading import Findings
from espalier.gui.findings.sentence import strip_decided, strip_sampled
from espalier.gui.literal import set_tip
from espalier.gui.parts.progress import Progress
from espalier.gui.parts.rule import stacked
from espalier.gui.parts.text import Text

WIDTH, MOST = 136, 220  # of the bar, and of the words above and below it that are not cut


class Strip(QWidget):
    """sample_asked(): the figures of the sampled review were pressed."""

    sample_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._decided, self._left = _line("section"), _line("second")
        self._progress = Progress(WIDTH)
        self._progress.setAccessibleName(self.tr("Decided"))
        self._clean, self._bound, self._sure = _line("section"), _line("second"), _line("second")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(24)
        left, middle = (
            stacked(self._decided, self._progress, self._left, spacing=4),
            stacked(self._clean, self._bound, self._sure, spacing=2),
        )
        left.addStretch(1)
        middle.addStretch(1)
        row.addLayout(left, 0)
        row.addLayout(middle, 1)
        self.chart = MissChart()
        row.addWidget(self.chart)
        self.setFixedHeight(84)

    def show_standing(self, standing: Findings) -> None:
        head, left = strip_decided(standing)
        self._decided.setText(head)
        self._left.setText(left)
        for text in (self._decided, self._left):
            text.setMinimumWidth(min(text.sizeHint().width(), MOST))
        self._progress.setMaximum(max(1, standing.total))
        self._progress.setValue(standing.decided)
        self._progress.setAccessibleDescription(head)
        for text, words in zip((self._clean, self._bound, self._sure), strip_sampled(standing.sampled), strict=True):
            text.setText(words)
            set_tip(text, words)
        self.chart.show_sampled(standing.sampled)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.position().x() >= self._clean.x():
            self.sample_asked.emit()
        super().mouseReleaseEvent(event)


def _line(size: str) -> Text:
    if size == "section":
        return Text("", "section", elide=Qt.TextElideMode.ElideRight)
    return Text("", "second", "second", elide=Qt.TextElideMode.ElideRight)
