"""What the pages of one open project share: reading, writing, jobs, who acts, undo, and ways from page to page."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from espalier.core.failures import UnusableInput
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity, identity
from espalier.gui.asking import Asking
from espalier.gui.commands import Commands
from espalier.gui.settings import Settings
from espalier.gui.writing import Failed, Writing

Answer = TypeVar("Answer")
Undo = Callable[[Project], object]


class Session(QObject):
    """One for each window.

    went(page, detail)          somebody asked to be taken to a page, and to something on it
    did(words, can be undone)   something was done that the person should see, for the toast
    refused(sentence, remedy)   something could not be done
    written()                   the file holds something new by this window's hand
    may_write_changed(bool)     the file can be written, or can't any more
    acting_changed(name)        who acts in this window; empty: nobody yet
    help_asked(topic)           somebody asked for a page of the help, by its file's name without .md
    """

    went = Signal(str, str)
    did = Signal(str, bool)
    refused = Signal(str, str)
    written = Signal()
    may_write_changed = Signal(bool)
    acting_changed = Signal(str)
    help_asked = Signal(str)

    def __init__(
        self, path: Path, settings: Settings, *, looks_only: bool = False, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.path, self.settings, self.looks_only = path, settings, looks_only
        self.commands = Commands(path, self)
        self._asking, self._writing = Asking(path, self), Writing(path, self)
        self._undos: list[tuple[str, Undo]] = []
        self._may_write = not looks_only
        self._acting = ""
        for one in (self._asking, self._writing, self.commands):
            one.refused.connect(self.refused)
        self._writing.written.connect(self.written)
        self.commands.asked.connect(lambda _job: self.written.emit())

    def read(
        self,
        kind: str,
        read: Callable[[Project], Answer],
        then: Callable[[Answer], None],
        failed: Failed | None = None,
    ) -> None:
        """Read something once, off this thread; a later question of the same kind makes this one void."""
        self._asking.ask(kind, read, then, failed)

    @property
    def reading(self) -> bool:
        """Whether something that was asked for by `read` has not come yet."""
        return self._asking.waiting

    def forget(self, kind: str) -> None:
        """Whatever was asked of this kind is no longer wanted."""
        self._asking.drop(kind)

    def write(
        self,
        write: Callable[[Project], Answer],
        then: Callable[[Answer], None] | None = None,
        failed: Failed | None = None,
        *,
        words: str | Callable[[Answer], str] = "",
        undo: Callable[[Answer], Undo] | None = None,
        quiet: bool = False,
    ) -> None:
        """Write something now, in order, off this thread.

        `words` are shown when it stands (none, or `quiet`: no toast); `undo` makes, from what `write` returned, what takes it back
        with Z.
        """

        if not self._may_write:
            (failed or self.refused.emit)(*self._only_looks())
            return

        def granted(answer: Answer) -> None:
            said = words if isinstance(words, str) else words(answer)
            if said:
                if undo is not None:
                    self._undos.append((said, undo(answer)))
                if not quiet:
                    self.did.emit(said, undo is not None)
            if then is not None:
                then(answer)

        self._writing.write(write, granted, failed)

    def undo(self) -> None:
        """Take back the newest thing that can be taken back; nothing happens where there is none."""
        if not self._undos or not self._may_write:
            return
        words, function = self._undos.pop()
        self._writing.write(
            function, lambda _: self.did.emit(self.tr("Taken back: {words}").format(words=words), False)
        )

    @property
    def can_undo(self) -> bool:
        return bool(self._undos)

    def start(
        self, start: Callable[[Project], int], then: Callable[[int], None] | None = None, failed: Failed | None = None
    ) -> None:
        """Queue a job (`start` returns its number) and see to it that a worker takes it."""

        if not self._may_write:
            (failed or self.refused.emit)(*self._only_looks())
            return

        def queued(number: int) -> None:
            self.commands.want(number)
            if then is not None:
                then(number)

        self._writing.write(start, queued, failed)

    def _only_looks(self) -> tuple[str, str]:
        """Whatever a page forgot to switch off."""
        return self.tr("Nothing can be changed here."), self.tr("This window only looks, or the file is read-only.")

    def go(self, page: str, detail: str = "") -> None:
        self.went.emit(page, detail)

    @property
    def may_write(self) -> bool:
        """Whether this window may change the project: the file can be written, and the window doesn't only look."""
        return self._may_write

    def set_may_write(self, may: bool) -> None:
        may = may and not self.looks_only
        if may != self._may_write:
            self._may_write = may
            self.may_write_changed.emit(may)

    @property
    def acting(self) -> str:
        """The name of the identity that acts in this window; empty while there is none."""
        return self._acting

    def act_as(self, name: str) -> None:
        if name != self._acting:
            self._acting = name
            self.acting_changed.emit(name)

    def who(self, project: Project) -> Identity:
        """Who acts, for what is written; raises UnusableInput where nobody does. For the writing thread."""
        if not self._acting:
            raise UnusableInput(
                "Nobody acts in this window yet, and a decision needs a name.",
                "Choose or make an identity at the top right.",
            )
        return identity(project, self._acting)

    def close(self) -> None:
        """Wait for what is being written; jobs go on in their own processes."""
        self._asking.close()
        self._writing.close()
        self.commands.close()
