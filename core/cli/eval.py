"""espalier eval."""

from pathlib import Path
from typing import Annotated, Any

import typer

from espalier.core.cli import rubric
from espalier.core.cli.opening import ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, say, table
from espalier.core.cli.waiting import Detach, detach, wait
from espalier.core.evaluation import evaluations
from espalier.core.evaluation.answered import Answer, answered
from espalier.core.evaluation.comparison import compared
from espalier.core.evaluation.outcomes import deciding, outcomes
from espalier.core.evaluation.report import export
from espalier.core.failures import UnusableInput
from espalier.core.project.file import Project

app = typer.Typer(help="Base against adapter on held-out tasks, in a sandbox, with intervals.", no_args_is_help=True)
app.command("rubric")(rubric.rubric)
Number = Annotated[int | None, typer.Argument(metavar="[EVALUATION]")]


@app.command()
def run(
    path: ProjectPath,
    trained: Annotated[int, typer.Argument(metavar="RUN")],
    tickets: Annotated[Path | None, typer.Option(metavar="CSV", help="Tickets to ask as tasks.")] = None,
    idiom: Annotated[Path | None, typer.Option(metavar="TOML", help="The idiom to look for, as patterns.")] = None,
    most_tasks: Annotated[int | None, typer.Option(help="Tasks at most.")] = None,
    tokens: Annotated[int, typer.Option(help="Tokens of an answer at most.")] = evaluations.ANSWER_TOKENS,
    detached: Detach = False,
    json: AsJson = False,
) -> None:
    """Evaluate a run and wait for it."""
    settings = evaluations.Settings(
        max_new_tokens=tokens,
        most_tasks=most_tasks,
        idiom=_text(idiom) if idiom else None,
        tickets=str(tickets.absolute()) if tickets else None,
    )
    with writing(path) as project:
        number, job = evaluations.queue(project, trained, settings)
        if detached:
            detach(project, job, "accelerator")
            say(str(job))
            return
        wait(project, job)
        _show(project, number, json)


@app.command("list")
def list_(path: ProjectPath, json: AsJson = False) -> None:
    """Every evaluation, newest first, and how it stands."""
    with reading(path) as project:
        found = [_listed(one) for one in evaluations.evaluations(project)]
    if json:
        document(found)
        return
    columns = ("id", "run", "state", "tasks", "fixed", "broken", "shut", "created_at")
    table(columns, [[one[column] for column in columns] for one in found], right=("id", "run", "tasks"))


@app.command()
def show(path: ProjectPath, number: Number = None, json: AsJson = False) -> None:
    """One evaluation, the newest if none is named: rates with 95 % intervals, fixed and broken tasks, gates."""
    with reading(path) as project:
        _show(project, evaluations.newest(project, number), json)


@app.command()
def tasks(path: ProjectPath, number: Number = None, json: AsJson = False) -> None:
    """Each task of an evaluation: what every check said of both answers, and whether the adapter fixed or broke it."""
    with reading(path) as project:
        one = evaluations.newest(project, number)
        found = outcomes(project, one)
        rows = compared(project, one, found, deciding(found))
    if json:
        document([{name: getattr(row, name) for name in row.__slots__} for row in rows])
        return
    lines = [
        (row.task[:12], row.change, row.origin, row.service, (row.written_at or "")[:10], row.title) for row in rows
    ]
    table(("task", "change", "origin", "service", "written", "title"), lines)


@app.command()
def task(
    path: ProjectPath, number: int, name: Annotated[str, typer.Argument(metavar="TASK")], json: AsJson = False
) -> None:
    """One task whole: prompt, reference, both answers, and what each check said."""
    with reading(path) as project:
        found = answered(project, number, name)
    arms = {one.arm: _answer(one) for one in (found.base, found.adapter)}
    if json:
        asked = {"task": found.task.id, "title": found.task.title, "origin": found.task.origin, "tier": found.tier}
        document({**asked, "prompt": list(found.task.messages), "reference": found.task.reference, "arms": arms})
        return
    say(f"{found.task.title} ({found.task.origin}), sandbox: {found.tier}")
    say("\n".join(["--- prompt", *(message["content"] for message in found.task.messages)]))
    say(f"--- reference\n{found.task.reference}")
    for one in (found.base, found.adapter):
        say(f"--- {one.arm}\n{one.text or 'no answer'}")
        for verdict in one.verdicts:
            said = "not run" if verdict.passed is None else "passed" if verdict.passed else "failed"
            say(f"  {verdict.check}: {said} {verdict.detail}".rstrip())


@app.command()
def report(
    path: ProjectPath, number: int, target: Annotated[Path, typer.Argument(metavar="FILE", help=".html or .csv")]
) -> None:
    """Write an evaluation for people outside: a page (.html), or its tasks (.csv)."""
    with writing(path) as project:
        say(f"Wrote {export(project, number, target, 'local user')}.")


def _listed(one: evaluations.Evaluation) -> dict[str, object]:
    """What a list says of it; counts are none until it is done."""
    summary = one.summary
    done = one.state == "done"
    return {
        "id": one.id,
        "run": one.run,
        "suite": one.suite,
        "state": one.state,
        "tasks": summary["tasks"] if done else None,
        "fixed": len(_list(summary["fixed"])) if done else None,
        "broken": len(_list(summary["broken"])) if done else None,
        "shut": sum(not gate["passed"] for gate in _list(summary["gates"])) if done else None,
        "created_at": one.created_at,
        "finished_at": one.finished_at,
    }


def _answer(one: Answer) -> dict[str, object]:
    checks = [{"check": each.check, "passed": each.passed, "detail": each.detail} for each in one.verdicts]
    return {"text": one.text, "tokens": one.tokens, "finished": one.finished, "checks": checks}


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
