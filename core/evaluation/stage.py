"""The worker stage `evaluation.run`: prepare the tasks, ask both arms, judge every answer, sum up; resumable at the task."""

from espalier.core.dataset import snapshot
from espalier.core.evaluation.asking import ask
from espalier.core.evaluation.evaluations import Evaluation, begun, evaluation, finish
from espalier.core.evaluation.judging import judge
from espalier.core.evaluation.preparing import prepare
from espalier.core.evaluation.rubric import lay_out
from espalier.core.evaluation.sandbox.tier import Capability, capability
from espalier.core.evaluation.summary import summarise
from espalier.core.evaluation.trees import scrubbed_trees
from espalier.core.failures import GateShut
from espalier.core.jobs.context import JobContext
from espalier.core.project import quarantined
from espalier.core.project.policy import project_policy
from espalier.core.repositories.corpus import corpus as corpus_named
from espalier.core.scrub.scrubber import project_scrubber
from espalier.core.training.runs import Run
from espalier.core.training.runs import run as training_run


def run(context: JobContext) -> dict[str, object]:
    """Args: evaluation. Raises GateShut for a run without an adapter, UnusableInput for one that is quarantined."""
    project = context.project
    one = evaluation(project, int(str(context.args["evaluation"])))
    quarantined.refuse(project, "run", str(one.run))
    trained = training_run(project, one.run)
    if trained.adapter is None:
        raise GateShut(f"Run {one.run} has no adapter yet.", "Evaluate a finished or stopped run.")
    context.work.mkdir(parents=True, exist_ok=True)
    context.progress(0, 1, "testing the sandbox")
    can = capability()
    begun(project, one.id, can.tier, can.digest)
    summary = _evaluate(context, one, trained, can)
    finish(project, one.id, summary)
    return summary


def _evaluate(context: JobContext, one: Evaluation, trained: Run, can: Capability) -> dict[str, object]:
    project = context.project
    corpus = str(snapshot.shown(project, trained.snapshot)["corpus"])
    scrubber = project_scrubber(project, corpus)
    held_out = [line for line in snapshot.read(project, trained.snapshot) if line["split"] == "test"]
    context.progress(0, 1, "writing the scrubbed trees")
    with scrubbed_trees(corpus_named(project, corpus), context.work / "trees", scrubber, context.safe_point) as trees:
        tasks = prepare(context, one, trained.snapshot, trees, can, scrubber)
        ask(context, one, trained, held_out, tasks, scrubber)
        judge(context, one, tasks, trees, can, scrubber)
    lay_out(project, one.id, tasks)
    return summarise(project, one, tasks, can, project_policy(project))
