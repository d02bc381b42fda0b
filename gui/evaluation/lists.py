"""The tables of the evaluation page: tasks that were fixed, that were broken, and all of them; thresholds of the policy."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from espalier.core.evaluation.comparison import Compared
from espalier.core.evaluation.thresholds import Threshold
from espalier.core.project.clock import now, parse
from espalier.gui.evaluation.words import (
    age,
    asked_of,
    check_word,
    found_of,
    name_of,
    origin_word,
    outcome_word,
    reference_of,
    threshold_word,
    tr,
)
from espalier.gui.states import Shown
from espalier.gui.tables.rows import Column, RowsModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A row with the number that names it in its table."""

    number: int
    row: Compared


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedThreshold:
    number: int
    row: Threshold


HOLDS = Shown("done", "ok", "holds")
FAILS = Shown("failed", "bad", "fails")
OUTCOMES = {
    "fixed": Shown("done", "ok", "fixed"),
    "broken": Shown("failed", "bad", "broken"),
    "same": Shown("queued", "muted", "the same"),
    "not compared": Shown("limited", "warn", "not compared"),
}


def fixed_model() -> RowsModel[Numbered]:
    return RowsModel(
        (
            Column(title=tr("Fixed by the adapter"), text=_name, width=0, least=120),
            _reference(),
            _origin(),
            _age(60),
        ),
        lambda one: one.number,
    )


def broken_model() -> RowsModel[Numbered]:
    fails: Column[Numbered] = Column(title=tr("Fails at"), text=_fails_at, width=68, role=lambda one: "bad")
    return RowsModel(
        (Column(title=tr("Broken by the adapter"), text=_name, width=0, least=120), _reference(), fails, _origin()),
        lambda one: one.number,
    )


def tasks_model() -> RowsModel[Numbered]:
    columns: tuple[Column[Numbered], ...] = (
        Column(
            title=tr("Outcome"),
            width=124,
            kind="state",
            state=lambda one: OUTCOMES[one.row.change],
            text=_outcome,
            by=_outcome,
        ),
        Column(title=tr("Task"), text=_name, width=0, least=160, by=_name),
        Column(
            title=tr("Reference"),
            text=lambda one: reference_of(one.row),
            width=160,
            kind="code",
            by=lambda one: reference_of(one.row),
        ),
        Column(
            title=tr("Origin"),
            text=lambda one: origin_word(one.row.origin),
            width=96,
            kind="muted",
            by=lambda one: one.row.origin,
        ),
        Column(
            title=tr("Service"),
            text=lambda one: one.row.service,
            width=120,
            kind="muted",
            by=lambda one: one.row.service,
        ),
        Column(title=tr("Fails at"), text=_fails_at, width=88, role=lambda one: "bad", by=_fails_at),
        _age(72),
    )
    return RowsModel(columns, lambda one: one.number)


def thresholds_model() -> RowsModel[NumberedThreshold]:
    columns: tuple[Column[NumberedThreshold], ...] = (
        Column(title=tr("Adapter against base"), text=lambda one: threshold_word(one.row), width=0, least=140),
        Column(title=tr("Policy"), text=lambda one: asked_of(one.row), width=104, kind="muted"),
        Column(
            title=tr("Found"),
            text=lambda one: found_of(one.row),
            width=72,
            kind="number",
            role=lambda one: "" if one.row.passed else "bad",
        ),
        Column(title=tr("State"), width=84, kind="state", state=lambda one: HOLDS if one.row.passed else FAILS),
    )
    return RowsModel(columns, lambda one: one.number)


def numbered(rows: tuple[Compared, ...]) -> tuple[Numbered, ...]:
    return tuple(Numbered(number=number, row=row) for number, row in enumerate(rows))


def matching(rows: tuple[Numbered, ...], change: str, words: str) -> tuple[Numbered, ...]:
    """Of this outcome, if one is named, with every word in the title, the path or the service."""
    wanted = words.casefold().split()

    def fits(one: Numbered) -> bool:
        text = f"{one.row.title} {one.row.path} {one.row.service}".casefold()
        return (not change or one.row.change == change) and all(word in text for word in wanted)

    return tuple(one for one in rows if fits(one))


def _name(one: Numbered) -> str:
    return name_of(one.row)


def _outcome(one: Numbered) -> str:
    return outcome_word(one.row.change)


def _fails_at(one: Numbered) -> str:
    return check_word(one.row.fails_at) if one.row.fails_at else ""


def _reference() -> Column[Numbered]:
    return Column(title=tr("Task"), text=lambda one: reference_of(one.row), width=108, kind="code")


def _origin() -> Column[Numbered]:
    return Column(title=tr("Origin"), text=lambda one: origin_word(one.row.origin), width=88, kind="muted")


def _age(width: int) -> Column[Numbered]:
    clock: Callable[[], datetime] = now
    return Column(
        title=tr("Age"),
        text=lambda one: age(one.row.written_at, clock()),
        width=width,
        kind="number",
        by=lambda one: 0.0 if one.row.written_at is None else -parse(one.row.written_at).timestamp(),
    )
