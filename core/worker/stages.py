"""Which function does which kind of job, loaded only when such a job runs: the heavy libraries stay out until then."""

from collections.abc import Callable
from importlib import import_module

from espalier.core.failures import UnusableInput
from espalier.core.jobs.context import JobContext

Stage = Callable[[JobContext], dict[str, object]]

STAGES = {
    "repositories.add": "espalier.core.repositories.stage:add",
    "repositories.refresh": "espalier.core.repositories.stage:refresh",
    "findings.scan": "espalier.core.findings.scan:run",
    "findings.import": "espalier.core.worker.findings:bring_in",
    "findings.export": "espalier.core.worker.findings:export",
    "findings.pack": "espalier.core.worker.findings:pack",
    "findings.mute": "espalier.core.worker.decisions:mute",
    "findings.unmute": "espalier.core.worker.decisions:unmute",
    "findings.accept": "espalier.core.worker.decisions:accept",
    "findings.quarantine": "espalier.core.worker.quarantine:quarantine",
    "examples.build": "espalier.core.examples.stage:run",
    "dataset.freeze": "espalier.core.dataset.stage:run",
    "dataset.export": "espalier.core.dataset.export:run",
    "training.run": "espalier.core.training.stage:run",
    "evaluation.run": "espalier.core.evaluation.stage:run",
}


def stage(kind: str) -> Stage:
    try:
        module, _, name = STAGES[kind].partition(":")
    except KeyError:
        raise UnusableInput(
            f"This Espalier knows no job of kind {kind!r}.", "Update Espalier on this machine."
        ) from None
    found: Stage = getattr(import_module(module), name)
    return found
