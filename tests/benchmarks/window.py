"""The window's numbers on a large project: first paint, first rows, the first switch to the training page, stalls of the event loop, memory over a live run,
and what the menu More of the findings page does to all findings at once.

    python -m tests.benchmarks.window [--findings N] [--metrics N] [--examples N] [--repeats N] [--seconds S] [--minutes M] [--only PART …]

Every part runs the window in a process of its own, offscreen. Stalls are measured alone, then beside as many processes of nice 10 as there are
cores, which compute without pause as a training worker does. Memory is watched for so many minutes and, where these are fewer than 30, the
slope of their second half is said for 30: `--minutes 30` measures them.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from espalier.core.jobs.claim import claim
from espalier.core.jobs.life import this_process
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project
from espalier.core.training import runs
from tests.benchmarks import large
from tests.gui import made

PAINT, FILTERED, UNFILTERED, STALL, GROWTH = 1000, 500, 2000, 50, 0.05  # the limits: ms, ms, ms, ms, share
LONG, SETTLING = 30, 30  # minutes of a live run; seconds that caches take to fill
PARTS = ("paint", "rows", "switch", "stalls", "memory", "more")
REVIEWER = "ann"
SWITCH, RESTED = 100, 2.0  # ms; seconds that the window has been shown before
BURNING = "while True: sum(range(100_000))"


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.window")
    parser.add_argument("--findings", type=int, default=1_000_000)
    parser.add_argument("--metrics", type=int, default=1_000_000)
    parser.add_argument("--examples", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=9, help="starts of the window")
    parser.add_argument("--seconds", type=float, default=60, help="of each session that stalls are looked for in")
    parser.add_argument("--minutes", type=float, default=3, help="of the live run")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"QT_QPA_PLATFORM": "offscreen", "ESPALIER_HOME": str(Path(folder) / "home")}
        sizes = {name: getattr(options, name) for name in ("findings", "metrics", "examples")}
        path = large.make(Path(folder), **sizes)
        _print(f"{path.name}, {path.stat().st_size >> 20} MiB, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        if "paint" in options.only:
            paint(path, options.repeats)
        if "rows" in options.only:
            rows(path)
        if "switch" in options.only:
            switch(path, options.repeats)
        if "stalls" in options.only:
            stalls(path, options.seconds)
        if "memory" in options.only:
            memory(path, options.minutes)
        if "more" in options.only:
            more(path)


def paint(path: Path, repeats: int) -> None:
    """From the start of the process to the end of the first paint; the first start warms the disk's cache."""
    found = [_asked("paint", path, time.monotonic()) for _ in range(repeats + 1)][1:]
    times = sorted(1000 * one["seconds"] for one in found)
    _print(
        f"first paint, warm           {statistics.median(times):7.0f} ms median of {repeats} ({times[0]:.0f} to {times[-1]:.0f})"
        f"   {_limit(statistics.median(times), PAINT, 'ms')}"
    )
    heavy = ", ".join(found[-1]["heavy"]) or "none of torch, transformers, peft, pyqtgraph, numpy"
    _print(f"loaded by then              {found[-1]['modules']:7d} modules; {heavy}; {found[-1]['memory'] >> 20} MiB")


def rows(path: Path) -> None:
    for name, value in _asked("rows", path).items():
        if name.endswith("rows"):
            _print(f"{name:28}{value:7,}")
        else:
            free = "unfiltered" in name or "opened" in name
            _print(f"{name:34}{value:7.0f} ms   {_limit(value, UNFILTERED if free else FILTERED, 'ms')}")


def switch(path: Path, repeats: int) -> None:
    """The first time that the training page is gone to: how long the event loop stood still, and how long by its own doing."""
    found = [_asked("switch", path, RESTED) for _ in range(repeats)]
    for name, key in (("going to training", ""), ("loading it beforehand", "idle ")):
        late, own = ([1000 * one[f"{key}{what}"] for one in found] for what in ("late", "own"))
        _print(
            f"stall of {name:22}{statistics.median(late):7.0f} ms median of {repeats} (most {max(late):.0f}), of its own doing"
            f" {statistics.median(own):.0f} ms   {_limit(statistics.median(own), SWITCH, 'ms')}"
        )


def stalls(path: Path, seconds: float) -> None:
    """A stall is how late a beat of 5 ms comes; of all beats of the session the 99th percentile and the worst.

    An event loop without a window tells what else the machine was doing.
    """
    found_in: dict[str, dict[str, Any]] = {}
    found_in["no window"] = _asked("empty", path, seconds / 4)
    found_in["alone"] = alone = _asked("stalls", path, seconds)
    with _busy(os.cpu_count() or 1):
        found_in["no window, beside a worker"] = _asked("empty", path, seconds / 4)
        found_in["beside a worker, nice 10"] = beside = _asked("stalls", path, seconds)
    for name, found in found_in.items():
        late = [1000 * one for one in found["late"]]
        high = _percentile(late, 99)
        _print(
            f"stalls, {name:26}{high:7.1f} ms p99 of {len(late)} beats, worst {max(late):.0f} ms   {_limit(high, STALL, 'ms')}"
        )
        worst = sorted(found.get("acts", {}).items(), key=lambda one: -one[1])[:5]
        if worst:
            _print("    " + ", ".join(f"{act} {1000 * took:.0f} ms" for act, took in worst))
    ratio = _percentile(beside["late"], 99) / max(1e-4, _percentile(alone["late"], 99))
    _print(f"beside a worker, p99 is {ratio:.2f} times what it is alone")


def memory(path: Path, minutes: float) -> None:
    """Growth after the first half minute, while a run writes all its metrics ten times a second."""
    with _live_run(path):
        found = [one / 2**20 for one in _asked("memory", path, 60 * minutes)["memory"]][SETTLING:]
    half = found[len(found) // 2 :]
    slope = _slope(half) * 60  # MiB a minute
    growth = (_level(half[-20:]) - _level(found[:20])) / _level(found[:20])
    _print(
        f"memory over {minutes - SETTLING / 60:.1f} minutes of a live run: {_level(found[:20]):.0f} to {_level(half[-20:]):.0f} MiB,"
        f" {growth:+.1%}   {_limit(100 * growth, 100 * GROWTH, '%')}"
    )
    if minutes < LONG:
        likely = slope * LONG / _level(found[:20])
        _print(
            f"    its second half rises by {slope:+.2f} MiB a minute, which would be {likely:+.1%} in {LONG} minutes"
        )


def more(path: Path) -> None:
    """What the menu More of the findings page does with all findings, each asked for in the window, done by a worker beside it, and
    told in the window: the worst stall meanwhile, and how long the window's own thread computed in it.
    """
    large.reviewed(path, REVIEWER)
    empty = [1000 * one for one in _asked("empty", path, 15)["late"]]
    _print(f"no window {'':24}{max(empty):7.0f} ms worst stall, {_percentile(empty, 99):.1f} ms p99")
    for name, found in _asked("more", path).items():
        late, own = ([1000 * one for one in found[what]] for what in ("late", "own"))
        _print(
            f"{name:34}{max(late):7.0f} ms worst stall, {_percentile(late, 99):.1f} ms p99, of its own doing {max(own):.0f} ms"
            f"   {_limit(max(own), STALL, 'ms')}   told after {found['seconds']:.1f} s: {found['told']}"
        )


def feed(path: Path) -> None:
    """What a trainer writes of a run, until this process is ended."""
    with Project.open(path) as project:
        number, job = made.run(project)
        claimed = claim(project, "accelerator", this_process())
        assert claimed is not None
        assert claimed.id == job
        runs.update(project, number, state="running", started_at=utc_now(), step=0, steps=100_000)
        step = 0
        while True:
            step += 1
            runs.update(project, number, made.metrics(step, step), step=step, loss=0.8)
            with project.write() as db:
                db.execute(
                    "UPDATE jobs SET done = ?, total = 100000, heartbeat_at = ? WHERE id = ?", (step, utc_now(), job)
                )
            time.sleep(0.1)


@contextmanager
def _live_run(path: Path) -> Iterator[None]:
    feeding = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.window", "--feed", str(path)])
    try:
        yield
    finally:
        feeding.kill()
        feeding.wait()


@contextmanager
def _busy(count: int) -> Iterator[None]:
    burning = [subprocess.Popen(["nice", "-n", "10", sys.executable, "-c", BURNING]) for _ in range(count)]
    try:
        yield
    finally:
        for one in burning:
            one.kill()
            one.wait()


def _asked(what: str, path: Path, number: float = 0) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.in_window", what, str(path), str(number)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stderr)
        raise SystemExit(f"The window failed while {what} was measured.")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _limit(value: float, limit: float, unit: str) -> str:
    return f"limit {limit:g} {unit}: {'holds' if value <= limit else 'EXCEEDED'}"


def _percentile(values: Sequence[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def _level(values: Sequence[float]) -> float:
    return statistics.median(values)


def _slope(values: Sequence[float]) -> float:
    """Of the straight line through evenly spaced values, for one step."""
    return statistics.linear_regression(range(len(values)), values).slope


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--feed"]:
        feed(Path(sys.argv[2]))
    else:
        main()
