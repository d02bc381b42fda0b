"""Base against adapter, task by task: what each check said of both answers, what that changes, and rates over any part of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from espalier.core.evaluation.evaluations import ARMS
from espalier.core.evaluation.outcomes import Outcomes, in_order
from espalier.core.evaluation.statistics import Difference, Rate, difference, rate
from espalier.core.project.clock import parse
from espalier.core.project.file import Project, Row

Change = Literal["fixed", "broken", "same", "not compared"]
Verdicts = Mapping[str, bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A task; `change` is by the deciding check, `written_at` when its reference first appeared in the repository."""

    task: str
    title: str
    origin: str
    repository: str
    path: str
    qualified_name: str
    service: str
    written_at: str | None
    base: Verdicts
    adapter: Verdicts
    change: Change

    @property
    def fails_at(self) -> str:
        """The first check that the adapter's answer fails and the base's passes; empty where there is none."""
        lost = (check for check, passed in self.adapter.items() if passed is False and self.base.get(check))
        return next(lost, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRates:
    """One check over some tasks."""

    check: str
    base: Rate
    adapter: Rate
    difference: Difference | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """The tasks whose references were written in one quarter, named like 2026-Q3."""

    name: str
    base: Rate
    adapter: Rate


def compared(project: Project, number: int, found: Outcomes, decided_by: str) -> tuple[Compared, ...]:
    """In the order of the tasks' titles."""
    query = (
        "SELECT tasks.*, committed_at FROM asked JOIN tasks ON tasks.id = asked.task"
        " LEFT JOIN snapshots ON snapshots.hash = tasks.snapshot"
        " LEFT JOIN examples ON examples.build = snapshots.build AND examples.id = tasks.example"
        " WHERE asked.evaluation = ? ORDER BY tasks.title, tasks.id"
    )
    checks = in_order({check for arm in ARMS for check in found[arm]})
    return tuple(_compared(row, found, checks, decided_by) for row in project.rows(query, (number,)))


def rates(rows: Iterable[Compared]) -> tuple[CheckRates, ...]:
    """A line for each check that was made on any of them."""
    given = list(rows)
    checks = in_order({check for row in given for check in (*row.base, *row.adapter)})
    return tuple(_rates(given, check) for check in checks)


def by_quarter(rows: Iterable[Compared], check: str) -> tuple[Quarter, ...]:
    """Oldest first, of the quarters in which anything ran; tasks of unknown age are left out."""
    parts: dict[str, list[Compared]] = defaultdict(list)
    for row in rows:
        if row.written_at is not None:
            parts[_quarter(row.written_at)].append(row)
    made = [_of_quarter(name, parts[name], check) for name in sorted(parts)]
    return tuple(one for one in made if one.base.ran and one.adapter.ran)


def _compared(row: Row, found: Outcomes, checks: Sequence[str], decided_by: str) -> Compared:
    base, adapter = (
        {check: found[arm][check][row["id"]] for check in checks if row["id"] in found[arm].get(check, {})}
        for arm in ARMS
    )
    return Compared(
        task=row["id"],
        title=row["title"],
        origin=row["origin"],
        repository=row["repository"],
        path=row["path"],
        qualified_name=row["qualified_name"],
        service=row["service"],
        written_at=row["committed_at"],
        base=base,
        adapter=adapter,
        change=_change(base.get(decided_by), adapter.get(decided_by)),
    )


def _change(before: bool | None, after: bool | None) -> Change:
    if before is None or after is None:
        return "not compared"
    return "same" if before is after else "fixed" if after else "broken"


def _rates(rows: Sequence[Compared], check: str) -> CheckRates:
    base, adapter = ({row.task: verdicts.get(check) for row, verdicts in _sides(rows, arm)} for arm in ARMS)
    return CheckRates(
        check=check,
        base=rate(list(base.values())),
        adapter=rate(list(adapter.values())),
        difference=difference(base, adapter),
    )


def _sides(rows: Iterable[Compared], arm: str) -> Iterable[tuple[Compared, Verdicts]]:
    return ((row, row.base if arm == "base" else row.adapter) for row in rows)


def _of_quarter(name: str, rows: Sequence[Compared], check: str) -> Quarter:
    found = _rates(rows, check)
    return Quarter(name=name, base=found.base, adapter=found.adapter)


def _quarter(written_at: str) -> str:
    at = parse(written_at)
    return f"{at.year}-Q{(at.month + 2) // 3}"
