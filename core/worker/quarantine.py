"""Worker stage of a quarantine: tracing, erasing, and writing the project file anew."""

from espalier.core.jobs.context import JobContext
from espalier.core.jobs.job import enqueue
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity, identity
from espalier.core.release.tracing import quarantine as quarantines
from espalier.core.worker.decisions import QUARANTINE

PARTS = 8  # of one round: two traces of three parts, the erasing between them, and the file


def queue_quarantine(project: Project, fingerprint: str, reason: str, who: Identity) -> int:
    """The job's number. Raises as `quarantine`, so that nothing is queued that would be refused, or keep the secret."""
    quarantines.require_quarantinable(project, fingerprint, reason, who)
    args: dict[str, object] = {"fingerprint": fingerprint, "reason": reason.strip(), "identity": who.name}
    return enqueue(project, QUARANTINE, args, "cpu")


def quarantine(context: JobContext) -> dict[str, object]:
    """Args: fingerprint, reason, identity. It can be ended until the first of it is on record; a later attempt goes on with one
    that broke off.
    """
    args, part = context.args, 0

    def say(sentence: str) -> None:
        nonlocal part
        context.progress(min(part, PARTS - 1), PARTS, sentence)
        part += 1

    done = quarantines.quarantine(
        context.project,
        str(args["fingerprint"]),
        str(args["reason"]),
        identity(context.project, str(args["identity"])),
        say,
        last_moment=context.safe_point,
        job=context.job,
    )
    plan = done.plan
    return {
        "quarantine": done.number,
        **{kind: len(getattr(plan, kind)) for kind in ("examples", "snapshots", "runs", "adapters")},
    }
