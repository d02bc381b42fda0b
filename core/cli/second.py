"""espalier findings second."""

from dataclasses import asdict
from typing import Annotated

import typer

from espalier.core.cli.opening import As, ProjectPath, writing
from espalier.core.cli.output import AsJson, document, pairs, say, table
from espalier.core.cli.sampling import Reviewed, Unread
from espalier.core.failures import UnusableInput
from espalier.core.findings.ruleset import current_ruleset
from espalier.core.findings.sampling import reads, second_reads
from espalier.core.project.identities import identity
from espalier.core.repositories import corpus


def second(
    path: ProjectPath,
    read: Annotated[str | None, typer.Option(metavar="BLOB", help="Print one for reading.")] = None,
    reviewed: Reviewed = None,
    missed: Annotated[int, typer.Option(min=0, help="Secrets that you saw in each of them.")] = 0,
    unread: Unread = None,
    as_: As = None,
    json: AsJson = False,
) -> None:
    """Read blind what another person read in the sampled review, and see how far both agree."""
    with writing(path) as project:
        who, chosen, ruleset = identity(project, as_), corpus.latest(project).hash, current_ruleset(project)
        for blob in unread or ():
            mine = second_reads.read_by(project, chosen, ruleset, who)
            second_reads.take_back(project, _one(mine, blob), who=who)
        waiting = second_reads.waiting(project, chosen, ruleset, who)
        if read is not None:
            say(reads.text_of(project, chosen, _one(waiting, read)[1:]))
            return
        for one in [_one(waiting, blob) for blob in reviewed or ()]:
            second_reads.read(project, one, missed=missed, who=who)
        waiting = second_reads.waiting(project, chosen, ruleset, who)
        found = second_reads.agreement(project, chosen, ruleset)
    if json:
        document({"waiting": [blob for *_, blob in waiting], **asdict(found)})
    else:
        _say(found, [blob for *_, blob in waiting])


def _say(found: second_reads.Agreement, waiting: list[str]) -> None:
    one_answer = (
        "not defined: both said the same one thing of every file" if found.files else "not defined: none read twice"
    )
    pairs(
        {
            "waiting": waiting,
            "read by two": found.files,
            "agreed": found.agreed,
            "kappa": one_answer if found.kappa is None else f"{found.kappa:.3f}",
        }
    )
    if found.disagreements:
        rows = [
            (one.blob[:12], one.first, one.first_missed, one.second, one.second_missed) for one in found.disagreements
        ]
        table(("blob", "first", "missed", "second", "missed"), rows)


def _one(among: list[second_reads.Read], prefix: str) -> second_reads.Read:
    found = [one for one in among if prefix and one[2].startswith(prefix)]
    if len(found) != 1:
        raise UnusableInput(
            f"{len(found) or 'No'} files for a second reading begin with {prefix!r}.",
            "See: espalier findings second PROJECT",
        )
    return found[0]
