"""Checks of what a model wrote that run none of it: does it parse, is it formatted, linted, typed and secure.

They run in the sandbox all the same: the tools read hostile text, and a repository's own settings steer them. One run
of the sandbox serves all candidates of a tree, since starting a tool costs more than a file.
"""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from espalier.core.evaluation.sandbox import uid
from espalier.core.evaluation.sandbox.limits import MIB, Limits
from espalier.core.evaluation.sandbox.outcome import Outcome
from espalier.core.evaluation.sandbox.run import run
from espalier.core.evaluation.sandbox.toolchain import PYTHON, toolchain
from espalier.core.failures import UnusableInput

Check = Literal["parse", "format", "lint", "types", "security"]
TOOLS: dict[Check, str] = {"parse": "python", "format": "ruff", "lint": "ruff", "types": "mypy", "security": "bandit"}
INSIDE = Path(__file__).with_name("inside_static.py")
FOUND = "/tmp/found.json"
LIMITS = Limits(seconds=180, memory=2048 * MIB)
RESERVE = 15.0  # seconds kept for starting and for sending what was found


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A file as a model wants it: its path in the tree and its whole text."""

    path: str
    text: str

    def __post_init__(self) -> None:
        if PurePosixPath(self.path).is_absolute() or ".." in PurePosixPath(self.path).parts:
            raise UnusableInput(f"{self.path} lies outside the tree.", "Name a path below the tree's top folder.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """`passed` is None for a check that says nothing about the candidate; `detail` says why, or what is wrong."""

    name: Check
    passed: bool | None
    detail: str
    tool_version: str


def check_all(
    candidates: Mapping[str, Candidate], tree: Path | None = None, limits: Limits = LIMITS
) -> dict[str, list[CheckResult]]:
    """Every check of every candidate, by the candidate's key; five runs of the sandbox, however many there are."""
    by_check = [check(name, candidates, tree, limits) for name in TOOLS]
    return {key: [results[key] for results in by_check] for key in candidates}


def check(
    name: Check, candidates: Mapping[str, Candidate], tree: Path | None = None, limits: Limits = LIMITS
) -> dict[str, CheckResult]:
    """One check of files that would each replace the one of their path in `tree`.

    A candidate passes if it adds nothing to what the tool says of the tree's own version. Raises what `run.run` raises.
    """
    if not candidates:
        return {}
    if tree is None:
        with tempfile.TemporaryDirectory(prefix="espalier-empty-") as empty:
            return check(name, candidates, Path(empty), limits)
    tool = TOOLS[name]
    version = f"{tool} {toolchain(uid.account()).versions[tool]}"
    answers = told(inside(name, list(candidates.values()), tree, limits), len(candidates))
    return {
        key: CheckResult(name=name, passed=passed, detail=detail, tool_version=version)
        for key, (passed, detail) in zip(candidates, answers, strict=True)
    }


def inside(name: Check, candidates: Sequence[Candidate], tree: Path, limits: Limits) -> Outcome:
    plan = {
        "check": name,
        "seconds": max(1.0, limits.seconds - RESERVE),
        "candidates": [[candidate.path, candidate.text] for candidate in candidates],
    }
    return run(
        [PYTHON, "-I", "/inputs/inside_static.py"],
        source=tree,
        limits=limits,
        results=[FOUND],
        inputs={"inside_static.py": INSIDE.read_bytes(), "plan.json": json.dumps(plan).encode()},
    )


def told(outcome: Outcome, count: int) -> list[tuple[bool | None, str]]:
    """The answers, in order; the same None for all where the run brought none back."""
    if outcome.status == "exited" and outcome.exit_code == 0 and FOUND in outcome.files:
        answers = [(None if passed is None else bool(passed), str(detail)) for passed, detail in read(outcome)]
        if len(answers) == count:
            return answers
    tail = outcome.output[-300:].decode(errors="replace").strip()
    return [(None, f"not run: {outcome.status} {tail}".strip())] * count


def read(outcome: Outcome) -> list[tuple[object, object]]:
    return [(passed, detail) for passed, detail in json.loads(outcome.files[FOUND])]
