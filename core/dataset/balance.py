"""Balanced sampling: no service drowns the rest, and examples from commits stay a seasoning of the functions."""

import hashlib
import math
from collections import defaultdict
from collections.abc import Sequence

from espalier.core.examples.example import Example

MOST_REPEATS = 3
MOST_NEGATIVES = 100
COMMIT_SHARE = 0.2  # of the training examples; reviews, repairs and refactorings go first


def balance(train: Sequence[Example], limit: int | None, seed: int) -> list[tuple[Example, int]]:
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
    return sorted([*repeated, *((one, 1) for one in chosen)], key=lambda pair: pair[0].id)


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
