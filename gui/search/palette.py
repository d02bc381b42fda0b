"""The command palette: every action, page, topic of the help and thing of the project, found by typed words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from espalier.core.project.file import Project
from espalier.gui.help.reading import topics
from espalier.gui.pages import place
from espalier.gui.parts.palette_box import Entry, PaletteBox
from espalier.gui.search.ranking import rank
from espalier.gui.search.reading import Thing, things
from espalier.gui.session import Session

MOST, BY_ABOUT = 60, 4
HIDDEN = ("palette",)
Actions = Mapping[str, QAction]


@dataclass(frozen=True, slots=True)
class _Found:
    """An entry, what it does, and how far behind equally good ones it stands."""

    entry: Entry
    act: Callable[[], object]
    behind: int
    about: str = ""


class Palette(QObject):
    """`actions` gives, when the palette opens, the tables of actions that can be used now, the page's own first."""

    def __init__(self, session: Session | None, actions: Callable[[], list[Actions]], window: QWidget) -> None:
        super().__init__(window)
        self._session, self._actions = session, actions
        self._things: tuple[_Found, ...] = ()
        self._shown: dict[str, _Found] = {}
        self.box = PaletteBox(window)
        self.box.typed.connect(self._search)
        self.box.chosen.connect(self._do)

    def turn(self) -> None:
        """Open it, or close it where it is open."""
        if self.box.isVisible():
            self.box.close_box()
            return
        self._things = ()
        self.box.open_box()

    def _search(self, words: str) -> None:
        self._things = ()
        self._show(words)
        if self._session is not None:

            def find(project: Project) -> tuple[Thing, ...]:
                return things(project, words)

            self._session.read("palette", find, lambda found: self._take(words, found))

    def _take(self, words: str, found: tuple[Thing, ...]) -> None:
        if self.box.field.text() == words and found:
            self._things = tuple(self._of_thing(thing) for thing in found)
            self._show(words)

    def _show(self, words: str) -> None:
        ranked = [(_place(words, one), one) for one in self._candidates(words)]
        fitting = sorted(
            ((place[0] + one.behind, place[1], one.entry.text, one) for place, one in ranked if place is not None),
            key=lambda found: found[:3],
        )
        best = [*self._things, *(found[-1] for found in fitting)][:MOST]
        self._shown = {f"{number}": one for number, one in enumerate(best)}
        self.box.show_entries([replace(one.entry, id=number) for number, one in self._shown.items()])

    def _do(self, number: str) -> None:
        self._shown[number].act()

    def _candidates(self, words: str) -> Iterator[_Found]:
        for number, table in enumerate(self._actions()):
            for name, action in table.items():
                if name not in HIDDEN:
                    yield _of_action(action, number, self._why_not(action))
        if words:
            yield from (self._of_topic(topic.name, topic.title) for topic in topics())

    def _why_not(self, action: QAction) -> str:
        """Why it can't be done now; empty where it can."""
        if action.isEnabled():
            return ""
        looks = self._session is not None and not self._session.may_write and bool(action.property("writes"))
        if looks:
            return QCoreApplication.translate("palette", "not here: nothing can be changed in this window")
        return QCoreApplication.translate("palette", "not now")

    def _of_topic(self, name: str, title: str) -> _Found:
        entry = Entry(id="", icon="help", text=title, note=QCoreApplication.translate("palette", "help"))
        return _Found(entry, lambda: self._go("help", name), 2)

    def _of_thing(self, thing: Thing) -> _Found:
        text = f"{QCoreApplication.translate('palette', thing.kind).capitalize()} {thing.name}"
        entry = Entry(id="", icon=place(thing.page).icon, text=text, note=thing.about)
        return _Found(entry, lambda: self._go(thing.page, thing.detail), 0)

    def _go(self, page: str, detail: str) -> None:
        if self._session is not None:
            self._session.go(page, detail)


def _place(words: str, one: _Found) -> tuple[int, int] | None:
    """By its words, else by what it says about itself."""
    place = rank(words, one.entry.text)
    if place is not None:
        return place
    place = rank(words, f"{one.entry.text} {one.about}")
    return None if place is None else (place[0] + BY_ABOUT, place[1])


def _of_action(action: QAction, behind: int, why_not: str) -> _Found:
    """One that can't be done now is listed too, and says why."""
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    entry = Entry(
        id=action.objectName(),
        icon=str(action.property("glyph") or "info"),
        text=action.text(),
        note=why_not,
        note_role="muted",
        keys=tuple(part for stroke in keys.split(", ") for part in stroke.split("+") if part),
    )
    return _Found(entry, action.trigger, behind, action.toolTip())
