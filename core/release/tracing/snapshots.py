"""Snapshots by their lines: those that were frozen, and bytes of one that was killed while it was."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from espalier.core.dataset.snapshot import MEDIA_TYPE
from espalier.core.project import artifacts, quarantined
from espalier.core.project.file import Project
from espalier.core.release.tracing.examples import TracedExample
from espalier.core.release.tracing.sought import Sought
from espalier.core.release.tracing.state import State, worst

_SNAPSHOTS = (
    "SELECT hash, frozen_at FROM snapshots UNION SELECT sha256, NULL FROM artifacts"
    " WHERE media_type = ? AND sha256 NOT IN (SELECT hash FROM snapshots) ORDER BY frozen_at, hash"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedSnapshot:
    """`splits`: by split, the state of each example that counts. `frozen_at` is None where it was never finished."""

    hash: str
    state: State
    frozen_at: str | None
    splits: Mapping[str, Mapping[str, State]]

    def state_of(self, split: str) -> State | None:
        return worst(self.splits.get(split, {}).values())


def traced_snapshots(project: Project, examples: Sequence[TracedExample], value: Sought) -> list[TracedSnapshot]:
    states: dict[str, State] = {}
    for one in examples:
        states[one.id] = worst([one.state, states.get(one.id, one.state)]) or one.state
    own = {one.id for one in examples if one.own}
    names = {row["hash"]: row["frozen_at"] for row in project.rows(_SNAPSHOTS, (MEDIA_TYPE,))}
    names |= dict.fromkeys(artifacts.unfinished(project))
    found = (_traced(project, name, frozen_at, states, own, value) for name, frozen_at in names.items())
    return [one for one in found if one is not None]


def _traced(
    project: Project, name: str, frozen_at: str | None, states: Mapping[str, State], own: set[str], value: Sought
) -> TracedSnapshot | None:
    splits: dict[str, dict[str, State]] = {}
    for row in project.rows("SELECT example, split FROM snapshot_examples WHERE snapshot = ?", (name,)):
        if row["example"] in states:
            splits.setdefault(row["split"], {})[row["example"]] = states[row["example"]]
    for example, split, text in _lines(project, name):
        if value.holds(text, own=example in own):
            splits.setdefault(split, {})[example] = "reached"
    state = worst(one for part in splits.values() for one in part.values())
    if state is None:
        return None
    if quarantined.why(project, "snapshot", name) is not None:
        state = "quarantined"
    elif state == "quarantined":
        state = "reached"  # its example is erased, its own bytes are not yet
    return TracedSnapshot(hash=name, state=state, frozen_at=frozen_at, splits=splits)


def _lines(project: Project, name: str) -> Iterator[tuple[str, str, str]]:
    """Example, split and text of each line, also of bytes that are damaged or not all there."""
    for line in artifacts.stored(project, name).splitlines():
        try:
            said = json.loads(line)
            yield str(said["id"]), str(said["split"]), "\n".join(one["content"] for one in said["messages"])
        except (ValueError, KeyError, TypeError, RecursionError):
            yield "", "", line.decode("utf-8", "replace")
