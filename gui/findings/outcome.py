"""What came of a job that the findings page asked for, in a sentence."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from espalier.core.jobs.job import Job
from espalier.core.worker.decisions import ACCEPT, MUTE, QUARANTINE, UNMUTE
from espalier.core.worker.findings import EXPORT, IMPORT, PACK
from espalier.gui.figures import count
from espalier.gui.findings.sentence import some
from espalier.gui.findings.words import rule_title

DECIDES = (IMPORT, MUTE, UNMUTE, ACCEPT, QUARANTINE)  # after which findings may stand otherwise, however it ended


def tr(text: str) -> str:
    return QCoreApplication.translate("findings.outcome", text)


def outcome(job: Job) -> str:
    """Of one that is done; empty for an import, of which there is more to say."""
    result, args = job.result or {}, job.args
    if job.kind == EXPORT:
        return tr("Wrote {name}").format(name=Path(str(args["file"])).name)
    if job.kind == PACK:
        findings = some(_number(result["findings"]), tr("1 finding"), tr("{n} findings"))
        words = tr("{findings} in {name}, signed by {who}")
        return words.format(findings=findings, name=Path(str(args["file"])).name, who=args["identity"])
    if job.kind == MUTE:
        return _of_rule(tr("{rule} is muted; false alarms by it now: {n}"), result)
    if job.kind == UNMUTE:
        return _of_rule(tr("{rule} is not muted any more; open again: {n}"), result)
    if job.kind == ACCEPT:
        one = tr("1 finding is decided as the reviewer signed")
        return some(_number(result["decided"]), one, tr("{n} findings are decided as the reviewer signed"))
    if job.kind == QUARANTINE and result["quarantine"] is not None:
        counts = {name: count(_number(result[name])) for name in ("examples", "snapshots", "runs")}
        return tr("Quarantined: {examples} examples, {snapshots} snapshots, {runs} runs").format(**counts)
    return tr("Nothing in the project holds it") if job.kind == QUARANTINE else ""


def _of_rule(words: str, result: dict[str, object]) -> str:
    return words.format(rule=rule_title(str(result["rule"])), n=count(_number(result["findings"])))


def _number(value: object) -> int:
    assert isinstance(value, int)
    return value
