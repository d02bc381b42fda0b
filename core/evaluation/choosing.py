"""Which tasks an evaluation asks where it may not ask all: every kind and service by turns, those with tests first."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain, zip_longest

from espalier.core.evaluation.tasks import EvaluationTask


def chosen(tasks: Iterable[EvaluationTask], most: int | None, seed: str) -> list[EvaluationTask]:
    """At most `most` tasks, in the order of their ids; which ones depends on the seed and on the tasks, not on their order."""
    groups: dict[tuple[str, str], list[EvaluationTask]] = defaultdict(list)
    for task in {one.id: one for one in tasks}.values():
        groups[task.origin, task.service].append(task)
    drawn = [sorted(groups[key], key=lambda task: (not task.tests, _lot(task, seed))) for key in sorted(groups)]
    by_turns = [task for task in chain.from_iterable(zip_longest(*drawn)) if task is not None]
    return sorted(by_turns[:most], key=lambda task: task.id)


def _lot(task: EvaluationTask, seed: str) -> str:
    return hashlib.sha256(f"{seed}:{task.id}".encode()).hexdigest()
