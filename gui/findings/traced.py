"""What a trace says, as rows: each thing that a secret could have reached, how it stands, and where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from espalier.core.release.tracing.examples import TracedExample
from espalier.core.release.tracing.state import State
from espalier.core.release.tracing.trace import Trace
from espalier.gui.figures import count, moment
from espalier.gui.findings.sentence import some
from espalier.gui.states import Shown
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel

MOST_EXAMPLES = 500  # listed one by one; the worst come first
# fmt: off
STATES: Mapping[State, Shown] = {
    "reached": Shown("failed", "bad", str(QT_TRANSLATE_NOOP("states", "reached"))),
    "cannot-be-told": Shown("limited", "warn", str(QT_TRANSLATE_NOOP("states", "cannot be told"))),
    "quarantined": Shown("shut", "second", str(QT_TRANSLATE_NOOP("states", "quarantined"))),
    "held-out": Shown("limited", "warn", str(QT_TRANSLATE_NOOP("states", "held out"))),
    "scrubbed": Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "scrubbed"))),
}
# fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One thing; `name` is shortened as it is everywhere else."""

    what: str
    name: str
    state: State
    where: str


def tr(text: str) -> str:
    return QCoreApplication.translate("findings.traced", text)


def model() -> RowsModel[tuple[int, Reached]]:
    columns: tuple[Column[tuple[int, Reached]], ...] = (
        Column(title=tr("What"), text=lambda row: row[1].what, width=104, kind="strong"),
        Column(title=tr("Name"), text=lambda row: row[1].name, width=188, kind="code"),
        Column(title=tr("State"), state=lambda row: STATES[row[1].state], width=132, kind="state"),
        Column(title=tr("Where"), text=lambda row: row[1].where, width=0, least=200, kind="muted"),
    )
    return RowsModel(columns, lambda row: row[0])


def rows_of(found: Trace) -> list[Reached]:
    """Where a placeholder stands for it, an example is counted and not listed."""
    return [*_examples(found), *_made(found), *_left(found)]


def words_of(found: Trace) -> str:
    """In a sentence, how far it came."""
    if not found.known:
        start = tr("Its value can't be read any more, so that only its fingerprint was looked for.")
    else:
        start = tr("Its value was read from its repository, and looked for in everything that the project stores.")
    states = [state for of in found.states.values() for state in of]
    if "reached" in states or not found.clean:
        number = sum(one.state == "reached" for one in rows_of(found))
        reached = some(number, tr("It reached one thing."), tr("It reached {n} things."))
        return f"{start} {reached}"
    if "cannot-be-told" in states:
        return start + " " + tr("Of some things it can't be told.")
    return f"{start} {tr('Nothing in the project holds it.')}"


def _examples(found: Trace) -> Iterator[Reached]:
    listed = sorted(
        (one for one in found.examples if one.state != "scrubbed"), key=lambda one: list(STATES).index(one.state)
    )
    for one in listed[:MOST_EXAMPLES]:
        yield Reached(what=tr("Example"), name=one.id[:12], state=one.state, where=_place(one))
    if len(listed) > MOST_EXAMPLES:
        more = tr("{n} more; all of them on the command line").format(n=count(len(listed) - MOST_EXAMPLES))
        yield Reached(what=tr("Examples"), name="", state=listed[MOST_EXAMPLES].state, where=more)
    scrubbed = sum(one.state == "scrubbed" for one in found.examples)
    if scrubbed:
        where = tr("{n} have a placeholder in its place").format(n=count(scrubbed))
        yield Reached(what=tr("Examples"), name="", state="scrubbed", where=where)


def _made(found: Trace) -> Iterator[Reached]:
    for snapshot in found.snapshots:
        splits = ", ".join(
            tr("{n} in {split}").format(n=count(len(part)), split=split or tr("no part"))
            for split, part in sorted(snapshot.splits.items())
        )
        yield Reached(what=tr("Snapshot"), name=snapshot.hash[:12], state=snapshot.state, where=splits)
    for run in found.runs:
        trained = tr("trained on {snapshot}").format(snapshot=run.snapshot[:12])
        yield Reached(what=tr("Run"), name=str(run.id), state=run.state, where=trained)
        if run.adapter is not None:
            where = tr("of run {run}").format(run=run.id)
            yield Reached(what=tr("Adapter"), name=run.adapter[:12], state=run.state, where=where)
    for evaluation in found.evaluations:
        where = tr("of run {run}, {n} tasks").format(run=evaluation.run, n=count(len(evaluation.tasks)))
        yield Reached(what=tr("Evaluation"), name=str(evaluation.id), state=evaluation.state, where=where)
    for release in found.releases:
        where = tr("of run {run}; it may be anywhere by now: call it back").format(run=release.run)
        yield Reached(what=tr("Bundle"), name=release.bundle[:12], state=release.state, where=where)


def _left(found: Trace) -> Iterator[Reached]:
    for loose in found.texts:
        where = some(loose.rows, tr("in 1 row"), tr("in {n} rows"))
        where = where if loose.erasable else tr("{where}, which can't be erased").format(where=where)
        name = f"{loose.table}.{loose.column.strip(chr(34))}"
        yield Reached(what=tr("Text"), name=name, state="reached", where=where)
    for path in found.work:
        yield Reached(what=tr("Work file"), name="", state="reached", where=path)
    for export in found.exports:
        where = tr("{subject}, by {who}, {when}: find that file and delete it").format(
            subject=export.subject, who=export.actor, when=moment(export.at)
        )
        yield Reached(what=tr("Export"), name="", state="reached", where=where)
    for copy in found.copies:
        yield Reached(
            what=tr("Copy"),
            name="",
            state="cannot-be-told",
            where=tr("{name} was not looked through").format(name=copy),
        )


def _place(one: TracedExample) -> str:
    where = f"{one.repository}/{one.path}:{one.first_line}"
    return tr("{where}, in {fields}").format(where=where, fields=", ".join(one.where)) if one.where else where
