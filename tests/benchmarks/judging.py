"""How well secrets are found on lines that were labelled by hand, and how the judge's weights come about.

    python -m tests.benchmarks.judging [--train] CLONES

CLONES holds clones of the repositories that tests/data/labelled names, by the name of each file there. Printed are, for the
repositories that are held out, recall and precision of what is found at each least confidence, counted over the labelled places:
recall is the part of secrets that overlap with a finding, precision the part of labelled places found that are secrets. Places
called weak (a word that does serve as a password) count for neither, and are told apart. `--train` makes resources/rules/judge.json
anew from the other repositories, prints how they do when each is left out in turn, and chooses the least likelihoods by that.
"""

import argparse
import csv
import json
import random
import string
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from espalier.core.findings.decode import decode
from espalier.core.findings.detection import judge
from espalier.core.findings.detection.detect import Detector
from espalier.core.findings.detection.rules import bundled
from espalier.core.findings.detection.spans import RANK, Confidence, Span
from espalier.core.findings.detection.traits import Candidate, traits
from tests.benchmarks import made_up
from tests.core.findings.detection.test_judge import LABELLED

HELD_OUT = ("IdentityServer4", "juice-shop")
MODEL = Path(__file__).resolve().parents[2] / "resources" / "rules" / "judge.json"
SEED = 17
MADE_UP = 0.15  # how much a candidate counts that was made up
PENALTY = 1.0  # of a weight's square
RAREST = 4  # candidates that show a trait, for it to be weighed
PRECISE: Mapping[Confidence, float] = {"high": 0.97, "medium": 0.92}  # precision wanted of what is at least so sure
LOW = 0.05  # a likelihood below which a candidate is not shown

Traits = Mapping[str, float]
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A labelled stretch of a blob; `start` and `end` in characters of its text."""

    repository: str
    blob: str
    path: str
    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A candidate of the judge's at a labelled place."""

    place: Place
    candidate: Candidate
    of_file: frozenset[str]

    @property
    def repository(self) -> str:
        return self.place.repository

    @property
    def label(self) -> str:
        return self.place.label


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.judging")
    parser.add_argument("clones", type=Path, metavar="CLONES")
    parser.add_argument("--train", action="store_true")
    chosen = parser.parse_args()
    places, texts = labelled(chosen.clones)
    if chosen.train:
        _train(places, texts)
    _say(f"{len(places)} labelled places of {len({place.repository for place in places})} repositories")
    for title, some in (
        ("held out", [one for one in places if one.repository in HELD_OUT]),
        ("made from", [one for one in places if one.repository not in HELD_OUT]),
    ):
        _report(title, some, texts)


def labelled(clones: Path) -> tuple[list[Place], dict[tuple[str, str], str]]:
    """Every labelled place, and the texts of their blobs by repository and id."""
    texts: dict[tuple[str, str], str] = {}
    return [place for name in sorted(LABELLED.glob("*.csv")) for place in _places(name, clones, texts)], texts


def _places(file: Path, clones: Path, texts: dict[tuple[str, str], str]) -> Iterator[Place]:
    name = file.stem
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            key = name, row["blob"]
            if key not in texts:
                command = ["git", "-C", str(clones / name), "cat-file", "blob", row["blob"]]
                texts[key] = decode(subprocess.run(command, check=True, capture_output=True).stdout).text or ""
            start = _line_start(texts[key], int(row["line"])) + int(row["column"]) - 1
            end = start + int(row["length"])
            yield Place(repository=name, blob=row["blob"], path=row["path"], start=start, end=end, label=row["label"])


def _line_start(text: str, line: int) -> int:
    at = 0
    for _ in range(line - 1):
        at = text.index("\n", at) + 1
    return at


def _report(title: str, places: Sequence[Place], texts: Mapping[tuple[str, str], str]) -> None:
    """Recall and precision at each least confidence; what is found where nothing was labelled is counted as unlabelled."""
    detector = Detector(bundled())
    files: dict[tuple[str, str, str], list[Place]] = {}
    for place in places:
        files.setdefault((place.repository, place.blob, place.path), []).append(place)
    met: list[tuple[Place, Confidence | None]] = []
    for (repository, blob, path), some in files.items():
        spans = [span for span in detector.spans(texts[repository, blob], path) if span.kind == "secret"]
        met += [(place, _surest(place, spans)) for place in some]
    counts = Counter(place.label for place in places)
    _say(f"{title}: {', '.join(f'{number} {label}' for label, number in sorted(counts.items()))}")
    for least in ("high", "medium", "low"):
        found = Counter(place.label for place, sure in met if sure is not None and RANK[sure] >= RANK[least])
        wrong = found["none"] + found["placeholder"]
        recall, precision = found["secret"] / counts["secret"], found["secret"] / max(1, found["secret"] + wrong)
        _say(
            f"  at least {least:6}  recall {recall:.3f}  precision {precision:.3f}  false {wrong}"
            f"  weak ones found {found['weak']}"
        )


def _surest(place: Place, spans: Sequence[Span]) -> Confidence | None:
    over = [span.confidence for span in spans if span.start < place.end and place.start < span.end]
    return max(over, key=RANK.__getitem__, default=None)


def _train(places: Sequence[Place], texts: Mapping[tuple[str, str], str]) -> None:
    every = [one for one in _candidates(places, texts) if one.repository not in HELD_OUT]
    _say(f"{len(every)} candidates at labelled places: {dict(Counter(one.label for one in every))}")
    left_out: list[tuple[Judged, float]] = []
    for name in sorted({one.repository for one in every}):
        weigh = _fitted([one for one in every if one.repository != name])
        left_out += [(one, weigh(one)) for one in every if one.repository == name]
    least = _least(left_out)
    _say(f"each repository left out in turn: {least}")
    weights, bias = _weights([one for one in every])
    told = {
        "least": least,
        "bias": round(bias, 4),
        "weights": {name: round(weight, 3) for name, weight in weights.items() if abs(weight) >= 0.02},
    }
    MODEL.write_text(json.dumps(told, indent=0, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    judge.model.cache_clear()
    judge.version.cache_clear()


def _candidates(places: Sequence[Place], texts: Mapping[tuple[str, str], str]) -> Iterator[Judged]:
    """What the judge is asked about, at the labelled places: it is asked by the detectors themselves."""
    asked: list[tuple[Candidate, frozenset[str]]] = []
    real = judge.judged
    judge.judged = lambda one, of_file: asked.append((one, of_file)) or "low"  # type: ignore[assignment, func-returns-value]
    try:
        for place in places:
            text = texts[place.repository, place.blob]
            start = text.rfind("\n", 0, place.start) + 1
            end = text.find("\n", place.end)
            line = text[start : end if end >= 0 else len(text)]
            asked.clear()
            Detector(bundled()).spans(line, place.path)
            for one, of_file in asked:
                at = line.find(one.before + one.value + one.after)
                first = start + at + len(one.before)
                if at >= 0 and first < place.end and place.start < first + len(one.value):
                    yield Judged(place=place, candidate=one, of_file=of_file)
    finally:
        judge.judged = real


def _rows(some: Iterable[Judged]) -> Iterator[tuple[Traits, float, float]]:
    """Traits, what is true, and how much it counts; a secret also with other letters, so that no letters are learnt by heart."""
    for made, of_file, secret in made_up.candidates():
        yield traits(made, of_file), float(secret), MADE_UP
    rng = random.Random(SEED)
    for one in some:
        if one.label != "weak":
            yield traits(one.candidate, one.of_file), float(one.label == "secret"), 1.0
        if one.label in ("secret", "weak"):
            other = Candidate(
                value=_other_letters(one.candidate.value, rng),
                before=one.candidate.before,
                after=one.candidate.after,
                rule=one.candidate.rule,
            )
            yield traits(other, one.of_file), 1.0, 0.5


def _other_letters(value: str, rng: random.Random) -> str:
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    return "".join(next((rng.choice(kind) for kind in kinds if letter in kind), letter) for letter in value)


def _weights(some: Sequence[Judged]) -> tuple[dict[str, float], float]:
    rows = list(_rows(some))
    seen = Counter(trait for told, _, _ in rows for trait in told)
    names = sorted(trait for trait, number in seen.items() if number >= RAREST)
    place = {name: at for at, name in enumerate(names)}
    table = np.zeros((len(rows), len(names) + 1))
    table[:, -1] = 1
    for at, (told, _, _) in enumerate(rows):
        for trait, number in told.items():
            if trait in place:
                table[at, place[trait]] = number
    true, counts = np.array([row[1] for row in rows]), np.array([row[2] for row in rows])

    def loss(weights: Array) -> tuple[float, Array]:
        odds = table @ weights
        free = np.append(weights[:-1], 0.0)
        wrong = np.logaddexp(0, -odds) * true + np.logaddexp(0, odds) * (1 - true)
        slope = table.T @ (counts * (1 / (1 + np.exp(-odds)) - true))
        return float((counts * wrong).sum() + PENALTY / 2 * free @ free), slope + PENALTY * free

    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 1000}).x
    return dict(zip(names, map(float, found), strict=False)), float(found[-1])


def _fitted(some: Sequence[Judged]) -> Callable[[Judged], float]:
    weights, bias = _weights(some)

    def likelihood(one: Judged) -> float:
        odds = bias + sum(
            weights.get(trait, 0.0) * number for trait, number in traits(one.candidate, one.of_file).items()
        )
        return float(1 / (1 + np.exp(-odds)))

    return likelihood


def _least(told: Sequence[tuple[Judged, float]]) -> dict[Confidence, float]:
    """For each confidence the least likelihood from which on what is found is as precise as wanted."""
    likeliest: dict[Place, float] = {}
    for one, likely in told:
        likeliest[one.place] = max(likely, likeliest.get(one.place, 0.0))
    counted = [(likely, place.label == "secret") for place, likely in likeliest.items() if place.label != "weak"]
    least: dict[Confidence, float] = {}
    for name, precise in PRECISE.items():
        fitting = (
            bar / 100
            for bar in range(30, 100)
            if (over := [true for likely, true in counted if likely >= bar / 100]) and sum(over) >= precise * len(over)
        )
        least[name] = next(fitting, 0.99)
    for name, bar in least.items():
        over = [true for likely, true in counted if likely >= bar]
        _say(f"  {name}: from {bar} on {sum(over)} of {len(over)}; of all {sum(true for _, true in counted)} secrets")
    return {**least, "low": LOW}


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
