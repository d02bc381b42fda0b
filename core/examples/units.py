"""The units of a build: what one repository's paths and commits give, each finished, verified and committed as one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from espalier.core.examples.commit_examples import from_commit, taken_back
from espalier.core.examples.completions import Shape, Tree, from_path
from espalier.core.examples.example import Example
from espalier.core.examples.past import Past, past
from espalier.core.examples.quarters import quarter_starts
from espalier.core.examples.source import Source, opened
from espalier.core.examples.verification import verified
from espalier.core.models.tokenizer import Tokenizer
from espalier.core.project.file import Project
from espalier.core.repositories import globs
from espalier.core.repositories.corpus import CorpusRepository
from espalier.core.repositories.history import Commit
from espalier.core.repositories.licence_decisions import Allowance, Allowances
from espalier.core.repositories.services import Services
from espalier.core.scrub.scrubber import Scrubber

QUARTERS = 6
OVERHEAD = 64  # tokens of the chat template, the system line and the constraints


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What every unit of one repository is built from."""

    source: Source
    past: Past
    trees: Sequence[Tree]
    withdrawn: Mapping[str, str]
    allowances: Mapping[str, Allowance]
    service_of: Mapping[str, str]
    shape: Shape
    tokenizer: Tokenizer
    scrubber: Scrubber


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """The versions of one path, or one commit; `name` stays the same as long as the corpus does."""

    name: str
    make: Callable[[], Iterator[Example]]


@contextmanager
def material(
    project: Project, corpus: str, repository: CorpusRepository, shape: Shape, tokenizer: Tokenizer, scrubber: Scrubber
) -> Iterator[Material]:
    """Reads the whole past of a repository that has a head."""
    assert repository.head is not None
    with opened(repository, scrubber) as source:
        before = past(repository.path, repository.head)
        trees = _trees(source, before)
        paths = sorted({path for _, tree in trees for path in tree if _included(path, repository.include)})
        services = Services(repository.name, list(trees[-1][1]), repository.services)
        allowances = Allowances(project, corpus, repository.name)
        yield Material(
            source=source,
            past=before,
            trees=trees,
            withdrawn=taken_back(before),
            allowances={path: allowances.of(path) for path in paths},
            service_of={path: services.of(path) for path in paths},
            shape=shape,
            tokenizer=tokenizer,
            scrubber=scrubber,
        )


def units(of: Material) -> list[Unit]:
    """In an order that depends on the corpus alone: paths first, then commits, oldest first."""
    name = of.source.name
    paths = [
        Unit(name=f"{name}:path:{path}", make=partial(_of_path, of, path))
        for path in of.allowances
        if path in of.past.versions
    ]
    commits = [
        Unit(name=f"{name}:commit:{one.oid}", make=partial(_of_commit, of, one))
        for one in of.past.commits
        if one.oid in of.past.changes
    ]
    return [*paths, *commits]


def _of_path(of: Material, path: str) -> Iterator[Example]:
    if of.allowances[path].allowed:
        found = from_path(of.source, of.past, path, of.trees, of.service_of[path], of.shape)
        yield from (_finished(of, example) for example in found)


def _of_commit(of: Material, commit: Commit) -> Iterator[Example]:
    found = from_commit(of.source, of.past, commit, of.withdrawn, of.service_of, of.shape)
    yield from (_finished(of, example) for example in found)


def _finished(of: Material, example: Example) -> Example:
    allowance = of.allowances[example.provenance.path]
    tokens = len(of.tokenizer.chat_with_mask(example.messages())[0])
    full = replace(example, tokens=tokens, licence=allowance.expression, export_class=allowance.export_class)
    if not allowance.allowed:
        full = full.dropped(f"licence: {allowance.why}")
    elif full.state == "kept" and tokens > of.shape.cap + OVERHEAD:
        full = full.dropped("longer than the cap")
    return verified(full, of.scrubber)


def _trees(source: Source, before: Past) -> list[Tree]:
    """The trees at the starts of the last quarters, oldest first, and the tree of head."""
    newest = datetime.fromtimestamp(before.line[-1].committed_at, UTC)
    starts = sorted(start.timestamp() for start in quarter_starts(newest, QUARTERS))
    ends = [_last_before(before, start) for start in starts]
    chosen = dict.fromkeys(oid for oid in (*ends, before.line[-1].oid) if oid is not None)
    return [(oid, source.tree(oid)) for oid in chosen]


def _last_before(before: Past, moment: float) -> str | None:
    return next((commit.oid for commit in reversed(before.line) if commit.committed_at < moment), None)


def _included(path: str, include: tuple[str, ...]) -> bool:
    return not include or globs.matches(path, [globs.below(pattern) for pattern in include])
