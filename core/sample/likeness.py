"""How alike two function bodies are once the idiom is out of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from espalier.core.sample.idiom import mask_idiom

LENGTH = 5
"""Tokens in a shingle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The training body most like a held-out one."""

    held_out: str
    training: str
    jaccard: float


def shingles(tokens: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """All runs of five tokens; a shorter body is one shingle."""
    starts = range(max(1, len(tokens) - LENGTH + 1))
    return frozenset(tokens[at : at + LENGTH] for at in starts)


def jaccard(left: frozenset[tuple[str, ...]], right: frozenset[tuple[str, ...]]) -> float:
    return len(left & right) / len(left | right)


def nearest(held_out: Mapping[str, str], training: Mapping[str, str]) -> Iterable[Nearest]:
    """For each held-out function, by name, the exact Jaccard to the nearest training one."""
    known = {name: shingles(mask_idiom(source)) for name, source in training.items()}
    for name, source in held_out.items():
        own = shingles(mask_idiom(source))
        score, other = max((jaccard(own, theirs), key) for key, theirs in known.items())
        yield Nearest(held_out=name, training=other, jaccard=score)
