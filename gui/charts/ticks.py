"""Round values for an axis: few, evenly spaced, inside the range."""

import math
from collections.abc import Sequence

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
LOG_STEPS = (1.0, 3.0)
THOUSANDS = 10_000


def round_ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Multiples of 1, 2, 2.5 or 5 times a power of ten within the range; at least one, at most `most`."""
    if not high > low:
        return [low]
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    for step in STEPS:
        found = _multiples(low, high, step * power)
        if len(found) <= most:
            return found or [low]
    return [low]


def log_ticks(low: float, high: float) -> list[float]:
    """1, 3, 10, 30 … within a positive range; where that leaves fewer than two, round values instead."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    found = [step * 10.0**power for power in range(first, last + 1) for step in LOG_STEPS]
    inside = [value for value in found if low <= value <= high]
    return inside if len(inside) >= 2 else [value for value in round_ticks(low, high) if value > 0]


def whole_ticks(last: int, most: int = 7) -> list[int]:
    """Whole steps from 0 to at most `last`."""
    if last <= 0:
        return [0]
    return [int(value) for value in round_ticks(0, last, most) if value == int(value)]


def label(value: float, among: Sequence[float]) -> str:
    """With as many decimals as the finest of them needs."""
    if value == 0:
        return "0"
    if max(abs(one) for one in among) < 0.01:
        digits, _, power = f"{value:.1e}".partition("e")
        return f"{digits.removesuffix('.0')}e{int(power)}"
    if max(abs(one) for one in among) >= THOUSANDS:
        return f"{value / 1000:,.4g} k"
    digits_needed = next((digits for digits in range(6) if all(_has(one, digits) for one in among)), 6)
    return f"{value:,.{min(digits_needed, 6)}f}"


def _has(value: float, digits: int) -> bool:
    """Whether so many decimals say all of it."""
    return abs(value - round(value, digits)) < 1e-9


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]
