"""A new project: its name and folder, its policy, and the repositories to begin with; or more of them for one that is there."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from espalier.core.project.file import SUFFIX
from espalier.core.project.policy import named_policy, policy_names
from espalier.gui.adding.picking import Picking
from espalier.gui.literal import set_tip
from espalier.gui.parts.choice import Choice
from espalier.gui.parts.dialog import Dialog
from espalier.gui.parts.field import Field
from espalier.gui.parts.rule import stacked
from espalier.gui.parts.segments import Segments
from espalier.gui.parts.text import Text
from espalier.gui.settings import Settings
from espalier.gui.start.folders import documents
from espalier.gui.start.place_field import PlaceField
from espalier.gui.start.plan import Plan

NEW, WIDE, FIRST = "", 640, "solo"
POLICIES = tuple(sorted(policy_names(), key=lambda name: (name == "demo", name != FIRST, name)))


class NewProject(Dialog):
    """decided(Plan): make it so."""

    decided = Signal(object)

    def __init__(self, settings: Settings, dropped: Sequence[Path] = (), parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("New project"),
            self.tr("One file holds all that is found out and decided. Your repositories are read where they are."),
            accept=self.tr("Make the project"),
            width=WIDE,
            parent=parent,
        )
        there = [path for path in settings.recent if Path(path).is_file()]
        self.into = Choice(
            self.tr("Into"), [(NEW, self.tr("A new project")), *((one, Path(one).stem) for one in there)]
        )
        self.name = Field(self.tr("such as payments"), name=self.tr("Name"))
        self.place = PlaceField(self.tr("Folder"), documents())
        self.policy = Segments(self.tr("Policy"), POLICIES)
        self._sentence = Text("", "second", "second", wrap=True)
        self.picking = Picking()
        self._made_new = self._of_new()
        self._lay_out(show_into=bool(dropped and there))
        self._connect()
        self._say_policy()
        if dropped:
            self.picking.seek(dropped)
            self.name.setText(dropped[0].name)
        self.name.setFocus()
        self._look()

    @property
    def path(self) -> Path:
        """Of the project file, as it would be."""
        name = self.name.text().strip().removesuffix(SUFFIX)
        return self.place.folder / f"{name}{SUFFIX}"

    @property
    def chosen_policy(self) -> str:
        return POLICIES[self.policy.picked_one]

    def decide(self) -> None:
        """Say what was decided, if it can be done."""
        if self.into.key != NEW:
            plan = Plan(path=Path(self.into.key), policy="", wishes=self.picking.wishes(), existing=True)
        else:
            wrong = self._wrong()
            if wrong:
                self.fail(wrong)
                return
            plan = Plan(path=self.path, policy=self.chosen_policy, wishes=self.picking.wishes(), existing=False)
        self.accept()
        self.decided.emit(plan)

    def _wrong(self) -> str:
        name = self.name.text().strip()
        if not name or "/" in name or "\\" in name or not name.isprintable() or name.startswith("."):
            return self.tr("Give the project a name, without slashes.")
        if not self.place.folder.is_dir():
            return self.tr("There is no folder {folder}.").format(folder=self.place.folder)
        if self.path.exists():
            return self.tr("{path} is there already: open it, or choose another name.").format(path=self.path)
        return ""

    def _look(self) -> None:
        """Whether all can be done as it stands."""
        self._made_new.setVisible(self.into.key == NEW)
        asked = bool(self.name.text().strip()) if self.into.key == NEW else bool(self.picking.chosen)
        self.ok.setEnabled(asked and not self.picking.trouble)
        set_tip(self.ok, self.picking.trouble)
        chosen = len(self.picking.chosen)
        words = self.tr("Make the project") if self.into.key == NEW else self.tr("Add to the project")
        self.ok.show_text(words if not chosen else self.tr("{words}, {n} repositories").format(words=words, n=chosen))

    def _say_policy(self) -> None:
        self._sentence.setText(named_policy(self.chosen_policy).sentence)

    def _connect(self) -> None:
        self.set_accept_handler(self.decide)
        self.name.textChanged.connect(lambda _: self._look())
        self.place.changed.connect(self._look)
        self.picking.changed.connect(self._look)
        self.into.picked.connect(lambda _: self._look())
        self.policy.picked.connect(lambda _: self._say_policy())
        self.finished.connect(lambda _: self.picking.leave())

    def _of_new(self) -> QWidget:
        made = QWidget()
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(stacked(Text(self.tr("Name"), "second", "second"), self.name, spacing=4), 2)
        row.addLayout(stacked(Text(self.tr("Folder"), "second", "second"), self.place, spacing=4), 3)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(Text(self.tr("Policy: who must have done what before a gate opens"), "second", "second"))
        policies = QHBoxLayout()
        policies.addWidget(self.policy)
        policies.addStretch(1)
        column.addLayout(policies)
        column.addWidget(self._sentence)
        return made

    def _lay_out(self, *, show_into: bool) -> None:
        if show_into:
            self.body.addLayout(stacked(Text(self.tr("Into"), "second", "second"), self.into, spacing=4))
        self.body.addWidget(self._made_new)
        self.body.addWidget(Text(self.tr("Repositories to begin with; more can be added later"), "second", "second"))
        self.body.addWidget(self.picking, 1)
