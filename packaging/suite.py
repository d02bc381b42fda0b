"""The whole test suite, one stage after another; a stage that fails does not keep the next from running.

Arguments go to pytest, and then pytest is all that runs.
"""

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTEST = ("-m", "pytest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One command of the suite, run by the environment's Python; `folder` where not the root."""

    name: str
    arguments: tuple[str, ...]
    folder: Path = ROOT
    report: Path | None = None


def stages(reports: Path) -> list[Stage]:
    fast, slow = reports / "fast.xml", reports / "slow.xml"
    own = tuple(sorted(path.name for path in (ROOT / "packaging").glob("*.py")))
    return [
        Stage(name="lint", arguments=("-m", "ruff", "check", ".")),
        Stage(name="format", arguments=("-m", "ruff", "format", "--check", ".")),
        Stage(name="types", arguments=("-m", "mypy")),
        Stage(name="types of packaging", arguments=("-m", "mypy", "--strict", *own), folder=ROOT / "packaging"),
        Stage(name="imports", arguments=("-c", "from importlinter.cli import lint_imports_command as c; c()")),
        Stage(name="distribution", arguments=("packaging/distribution.py",)),
        Stage(
            name="fast tests", arguments=(*PYTEST, "-q", "-m", "not slow", "-n", "2", f"--junitxml={fast}"), report=fast
        ),
        Stage(name="slow tests", arguments=(*PYTEST, "-q", "-m", "slow", f"--junitxml={slow}"), report=slow),
    ]


def run(stage: Stage) -> tuple[int, float]:
    """Exit status and seconds."""
    sys.stdout.write(f"\n── {stage.name} ──\n")
    sys.stdout.flush()
    began = time.monotonic()
    command = [sys.executable, *stage.arguments]
    status = subprocess.run(command, cwd=stage.folder, env=surroundings(), stdin=subprocess.DEVNULL).returncode
    return status, time.monotonic() - began


def surroundings() -> dict[str, str]:
    return os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}


def counts(reports: Sequence[Path]) -> dict[str, int]:
    """pytest's own figures, added up over its reports."""
    total = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for report in reports:
        if report.exists():
            for suite in ElementTree.parse(report).iter("testsuite"):
                total = {name: number + int(suite.get(name, "0")) for name, number in total.items()}
    return total


def closing_line(total: dict[str, int], broken: int, seconds: float) -> str:
    """One line in pytest's manner over the whole suite; a stage other than pytest that failed counts as an error."""
    errors = total["errors"] + broken
    passed = total["tests"] - total["failures"] - total["errors"] - total["skipped"]
    parts = ((total["failures"], "failed"), (passed, "passed"), (total["skipped"], "skipped"), (errors, "errors"))
    return f"== {', '.join(f'{number} {word}' for number, word in parts if number)} in {seconds:.2f}s =="


def main(arguments: list[str]) -> int:
    if arguments:
        os.chdir(ROOT)
        os.execve(sys.executable, [sys.executable, *PYTEST, *arguments], surroundings())
    with tempfile.TemporaryDirectory(prefix="espalier-suite-") as folder:
        plan = stages(Path(folder))
        results = [(stage, *run(stage)) for stage in plan]
        total = counts([stage.report for stage in plan if stage.report])
    sys.stdout.write("\n")
    for stage, status, seconds in results:
        sys.stdout.write(f"{'failed' if status else 'passed':8}{stage.name:20}{seconds:8.1f} s\n")
    counted = total["failures"] + total["errors"]
    broken = sum(1 for stage, status, _ in results if status and not (stage.report and counted))
    sys.stdout.write(closing_line(total, broken, sum(seconds for *_, seconds in results)) + "\n")
    return 1 if any(status for _, status, _ in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
