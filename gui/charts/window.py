"""The stretch of steps that a plot shows: all of them, or what was zoomed and moved to."""

from dataclasses import dataclass

CLOSEST = 4.0  # steps; nothing is to be seen between two of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Both ends lie within the whole, which goes from `least` to `most`."""

    low: float
    high: float
    least: float
    most: float

    @classmethod
    def of_all(cls, least: float, most: float) -> "Window":
        return cls(low=least, high=most, least=least, most=most)

    @property
    def whole(self) -> bool:
        return self.low <= self.least and self.high >= self.most

    @property
    def width(self) -> float:
        return self.high - self.low

    def zoomed(self, factor: float, at: float) -> "Window":
        """Wider by the factor, or narrower; the step `at` keeps its place."""
        width = min(max(self.width * factor, CLOSEST), self.most - self.least)
        share = (at - self.low) / self.width if self.width else 0.5
        return self._from(at - share * width, width)

    def moved(self, steps: float) -> "Window":
        return self._from(self.low + steps, self.width)

    def _from(self, low: float, width: float) -> "Window":
        low = min(max(low, self.least), max(self.most - width, self.least))
        return Window(low=low, high=min(low + width, self.most), least=self.least, most=self.most)
