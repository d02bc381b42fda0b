"""A page by itself, without the window: its session, and its readings taken when a test says so."""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from espalier.core.project.file import Project
from espalier.gui.page import Page
from espalier.gui.session import Session
from espalier.gui.settings import Settings

Kind = TypeVar("Kind", bound=Page)


class Alone(Generic[Kind]):
    """`read` feeds the page what stands in the file now, also after each write; whoever made it closes it."""

    def __init__(self, path: Path, make: Callable[[Session], Kind], *, looks_only: bool = False) -> None:
        self.path = path
        self.session = Session(path, Settings(), looks_only=looks_only)
        self.page = make(self.session)
        asked_again = getattr(self.page, "asked_again", None)
        if asked_again is not None:
            asked_again.connect(self.read)
        self.session.written.connect(self.read)

    def read(self) -> None:
        with Project.open(self.path, read_only=True) as project:
            for name, reading in self.page.readings.items():
                self.page.take(name, reading.read(project))

    def close(self) -> None:
        self.page.leave()
        self.session.close()
