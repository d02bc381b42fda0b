"""espalier eval."""

from pathlib import Path
from typing import Annotated, Any

import typer

from espalier.core.cli.opening import ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, say, table
from espalier.core.cli.waiting import Detach, detach, wait
from espalier.core.evaluation import evaluations
from espalier.core.failures import UnusableInput
from espalier.core.jobs.job import enqueue
from espalier.core.project.file import Project

app = typer.Typer(help="Base against adapter on held-out tasks, in a sandbox, with intervals.", no_args_is_help=True)


@app.command()
def run(
    path: ProjectPath,
    trained: Annotated[int, typer.Argument(metavar="RUN")],
    tickets: Annotated[Path | None, typer.Option(metavar="CSV", help="Tickets to ask as tasks.")] = None,
    idiom: Annotated[Path | None, typer.Option(metavar="TOML", help="The idiom to look for, as patterns.")] = None,
    most_tasks: Annotated[int | None, typer.Option(help="Tasks at most.")] = None,
    detached: Detach = False,
    json: AsJson = False,
) -> None:
    """Evaluate a run and wait for it."""
    settings = evaluations.Settings(
        most_tasks=most_tasks,
        idiom=_text(idiom) if idiom else None,
        tickets=str(tickets.absolute()) if tickets else None,
    )
    with writing(path) as project:
        number = evaluations.create(project, trained, settings)
        job = enqueue(project, "evaluation.run", {"evaluation": number}, "accelerator")
        if detached:
            detach(project, job, "accelerator")
            say(str(job))
            return
        wait(project, job)
        _show(project, number, json)


@app.command()
def show(
    path: ProjectPath,
    number: Annotated[int | None, typer.Argument(metavar="[EVALUATION]")] = None,
    json: AsJson = False,
) -> None:
    """One evaluation, the newest if none is named: rates with 95 % intervals, fixed and broken tasks, gates."""
    with reading(path) as project:
        known = evaluations.evaluations(project)
        if not known:
            raise UnusableInput("The project has no evaluation.", "Start one: espalier eval run PROJECT RUN")
        _show(project, number or known[0].id, json)


def _show(project: Project, number: int, json: bool) -> None:
    one = evaluations.evaluation(project, number)
    summary = one.summary
    if one.state != "done":
        raise UnusableInput(
            f"Evaluation {number} is {one.state}; it has nothing to show yet.", "See: espalier job list PROJECT"
        )
    if json:
        document(summary)
        return
    for line in report_lines(summary):
        say(line)
    columns, rows = report_rows(summary)
    table(columns, rows)


def report_lines(summary: dict[str, object]) -> list[str]:
    """What stands around the table."""
    gates = [
        f"  {'open' if gate['passed'] else 'shut'}: {gate['name']}: {gate['why']}" for gate in _list(summary["gates"])
    ]
    return [
        f"{summary['tasks']} tasks, sandbox: {summary['tier']}",
        *(f"not run ({count}): {why}" for why, count in _dict(summary["not_run"]).items()),
        f"by {summary['decided_by']}: {len(_list(summary['fixed']))} fixed, {len(_list(summary['broken']))} broken,"
        f" McNemar p = {summary['p']}",
        "gates:",
        *gates,
    ]


def report_rows(summary: dict[str, object]) -> tuple[tuple[str, ...], list[tuple[str, str, str]]]:
    """A row a check: passed of ran with its interval, for each arm; the held-out loss first."""
    loss, arms = _dict(summary["loss"]), _dict(summary["arms"])
    rows = [("held-out loss (nats/token)", f"{loss['base']:.3f}", f"{loss['adapter']:.3f}")] if loss["base"] else []
    for check in arms["base"]:
        rows.append((check, _rate(arms["base"][check]), _rate(arms["adapter"][check])))
    return ("check", "base", "adapter"), rows


def _rate(found: dict[str, float | None]) -> str:
    if not found["ran"] or found["low"] is None or found["high"] is None or found["passed"] is None:
        return "not run"
    return f"{found['passed']}/{found['ran']}  {found['passed'] / found['ran']:.0%} [{found['low']:.0%}–{found['high']:.0%}]"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UnusableInput(f"{path} can't be read.", "Name a TOML file.") from None


def _dict(value: object) -> dict[str, Any]:
    assert isinstance(value, dict)
    return value


def _list(value: object) -> list[Any]:
    assert isinstance(value, list)
    return value
