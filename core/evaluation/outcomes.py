"""What the checks of an evaluation found, as they are stored: by arm, check and task; and the held-out loss."""

from collections import defaultdict

from espalier.core.evaluation.evaluations import ARMS
from espalier.core.project.file import Project

Outcomes = dict[str, dict[str, dict[str, bool | None]]]  # arm → check → task → passed; None: not run
DECIDING = ("tests", "idiom")
ORDER = ("parse", "format", "lint", "types", "tests", "security", "idiom")


def outcomes(project: Project, number: int) -> Outcomes:
    found: Outcomes = {arm: defaultdict(dict) for arm in ARMS}
    query = 'SELECT task, arm, "check", passed FROM results WHERE evaluation = ? AND "check" != \'loss\''
    for row in project.rows(query, (number,)):
        passed = None if row["passed"] is None else bool(row["passed"])
        found[row["arm"]][row["check"]][row["task"]] = passed
    return found


def loss(project: Project, number: int, arm: str) -> float | None:
    """Nats per solution token over the held-out examples; None where one is not a number, which SQLite stores as NULL."""
    row = project.row(
        "SELECT sum(value) AS nll, sum(CAST(detail AS INTEGER)) AS tokens, count(*) - count(value) AS broken FROM results"
        " WHERE evaluation = ? AND arm = ? AND \"check\" = 'loss'",
        (number, arm),
    )
    return row["nll"] / row["tokens"] if row is not None and row["tokens"] and not row["broken"] else None


def not_run(project: Project, number: int) -> dict[str, int]:
    """Why checks did not run, counted over tasks of the adapter."""
    query = (
        "SELECT \"check\" || ': ' || detail AS why, count(*) AS n FROM results"
        " WHERE evaluation = ? AND arm = 'adapter' AND passed IS NULL AND \"check\" != 'loss' GROUP BY why ORDER BY n DESC"
    )
    return {row["why"]: row["n"] for row in project.rows(query, (number,))}


def deciding(found: Outcomes) -> str:
    """The check that says which tasks were fixed and broken: the tests where any ran, else the idiom."""
    return next((check for check in DECIDING if _ran(found, check)), "tests")


def in_order(checks: set[str]) -> list[str]:
    """Checks as people read them; parts of an idiom come after it."""
    return sorted(checks, key=lambda check: (ORDER.index(check) if check in ORDER else len(ORDER), check))


def _ran(found: Outcomes, check: str) -> int:
    return sum(one is not None for arm in ARMS for one in found[arm].get(check, {}).values())
