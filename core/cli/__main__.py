"""The command line: verbs by noun, one exit status per kind of ending, and never a traceback for what a person can mend."""

import sys
from collections.abc import Sequence

import typer
from typer._click.exceptions import (
    ClickException,
)  # typer carries click inside itself and exports no base of its errors

from espalier.core.cli import (
    audit,
    dataset,
    demo,
    doctor,
    eval,
    examples,
    findings,
    identity,
    job,
    model,
    project,
    release,
    repo,
    review,
    train,
)
from espalier.core.cli.output import note
from espalier.core.cli.waiting import Stopped
from espalier.core.failures import Broken, EspalierError, GateShut

INTERRUPTED = 130
USAGE = 2

app = typer.Typer(
    name="espalier",
    help="Teach an open Llama-family model the idioms of your company's own code, inside your own walls.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("init")(project.init)
app.command("doctor")(doctor.doctor)
for name, noun in {
    "project": project.app,
    "identity": identity.app,
    "repo": repo.app,
    "findings": findings.app,
    "review": review.app,
    "examples": examples.app,
    "dataset": dataset.app,
    "model": model.app,
    "train": train.app,
    "eval": eval.app,
    "release": release.app,
    "audit": audit.app,
    "job": job.app,
}.items():
    app.add_typer(noun, name=name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit status: 0 done, 1 a gate said no, 2 unusable input, 3 the work failed, 130 interrupted.

    A bug of ours is told by the places where it broke, without its own text, which might quote what was being read; it is a 3.
    """
    try:
        app(args=list(sys.argv[1:] if arguments is None else arguments), prog_name="espalier", standalone_mode=False)
    except EspalierError as error:
        return _told(error)
    except Stopped as stopped:
        note(f"Job {stopped.job.id} is {stopped.job.state}. Go on with: espalier job resume PROJECT {stopped.job.id}")
        return INTERRUPTED
    except (KeyboardInterrupt, typer.Abort):
        note("Interrupted.")
        return INTERRUPTED
    except ClickException as error:
        error.show(sys.stderr)
        return USAGE
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:  # noqa: BLE001  # else Python prints its text, which may quote what was being read
        return _bug(error)
    return 0


def _bug(error: Exception) -> int:
    broken = Broken.of(error)
    for place in reversed(broken.places):
        note(f"  {place}")
    return _told(broken)


def _told(error: EspalierError) -> int:
    note(error.sentence)
    if isinstance(error, GateShut):
        for item in error.items:
            note(f"  · {item}")
    if error.remedy:
        note(f"  → {error.remedy}")
    return error.exit_status


if __name__ == "__main__":
    sys.exit(main())
