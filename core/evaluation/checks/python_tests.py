"""Runs a repository's own tests in the sandbox and says for each whether it passed.

A status of 0 proves nothing: code under test can end the process, and what it runs in is what counts the passes. So a
verdict takes pytest's report for each test, all expected ones in it, and a status that agrees with them.
"""

import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

from espalier.core.evaluation.checks.refusals import refused_path, refused_reason
from espalier.core.evaluation.sandbox.arguments import seen_at
from espalier.core.evaluation.sandbox.limits import Limits
from espalier.core.evaluation.sandbox.outcome import Outcome
from espalier.core.evaluation.sandbox.run import run
from espalier.core.evaluation.sandbox.toolchain import PYTHON

__all__ = ["TestReport", "refused_path", "refused_reason", "run_tests"]

INSIDE = Path(__file__).with_name("inside_pytest.py")
OPTIONS = (
    *("-p", "no:cacheprovider", "-p", "no:randomly", "-q", "--color=no", "--tb=short"),
    *("--continue-on-collection-errors", "-o", "junit_logging=no"),
)
WITHOUT_THEIR_OPTIONS = ("-o", "addopts=")
USAGE = 4
# pytest's statuses under which the tests have nothing to say about the code.
NOTHING_RAN = {USAGE: "pytest was called wrongly", 5: "no test was found"}
INTERNAL = 3

Verdict = Literal["passed", "failed", "error", "skipped"]
WORST_FIRST: tuple[Verdict, ...] = ("error", "failed", "skipped", "passed")


@dataclass(frozen=True, slots=True, kw_only=True)
class TestReport:
    """`infra`: the tests said nothing about the code, and `reason` says why; never to be counted as a failure."""

    __test__ = False  # for pytest, which takes the name for a test

    outcome: Literal["ran", "infra"]
    per_test: dict[str, Verdict] = field(default_factory=dict)
    reason: str = ""
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        return self.outcome == "ran" and bool(self.per_test) and set(self.per_test.values()) == {"passed"}


class Unreadable(Exception):
    """The report is not one that pytest wrote."""


def run_tests(
    tree: Path,
    *,
    ids: Sequence[str] = (),
    files: Sequence[str] = (),
    changed: Mapping[str, str] | None = None,
    packages: Sequence[Path] = (),
    limits: Limits | None = None,
    test_seconds: float = 20.0,
) -> TestReport:
    """The tests with these pytest `ids`, all of which must then be there; or, without ids, all in these `files`.

    `changed` is written over the copy of `tree`: path to text. `packages` are folders to import from, for what the
    tests require. `tree` and its `src` are importable. Raises what `run.run` raises.
    """
    report = attempt(tree, ids, files, changed or {}, packages, limits, test_seconds, options=())
    if report.reason.startswith(NOTHING_RAN[USAGE]):
        # Its configuration asks for plugins that aren't there: coverage, parallel runs.
        return attempt(tree, ids, files, changed or {}, packages, limits, test_seconds, options=WITHOUT_THEIR_OPTIONS)
    return report


def attempt(
    tree: Path,
    ids: Sequence[str],
    files: Sequence[str],
    changed: Mapping[str, str],
    packages: Sequence[Path],
    limits: Limits | None,
    test_seconds: float,
    options: tuple[str, ...],
) -> TestReport:
    nonce = secrets.token_hex(16)
    named = list(files) or list(dict.fromkeys(file_of(test) for test in ids))
    plan = {
        "nonce": nonce,
        "changed": dict(changed),
        "wanted": list(ids),
        "files": named,
        "seconds": test_seconds,
        "options": [*OPTIONS, *options],
    }
    roots = ["/work/src", "/work", *(str(seen_at(place)) for place in range(len(packages)))]
    outcome = run(
        [PYTHON, "-P", "/inputs/inside_pytest.py"],
        source=tree,
        limits=limits,
        readable=packages,
        environment={"PYTHONPATH": ":".join(roots), "PYTHONHASHSEED": "0", "TZ": "UTC"},
        results=[f"/tmp/{nonce}.{kind}" for kind in ("begun", "xml", "clean", "code")],
        inputs={"inside_pytest.py": INSIDE.read_bytes(), "plan.json": json.dumps(plan).encode()},
    )
    return judged(outcome, nonce, ids)


def judged(outcome: Outcome, nonce: str, expected: Collection[str]) -> TestReport:
    if outcome.status == "failed":
        return infra(outcome, "The sandbox did not start")
    if outcome.status != "exited":
        return all_in_error(outcome, expected, f"ended at its bound: {outcome.status}")
    if f"/tmp/{nonce}.begun" not in outcome.files:
        return infra(outcome, "pytest did not start")
    code = ended_with(outcome, nonce)
    if code is None:
        return all_in_error(outcome, expected, f"the process left before pytest did (status {outcome.exit_code})")
    if code in NOTHING_RAN:
        return infra(outcome, NOTHING_RAN[code])
    if code == INTERNAL:  # leaving with sys.exit while being imported comes to this
        return all_in_error(outcome, expected, "pytest itself failed")
    try:
        found, broken = read(outcome.files.get(f"/tmp/{nonce}.xml", b""), nonce)
        clean = names_of(outcome.files.get(f"/tmp/{nonce}.clean", b""))
    except Unreadable as problem:
        return all_in_error(outcome, expected, str(problem))
    if (code == 0) != (not broken and not {"failed", "error"}.intersection(found.values())):
        return all_in_error(outcome, expected, f"status {code} and the report disagree")
    if any(verdict == "passed" and test not in clean for test, verdict in found.items()):
        return all_in_error(outcome, expected, "the report calls a test passed that raised an error")
    return complete(outcome, found, broken, expected, interrupted=code == 2)


def ended_with(outcome: Outcome, nonce: str) -> int | None:
    """pytest's status; None if the process did not end with it, or not by itself."""
    written = outcome.files.get(f"/tmp/{nonce}.code", b"")
    return outcome.exit_code if written == str(outcome.exit_code).encode() else None


def complete(
    outcome: Outcome, found: dict[str, Verdict], broken: set[str], expected: Collection[str], *, interrupted: bool
) -> TestReport:
    """`broken` are files, as dotted names, that could not be imported: their tests are in error, not missing."""
    verdicts = {test: found[test] for test in expected if test in found} if expected else dict(found)
    missing = [test for test in expected if test not in found]
    excused = [test for test in missing if interrupted or dotted(file_of(test)) in broken]
    if len(excused) < len(missing):
        return infra(outcome, f"{len(missing)} expected tests are not there, such as {missing[0]}")
    if not expected and broken:
        verdicts |= dict.fromkeys(sorted(broken), "error")
    if not verdicts and not excused:
        return infra(outcome, NOTHING_RAN[5])
    reason = f"{', '.join(sorted(broken))} could not be imported" if broken else ""
    return TestReport(
        outcome="ran", per_test=verdicts | dict.fromkeys(excused, "error"), reason=reason, seconds=outcome.seconds
    )


def read(report: bytes, nonce: str) -> tuple[dict[str, Verdict], set[str]]:
    """Verdict by test id, and the dotted names of files that failed at collection; raises Unreadable.

    pytest writes no declarations, which is where the bombs of XML lie.
    """
    try:
        text = report.decode()
        if not text.startswith("<?xml") or "<!" in text:
            raise Unreadable("pytest's report is missing or not its own")
        cases = list(ElementTree.fromstring(text.partition("?>")[2]).iter("testcase"))
        return by_test(cases, nonce)
    except (UnicodeDecodeError, ElementTree.ParseError, json.JSONDecodeError):
        raise Unreadable("pytest's report can't be read") from None


def names_of(listing: bytes) -> set[str]:
    try:
        names = json.loads(listing)
    except ValueError:
        raise Unreadable("the list of tests that raised nothing is missing") from None
    return {str(name) for name in names} if isinstance(names, list) else set()


def by_test(cases: Sequence[ElementTree.Element], nonce: str) -> tuple[dict[str, Verdict], set[str]]:
    found: dict[str, Verdict] = {}
    broken: set[str] = set()
    for case in cases:
        names = [entry.get("value", "") for entry in case.iter("property") if entry.get("name") == nonce]
        if not names:
            broken.add(case.get("name", ""))
        for test in {str(json.loads(name)) for name in names}:
            found[test] = min(found.get(test, "passed"), verdict_of(case), key=WORST_FIRST.index)
    return found, broken


def verdict_of(case: ElementTree.Element) -> Verdict:
    kinds: dict[str, Verdict] = {"error": "error", "failure": "failed", "skipped": "skipped"}
    present = [kinds[child.tag] for child in case if child.tag in kinds]
    return min(present, key=WORST_FIRST.index, default="passed")


def file_of(test: str) -> str:
    return test.partition("::")[0]


def dotted(file: str) -> str:
    """As pytest's report names a file."""
    return file.removesuffix(".py").replace("/", ".")


def all_in_error(outcome: Outcome, expected: Collection[str], why: str) -> TestReport:
    """What the code did to its run counts against every test it was to pass; without a list, nothing is known."""
    if not expected:
        return infra(outcome, why)
    return TestReport(outcome="ran", per_test=dict.fromkeys(expected, "error"), reason=why, seconds=outcome.seconds)


def infra(outcome: Outcome, why: str) -> TestReport:
    tail = outcome.output[-600:].decode(errors="replace").strip()
    return TestReport(outcome="infra", reason=f"{why}: {tail}" if tail else why, seconds=outcome.seconds)
