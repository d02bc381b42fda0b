"""The curves of a long run: python -m tests.benchmarks.curves [STEPS].

A run with ten metrics a step. Prints what the training page's first reading takes and the rows fetched at once, a reading
after one more step, both again with another such run laid over it, a window of a curve, and what the curves hold beside
the same points in lists of tuples.
"""

import random
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from itertools import accumulate
from pathlib import Path

from espalier.core.project.file import Project
from espalier.core.training import runs
from espalier.core.training.curves import Pyramid, Trace, follow
from espalier.gui.training.marks import Marks
from espalier.gui.training.reading import DRAWN, TOLD, TrainingReading
from tests.gui import made

NAMES = tuple(name for name in DRAWN if name != "validation_loss") + TOLD
AT_ONCE, TIMES = 5_000, 20


def main(steps: int) -> None:
    with tempfile.TemporaryDirectory() as folder, made.project(Path(folder)) as project:
        number = _make(project, steps)
        _print(f"{len(NAMES) * steps:,} rows: {steps:,} steps of {len(NAMES)} metrics")
        _print(_seconds("first reading of the page", lambda: TrainingReading()(project), 5))
        _print(_seconds("all rows in one list", lambda: project.rows("SELECT name, step, value FROM metrics"), 5))
        curve = _read(project, number)["loss"]
        for share in (1.0, 0.1, 0.001):
            window = partial(curve.points, steps * (1 - share) / 2, steps * (1 + share) / 2)
            _print(_seconds(f"a window of {share:.1%} of a curve, {len(window())} points", window))
        _memory(project, number)
        _next_steps(project, number, steps, "a reading after one more step")
        beside = _make(project, steps)
        marks = Marks().turned(number)
        _print(_seconds("first reading with another run laid over", lambda: _reading(marks)(project), 5))
        _next_steps(project, beside, steps, "a reading after one more step, the other laid over", marks)


def _reading(marks: Marks | None = None) -> TrainingReading:
    reading = TrainingReading()
    reading.marks = marks
    return reading


def _make(project: Project, steps: int) -> int:
    number, _ = made.run(project)
    chance = random.Random(5)
    for first in range(1, steps + 1, AT_ONCE):
        some = range(first, min(first + AT_ONCE, steps + 1))
        runs.update(project, number, [(name, step, chance.gauss(1, 0.1)) for step in some for name in NAMES])
    runs.update(project, number, step=steps, steps=steps + TIMES)
    return number


def _next_steps(project: Project, number: int, steps: int, name: str, marks: Marks | None = None) -> None:
    reading, taken = _reading(marks), list[float]()
    reading(project)
    for step in range(steps + 1, steps + 1 + TIMES):
        runs.update(project, number, [(name, step, 1.0) for name in NAMES], step=step)
        started = time.perf_counter()
        reading(project)
        taken.append(time.perf_counter() - started)
    _print(f"{name:48} {statistics.median(taken) * 1000:9.2f} ms, most {max(taken) * 1000:.2f}")


def _memory(project: Project, number: int) -> None:
    held = _megabytes(lambda: _read(project, number))
    listed = _megabytes(lambda: _lists(project, number))
    _print(f"{'curves of what is drawn':48} {held[0]:9.1f} MB, most while reading {held[1]:.1f}")
    _print(f"{'the same as lists of tuples and of sums':48} {listed[0]:9.1f} MB, most while reading {listed[1]:.1f}")


def _read(project: Project, number: int) -> dict[str, Trace]:
    pyramids = {name: Pyramid() for name in DRAWN}
    return {name: one.trace() for name, one in pyramids.items() if follow(project, number, name, one)}


def _lists(project: Project, number: int) -> list[object]:
    lists: list[object] = []
    for name in DRAWN:
        rows = project.rows("SELECT step, value FROM metrics WHERE run = ? AND name = ? ORDER BY step", (number, name))
        points = [(row["step"], row["value"]) for row in rows]
        lists += [points, list(accumulate((value for _, value in points), initial=0.0))]
    return lists


def _megabytes(work: Callable[[], object]) -> tuple[float, float]:
    """What the result holds, and the most that was held meanwhile."""
    tracemalloc.start()
    result = work()
    held, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del result
    return held / 1e6, most / 1e6


def _seconds(name: str, work: Callable[[], object], times: int = TIMES) -> str:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return f"{name:48} {statistics.median(taken) * 1000:9.2f} ms, least {min(taken) * 1000:.2f}, most {max(taken) * 1000:.2f}"


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
