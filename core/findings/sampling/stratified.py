"""The stratum of each clean blob: the service and the language of the first path that history shows it under."""

from collections.abc import Iterable, Mapping, Sequence

from espalier.core.project.file import Project
from espalier.core.repositories.classify import language
from espalier.core.repositories.corpus import CorpusRepository
from espalier.core.repositories.corpus import corpus as corpus_named
from espalier.core.repositories.history import first_places, objects, tree
from espalier.core.repositories.services import Services

Place = tuple[str, str]  # service, language
OTHER = "other"  # a language that has no name here


def stratified(project: Project, corpus: str, blobs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Place]:
    """(repository, blob) → its stratum, by a walk through the history of each repository.

    Blobs that the corpus's refs do not lead to, as after a branch was rewritten, are in no stratum.
    """
    wanted: dict[str, list[str]] = {}
    for repository, oid in blobs:
        wanted.setdefault(repository, []).append(oid)
    held = {one.name: one for one in corpus_named(project, corpus).repositories}
    return {
        (name, oid): place for name, oids in wanted.items() for oid, place in _in_repository(held[name], oids).items()
    }


def _in_repository(held: CorpusRepository, oids: Sequence[str]) -> dict[str, Place]:
    places = first_places(held.path, tuple(held.tips.values()))
    services = Services(held.name, tree(held.path, held.head) if held.head else (), held.services)
    found: dict[str, Place] = {}
    there = _led_to(held, places, oids)
    for oid in there:
        path = places[oid].path if oid in places else ""
        found[oid] = (_service(held.name, services.of(path) if path else held.name), language(path) or OTHER)
    return found


def _led_to(held: CorpusRepository, places: Mapping[str, object], oids: Sequence[str]) -> list[str]:
    """A tag can name a blob that no commit has: only then everything is gone through."""
    if all(oid in places for oid in oids):
        return list(oids)
    led_to = {one.oid for one in objects(held.path, held.tips.values(), may_lack=places)}
    return [oid for oid in oids if oid in led_to]


def _service(repository: str, service: str) -> str:
    """Two repositories may have services of one name; a service is told with its repository where that is not its name."""
    return repository if service == repository else f"{repository}/{service}"
