"""The file of a sampled review that is to be read next, from git as it is now."""

from dataclasses import dataclass, field

from espalier.core.findings.sampling import draws, reads
from espalier.core.project.file import Project
from espalier.core.repositories.corpus import corpus as corpus_named
from espalier.core.repositories.history import Place, first_places

SIZE = 30  # files that are drawn at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A drawn blob: the first path and commit that history shows it under, its text, and how many still wait in its sample."""

    sample: int
    repository: str
    blob: str
    path: str
    commit: str | None
    text: str = field(repr=False)
    waiting: int


class SampleReading:
    """Keeps where the blobs of a corpus stand, which takes a walk through history; belongs to the asking thread."""

    def __init__(self) -> None:
        self._corpus = ""
        self._places: dict[str, dict[str, Place]] = {}

    def __call__(self, project: Project, corpus: str, ruleset: str) -> Drawn | None:
        """None where nothing that was drawn waits."""
        sample = draws.open_sample(project, corpus, ruleset)
        if sample is None:
            return None
        waiting = draws.waiting(project, sample)
        repository, blob = waiting[0]
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

    def _place(self, project: Project, corpus: str, repository: str, blob: str) -> Place | None:
        if corpus != self._corpus:
            self._corpus, self._places = corpus, {}
        if repository not in self._places:
            held = next(one for one in corpus_named(project, corpus).repositories if one.name == repository)
            self._places[repository] = first_places(held.path, tuple(held.tips.values()))
        return self._places[repository].get(blob)
