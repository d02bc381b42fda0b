"""The temporal split: the last quarter is held out, the newest of the rest validates, and what leaks across is taken out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from espalier.core.examples.example import Example
from espalier.core.examples.near_duplicates import NearDuplicates, normalised_digest
from espalier.core.examples.quarters import quarter_starts
from espalier.core.project.clock import parse, stamp

Split = Literal["train", "validation", "test"]

LEAST_TEST = 30  # below this many held-out completions the cut goes back by a quarter
MOST_QUARTERS = 6
VALIDATION_SHARE = 0.08
VALIDATION_BOUNDS = (4, 32)
LEAK_SIMILARITY = 0.5  # exact Jaccard of 5-token shingles; stricter than between training examples


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """`test_from`: the first moment that is held out. `quarters`: how many calendar quarters that takes."""

    test_from: str
    quarters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The three parts, and how many training examples were taken out as leaks, by reason."""

    train: tuple[Example, ...]
    validation: tuple[Example, ...]
    test: tuple[Example, ...]
    leaks: dict[str, int]


def choose_cut(examples: Sequence[Example], newest: datetime, test_from: str | None = None) -> Cut:
    """The start of the last quarter, or of an earlier one while too little would be held out; `test_from` overrules it."""
    if test_from is not None:
        return Cut(test_from=stamp(parse(test_from)), quarters=0)
    cut = Cut(test_from="", quarters=0)
    for number, start in enumerate(quarter_starts(newest, MOST_QUARTERS), 1):
        cut = Cut(test_from=stamp(start), quarters=number)
        if sum(_is_task(one, cut.test_from) for one in examples) >= LEAST_TEST:
            break
    return cut


def divide(examples: Iterable[Example], cut: Cut) -> Parts:
    """Split by the time that each solution first appeared; only the newest version of a function before the cut trains."""
    ordered = sorted(examples, key=lambda one: (one.provenance.committed_at, one.id))
    test = _newest_versions(one for one in ordered if one.provenance.committed_at >= cut.test_from)
    before = _newest_versions(one for one in ordered if one.provenance.committed_at < cut.test_from)
    completions = [one for one in before if one.kind == "completion"]
    least, most = VALIDATION_BOUNDS
    size = min(max(least, round(len(completions) * VALIDATION_SHARE)), most, len(completions) // 2)
    validation = completions[len(completions) - size :]
    held_out = {one.id for one in validation}
    train, leaks = _without_leaks([one for one in before if one.id not in held_out], [*validation, *test])
    return Parts(train=tuple(train), validation=tuple(validation), test=tuple(test), leaks=leaks)


def _is_task(example: Example, test_from: str) -> bool:
    return example.kind == "completion" and example.provenance.committed_at >= test_from


def _newest_versions(ordered: Iterable[Example]) -> list[Example]:
    """For each function only the examples of its newest version; examples from commits stay, each is its own."""
    by_function: dict[tuple[str, ...], list[Example]] = defaultdict(list)
    for one in ordered:
        where = one.provenance
        own = () if one.kind == "completion" else (where.commit, one.kind)
        key = (where.repository, where.path, one.qualified_name, *own)
        versions = by_function[key]
        if versions and versions[-1].provenance.commit != where.commit:
            versions.clear()
        versions.append(one)
    kept = [one for versions in by_function.values() for one in versions]
    return sorted(kept, key=lambda one: (one.provenance.committed_at, one.id))


def _without_leaks(train: Sequence[Example], held_out: Sequence[Example]) -> tuple[list[Example], dict[str, int]]:
    """Training examples of any kind that say what a held-out one says, or are an earlier version of its function, go."""
    functions = {_function(one) for one in held_out}
    said = {normalised_digest(one.solution) for one in held_out}
    near = NearDuplicates(LEAK_SIMILARITY)
    for one in held_out:
        near.add(one.id, one.solution)
    kept: list[Example] = []
    leaks: Counter[str] = Counter()
    for one in train:
        if normalised_digest(one.solution) in said:
            leaks["same code"] += 1
        elif _function(one) in functions:
            leaks["earlier version of a held-out function"] += 1
        elif near.like(one.solution) is not None:
            leaks[f"similar to held-out code (Jaccard ≥ {LEAK_SIMILARITY})"] += 1
        else:
            kept.append(one)
    return kept, dict(leaks)


def _function(example: Example) -> tuple[str, str, str]:
    return example.provenance.repository, example.provenance.path, example.qualified_name
