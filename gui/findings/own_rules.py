"""The company's own rule files that a project uses: which, by whom, since when; another is added, or one is removed."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDir, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from espalier.core.findings.own import files
from espalier.core.findings.own.parse import parse
from espalier.core.findings.ruleset import Use, texts, uses
from espalier.core.project.file import Project
from espalier.gui.figures import count, day
from espalier.gui.findings.add_rules import AddRules
from espalier.gui.findings.words import for_the_window
from espalier.gui.parts.button import Button
from espalier.gui.parts.dialog import Dialog
from espalier.gui.parts.text import Text
from espalier.gui.session import Session, Undo
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel
from espalier.gui.tables.table import Table

WIDE, ROWS, READING = 700, 6, "findings own rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A file in use, with how many rules it has and what of it does not mean here what it means to gitleaks."""

    use: Use
    rules: int
    notes: tuple[str, ...]


class OwnRules(Dialog):
    """Read anew after each change."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(
            self.tr("Rules of your own"),
            self.tr(
                "Files in the form of gitleaks 8, as they are. They take part in every scan beside Espalier's own rules, which"
                " always stay. To add or remove one changes the rules of the project: scan again."
            ),
            accept=self.tr("Close"),
            width=WIDE,
            parent=parent,
        )
        self._session = session
        self.adding: AddRules | None = None
        self.cancel.hide()
        self.model = RowsModel[tuple[int, Used]](_columns(), lambda row: row[0])
        self.table = Table(self.model, self.tr("Rule files in use"))
        self.table.be_as_high_as(ROWS)
        self.table.when_empty(self.tr("Reading…"))
        self.notes = Text("", "second", "second", wrap=True)
        self.add, self.remove = (
            Button(self.tr("Add a file…"), glyph="plus", height=32),
            Button(self.tr("Remove"), height=32),
        )
        self.add.clicked.connect(self._choose)
        self.remove.clicked.connect(self._remove)
        for button in (self.add, self.remove):
            self.left.addWidget(button)
        self.add.setEnabled(session.may_write)
        for part in (self.table, self.notes):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.table.chosen.connect(lambda _: self._show_notes())
        self.finished.connect(lambda _: session.forget(READING))
        self.read()

    def read(self) -> None:
        self.remove.setEnabled(False)
        self._session.read(READING, _used, self._show, self._refuse)

    def add_file(self, path: Path) -> None:
        """After it is proven, and a person has said so."""
        self.fail("")
        self.adding = AddRules(self._session, lambda: files.read(path), self)
        self.adding.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.adding.accepted.connect(self.read)
        self.adding.open()

    def _show(self, used: tuple[Used, ...]) -> None:
        self.table.when_empty(self.tr("No rules but Espalier's own are used."))
        self.model.show_rows(list(enumerate(used)))
        self.remove.setEnabled(bool(used) and self._session.may_write)
        if used:
            self.table.go_first()
            self.table.setFocus()
        self._show_notes()

    @property
    def _current(self) -> Used | None:
        number = self.table.current_id
        row = None if number is None else self.model.row_of(number)
        at = None if row is None else self.model.row_at(row)
        return None if at is None else at[1]

    def _show_notes(self) -> None:
        """What the row that is stood on says besides."""
        one = self._current
        said = [] if one is None else [tr("SHA-256 {hash}.").format(hash=one.use.hash[:16]), *one.notes]
        self.notes.setText(" ".join(said))

    def _remove(self) -> None:
        one, session = self._current, self._session
        if one is None:
            return
        name, hash = one.use.name, one.use.hash

        def undo(_: object) -> Undo:
            return lambda project: files.use_again(project, name, hash, session.who(project))

        self.remove.setEnabled(False)
        session.write(
            lambda project: files.remove(project, name, session.who(project)),
            self.while_there(lambda _: self.read()),
            self.while_there(self._refuse, session.refused.emit),
            words=self.tr("Rules {name}: not used any more from the next scan on").format(name=name),
            undo=undo,
        )

    def _refuse(self, sentence: str, remedy: str) -> None:
        self.fail(sentence, for_the_window(remedy))

    def _choose(self) -> None:
        chooser = QFileDialog(self, self.tr("Add a rule file"), str(self._session.path.parent))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setFilter(QDir.Filter.AllEntries | QDir.Filter.Hidden | QDir.Filter.NoDotAndDotDot)  # .gitleaks.toml
        chooser.setNameFilters([self.tr("Rules in the form of gitleaks") + " (*.toml)", self.tr("All files") + " (*)"])
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(lambda chosen: self.add_file(Path(chosen)))
        chooser.open()


def tr(text: str) -> str:
    return QCoreApplication.translate("findings.own_rules", text)


def _used(project: Project) -> tuple[Used, ...]:
    known = texts(project)
    parsed = ((one, parse(one.name, known[one.hash])) for one in uses(project))
    return tuple(Used(use=one, rules=len(file.rules), notes=file.notes) for one, file in parsed)


def _columns() -> tuple[Column[tuple[int, Used]], ...]:
    return (
        Column(title=tr("Name"), text=lambda row: row[1].use.name, width=0, least=180, kind="strong"),
        Column(title=tr("Rules"), text=lambda row: count(row[1].rules), width=72, kind="number"),
        Column(title=tr("Added by"), text=lambda row: row[1].use.identity, width=140),
        Column(title=tr("When"), text=lambda row: day(row[1].use.decided_at), width=120, kind="muted"),
    )
