"""Runs inside the sandbox only, handed in as a file: one check over many candidate files, each against what it replaces.

A candidate passes when it brings nothing that the tree's own version of the file does not have as often, so a rule that
a repository never followed tells nothing about a model.

Each check maps candidates to (passed or None, detail); the tools run as they would in the repository's own folder.
"""

import functools
import json
import os
import re
import signal
import subprocess
import sys
import time
import tokenize
import tomllib
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WORK = Path("/work")
EACH = 20.0  # seconds for one file
SHOWN = 3
SILENCERS = {
    "format": r"#\s*(fmt|yapf)\s*:",
    "lint": r"#\s*(noqa|ruff\s*:|flake8\s*:)",
    "types": r"#\s*(type\s*:\s*ignore|mypy\s*:)",
    "security": r"#\s*nosec",
}
RUFF_SETTINGS = ("ruff.toml", ".ruff.toml")

Answer = tuple[bool | None, str]
Findings = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Candidate:
    place: int
    path: str
    text: str

    @property
    def before(self) -> str | None:
        """The tree's own version; None for a file it does not have."""
        try:
            return (WORK / self.path).read_text()
        except (OSError, UnicodeDecodeError):
            return None


def parse(candidates: list[Candidate], deadline: float) -> dict[int, Answer]:
    return {candidate.place: parsed(candidate.text, candidate.path) for candidate in candidates}


def parsed(text: str, path: str) -> Answer:
    """In a child, since source text has been known to crash the parser."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(int(EACH))
        os.write(writing, syntax_error(text, path).encode()[:4096])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        problem = pipe.read().decode(errors="replace")
    if os.waitpid(child, 0)[1] != 0:
        return False, "the parser crashed or did not finish"
    return not problem, problem


def syntax_error(text: str, path: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, path, "exec", dont_inherit=True)
    except SyntaxError as problem:
        return f"line {problem.lineno}: {problem.msg}" if problem.lineno else problem.msg
    except (ValueError, RecursionError, MemoryError) as problem:
        return f"{type(problem).__name__}: {problem}"
    return ""


def formatted(candidates: list[Candidate], deadline: float) -> dict[int, Answer]:
    return {candidate.place: is_formatted(candidate) for candidate in candidates}


def is_formatted(candidate: Candidate) -> Answer:
    before = candidate.before
    if before is not None and reformatted(candidate.path, before) != before:
        return None, "the repository's own version of the file is not formatted by ruff"
    wanted = reformatted(candidate.path, candidate.text)
    if wanted is None:
        return False, "ruff can't format it"
    return wanted == candidate.text, "" if wanted == candidate.text else first_difference(candidate.text, wanted)


@functools.cache
def reformatted(path: str, text: str) -> str | None:
    done = tool([*ruff("format", path), "-"], text)
    return done.stdout if done.returncode == 0 else None


def first_difference(text: str, wanted: str) -> str:
    pairs = enumerate(zip(text.splitlines(), wanted.splitlines(), strict=False), start=1)
    line = next((number for number, (one, other) in pairs if one != other), None)
    return f"line {line} would be changed" if line else "its end would be changed"


def linted(candidates: list[Candidate], deadline: float) -> dict[int, Answer]:
    return {
        candidate.place: compared(lint(candidate.path, candidate.text), lint(candidate.path, candidate.before or ""))
        for candidate in candidates
    }


@functools.cache
def lint(path: str, text: str) -> Findings:
    done = tool([*ruff("check", path), "--output-format=json", "--no-fix", "--exit-zero", "-"], text)
    if done.returncode != 0:
        raise ToolFailed(done.stderr.strip()[-300:])
    return Counter((entry["code"] or "syntax", entry["message"]) for entry in json.loads(done.stdout or "[]"))


def ruff(command: str, path: str) -> list[str]:
    settings = [] if has_ruff_settings(path) else ["--isolated"]
    return ["ruff", command, "--no-cache", "--quiet", *settings, f"--stdin-filename={path}"]


def has_ruff_settings(path: str) -> bool:
    folders = [WORK, *(WORK / parent for parent in Path(path).parents)]
    return any((folder / name).is_file() for folder in folders for name in RUFF_SETTINGS) or any(
        "ruff" in tools_of(folder / "pyproject.toml") for folder in folders
    )


def tools_of(project: Path) -> dict[str, Any]:
    try:
        return dict(tomllib.loads(project.read_text()).get("tool", {}))
    except (OSError, ValueError):
        return {}


def secure(candidates: list[Candidate], deadline: float) -> dict[int, Answer]:
    looked_at = [candidate for candidate in candidates if not is_test(candidate.path)]
    answers: dict[int, Answer] = {
        candidate.place: (None, "tests are not looked at") for candidate in candidates if is_test(candidate.path)
    }
    found = scanned(
        {**{("new", c.place): c.text for c in looked_at}, **{("old", c.place): c.before or "" for c in looked_at}}
    )
    for candidate in looked_at:
        answers[candidate.place] = compared(found["new", candidate.place], found["old", candidate.place])
    return answers


def is_test(path: str) -> bool:
    parts = Path(path).parts
    return bool({"test", "tests"}.intersection(parts)) or parts[-1].startswith("test_") or parts[-1] == "conftest.py"


def scanned(texts: dict[tuple[str, int], str]) -> dict[tuple[str, int], Findings]:
    """What bandit finds; asserts (B101), the mere import of subprocess (B404) and B603 when low say little."""
    folder = Path("/tmp/scanned")
    folder.mkdir(exist_ok=True)
    files = {str(folder / f"{kind}_{place}.py"): (kind, place) for kind, place in texts}
    for name, key in files.items():
        Path(name).write_text(texts[key])
    if not files:
        return {}
    command = [sys.executable, "-I", "-m", "bandit", "-q", "-f", "json", "--exit-zero", "-s", "B101,B404", *files]
    report = json.loads(tool(command, "", seconds=EACH + len(files)).stdout)
    if report["errors"]:
        raise ToolFailed(f"bandit: {report['errors'][0]['reason']}")
    found: dict[tuple[str, int], Findings] = {key: Counter() for key in texts}
    for entry in report["results"]:
        if (entry["test_id"], entry["issue_severity"]) != ("B603", "LOW"):
            found[files[entry["filename"]]][entry["test_id"], entry["issue_text"]] += 1
    return found


def typed(candidates: list[Candidate], deadline: float) -> dict[int, Answer]:
    """One run of mypy for all; where one makes it stop, each half by itself, until time is up."""
    left = deadline - time.monotonic()
    if left < 5:
        return {candidate.place: (None, "mypy had no time left for it") for candidate in candidates}
    try:
        return type_checked(candidates, seconds=left if len(candidates) == 1 else left / 2)
    except (ToolFailed, subprocess.TimeoutExpired) as problem:
        if len(candidates) == 1:
            return {candidates[0].place: (None, f"mypy did not finish: {problem}"[:300])}
        half = len(candidates) // 2
        return typed(candidates[:half], deadline) | typed(candidates[half:], deadline)


def type_checked(candidates: list[Candidate], seconds: float) -> dict[int, Answer]:
    """Each lies beside the file it would replace, under a name of its own, so that its relative imports hold."""
    beside = {str(Path(c.path).with_name(f"candidate_{c.place}_{os.getpid()}.py")): c for c in candidates}
    for name, candidate in beside.items():
        (WORK / name).parent.mkdir(parents=True, exist_ok=True)
        (WORK / name).write_text(candidate.text)
    try:
        found = mypy([*beside, *sorted({c.path for c in candidates if c.before is not None})], seconds)
    finally:
        for name in beside:
            (WORK / name).unlink()
    return {c.place: compared(found[name], found.get(c.path, Counter())) for name, c in beside.items()}


def mypy(names: Iterable[str], seconds: float) -> dict[str, Findings]:
    """Findings by file; without the repository's own settings, whose plugins are not there."""
    options = "--config-file= --ignore-missing-imports --follow-imports=silent --cache-dir=/tmp/types --output=json"
    files = list(names)
    done = tool([sys.executable, "-I", "-m", "mypy", *options.split(), *files], "", seconds=seconds)
    if done.returncode not in (0, 1):
        raise ToolFailed((done.stdout + done.stderr).strip()[-300:])
    found: dict[str, Findings] = {name: Counter() for name in files}
    for line in done.stdout.splitlines():
        entry = json.loads(line) if line.startswith("{") else {}
        if entry.get("severity") == "error" and entry["file"] in found:
            message = entry["message"].replace(Path(entry["file"]).stem, "this module")
            found[entry["file"]][entry["code"] or "", message] += 1
    return found


class ToolFailed(Exception):
    """A tool ended in a way that says nothing about the file."""


def tool(command: list[str], text: str, seconds: float = EACH) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, input=text, capture_output=True, text=True, check=False, cwd=WORK, timeout=seconds, errors="replace"
    )


def compared(new: Findings, old: Findings) -> Answer:
    extra = new - old
    shown = "; ".join(f"{code} {message}" for code, message in sorted(extra)[:SHOWN])
    more = f" and {extra.total() - SHOWN} more" if extra.total() > SHOWN else ""
    return not extra, f"{shown}{more}"


def silenced(check: str, candidate: Candidate) -> str:
    """The comment by which a candidate switches a check off where the file before it did not."""
    if check not in SILENCERS:
        return ""
    extra = comments(candidate.text, SILENCERS[check]) - comments(candidate.before or "", SILENCERS[check])
    return f"it switches the check off with '{next(iter(extra))}'" if extra else ""


def comments(text: str, pattern: str) -> Counter[str]:
    try:
        tokens = list(tokenize.generate_tokens(iter(text.splitlines(keepends=True)).__next__))
    except (tokenize.TokenError, SyntaxError):
        return Counter()
    found = (re.search(pattern, token.string, re.IGNORECASE) for token in tokens if token.type == tokenize.COMMENT)
    return Counter(match.group() for match in found if match)


CHECKS: dict[str, Callable[[list[Candidate], float], dict[int, Answer]]] = {
    "parse": parse,
    "format": formatted,
    "lint": linted,
    "types": typed,
    "security": secure,
}


def answers(check: str, candidates: list[Candidate], deadline: float) -> dict[int, Answer]:
    """What doesn't parse and what switches the check off fails without the tool being asked."""
    early: dict[int, Answer] = {}
    for candidate in candidates if check != "parse" else []:
        reads, problem = parsed(candidate.text, candidate.path)
        reason = f"it does not parse: {problem}" if not reads else silenced(check, candidate)
        early |= {candidate.place: (False, reason)} if reason else {}
    rest = [candidate for candidate in candidates if candidate.place not in early]
    return early | each_alone_on_failure(check, rest, deadline)


def each_alone_on_failure(check: str, candidates: list[Candidate], deadline: float) -> dict[int, Answer]:
    try:
        return CHECKS[check](candidates, deadline) if candidates else {}
    except (ToolFailed, subprocess.TimeoutExpired, json.JSONDecodeError) as problem:
        if len(candidates) == 1 or time.monotonic() > deadline:
            return {candidate.place: (None, f"the tool failed: {problem}"[:300]) for candidate in candidates}
    half = len(candidates) // 2
    return each_alone_on_failure(check, candidates[:half], deadline) | each_alone_on_failure(
        check, candidates[half:], deadline
    )


def main() -> None:
    plan = json.loads(Path("/inputs/plan.json").read_text())
    candidates = [Candidate(place, path, text) for place, (path, text) in enumerate(plan["candidates"])]
    found = answers(plan["check"], candidates, time.monotonic() + plan["seconds"])
    Path("/tmp/found.json").write_text(json.dumps([found[candidate.place] for candidate in candidates]))


if __name__ == "__main__":
    main()
