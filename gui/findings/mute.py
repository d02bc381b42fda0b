"""Muting a rule that is mostly wrong, and unmuting one: how each did, why, and the signature of who may approve."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from espalier.core.failures import EspalierError
from espalier.core.findings import muting, precision
from espalier.core.findings.precision import Record
from espalier.core.project.file import Project
from espalier.core.worker.decisions import queue_mute, queue_unmute
from espalier.gui.figures import count, day
from espalier.gui.findings.words import for_the_window, rule_about, rule_title, so_far
from espalier.gui.parts.dialog import Dialog
from espalier.gui.parts.facts import Facts
from espalier.gui.parts.field import Field
from espalier.gui.parts.text import Text
from espalier.gui.session import Session
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel
from espalier.gui.tables.table import Table

NAMES, WIDE, ROWS = 128, 760, 5
READING = "findings rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How the rules did on a corpus; `refused` says why who acts may not mute, empty where they may."""

    records: tuple[Record, ...]
    refused: tuple[str, str] = ("", "")


def read_rules(project: Project, session: Session, corpus: str) -> Rules:
    """For the reading thread: with many findings it takes its time."""
    records = tuple(precision.records(project, corpus))
    try:
        muting.require_may(project, session.who(project))
    except EspalierError as error:
        return Rules(records=records, refused=(error.sentence, error.remedy))
    return Rules(records=records)


class MuteRule(Dialog):
    """One rule, as it did so far. queued(job): it is about to be muted."""

    queued = Signal(int)

    def __init__(self, session: Session, corpus: str, rule: str, parent: QWidget) -> None:
        super().__init__(
            self.tr("Mute this rule?"),
            self.tr(
                "What it finds with low or medium confidence and is open becomes a false alarm by you, in later scans too."
                " High confidence and personal data are never muted, and what people decided stays. An approval ends."
            ),
            accept=self.tr("Sign and mute"),
            parent=parent,
        )
        self._session, self._corpus, self._rule = session, corpus, rule
        self.facts = Facts(NAMES)
        self.reason = _reason(self.tr("Why what it finds is no secret"))
        self.body.addWidget(Text(rule_title(rule), "section"))
        self.body.addWidget(self.facts)
        self.body.addWidget(self.reason)
        self.facts.show_facts([(self.tr("Precision so far"), self.tr("Counting…"))])
        self.ok.setEnabled(False)
        self.reason.returnPressed.connect(self.ok.click)
        self.reason.setFocus()
        self.set_accept_handler(self._mute)
        self.finished.connect(lambda _: session.forget(READING))
        session.read(READING, lambda project: read_rules(project, session, corpus), self.show_rules, self._refuse)

    def show_rules(self, rules: Rules) -> None:
        one = next((one for one in rules.records if one.rule == self._rule), None)
        self.facts.show_facts([] if one is None else self._told(one))
        if rules.refused[0]:
            self._refuse(*rules.refused)
        else:
            self.ok.setEnabled(True)

    def _told(self, one: Record) -> list[tuple[str, str]]:
        told = [
            (self.tr("Rule"), one.rule),
            (self.tr("Looks for"), rule_about(one.description)),
            (self.tr("Findings"), count(one.findings)),
            (self.tr("Precision so far"), so_far(one)),
        ]
        if one.mute is not None:
            told.append((self.tr("Muted already"), _by(one)))
        return told

    def _mute(self) -> None:
        reason = self.reason.text().strip()
        if not reason:
            self.fail(self.tr("A mute needs a reason."))
            return
        self.ok.setEnabled(False)
        session, corpus, rule = self._session, self._corpus, self._rule
        _ask(self, session, lambda project: queue_mute(project, corpus, rule, reason, session.who(project)))

    def tell(self, job: int) -> None:
        self.queued.emit(job)
        self.accept()

    def _refuse(self, sentence: str, remedy: str) -> None:
        _refuse(self, sentence, remedy)


class MutedRules(Dialog):
    """Those that are muted, by whom, since when and why; the one that is stood on is unmuted. queued(job): it is about to be."""

    queued = Signal(int)

    def __init__(self, session: Session, corpus: str, parent: QWidget) -> None:
        super().__init__(
            self.tr("Muted rules"),
            self.tr(
                "To unmute one opens again what the mute decided, and nobody else since. It is signed, and an approval ends."
            ),
            accept=self.tr("Sign and unmute"),
            reject=self.tr("Close"),
            width=WIDE,
            parent=parent,
        )
        self._session = session
        self.model = RowsModel[tuple[int, Record]](_columns(), lambda row: row[0])
        self.table = Table(self.model, self.tr("Muted rules"))
        self.table.be_as_high_as(ROWS)
        self.table.when_empty(self.tr("No rule is muted."))
        self.reason = _reason(self.tr("Why, if there is something to say"))
        self.why = Text("", "second", "second", wrap=True)
        for part in (self.table, self.why, self.reason):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.table.chosen.connect(self._show_why)
        self.ok.setEnabled(False)
        self.reason.returnPressed.connect(self.ok.click)
        self.set_accept_handler(self._unmute)
        self.finished.connect(lambda _: session.forget(READING))
        session.read(READING, lambda project: read_rules(project, session, corpus), self.show_rules, self._refuse)

    def show_rules(self, rules: Rules) -> None:
        rows = [one for one in rules.records if one.mute is not None]
        self.model.show_rows(list(enumerate(rows)))
        if rows:
            self.table.go_first()
            self.table.setFocus()
        if rows and rules.refused[0]:
            self._refuse(*rules.refused)
        else:
            self.ok.setEnabled(bool(rows))

    def _show_why(self, number: int) -> None:
        """Whole, below the table."""
        row = self.model.row_of(number)
        one = None if row is None else self.model.row_at(row)
        self.why.setText("" if one is None else tr("Muted {by}").format(by=_by(one[1])))

    def _unmute(self) -> None:
        number = self.table.current_id
        row = None if number is None else self.model.row_of(number)
        one = None if row is None else self.model.row_at(row)
        if one is None:
            return
        self.ok.setEnabled(False)
        session, rule, reason = self._session, one[1].rule, self.reason.text().strip()
        _ask(self, session, lambda project: queue_unmute(project, rule, reason, session.who(project)))

    def tell(self, job: int) -> None:
        self.queued.emit(job)
        self.accept()

    def _refuse(self, sentence: str, remedy: str) -> None:
        _refuse(self, sentence, remedy)


def _columns() -> tuple[Column[tuple[int, Record]], ...]:
    return (
        Column(title=tr("Rule"), text=lambda row: rule_title(row[1].rule), width=190, kind="strong"),
        Column(title=tr("Muted"), text=lambda row: count(row[1].muted), width=64, kind="number"),
        Column(title=tr("By"), text=lambda row: row[1].mute.identity if row[1].mute else "", width=110),
        Column(title=tr("When"), text=lambda row: day(row[1].mute.muted_at) if row[1].mute else "", width=108, kind="muted"),
        Column(title=tr("Why"), text=lambda row: row[1].mute.reason if row[1].mute else "", width=0, least=140),
    )  # fmt: skip


def tr(text: str) -> str:
    return QCoreApplication.translate("findings.mute", text)


def _by(one: Record) -> str:
    if one.mute is None:
        return ""
    return tr("by {who}, {day}: {reason}").format(
        who=one.mute.identity, day=day(one.mute.muted_at), reason=one.mute.reason
    )


def _reason(placeholder: str) -> Field:
    return Field(placeholder, name=tr("Reason"))


def _ask(dialog: MuteRule | MutedRules, session: Session, queue: Callable[[Project], int]) -> None:
    session.start(
        queue,
        dialog.while_there(dialog.tell),
        dialog.while_there(
            lambda sentence, remedy: dialog.fail(sentence, for_the_window(remedy)), session.refused.emit
        ),
    )


def _refuse(dialog: Dialog, sentence: str, remedy: str) -> None:
    """Who acts may not: nothing but leaving is offered."""
    dialog.fail(sentence, for_the_window(remedy))
    dialog.ok.setEnabled(False)
