"""Signs: what warrants a look of a probe, as expressions that one automaton runs together."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from espalier.core.findings.detection import automaton
from espalier.core.findings.detection.probes import Probe
from espalier.core.findings.detection.weakened import Weakened, weakened


@dataclass(frozen=True, slots=True)
class Sign:
    """Of a probe, by its number; `pattern` is what the probe looks for, where it looks near the sign only."""

    probe: int
    weak: Weakened
    pattern: re.Pattern[str] | None = None


def signs(probes: Sequence[Probe]) -> list[Sign]:
    """All but keywords that are kept in no file; a probe of which a pattern can't be weakened is warranted by its keywords."""
    return [sign for number, probe in enumerate(probes) if not probe.may_be_in for sign in _signs(number, probe)]


def runnable(some: Iterable[Sign], probes: Sequence[Probe]) -> list[Sign]:
    """Keywords in the place of those that no automaton can run, which takes a while to find out."""
    return [
        one
        for sign in some
        for one in ([sign] if automaton.can_run(sign.weak) else _literals(sign.probe, probes[sign.probe]))
    ]


def _signs(number: int, probe: Probe) -> list[Sign]:
    if not probe.signs:
        return list(_literals(number, probe))
    try:
        return [Sign(number, weakened(sign), sign if probe.near else None) for sign in probe.signs]
    except ValueError:
        return list(_literals(number, probe))


def _literals(number: int, probe: Probe) -> Iterator[Sign]:
    for word in probe.keywords:
        yield Sign(number, Weakened("".join(f"\\x{byte:02x}" for byte in word.encode()), True))
