"""Trace: everything that one secret could have reached, from the examples that were built to the bundles that left.

Whether an example holds it is looked up in its text. What was made of it follows: a snapshot by its lines, a run by what it
trained on; an adapter, an evaluation and a release by their run. Nothing that is told has the secret in it.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from espalier.core.findings.findings import Place, source_word
from espalier.core.project.file import Project
from espalier.core.release.tracing.evaluations import TracedEvaluation, traced_evaluations
from espalier.core.release.tracing.examples import TracedExample, traced_examples
from espalier.core.release.tracing.loose import Loose, loose_texts
from espalier.core.release.tracing.outside import Export, copies, exports, work_left
from espalier.core.release.tracing.runs import TracedRelease, TracedRun, traced_releases, traced_runs
from espalier.core.release.tracing.snapshots import TracedSnapshot, traced_snapshots
from espalier.core.release.tracing.sought import Named, Sought, named, sought
from espalier.core.release.tracing.state import State

Said = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """`known` says that the value could be read from a repository; else only its fingerprint was looked for."""

    finding: Named
    places: tuple[Place, ...]
    known: bool
    examples: tuple[TracedExample, ...]
    snapshots: tuple[TracedSnapshot, ...]
    runs: tuple[TracedRun, ...]
    evaluations: tuple[TracedEvaluation, ...]
    releases: tuple[TracedRelease, ...]
    texts: tuple[Loose, ...]
    work: tuple[str, ...]
    exports: tuple[Export, ...]
    copies: tuple[str, ...]

    @property
    def states(self) -> dict[str, list[State]]:
        """By kind of thing, how each stands."""
        return {
            "examples": [one.state for one in self.examples],
            "snapshots": [one.state for one in self.snapshots],
            "runs": [one.state for one in self.runs],
            "evaluations": [one.state for one in self.evaluations],
            "releases": [one.state for one in self.releases],
        }

    @property
    def clean(self) -> bool:
        """Whether a quarantine has nothing to do; it can't call a release back."""
        held = any("reached" in states for kind, states in self.states.items() if kind != "releases")
        return not (held or self.work or any(one.erasable for one in self.texts))


def trace(project: Project, prefix: str, said: Said = lambda sentence: None) -> Trace:
    """Of the finding whose fingerprint begins so. Raises UnusableInput where the project's key is not on this machine."""
    one = named(project, prefix)
    return traced(project, one, sought(project, one), said)


def traced(project: Project, one: Named, value: Sought, said: Said = lambda sentence: None) -> Trace:
    said("Looking through the examples.")
    examples = traced_examples(project, one, value)
    said("Looking through snapshots, runs and evaluations.")
    snapshots = traced_snapshots(project, examples, value)
    runs = traced_runs(project, snapshots)
    own = {example.id for example in examples if example.own}
    evaluations = traced_evaluations(project, runs, own, value)
    said("Looking through everything else that the project stores.")
    return Trace(
        finding=one,
        places=tuple(replace(place, path=value.shown(place.path)) for place in one.places),
        known=value.known,
        examples=tuple(examples),
        snapshots=tuple(snapshots),
        runs=tuple(runs),
        evaluations=tuple(evaluations),
        releases=tuple(traced_releases(project, runs)),
        texts=tuple(loose_texts(project, value)),
        work=tuple(value.shown(path.relative_to(project.work).as_posix()) for path in work_left(project, runs, value)),
        exports=tuple(exports(project, examples, snapshots)),
        copies=tuple(copies(project)),
    )


def as_json(found: Trace) -> dict[str, object]:
    """The keys of `findings trace`."""
    one = found.finding
    return {
        "fingerprint": one.fingerprint,
        "rule": one.rule,
        "kind": one.kind,
        "decision": one.state,
        "known": found.known,
        "clean": found.clean,
        "places": [_place(place) for place in found.places],
        "examples": [asdict(example) for example in found.examples],
        "snapshots": [_snapshot(snapshot) for snapshot in found.snapshots],
        "runs": [asdict(run) for run in found.runs],
        "adapters": [
            {"sha256": run.adapter, "run": run.id, "state": run.state, "stored": run.stored}
            for run in found.runs
            if run.adapter is not None
        ],
        "evaluations": [asdict(evaluation) for evaluation in found.evaluations],
        "releases": [asdict(release) for release in found.releases],
        "texts": [asdict(loose) for loose in found.texts],
        "work": list(found.work),
        "exports": [asdict(export) for export in found.exports],
        "copies": list(found.copies),
    }


def _place(place: Place) -> dict[str, object]:
    """The name in an archive is told as a part of the path, where it is masked."""
    plain = {name: value for name, value in asdict(place).items() if name not in ("inner", "unreachable")}
    return {**plain, "source": source_word(place)}


def _snapshot(one: TracedSnapshot) -> dict[str, object]:
    splits = {
        split: [{"example": example, "state": state} for example, state in sorted(part.items())]
        for split, part in one.splits.items()
    }
    return {"hash": one.hash, "state": one.state, "frozen_at": one.frozen_at, "splits": splits}
