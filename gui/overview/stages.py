"""The stages and gates of the overview in words, and the sentence at the head of the page."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from espalier.core.release.gates import Name, StandingGate
from espalier.gui.figures import count, digest
from espalier.gui.flow import plain
from espalier.gui.overview.pipeline import Pill, Stage
from espalier.gui.overview.reading import Overview
from espalier.gui.states import OPEN, SHUT

BEHIND: dict[Name, int] = {"scrub": 1, "dataset": 3, "evaluation": 5, "release": 6}


def tr(text: str) -> str:
    return QCoreApplication.translate("overview.stages", text)


def stages(read: Overview) -> list[Stage]:
    findings, examples = dict(read.findings), dict(read.examples)
    kept, built = examples.get("kept", 0), sum(examples.values())
    whole = sum(findings.values())
    number = read.newest_run
    return [
        _stage(
            read,
            "repositories",
            tr("Repositories"),
            count(read.repositories),
            one_or_many(read.repositories, tr("repository"), tr("repositories")),
            f"{count(read.commits)} {one_or_many(read.commits, tr('commit'), tr('commits'))}",
        ),
        _stage(
            read,
            "findings",
            tr("Findings"),
            count(whole - findings.get("open", 0)),
            tr("of {all} decided").format(all=count(whole)),
            tr("corpus {hash}").format(hash=digest(read.corpus)) if whole else tr("nothing found yet"),
        ),
        _stage(
            read, "examples", tr("Examples"), count(kept), tr("kept"), tr("of {all} built").format(all=count(built))
        ),
        _stage(
            read,
            "dataset",
            tr("Dataset"),
            count(read.snapshots),
            one_or_many(read.snapshots, tr("snapshot"), tr("snapshots")),
            digest(read.snapshot) if read.snapshot else tr("nothing frozen yet"),
        ),
        _stage(
            read,
            "training",
            tr("Training"),
            count(total(read.runs)),
            one_or_many(total(read.runs), tr("run"), tr("runs")),
            tr("nothing trained yet")
            if number is None
            else tr("run {id} · seed {seed}").format(id=number.run.id, seed=number.run.seed),
        ),
        _stage(read, "evaluation", tr("Evaluation"), *_evaluation(read)),
        _stage(read, "release", tr("Release"), *_release(read)),
    ]


def pills(read: Overview) -> list[Pill]:
    """The gates; a shut one that the policy does not enforce is still shown shut."""
    words = {
        ("scrub", True): tr("scrub open"),
        ("scrub", False): tr("scrub shut"),
        ("dataset", True): tr("dataset open"),
        ("dataset", False): tr("dataset shut"),
        ("evaluation", True): tr("evaluation open"),
        ("evaluation", False): tr("evaluation shut"),
        ("release", True): tr("release open"),
        ("release", False): tr("release shut"),
    }
    return [
        Pill(BEHIND[gate.name], words[gate.name, gate.open], OPEN if gate.open else SHUT, _why(gate))
        for gate in read.gates
    ]


def sentence(read: Overview) -> str:
    """The head of the page."""
    if not read.repositories:
        return tr("No repository has been added yet.")
    shut = [gate for gate in read.gates if not gate.open]
    if not shut:
        return tr("Every gate is open for run {run}.").format(run=read.newest_run.run.id if read.newest_run else "")
    first = plain(shut[0].items[0])
    if len(shut) == 1:
        return tr("One gate is shut. {why}").format(why=first)
    return tr("{shut} gates are shut; the nearest one says: {why}").format(shut=count(len(shut)), why=first)


def total(counts: Iterable[tuple[str, int]]) -> int:
    return sum(number for _, number in counts)


def one_or_many(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


def _stage(read: Overview, page: str, name: str, figure: str, unit: str, about: str) -> Stage:
    return Stage(page, name, figure, unit, about, read.stages[page])


def _evaluation(read: Overview) -> tuple[str, str, str]:
    found = read.headline
    if found is None:
        return count(read.evaluations), tr("evaluations"), tr("nothing evaluated yet")
    rate = found.rates.adapter
    figure = f"{100 * rate.passed / rate.ran:.0f} %" if rate.ran else tr("not run")
    about = tr("run {run} · evaluation {evaluation}").format(run=found.run, evaluation=found.evaluation)
    return figure, tr("pass {check}").format(check=found.rates.check), about


def _release(read: Overview) -> tuple[str, str, str]:
    asked = len(read.policy.release.sign_offs)
    about = tr("{bundles} bundled").format(bundles=count(read.releases)) if read.releases else tr("nothing bundled")
    if read.releases and read.policy.demonstration:
        about = tr("demonstration")
    return count(min(read.signed, asked)), tr("of {asked} signed").format(asked=count(asked)), about


def _why(gate: StandingGate) -> str:
    return "" if gate.open else " ".join(plain(item) for item in gate.items)
