"""Both arms asked the same things in the same words: held-out loss, and an answer to every task, scanned before it is kept."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from espalier.core.evaluation.candidate import answer_has_ended
from espalier.core.evaluation.evaluations import ARMS, Arm, Evaluation
from espalier.core.evaluation.generation import Generation, generate
from espalier.core.evaluation.loss import held_out_loss
from espalier.core.evaluation.tasks import EvaluationTask
from espalier.core.jobs.context import JobContext
from espalier.core.models import register
from espalier.core.models.load import device_of_this_machine, load_base, load_with_adapter
from espalier.core.models.repeatable import compute_repeatably, cores
from espalier.core.models.tokenizer import Tokenizer
from espalier.core.project.file import Project
from espalier.core.scrub.scrubber import Blocked, Scrubber
from espalier.core.training.adapter import unpack
from espalier.core.training.runs import Run

LOSS = "loss"
CHUNK = 16  # examples whose losses are committed at once


def ask(
    context: JobContext,
    one: Evaluation,
    run: Run,
    lines: Sequence[dict[str, Any]],
    tasks: Sequence[EvaluationTask],
    scrubber: Scrubber,
) -> None:
    """Ask base, then adapter, whatever is not answered yet. `lines` are the snapshot's held-out examples."""
    if all(_is_done(context.project, one.id, arm, lines, tasks) for arm in ARMS):
        return
    compute_repeatably(_threads(run))
    context.progress(0, 1, f"loading {run.model}")
    base = register.ready(context.project, run.model, actor="espalier", progress=context.progress)
    tokenizer = Tokenizer.load(base.path)
    device = device_of_this_machine()
    model = load_base(base, device=device, dtype="bfloat16", quantisation=_quantisation(run))
    for arm in ARMS:
        asked = model if arm == "base" else _adapted(context.project, model, run)
        if not _is_done(context.project, one.id, arm, lines, tasks):
            _losses(context, one, arm, asked, tokenizer, lines)
            _answers(context, one, arm, asked, tokenizer, tasks, scrubber)


def _threads(run: Run) -> int:
    """As many as the run computed with, so that its losses and these are of one kind; no more than this machine has cores."""
    return min(int(run.versions.get("threads", cores())), cores())


def _quantisation(run: Run) -> Literal["nf4"] | None:
    return "nf4" if run.recipe.quantisation == "nf4" else None


def _adapted(project: Project, model: Any, run: Run) -> Any:
    assert run.adapter is not None  # checked before the evaluation was queued
    with tempfile.TemporaryDirectory(prefix="espalier-adapter-") as folder:
        return load_with_adapter(model, unpack(project, run.adapter, Path(folder)))


def _losses(
    context: JobContext, one: Evaluation, arm: Arm, model: Any, tokenizer: Tokenizer, lines: Sequence[dict[str, Any]]
) -> None:
    known = _known(
        context.project, "SELECT task FROM results WHERE evaluation = ? AND arm = ? AND \"check\" = 'loss'", one, arm
    )
    for start in range(0, len(lines), CHUNK):  # cut from all of them: a resumed evaluation sees the same batches
        part = lines[start : start + CHUNK]
        if all(line["id"] in known for line in part):
            continue
        context.progress(start, len(lines), f"held-out loss of the {arm}")
        tokens = [tokenizer.chat_with_mask(line["messages"]) for line in part]
        found = held_out_loss(model, tokens, tick=context.safe_point)
        rows = [
            (one.id, line["id"], arm, LOSS, loss.nll, str(loss.tokens)) for line, loss in zip(part, found, strict=True)
        ]
        with context.project.write() as db:
            db.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, NULL, ?, ?)", rows)


def _answers(
    context: JobContext,
    one: Evaluation,
    arm: Arm,
    model: Any,
    tokenizer: Tokenizer,
    tasks: Sequence[EvaluationTask],
    scrubber: Scrubber,
) -> None:
    known = _known(context.project, "SELECT task FROM answers WHERE evaluation = ? AND arm = ?", one, arm)
    done = {position for position, task in enumerate(tasks) if task.id in known}
    answered = len(done)

    def keep(positions: list[int], found: list[Generation]) -> None:
        nonlocal answered
        rows = [_row(one, arm, tasks[place], made, scrubber) for place, made in zip(positions, found, strict=True)]
        with context.project.write() as db:
            db.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)", rows)
        answered = min(answered + len(rows), len(tasks))
        context.progress(answered, len(tasks), f"answers of the {arm}")

    context.progress(answered, len(tasks), f"answers of the {arm}")
    prompts = [tokenizer.chat(list(task.messages), add_generation_prompt=True) for task in tasks]
    settings = one.settings
    generate(
        model,
        tokenizer,
        prompts,
        max_new_tokens=settings.max_new_tokens,
        batch_size=settings.batch_size,
        on_batch=keep,
        stop=answer_has_ended,
        done=done,
        tick=context.safe_point,
    )


def _row(one: Evaluation, arm: Arm, task: EvaluationTask, made: Generation, scrubber: Scrubber) -> tuple[object, ...]:
    """What a model says may hold a secret that it learnt or made up: neither is kept."""
    try:
        text, finished = scrubber.scrub(made.text, task.path).text, str(made.finished)
    except Blocked:
        text, finished = "", "blocked"
    return one.id, task.id, arm, text, made.tokens, finished


def _is_done(
    project: Project, number: int, arm: Arm, lines: Sequence[dict[str, Any]], tasks: Sequence[EvaluationTask]
) -> bool:
    answers = project.value("SELECT count(*) FROM answers WHERE evaluation = ? AND arm = ?", (number, arm))
    losses = project.value(
        "SELECT count(*) FROM results WHERE evaluation = ? AND arm = ? AND \"check\" = 'loss'", (number, arm)
    )
    return bool(answers >= len(tasks) and losses >= len(lines))


def _known(project: Project, query: str, one: Evaluation, arm: Arm) -> set[str]:
    return {str(row["task"]) for row in project.rows(query, (one.id, arm))}
