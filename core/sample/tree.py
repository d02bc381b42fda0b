"""The company's files as they stood at a commit."""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path, PurePosixPath

from espalier.core.failures import WorkFailed
from espalier.core.sample.history import COMPANY, Edit, Planned
from espalier.core.sample.modules import code_of, keys_of, tests_of


def _below(folder: Path) -> dict[str, str]:
    """The texts below a folder by their path in the company's repository; here each ends in .txt."""
    files = (path for path in folder.rglob("*.txt") if path.is_file())
    return {path.relative_to(folder).as_posix().removesuffix(".txt"): path.read_text("utf-8") for path in files}


@cache
def plain_files() -> dict[str, str]:
    """The last version of every file that is not a service module."""
    return _below(COMPANY / "files")


@cache
def modules() -> dict[str, str]:
    """The last version of every service module, tests and sections in it."""
    return {f"services/{path}": text for path, text in _below(COMPANY / "modules").items()}


def _undo(edit: Edit, text: str) -> str:
    if text.count(edit.now) != 1:
        raise WorkFailed(f"An edit of {edit.path} in the sample's history does not fit once.", "Reinstall Espalier.")
    return text.replace(edit.now, edit.was)


def _before(texts: dict[str, str], edits: Iterable[Edit]) -> dict[str, str]:
    earlier = dict(texts)
    for edit in edits:
        earlier[edit.path] = _undo(edit, earlier[edit.path])
    return earlier


def _present(commits: Sequence[Planned], known: frozenset[str]) -> set[str]:
    paths: set[str] = set()
    for commit in commits:
        if commit.key in known:
            paths |= set(commit.add)
            paths -= set(commit.delete)
    return paths


def tests_path(module: str) -> str:
    """`services/payments/fees.py` is tested in `tests/payments/test_fees.py`."""
    path = PurePosixPath(module)
    return f"tests/{path.parent.name}/test_{path.name}"


def _module_files(path: str, text: str, known: frozenset[str]) -> dict[str, str]:
    keys = keys_of(text) & known
    if not keys:
        return {}
    dotted = path.removesuffix(".py").replace("/", ".")
    files = {path: code_of(text, keys), tests_path(path): tests_of(text, keys, dotted)}
    return {name: content for name, content in files.items() if content}


def tree_at(commits: Sequence[Planned], known: frozenset[str]) -> dict[str, str]:
    """All files once exactly the commits with the known keys are in, secrets still as names."""
    ahead = [edit for commit in reversed(commits) if commit.key not in known for edit in reversed(commit.edits)]
    texts = _before({**plain_files(), **modules()}, ahead)
    files = {path: texts[path] for path in _present(commits, known)}
    for path in modules():
        files |= _module_files(path, texts[path], known)
    return files
