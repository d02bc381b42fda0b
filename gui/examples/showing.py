"""One example as the card shows it: its code with what a commit changed, its facts, and why it was kept or dropped."""

from difflib import SequenceMatcher

from PySide6.QtCore import QCoreApplication

from espalier.core.examples.example import Example
from espalier.core.examples.reviews import Review
from espalier.core.examples.whole import Whole
from espalier.gui.code.excerpt import Code
from espalier.gui.code.rows import Tone
from espalier.gui.examples.words import REASONS, SPLITS, kind_word, word
from espalier.gui.figures import count, date_of
from espalier.gui.parts.facts import Fact

Line = tuple[str, str, str]  # icon, role of its colour, words
FROM_COMMITS = ("change", "repair", "refactor", "review")
TAKEN_BACK = ("repair", "review")


def tr(text: str) -> str:
    return QCoreApplication.translate("examples.showing", text)


def context(example: Example) -> Code:
    """What the model is shown. Of code that was rejected or repaired, the lines that had to go are marked."""
    rows: dict[int, Tone] = {}
    if example.kind in TAKEN_BACK:
        gone, _ = _changed(example)
        rows = {number + 1: "bad" for number in gone}
    return Code.of_text(example.context, example.provenance.path, rows=rows)


def solution(example: Example) -> Code:
    """What it should answer; of a commit, the lines that are new, numbered as in the file where all of it stands there."""
    if example.kind not in FROM_COMMITS:
        return Code.of_text(example.solution, example.provenance.path)
    _, come = _changed(example)
    lines = example.solution.count("\n") + 1
    first = 1 if _heading(example) else max(1, example.provenance.last_line - lines + 1)
    rows: dict[int, Tone] = {first + number: "ok" for number in come}
    return Code.of_text(example.solution, example.provenance.path, first_line=first, rows=rows)


def context_about(example: Example) -> str:
    path = example.provenance.path
    return tr("{path}, before").format(path=path) if example.kind in FROM_COMMITS else path


def solution_about(example: Example) -> str:
    if example.kind in ("repair", "review"):
        return tr("what was written instead")
    return tr("after") if example.kind in FROM_COMMITS else tr("the body of {name}").format(name=example.qualified_name)


def task_source(example: Example) -> str:
    """Where the task comes from."""
    if example.kind in ("change", "refactor"):
        return tr("from the commit message")
    if example.kind in ("repair", "review"):
        return tr("from the commit that put it right")
    return tr("from the function's own name and place")


def quality_words(quality: int) -> str:
    names = (tr("poor"), tr("below what we write"), tr("as we usually write"), tr("good"), tr("exemplary"))
    return names[quality - 1]


def facts(whole: Whole) -> list[Fact]:
    example, where = whole.example, whole.example.provenance
    return [
        (tr("Kind"), kind_word(example.kind, example.label)),
        (tr("Repository"), where.repository),
        (tr("Service"), example.service),
        (tr("Commit"), where.commit[:8]),
        (tr("Lines"), tr("{first} to {last}").format(first=where.first_line, last=where.last_line)),
        (tr("Committed"), date_of(where.committed_at)),
        (tr("Split"), word(SPLITS, whole.split) if whole.split else tr("in no snapshot")),
        (tr("Licence"), _licence(example.licence)),
    ]


def people(whole: Whole, acting: str) -> list[Line]:
    """Whoever acts comes first, also before there is a word of theirs."""
    mine = next((one for one in whole.reviews if one.identity == acting), None)
    lines: list[Line] = []
    if mine is None or mine.verdict == "undecided":
        lines.append(("person", "warn", tr("you have not decided")))
    else:
        lines.append(_said(mine, tr("you")))
    return lines + [_said(one, one.identity) for one in whole.reviews if one.identity != acting]


def why(whole: Whole) -> list[Line]:
    """What was checked, and what became of it."""
    example = whole.example
    if example.state == "removed-in-review":
        return [("failed", "bad", word(REASONS, example.reason)), *_checks(whole)]
    if example.state == "dropped":
        return [("stopped", "second", _dropped(example.reason))]
    return _checks(whole)


def _checks(whole: Whole) -> list[Line]:
    example = whole.example
    lines = [
        ("done", "ok", tr("no secret left in it")),
        ("done", "ok", tr("licence allowed")),
        ("done", "ok", tr("within the cap")),
    ]
    if whole.near:
        one, many = tr("1 near-duplicate, this one kept"), tr("{n} near-duplicates, this one kept")
        lines.append(("limited", "warn", (one if len(whole.near) == 1 else many).format(n=count(len(whole.near)))))
    elif example.state == "kept":
        lines.append(("done", "ok", tr("no near-duplicate")))
    return lines


def _dropped(reason: str) -> str:
    if reason.startswith("near-duplicate"):
        return tr("nearly repeats another example")
    if reason.startswith("licence: "):
        return tr("licence: {why}").format(why=reason.removeprefix("licence: "))
    if reason.startswith("verification: "):
        return tr("a detector still flags it ({rule})").format(rule=reason.removeprefix("verification: "))
    return word(REASONS, reason)


def _licence(expression: str) -> str:
    return {"LicenseRef-own": tr("own code"), "LicenseRef-unknown": tr("unknown"), "": tr("none")}.get(
        expression, expression
    )


def _said(one: Review, who: str) -> Line:
    words = {"accept": tr("{who} accepted"), "reject": tr("{who} rejected"), "insecure": tr("{who}: insecure")}
    said = words.get(one.verdict, tr("{who} has not decided")).format(who=who)
    rated = tr(", {quality} of 5").format(quality=one.quality) if one.quality else ""
    note = f" · {one.note}" if one.note else ""
    icon, role = {"accept": ("done", "ok"), "undecided": ("queued", "muted")}.get(one.verdict, ("failed", "bad"))
    return icon, role, f"{said}{rated}{note}"


def _heading(example: Example) -> int:
    """Lines of the answer that give the reason, and stand in no file."""
    lines = example.solution.split("\n")
    if not example.rationale or not lines[0].startswith(("# Rejected: ", "# Flaw: ", "# Why: ")):
        return 0
    return next((number for number, line in enumerate(lines) if not line.startswith("# ")), 0)


def _changed(example: Example) -> tuple[list[int], list[int]]:
    """Numbers of the lines that are only in the context, and only in the answer, its reason left aside."""
    before, heading = example.context.split("\n"), _heading(example)
    after = example.solution.split("\n")[heading:]
    gone: list[int] = []
    come: list[int] = []
    for kind, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            gone += range(first, last)
            come += range(heading + start, heading + end)
    return gone, come
