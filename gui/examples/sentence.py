"""How the examples stand, in sentences: the head of the page, its banner, and what is said at the right of the filters."""

from PySide6.QtCore import QCoreApplication

from espalier.core.examples.agreement import Agreement
from espalier.gui.examples.reading import Examples
from espalier.gui.figures import count, duration


def tr(text: str) -> str:
    return QCoreApplication.translate("examples.sentence", text)


def sentence(read: Examples) -> str:
    """What the head of the page says."""
    if read.corpus is None:
        return tr("No repository has been added yet, so there is nothing to make examples of.")
    if read.building:
        return _building(read)
    if read.build is None:
        return tr("No examples have been built of corpus {corpus}.").format(corpus=read.corpus[:8])
    counts = read.counts
    parts = [
        tr("{kept} of {built} candidates are kept.").format(kept=count(counts.kept), built=count(counts.built)),
        _reviewed(read),
    ]
    return " ".join(part for part in parts if part)


def banner(read: Examples) -> tuple[str, str, str]:
    """What, why, and the words of the button that goes to what shuts it; empty words where there is none."""
    if read.corpus is None or read.building:
        return "", "", ""
    if read.job is not None and read.job.standing == "failed" and read.job.job.failure is not None:
        failure = read.job.job.failure
        return tr("The examples were not built."), f"{failure.sentence} {failure.remedy}", ""
    if read.fits:
        return "", "", ""
    if read.shut[0]:
        what = tr("The scrub gate is shut for corpus {corpus}.").format(corpus=read.corpus[:8])
        return what, f"{_plain(read.shut[1])} {_stays(read)}".strip(), tr("Go to the findings")
    if read.build is not None:
        what = tr("These examples are out of date.")
        return what, tr("Something is new or decided anew since they were built; build them again."), ""
    return "", "", ""


def place(current: int, rows: int) -> str:
    """17 of 214."""
    if current < 0:
        return tr("1 example") if rows == 1 else tr("{rows} examples").format(rows=count(rows))
    return tr("{current} of {rows}").format(current=count(current + 1), rows=count(rows))


def agreed(found: Agreement | None) -> tuple[str, str]:
    """The line at the right of the filters, and the whole story for whoever points at it."""
    if found is None:
        return "", ""
    line = tr("Two reviewers agree on {share} %").format(share=round(100 * found.share))
    people = " · ".join(found.people)
    if found.kappa is None:
        story = tr("{people}: {shared} in common, all given the same verdict.")
        return line, story.format(people=people, shared=count(found.shared))
    story = tr("{people}: {shared} in common, Cohen's kappa {kappa}.")
    return line, story.format(people=people, shared=count(found.shared), kappa=f"{found.kappa:.2f}")


def _building(read: Examples) -> str:
    assert read.job is not None
    job = read.job.job
    if read.job.standing == "queued":
        return tr("The examples wait for their turn to be built.")
    done = f" {count(job.done)} / {count(job.total)}" if job.total else ""
    left = tr(", about {time} left").format(time=duration(job.seconds_left)) if job.seconds_left is not None else ""
    words = (job.message or tr("building examples")).strip()
    return f"{words[:1].upper()}{words[1:]}{done}{left}."


def _reviewed(read: Examples) -> str:
    counts = read.counts
    if counts.undecided == counts.kept and not counts.removed:
        return tr("Nobody has reviewed any yet; the dataset gate does not wait for that.")
    one, many = tr(" 1 was taken out in review."), tr(" {removed} were taken out in review.")
    out = (one if counts.removed == 1 else many).format(removed=count(counts.removed)) if counts.removed else ""
    if not counts.undecided:
        return tr("All of them were looked at by a person.") + out
    left = tr("{undecided} have not been looked at; the dataset gate does not wait for them.")
    return left.format(undecided=count(counts.undecided)) + out


def _plain(item: str) -> str:
    """A sentence without the command that it names for the command line."""
    head, _, command = item.partition(": espalier ")
    return f"{head}." if command and not head.endswith(".") else head


def _stays(read: Examples) -> str:
    return tr("What was built before stays, and can be looked at.") if read.build is not None else ""
