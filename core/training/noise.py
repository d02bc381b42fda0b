"""The gradient noise scale: how many tokens a step should average over before more of them stop helping.

McCandlish et al. 2018, An Empirical Model of Large-Batch Training, appendix A.1, for micro-batches of unequal size weighted by their tokens. With g_i the mean
gradient of a micro-batch of n_i tokens and g that of the whole step of N,

    E|g_i|² = |G|² + S/n_i      E|g|² = |G|² + S/N      so  S = (mean |g_i|² − |g|²) / (mean 1/n_i − 1/N),  |G|² = |g|² − S/N

and the scale is S/|G|². Both estimates are unbiased and their ratio is not, so it is taken over running sums, never averaged itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Noise:
    """The running sums over the steps so far; they belong to a checkpoint."""

    spread: float = 0.0
    signal: float = 0.0

    def add(self, micro_squares: Sequence[float], micro_tokens: Sequence[int], square: float) -> None:
        """One step: |g_i|² and n_i of every micro-batch, and |g|² of all together, before clipping."""
        if len(micro_tokens) < 2:
            return
        total = sum(micro_tokens)
        apart = sum(1 / tokens for tokens in micro_tokens) / len(micro_tokens) - 1 / total
        spread = (sum(micro_squares) / len(micro_squares) - square) / apart
        self.spread += spread
        self.signal += square - spread / total

    @property
    def scale(self) -> float | None:
        """In solution tokens; None while the sums can't tell noise from signal."""
        return self.spread / self.signal if self.spread > 0 and self.signal > 0 else None
