"""Making a project file, and putting a demonstration on its way, in a thread: a file takes a second, and disks may be slow."""

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from espalier.core.demo import driving
from espalier.core.jobs.job import enqueue
from espalier.core.jobs.launch import launch
from espalier.core.project.file import Project
from espalier.core.repositories.stage import ADD, Wish, adding
from espalier.gui.bugs import telling
from espalier.gui.start.plan import Plan

LEAVE_SECONDS = 20.0


class Making(QObject):
    """made(path): this project file is there; refused(sentence, remedy): it could not be made."""

    made = Signal(str)
    refused = Signal(str, str)
    _ended = Signal(str)
    _failed = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._ended.connect(self._tell)
        self._failed.connect(self._refuse)

    @property
    def busy(self) -> bool:
        return self._thread is not None

    def make(self, plan: Plan) -> None:
        """What a person has decided about a project."""
        if plan.existing:
            self.added(plan.path, plan.wishes)
        else:
            self.project(plan.path, plan.policy, plan.wishes)

    def project(self, path: Path, policy: str, wishes: tuple[Wish, ...] = ()) -> None:
        """A new project under that policy; a worker adds the repositories, and goes on when this window is gone."""
        self._do(lambda: _new(path, policy, wishes))

    def added(self, path: Path, wishes: tuple[Wish, ...]) -> None:
        """Have repositories added to a project that is there."""
        self._do(lambda: _added(path, wishes))

    def sample(self, folder: Path) -> None:
        """The demonstration in that folder: from the beginning, or from where it broke off."""
        self._do(lambda: driving.start(folder))

    def leave(self) -> None:
        """Wait for what is being made."""
        if self._thread is not None:
            self._thread.join(LEAVE_SECONDS)

    def _do(self, function: Callable[[], Path]) -> None:
        if self.busy:
            return
        self._thread = threading.Thread(target=self._perform, args=(function,), name="making", daemon=True)
        self._thread.start()

    def _perform(self, function: Callable[[], Path]) -> None:
        with telling(lambda failure: self._failed.emit(failure.sentence, failure.remedy)):
            self._ended.emit(str(function()))

    def _tell(self, path: str) -> None:
        self._thread = None
        self.made.emit(path)

    def _refuse(self, sentence: str, remedy: str) -> None:
        self._thread = None
        self.refused.emit(sentence, remedy)


def _new(path: Path, policy: str, wishes: tuple[Wish, ...]) -> Path:
    with Project.create(path, policy=policy) as project:
        _have_added(project, wishes)
        return project.path


def _added(path: Path, wishes: tuple[Wish, ...]) -> Path:
    with Project.open(path) as project:
        _have_added(project, wishes)
        return project.path


def _have_added(project: Project, wishes: tuple[Wish, ...]) -> None:
    if wishes:
        enqueue(project, ADD, adding(wishes), "cpu")
        launch(project, "cpu")
