"""The command line: verbs by noun, one exit status per kind of ending, and never a traceback for what a person can mend."""

import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

import typer
from typer._click.exceptions import (
    ClickException,
)  # typer carries click inside itself and exports no base of its errors

from espalier.core.cli.output import note
from espalier.core.cli.waiting import Stopped
from espalier.core.failures import Broken, EspalierError, GateShut

INTERRUPTED = 130
USAGE = 2
_VERBS = {"demo": "demo", "init": "project", "doctor": "doctor"}  # and the noun whose module has each
_NOUNS = (
    "project", "identity", "repo", "findings", "review", "examples", "dataset", "model", "train", "eval", "release", "audit",
    "job",
)  # fmt: skip


def command_line(wanted: str | None = None) -> typer.Typer:
    """All of it, or what one verb or noun needs: each takes its own time to load, and all of them most of a second."""
    app = typer.Typer(
        name="espalier",
        help="Teach an open Llama-family model the idioms of your company's own code, inside your own walls.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    alone = wanted if wanted in (*_VERBS, *_NOUNS) else None
    for verb, noun in _VERBS.items():
        if alone in (None, verb):
            app.command(verb)(getattr(_module(noun), verb))
    for noun in _NOUNS:
        if alone in (None, noun):
            app.add_typer(_module(noun).app, name=noun)
    if alone in _VERBS:
        app.callback()(_together)
    return app


def _module(noun: str) -> ModuleType:
    return import_module(f"espalier.core.cli.{noun}")


def _together() -> None:
    """A verb that is alone keeps its name."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit status: 0 done, 1 a gate said no, 2 unusable input, 3 the work failed, 130 interrupted.

    A bug of ours is told by the places where it broke, without its own text, which might quote what was being read; it is a 3.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        command_line(given[0] if given else None)(args=given, prog_name="espalier", standalone_mode=False)
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
