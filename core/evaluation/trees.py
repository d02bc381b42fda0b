"""The scrubbed trees of a corpus' heads on disk, for the sandbox, and what their Python files say."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from espalier.core.evaluation.materialise import materialise
from espalier.core.evaluation.tasks import EvaluationTask
from espalier.core.examples.source import opened
from espalier.core.repositories.corpus import Corpus
from espalier.core.scrub.scrubber import Scrubber


@dataclass(frozen=True, slots=True, kw_only=True)
class Trees:
    """By repository: `heads` the commits, `texts` the Python files by path, as they stand in `folder`."""

    folder: Path
    heads: dict[str, str]
    texts: dict[str, dict[str, str]]

    def of(self, task: EvaluationTask) -> Path:
        return self.folder / task.repository

    def text(self, task: EvaluationTask) -> str:
        return self.texts[task.repository][task.path]


@contextmanager
def scrubbed_trees(corpus: Corpus, folder: Path, scrubber: Scrubber, tick: Callable[[], None]) -> Iterator[Trees]:
    """Written anew into `folder`, which is gone again at the end, whatever the end is."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        trees = Trees(folder=folder, heads={}, texts={})
        for one in corpus.repositories:
            if one.head is not None:
                with opened(one, scrubber) as source:
                    trees.texts[one.name] = materialise(source, one.head, folder / one.name, tick)
                    trees.heads[one.name] = one.head
        yield trees
    finally:
        shutil.rmtree(folder, ignore_errors=True)
