"""What a job does, in words: by its kind and what it names."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from espalier.core.jobs.job import Job
from espalier.gui.figures import count, duration, moment

WORDS = {
    "repositories.add": str(QT_TRANSLATE_NOOP("work", "Add repositories")),
    "repositories.refresh": str(QT_TRANSLATE_NOOP("work", "Refresh repositories")),
    "findings.scan": str(QT_TRANSLATE_NOOP("work", "Scan for secrets")),
    "findings.import": str(QT_TRANSLATE_NOOP("work", "Import a report")),
    "findings.export": str(QT_TRANSLATE_NOOP("work", "Export findings")),
    "findings.pack": str(QT_TRANSLATE_NOOP("work", "Make a review pack")),
    "findings.mute": str(QT_TRANSLATE_NOOP("work", "Mute a rule")),
    "findings.unmute": str(QT_TRANSLATE_NOOP("work", "Unmute a rule")),
    "findings.accept": str(QT_TRANSLATE_NOOP("work", "Accept decisions")),
    "findings.quarantine": str(QT_TRANSLATE_NOOP("work", "Quarantine what a secret reached")),
    "examples.build": str(QT_TRANSLATE_NOOP("work", "Build examples")),
    "dataset.freeze": str(QT_TRANSLATE_NOOP("work", "Freeze a snapshot")),
    "models.convert": str(QT_TRANSLATE_NOOP("work", "Convert a model")),
    "training.run": str(QT_TRANSLATE_NOOP("work", "Run {run}")),
    "evaluation.run": str(QT_TRANSLATE_NOOP("work", "Evaluation {evaluation}")),
}


def work(job: Job) -> str:
    words = QCoreApplication.translate("work", WORDS.get(job.kind, job.kind))
    for name in ("run", "evaluation"):
        words = words.replace(f"{{{name}}}", str(job.args.get(name, "")))
    return words.strip()


def progress_words(job: Job) -> str:
    """How far it is, what it says, and the time left, in a line."""
    if job.ended:
        return "" if job.finished_at is None else ended_words(job.finished_at)
    counted = f"{count(job.done)} / {count(job.total)}" if job.total else ""
    left = "" if job.seconds_left is None else left_words(job.seconds_left)
    return " · ".join(part for part in (counted, left, job.message) if part)


def report(job: Job) -> str:
    """A job that failed, for whoever is asked for help, untranslated: which, how far, since when, and how it failed.

    As with bugs no text of what it worked on is in it: sentences of failures hold none, and arguments are left out.
    """
    lines = [
        f"job {job.id}, {job.kind}, {job.lane}, attempt {job.attempts}",
        f"asked for {job.created_at}, ended {job.finished_at or 'without a word'}, at {job.done} of {job.total}",
    ]
    if job.failure is not None:
        lines.append(f"{job.failure.kind}: {job.failure.sentence}")
    return "\n".join(lines)


def ended_words(at: str) -> str:
    return QCoreApplication.translate("work", "ended {when}").format(when=moment(at))


def left_words(seconds: float) -> str:
    return QCoreApplication.translate("work", "{time} left").format(time=duration(seconds))
