"""One repository whole: when it was worked on, what is in it, whose code it is, what is left out, and what limits it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from espalier.core.repositories.licence_decisions import Source
from espalier.gui.figures import count, moment, size
from espalier.gui.literal import set_tip
from espalier.gui.parts.button import Button
from espalier.gui.parts.facts import Fact, Facts
from espalier.gui.parts.text import Text
from espalier.gui.repositories.reading import Counts, Cut, RepositoryRow
from espalier.gui.repositories.strip import Strip
from espalier.gui.repositories.words import VERDICTS, excluded, files, language, place_of
from espalier.gui.rights import licence

NARROW, WIDTH, NAMES, MOST = 288, 384, 112, 8


class Group(QWidget):
    """A heading and facts; hidden where there are none."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts = Facts(NAMES)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(4)
        column.addWidget(Text(title, "section"))
        column.addWidget(self._facts)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        self._facts.show_facts(facts)
        self.setVisible(bool(facts))


class RepositoryPane(QWidget):
    """Says so while nothing is chosen; its buttons are actions of the page."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(NARROW)
        self.setMaximumWidth(WIDTH)
        self._name = Text("", "panel", elide=Qt.TextElideMode.ElideRight)
        self._path = Text("", "second", "muted", elide=Qt.TextElideMode.ElideMiddle)
        self._trouble = Text("", "second", "bad", wrap=True)
        self.strip = Strip()
        self._about, self._languages = Group(self.tr("History")), Group(self.tr("Languages"))
        self._services, self._licences = Group(self.tr("Services")), Group(self.tr("Licences"))
        self._out = Group(self.tr("Left out, and why"))
        self._notes_head, self._notes = Text(self.tr("Notes"), "section"), Text("", "second", "second", wrap=True)
        self._none = Text(self.tr("Choose a repository to see what is in it."), "body", "second", wrap=True)
        self.buttons = tuple(Button.when_able(actions[name]) for name in ("locate repository", "drop repository"))
        self._lay_out()
        self.show_row(None, None)

    def show_row(self, row: RepositoryRow | None, cut: Cut | None) -> None:
        self._none.setVisible(row is None)
        self._whole.setVisible(row is not None)
        if row is None:
            return
        self._name.setText(row.repository.name)
        self._path.setText(str(row.repository.path))
        set_tip(self._path, str(row.repository.path))
        self._say_place(row)
        self.strip.show_activity(row.activity, "" if cut is None else cut.at)
        self._about.show_facts(self._history(row))
        numbers = row.numbers
        self._languages.show_facts(_shared(numbers.languages) if numbers else [])
        self._services.show_facts(self._counted(numbers.services) if numbers else [])
        self._licences.show_facts([_decided(one) for one in row.sources[:MOST]] + self._more(len(row.sources)))
        self._out.show_facts(self._counted(excluded(numbers.excluded)) if numbers else [])
        notes = self._notes_of(row)
        self._notes.setText("\n".join(notes))
        for part in (self._notes_head, self._notes):
            part.setVisible(bool(notes))

    def _say_place(self, row: RepositoryRow) -> None:
        gone = self.tr("It is not there any more. Put it back, or choose where it is now: it is known by its commits.")
        unread = self.tr("It has not been read yet: refresh.")
        said = {"gone": gone, "unread": unread}.get(row.place, "")
        self._trouble.setText(said)
        self._trouble.set_role("bad" if row.place == "gone" else "second")
        self._trouble.setVisible(bool(said))

    def _history(self, row: RepositoryRow) -> list[Fact]:
        facts: list[Fact] = []
        if row.numbers is not None:
            blobs = self.tr("{files} in all revisions, {size}")
            facts = [
                (self.tr("Commits"), count(row.numbers.commits)),
                (self.tr("Content"), blobs.format(files=files(row.numbers.blobs), size=size(row.numbers.bytes))),
            ]
        if row.activity is not None:
            facts += [
                (self.tr("First commit"), row.activity.first_commit[:10]),
                (self.tr("Last commit"), row.activity.last_commit[:10]),
                (self.tr("Authors"), self.tr("{n}; none is named here").format(n=count(row.activity.authors))),
            ]
        return [*facts, (self.tr("Added"), moment(row.repository.added_at))]

    def _notes_of(self, row: RepositoryRow) -> list[str]:
        chosen = ", ".join(row.repository.include)
        only = [self.tr("Only these paths are used: {globs}.").format(globs=chosen)] if chosen else []
        return [*only, *row.repository.notes]

    def _counted(self, counts: Counts) -> list[Fact]:
        told = [(name, files(number)) for name, number in counts[:MOST]]
        return told + self._more(len(counts))

    def _more(self, number: int) -> list[Fact]:
        return [("", self.tr("and {n} more").format(n=count(number - MOST)))] if number > MOST else []

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 8)
        column.setSpacing(4)
        groups = (self._about, self._languages, self._services, self._licences, self._out)
        for part in (self.strip, *groups, self._notes_head, self._notes):
            column.addWidget(part)
        column.addStretch(1)
        area = QScrollArea()
        area.setAccessibleName(self.tr("What is in the repository"))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        for ground in (inner, area.viewport()):
            ground.setAutoFillBackground(False)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._name, 1)
        for button in self.buttons:
            head.addWidget(button)
        self._whole = QWidget()
        whole = QVBoxLayout(self._whole)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(head)
        for part in (self._path, self._trouble):
            whole.addWidget(part)
        whole.addSpacing(8)
        whole.addWidget(area, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._none)
        outer.addWidget(self._whole, 1)
        outer.addStretch(0)
        outer.setAlignment(self._none, Qt.AlignmentFlag.AlignTop)


def _shared(counts: Counts) -> list[Fact]:
    """Each with its share of the files."""
    total = sum(number for _, number in counts)
    return [(language(name), f"{100 * number / total:.0f} %, {files(number)}") for name, number in counts[:MOST]]


def _decided(source: Source) -> Fact:
    shown = VERDICTS[source.decision]
    return licence(source.expression), f"{shown.word} · {place_of(source)}"
