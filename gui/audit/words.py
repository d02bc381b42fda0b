"""How the chain reads: actions as words, times as people write them here, verdicts as sentences."""

from datetime import datetime, timedelta

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QDate, QLocale

from espalier.core.project.clock import now, parse, stamp
from espalier.gui.audit.reading import Chain
from espalier.gui.audit.verifying import Judged
from espalier.gui.figures import count

# The times that can be asked for: their ids, words, and days back; today is 0.
TIMES: tuple[tuple[str, str, int], ...] = (
    ("today", str(QT_TRANSLATE_NOOP("audit.words", "today")), 0),
    ("week", str(QT_TRANSLATE_NOOP("audit.words", "the last 7 days")), 7),
    ("month", str(QT_TRANSLATE_NOOP("audit.words", "the last 30 days")), 30),
    ("year", str(QT_TRANSLATE_NOOP("audit.words", "the last 365 days")), 365),
)


def tr(text: str) -> str:
    return QCoreApplication.translate("audit.words", text)


def time_word(source: str) -> str:
    return tr(source)


def did(action: str) -> str:
    """The chain's word for it, written as people write: repository.added, Repository added."""
    words = action.replace(".", " ").replace("-", " ").replace("_", " ").strip()
    return QCoreApplication.translate("audit.actions", words[:1].upper() + words[1:])


def when(at: str) -> str:
    """In the time of this machine, to the second."""
    try:
        return f"{parse(at).astimezone():%Y-%m-%d %H:%M:%S}"
    except ValueError:
        return at


def day(at: str) -> str:
    try:
        here = parse(at).astimezone()
    except ValueError:
        return at
    return QLocale().toString(QDate(here.year, here.month, here.day), "d MMM yyyy")


def since(days: int) -> str:
    """The beginning of the day that many days ago here, as the chain writes times."""
    here = now().astimezone()
    start = datetime(here.year, here.month, here.day, tzinfo=here.tzinfo) - timedelta(days=days)
    return stamp(start)


def sentence(chain: Chain) -> str:
    if not chain.entries:
        return tr("Nothing has been done in this project yet.")
    told = tr("{entries} entries by {people}, from {first} to {last}. Tamper-evident, never tamper-proof.")
    if day(chain.first_at) == day(chain.last_at):
        told = tr("{entries} entries by {people}, all on {last}. Tamper-evident, never tamper-proof.")
    people = tr("1 actor") if len(chain.actors) == 1 else tr("{n} actors").format(n=len(chain.actors))
    return told.format(entries=count(chain.entries), people=people, first=day(chain.first_at), last=day(chain.last_at))


def verdict(judged: Judged) -> tuple[str, str]:
    """What in bold, and why in plain."""
    found, outside = judged.verdict, judged.checkpoint
    at = f"{datetime.fromtimestamp(judged.at):%H:%M}"
    if not found.passed:
        what = tr("The chain is broken after entry {n}.").format(n=count(found.entries))
        return what, f"{tr_core(found.why)} " + tr("Compare with a copy of the project, or with a bundle's checkpoint.")
    what = tr("The chain holds: {n} entries, walked at {at}.").format(n=count(found.entries), at=at)
    if outside is None:
        why = tr(
            "Every entry follows from the one before. Only a checkpoint kept elsewhere shows a chain that was cut."
        )
        return what, why
    signer = outside.signer or tr("a key that this project does not know")
    why = tr("It also agrees with the checkpoint over {n} entries that {who} signed on {day}.")
    return what, why.format(n=count(outside.seq), who=signer, day=day(outside.at))


def tr_core(text: str) -> str:
    """A sentence of core's own."""
    return QCoreApplication.translate("core", text)
