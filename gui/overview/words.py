"""What is left to do, in words: a line for each step with why it is there, and where it is done."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from espalier.core.jobs.job import Job
from espalier.core.release.remaining import Step
from espalier.gui.figures import count, duration
from espalier.gui.roles import role_title
from espalier.gui.states import SHOWN, TO_DO, Shown

NEEDS_A_PERSON = ("add", "decide", "sample", "second", "licences", "approve", "sign")


def tr(text: str) -> str:
    return QCoreApplication.translate("overview.words", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the list: its state, what and why, what is said at the right, and the way to where it is done.

    `act` says what to do in the few words of a button.
    """

    state: Shown
    what: str
    why: str
    note: str
    link: str
    page: str
    detail: str
    act: str


def line(step: Step, person: Shown, shut: Shown) -> Line:
    """`person` and `shut` are the states of a step that waits for somebody, and of a gate."""
    what, why, link, page, detail = _said(step)
    return Line(
        state=_state(step, person, shut),
        what=what,
        why=_working(step.job) if step.job is not None else why,
        note=_note(step),
        link=link,
        page=page,
        detail=detail,
        act=tr("See what shuts the gate") if step.kind == "gate" else what,
    )


def _state(step: Step, person: Shown, shut: Shown) -> Shown:
    if step.job is not None:
        return SHOWN["running" if step.job.state == "running" else "queued"]
    if step.kind == "gate":
        return shut
    if not step.reachable:
        return TO_DO
    return person if step.kind in NEEDS_A_PERSON else TO_DO


def _note(step: Step) -> str:
    if step.job is not None and step.job.seconds_left is not None:
        return tr("{time} left").format(time=duration(step.job.seconds_left))
    return "" if step.reachable else tr("after what is above")


def _working(job: Job) -> str:
    if job.total:
        return tr("{done} of {total}").format(done=count(job.done), total=count(job.total))
    return job.message or tr("waits for a worker")


def _counted(number: int, one: str, some: str) -> str:
    return one if number == 1 else some.format(many=count(number))


def _said(step: Step) -> tuple[str, str, str, str, str]:
    """What, why, the link's word, the page and its detail."""
    about = step.about[:8]
    findings, release = tr("Findings"), tr("Sign-offs")
    match step.kind:
        case "add":
            return (tr("Add a repository"), tr("everything starts at git"), tr("Repositories"), "repositories", "")
        case "scan":
            return (tr("Scan the history for secrets"), _of_corpus(about), findings, "findings", "decide")
        case "decide":
            what = _counted(step.count, tr("1 finding to decide"), tr("{many} findings to decide"))
            return (what, _of_corpus(about), findings, "findings", "decide")
        case "sample":
            what = _counted(step.count, tr("1 sampled file to read"), tr("{many} sampled files to read"))
            why = tr("then the policy's bound is reached, where nothing is missed")
            return (what, why, tr("Sampled review"), "findings", "sampled")
        case "second":
            what = _counted(step.count, tr("1 file for a second reader"), tr("{many} files for a second reader"))
            why = tr("the policy wants two, who are not told what the other saw")
            return (what, why, tr("Sampled review"), "findings", "sampled")
        case "licences":
            what = _counted(step.count, tr("1 licence to decide"), tr("{many} licences to decide"))
            return (
                what,
                tr("may it be learnt from, and how far may that travel?"),
                tr("Licences"),
                "repositories",
                "licences",
            )
        case "approve":
            return (tr("Security approves the scrub"), _of_corpus(about), tr("Approve"), "findings", "approve")
        case "build":
            return (
                tr("Build examples"),
                tr("from scrubbed text, as it is decided now"),
                tr("Examples"),
                "examples",
                "",
            )
        case "freeze":
            return (
                tr("Freeze a snapshot"),
                tr("split in time, balanced, named by its hash"),
                tr("Dataset"),
                "dataset",
                "",
            )
        case "train":
            why = tr("on snapshot {hash}").format(hash=about) if about else tr("on the snapshot to come")
            return (tr("Train a run"), why, tr("Training"), "training", "")
        case "evaluate":
            why = tr("run {run} against its base").format(run=about) if about else tr("the adapter against its base")
            return (tr("Evaluate the run"), why, tr("Evaluation"), "evaluation", "")
        case "gate":
            return (
                step.why,
                tr("run {run}; the policy asks for it").format(run=about),
                tr("Evaluation"),
                "evaluation",
                "",
            )
        case "sign":
            return (
                tr("{role} signs the release").format(role=role_title(step.about)),
                tr("once the gates before are open"),
                release,
                "release",
                "",
            )
        case "bundle":
            return (
                tr("Create the bundle"),
                tr("signed, with every hash, licence and result"),
                tr("Release"),
                "release",
                "",
            )


def _of_corpus(about: str) -> str:
    return tr("corpus {hash}").format(hash=about) if about else tr("of the corpus to come")
