"""Who walks the demonstration, how far it is, and starting it where nobody waits for it: it outlives whoever started it."""

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from espalier.core.failures import EspalierError, UnusableInput, WorkFailed
from espalier.core.jobs.launch import detached
from espalier.core.jobs.life import Life, pulse, this_process
from espalier.core.project.canonical import canonical_text
from espalier.core.project.file import Project
from espalier.core.project.policy import project_policy

PROJECT = "demo.espalier"
LOG = "demonstration.log"
STEPS = ("repository", "findings", "examples", "dataset", "training", "evaluation", "release")


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """`step` is the one that it is at or was last; `walked` says that a process walks it now; `trouble` is why it broke off."""

    step: str
    walked: bool
    done: bool
    sentence: str
    remedy: str


def start(folder: Path, python: str = sys.executable) -> Path:
    """Have the demonstration walked in this folder by a process of its own, from where it was; returns the project file.

    The file is there at once, so that it can be watched. Nothing is started where somebody walks it already.
    Raises UnusableInput where the folder can't take it.
    """
    path = _made(folder.expanduser().absolute())
    with Project.open(path) as project:
        now = demonstration(project)
        if now is None:
            raise UnusableInput(f"{path} is not a demonstration.", "Choose another folder.")
        if not now.walked and not now.done:
            command = [python, "-P", "-m", "espalier.core.cli", "demo", str(path.parent)]
            _announce(project, _life(detached(project, command, log_file(project)).pid))
    return path


def log_file(project: Project) -> Path:
    return project.work / "logs" / LOG


def stop(project: Project) -> bool:
    """Ask whoever walks it to stop at the next safe point, as ctrl-C does; says whether there was anybody."""
    walker = _walker(project)
    if walker is None or pulse(walker) != "alive":
        return False
    os.kill(walker.pid, signal.SIGINT)
    return True


def demonstration(project: Project) -> Demonstration | None:
    """None for a project that is no demonstration."""
    if not project_policy(project).demonstration:
        return None
    walker, said = _walker(project), json.loads(project.meta("demo_trouble") or "{}")
    return Demonstration(
        step=project.meta("demo_step"),
        walked=walker is not None and pulse(walker) == "alive",
        done=project.value("SELECT 1 FROM releases LIMIT 1") is not None,
        sentence=said.get("sentence", ""),
        remedy=said.get("remedy", ""),
    )


@contextmanager
def announced(project: Project) -> Iterator[None]:
    """While this process walks the demonstration; what it breaks off with is kept for whoever looks.

    It hears `stop` even where it was born deaf to ctrl-C, as whatever a script starts in the background is.
    """
    _announce(project, this_process())
    main = threading.current_thread() is threading.main_thread()
    deaf = main and signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    if deaf:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    except EspalierError as error:
        _keep(project, "demo_trouble", canonical_text({"sentence": error.sentence, "remedy": error.remedy}))
        raise
    finally:
        if deaf:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        _keep(project, "demo_walker", "")


def enter(project: Project, step: str) -> None:
    _keep(project, "demo_step", step)


def _made(folder: Path) -> Path:
    path = folder / PROJECT
    if path.exists():
        return path
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sentence = f"The folder {folder} could not be made ({error.strerror})."
        raise WorkFailed(sentence, "Choose another folder.") from None
    with Project.create(path, policy="demo") as project:
        return project.path


def _walker(project: Project) -> Life | None:
    text = project.meta("demo_walker")
    return Life(**json.loads(text)) if text else None


def _announce(project: Project, life: Life) -> None:
    _keep(project, "demo_walker", canonical_text(asdict(life)))
    _keep(project, "demo_trouble", "")


def _life(pid: int) -> Life:
    here = this_process()
    return Life(host=here.host, boot=here.boot, pid=pid, started=psutil.Process(pid).create_time())


def _keep(project: Project, key: str, value: str) -> None:
    with project.write() as db:
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
