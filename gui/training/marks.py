"""Which runs are laid over the one that is looked at, and the colour that each keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

INKS, COLOURS = (5, 2, 3, 4), 6  # grey first, as what is past; blue and orange are those of the run that is looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Runs by number, the newest mark last; `series` of every run that was ever marked, so that it comes back in its colour.

    `chosen`: by the person, and not for them.
    """

    runs: tuple[int, ...] = ()
    series: Mapping[int, int] = field(default_factory=dict)
    chosen: bool = True

    @classmethod
    def before(cls, run: int, known: tuple[int, ...]) -> "Marks":
        """Until the person marks one, the run that was made before this is laid over it."""
        earlier = [one for one in known if one < run]
        return cls(runs=(max(earlier),), series={max(earlier): INKS[0]}, chosen=False) if earlier else cls(chosen=False)

    def turned(self, run: int) -> "Marks":
        """Marked, or no longer."""
        if run in self.runs:
            return Marks(runs=tuple(one for one in self.runs if one != run), series=self.series)
        return Marks(runs=(*self.runs, run), series={**self.series, run: self._free(run)})

    def cleared(self) -> "Marks":
        return Marks(series=self.series)

    def _free(self, run: int) -> int:
        """Its own, unless another took it meanwhile; else one that no run has had, as long as there are colours."""
        shown = {self.series[one] for one in self.runs}
        if self.series.get(run, -1) not in {-1, *shown}:
            return self.series[run]
        known = set(self.series.values())
        unused = next((number for number in INKS if number not in known), None)
        return unused if unused is not None else next(number for number in _numbers() if number not in shown)


def _numbers() -> "map[int]":
    """Series in the order of use; behind the last colour they begin again, in another shape."""
    return map(lambda number: INKS[number % len(INKS)] + COLOURS * (number // len(INKS)), count())
