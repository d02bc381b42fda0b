"""The report of an evaluation for people outside: one HTML page without scripts, or a CSV of its tasks; every word escaped.

All text in it was scrubbed before it was stored. What leaves the project is in the audit chain.
"""

import csv
import html
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

from espalier.core.evaluation.comparison import Compared, by_quarter, compared, rates
from espalier.core.evaluation.evaluations import Evaluation, evaluation
from espalier.core.evaluation.outcomes import deciding, loss, outcomes
from espalier.core.evaluation.statistics import Difference, Rate
from espalier.core.failures import UnusableInput, WorkFailed
from espalier.core.project import audit
from espalier.core.project.file import Project
from espalier.core.project.policy import project_policy

Form = Literal["html", "csv"]
STYLE = """
body { font: 14px/1.5 system-ui, sans-serif; color: #14171c; background: #fff; max-width: 64rem; margin: 2rem auto; padding: 0 1.5rem }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem } p.notice { background: #fcf1dc; color: #6b4000; padding: .6rem .9rem }
table { border-collapse: collapse; font-variant-numeric: tabular-nums } th { font-weight: 500; color: #59626e }
td, th { padding: .25rem 1.2rem .25rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid #e3e6ea }
"""


def export(project: Project, number: int, target: Path, actor: str) -> Path:
    """Write the report in the form that the target's ending names; raises UnusableInput for a file that is there already."""
    one = evaluation(project, number)
    if one.state != "done":
        raise UnusableInput(f"Evaluation {number} is {one.state}: there is no report of it.", "Wait until it is done.")
    form = _form(target)
    text = page(project, one) if form == "html" else tasks_csv(project, one)
    try:
        with target.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise UnusableInput(f"{target} already exists.", "Choose another name.") from None
    except OSError as error:
        raise WorkFailed(f"{target} could not be written: {error.strerror}.", "Choose another folder.") from None
    exported(project, number, target, actor)
    return target


def exported(project: Project, number: int, target: Path, actor: str) -> None:
    """Tell the audit chain that something of an evaluation has left the project as this file."""
    with project.write() as db:
        detail: dict[str, object] = {"form": target.suffix.lower().removeprefix("."), "file": target.name}
        audit.record(db, actor, "eval.exported", f"evaluation:{number}", detail)


def page(project: Project, one: Evaluation) -> str:
    found = outcomes(project, one.id)
    check = deciding(found)
    rows = compared(project, one.id, found, check)
    policy, summary = project_policy(project), one.summary
    notice = f'<p class="notice">{html.escape(policy.sentence)}</p>' if policy.demonstration else ""
    base, adapter = (loss(project, one.id, arm) for arm in ("base", "adapter"))
    parts = [
        f"<h1>Evaluation {one.id} of run {one.run}</h1>",
        notice,
        f"<p>{len(rows)} tasks of the suite {html.escape(one.suite)}, sandbox: {html.escape(one.tier or 'unknown')}, "
        f"finished {html.escape(one.finished_at or '')}, policy {html.escape(policy.name)}.</p>",
        "<h2>Checks</h2>",
        _table(("check", "base", "adapter", "adapter less base"), _checks(rows)),
        "<h2>Thresholds</h2>",
        _table(("gate", "state", "why"), _gates(summary)),
        "<h2>Held-out loss, nats per token</h2>",
        _table(("base", "adapter"), [(_number(base), _number(adapter))]),
        *_quarters(rows, check),
        *_rubric(summary.get("rubric")),
        f"<h2>Fixed by the adapter, by {html.escape(check)}</h2>",
        _tasks(rows, "fixed"),
        f"<h2>Broken by the adapter, by {html.escape(check)}</h2>",
        _tasks(rows, "broken"),
        "<h2>Not run</h2>",
        _table(("answers", "why"), [(str(count), why) for why, count in _dict(summary.get("not_run")).items()]),
    ]
    title = f"Evaluation {one.id} of run {one.run}"
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    return head + "\n".join(parts) + "</html>\n"


def tasks_csv(project: Project, one: Evaluation) -> str:
    """A line a task. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    found = outcomes(project, one.id)
    rows = compared(project, one.id, found, deciding(found))
    checks = [line.check for line in rates(rows)]
    out = io.StringIO()
    writer = csv.writer(out)
    columns = ("task", "title", "origin", "service", "repository", "path", "function", "written_at", "change")
    writer.writerow([*columns, *(f"{arm} {check}" for check in checks for arm in ("base", "adapter"))])
    for row in rows:
        place = (row.service, row.repository, row.path, row.qualified_name, row.written_at or "", row.change)
        said = [_word(side.get(check)) for check in checks for side in (row.base, row.adapter)]
        writer.writerow([_cell(text) for text in (row.task, row.title, row.origin, *place, *said)])
    return out.getvalue()


def _form(target: Path) -> Form:
    ending = target.suffix.lower()
    if ending not in (".html", ".csv"):
        raise UnusableInput(f"{target.name} is no form of a report.", "Name a file that ends in .html or .csv.")
    return "html" if ending == ".html" else "csv"


def _checks(rows: Iterable[Compared]) -> list[tuple[str, str, str, str]]:
    return [(one.check, _rate(one.base), _rate(one.adapter), _difference(one.difference)) for one in rates(rows)]


def _gates(summary: dict[str, object]) -> list[tuple[str, str, str]]:
    given: Any = summary.get("gates", [])
    return [(gate["name"], "open" if gate["passed"] else "shut", gate["why"]) for gate in given]


def _quarters(rows: Iterable[Compared], check: str) -> list[str]:
    quarters = by_quarter(rows, check)
    if len(quarters) < 2:
        return []
    lines = [(one.name, _rate(one.base), _rate(one.adapter)) for one in quarters]
    return ["<h2>By the quarter in which the reference was written</h2>", _table(("quarter", "base", "adapter"), lines)]


def _rubric(found: Any) -> list[str]:
    if not found:
        return ["<h2>Rubric</h2>", "<p>Not done: people have not rated the answers.</p>"]
    lines = [(name, _mean(found[name])) for name in ("base", "adapter", "difference")]
    said = f"<p>{found['raters']} people rated {found['tasks']} tasks blind, from 1 to 5.</p>"
    return ["<h2>Rubric</h2>", said, _table(("arm", "mean"), lines)]


def _tasks(rows: Iterable[Compared], change: str) -> str:
    found = [(row.title, row.origin, row.service, row.path) for row in rows if row.change == change]
    return _table(("task", "origin", "service", "file"), found) if found else "<p>None.</p>"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return "<p>Nothing.</p>"
    head = "".join(f"<th>{html.escape(column)}</th>" for column in columns)
    lines = ("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{''.join(lines)}</table>"


def _rate(found: Rate) -> str:
    if found.low is None or found.high is None:
        return "not run"
    return f"{found.passed} of {found.ran}, {found.passed / found.ran:.1%} ({found.low:.1%} to {found.high:.1%})"


def _difference(found: Difference | None) -> str:
    if found is None:
        return "not compared"
    return f"{100 * found.value:+.1f} ({100 * found.low:+.1f} to {100 * found.high:+.1f})"


def _mean(found: dict[str, float | None]) -> str:
    inside = "" if found["low"] is None else f" ({found['low']:.2f} to {found['high']:.2f})"
    return f"{found['mean']:.2f}{inside}"


def _number(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.3f}"


def _word(passed: bool | None) -> str:
    return "not run" if passed is None else "passed" if passed else "failed"


def _cell(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
