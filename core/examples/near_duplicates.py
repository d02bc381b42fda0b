"""Near-duplicates: MinHash over shingles of code tokens (rensa), each candidate confirmed by its exact Jaccard similarity."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rensa import RMinHash, RMinHashLSH

TOKEN = re.compile(r"[A-Za-z_][A-Za-z_0-9]*|\d+|\S")
SHINGLE = 5
PERMUTATIONS = 128
SEED = 17


def shingles(text: str) -> frozenset[str]:
    """Every run of five tokens; the whole text where it is shorter."""
    tokens = TOKEN.findall(text)
    if len(tokens) <= SHINGLE:
        return frozenset({" ".join(tokens)})
    return frozenset(" ".join(tokens[start : start + SHINGLE]) for start in range(len(tokens) - SHINGLE + 1))


def jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / len(left | right) if left or right else 1.0


@dataclass(slots=True)
class Remembered:
    """What was computed of texts, for whoever asks of the same ones again: half a kilobyte a text, and most of the work."""

    _signatures: dict[str, RMinHash] = field(default_factory=dict)
    _digests: dict[str, str] = field(default_factory=dict)

    def signature(self, text: str) -> RMinHash:
        if text not in self._signatures:
            self._signatures[text] = _signature(shingles(text))
        return self._signatures[text]

    def normalised_digest(self, text: str) -> str:
        if text not in self._digests:
            self._digests[text] = normalised_digest(text)
        return self._digests[text]


@dataclass(slots=True)
class NearDuplicates:
    """An index of texts under keys; `threshold` is on the exact Jaccard similarity of their shingles, 0 to 1.

    Each text is compared with at most `tries` candidates: cliques of boilerplate would make it quadratic otherwise.
    """

    threshold: float
    tries: int = 50
    remembered: Remembered = field(default_factory=Remembered)
    _known: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    _index: RMinHashLSH = field(init=False)

    def __post_init__(self) -> None:
        bands = 32 if self.threshold < 0.7 else 16
        self._index = RMinHashLSH(threshold=self.threshold, num_perm=PERMUTATIONS, num_bands=bands)

    def like(self, text: str) -> str | None:
        """The key of a known text at least as similar as the threshold, or None."""
        candidates = sorted(self._index.query(self.remembered.signature(text)))[: self.tries]
        wanted = shingles(text) if candidates else frozenset()
        for number in candidates:
            key, known = self._known[number]
            if jaccard(wanted, known) >= self.threshold:
                return str(key)
        return None

    def add(self, key: str, text: str) -> None:
        self._index.insert(len(self._known), self.remembered.signature(text))
        self._known.append((key, shingles(text)))


def representatives(items: Iterable[tuple[str, str]], threshold: float) -> dict[str, str]:
    """For keyed texts in order of preference: each dropped key with the kept key that it nearly repeats."""
    index, dropped = NearDuplicates(threshold), {}
    for key, text in items:
        kept = index.like(text)
        if kept is None:
            index.add(key, text)
        else:
            dropped[key] = kept
    return dropped


def shared_run(text: str, others: Sequence[frozenset[str]]) -> bool:
    """Whether any run of this text's shingles is wholly inside one of the others."""
    return any(shingles(text) <= other for other in others)


def normalised_digest(text: str) -> str:
    """A hash that layout and comments do not change."""
    code = re.sub(r"#[^\n]*", "", text)
    return hashlib.sha256(" ".join(TOKEN.findall(code)).encode()).hexdigest()


def _signature(found: frozenset[str]) -> RMinHash:
    made = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    made.update(sorted(found))
    return made
