"""The two tables at the foot of the page: leaks across the cuts, and the snapshots with the draft above them."""

from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from espalier.core.dataset.draft import Draft
from espalier.core.dataset.split import EARLIER_VERSION, LEAKS, SAME_CODE, SIMILAR_CODE
from espalier.gui.dataset.drafting import Answer
from espalier.gui.dataset.reading import Snapshot
from espalier.gui.figures import count, date_of, digest
from espalier.gui.states import FROZEN, Shown
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel

DRAFT = 0  # the number of the draft among snapshots, which are numbered from 1
CLEAN = Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "clean")))
TAKEN_OUT = Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "taken out")))
LOOKING = Shown("queued", "muted", str(QT_TRANSLATE_NOOP("states", "looking…")))
SAME = Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "same as %n")))
DIFFERS = Shown("queued", "muted", str(QT_TRANSLATE_NOOP("states", "differs from %n")))
NEW = Shown("queued", "muted", str(QT_TRANSLATE_NOOP("states", "not frozen")))
IN_RUN = Shown("running", "accent", str(QT_TRANSLATE_NOOP("states", "in run %n")))
LEARNT = Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "learnt by run %n")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """A reason, and how many training examples were taken out for it; None while nobody has looked."""

    number: int
    reason: str
    found: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A snapshot, or the draft, which has neither hash nor date."""

    number: int
    hash: str
    frozen_at: str
    examples: int | None
    state: Shown


def tr(text: str) -> str:
    return QCoreApplication.translate("dataset.tables", text)


def leaks(draft: Draft | None) -> list[Leak]:
    found = None if draft is None else draft.leaks
    return [
        Leak(number=place, reason=reason, found=None if found is None else found.get(reason, 0))
        for place, reason in enumerate(LEAKS)
    ]


def lines(snapshots: tuple[Snapshot, ...], answer: Answer | None, drafted: bool) -> list[Line]:
    """The draft first, where there is something to draft; then the newest."""
    found = [_line(one) for one in snapshots]
    return [_draft(snapshots, answer), *found] if drafted else found


def leaks_model() -> RowsModel[Leak]:
    return RowsModel(
        (
            Column(title=tr("Leak check across the cuts"), text=_reason, width=0),
            Column(
                title=tr("Found"),
                text=lambda row: "…" if row.found is None else count(row.found),
                width=72,
                kind="number",
            ),
            Column(title=tr("State"), kind="state", state=_leak_state, width=112),
        ),
        lambda row: row.number,
    )


def snapshots_model() -> RowsModel[Line]:
    return RowsModel(
        (
            Column(title=tr("Snapshot"), text=_name, width=84, kind="strong"),
            Column(title=tr("Hash"), text=lambda row: digest(row.hash) if row.hash else "", width=88, kind="code"),
            Column(
                title=tr("Frozen"),
                text=lambda row: date_of(row.frozen_at) if row.frozen_at else "",
                width=104,
                kind="date",
            ),
            Column(title=tr("Examples"), text=lambda row: count(row.examples), width=80, kind="number"),
            Column(title=tr("State"), kind="state", state=lambda row: row.state, width=0, least=120),
        ),
        lambda row: row.number,
    )


def _name(row: Line) -> str:
    return tr("draft") if row.number == DRAFT else str(row.number)


def _reason(row: Leak) -> str:
    words = {
        SAME_CODE: tr("Same code on both sides"),
        EARLIER_VERSION: tr("Earlier version of a held-out function"),
        SIMILAR_CODE: tr("Near-duplicate, Jaccard 0.5 or more"),
    }
    return words.get(row.reason, row.reason)


def _leak_state(row: Leak) -> Shown:
    if row.found is None:
        return LOOKING
    return TAKEN_OUT if row.found else CLEAN


def _draft(snapshots: tuple[Snapshot, ...], answer: Answer | None) -> Line:
    state = NEW
    if answer is not None and answer.differs is not None and snapshots:
        state = (DIFFERS if answer.differs else SAME).counting(snapshots[0].number)
    examples = None if answer is None else sum(part.examples for part in answer.draft.parts.values())
    return Line(number=DRAFT, hash="", frozen_at="", examples=examples, state=state)


def _line(one: Snapshot) -> Line:
    running = [number for number, state in one.runs if state in ("queued", "running", "paused")]
    state = IN_RUN.counting(running[0]) if running else LEARNT.counting(one.runs[0][0]) if one.runs else FROZEN
    return Line(number=one.number, hash=one.hash, frozen_at=one.frozen_at, examples=one.examples, state=state)
