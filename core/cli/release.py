"""espalier release."""

from pathlib import Path
from typing import Annotated

import typer

from espalier.core.cli.opening import As, ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, say
from espalier.core.failures import GateShut
from espalier.core.project.identities import identity
from espalier.core.project.roster import load as load_roster
from espalier.core.release import bundle, checklist, sign_off
from espalier.core.release.verify import Check
from espalier.core.release.verify import verify as verify_bundle

app = typer.Typer(help="The gates, the signatures and the bundle.", no_args_is_help=True)
Run = Annotated[int, typer.Argument(metavar="RUN")]


@app.command()
def check(path: ProjectPath, run: Run, json: AsJson = False) -> None:
    """What stands between a run and its release."""
    with reading(path) as project:
        found = checklist.check(project, run)
    _say({"passed": found.passed, "signer": None}, found.checks, json)
    if not found.passed:
        raise GateShut(f"Run {run} can't be released yet.", "Open what is shut above.")


@app.command()
def sign(path: ProjectPath, run: Run, role: Annotated[str, typer.Option()] = "release", as_: As = None) -> None:
    """Sign off a run in a role."""
    with writing(path) as project:
        who = identity(project, as_)
        sign_off.sign(project, run, role, who)
    say(f"{who.name} signed run {run} as {role} with {who.fingerprint}.")


@app.command()
def create(path: ProjectPath, run: Run, folder: Path, as_: As = None) -> None:
    """Write the signed bundle."""
    with writing(path) as project:
        made = bundle.create(project, run, folder, identity(project, as_))
    say(f"Wrote {made}. Check it anywhere: espalier release verify {made}")


@app.command()
def verify(
    folder: Path,
    trust: Annotated[
        Path | None, typer.Option(metavar="ROSTER", help="Who may sign; without it, the key is only named.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Check a bundle from itself alone: signature, every file, and with a roster who signed."""
    found = verify_bundle(folder, load_roster(trust) if trust else None)
    _say({"passed": found.passed, "approved": found.approved, "signer": found.signer}, found.checks, json)
    if not found.passed:
        failed = tuple(f"{one.name}: {one.why}" for one in found.checks if not one.passed)
        raise GateShut(
            f"The bundle {folder} does not verify.", "Get it again from who made it.", failed if json else ()
        )


def _say(heading: dict[str, object], checks: tuple[Check, ...], json: bool) -> None:
    if json:
        said = [{"name": one.name, "passed": one.passed, "why": one.why} for one in checks]
        document({**heading, "checks": said})
        return
    for one in checks:
        say(f"{'holds' if one.passed else 'FAILS'}  {one.name}: {one.why}")
    if heading["signer"]:
        say(f"signed by {heading['signer']}")
