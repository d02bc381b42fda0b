"""The draft as it is worked on: what is wished for, and the newest answer to it, made off the GUI thread.

While something moves, an answer without leaks comes first, and the whole one when it has come to rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal

from espalier.core.dataset.draft import Draft, Drafts
from espalier.core.dataset.wishes import LEAST_WEIGHT, MOST_WEIGHT, Wishes
from espalier.core.project.file import Project
from espalier.gui.session import Session

SETTLE_MILLISECONDS, REST_MILLISECONDS = 150, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A draft, and in how many examples it is not the newest snapshot; None where there is none."""

    draft: Draft
    differs: int | None


class Drafting(QObject):
    """answered(Answer), refused(sentence, remedy): to the newest wishes; changed(Wishes): they are others now."""

    answered = Signal(object)
    refused = Signal(str, str)
    changed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._drafts = session, Drafts()
        self._corpus: str | None = None
        self._newest: str | None = None
        self._basis: tuple[object, ...] = ()
        self.wishes = Wishes()
        self.answer: Answer | None = None
        self._settling = QTimer(self, singleShot=True, interval=SETTLE_MILLISECONDS)
        self._resting = QTimer(self, singleShot=True, interval=REST_MILLISECONDS)
        self._settling.timeout.connect(lambda: self._ask(leaks=False))
        self._resting.timeout.connect(lambda: self._ask(leaks=True))

    def stand_on(self, corpus: str, newest: str | None, *basis: object) -> None:
        """What drafts are made of; where any of it is another, the draft is made again at once."""
        if (corpus, newest, *basis) != self._basis:
            self._basis = (corpus, newest, *basis)
            self._corpus, self._newest = corpus, newest
            self._ask(leaks=True)

    def cut(self, *, test_from: str | None = None, validation_from: str | None = None) -> None:
        """Move one cut, or both."""
        moved = replace(
            self.wishes,
            test_from=test_from or self.wishes.test_from,
            validation_from=validation_from or self.wishes.validation_from,
        )
        self._wish(moved)

    def weigh_service(self, name: str, weight: float) -> None:
        """`weight` is held to the bounds; 1 takes back what was said of the service."""
        now = self.wishes.weights
        self._wish(replace(self.wishes, weights=replace(now, services=_weighed(now.services, name, weight))))

    def weigh_language(self, name: str, weight: float) -> None:
        """The same of a language."""
        now = self.wishes.weights
        self._wish(replace(self.wishes, weights=replace(now, languages=_weighed(now.languages, name, weight))))

    def begin_anew(self) -> None:
        self._wish(Wishes())

    def close(self) -> None:
        self._settling.stop()
        self._resting.stop()
        for kind in ("dataset draft", "dataset sketch"):
            self._session.forget(kind)

    def _wish(self, wishes: Wishes) -> None:
        if wishes == self.wishes:
            return
        self.wishes = wishes
        if not self._settling.isActive():  # not put off again and again: an answer comes while it still moves
            self._settling.start()
        self._resting.start()
        self.changed.emit(wishes)

    def _ask(self, *, leaks: bool) -> None:
        corpus, newest, wishes, drafts = self._corpus, self._newest, self.wishes, self._drafts
        if corpus is None:
            return

        def read(project: Project) -> Answer:
            draft = drafts.draft(project, corpus, wishes, leaks=leaks)
            return Answer(draft=draft, differs=None if newest is None else draft.differs_from(project, newest))

        self._session.read("dataset draft" if leaks else "dataset sketch", read, self._take, self.refused.emit)

    def _take(self, answer: Answer) -> None:
        if answer.draft.leaks is not None and answer.draft.wishes != self.wishes:
            return  # it has moved on meanwhile, and a whole answer is on its way
        self.answer = answer
        self.answered.emit(answer)


def _weighed(weights: Mapping[str, float], name: str, weight: float) -> dict[str, float]:
    said = {**weights, name: min(MOST_WEIGHT, max(LEAST_WEIGHT, round(weight, 2)))}
    return {each: one for each, one in said.items() if one != 1.0}
