"""Runs by what they trained on, and what came of them: adapters in the project, and releases that left it."""

from collections.abc import Sequence
from dataclasses import dataclass

from espalier.core.project.file import Project
from espalier.core.release.tracing.snapshots import TracedSnapshot
from espalier.core.release.tracing.state import State
from espalier.core.training.runs import Run, runs


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedRun:
    """`adapter` is None where it has none; `stored` says that the adapter's bytes are in the project."""

    id: int
    state: State
    run_state: str
    snapshot: str
    adapter: str | None
    stored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedRelease:
    """A bundle may be anywhere now: what its run has learnt, it has, whatever is erased here."""

    bundle: str
    run: int
    version: int
    created_at: str
    state: State


def traced_runs(project: Project, snapshots: Sequence[TracedSnapshot]) -> list[TracedRun]:
    by_hash = {one.hash: one for one in snapshots}
    found = []
    for one in runs(project):
        state = _state(one, by_hash[one.snapshot]) if one.snapshot in by_hash else None
        if state is not None:
            found.append(_traced(project, one, state))
    return found


def traced_releases(project: Project, found: Sequence[TracedRun]) -> list[TracedRelease]:
    states: dict[int, State] = {one.id: "reached" if one.state == "quarantined" else one.state for one in found}
    rows = project.rows("SELECT bundle, run, version, created_at FROM releases ORDER BY id")
    return [TracedRelease(**dict(row), state=states[row["run"]]) for row in rows if row["run"] in states]


def _state(one: Run, snapshot: TracedSnapshot) -> State | None:
    """What stands in the training part is learnt; the rest only measures, and scrubbed text held no secret."""
    learnt = snapshot.state_of("train")
    if learnt in ("reached", "quarantined"):
        return "quarantined" if one.quarantined else "reached"
    if learnt == "cannot-be-told":
        return learnt
    others = {snapshot.state_of(split) for split in snapshot.splits if split != "train"}
    return "held-out" if others - {"scrubbed", None} else "scrubbed"


def _traced(project: Project, one: Run, state: State) -> TracedRun:
    stored = project.value("SELECT 1 FROM artifact_chunks WHERE sha256 = ? LIMIT 1", (one.adapter,)) is not None
    return TracedRun(
        id=one.id, state=state, run_state=one.state, snapshot=one.snapshot, adapter=one.adapter, stored=stored
    )
