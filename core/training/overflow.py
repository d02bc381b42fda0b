"""Overflow by module: what a run writes down of it, and what there is to say about a run that did.

A module is a projection of the network's layers, all layers together, as the recipe's targets name them. Only a step in which
something overflowed writes rows, two for each module in which it did: a run of 10,000 steps that overflows whenever it is looked
at (every tenth step) with all seven modules has 14,000 of them, beside the 120,000 of its other metrics.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from espalier.core.project.file import Project
from espalier.core.training.curves import Trace
from espalier.core.training.recipe import TARGETS, Recipe
from espalier.core.training.runs import Run

COUNT, SHARE = "overflow_count.", "overflow_share."  # of a module, in the names of metrics
MODULES = TARGETS["all-linear"]  # in the order of the network
COLUMNS = 64  # of a heat map at most
RISING = 1.5  # times what it was before


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Elements of a module that were infinite or NaN in one step, and of how many.

    They are outputs of its low-rank matrices, where these had been given something finite; what is handed on from module to
    module counts where it began. Where no output overflowed, or none was looked at, they are elements of the gradient of a step
    that was lost.
    """

    count: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """The largest share that a module lost in any step of a stretch of `width` steps, from the first step on; a row each module."""

    modules: tuple[str, ...]
    width: int
    shares: tuple[tuple[float, ...], ...]

    @property
    def columns(self) -> int:
        return len(self.shares[0]) if self.shares else 0

    @property
    def most(self) -> float:
        return max((share for row in self.shares for share in row), default=0.0)

    @property
    def leading(self) -> str | None:
        """The module that lost the largest share of late, in the last quarter of the run; None where none did."""
        module, share = max(zip(self.modules, self._means()[1], strict=True), key=lambda one: one[1], default=("", 0.0))
        return module if share > 0 else None

    def rises(self, module: str) -> bool:
        """Whether it loses clearly more than it did before the last quarter of the run."""
        before, late = (means[self.modules.index(module)] for means in self._means())
        return late > RISING * before

    def _means(self) -> tuple[list[float], list[float]]:
        """Of every module, before the last quarter of the columns and in it."""
        cut = self.columns - -(-self.columns // 4)
        halves = slice(0, cut), slice(cut, None)
        before, late = ([_mean(row[half]) for row in self.shares] for half in halves)
        return before, late


def rows(lost: Mapping[str, Lost]) -> dict[str, float]:
    """As metrics."""
    counts = {f"{COUNT}{module}": float(one.count) for module, one in lost.items()}
    return counts | {f"{SHARE}{module}": one.count / one.of for module, one in lost.items()}


def modules(recipe: Recipe) -> tuple[str, ...]:
    """Those that this recipe adapts."""
    return TARGETS[recipe.targets]


def heat(run: Run, curves: Mapping[str, Trace]) -> Heat | None:
    """From the metrics whose names begin with SHARE; None where there are none. Columns keep their place as the run goes on."""
    shares = {module: curves[f"{SHARE}{module}"] for module in modules(run.recipe) if f"{SHARE}{module}" in curves}
    if not shares or run.step < 1:
        return None
    width = run.recipe.inspect_every
    while math.ceil(run.step / width) > COLUMNS:
        width *= 2
    columns = math.ceil(run.step / width)
    made = np.zeros((len(modules(run.recipe)), columns))
    for row, module in enumerate(modules(run.recipe)):
        if module in shares:
            places = np.minimum((shares[module].steps - 1) // width, columns - 1)
            np.maximum.at(made[row], places, shares[module].values)
    return Heat(modules=modules(run.recipe), width=width, shares=tuple(map(tuple, made.tolist())))


def told(project: Project, run: int) -> dict[str, Any]:
    """What `train show` says: elements lost in all and, by module, in how many steps, how many, the largest share, and when last."""
    query = (
        "SELECT total(value) FILTER (WHERE name = 'overflow') AS gradients,"
        " total(value) FILTER (WHERE name = 'overflow_activations') AS outputs"
        " FROM metrics WHERE run = ? AND name IN ('overflow', 'overflow_activations')"
    )
    totals = project.row(query, (run,))
    assert totals is not None  # an aggregate always has a row
    found = {module: _module(project, run, module) for module in MODULES}
    return {
        "gradients": int(totals["gradients"]),
        "outputs": int(totals["outputs"]),
        "modules": {module: one for module, one in found.items() if one is not None},
    }


def sentence(told: Mapping[str, Any], steps: int) -> str:
    """The same for people."""
    if told["modules"]:
        said = "{} in {} steps, last at {}, up to {:.2g} % of its values"
        return "; ".join(
            said.format(module, one["steps"], one["last_step"], 100 * one["share"])
            for module, one in told["modules"].items()
        )
    if told["gradients"] or told["outputs"]:
        return f"{told['gradients']} gradients and {told['outputs']} outputs; not recorded by module"
    return f"none in {steps} steps"


def _module(project: Project, run: int, module: str) -> dict[str, Any] | None:
    query = (
        "SELECT count(*) AS steps, total(counts.value) AS count, max(shares.value) AS share, max(counts.step) AS last_step"
        " FROM metrics AS counts JOIN metrics AS shares ON shares.run = counts.run AND shares.step = counts.step"
        " AND shares.name = ? WHERE counts.run = ? AND counts.name = ?"
    )
    row = project.row(query, (f"{SHARE}{module}", run, f"{COUNT}{module}"))
    if row is None or not row["steps"]:
        return None
    return {
        "steps": row["steps"],
        "count": int(row["count"]),
        "share": row["share"],
        "last_step": row["last_step"],
    }


def _mean(values: tuple[float, ...]) -> float:
    return sum(values) / len(values) if values else 0.0
