"""The worker stages `repositories.add` and `repositories.refresh`: whole histories are read, with progress and safe points.

What was added stays added when the job is stopped; resumed, it goes on with the first repository that is not there yet.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypedDict

from espalier.core.failures import EspalierError, UnusableInput
from espalier.core.jobs.context import JobContext
from espalier.core.project.file import Project
from espalier.core.repositories import corpus, repository
from espalier.core.repositories.difference import before, difference
from espalier.core.repositories.survey import Progress

ADD, REFRESH = "repositories.add", "repositories.refresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A repository to add; without a name it takes its folder's, without globs every path."""

    path: str
    name: str = ""
    include: tuple[str, ...] = ()
    services: Mapping[str, str] = field(default_factory=dict)


class Changed(TypedDict):
    """A repository of a corpus beside what it was in the corpus before."""

    repository: str
    kind: str
    commits: int
    blobs: int


class Refreshed(TypedDict):
    """What a refresh found, as JSON."""

    corpus: str
    repositories: list[str]
    before: str | None
    changes: list[Changed]


def adding(wishes: tuple[Wish, ...], actor: str = repository.USER) -> dict[str, object]:
    """The arguments of `repositories.add`."""
    return {"repositories": [{**asdict(one), "include": list(one.include)} for one in wishes], "actor": actor}


def add(context: JobContext) -> dict[str, object]:
    """Adds what can be added and records a corpus; raises the first refusal where nothing could be."""
    wishes, actor = _wishes(context.args), str(context.args.get("actor", repository.USER))
    refused: list[tuple[Wish, EspalierError]] = []
    for one in wishes:
        context.safe_point()
        if _is_here(context.project, one):
            continue
        try:
            _add(context, one, actor)
        except UnusableInput as error:
            refused.append((one, error))
    if refused and len(refused) == len(wishes):
        raise refused[0][1]
    told = [{"path": one.path, "sentence": error.sentence, "remedy": error.remedy} for one, error in refused]
    return {**refresh(context), "refused": told}


def refresh(context: JobContext) -> dict[str, object]:
    """Records where the repositories stand, and says what is new since the corpus before."""
    project = context.project
    actor = str(context.args.get("actor", repository.USER))
    found = corpus.refresh(project, actor=actor, said=_heard(context))
    return {**told(project, found.hash)}


def told(project: Project, found: str) -> Refreshed:
    """A corpus with what it has that the one before had not, as `repo refresh --json` prints it."""
    earlier = before(project, found)
    changes = [
        Changed(repository=one.repository, kind=one.kind, commits=one.commits, blobs=one.blobs)
        for one in difference(project, earlier, found)
    ]
    names = [one.name for one in corpus.corpus(project, found).repositories]
    return Refreshed(corpus=found, repositories=names, before=earlier, changes=changes)


def _heard(context: JobContext) -> Progress:
    def said(done: int, total: int, message: str) -> None:
        context.safe_point()
        context.progress(done, total, message)

    return said


def _add(context: JobContext, one: Wish, actor: str) -> None:
    path = Path(one.path)
    repository.add(
        context.project,
        path,
        name=one.name or None,
        include=one.include,
        services=one.services,
        actor=actor,
        said=_heard(context),
    )


def _is_here(project: Project, one: Wish) -> bool:
    """Added by an earlier attempt of this job, or by somebody else."""
    path = Path(one.path).expanduser().resolve()
    return any(known.path == path for known in repository.repositories(project))


def _wishes(args: Mapping[str, object]) -> tuple[Wish, ...]:
    given = args.get("repositories")
    if not isinstance(given, list) or not given:
        raise UnusableInput("This job names no repository to add.", "Add one: espalier repo add PROJECT PATH")
    return tuple(_wish(one) for one in given)


def _wish(given: Mapping[str, object]) -> Wish:
    include, services = given.get("include", []), given.get("services", {})
    if not isinstance(include, list) or not isinstance(services, dict):
        raise UnusableInput("This job names its repositories in a way that is not understood.", "Update Espalier.")
    return Wish(
        path=str(given["path"]),
        name=str(given.get("name", "")),
        include=tuple(map(str, include)),
        services={str(prefix): str(name) for prefix, name in services.items()},
    )
