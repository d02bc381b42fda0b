"""What is pressed, chosen and typed into, each in its states: buttons, chips, fields, checks, segments, sliders, scales, keys, tabs."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from espalier.gui.dataset.weight import Weight
from espalier.gui.evaluation.scale import Scale
from espalier.gui.gallery.rowed import rowed
from espalier.gui.gallery.samples import tr
from espalier.gui.parts.button import Button
from espalier.gui.parts.check import Check
from espalier.gui.parts.chip import FilterChip, Option
from espalier.gui.parts.choice import Choice
from espalier.gui.parts.field import LOW, Field, NumberField
from espalier.gui.parts.filter_bar import FilterBar
from espalier.gui.parts.key_cap import Keys
from espalier.gui.parts.progress import Progress
from espalier.gui.parts.section import SectionHead
from espalier.gui.parts.segments import Segments
from espalier.gui.parts.state_mark import StateMark
from espalier.gui.parts.tabs import Tab, Tabs
from espalier.gui.parts.text import Text
from espalier.gui.states import FAILS, LIMITED, NEEDS_YOU, OPEN, SHOWN, SHUT, TO_DO

LABEL = 76


class Controls(QWidget):
    """`focused` is the button that the ring is shown around."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.focused = Button(tr("Default"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(SectionHead(tr("Buttons"), tr("28 px, 32 in the page header, 36 for decisions")))
        column.addLayout(self._buttons())
        column.addWidget(SectionHead(tr("States"), tr("an icon and a word, always both")))
        marks = [TO_DO, SHOWN["running"], NEEDS_YOU, SHOWN["done"], SHUT, FAILS, LIMITED, OPEN]
        column.addLayout(rowed([StateMark(one) for one in marks], 14))
        column.addWidget(SectionHead(tr("Filters"), tr("not set, set, and off")))
        column.addWidget(_filters())
        column.addWidget(SectionHead(tr("Fields"), tr("at rest, in trouble, to read only, off")))
        column.addLayout(_fields())
        column.addLayout(_numbers())
        column.addLayout(_checks())
        column.addWidget(SectionHead(tr("Segments, keys and tabs")))
        column.addLayout(_segments())
        column.addWidget(_tabs())
        column.addWidget(
            SectionHead(tr("Sliders, scales and progress"), tr("a weight, half of it, and one that is off"))
        )
        column.addLayout(_sliders())
        column.addLayout(_scales())

    def _buttons(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, LABEL)
        grid.setColumnStretch(5, 1)
        for row, state in enumerate((tr("rest"), tr("hover"), tr("pressed"), tr("focus"), tr("off"))):
            grid.addWidget(Text(state, "second", "second"), row, 0)
            primary, ghost = Button(tr("Primary"), "primary"), Button(tr("Ghost"), "ghost", glyph="copy")
            primary.set_key("S")
            default = self.focused if row == 3 else Button(tr("Default"))
            for place, button in enumerate((primary, default, ghost, Button(tr("Link"), "link")), 1):
                button.setDown(row == 2)
                button.setProperty("hovered", row == 1)
                button.setEnabled(row != 4)
                grid.addWidget(button, row, place)
        shut = Button(tr("Create bundle"), "primary")
        shut.set_shut(tr("2 of 3 sign-offs are missing"))
        grid.addWidget(Text(tr("shut"), "second", "second"), 5, 0)
        grid.addLayout(rowed([shut], 12), 5, 1, 1, 5)
        grid.addWidget(Text(tr("sizes"), "second", "second"), 6, 0)
        sizes = [Button(tr("In the header"), height=32), Button(tr("A decision"), "primary", height=36)]
        grid.addLayout(rowed(sizes, 12), 6, 1, 1, 5)
        return grid


def _filters() -> FilterBar:
    options = (Option("open", tr("to decide"), 12), Option("done", tr("decided"), 418))
    chips = {
        "rule": FilterChip(tr("Rule"), options),
        "state": FilterChip(tr("State"), options),
        "off": FilterChip(tr("Author")),
    }
    chips["state"].set_values(("open",))
    chips["off"].setEnabled(False)
    bar = FilterBar(chips)
    bar.count.setText(tr("12 of 430"))
    return bar


def _fields() -> QGridLayout:
    names = (tr("A name"), tr("A name that is taken"), tr("A name to read"), tr("A name that is off"))
    rest, wrong, read, off = (Field(tr("A name"), name=name) for name in names)
    wrong.setText("ana")
    wrong.set_trouble(tr("That name is taken."))
    read.setText("payments")
    read.setReadOnly(True)
    off.setEnabled(False)
    search = Field(tr("Search"), glyph="search", key="/", height=LOW)
    return _spread([rest, wrong, read, off, search])


def _numbers() -> QGridLayout:
    number, wrong = NumberField(tr("Cap"), 512, 160, 8192, unit=tr("tokens")), NumberField(tr("Rank"), 16, 1, 64)
    wrong.setText("512")
    wrong.set_trouble(tr("A whole number from 1 to 64."))
    kinds = (("careful", tr("Careful")), ("qlora", "QLoRA"))
    recipe, off = Choice(tr("Recipe"), kinds), Choice(tr("Device"), kinds)
    off.setEnabled(False)
    return _spread([number, wrong, recipe, off])


def _checks() -> QHBoxLayout:
    checks = [Check(tr("Balanced"), on=True), Check(tr("Shuffled")), Check(tr("Frozen"), on=True), Check(tr("Signed"))]
    for check in checks[2:]:
        check.setEnabled(False)
    return rowed(checks, 20)


def _segments() -> QHBoxLayout:
    view = Segments(tr("View"), (tr("Table"), tr("Card")), ("table", "card"))
    view.pick(1)
    three = Segments(tr("Policy"), (tr("One person"), tr("Two people"), tr("Demo")))
    return rowed([view, three, Keys(tr("Hold [R] to reveal"))], 12)


def _tabs() -> Tabs:
    tabs = Tabs(tr("Tabs"), (Tab("a", tr("To decide")), Tab("b", tr("Sampled review")), Tab("c", tr("Approve"))))
    tabs.set_count("a", "12")
    return tabs


def _sliders() -> QGridLayout:
    rest, less, off = (
        Weight(name) for name in (tr("Weight of payments"), tr("Weight of ledger"), tr("Weight of infra"))
    )
    less.show_weight(0.5)
    off.show_weight(2.0)
    off.setEnabled(False)
    progress = Progress(120)
    progress.setAccessibleName(tr("Progress"))
    progress.setMaximum(100)
    progress.setValue(62)
    return _spread([rest, less, off, progress])


def _scales() -> QHBoxLayout:
    rated, unrated = Scale(tr("Readable"), tr("Answer A")), Scale(tr("Idiomatic"), tr("Answer A"))
    rated.show_value(4)
    return rowed([rated, unrated], 24)


def _spread(parts: Sequence[QWidget]) -> QGridLayout:
    """Side by side, all as wide."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    for place, part in enumerate(parts):
        grid.addWidget(part, 0, place)
        grid.setColumnStretch(place, 1)
    return grid
