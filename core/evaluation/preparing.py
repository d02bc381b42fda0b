"""From a snapshot's held-out part to the tasks of one evaluation: mined, chosen, and pinned before the first is asked."""

from pathlib import Path

from espalier.core.evaluation.choosing import chosen
from espalier.core.evaluation.evaluations import Evaluation
from espalier.core.evaluation.sandbox.tier import Capability
from espalier.core.evaluation.tasks import (
    EvaluationTask,
    asked,
    completion_tasks,
    decide_tests,
    pin,
    ticket_tasks,
    undecided,
)
from espalier.core.evaluation.tickets import read_tickets
from espalier.core.evaluation.trees import Trees
from espalier.core.evaluation.verifying import Decision, Verifier
from espalier.core.examples.example import of_build
from espalier.core.jobs.context import JobContext
from espalier.core.project.file import Project
from espalier.core.scrub.scrubber import Blocked, Scrubber


def prepare(
    context: JobContext, one: Evaluation, snapshot: str, trees: Trees, can: Capability, scrubber: Scrubber
) -> list[EvaluationTask]:
    """The evaluation's tasks, each with the tests that decide it; where nothing can be run, each says why it has none."""
    project = context.project
    if not asked(project, one.id):
        with project.write() as db:
            pin(db, one.id, _mined(project, one, snapshot, trees, scrubber))
    verifier = Verifier(trees)
    waiting = undecided(project, one.id)
    for number, task in enumerate(waiting):
        context.safe_point()
        context.progress(number, len(waiting), "verifying tasks against their references")
        tests, reason = ((), f"not run: {can.reason}") if can.tier == "none" else verifier.tests(task)
        decide_tests(project, one.id, task, *_clean((tests, reason), scrubber))
    return asked(project, one.id)


def _mined(project: Project, one: Evaluation, snapshot: str, trees: Trees, scrubber: Scrubber) -> list[EvaluationTask]:
    """Completions of what is held out and, if the evaluation has tickets, those about held-out functions; none unclean."""
    row = project.row("SELECT build FROM snapshots WHERE hash = ?", (snapshot,))
    query = "SELECT example FROM snapshot_examples WHERE snapshot = ? AND split = 'test'"
    names = {each["example"] for each in project.rows(query, (snapshot,))}
    held_out = [each for each in of_build(project, row["build"], None) if each.id in names] if row else []
    mined = [
        task
        for name, texts in trees.texts.items()
        for task in completion_tasks(
            snapshot,
            one.suite,
            trees.heads[name],
            [each for each in held_out if each.provenance.repository == name],
            texts,
        )
    ]
    if one.settings.tickets is not None:
        made, _ = ticket_tasks(mined, read_tickets(Path(one.settings.tickets), scrubber))
        mined += [task for task in made if not scrubber.verify(task.messages[-1]["content"] + task.title, task.path)]
    return chosen(mined, one.settings.most_tasks, snapshot)


def _clean(decision: Decision, scrubber: Scrubber) -> Decision:
    """Names of tests and what a run printed come from a scrubbed tree; what they make together is looked at all the same."""
    tests, reason = decision
    try:
        said = scrubber.scrub(reason, "report.txt").text
    except Blocked:
        said = "not run: the reason is withheld"
    if scrubber.verify("\n".join(tests), "report.txt"):
        return (), "not run: the names of the tests are withheld"
    return tests, said[:2000]
