"""Balanced sampling: no service drowns the rest, and examples from commits stay a seasoning of the functions.

A person's weights come on top: a service of weight 1.5 is drawn one and a half times as often as balance alone would draw
it. What has more examples gives more of them; what has no more is repeated, three times at most.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from espalier.core.dataset.wishes import EVEN, Weights
from espalier.core.examples.example import Example

MOST_REPEATS = 3
MOST_NEGATIVES = 100
COMMIT_SHARE = 0.2  # of the training examples; reviews, repairs and refactorings go first


Drawn = list[tuple[Example, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One service or language in an epoch: `examples` that the training part has, `drawn` of them with repeats.

    `effective` is Kish's effective sample size (sum of r)² / (sum of r²) over the repeats r of the distinct examples: as many
    examples, shown once each, would vary as much. `most` is the highest of the repeats.
    """

    name: str
    weight: float
    examples: int
    drawn: int
    effective: float
    most: int


def balance(train: Sequence[Example], limit: int | None, seed: int, weights: Weights = EVEN) -> Drawn:
    """Which training examples are taken, and how often each is shown in an epoch.

    With a limit, each service gets a share in proportion to the square root of its size: between equal shares, which would
    repeat small services endlessly, and proportional ones, which let a monolith drown them. Without one, small services
    are repeated instead, by the square root of how much smaller they are, three times at most.
    """
    completions = [one for one in train if one.kind == "completion"]
    others = sorted((one for one in train if one.kind != "completion"), key=lambda one: (_rank(one), _lot(one, seed)))
    room = round((limit if limit is not None else len(train)) * COMMIT_SHARE)
    chosen = others[: max(room, _negatives(others, limit))]
    services = _by_service(completions)
    shares = _shares({name: len(found) for name, found in services.items()}, limit, len(chosen))
    taken = {name: sorted(found, key=lambda one: _lot(one, seed))[: shares[name]] for name, found in services.items()}
    largest = max((len(found) for found in taken.values()), default=0)
    repeated = [(one, _repeats(len(found), largest)) for found in taken.values() for one in found]
    even = [*repeated, *((one, 1) for one in chosen)]
    if not weights.even:
        pool = [*sorted(completions, key=lambda one: _lot(one, seed)), *others]
        even = _weighted(pool, even, limit, weights)
    return sorted(even, key=lambda pair: pair[0].id)


def shares(
    train: Iterable[Example], drawn: Drawn, of: Callable[[Example], str], weights: Mapping[str, float]
) -> list[Share]:
    """By what `of` says of an example: its service, its language. The most drawn first."""
    pool = Counter(of(one) for one in train)
    repeats: dict[str, list[int]] = {name: [] for name in pool}
    for one, number in drawn:
        repeats[of(one)].append(number)
    made = [
        Share(
            name=name,
            weight=weights.get(name, 1.0),
            examples=pool[name],
            drawn=sum(found),
            effective=effective(found),
            most=max(found, default=0),
        )
        for name, found in repeats.items()
    ]
    return sorted(made, key=lambda one: (-one.drawn, one.name))


def effective(repeats: Sequence[int]) -> float:
    """Kish's effective sample size: L. Kish, Survey Sampling, 1965, §11.7."""
    return sum(repeats) ** 2 / sum(one * one for one in repeats) if repeats else 0.0


def _weighted(pool: Sequence[Example], even: Drawn, limit: int | None, weights: Weights) -> Drawn:
    """The even draw by service, language and kind of source, each group as often as its weight says.

    `pool` is in the order in which examples are taken. Where a limit holds, all groups shrink alike until it does.
    """
    members: dict[tuple[str, str, bool], list[Example]] = defaultdict(list)
    for one in pool:
        members[_group(one)].append(one)
    base: dict[tuple[str, str, bool], list[int]] = defaultdict(list)
    for one, repeats in even:
        base[_group(one)].append(repeats)
    wanted = {group: sum(found) * weights.of(*group[:2]) for group, found in base.items()}
    shown = {group: found[0] for group, found in base.items()}

    def distinct() -> int:
        return sum(min(len(members[group]), math.ceil(round(one) / shown[group])) for group, one in wanted.items())

    while limit is not None and (now := distinct()) > limit:
        wanted = {group: one * limit / now for group, one in wanted.items()}
    return [pair for group, one in wanted.items() for pair in _spread(members[group], round(one), shown[group])]


def _spread(members: Sequence[Example], number: int, repeats: int) -> Drawn:
    """So many draws of a group, over as many of its examples as repeating them `repeats` times takes."""
    number = min(number, MOST_REPEATS * len(members))
    distinct = min(len(members), math.ceil(number / repeats))
    each, more = divmod(number, distinct) if distinct else (0, 0)
    return [(one, each + (place < more)) for place, one in enumerate(members[:distinct])]


def _group(one: Example) -> tuple[str, str, bool]:
    return one.service, one.language, one.kind == "completion"


def _repeats(size: int, largest: int) -> int:
    return min(MOST_REPEATS, max(1, round(math.sqrt(largest / size))))


def _shares(sizes: dict[str, int], limit: int | None, spoken_for: int) -> dict[str, int]:
    """How many completions each service gives: by square root, what one service lacks going to the others."""
    if limit is None or sum(sizes.values()) + spoken_for <= limit:
        return sizes
    shares: dict[str, int] = {}
    room, open_ = max(limit - spoken_for, 0), dict(sizes)
    while open_:
        weight = sum(size**0.5 for size in open_.values())
        full = {name: size for name, size in open_.items() if size <= room * size**0.5 / weight}
        if not full:
            return {**shares, **{name: int(room * size**0.5 / weight) for name, size in open_.items()}}
        shares |= full
        room -= sum(full.values())
        open_ = {name: size for name, size in open_.items() if name not in full}
    return shares


def _by_service(examples: Sequence[Example]) -> dict[str, list[Example]]:
    services: dict[str, list[Example]] = defaultdict(list)
    for one in examples:
        services[one.service].append(one)
    return dict(services)


def _negatives(others: Sequence[Example], limit: int | None) -> int:
    """Rejected and insecure examples are scarce in any history: all are taken, up to a hundred and half of the limit."""
    most = MOST_NEGATIVES if limit is None else min(MOST_NEGATIVES, limit // 2)
    return min(sum(one.label != "accepted" for one in others), most)


def _rank(example: Example) -> int:
    return {"review": 0, "repair": 0, "refactor": 1}.get(example.kind, 2)


def _lot(example: Example, seed: int) -> str:
    """A seeded shuffle that does not depend on the order of the input."""
    return hashlib.sha256(f"{seed}:{example.id}".encode()).hexdigest()
