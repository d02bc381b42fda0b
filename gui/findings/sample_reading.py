"""The file of a sampled review that is to be read next, by its first reader or by a second one, from git as it is now."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from espalier.core.findings.sampling import draws, reads, second_reads
from espalier.core.findings.sampling.second_reads import Agreement, Read
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity, identity
from espalier.core.repositories.corpus import corpus as corpus_named
from espalier.core.repositories.history import Place, first_places

SIZE = 30  # files that are drawn at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A drawn blob: the first path and commit that history shows it under, its text, and how many wait, itself included."""

    sample: int
    repository: str
    blob: str
    path: str
    commit: str | None
    text: str = field(repr=False)
    waiting: int

    @property
    def read(self) -> Read:
        return (self.sample, self.repository, self.blob)


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """How the second readings stand for `who`, the name of who acts, empty where nobody does.

    `waiting` files wait for them, `mine` they read; `once` is how many were read by one person only. `agreement` is None
    while any waits for them: what the others said of what they read would be told with it. `paths` are of its disagreements.
    """

    who: str
    waiting: int
    mine: int
    once: int
    agreement: Agreement | None
    paths: tuple[str, ...] = ()


class SampleReading:
    """Keeps where the blobs of a corpus stand, which takes a walk through history; belongs to the asking thread."""

    def __init__(self) -> None:
        self._corpus = ""
        self._places: dict[str, dict[str, Place]] = {}

    def first(self, project: Project, corpus: str, ruleset: str) -> Drawn | None:
        """None where nothing that was drawn waits."""
        sample = draws.open_sample(project, corpus, ruleset)
        if sample is None:
            return None
        return self._next(project, corpus, [(sample, *one) for one in draws.waiting(project, sample)])

    def second(self, project: Project, corpus: str, ruleset: str, who: str) -> Drawn | None:
        """None where nothing that somebody else read waits for `who`."""
        if not who:
            return None
        return self._next(project, corpus, second_reads.waiting(project, corpus, ruleset, identity(project, who)))

    def standing(self, project: Project, corpus: str, ruleset: str, who: str) -> Second:
        acts: Identity | None = identity(project, who) if who else None
        waiting = second_reads.waiting(project, corpus, ruleset, acts) if acts else []
        told = None if waiting else second_reads.agreement(project, corpus, ruleset)
        return Second(
            who=who,
            waiting=len(waiting),
            mine=len(second_reads.read_by(project, corpus, ruleset, acts)) if acts else 0,
            once=len(second_reads.waiting(project, corpus, ruleset, None)),
            agreement=told,
            paths=tuple(self._name(project, corpus, one.repository, one.blob) for one in told.disagreements)
            if told
            else (),
        )

    def _next(self, project: Project, corpus: str, waiting: Sequence[Read]) -> Drawn | None:
        if not waiting:
            return None
        sample, repository, blob = waiting[0]
        place = self._place(project, corpus, repository, blob)
        return Drawn(
            sample=sample,
            repository=repository,
            blob=blob,
            path=place.path if place else "",
            commit=place.commit if place else None,
            text=reads.text_of(project, corpus, (repository, blob)),
            waiting=len(waiting),
        )

    def _name(self, project: Project, corpus: str, repository: str, blob: str) -> str:
        place = self._place(project, corpus, repository, blob)
        return f"{repository}/{place.path if place else blob}"

    def _place(self, project: Project, corpus: str, repository: str, blob: str) -> Place | None:
        if corpus != self._corpus:
            self._corpus, self._places = corpus, {}
        if repository not in self._places:
            held = next(one for one in corpus_named(project, corpus).repositories if one.name == repository)
            self._places[repository] = first_places(held.path, tuple(held.tips.values()))
        return self._places[repository].get(blob)
