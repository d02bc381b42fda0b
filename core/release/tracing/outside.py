"""What lies beside the project file or has left it: the work folder, copies that a migration kept, and exports."""

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from espalier.core.failures import WorkFailed
from espalier.core.project.file import SUFFIX, Project
from espalier.core.release.tracing.examples import TracedExample
from espalier.core.release.tracing.runs import TracedRun
from espalier.core.release.tracing.snapshots import TracedSnapshot
from espalier.core.release.tracing.sought import Sought
from espalier.core.training.runs import checkpoint_folder

BLOCK, OVERLAP = 4 << 20, 64 << 10  # bytes; no form of a secret is longer than the overlap
WEIGHTS = ".safetensors"  # numbers and nothing else
_EXPORTS = "SELECT at, actor, action, subject FROM audit WHERE action IN ('dataset.exported', 'examples.exported') ORDER BY seq"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file that somebody wrote out of what the secret reached; nothing of ours erases it."""

    at: str
    actor: str
    action: str
    subject: str


def exports(project: Project, examples: Sequence[TracedExample], snapshots: Sequence[TracedSnapshot]) -> list[Export]:
    held = ("reached", "quarantined", "cannot-be-told")
    subjects = {f"build:{one.build}" for one in examples if one.state in held}
    subjects |= {f"snapshot:{one.hash}" for one in snapshots if one.state in held}
    return [Export(**dict(row)) for row in project.rows(_EXPORTS) if row["subject"] in subjects]


def copies(project: Project) -> list[str]:
    """Names of copies of the project that stand beside it; one may be as old as the secret."""
    found = project.path.parent.glob(f"{_escaped(project.path.stem)}.format-*{SUFFIX}")
    return sorted(one.name for one in found)


def work_left(project: Project, runs: Sequence[TracedRun], value: Sought) -> list[Path]:
    """Checkpoints of runs that learnt it, and files in the work folder that hold it."""
    learnt = [one.id for one in runs if one.state in ("reached", "quarantined")]
    folders = [folder for number in learnt if (folder := checkpoint_folder(project, number)).exists()]
    return [*folders, *(path for path in _files(project.work) if _holds(path, value))]


def erase_work(left: Sequence[Path]) -> None:
    """Raises WorkFailed where one can't be deleted."""
    for path in left:
        try:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
        except OSError as error:
            sentence = f"{path} could not be deleted: {error.strerror}."
            raise WorkFailed(sentence, "Delete it, and run the same command again.") from None


def _files(folder: Path) -> Iterator[Path]:
    """Plain files below a folder; links are not followed."""
    for place, _, names in os.walk(folder):
        paths = (Path(place) / name for name in sorted(names) if not name.endswith(WEIGHTS))
        yield from (path for path in paths if path.is_file() and not path.is_symlink())


def _holds(path: Path, value: Sought) -> bool:
    with path.open("rb") as file:
        before = b""
        while block := file.read(BLOCK):
            if value.holds((before + block).decode("utf-8", "replace"), path.name):
                return True
            before = (before + block)[-OVERLAP:]
    return False


def _escaped(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
