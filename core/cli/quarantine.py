"""espalier findings trace and quarantine: how far a secret came that was found late, and erasing its text there."""

from collections import Counter
from collections.abc import Iterator
from typing import Annotated

import typer

from espalier.core.cli.opening import As, ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, note, pairs, say, table
from espalier.core.project.identities import identity
from espalier.core.release.tracing import quarantine as quarantines
from espalier.core.release.tracing.erase import Plan
from espalier.core.release.tracing.examples import TracedExample
from espalier.core.release.tracing.state import STATES
from espalier.core.release.tracing.trace import Trace, as_json
from espalier.core.release.tracing.trace import trace as traced

Fingerprint = Annotated[str, typer.Argument(metavar="FINGERPRINT", help="Its beginning is enough.")]
SHOWN = 20  # rows of a kind


def trace(path: ProjectPath, fingerprint: Fingerprint, json: AsJson = False) -> None:
    """Everything that a secret could have reached: examples, snapshots, runs, adapters, evaluations, releases."""
    with reading(path) as project:
        found = traced(project, fingerprint, note)
    if json:
        document(as_json(found))
        return
    _say(found)


def quarantine(
    path: ProjectPath,
    fingerprint: Fingerprint,
    reason: Annotated[str, typer.Option(help="Why; it is signed and stays on record.")],
    as_: As = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be erased.")] = False,
) -> None:
    """Erase the text of everything that a secret reached; ids and hashes stay, and what it reached is refused from then on."""
    if dry_run:
        with reading(path) as project:
            found = traced(project, fingerprint, note)
        _say(found)
        _say_plan("Would be quarantined", quarantines.planned(found))
        return
    with writing(path) as project:
        done = quarantines.quarantine(project, fingerprint, reason, identity(project, as_), note)
    if done.number is None:
        say("Nothing in the project holds it.")
    else:
        _say_plan("Quarantined", done.plan)
    if unsure := done.after.states["examples"].count("cannot-be-told"):
        say(f"Of {unsure} examples it can't be told, and they were left: see espalier findings trace.")
    _say_left(done.after)


def _say(found: Trace) -> None:
    one = found.finding
    known = "read from its repository" if found.known else "can't be read any more; its fingerprint was looked for"
    pairs({"fingerprint": one.fingerprint, "rule": one.rule, "decision": one.state, "value": known})
    say("")
    counted = {kind: Counter(states) for kind, states in found.states.items()}
    words = [state.replace("-", " ") for state in STATES]
    table(("", *words), [(kind, *(of[state] for state in STATES)) for kind, of in counted.items()], right=words)
    say("")
    table(("what", "state", "where"), _lines(found))
    _say_left(found)


def _lines(found: Trace) -> Iterator[tuple[str, str, str]]:
    """What it was replaced in is counted, not listed."""
    examples = [one for one in found.examples if one.state != "scrubbed"]
    yield from ((f"example {one.id[:12]}", one.state, _where(one)) for one in examples[:SHOWN])
    if len(examples) > SHOWN:
        note(f"{len(examples) - SHOWN} more examples; all of them with --json.")
    for snapshot in found.snapshots:
        splits = ", ".join(f"{len(part)} in {split or 'no part'}" for split, part in sorted(snapshot.splits.items()))
        yield f"snapshot {snapshot.hash[:12]}", snapshot.state, splits
    for run in found.runs:
        yield f"run {run.id}", run.state, "" if run.adapter is None else f"adapter {run.adapter[:12]}"
    for evaluation in found.evaluations:
        yield f"evaluation {evaluation.id}", evaluation.state, f"run {evaluation.run}, {len(evaluation.tasks)} tasks"
    for release in found.releases:
        yield f"release {release.bundle[:12]}", release.state, f"run {release.run}, version {release.version}"


def _where(one: TracedExample) -> str:
    return f"{one.path}:{one.first_line}{' in ' if one.where else ''}{', '.join(one.where)}"


def _say_plan(word: str, plan: Plan) -> None:
    counts = (
        ("examples", plan.examples),
        ("snapshots", plan.snapshots),
        ("runs", plan.runs),
        ("adapters", plan.adapters),
    )
    say(f"{word}: {', '.join(f'{len(of)} {kind}' for kind, of in counts)}.")


def _say_left(found: Trace) -> None:
    """What a quarantine reaches besides, what it can't, and where copies may be."""
    for one in found.texts:
        what = "" if one.erasable else ", which can't be erased"
        say(f"It stands in {one.rows} rows of {one.table}, {one.column.strip(chr(34))}{what}.")
    for name in found.work[:SHOWN]:
        say(f"In the work folder: {name}.")
    for export in found.exports:
        say(f"Exported by {export.actor}, {export.at}: {export.subject}. Find that file and delete it.")
    for release in found.releases:
        say(f"The bundle {release.bundle[:12]} may be anywhere by now: call it back.")
    for name in found.copies:
        say(f"A copy of the project stands beside it: {name}. It was not looked through.")
