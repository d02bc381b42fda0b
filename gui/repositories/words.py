"""How the repositories page speaks: sentences with numbers, states as icon and word, reasons as people say them."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from espalier.core.repositories.licence_decisions import Source
from espalier.gui.figures import count, digest, moment, size
from espalier.gui.parts.banner import Tone
from espalier.gui.repositories.reading import Counts, Place, Repositories, RepositoryRow
from espalier.gui.states import Shown

PLACES: dict[Place, Shown] = {
    "here": Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "read"))),
    "gone": Shown("failed", "bad", str(QT_TRANSLATE_NOOP("states", "not there"))),
    "unread": Shown("queued", "muted", str(QT_TRANSLATE_NOOP("states", "not read yet"))),
}
NEEDS = Shown("person", "warn", str(QT_TRANSLATE_NOOP("states", "licence to decide")))
VERDICTS: dict[str | None, Shown] = {
    None: Shown("person", "warn", str(QT_TRANSLATE_NOOP("states", "to decide"))),
    "allow": Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "allowed"))),
    "deny": Shown("failed", "bad", str(QT_TRANSLATE_NOOP("states", "denied"))),
}
ADVICE = {
    "allow": str(QT_TRANSLATE_NOOP("repositories.words", "may be allowed")),
    "review": str(QT_TRANSLATE_NOOP("repositories.words", "look at it")),
    "deny": str(QT_TRANSLATE_NOOP("repositories.words", "better denied")),
}
REASONS = {
    "generated": str(QT_TRANSLATE_NOOP("repositories.words", "generated")),
    "vendored": str(QT_TRANSLATE_NOOP("repositories.words", "vendored")),
    "binary": str(QT_TRANSLATE_NOOP("repositories.words", "binary")),
    "lfs-pointer": str(QT_TRANSLATE_NOOP("repositories.words", "kept by LFS elsewhere")),
    "submodule": str(QT_TRANSLATE_NOOP("repositories.words", "submodules")),
    "missing": str(QT_TRANSLATE_NOOP("repositories.words", "missing from a partial clone")),
    "too-large": str(QT_TRANSLATE_NOOP("repositories.words", "too large")),
    "not-included": str(QT_TRANSLATE_NOOP("repositories.words", "outside what you chose")),
    "lockfile": str(QT_TRANSLATE_NOOP("repositories.words", "lock files")),
    "credits": str(QT_TRANSLATE_NOOP("repositories.words", "lists of people")),
    "minified": str(QT_TRANSLATE_NOOP("repositories.words", "minified")),
    "symlink": str(QT_TRANSLATE_NOOP("repositories.words", "links")),
}


def tr(text: str) -> str:
    return QCoreApplication.translate("repositories.words", text)


def sentence(read: Repositories) -> str:
    """How many, how large, since when, and which corpus."""
    if not read.rows:
        return tr("Nothing to learn from yet: everything starts at a git repository on this machine.")
    many = tr("1 repository") if len(read.rows) == 1 else tr("{n} repositories").format(n=len(read.rows))
    if not read.corpus:
        return tr("{many}, not read yet.").format(many=many)
    commits = sum(row.numbers.commits for row in read.rows if row.numbers)
    held = sum(row.numbers.bytes for row in read.rows if row.numbers)
    told = tr("{many}, {commits}, {size}. Corpus {corpus}, refreshed {when}.")
    return told.format(
        many=many,
        commits=commits_of(commits),
        size=size(held),
        corpus=digest(read.corpus),
        when=moment(read.refreshed_at),
    )


def notice(read: Repositories) -> tuple[str, str, Tone, str]:
    """What the page must say first: what in bold, why, how it sounds, and what can be done about it."""
    gone = [row.repository.name for row in read.rows if row.place == "gone"]
    if gone:
        what = tr("{name} is not where it was.").format(name=gone[0])
        if len(gone) > 1:
            what = tr("{n} repositories are not where they were.").format(n=len(gone))
        return what, tr("No corpus can be recorded until it is found again, or dropped."), "bad", tr("Locate…")
    if read.refusals and not read.busy:
        first = read.refusals[0]
        what = tr("{n} could not be added.").format(n=count(len(read.refusals)))
        return what, f"{first.sentence} {first.remedy}".strip(), "warn", ""
    if read.job is not None and read.job.state == "failed" and read.job.failure is not None:
        return read.job.failure.sentence, read.job.failure.remedy, "bad", ""
    if read.void is not None and read.corpus:
        what = tr("The approval of {who} is of corpus {was}, and not of this one.")
        why = tr("{new} What was decided stays decided; only the difference asks for review.")
        told = what.format(who=read.void.identity, was=digest(read.void.corpus))
        return told, why.format(new=_new(read)).strip(), "wait", tr("Go to findings")
    return "", "", "warn", ""


def _new(read: Repositories) -> str:
    commits = sum(row.new.commits for row in read.rows if row.new is not None)
    blobs = sum(row.new.blobs for row in read.rows if row.new is not None)
    if not commits and not blobs:
        return ""
    return tr("New are {commits} and {files}.").format(commits=commits_of(commits), files=files(blobs))


def licences_sentence(read: Repositories) -> str:
    """What the dataset gate says of licences, for this corpus."""
    if not read.sources:
        return tr("No sources yet: they are found when repositories are read.")
    many = tr("1 source") if len(read.sources) == 1 else tr("{n} sources").format(n=count(len(read.sources)))
    if not read.waiting:
        return tr("{many} of corpus {corpus}, all decided: licences keep no gate shut.").format(
            many=many, corpus=digest(read.corpus)
        )
    told = tr("{waiting} of {many} of corpus {corpus} wait for a decision; until then the dataset gate stays shut.")
    if not read.asked:
        told = tr("{waiting} of {many} of corpus {corpus} wait for a decision; this policy opens the gate without.")
    return told.format(waiting=count(read.waiting), many=many, corpus=digest(read.corpus))


def new(row: RepositoryRow) -> str:
    """What the newest corpus has of it that the one before had not."""
    if row.new is None or row.new.kind == "same":
        return ""
    if row.new.kind == "added":
        return tr("added")
    return f"{row.new.commits:+,}".replace("-", "−")


def span(row: RepositoryRow) -> str:
    if row.activity is None:
        return ""
    first, last = row.activity.first_commit[:4], row.activity.last_commit[:4]
    return first if first == last else f"{first}–{last}"


def shares(counts: Counts, most: int = 3) -> str:
    """The names that count most, each with its share."""
    total = sum(number for _, number in counts)
    told = [f"{language(name)} {100 * number / total:.0f} %" for name, number in counts[:most]]
    return ", ".join(told)


def language(name: str) -> str:
    """What a language is called; what belongs to none is told by core in a word."""
    return tr("Other") if name == "Other" else name


def commits_of(number: int) -> str:
    return tr("1 commit") if number == 1 else tr("{n} commits").format(n=count(number))


def files(number: int) -> str:
    return tr("1 file") if number == 1 else tr("{n} files").format(n=count(number))


def excluded(counts: Counts) -> Counts:
    """Reasons in words."""
    return tuple((tr(REASONS.get(reason, reason)), number) for reason, number in counts)


def place_of(source: Source) -> str:
    return source.prefix or tr("the whole repository")


def advice(source: Source) -> str:
    return tr(ADVICE[source.advice])


def state(row: RepositoryRow) -> Shown:
    return NEEDS if row.place == "here" and row.waiting else PLACES[row.place]
