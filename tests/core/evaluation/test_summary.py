"""Gates: what did not run opens nothing, and no silence of the base excuses a flaw of the adapter."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from espalier.core.evaluation import evaluations
from espalier.core.evaluation.evaluations import Settings
from espalier.core.evaluation.sandbox.tier import Capability
from espalier.core.evaluation.summary import summarise
from espalier.core.project.file import Project
from espalier.core.project.policy import project_policy

Row = tuple[str, str, str, bool | None, float | None, str]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p", policy="demo") as made:
        yield made


def _gates(project: Project, rows: Sequence[Row]) -> dict[str, bool]:
    number = evaluations.create(project, 1, Settings())
    with project.write() as db:
        db.executemany("INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?)", [(number, *row) for row in rows])
    one = evaluations.evaluation(project, number)
    summary = summarise(project, one, [], Capability(tier="bubblewrap"), project_policy(project))
    return {gate["name"]: gate["passed"] for gate in summary["gates"]}  # type: ignore[attr-defined]  # JSON


def _security(base: Sequence[bool | None], adapter: Sequence[bool | None]) -> list[Row]:
    arms = {"base": base, "adapter": adapter}
    return [(str(n), arm, "security", one, None, "") for arm, found in arms.items() for n, one in enumerate(found)]


@pytest.mark.parametrize(
    ("base", "adapter", "opens"),
    [
        ([True, True], [True, True], True),
        ([False], [False], True),
        ([True], [False], False),
        ([None], [False], False),
        ([True, True], [None, None], False),
        ([], [], False),
    ],
)
def test_that_the_security_gate_counts_what_the_adapter_brings(
    project: Project, base: list[bool | None], adapter: list[bool | None], opens: bool
) -> None:
    assert _gates(project, _security(base, adapter))["security"] is opens


@pytest.mark.parametrize(("second", "opens"), [(1.0, True), (float("nan"), False), (900.0, False)])
def test_that_a_loss_that_is_no_number_opens_nothing(project: Project, second: float, opens: bool) -> None:
    rows: list[Row] = [("1", "base", "loss", None, 9.0, "3"), ("2", "base", "loss", None, 9.0, "3")]
    rows += [("1", "adapter", "loss", None, 1.0, "3"), ("2", "adapter", "loss", None, second, "3")]
    assert _gates(project, rows)["held-out loss"] is opens
