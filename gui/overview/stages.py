"""The counts of the overview in words, stage by stage."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from espalier.gui.figures import count, digest, loss
from espalier.gui.overview.pipeline import Stage
from espalier.gui.overview.reading import Overview


def tr(text: str) -> str:
    return QCoreApplication.translate("overview.stages", text)


def stages(read: Overview) -> list[Stage]:
    findings = dict(read.findings)
    kept = sum(number for _, state, number in read.examples if state == "kept")
    built = sum(number for _, _, number in read.examples)
    whole = sum(findings.values())
    return [
        Stage(
            tr("Repositories"),
            count(read.repositories),
            one_or_many(read.repositories, tr("repository"), tr("repositories")),
            f"{count(read.commits)} {one_or_many(read.commits, tr('commit'), tr('commits'))}",
        ),
        Stage(
            tr("Findings"),
            count(whole - findings.get("open", 0)),
            tr("of {all} decided").format(all=count(whole)),
            _to_decide(findings.get("open", 0), whole),
        ),
        Stage(tr("Examples"), count(kept), tr("kept"), tr("of {built} built").format(built=count(built))),
        Stage(
            tr("Dataset"),
            count(read.snapshots),
            one_or_many(read.snapshots, tr("snapshot"), tr("snapshots")),
            digest(read.snapshot) if read.snapshot else tr("nothing frozen yet"),
        ),
        Stage(
            tr("Training"),
            count(total(read.runs)),
            one_or_many(total(read.runs), tr("run"), tr("runs")),
            notable(read.runs) or tr("nothing trained yet"),
        ),
        Stage(
            tr("Evaluation"),
            count(total(read.evaluations)),
            one_or_many(total(read.evaluations), tr("evaluation"), tr("evaluations")),
            notable(read.evaluations) or tr("nothing evaluated yet"),
        ),
        Stage(
            tr("Release"),
            count(read.releases),
            one_or_many(read.releases, tr("bundle"), tr("bundles")),
            tr("demonstration") if read.releases and read.policy.demonstration else _released(read.releases),
        ),
    ]


def sentence(read: Overview) -> str:
    """The head of the page."""
    if not read.repositories:
        return tr("No repository has been added yet.")
    parts = [tr("Policy {name}").format(name=read.policy.name)]
    open_ones = dict(read.findings).get("open", 0)
    if open_ones:
        findings_to = one_or_many(open_ones, tr("finding"), tr("findings"))
        parts.append(f"{count(open_ones)} {findings_to} " + tr("to decide"))
    if read.best_loss is not None:
        parts.append(tr("lowest validation loss {loss}").format(loss=loss(read.best_loss)))
    if read.releases:
        released = one_or_many(read.releases, tr("bundle"), tr("bundles"))
        parts.append(f"{count(read.releases)} {released} " + tr("released"))
    return ", ".join(parts) + "."


def joined(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{count(number)} {state}" for state, number in counts)


def notable(counts: Iterable[tuple[str, int]]) -> str:
    """What is not simply done, where there is such."""
    found = list(counts)
    return joined([one for one in found if one[0] != "done"] or found)


def total(counts: Iterable[tuple[str, int]]) -> int:
    return sum(number for _, number in counts)


def one_or_many(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


def _to_decide(open_ones: int, whole: int) -> str:
    if not whole:
        return tr("nothing found yet")
    return f"{count(open_ones)} " + tr("to decide") if open_ones else tr("none to decide")


def _released(releases: int) -> str:
    return tr("signed") if releases else tr("nothing released yet")
