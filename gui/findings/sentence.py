"""How the findings stand, in sentences: the head of the page, the banner of the shut gate, and the lines of the strip."""

from PySide6.QtCore import QCoreApplication

from espalier.gui.figures import count, duration, share
from espalier.gui.findings.reading import Findings, Sampled
from espalier.gui.standing import LIVING

CALM = 2 * 3600.0


def tr(text: str) -> str:
    return QCoreApplication.translate("findings.sentence", text)


def some(number: int, one: str, many: str) -> str:
    """One of two sentences, with the number in it."""
    return (one if number == 1 else many).format(n=count(number))


def sentence(standing: Findings) -> str:
    """What the head of the page says."""
    if standing.corpus is None:
        return tr("No repository has been added yet, so there is nothing to scan.")
    if scanning(standing):
        return tr("The history is being scanned; findings are listed when the scan has ended.")
    if standing.listed is None:
        return tr("Corpus {corpus} has not been scanned under the current rules.").format(corpus=standing.corpus[:8])
    if standing.total == 0:
        return tr("The scan found nothing.") + " " + _after(standing)
    if standing.open:
        return (
            some(standing.open, tr("{n} finding waits for a decision."), tr("{n} findings wait for a decision."))
            + " "
            + _gate(standing)
        )
    return (
        some(standing.total, tr("The finding is decided."), tr("All {n} findings are decided."))
        + " "
        + _after(standing)
    )


def scanning(standing: Findings) -> bool:
    return standing.scan is not None and (standing.scan.living or standing.scan.standing == "queued")


def _gate(standing: Findings) -> str:
    if standing.policy.scrub.automatic:
        return tr("Under the demonstration policy a stand-in scrubs them; no person looks.")
    if standing.policy.approval.builder_may_approve:
        return tr("The scrub gate is shut until they are decided and someone signs.")
    return tr("The scrub gate is shut until they are decided and someone other than the builder signs.")


def _after(standing: Findings) -> str:
    if standing.approval is not None:
        if standing.policy.demonstration:
            return tr("Signed by {who}: a demonstration, not approved by a person.").format(
                who=standing.approval.identity
            )
        return tr("Approved by {who}.").format(who=standing.approval.identity)
    if standing.sampled is not None and not standing.sampled.holds:
        return tr("The sampled review is not done, and then someone signs.")
    return tr("The scrub gate opens when someone signs.")


def gate_banner(standing: Findings) -> tuple[str, str]:
    """What the banner says of a shut scrub gate: which corpus, and what shuts it. Empty while the head says enough."""
    if standing.corpus is None or standing.listed is None or standing.approval is not None or not standing.earlier:
        return "", ""
    what = tr("The scrub gate is shut for corpus {corpus}.").format(corpus=standing.corpus[:8])
    new = some(
        standing.open,
        tr("The decisions made before hold for it; only {n} finding is new."),
        tr("The decisions made before hold for it; only {n} findings are new."),
    )
    return what, new if standing.open else tr("The decisions made before hold for it; it is left to be signed.")


def strip_decided(standing: Findings) -> tuple[str, str]:
    """So many of so many, and how long the rest takes at the pace of late."""
    head = tr("{done} of {total} decided").format(done=count(standing.decided), total=count(standing.total))
    if not standing.open:
        return head, tr("none is left")
    left = some(standing.open, tr("{n} left"), tr("{n} left"))
    if standing.pace is None:
        return head, left
    return head, tr("{left}, about {time} at your pace").format(left=left, time=duration(standing.pace * standing.open))


def strip_sampled(sampled: Sampled | None) -> tuple[str, str, str]:
    """Clean excerpts of those that are needed; the bound; what is missing."""
    if sampled is None:
        return tr("Sampled review"), tr("begins when the scan has ended"), ""
    review = sampled.review
    clean, sure = review.clean, tr("{sure} % sure.").format(sure=f"{100 * review.confidence:.4g}")
    if not review.reviewed and sampled.required:
        words = tr("{n} clean files, read at random, show")
        return (
            tr("No sampled excerpt read yet"),
            words.format(n=count(sampled.required)),
            tr("that at most {asked} hold a miss.").format(asked=share(sampled.asked)),
        )
    if not review.reviewed:
        return tr("Sampled review: not done"), tr("What the rules missed is not known;"), tr("the policy does not ask.")
    bound = tr("at most {share} of clean files hold a miss,").format(share=share(review.bound))
    if sampled.asked is None:
        head = some(clean, tr("{n} sampled excerpt clean"), tr("{n} sampled excerpts clean"))
        return head, bound, f"{sure} {tr('The policy asks for none.')}"
    if sampled.required is None:
        head = tr("{missed} of {reviewed} sampled excerpts missed").format(
            missed=count(review.missed), reviewed=count(review.reviewed)
        )
        return head, bound, tr("no more reading brings that below {asked}.").format(asked=share(sampled.asked))
    more = sampled.required - review.reviewed
    of = sampled.required if more > 0 else review.reviewed  # who has read more than was asked is not told "9 of 5"
    head = tr("{clean} of {all} sampled excerpts clean").format(clean=count(clean), all=count(of))
    if more <= 0:
        return head, bound, f"{sure} {tr('The policy asks {asked}.').format(asked=share(sampled.asked))}"
    return head, bound, f"{sure} {tr('{n} more reach {asked}.').format(n=count(more), asked=share(sampled.asked))}"


def scan_line(standing: Findings) -> str:
    """What the scan is at, while it goes on."""
    scan = standing.scan
    if scan is None:
        return ""
    job = scan.job
    if scan.standing not in LIVING:
        return tr("The scan waits for a worker.")
    part = f"{job.done / job.total:.0%}" if job.total else ""
    left = "" if job.seconds_left is None else tr(", about {time} left").format(time=duration(job.seconds_left))
    return f"{job.message or tr('scanning')} {part}{left}".strip()
