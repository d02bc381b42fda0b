"""Rules of the company's own, proven and about to be used: how many, what of them means something else here, and their name."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from espalier.core.failures import UnusableInput
from espalier.core.findings.own import files
from espalier.core.findings.own.files import Given
from espalier.core.findings.ruleset import uses
from espalier.core.project.file import Project
from espalier.gui.figures import count
from espalier.gui.findings.sentence import some
from espalier.gui.findings.words import for_the_window
from espalier.gui.parts.dialog import Dialog
from espalier.gui.parts.facts import Facts
from espalier.gui.parts.field import Field
from espalier.gui.parts.text import Text
from espalier.gui.session import Session, Undo

NAMES, WIDE, NOTES, READING = 104, 600, 6, "findings own rules proven"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """Rules that can be used, and the names that rules of the project go by."""

    given: Given
    taken: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """`before` is the hash of what went by that name, None where nothing did."""

    name: str
    before: str | None


class AddRules(Dialog):
    """`prove` is called off this thread. With `new`, the name that is offered is one that nothing goes by."""

    def __init__(self, session: Session, prove: Callable[[], Given], parent: QWidget, *, new: bool = False) -> None:
        super().__init__(
            self.tr("Use these rules in every scan?"),
            self.tr(
                "They take part beside Espalier's own, which always stay. The rules of the project change by that: it is to be"
                " scanned again, and an approval ends. The text is kept in the project, on record with who added it."
            ),
            accept=self.tr("Use from now on"),
            width=WIDE,
            parent=parent,
        )
        self._session, self._new = session, new
        self._proven: Proven | None = None
        self.facts, self.name = (
            Facts(NAMES),
            Field(self.tr("lower case letters, digits, dots, hyphens"), name=self.tr("Name")),
        )
        self.said = Text(self.tr("Proving the rules."), "second", "second", wrap=True)
        self.notes = Text("", "second", "second", wrap=True)
        self.called = Text(self.tr("The name that they go by: their rules are called NAME/RULE"), "second", "muted")
        for part in (self.facts, self.called, self.name, self.said, self.notes):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.notes.hide()
        self.ok.setEnabled(False)
        self.name.textChanged.connect(lambda _: self._say_name())
        self.name.returnPressed.connect(self.ok.click)
        self.set_accept_handler(self._add)
        self.finished.connect(lambda _: session.forget(READING))
        session.read(READING, lambda project: _proven(project, prove), self._show, self._untold)

    def _show(self, proven: Proven) -> None:
        self._proven = proven
        given = proven.given
        self.facts.show_facts([(self.tr("Rules"), count(len(given.file.rules))), (self.tr("SHA-256"), given.hash[:16])])
        self.name.setText(_free(given.name, proven.taken) if self._new else given.name)
        notes = given.file.notes
        more = some(len(notes) - NOTES, self.tr("And 1 more."), self.tr("And {n} more."))
        self.notes.setText(" ".join((*notes[:NOTES], *([more] if len(notes) > NOTES else []))))
        self.notes.setVisible(bool(notes))
        self.ok.setEnabled(True)
        self.name.setFocus()
        self.name.selectAll()

    def _say_name(self) -> None:
        taken = self._proven is not None and self.name.text().strip() in self._proven.taken
        self.said.setText(self.tr("They take the place of the rules of that name."))
        self.said.setVisible(taken)

    def _untold(self, sentence: str, remedy: str) -> None:
        for part in (self.said, self.called, self.name):
            part.hide()
        self._refuse(sentence, remedy)
        self.ok.setEnabled(False)

    def _refuse(self, sentence: str, remedy: str) -> None:
        self.fail(sentence, for_the_window(remedy))

    def _add(self) -> None:
        proven, name, session = self._proven, self.name.text().strip(), self._session
        if proven is None:
            return
        self.ok.setEnabled(False)
        given = proven.given

        def write(project: Project) -> Added:
            known = given if name == given.name else files.given(name, given.text)
            before = {one.name: one.hash for one in uses(project)}.get(name)
            if before == known.hash:
                raise UnusableInput(f"These very rules are in use already as {name}.", "")
            files.add(project, known, session.who(project))
            return Added(name=name, before=before)

        def undo(added: Added) -> Undo:
            return lambda project: _take_back(project, session, added)

        session.write(
            write,
            self.while_there(lambda _: self.accept()),
            self.while_there(self._refuse, session.refused.emit),
            words=self.tr("Rules {name}: used from the next scan on").format(name=name),
            undo=undo,
        )


def _proven(project: Project, prove: Callable[[], Given]) -> Proven:
    return Proven(given=prove(), taken=frozenset(one.name for one in uses(project)))


def _free(name: str, taken: Collection[str]) -> str:
    """Or, where something goes by that name, with the first number that is free."""
    others = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(one for one in others if one not in taken)


def _take_back(project: Project, session: Session, added: Added) -> None:
    who = session.who(project)
    if added.before is None:
        files.remove(project, added.name, who)
    else:
        files.use_again(project, added.name, added.before, who)
