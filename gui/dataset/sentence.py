"""How the dataset stands, in sentences: the head of the page, the banner of its gate, and the notes beside its parts."""

from PySide6.QtCore import QCoreApplication

from espalier.core.dataset.draft import Draft
from espalier.core.examples.lengths import Lengths
from espalier.gui.dataset.drafting import Answer
from espalier.gui.dataset.reading import EXPORT, Dataset, Shut, Snapshot
from espalier.gui.figures import count, date_of, duration


def tr(text: str) -> str:
    return QCoreApplication.translate("dataset.sentence", text)


def sentence(read: Dataset, answer: Answer | None) -> str:
    """What the head of the page says: the newest snapshot, and what the draft would change."""
    if read.corpus is None:
        return tr("No repository has been added yet, so there is nothing to divide.")
    if read.freezing:
        return _working(read)
    newest = read.snapshots[0] if read.snapshots else None
    if newest is None:
        return tr("Nothing is frozen yet.") + (f" {_drafted(answer.draft)}" if answer else "")
    said = tr("Snapshot {number} is frozen{use}.").format(number=newest.number, use=_use(newest))
    return f"{said} {_moved(answer, newest)}".strip()


def banner(read: Dataset) -> tuple[str, str, str]:
    """What, why, and the words of the button that goes to what shuts the gate."""
    if read.corpus is None or read.freezing:
        return "", "", ""
    if read.job is not None and read.job.standing == "failed" and read.job.job.failure is not None:
        failure = read.job.job.failure
        what = tr("The export failed.") if read.job.job.kind == EXPORT else tr("Nothing was frozen.")
        return what, f"{failure.sentence} {failure.remedy}", ""
    if not read.shut.items:
        return "", "", ""
    what = tr("The dataset gate is shut for the draft.")
    keeps = "" if not read.snapshots else tr("Snapshot {number} keeps its approval.")
    why = " ".join([*_items(read.shut), keeps.format(number=read.snapshots[0].number) if keeps else ""])
    return what, why.strip(), _way(read.shut)


def way(shut: Shut) -> tuple[str, str]:
    """The page that opens the gate, and what on it."""
    if shut.licences:
        return "repositories", "licences"
    return ("findings", "") if shut.findings else ("examples", "")


def span_words(examples: int, tokens: int) -> str:
    """9,612 examples · 6.25 M tokens."""
    return tr("{examples} examples · {tokens} tokens").format(examples=count(examples), tokens=millions(tokens))


def short_span_words(examples: int, tokens: int) -> str:
    return f"{count(examples)} · {millions(tokens)}"


def millions(number: int) -> str:
    """6.25 M, 50 k, 812."""
    if number >= 10_000:
        return f"{number / 1e6:.2f} M" if number >= 1_000_000 else f"{number / 1e3:.0f} k"
    return count(number)


def weeks_note(read: Dataset) -> str:
    if not read.weeks:
        return tr("Nothing is known of the weeks of this history: refresh its repositories.")
    total = sum(number for _, number in read.weeks)
    said = tr("{commits} commits, {first} to {last}")
    return said.format(commits=count(total), first=date_of(read.weeks[0][0]), last=date_of(read.weeks[-1][0]))


def lengths_note(lengths: Lengths) -> str:
    return tr("{examples} kept, median {middle}").format(examples=count(lengths.kept), middle=count(lengths.middle))


def balance_note(draft: Draft) -> str:
    said = tr("{drawn} drawn in an epoch, worth {effective} distinct examples")
    return said.format(drawn=count(draft.drawn), effective=count(round(draft.effective)))


def repeats(draft: Draft) -> str:
    """The warning under the balance; empty while no service is shown more than twice."""
    often = [one for one in draft.services if one.most > 2]
    if not often:
        return ""
    names = ", ".join(one.name for one in often[:3]) + (" …" if len(often) > 3 else "")
    said = tr("{names} repeats an example {most} times; above 2 a model starts to learn by heart")
    many = tr("{names} repeat an example {most} times; above 2 a model starts to learn by heart")
    return (said if len(often) == 1 else many).format(names=names, most=max(one.most for one in often))


def _working(read: Dataset) -> str:
    assert read.job is not None
    job = read.job.job
    if read.job.standing == "queued":
        return tr("The draft waits for its turn to be frozen.")
    words = (job.message or tr("freezing")).strip()
    left = tr(", about {time} left").format(time=duration(job.seconds_left)) if job.seconds_left is not None else ""
    return f"{words[:1].upper()}{words[1:]}{left}."


def _use(newest: Snapshot) -> str:
    running = [number for number, state in newest.runs if state in ("running", "paused", "queued")]
    if running:
        return tr(" and in use by run {run}").format(run=running[0])
    return tr(" and was learnt by run {run}").format(run=newest.runs[0][0]) if newest.runs else ""


def _drafted(draft: Draft) -> str:
    train, test = draft.parts["train"], draft.parts["test"]
    said = tr("The draft learns from {train} examples and holds out {test} from {date}.")
    return said.format(train=count(train.examples), test=count(test.examples), date=date_of(draft.cut.test_from))


def _moved(answer: Answer | None, newest: Snapshot) -> str:
    if answer is None:
        return ""
    if answer.differs == 0:
        return tr("The draft is the same.")
    before = str(newest.settings.get("test_from", ""))
    if answer.draft.cut.test_from != before:
        return tr("The draft moves the test cut to {date}.").format(date=date_of(answer.draft.cut.test_from))
    said = tr("The draft differs in {n} examples.") if answer.differs != 1 else tr("The draft differs in 1 example.")
    return said.format(n=count(answer.differs))


def _items(shut: Shut) -> list[str]:
    said = []
    if shut.findings:
        said.append(tr("No approval covers this corpus as it is decided now."))
    if shut.licences:
        one, many = tr("1 licence is undecided."), tr("{n} licences are undecided.")
        said.append((one if shut.licences == 1 else many).format(n=count(shut.licences)))
    if shut.examples:
        said.append(tr("The examples are not built of what is decided now."))
    return said


def _way(shut: Shut) -> str:
    if shut.licences:
        return tr("Go to the licences")
    return tr("Go to the findings") if shut.findings else tr("Go to the examples")
