"""espalier examples."""

from pathlib import Path
from typing import Annotated

import typer

from espalier.core.cli.opening import As, ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, pairs, say, table
from espalier.core.cli.waiting import Detach, detach, wait
from espalier.core.examples import agreement, example, export, reviews
from espalier.core.examples.asked import CAP
from espalier.core.examples.reviews import VERDICTS, Review, Verdict
from espalier.core.failures import UnusableInput
from espalier.core.findings.approval import required_approval
from espalier.core.jobs.job import enqueue
from espalier.core.models.embedded import NAME as EMBEDDED
from espalier.core.project.file import Project
from espalier.core.project.identities import identity
from espalier.core.repositories import corpus

app = typer.Typer(
    help="Tuples of task, context, constraints and solution, built from scrubbed text.", no_args_is_help=True
)


@app.command()
def build(
    path: ProjectPath,
    model: Annotated[str, typer.Option(help="Whose tokenizer counts.")] = EMBEDDED,
    cap: Annotated[
        int, typer.Option(min=160, help="Tokens of an example at most; longer functions become windows.")
    ] = CAP,
    detached: Detach = False,
    json: AsJson = False,
) -> None:
    """Build the examples of the newest corpus; needs an approval of its scrub."""
    with writing(path) as project:
        chosen = corpus.latest(project).hash
        args = {"corpus": chosen, "approval": required_approval(project, chosen).id, "model": model, "cap": cap}
        number = enqueue(project, "examples.build", args, "cpu")
        if detached:
            detach(project, number, "cpu")
            say(str(number))
            return
        result = wait(project, number)
    document(result) if json else pairs(result)


@app.command("list")
def list_(
    path: ProjectPath,
    state: Annotated[str | None, typer.Option(help="kept, dropped or removed-in-review; all, if not given.")] = None,
    json: AsJson = False,
) -> None:
    """Every example, with why it was kept or dropped."""
    with reading(path) as project:
        listed = example.listed(project, state=state)
    if json:
        document(listed)
        return
    columns = ("id", "kind", "label", "service", "tokens", "split", "state", "reason")
    rows = [[str(one[column])[:12] if column == "id" else one[column] for column in columns] for one in listed]
    table(columns, rows, right=("tokens",))


@app.command()
def show(path: ProjectPath, prefix: str, json: AsJson = False) -> None:
    """One example whole, by the beginning of its id."""
    with reading(path) as project:
        found = _named(project, prefix)
        judged = reviews.reviews(project, found.id)
    said = {"id": found.id, **{message["role"]: message["content"] for message in found.messages()}}
    if json:
        document({**said, "reviews": [_told(one) for one in judged]})
        return
    for role, content in said.items():
        say(f"── {role}\n{content}")
    for one in judged:
        say(f"── {one.identity}: {one.verdict}{f', {one.quality} of 5' if one.quality else ''}\n{one.note}")


@app.command()
def review(
    path: ProjectPath,
    prefix: Annotated[str, typer.Argument(metavar="ID", help="Its beginning is enough.")],
    verdict: Annotated[str, typer.Argument(metavar="|".join(VERDICTS), help="undecided takes your word back.")],
    quality: Annotated[int | None, typer.Option(min=1, max=5, help="From 1, poor, to 5, exemplary.")] = None,
    note: Annotated[str, typer.Option(help="Why, for the next reader.")] = "",
    who: As = None,
    json: AsJson = False,
) -> None:
    """Say what you think of one example; whatever anybody rejects leaves later snapshots."""
    chosen: Verdict | None = next((one for one in VERDICTS if one == verdict), None)
    if chosen is None:
        raise UnusableInput(f"There is no verdict {verdict!r}.", f"Known: {', '.join(VERDICTS)}.")
    with writing(path) as project:
        found = _named(project, prefix)
        reviews.review(project, [found.id], chosen, who=identity(project, who), quality=quality, note=note)
        now = _named(project, found.id)
        judged, agreed = reviews.reviews(project, found.id), agreement.agreement(project)
    said = {
        "id": now.id,
        "state": now.state,
        "reason": now.reason,
        "reviews": [_told(one) for one in judged],
        "agreement": agreement.as_json(agreed),
    }
    document(said) if json else pairs({name: said[name] for name in ("id", "state", "reason")})


@app.command("export")
def export_(path: ProjectPath, target: Path) -> None:
    """Write every example of the newest build as JSON lines, with what people say of it. It is still your company's code."""
    with writing(path) as project:
        number = export.export(project, target)
    say(f"Wrote {number} example{'' if number == 1 else 's'} to {target}.")


def _named(project: Project, prefix: str) -> example.Example:
    found = [one for one in example.examples(project, state=None) if one.id.startswith(prefix)]
    if len(found) != 1:
        raise UnusableInput(f"{len(found)} examples begin with {prefix!r}.", "Give more of the id.")
    return found[0]


def _told(one: Review) -> dict[str, object]:
    return {
        "identity": one.identity,
        "verdict": one.verdict,
        "quality": one.quality,
        "note": one.note,
        "reviewed_at": one.reviewed_at,
    }
