"""espalier examples."""

from typing import Annotated

import typer

from espalier.core.cli.opening import ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, pairs, say, table
from espalier.core.cli.waiting import Detach, detach, wait
from espalier.core.examples import example
from espalier.core.failures import UnusableInput
from espalier.core.findings.approval import required_approval
from espalier.core.jobs.job import enqueue
from espalier.core.models.embedded import NAME as EMBEDDED
from espalier.core.repositories import corpus

app = typer.Typer(
    help="Tuples of task, context, constraints and solution, built from scrubbed text.", no_args_is_help=True
)
CAP = 512


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
        found = [one for one in example.examples(project, state=None) if one.id.startswith(prefix)]
    if len(found) != 1:
        raise UnusableInput(f"{len(found)} examples begin with {prefix!r}.", "Give more of the id.")
    said = {"id": found[0].id, **{message["role"]: message["content"] for message in found[0].messages()}}
    if json:
        document(said)
        return
    for role, content in said.items():
        say(f"── {role}\n{content}")
