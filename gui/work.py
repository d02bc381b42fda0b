"""What a job does, in words: by its kind and what it names."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from espalier.core.jobs.job import Job

WORDS = {
    "repositories.add": str(QT_TRANSLATE_NOOP("work", "Add repositories")),
    "repositories.refresh": str(QT_TRANSLATE_NOOP("work", "Refresh repositories")),
    "findings.scan": str(QT_TRANSLATE_NOOP("work", "Scan for secrets")),
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
