"""Saying something of examples: written at once, in order, with an undo that says again what was said before."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from espalier.core.examples import index
from espalier.core.examples.reviews import Review, Verdict, amend, restore
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity, identity
from espalier.gui.figures import count
from espalier.gui.session import Session


class Reviewing(QObject):
    """said(numbers): a word about these rows stands; taken_back(number): one was taken back, and this is the first of them."""

    said = Signal(object)
    taken_back = Signal(int)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session

    def decide(self, numbers: Sequence[int], verdict: Verdict) -> None:
        many = {
            "accept": self.tr("Accepted {n} examples"),
            "reject": self.tr("Rejected {n} examples"),
            "insecure": self.tr("Called {n} examples insecure"),
        }
        one = {
            "accept": self.tr("Accepted"),
            "reject": self.tr("Rejected; later snapshots leave it out"),
            "insecure": self.tr("Called insecure; later snapshots leave it out"),
        }
        words = one[verdict] if len(numbers) == 1 else many[verdict].format(n=count(len(numbers)))
        self._amend(numbers, words, verdict=verdict)

    def rate(self, numbers: Sequence[int], quality: int) -> None:
        self._amend(numbers, self.tr("Quality {quality} of 5").format(quality=quality), quality=quality)

    def note(self, numbers: Sequence[int], text: str) -> None:
        self._amend(numbers, self.tr("Noted"), note=text)

    def _amend(
        self,
        numbers: Sequence[int],
        words: str,
        *,
        verdict: Verdict | None = None,
        quality: int | None = None,
        note: str | None = None,
    ) -> None:
        acting, wanted = self._acting(), tuple(numbers)

        def write(project: Project) -> tuple[Review, ...]:
            names = index.named(project, wanted)
            return amend(project, names, who=acting(project), verdict=verdict, quality=quality, note=note)

        self._session.write(
            write, lambda _: self.said.emit(wanted), words=words, undo=self._taking_back(wanted, acting)
        )

    def _acting(self) -> Callable[[Project], Identity]:
        """Who acts now, whoever acts when it is written."""
        name = self._session.acting
        return (lambda project: identity(project, name)) if name else self._session.who

    def _taking_back(
        self, numbers: tuple[int, ...], acting: Callable[[Project], Identity]
    ) -> Callable[[tuple[Review, ...]], Callable[[Project], object]]:
        def undo(before: tuple[Review, ...]) -> Callable[[Project], object]:
            def take_back(project: Project) -> None:
                restore(project, before, acting(project))
                if numbers:
                    self.taken_back.emit(numbers[0])

            return take_back

        return undo
