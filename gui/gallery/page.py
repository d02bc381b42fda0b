"""The gallery: every part of the window at rest, under the pointer, with the keyboard, and when it cannot be used."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from espalier.gui.gallery.charts import Charts
from espalier.gui.gallery.codes import Codes
from espalier.gui.gallery.controls import Controls
from espalier.gui.gallery.foundations import Icons, Swatches, TypeScale
from espalier.gui.gallery.jobs import JobsShown
from espalier.gui.gallery.tables import Tables
from espalier.gui.gallery.told import Told
from espalier.gui.literal import set_title
from espalier.gui.palette import DARK, colours_of
from espalier.gui.parts.focus_ring import FocusRing
from espalier.gui.parts.header import Header
from espalier.gui.parts.palette_box import Entry, PaletteBox
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.section import SectionHead
from espalier.gui.parts.segments import Segments
from espalier.gui.parts.toast import Toast
from espalier.gui.settings import CHOICES, Choice
from espalier.gui.theme import Theme

APART, WIDTH, HEIGHT = 48, 1440, 3880  # high enough to see all of it at once
READ_AT = 180  # the step that the curve is read out at


class GalleryPage(QWidget):
    """For people who build pages, and for the tests that look at every part; nothing on it does anything but the palette's choice."""

    def __init__(self, application: QApplication, theme: Theme | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_title(self, self.tr("Parts"))
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.palette().ColorRole.Base)
        self.header = Header(self.tr("Parts"), (self._palettes(theme),))
        self.header.say(
            self.tr("Every part at rest, under the pointer, with the keyboard, and when it cannot be used.")
        )
        self._controls, self._charts, self.told = Controls(), Charts(), Told()
        self.focused = self._controls.focused
        self.toast_place, self.palette_place = QWidget(), QWidget()
        self._scroll(self._laid_out())
        self.ring = FocusRing(self, application)
        self.toast, self.palette_box = Toast(self.toast_place), PaletteBox(self.palette_place)

    def pose(self) -> None:
        """Show what lies over the page, as it is when somebody uses it; once the page is on the screen."""
        self.toast.say(self.tr("Scrubbed in 14 places"), True)
        self.toast.stay()
        self._charts.curve.plot.read_at_step(READ_AT)
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

    def _palettes(self, theme: Theme | None) -> Segments:
        """Light, dark, or as the system has it: all of the page turns at once."""
        words = {"system": self.tr("As the system"), "light": self.tr("Light"), "dark": self.tr("Dark")}
        self.palettes = choices = Segments(self.tr("Palette"), [words[choice] for choice in CHOICES])
        choices.pick(CHOICES.index(theme.choice if theme is not None else _palette_of(self)))
        if theme is not None:
            choices.picked.connect(lambda number: theme.pin(CHOICES[number]))
        return choices

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

    def _laid_out(self) -> QWidget:
        content = QWidget()
        whole = QVBoxLayout(content)
        whole.setContentsMargins(24, 16, 24, 16)
        whole.setSpacing(16)
        whole.addWidget(self.header)
        whole.addLayout(_columns(self._colours(), self._type()))
        whole.addLayout(_columns([self._controls, Tables()], [*self._over(), self.told]))
        for across in (JobsShown(), Rule(), Codes(), Rule(), self._charts):
            whole.addWidget(across)
        whole.addStretch(1)
        return content

    def _colours(self) -> list[QWidget]:
        about = self.tr("grounds, inks, lines and fills, code, and series in charts")
        return [SectionHead(self.tr("Colours"), about), Swatches(self.tr("Colours"))]

    def _type(self) -> list[QWidget]:
        head = SectionHead(self.tr("Type"), self.tr("pixels and line height"))
        return [head, TypeScale(self.tr("Type")), SectionHead(self.tr("Icons")), Icons(self.tr("Icons"))]

    def _over(self) -> list[QWidget]:
        """What lies over a page: the palette and the toast."""
        self.palette_place.setFixedHeight(230)
        self.toast_place.setFixedHeight(72)
        about = self.tr("Ctrl K; a shut command is listed and says why")
        return [
            SectionHead(self.tr("Command palette"), about),
            self.palette_place,
            SectionHead(self.tr("Undo"), self.tr("at the lower left of the page, for eight seconds")),
            self.toast_place,
        ]


def _palette_of(part: QWidget) -> Choice:
    return "dark" if colours_of(part.palette()) is DARK else "light"


def _columns(left: list[QWidget], right: list[QWidget]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(APART)
    for parts in (left, right):
        column = QVBoxLayout()
        column.setSpacing(8)
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        row.addLayout(column, 1)
    return row
