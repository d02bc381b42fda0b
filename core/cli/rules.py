"""espalier findings rules, mute and unmute: how each rule did, and taking what one finds, unsure, for no secret."""

from typing import Annotated

import typer

from espalier.core.cli.opening import As, ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, say, table
from espalier.core.findings import muting, precision
from espalier.core.project.identities import identity
from espalier.core.repositories import corpus

Rule = Annotated[str, typer.Argument(metavar="RULE", help="As espalier findings rules names it.")]


def rules(path: ProjectPath, json: AsJson = False) -> None:
    """How each rule that found something in the newest corpus did, by what people decided; and which are muted, by whom."""
    with reading(path) as project:
        told = precision.records(project, corpus.latest(project).hash)
    if json:
        document([precision.as_json(one) for one in told])
        return
    columns = ("rule", "findings", "kept", "false alarms", "precision", "muted", "what it finds")
    shown = [
        (
            one.rule,
            one.findings,
            one.kept,
            one.false_alarms,
            "–" if one.precision is None else f"{one.precision:.0%}",
            one.muted,
            one.description,
        )
        for one in told
    ]
    table(columns, shown, right=("findings", "kept", "false alarms", "precision", "muted"))
    for one in told:
        if one.mute is not None:
            say(f"{one.rule} is muted by {one.mute.identity} since {one.mute.muted_at}: {one.mute.reason}")


def mute(
    path: ProjectPath,
    rule: Rule,
    reason: Annotated[str, typer.Option(help="Why what it finds is no secret; it is signed and stays on record.")],
    as_: As = None,
) -> None:
    """Take what is open of a rule, of low or medium confidence, for false alarms, in later scans too; signed."""
    with writing(path) as project:
        number = muting.mute(project, corpus.latest(project).hash, rule, reason, identity(project, as_))
    say(f"{rule} is muted: {number} findings are false alarms by it now.")


def unmute(
    path: ProjectPath,
    rule: Rule,
    reason: Annotated[str, typer.Option(help="Why; it is signed and stays on record.")] = "",
    as_: As = None,
) -> None:
    """Open again what a mute decided; what people decided stays."""
    with writing(path) as project:
        number = muting.unmute(project, rule, identity(project, as_), reason)
    say(f"{rule} is not muted any more: {number} findings are open again.")
