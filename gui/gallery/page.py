"""The gallery: every part of the window at rest, under the pointer, with the keyboard, and when it cannot be used."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from espalier.gui.code.diff_view import DiffView
from espalier.gui.code.excerpt import Code, Excerpt, Mark
from espalier.gui.code.whole_file import WholeFile
from espalier.gui.gallery import samples
from espalier.gui.gallery.charts import Charts
from espalier.gui.gallery.foundations import Icons, Swatches, TypeScale
from espalier.gui.literal import set_title
from espalier.gui.parts.banner import Banner
from espalier.gui.parts.button import Button
from espalier.gui.parts.check import Check
from espalier.gui.parts.checklist import Checklist
from espalier.gui.parts.chip import FilterChip, Option
from espalier.gui.parts.choice import Choice
from espalier.gui.parts.drop_zone import DropZone
from espalier.gui.parts.empty import Empty
from espalier.gui.parts.error_panel import ErrorPanel
from espalier.gui.parts.facts import Facts
from espalier.gui.parts.field import LOW, Field, NumberField
from espalier.gui.parts.focus_ring import FocusRing
from espalier.gui.parts.header import Header
from espalier.gui.parts.job_row import JobRow
from espalier.gui.parts.key_cap import Keys
from espalier.gui.parts.palette_box import Entry, PaletteBox
from espalier.gui.parts.progress import Progress
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.section import SectionHead
from espalier.gui.parts.segments import Segments
from espalier.gui.parts.state_mark import StateMark
from espalier.gui.parts.tabs import Tab, Tabs
from espalier.gui.parts.text import Text
from espalier.gui.parts.toast import Toast
from espalier.gui.states import FAILS, LIMITED, NEEDS_YOU, OPEN, SHOWN, SHUT, TO_DO
from espalier.gui.tables.table import ROW, Table

APART, LABEL, WIDTH, HEIGHT = 48, 76, 1440, 2740  # high enough to see all of it at once


class GalleryPage(QWidget):
    """For people who build pages, and for the tests that look at every part; nothing on it does anything."""

    def __init__(self, application: QApplication, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_title(self, self.tr("Parts"))
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.palette().ColorRole.Base)
        self.header = Header(
            self.tr("Parts"), (Button(self.tr("Default"), height=32), Button(self.tr("Primary"), "primary", height=32))
        )
        self.header.say(
            self.tr("Every part at rest, under the pointer, with the keyboard, and when it cannot be used.")
        )
        self.focused = Button(self.tr("Default"))
        self.toast_place, self.palette_place = QWidget(), QWidget()
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(8)
        self._fill_left(left)
        self._fill_right(right)
        columns = QHBoxLayout()
        columns.setSpacing(APART)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        content = QWidget()
        whole = QVBoxLayout(content)
        whole.setContentsMargins(24, 16, 24, 16)
        whole.setSpacing(16)
        whole.addWidget(self.header)
        whole.addLayout(self._foundations())
        whole.addLayout(columns)
        whole.addWidget(Rule())
        whole.addWidget(Charts())
        whole.addStretch(1)
        self._scroll(content)
        self.ring = FocusRing(self, application)
        self.toast, self.palette_box = Toast(self.toast_place), PaletteBox(self.palette_place)

    def pose(self) -> None:
        """Show what lies over the page, as it is when somebody uses it; once the page is on the screen."""
        self.toast.say(self.tr("Scrubbed in 14 places"), True)
        self.palette_box.open_box()
        self.palette_box.field.setText("appr")
        self.palette_box.show_entries(
            [
                Entry(
                    id="1",
                    icon="key",
                    text=self.tr("Approve the scrubbed corpus"),
                    note=self.tr("shut: 12 findings are undecided"),
                    note_role="bad",
                    keys=("Ctrl", "A"),
                ),
                Entry(id="2", icon="audit", text=self.tr("Show approvals in the audit log")),
                Entry(
                    id="3", icon="person", text=self.tr("Findings that wait for approval"), note="12", keys=("G", "F")
                ),
                Entry(id="4", icon="help", text=self.tr("What an approval signs"), note=self.tr("help")),
            ]
        )
        self.palette_box.move(0, 0)
        self.palette_box.setFixedWidth(self.palette_place.width())
        self.palette_box.field.clearFocus()  # the box closes when it loses the focus; here it stays
        self.palette_box.show()
        self.ring.follow(None, self.focused)

    def _scroll(self, content: QWidget) -> None:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setBackgroundRole(self.palette().ColorRole.Base)
        area.setAccessibleName(self.tr("Parts"))
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def _foundations(self) -> QHBoxLayout:
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(8)
        left.addWidget(SectionHead(self.tr("Colours"), self.tr("grounds, inks, and series in charts")))
        left.addWidget(Swatches(self.tr("Colours")))
        left.addStretch(1)
        right.addWidget(SectionHead(self.tr("Type"), self.tr("pixels and line height")))
        right.addWidget(TypeScale(self.tr("Type")))
        right.addWidget(SectionHead(self.tr("Icons")))
        right.addWidget(Icons(self.tr("Icons")))
        row = QHBoxLayout()
        row.setSpacing(APART)
        row.addLayout(left, 1)
        row.addLayout(right, 1)
        return row

    def _fill_left(self, column: QVBoxLayout) -> None:
        column.addWidget(SectionHead(self.tr("Buttons"), self.tr("28 px, 32 in the page header, 36 for decisions")))
        column.addLayout(self._buttons())
        column.addWidget(SectionHead(self.tr("States"), self.tr("an icon and a word, always both")))
        marks = [TO_DO, SHOWN["running"], NEEDS_YOU, SHOWN["done"], SHUT, FAILS, LIMITED, OPEN]
        column.addLayout(_row([StateMark(one) for one in marks], 14))
        column.addWidget(SectionHead(self.tr("Filters and fields")))
        column.addLayout(self._filters())
        column.addLayout(self._fields())
        tabs = Tabs(
            self.tr("Tabs"),
            (Tab("a", self.tr("To decide")), Tab("b", self.tr("Sampled review")), Tab("c", self.tr("Approve"))),
        )
        tabs.set_count("a", "12")
        column.addWidget(tabs)
        column.addWidget(SectionHead(self.tr("Rows")))
        table = Table(samples.rows_model(), self.tr("Rows"))
        table.setFixedHeight(5 * ROW + 2)
        table.selectRow(0)
        column.addWidget(table)
        column.addWidget(SectionHead(self.tr("Jobs"), self.tr("the drawer behind the job bar")))
        for row in self._jobs():
            column.addWidget(row)
        column.addWidget(SectionHead(self.tr("Checklist")))
        checklist = Checklist(self.tr("Checklist"))
        checklist.show_items(samples.items())
        column.addWidget(checklist)
        column.addWidget(SectionHead(self.tr("A whole file"), self.tr("Ctrl F finds, Ctrl G goes to a line")))
        column.addWidget(self._file())
        column.addStretch(1)

    def _fill_right(self, column: QVBoxLayout) -> None:
        column.addWidget(
            SectionHead(self.tr("Command palette"), self.tr("Ctrl K; a shut command is listed and says why"))
        )
        self.palette_place.setFixedHeight(230)
        column.addWidget(self.palette_place)
        column.addWidget(SectionHead(self.tr("Banners")))
        for banner in self._banners():
            column.addWidget(banner)
        for panel in self._errors():
            column.addWidget(panel)
        column.addWidget(SectionHead(self.tr("Code"), self.tr("a masked span, and what it becomes")))
        for excerpt in self._excerpts():
            column.addWidget(excerpt)
        difference = DiffView(self.tr("Difference"))
        difference.show_texts(*samples.CHANGED, language="python")
        difference.setFixedHeight(136)
        column.addWidget(difference)
        column.addWidget(SectionHead(self.tr("An empty page")))
        empty = Empty(
            self.tr("There is no run yet."),
            self.tr("A run teaches a base model what a frozen snapshot holds."),
            action=self.tr("New run"),
            help_words=self.tr("What a run is"),
        )
        empty.show()
        column.addWidget(empty)
        column.addWidget(DropZone(self.tr("Drop git folders here, or a folder that holds many."), height=56))
        column.addWidget(SectionHead(self.tr("Undo")))
        self.toast_place.setFixedHeight(72)
        column.addWidget(self.toast_place)
        column.addStretch(1)

    def _buttons(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, LABEL)
        grid.setColumnStretch(4, 1)
        states = (self.tr("rest"), self.tr("hover"), self.tr("pressed"), self.tr("focus"))
        for row, state in enumerate(states):
            grid.addWidget(Text(state, "second", "second"), row, 0)
            default = self.focused if row == 3 else Button(self.tr("Default"))
            primary, ghost = Button(self.tr("Primary"), "primary"), Button(self.tr("Ghost"), "ghost", glyph="copy")
            primary.set_key("S")
            for place, button in enumerate((primary, default, ghost), 1):
                button.setDown(row == 2)
                button.setProperty("hovered", row == 1)
                grid.addWidget(button, row, place)
        shut = Button(self.tr("Create bundle"), "primary")
        shut.set_shut(self.tr("2 of 3 sign-offs are missing"))
        grid.addWidget(Text(self.tr("shut"), "second", "second"), 4, 0)
        grid.addWidget(shut, 4, 1, 1, 2)
        grid.addWidget(Button(self.tr("Open the audit"), "link"), 4, 3)
        return grid

    def _filters(self) -> QHBoxLayout:
        options = (Option("open", self.tr("to decide"), 12), Option("done", self.tr("decided"), 418))
        unset, chosen = FilterChip(self.tr("Rule"), options), FilterChip(self.tr("State"), options)
        chosen.set_values(("open",))
        search = Field(self.tr("Search"), glyph="search", key="/", height=LOW)
        search.setMaximumWidth(140)
        view = Segments(self.tr("View"), (self.tr("Table"), self.tr("Card")), ("table", "card"))
        view.pick(1)
        return _row([unset, chosen, search, view, Keys(self.tr("Hold [R] to reveal"))], 8)

    def _fields(self) -> QHBoxLayout:
        wrong = Field(self.tr("A name"), name=self.tr("A name that is taken"))
        wrong.setText("ana")
        wrong.set_trouble(self.tr("That name is taken."))
        number = NumberField(self.tr("Cap"), 512, 160, 8192, unit=self.tr("tokens"))
        recipe = Choice(self.tr("Recipe"), (("careful", self.tr("Careful")), ("qlora", "QLoRA")))
        return _row([wrong, number, recipe, Check(self.tr("Balanced"), on=True), Check(self.tr("Shuffled"))], 8)

    def _jobs(self) -> list[QWidget]:
        rows = [JobRow() for _ in range(3)]
        rows[0].show_job(
            "running", self.tr("Run 7"), self.tr("412 / 1,200 · 22 min left"), 0.34, [("pause", self.tr("Pause"))]
        )
        rows[1].show_job(
            "queued", self.tr("Evaluation 7"), self.tr("waits for a worker"), None, [("stop", self.tr("Cancel"))]
        )
        rows[2].show_job(
            "failed", self.tr("Run 5"), self.tr("out of memory at step 3"), None, [("log", self.tr("Log"))]
        )
        progress = Progress(320)
        progress.setAccessibleName(self.tr("Progress"))
        progress.setMaximum(100)
        progress.setValue(62)
        return [*rows, progress]

    def _banners(self) -> list[Banner]:
        shut, wait, failed = Banner("shut"), Banner("wait"), Banner("bad")
        shut.say(self.tr("The scrub gate is shut."), self.tr("12 findings are undecided."), action=self.tr("Go there"))
        wait.say(
            self.tr("Two reviewers disagree on 9 examples."), self.tr("Settle them first."), action=self.tr("Settle 9")
        )
        what = self.tr("Run 5 ran out of memory at step 3.")
        failed.say(
            what, self.tr("It asked for 25.1 GB. Nothing was lost."), action=self.tr("Start again with shorter rows")
        )
        return [shut, wait, failed]

    def _errors(self) -> list[ErrorPanel]:
        """Folded and unfolded."""
        panels = [ErrorPanel(), ErrorPanel()]
        for panel in panels:
            panel.say(
                self.tr("Espalier broke (KeyError at reading.py:88); this is a bug of ours."),
                self.tr("What was committed is kept."),
                "reading.py:88 _row\nreading.py:41 __call__\nbackground.py:102 _take_due",
            )
        panels[1].fold.click()
        return panels

    def _file(self) -> WholeFile:
        shown = WholeFile(self.tr("A whole file"))
        lines = (*samples.MASKED, *(f"# {number}" for number in range(5, 40)))
        mark = Mark(3, *samples.span_of(samples.MASKED[2]), "warn")
        shown.show_code(Code(lines=lines, first_line=1, language="python", rows={3: "warn"}, marks=(mark,)))
        shown.setFixedHeight(176)
        return shown

    def _excerpts(self) -> list[QWidget]:
        masked, trained = (
            Excerpt(self.tr("In the repository"), most=4),
            Excerpt(self.tr("As it will be trained on"), most=2),
        )
        masked.show_code(
            Code(
                lines=samples.MASKED,
                first_line=44,
                language="python",
                rows={46: "warn"},
                marks=(Mark(46, *samples.span_of(samples.MASKED[2]), "warn"),),
            )
        )
        trained.show_code(
            Code(
                lines=samples.SCRUBBED,
                first_line=46,
                language="python",
                rows={46: "ok"},
                marks=(Mark(46, *samples.span_of(samples.SCRUBBED[0]), "ok"),),
            )
        )
        facts = Facts(104)
        facts.show_facts(
            [
                (self.tr("Why flagged"), self.tr("20 characters, entropy 3.9 bits")),
                (self.tr("Same secret"), self.tr("14 places in 3 files")),
            ]
        )
        return [masked, trained, facts]


def _row(parts: Sequence[QWidget], spacing: int) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(spacing)
    for part in parts:
        row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
    row.addStretch(1)
    return row
