"""The tab Approve: what would be signed, by whom, what must come first, and the approval that stands."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from espalier.core.failures import UnusableInput
from espalier.core.findings import index
from espalier.core.findings.approval import Proposal, approve, proposal
from espalier.core.findings.decisions import automatic_decisions
from espalier.core.project.clock import parse
from espalier.core.project.file import Project
from espalier.core.project.identities import ROLES, STAND_IN, Identity, identities, identity
from espalier.gui.figures import count, share
from espalier.gui.findings.places import date_words
from espalier.gui.findings.reading import Findings
from espalier.gui.findings.words import STATES
from espalier.gui.parts.button import Button
from espalier.gui.parts.checklist import Checklist, Item
from espalier.gui.parts.facts import Facts
from espalier.gui.parts.rule import stacked
from espalier.gui.parts.section import SectionHead
from espalier.gui.parts.text import Text
from espalier.gui.session import Session
from espalier.gui.states import SHOWN

HEIGHT, WIDE, HASH = 36, 720, 16


class Approving(QWidget):
    """Reads the proposal anew whenever the findings stand differently or somebody else acts, while it is in front: hashing every
    decision takes its time.

    went(tab): the person wants to do what must come first.
    """

    went = Signal(str)

    def __init__(self, session: Session, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._actions = session, actions
        self._standing: Findings | None = None
        self._proposal: Proposal | None = None
        self._what = Text("", "body", "second", wrap=True)
        self.facts = Facts(148)
        self.checks = Checklist(self.tr("What must come first"))
        self._stands = Text("", "body", "ok", wrap=True)
        self._lay_out()
        self.checks.clicked_on.connect(self._go)
        actions["sign approval"].triggered.connect(lambda _=False: self.sign())
        session.acting_changed.connect(lambda _: self._read_again())
        session.may_write_changed.connect(lambda _: self._enable())
        self._enable()

    def show_standing(self, standing: Findings) -> None:
        self._standing = standing
        self._read_again()

    def read(self) -> None:
        standing = self._standing
        if standing is None or standing.corpus is None or standing.listed is None:
            return
        corpus, acting, automatic = standing.corpus, self._session.acting, standing.policy.scrub.automatic
        self._session.read(
            "findings approval", lambda project: _proposal(project, corpus, acting, automatic), self._show, self._untold
        )

    def sign(self) -> None:
        """Under a policy that lets a stand-in decide, it decides and signs; else the person who acts signs."""
        standing, session = self._standing, self._session
        if standing is None or standing.corpus is None or not session.may_write:
            return
        corpus, automatic = standing.corpus, standing.policy.scrub.automatic

        def write(project: Project) -> str:
            if automatic:
                automatic_decisions(project, corpus)
                return approve(project, corpus).identity
            return approve(project, corpus, session.who(project)).identity

        session.write(
            write,
            then=lambda _: self.read(),
            words=lambda who: self.tr("Corpus {corpus} is signed by {who}").format(corpus=corpus[:8], who=who),
        )

    def _read_again(self) -> None:
        if self.isVisible():
            self.read()

    def _show(self, found: Proposal) -> None:
        self._proposal = found
        said = found.statement
        self.facts.show_facts(self._told(found))
        who = str(said["identity"])
        demonstration = bool(said["demonstration"])
        words = self.tr("{who} would sign that every finding of this corpus is decided as listed here.")
        if demonstration:
            words = self.tr("{who} would sign. This is a demonstration: it is not an approval by a person.")
        if found.standing is not None:
            words = self.tr("This is what {who} signed.")
            who = found.standing.identity
        self._what.setText(words.format(who=who))
        self.checks.show_items(self._items(found))
        standing = found.standing
        self._stands.setText(
            "" if standing is None else self._stand(standing.identity, standing.approved_at, demonstration)
        )
        self._stands.setVisible(standing is not None)
        self._enable()

    def _go(self, tab: str) -> None:
        if tab:
            self.went.emit(tab)

    def _untold(self, sentence: str, remedy: str) -> None:
        self._proposal = None
        self._what.setText(f"{sentence} {remedy}")
        self.facts.show_facts(())
        self.checks.show_items(())
        self._enable()

    def _stand(self, who: str, at: str, demonstration: bool) -> str:
        day = date_words(int(parse(at).timestamp()))
        words = self.tr("Approved by {who} on {day}. A later decision or other rules end it.")
        if demonstration:
            words = self.tr("Signed by {who} on {day}: demonstration, not approved.")
        return words.format(who=who, day=day)

    def _told(self, found: Proposal) -> list[tuple[str, str]]:
        said = found.statement
        return [
            (self.tr("Corpus"), str(said["corpus"])[:HASH]),
            (self.tr("Rules"), str(said["ruleset"])[:HASH]),
            (self.tr("Decisions"), str(said["decisions"])[:HASH]),
            (self.tr("Findings"), self._counts(said["findings"])),
            (self.tr("Not scanned, blocked"), self._reasons(said["not_scanned"])),
            (self.tr("Archives"), self.tr("opened") if said["archives"] else self.tr("not opened")),
            (self.tr("Sampled review"), self._review(said["sampled_review"])),
            (self.tr("Read by two"), self._by_two(said["sampled_review"])),
            *self._since(found),
            (self.tr("Policy"), str(said["policy"])),
            (self.tr("Signed by"), str(said["identity"])),
        ]

    def _since(self, found: Proposal) -> list[tuple[str, str]]:
        """How much differs from what somebody approved before; not of what stands approved."""
        since = found.statement["since"]
        assert isinstance(since, dict)
        if since["corpus"] is None or found.standing is not None:
            return []
        words = self.tr("{new} new, {decided} decided since, {gone} gone; the rest was approved by {who}")
        told = words.format(
            new=count(since["new"]), decided=count(since["decided"]), gone=count(since["gone"]), who=since["identity"]
        )
        return [(self.tr("Since the last approval"), told)]

    def _counts(self, found: object) -> str:
        assert isinstance(found, dict)
        return ", ".join(f"{count(number)} {STATES[state].word}" for state, number in found.items())

    def _reasons(self, found: object) -> str:
        assert isinstance(found, dict)
        return ", ".join(f"{count(number)} {reason}" for reason, number in found.items()) or self.tr("none")

    def _review(self, found: object) -> str:
        assert isinstance(found, dict)
        words = self.tr("{reviewed} of {population} files read, {missed} missed, at most {bound} hold a miss")
        return words.format(
            reviewed=count(found["reviewed"]),
            population=count(found["population"]),
            missed=count(found["missed"]),
            bound=share(found["bound"]),
        )

    def _by_two(self, found: object) -> str:
        assert isinstance(found, dict)
        both = found["by_two"]
        if not both["files"]:
            return self.tr("none")
        words = self.tr("{n} files, blind; both said the same of {agreed}").format(
            n=count(both["files"]), agreed=count(both["agreed"])
        )
        if both["kappa"] is None:
            return words
        return f"{words}; " + self.tr("Cohen's kappa {kappa}").format(kappa=f"{both['kappa']:.2f}")

    def _items(self, found: Proposal) -> list[Item]:
        """What shuts the way to an approval; the remedy on the command line is left to the command line."""
        standing = self._standing
        ways = [("decide", self.tr("Decide"))] if standing is not None and standing.open else []
        ways.append(("sampled", self.tr("Read")))
        items = [
            Item(id=tab, state=STATES[index.OPEN], what=words, link=link)
            for words, (tab, link) in zip(self._before(found), ways, strict=False)
        ]
        items += [Item(id="", state=SHOWN["failed"], what=words) for words in found.refused]
        if not items:
            items = [Item(id="", state=SHOWN["done"], what=self.tr("Nothing stands before the signature."))]
        return items

    def _before(self, found: Proposal) -> list[str]:
        standing = self._standing
        if standing is not None and standing.policy.scrub.automatic:
            return []
        return [words.partition(": espalier ")[0] + "." for words in found.before]

    def _enable(self) -> None:
        found = self._proposal
        free = found is not None and not self._before(found) and not found.refused and found.standing is None
        self._actions["sign approval"].setEnabled(free and self._session.may_write)

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setMaximumWidth(WIDE)
        column = stacked(SectionHead(self.tr("What is signed")), self._what, self.facts, spacing=8)
        column.addSpacing(12)
        for part in (SectionHead(self.tr("What must come first")), self.checks, self._stands):
            column.addWidget(part)
        column.addSpacing(12)
        buttons = QHBoxLayout()
        buttons.addWidget(Button.of(self._actions["sign approval"], "primary", height=HEIGHT))
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addStretch(1)
        inside.setLayout(column)
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 16, 0, 16)
        row.addWidget(inside)
        self._stands.hide()


def _proposal(project: Project, corpus: str, acting: str, automatic: bool) -> Proposal:
    return proposal(project, corpus, _signer(project, acting, automatic))


def _signer(project: Project, acting: str, automatic: bool) -> Identity:
    if automatic:
        made = next((one for one in identities(project) if one.name == STAND_IN), None)
        return made or Identity(
            name=STAND_IN, person="nobody", fingerprint="", public_key="", roles=ROLES, automatic=True
        )
    if not acting:
        raise UnusableInput("Nobody acts in this window yet.", "Choose or make an identity at the top right.")
    return identity(project, acting)
