"""espalier findings sample, mark and draft: reading what no rule flagged, and what becomes of a miss."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from espalier.core.cli.opening import As, ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, note, pairs, say, table
from espalier.core.cli.quarantine import Fingerprint
from espalier.core.failures import UnusableInput
from espalier.core.findings import drafts, marked
from espalier.core.findings.marked import Mark
from espalier.core.findings.ruleset import current_ruleset
from espalier.core.findings.sampling import draws, reads, second_reads
from espalier.core.findings.sampling.review import review_of
from espalier.core.findings.sampling.strata import Stratum
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity, identity
from espalier.core.project.policy import project_policy
from espalier.core.repositories import corpus
from espalier.core.repositories.history import first_places

Reviewed = Annotated[list[str] | None, typer.Option(metavar="BLOB", help="You have read it whole; may be repeated.")]
Unread = Annotated[
    list[str] | None, typer.Option(metavar="BLOB", help="You take back that you have read it; may be repeated.")
]


def mark(
    path: ProjectPath,
    blob: Annotated[str, typer.Argument(metavar="BLOB", help="Drawn for the sampled review; its beginning is enough.")],
    line: Annotated[int, typer.Argument(metavar="LINE", min=1)],
    first: Annotated[
        int, typer.Argument(metavar="FIRST", min=1, help="The first character of the secret in its line.")
    ],
    last: Annotated[int, typer.Argument(metavar="LAST", min=1, help="The last one.")],
    as_: As = None,
) -> None:
    """Call characters of a file that was drawn for reading a secret: they become a finding, to be decided like any other."""
    with writing(path) as project:
        who, chosen, ruleset = identity(project, as_), corpus.latest(project).hash, current_ruleset(project)
        number = draws.open_sample(project, chosen, ruleset)
        drawn = [] if number is None else draws.waiting(project, number)
        again = [(repository, oid) for _, repository, oid in second_reads.waiting(project, chosen, ruleset, who)]
        repository, oid = _one([*drawn, *again], blob)
        verb = "sample" if (repository, oid) in drawn else "second"
        lines = reads.text_of(project, chosen, (repository, oid)).split("\n")
        if line > len(lines) or last > len(lines[line - 1]) or first > last:
            raise UnusableInput(f"Blob {oid[:12]} has no characters {first} to {last} in line {line}.", "Count from 1.")
        start = sum(len(one) + 1 for one in lines[: line - 1])
        held = next(one for one in corpus.latest(project).repositories if one.name == repository)
        place = first_places(held.path, tuple(held.tips.values())).get(oid)
        seen = Mark(
            repository=repository,
            object=oid,
            path=place.path if place else None,
            commit=place.commit if place else None,
            start=start + first - 1,
            end=start + last,
        )
        name = marked.mark(project, chosen, ruleset, seen, who)
    say(
        f"{name[:12]} is open. When the file is read: espalier findings {verb} PROJECT --reviewed {oid[:12]} --missed 1"
    )
    note(f"A rule that would find it: espalier findings draft PROJECT {name[:12]}")


def draft(
    path: ProjectPath,
    fingerprint: Fingerprint,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it to a new file instead.")] = None,
    json: AsJson = False,
) -> None:
    """A rule that would find a secret like this one, in gitleaks' schema; nothing of the secret is in it."""
    with reading(path) as project:
        made = drafts.draft_for(project, corpus.latest(project).hash, fingerprint)
    if out is not None:
        drafts.save(made, out)
    if json:
        document(asdict(made))
    else:
        say(made.toml.rstrip() if out is None else f"Wrote {out}.")


def sample(
    path: ProjectPath,
    size: Annotated[int, typer.Option(help="How many blobs to draw, where no drawn one waits.")] = 30,
    seed: Annotated[
        int | None, typer.Option(hidden=True, help="Has no effect: the project's key decides what is drawn.")
    ] = None,
    read: Annotated[
        str | None, typer.Option(metavar="BLOB", help="Print one for reading; nothing was found in it.")
    ] = None,
    reviewed: Reviewed = None,
    missed: Annotated[int, typer.Option(help="Secrets that you saw in each of them.")] = 0,
    unread: Unread = None,
    as_: As = None,
    json: AsJson = False,
) -> None:
    """Sampled review: draw blobs that no detector flagged, read them, and see what bound on misses that gives."""
    with writing(path) as project:
        chosen, ruleset = corpus.latest(project).hash, current_ruleset(project)
        for blob in unread or ():
            _take_back(project, chosen, ruleset, blob, identity(project, as_))
        number = draws.open_sample(project, chosen, ruleset)
        if number is None:
            number = draws.draw(project, chosen, ruleset, size)
        waiting = draws.waiting(project, number)
        if read is not None:
            say(reads.text_of(project, chosen, _one(waiting, read)))
            return
        if reviewed:
            blobs = [_one(waiting, blob) for blob in reviewed]
            reads.reviewed(project, number, blobs, missed=missed, who=identity(project, as_))
        waiting = draws.waiting(project, number)
        asked = project_policy(project).scrub.missed_bound
        review = review_of(project, chosen, ruleset)
    needed = None if asked is None else review.required(asked)
    said = {
        "sample": number,
        "waiting": [blob for _, blob in waiting],
        "reviewed": review.reviewed,
        "missed": review.missed,
        "population": review.population,
        "bound": review.bound,
        "required": needed,
        "remaining": None if needed is None else max(0, needed - review.reviewed),
        "confidence": review.confidence,
        "restarts": review.restarts,
        "carried": review.carried,
    }
    if json:
        document(said | {"strata": [_stratum(one) for one in review.strata]})
        return
    pairs(said)
    columns = ("service", "language", "files", "drawn", "read", "missed", "bound")
    rows = [
        (one.service, one.language, one.size, one.drawn, one.read, one.missed, f"{one.bound:.2%}")
        for one in review.strata
    ]
    table(columns, rows, right=columns[2:])


def _stratum(one: Stratum) -> dict[str, object]:
    names = ("service", "language", "size", "drawn", "read", "missed", "bound")
    return {name: getattr(one, name) for name in names}


def _take_back(project: Project, chosen: str, ruleset: str, blob: str, who: Identity) -> None:
    read = reads.read_by(project, chosen, ruleset, who)
    one = _one(list(read), blob)
    reads.unread(project, read[one], [one], who=who)


def _one(waiting: list[tuple[str, str]], prefix: str) -> tuple[str, str]:
    found = [one for one in waiting if prefix and one[1].startswith(prefix)]
    if len(found) != 1:
        raise UnusableInput(
            f"{len(found) or 'No'} waiting blobs begin with {prefix!r}.", "See: espalier findings sample PROJECT"
        )
    return found[0]
