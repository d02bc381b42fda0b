"""What an evaluation of a run would be: how many tasks it can ask, and how long that took here before."""

from dataclasses import dataclass

from espalier.core.evaluation.evaluations import evaluations
from espalier.core.project.clock import parse
from espalier.core.project.file import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """`held_out` counts the functions that can be asked about; `seconds` is for `tasks` of them, None without an earlier evaluation."""

    held_out: int
    tasks: int
    seconds: float | None


def expected(project: Project, run: int, most_tasks: int | None = None, tokens: int | None = None) -> Expected:
    """Tasks at most, since some may have left the code; time in proportion to tasks and, from above, to the answers' length."""
    query = (
        "SELECT count(*) FROM runs JOIN snapshots ON snapshots.hash = runs.snapshot"
        " JOIN snapshot_examples AS held ON held.snapshot = snapshots.hash AND held.split = 'test'"
        " JOIN examples ON examples.build = snapshots.build AND examples.id = held.example"
        " WHERE runs.id = ? AND examples.kind = 'completion'"
    )
    held_out = int(project.value(query, (run,)) or 0)
    tasks = held_out if most_tasks is None else min(most_tasks, held_out)
    pace = _seconds_a_task(project, tokens)
    return Expected(held_out=held_out, tasks=tasks, seconds=None if pace is None else pace * tasks)


def _seconds_a_task(project: Project, tokens: int | None) -> float | None:
    """Of the newest evaluation that was done without a break; its wait in the queue counts, so that this is rather too long."""
    for one in evaluations(project):
        started = one.job.created_at if one.job is not None and one.job.attempts == 1 else None
        asked = project.value("SELECT count(*) FROM asked WHERE evaluation = ?", (one.id,))
        if one.state == "done" and started and one.finished_at and asked:
            longer = 1.0 if tokens is None else max(1.0, tokens / one.settings.max_new_tokens)
            return longer * (parse(one.finished_at) - parse(started)).total_seconds() / float(asked)
    return None
