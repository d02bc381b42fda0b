"""The temporal split: the last quarter is held out, the newest of the rest validates, and what leaks across is taken out.

Either cut can be set by a person. Where the validation is, everything between the two cuts validates; where it is not, the
newest completions before the test cut do, and as few of them as say something.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from espalier.core.examples.example import Example
from espalier.core.examples.near_duplicates import NearDuplicates, Remembered
from espalier.core.examples.quarters import quarter_starts
from espalier.core.failures import UnusableInput
from espalier.core.project.clock import parse, stamp

Split = Literal["train", "validation", "test"]

LEAST_TEST = 30  # below this many held-out completions the cut goes back by a quarter
MOST_QUARTERS = 6
VALIDATION_SHARE = 0.08
VALIDATION_BOUNDS = (4, 32)
LEAK_SIMILARITY = 0.5  # exact Jaccard of 5-token shingles; stricter than between training examples
SAME_CODE = "same code"
EARLIER_VERSION = "earlier version of a held-out function"
SIMILAR_CODE = f"similar to held-out code (Jaccard ≥ {LEAK_SIMILARITY})"
LEAKS = (SAME_CODE, EARLIER_VERSION, SIMILAR_CODE)  # what is looked for, in this order


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """`test_from`: the first moment that is held out. `quarters`: how many calendar quarters that takes.

    `validation_from`: the first moment that validates, None where the newest completions before the test do.
    """

    test_from: str
    quarters: int
    validation_from: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The three parts, and how many training examples were taken out as leaks, by reason."""

    train: tuple[Example, ...]
    validation: tuple[Example, ...]
    test: tuple[Example, ...]
    leaks: dict[str, int]


def choose_cut(
    examples: Sequence[Example], newest: datetime, test_from: str | None = None, validation_from: str | None = None
) -> Cut:
    """The start of the last quarter, or of an earlier one while too little would be held out and something is left to learn
    from; `test_from` overrules it.

    Raises UnusableInput where the validation would not begin before the test.
    """
    cut = _last_quarters(examples, newest) if test_from is None else Cut(test_from=stamp(parse(test_from)), quarters=0)
    if validation_from is None:
        return cut
    begins = stamp(parse(validation_from))
    if begins >= cut.test_from:
        sentence = f"The validation can't begin on {begins[:10]}: the test begins on {cut.test_from[:10]}."
        raise UnusableInput(sentence, "Move one of the cuts.")
    return replace(cut, validation_from=begins)


def divide(examples: Iterable[Example], cut: Cut, remembered: Remembered | None = None, *, leaks: bool = True) -> Parts:
    """Split by the time that each solution first appeared; only the newest version of a function before the cut trains.

    `remembered` saves work where the same examples are divided again; without `leaks` they are not looked for, so that
    the training part is larger than what would be frozen.
    """
    ordered = sorted(examples, key=lambda one: (one.provenance.committed_at, one.id))
    test = _newest_versions(one for one in ordered if one.provenance.committed_at >= cut.test_from)
    before = _newest_versions(one for one in ordered if one.provenance.committed_at < cut.test_from)
    validation = _validation(before, cut)
    held_out = {one.id for one in validation}
    train, found = [one for one in before if one.id not in held_out], dict[str, int]()
    if leaks:
        train, found = _without_leaks(train, [*validation, *test], remembered or Remembered())
    return Parts(train=tuple(train), validation=tuple(validation), test=tuple(test), leaks=found)


def _last_quarters(examples: Sequence[Example], newest: datetime) -> Cut:
    cut = Cut(test_from="", quarters=0)
    oldest = min((one.provenance.committed_at for one in examples), default="")
    for number, start in enumerate(quarter_starts(newest, MOST_QUARTERS), 1):
        if number > 1 and oldest >= stamp(start):
            break
        cut = Cut(test_from=stamp(start), quarters=number)
        if sum(_is_task(one, cut.test_from) for one in examples) >= LEAST_TEST:
            break
    return cut


def _validation(before: Sequence[Example], cut: Cut) -> list[Example]:
    if cut.validation_from is not None:
        return [one for one in before if one.provenance.committed_at >= cut.validation_from]
    completions = [one for one in before if one.kind == "completion"]
    least, most = VALIDATION_BOUNDS
    size = min(max(least, round(len(completions) * VALIDATION_SHARE)), most, len(completions) // 2)
    return completions[len(completions) - size :]


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


def _without_leaks(
    train: Sequence[Example], held_out: Sequence[Example], remembered: Remembered
) -> tuple[list[Example], dict[str, int]]:
    """Training examples of any kind that say what a held-out one says, or are an earlier version of its function, go."""
    functions = {_function(one) for one in held_out}
    said = {remembered.normalised_digest(one.solution) for one in held_out}
    near = NearDuplicates(LEAK_SIMILARITY, remembered=remembered)
    for one in held_out:
        near.add(one.id, one.solution)
    kept: list[Example] = []
    leaks: Counter[str] = Counter()
    for one in train:
        if remembered.normalised_digest(one.solution) in said:
            leaks[SAME_CODE] += 1
        elif _function(one) in functions:
            leaks[EARLIER_VERSION] += 1
        elif near.like(one.solution) is not None:
            leaks[SIMILAR_CODE] += 1
        else:
            kept.append(one)
    return kept, dict(leaks)


def _function(example: Example) -> tuple[str, str, str]:
    return example.provenance.repository, example.provenance.path, example.qualified_name
