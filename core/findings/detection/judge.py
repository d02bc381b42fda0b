"""The judge: how likely a value in its place is a secret, by a small model over its traits, and what spoke for and against it.

Logistic regression: the logarithm of the odds is the sum of a weight for each trait. Weights are in resources/rules/judge.json; how
they came about, and how well they do on lines that they were not made from, prints `python -m tests.benchmarks.judging`.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from espalier.core.findings.detection import grounds, values
from espalier.core.findings.detection.spans import Confidence
from espalier.core.findings.detection.traits import AFTER, BEFORE, Candidate, traits

REMEMBERED = 4096  # candidates, and what came of them
MOST, LEAST = 3, 0.4  # grounds that are told of each side, and how much of the odds' logarithm one must move
_TEMPLATE = re.compile(r"\$\{\w|\$\([\w ]|\{\{|<%|%\(\w+\)|\$[A-Z_]{3,}|#\{\w")  # filled in elsewhere
_PATH_OF_NAMES = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|->|::)[\w$]+)*")  # what is called or looked into


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Weights by trait, the odds' logarithm where there is none, and the least likelihood of each confidence, surest first."""

    weights: Mapping[str, float]
    bias: float
    least: Mapping[Confidence, float]


@lru_cache(REMEMBERED)
def judged(one: Candidate, of_file: frozenset[str]) -> Confidence | None:
    """How sure one may be of a candidate; None where it is hardly one.

    Versions of a file of few long lines hold the same candidates again and again.
    """
    likely = likelihood(one, of_file)
    return next((name for name, least in model().least.items() if likely >= least), None)


def of_match(text: str, start: int, end: int, rule: str, of_file: frozenset[str]) -> Confidence | None:
    """The same of a stretch of a text; references to secrets, and their names, are none and not looked at further."""
    value = text[start:end]
    if values.is_reference(value) or values.is_name(value) or _TEMPLATE.search(value):
        return None
    if _PATH_OF_NAMES.fullmatch(value) and (_is_called(text, end) or _is_argument(text, start, end, of_file)):
        return None
    return judged(candidate(text, start, end, rule), of_file)


def candidate(text: str, start: int, end: int, rule: str) -> Candidate:
    """What stands before it ends at its line, or at the one above where it stands alone on a line of its own."""
    line = text.rfind("\n", max(0, start - BEFORE), start) + 1
    if line and not text[line:start].strip():
        line = text.rfind("\n", max(0, start - BEFORE), line - 1) + 1
    before = text[max(line, start - BEFORE) : start]
    return Candidate(value=text[start:end], before=before, after=text[end : end + AFTER], rule=rule)


def _is_called(text: str, end: int) -> bool:
    return text[end : end + 1] in ("(", "[")


def _is_argument(text: str, start: int, end: int, of_file: frozenset[str]) -> bool:
    """A name without a digit that code hands over: `tokens=refilled)`."""
    if "in code" not in of_file or text[start - 1 : start] in ("", '"', "'", "`"):
        return False
    return text[end : end + 1] in (",", ")") and not any(map(str.isdigit, text[start:end]))


def likelihood(one: Candidate, of_file: frozenset[str]) -> float:
    """Between 0 and 1; what the labelled lines would call as likely is a secret about as often."""
    odds = model().bias + sum(weight for _, weight in _weighed(one, of_file))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def reasons(one: Candidate, of_file: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes of `grounds` that spoke for it and against it, the strongest first; none holds a word of the text."""
    sums: dict[str, float] = {}
    for trait, weight in _weighed(one, of_file):
        if (ground := grounds.code(trait)) is not None:
            sums[ground] = sums.get(ground, 0.0) + weight
    named = max(
        (ground for ground in sums if ground.startswith("named ")), key=lambda one: abs(sums[one]), default="name"
    )
    if named != "name":  # its words say what it is named like
        sums[named] += sums.pop("name", 0.0)
    ranked = sorted(sums, key=lambda ground: (-abs(sums[ground]), ground))
    loud = [ground for ground in ranked if abs(sums[ground]) >= LEAST]
    return tuple(one for one in loud if sums[one] > 0)[:MOST], tuple(one for one in loud if sums[one] < 0)[:MOST]


def _weighed(one: Candidate, of_file: frozenset[str]) -> Iterator[tuple[str, float]]:
    weights = model().weights
    return ((trait, weights.get(trait, 0.0) * number) for trait, number in traits(one, of_file).items())


@cache
def model() -> Model:
    source = resources.files("espalier.resources").joinpath("rules", "judge.json").read_text(encoding="utf-8")
    told = json.loads(source)
    surest_first = sorted(told["least"].items(), key=lambda bar: -bar[1])
    return Model(weights=told["weights"], bias=told["bias"], least=dict(surest_first))


@cache
def version() -> str:
    """What a scan names the judge by."""
    from espalier.core.project.canonical import digest

    return digest({"weights": dict(model().weights), "bias": model().bias, "least": dict(model().least)})
