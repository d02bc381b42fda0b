"""The worker stage `examples.build`: every source of a corpus into examples, resumable at the file and at the commit."""

import time
from collections.abc import Sequence

from espalier.core.examples import build as builds
from espalier.core.examples.completions import Shape
from espalier.core.examples.dropping import drop_repeats, drop_what_was_taken_back
from espalier.core.examples.example import Example, insert
from espalier.core.examples.units import OVERHEAD, material, units
from espalier.core.failures import WorkFailed
from espalier.core.jobs.context import JobContext
from espalier.core.models import register
from espalier.core.models.tokenizer import Tokenizer
from espalier.core.project.canonical import digest
from espalier.core.project.file import Project
from espalier.core.repositories.corpus import CorpusRepository
from espalier.core.repositories.corpus import corpus as corpus_named
from espalier.core.scrub.scrubber import Scrubber, project_scrubber

BATCH_SECONDS = 1.0
MOST_IN_A_BATCH = 50  # units in one short transaction


def run(context: JobContext) -> dict[str, object]:
    """Args: corpus, approval (the one that stands, so that a new one is new work), model (names the tokenizer), cap (tokens).

    Raises GateShut where no approval covers the corpus.
    """
    project, corpus = context.project, str(context.args["corpus"])
    base = register.ready(project, str(context.args["model"]), actor="espalier", progress=context.progress)
    tokenizer = Tokenizer.load(base.path)
    shape = Shape(cap=int(str(context.args["cap"])) - OVERHEAD, count=tokenizer.count)
    build = builds.begin(project, corpus, base.tokenizer_sha256, shape.cap)
    scrubber = project_scrubber(project, corpus)
    for repository in corpus_named(project, corpus).repositories:
        if repository.head is not None:
            _build(context, build, corpus, repository, shape, tokenizer, scrubber)
    _require_clean(project, build)
    drop_what_was_taken_back(project, build)
    drop_repeats(project, build, context.safe_point)
    builds.finish(project, build)
    builds.forget_superseded(project, build)
    context.progress(1, 1, "built")
    return summary(project, build)


def summary(project: Project, build: str) -> dict[str, object]:
    """How many examples were kept by kind and by label, and why the others were dropped."""
    kinds = project.rows(
        "SELECT kind, label, count(*) AS n FROM examples WHERE build = ? AND state = 'kept' GROUP BY kind, label",
        (build,),
    )
    reasons = project.rows(
        "SELECT CASE WHEN reason LIKE 'near-duplicate%' THEN 'near-duplicate' ELSE reason END AS why, count(*) AS n"
        " FROM examples WHERE build = ? AND state != 'kept' GROUP BY why",
        (build,),
    )
    return {
        "kept": {f"{row['kind']} ({row['label']})": row["n"] for row in kinds},
        "dropped": {row["why"]: row["n"] for row in reasons},
    }


def _build(
    context: JobContext,
    build: str,
    corpus: str,
    repository: CorpusRepository,
    shape: Shape,
    tokenizer: Tokenizer,
    scrubber: Scrubber,
) -> None:
    project = context.project
    context.progress(0, 1, f"reading the history of {repository.name}")
    known = {row["source"] for row in project.rows("SELECT source FROM built_sources WHERE build = ?", (build,))}
    with material(project, corpus, repository, shape, tokenizer, scrubber) as of:
        found = units(of)
        waiting: list[tuple[str, Sequence[Example]]] = []
        written = time.monotonic()
        for number, unit in enumerate(found):
            context.safe_point()
            context.progress(number, len(found), f"building examples of {repository.name}")
            name = digest(unit.name)[:40]  # a path is not told where nobody asked for it
            if name not in known:
                waiting.append((name, tuple({one.id: one for one in unit.make()}.values())))
            if len(waiting) >= MOST_IN_A_BATCH or time.monotonic() - written > BATCH_SECONDS:
                _commit(project, build, waiting)
                waiting, written = [], time.monotonic()
        _commit(project, build, waiting)


def _commit(project: Project, build: str, done: Sequence[tuple[str, Sequence[Example]]]) -> None:
    with project.write() as db:
        for name, made in done:
            insert(db, build, made)
            db.execute("INSERT INTO built_sources VALUES (?, ?) ON CONFLICT DO NOTHING", (build, name))


def _require_clean(project: Project, build: str) -> None:
    """A repository whose every example is flagged is scanned wrongly, and would otherwise be learnt from not at all."""
    clean = "SELECT count(*) FROM examples WHERE build = ? AND reason NOT LIKE 'verification:%'"
    anything = "SELECT count(*) FROM examples WHERE build = ?"
    if project.value(anything, (build,)) and not project.value(clean, (build,)):
        raise WorkFailed("No example passed verification.", "See the reasons: espalier examples list PROJECT")
