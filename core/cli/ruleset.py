"""espalier findings ruleset: a company's own rule files in the form of gitleaks."""

from pathlib import Path
from typing import Annotated

import typer

from espalier.core.cli.opening import As, ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, note, say, table
from espalier.core.findings.own import files
from espalier.core.findings.own.parse import parse
from espalier.core.findings.ruleset import current_ruleset, texts, uses
from espalier.core.project.identities import identity

app = typer.Typer(help="The company's own rules, in the form of gitleaks, beside Espalier's.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="As espalier findings ruleset list names it.")]


@app.command()
def add(
    path: ProjectPath,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A configuration of gitleaks 8, as it is.")],
    name: Annotated[
        str | None, typer.Option(help="What its rules are called by; the file's own name, if not given.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only prove the file; the project stays as it is.")] = False,
    as_: As = None,
    json: AsJson = False,
) -> None:
    """Use a rule file in every scan from now on, in place of one of the same name. Espalier's own rules always stay."""
    given = files.read(file, name)
    with reading(path) if check else writing(path) as project:
        replaced = False if check else files.add(project, given, identity(project, as_))
        ruleset = current_ruleset(project)
    for one in given.file.notes:
        note(one)
    told = {"name": given.name, "hash": given.hash, "rules": len(given.file.rules), "notes": list(given.file.notes)}
    if json:
        document({**told, "added": not check, "replaced": replaced, "ruleset": ruleset})
    elif check:
        say(f"{len(given.file.rules)} rules can be used as {given.name}.")
    else:
        say(f"{len(given.file.rules)} rules are used as {given.name} from now on: espalier findings scan PROJECT")


@app.command("list")
def list_(path: ProjectPath, json: AsJson = False) -> None:
    """The rule files that the project uses."""
    with reading(path) as project:
        used, known = uses(project), texts(project)
    told = [
        {
            "name": one.name,
            "hash": one.hash,
            "identity": one.identity,
            "at": one.decided_at,
            "rules": len(parsed.rules),
            "notes": list(parsed.notes),
        }
        for one in used
        for parsed in (parse(one.name, known[one.hash]),)
    ]
    if json:
        document(told)
        return
    rows = [(one["name"], one["rules"], str(one["hash"])[:12], one["identity"], one["at"]) for one in told]
    table(("name", "rules", "hash", "added by", "at"), rows, right=("rules",))


@app.command()
def remove(path: ProjectPath, name: Name, as_: As = None, json: AsJson = False) -> None:
    """Use a rule file no more; what it found and nothing else finds is not listed after the next scan."""
    with writing(path) as project:
        files.remove(project, name, identity(project, as_))
        ruleset = current_ruleset(project)
    if json:
        document({"name": name, "ruleset": ruleset})
    else:
        say(f"{name} is not used any more: espalier findings scan PROJECT")
