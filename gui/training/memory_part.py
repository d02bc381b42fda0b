"""The memory of the run that is looked at: what it takes now, against the estimate and against what the device has."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from espalier.core.training.estimate import Range
from espalier.core.training.memory import Memory
from espalier.gui.figures import hardware, size, span
from espalier.gui.literal import set_tip
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.stacked_bar import Stack, StackedBar, StackLegend
from espalier.gui.parts.text import Text
from espalier.gui.training.reading import RunRow

ROW = 17  # of the legend


class MemoryPart(QWidget):
    """Gone where nothing is known, as of a run that waits for a model that is not here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.device = Text("", "second", "muted", elide=Qt.TextElideMode.ElideRight)
        self.device.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.bar, self.legend = StackedBar(self.tr("Memory")), StackLegend(ROW)
        self.value = Text("", "second", weight=600)
        self.about = Text("", "second", "muted", elide=Qt.TextElideMode.ElideRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(_row(Text(self.tr("Memory"), "section"), self.device, apart=12))
        column.addWidget(self.bar)
        column.addLayout(_row(self.value, self.about, apart=4))
        column.addWidget(self.legend)
        column.addSpacing(4)
        column.addWidget(Rule())

    def show_memory(self, row: RunRow, memory: Memory) -> None:
        living = row.known is not None and row.known.living
        amount = memory.now if living and memory.now is not None else memory.peak
        self.setVisible(amount is not None or memory.expected is not None)
        said = [size(memory.total)] if memory.total is not None else []
        self.device.setText(", ".join([*said, hardware(row.run.device)] if row.run.device else said))
        set_tip(self.device, row.run.device or "")
        self.value.setText("" if amount is None else size(amount))
        self.value.setVisible(amount is not None)
        more = amount is not None and memory.expected is not None and amount > memory.expected.whole.high
        self.value.set_role("warn" if more else "text")
        self.about.setText(self._about(memory, amount, living=living))
        self._show_parts(memory, amount)

    def _about(self, memory: Memory, amount: int | None, *, living: bool) -> str:
        when = self.tr("now") if living and memory.now is not None else self.tr("peak")
        estimated = ""
        if memory.expected is not None:
            whole = memory.expected.whole
            estimated = self.tr("estimate {span}").format(span=span(round(whole.low), round(whole.high)))
        return ", ".join(filter(None, ["" if amount is None else when, estimated]))

    def _show_parts(self, memory: Memory, amount: int | None) -> None:
        """Without an estimate, what is taken is all that there is to draw."""
        expected, names = memory.expected, parts_named()
        whole = Range(low=0.0, high=0.0) if expected is None else expected.whole
        if expected is None:
            parts = [(self.tr("taken"), float(amount or 0), 0)]
        else:
            parts = [(names[name], value, place) for place, (name, value) in enumerate(expected.parts.items())]
        room = float(memory.total or max(amount or 0, whole.high))
        now = None if amount is None or expected is None else float(amount)
        words = " ".join(filter(None, [self.value.text(), self.about.text()]))
        self.bar.show_stack(Stack(parts=tuple(parts), room=room, low=whole.low, high=whole.high, now=now), words)
        self.legend.setVisible(expected is not None)
        self.legend.show_rows([(name, size(round(value)), number) for name, value, number in parts])


def parts_named() -> dict[str, str]:
    """What the parts of an estimate are called."""
    tr = QCoreApplication.translate
    return {
        "weights": tr("training.memory", "weights"),
        "adapter": tr("training.memory", "adapter"),
        "optimizer": tr("training.memory", "optimizer"),
        "activations": tr("training.memory", "activations"),
        "logits": tr("training.memory", "logits"),
        "process": tr("training.memory", "process"),
    }


def _row(left: QWidget, right: QWidget, *, apart: int) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(apart)
    row.addWidget(left)
    row.addWidget(right, 1)
    return row
