"""The worker stage `examples.build`: every source of a corpus into examples, resumable at the file and at the commit."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from espalier.core.examples.commit_examples import from_commit
from espalier.core.examples.completions import Shape, from_file
from espalier.core.examples.example import Example, State, examples, insert, set_state, supersede
from espalier.core.examples.near_duplicates import representatives
from espalier.core.examples.quarters import quarter_starts
from espalier.core.examples.source import Source, opened
from espalier.core.failures import WorkFailed
from espalier.core.findings.approval import required_approval
from espalier.core.jobs.context import JobContext
from espalier.core.models import register
from espalier.core.models.tokenizer import Tokenizer
from espalier.core.project.canonical import canonical_text, digest
from espalier.core.project.file import Project
from espalier.core.repositories import globs
from espalier.core.repositories.corpus import CorpusRepository
from espalier.core.repositories.corpus import corpus as corpus_named
from espalier.core.repositories.history import Commit, TreeEntry
from espalier.core.repositories.licence_decisions import Allowance, Allowances
from espalier.core.scrub.scrubber import Scrubber, project_scrubber

SIMILARITY = 0.8  # exact Jaccard of 5-token shingles, from which two training examples count as one
QUARTERS = 6
OVERHEAD = 64  # tokens of the chat template, the system line and the constraints
BATCH_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Material:
    """What every unit of one repository is built from."""

    source: Source
    trees: list[tuple[int, dict[str, TreeEntry]]]
    allowances: Mapping[str, Allowance]
    service_of: Mapping[str, str]
    by_oid: Mapping[str, Commit]
    shape: Shape
    tokenizer: Tokenizer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    """What is built and committed at once: the files of one path, or one commit."""

    name: str
    made: tuple[Example, ...]


def run(context: JobContext) -> dict[str, object]:
    """Args: corpus, approval (the one that stands, so that a new one is new work), model (names the tokenizer), cap (tokens).

    Raises GateShut where no approval covers the corpus.
    """
    project, corpus = context.project, str(context.args["corpus"])
    approval = required_approval(project, corpus)
    base = register.ready(project, str(context.args["model"]), actor="espalier", progress=context.progress)
    tokenizer = Tokenizer.load(base.path)
    shape = Shape(cap=int(str(context.args["cap"])), count=tokenizer.count)
    scrubber = project_scrubber(project, corpus)
    build = digest([approval.id, base.name, base.tokenizer_sha256, shape.cap])
    supersede(project, corpus, build)
    for repository in corpus_named(project, corpus).repositories:
        _build_repository(context, repository, corpus, build, shape, scrubber, tokenizer)
    _verify(context, corpus, scrubber)
    _drop_repeats(project, corpus)
    context.progress(1, 1, "built")
    return summary(project, corpus)


def summary(project: Project, corpus: str) -> dict[str, object]:
    """How many examples were kept by kind and by label, and why the others were dropped."""
    kinds = project.rows(
        "SELECT kind, label, count(*) AS n FROM examples WHERE corpus = ? AND state = 'kept' GROUP BY kind, label",
        (corpus,),
    )
    reasons = project.rows(
        "SELECT reason, count(*) AS n FROM examples WHERE corpus = ? AND state != 'kept' GROUP BY reason", (corpus,)
    )
    return {
        "kept": {f"{row['kind']} ({row['label']})": row["n"] for row in kinds},
        "dropped": {row["reason"]: row["n"] for row in reasons},
    }


def _build_repository(
    context: JobContext,
    repository: CorpusRepository,
    corpus: str,
    build: str,
    shape: Shape,
    scrubber: Scrubber,
    tokenizer: Tokenizer,
) -> None:
    project = context.project
    if repository.head is None:
        return
    context.progress(0, 1, f"reading the history of {repository.name}")
    done = {
        str(row["source"])
        for row in project.rows("SELECT source FROM example_builds WHERE corpus = ? AND build = ?", (corpus, build))
    }
    with opened(
        repository.name, repository.path, repository.tips, repository.head, repository.services, scrubber
    ) as source:
        material = _material(project, corpus, source, repository.include, shape, tokenizer)
        names = _names(material)
        waiting: list[_Unit] = []
        written = time.monotonic()
        for number, name in enumerate(names):
            context.safe_point()
            if name not in done:
                waiting.append(_Unit(name=name, made=tuple(_made(material, name))))
            if time.monotonic() - written > BATCH_SECONDS:
                _commit(project, corpus, build, waiting)
                waiting, written = [], time.monotonic()
            context.progress(number, len(names), f"building examples of {repository.name}")
        _commit(project, corpus, build, waiting)


def _material(
    project: Project, corpus: str, source: Source, include: tuple[str, ...], shape: Shape, tokenizer: Tokenizer
) -> _Material:
    trees = _trees(source)
    paths = sorted({path for _, tree in trees for path in tree if _included(path, include)})
    services = source.services(list(trees[-1][1]))
    allowances = Allowances(project, corpus, source.name)
    return _Material(
        source=source,
        trees=trees,
        allowances={path: allowances.of(path) for path in paths},
        service_of={path: services.of(path) for path in paths},
        by_oid={commit.oid: commit for commit in source.commits},
        shape=shape,
        tokenizer=tokenizer,
    )


def _included(path: str, include: tuple[str, ...]) -> bool:
    return not include or globs.matches(path, [globs.below(pattern) for pattern in include])


def _names(material: _Material) -> list[str]:
    name = material.source.name
    paths = [f"{name}:path:{path}" for path in material.allowances]
    return paths + [f"{name}:commit:{commit.oid}" for commit in material.source.commits]


def _made(material: _Material, name: str) -> Iterator[Example]:
    _, kind, key = name.split(":", 2)
    if kind == "path":
        found = _of_path(material, key)
    else:
        by_oid = material.by_oid
        found = from_commit(material.source, by_oid[key], by_oid, material.service_of, material.shape)
    seen: set[str] = set()
    for example in found:
        allowance = material.allowances.get(example.provenance.path)
        if allowance is not None and example.id not in seen:
            seen.add(example.id)
            yield _finished(example, allowance, material.shape.cap, material.tokenizer)


def _of_path(material: _Material, path: str) -> Iterator[Example]:
    """The functions of one path in every tree that has it; the same blob is read once."""
    if not material.allowances[path].allowed:
        return
    seen: set[str] = set()
    for moment, tree in reversed(material.trees):
        entry = tree.get(path)
        if entry is None or entry.oid in seen or not material.source.learnable(path, entry):
            continue
        seen.add(entry.oid)
        yield from from_file(material.source, path, entry, moment, material.service_of[path], material.shape)


def _finished(example: Example, allowance: Allowance, cap: int, tokenizer: Tokenizer) -> Example:
    tokens = len(tokenizer.chat_with_mask(example.messages())[0])
    full = replace(example, tokens=tokens, licence=allowance.expression, export_class=allowance.export_class)
    if not allowance.allowed:
        return full.dropped(f"licence: {allowance.why}")
    if full.state == "kept" and tokens > cap + OVERHEAD:
        return full.dropped("longer than the cap")
    return full


def _trees(source: Source) -> list[tuple[int, dict[str, TreeEntry]]]:
    """The trees at the starts of the last quarters, oldest first, and the tree of head, each with its commit's time."""
    by_oid = {commit.oid: commit for commit in source.commits}
    line = [by_oid[source.head]]
    while line[-1].parents and line[-1].parents[0] in by_oid:
        line.append(by_oid[line[-1].parents[0]])
    newest = datetime.fromtimestamp(line[0].committed_at, UTC)
    found = {}
    for start in quarter_starts(newest, QUARTERS):
        before = next((commit for commit in line if commit.committed_at < start.timestamp()), None)
        if before is not None:
            found[before.oid] = before.committed_at
    found[source.head] = max(line[0].committed_at, max(found.values(), default=0))
    return sorted(((moment, source.tree(oid)) for oid, moment in found.items()), key=lambda pair: pair[0])


def _commit(project: Project, corpus: str, build: str, units: list[_Unit]) -> None:
    for unit in units:
        with project.write() as db:
            insert(db, corpus, build, unit.made)
            counted = canonical_text({"examples": len(unit.made)})
            db.execute(
                "INSERT INTO example_builds VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (corpus, build, unit.name, counted),
            )


def _verify(context: JobContext, corpus: str, scrubber: Scrubber) -> None:
    """Scan every kept example once more, whole: nothing goes into a dataset that a detector still flags."""
    kept = examples(context.project, corpus)
    failed: list[tuple[str, State, str]] = []
    for number, example in enumerate(kept):
        if number % 50 == 0:
            context.safe_point()
            context.progress(number, len(kept), "verifying examples")
        said = "\n".join(message["content"] for message in example.messages())
        remaining = scrubber.verify(said, example.provenance.path)
        if remaining:
            failed.append((example.id, "dropped", f"verification: {remaining[0].rule}"))
    set_state(context.project, corpus, failed)
    if kept and len(failed) == len(kept):
        raise WorkFailed("No example passed verification.", "See the reasons: espalier examples list PROJECT")


def _drop_repeats(project: Project, corpus: str) -> None:
    """Keep the newest of nearly equal solutions of one kind."""
    by_kind: dict[str, list[tuple[str, str]]] = {}
    for example in reversed(examples(project, corpus)):
        by_kind.setdefault(f"{example.kind}/{example.label}", []).append((example.id, example.solution))
    for items in by_kind.values():
        dropped = representatives(items, SIMILARITY)
        set_state(
            project, corpus, [(key, "dropped", f"near-duplicate of {kept[:12]}") for key, kept in dropped.items()]
        )
