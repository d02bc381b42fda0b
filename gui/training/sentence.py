"""How a run stands, in one sentence with numbers in it, and what went wrong with it, with the remedy."""

from PySide6.QtCore import QCoreApplication

from espalier.core.jobs.job import ENDED
from espalier.gui.figures import count, duration, loss
from espalier.gui.training.reading import Detail, RunRow


def tr(text: str) -> str:
    return QCoreApplication.translate("training.sentence", text)


def sentence(detail: Detail) -> str:
    """What the head of the page says."""
    row = detail.row
    where = _where(row)
    match row.standing:
        case "queued":
            return tr("Run {id} waits for a worker.").format(id=row.run.id)
        case "running" | "elsewhere":
            return tr("Run {id} is at {where}.").format(id=row.run.id, where=where) + _losses(detail) + _left(row)
        case "pausing" | "stopping" | "cancelling":
            return tr("Run {id} ends at the next safe point, at {where}.").format(id=row.run.id, where=where)
        case "silent":
            return tr("Run {id} has not been heard of for a while, at {where}; its process lives.").format(
                id=row.run.id, where=where
            )
        case "interrupted" | "dead":
            return tr("Run {id} was interrupted at {where}; it resumes from its last checkpoint.").format(
                id=row.run.id, where=where
            )
        case "paused":
            return tr("Run {id} is paused at {where}.").format(id=row.run.id, where=where) + _losses(detail)
        case "stopped" | "cancelled":
            return tr("Run {id} was stopped at {where}.").format(id=row.run.id, where=where) + _losses(detail)
        case "failed":
            return tr("Run {id} failed at {where}.").format(id=row.run.id, where=where)
        case "done":
            return tr("Run {id} is done: {where}.").format(id=row.run.id, where=where) + _losses(detail)


def trouble(row: RunRow) -> tuple[str, str]:
    """What happened to what, and what to do; empty where nothing did."""
    if row.standing == "failed":
        failure = None if row.known is None else row.known.job.failure
        if failure is None:
            return tr("Run {id} failed.").format(id=row.run.id), tr("Its job left no reason; see the worker's log.")
        return f"{tr('Run')} {row.run.id}: {failure.sentence}", failure.remedy
    if row.standing == "silent":
        what = tr("The worker of run {id} is not responding.").format(id=row.run.id)
        return what, tr("A machine that slept goes on by itself. If it does not, stop the run, then resume it.")
    if row.standing in ("dead", "interrupted"):
        what = tr("The worker of run {id} ended without a word.").format(id=row.run.id)
        return what, tr("Nothing that was committed is lost: the run resumes from its last checkpoint.")
    return "", ""


def _where(row: RunRow) -> str:
    if row.run.steps is None:
        return tr("step {step}").format(step=count(row.run.step))
    return tr("step {step} of {steps}").format(step=count(row.run.step), steps=count(row.run.steps))


def _losses(detail: Detail) -> str:
    last = detail.row.run.validation_loss
    if last is None:
        return ""
    best = detail.best is not None and last <= detail.best
    so_far = tr(" Validation loss {loss} is the lowest so far.")
    lowest = tr(" Validation loss is {loss}, its lowest.") if detail.row.standing in ENDED else so_far
    text = lowest if best else tr(" Validation loss is {loss}.")
    return text.format(loss=loss(last))


def _left(row: RunRow) -> str:
    left = None if row.known is None else row.known.job.seconds_left
    return "" if left is None else tr(" About {left} left.").format(left=duration(left))
