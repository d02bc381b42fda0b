"""Worker stages that decide many findings at once: muting a rule, unmuting it, and taking what a reviewer decided elsewhere."""

from dataclasses import asdict
from pathlib import Path

from espalier.core.findings import muting
from espalier.core.findings.mutes import Step
from espalier.core.findings.packs import accept as accepting
from espalier.core.jobs.context import JobContext
from espalier.core.jobs.job import enqueue
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity, identity

MUTE, UNMUTE, ACCEPT, QUARANTINE = "findings.mute", "findings.unmute", "findings.accept", "findings.quarantine"
LISTED = 1000  # conflicts that a job's result names; the rest are counted


def queue_mute(project: Project, corpus: str, rule: str, reason: str, who: Identity) -> int:
    """The job's number. Raises as `muting.mute`, so that nothing is queued that would be refused, or keep a secret."""
    muting.require_mutable(project, corpus, rule, reason, who)
    args = {"corpus": corpus, "rule": rule, "reason": reason.strip(), "identity": who.name}
    return enqueue(project, MUTE, args, "cpu")


def queue_unmute(project: Project, rule: str, reason: str, who: Identity) -> int:
    """The job's number. Raises as `muting.unmute`."""
    muting.require_muted(project, rule, reason, who)
    return enqueue(project, UNMUTE, {"rule": rule, "reason": reason.strip(), "identity": who.name}, "cpu")


def queue_accept(project: Project, file: Path) -> int:
    """The job's number; whose decisions they are, the file says."""
    return enqueue(project, ACCEPT, {"file": str(file.absolute())}, "cpu")


def mute(context: JobContext) -> dict[str, object]:
    """Args: corpus, rule, reason, identity. Ended half way, the mute stands, and the next scan or asking again covers the rest."""
    args, who = context.args, _who(context)
    context.progress(0, 1, "signing")
    done = muting.mute(
        context.project, str(args["corpus"]), str(args["rule"]), str(args["reason"]), who, _step(context, "muting")
    )
    return {"rule": args["rule"], "findings": done}


def unmute(context: JobContext) -> dict[str, object]:
    """Args: rule, reason, identity. Ended half way, the rule is still muted, and asking again opens the rest."""
    args, who = context.args, _who(context)
    context.progress(0, 1, "signing")
    done = muting.unmute(context.project, str(args["rule"]), who, str(args["reason"]), _step(context, "opening again"))
    return {"rule": args["rule"], "findings": done}


def accept(context: JobContext) -> dict[str, object]:
    """Args: file. All of them or none: it can be ended before the first, and not half way."""
    file = Path(str(context.args["file"]))
    context.progress(0, 1, f"checking {file.name}")
    context.safe_point()
    taken = accepting.accept(context.project, file)
    return {
        "pack": taken.pack,
        "signer": taken.signer,
        "decided": taken.decided,
        "alike": taken.alike,
        "differing": len(taken.conflicts),
        "conflicts": [asdict(one) for one in taken.conflicts[:LISTED]],
    }


def _who(context: JobContext) -> Identity:
    return identity(context.project, str(context.args["identity"]))


def _step(context: JobContext, words: str) -> Step:
    """Tells how far it is, and ends it where somebody asked for that."""

    def step(done: int, total: int) -> None:
        context.progress(done, total, words)
        context.safe_point()

    return step
