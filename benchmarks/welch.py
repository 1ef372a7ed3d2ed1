"""Welch's t between two samples of times, as dudect uses it: slow outliers are cropped at several percentiles.

Reparaz, Balasch, Verbauwhede: Dude, is my code constant time? (DATE 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import copysign, inf, sqrt
from statistics import fmean, variance

THRESHOLD = 4.5
"""dudect's: beyond it two samples hardly come from one distribution."""

PERCENTILES = (50, 70, 90, 99)


@dataclass(frozen=True)
class Difference:
    """How far apart two samples are.

    mean: the difference of the means, and error: its standard error, both in the unit of the samples.
    """

    mean: float
    error: float

    @property
    def t(self) -> float:
        """Welch's t: the difference of the means in standard errors."""
        return self.mean / self.error if self.error else copysign(inf, self.mean) if self.mean else 0.0


def difference(first: Sequence[float], second: Sequence[float]) -> Difference:
    """Welch's t of two samples of at least two values each."""
    mean = fmean(first) - fmean(second)
    error = sqrt(variance(first) / len(first) + variance(second) / len(second))
    return Difference(mean, error)


def cropped_differences(first: Sequence[float], second: Sequence[float]) -> list[Difference]:
    """The difference below each of PERCENTILES of all the times.

    A crop that leaves next to nothing of one sample has separated the two, and counts as an infinite t.
    """
    everything = sorted([*first, *second])
    differences = []
    for percentile in PERCENTILES:
        limit = everything[len(everything) * percentile // 100]
        below = [[time for time in sample if time <= limit] for sample in (first, second)]
        if min(map(len, below)) < len(everything) // 100 + 2:
            differences.append(Difference(fmean(first) - fmean(second), 0.0))
        else:
            differences.append(difference(*below))
    return differences


def leak(differences: Sequence[Difference], tolerance: float = 0.0) -> Difference | None:
    """The clearest difference beyond THRESHOLD and beyond `tolerance` in the means, or None."""
    found = [d for d in differences if abs(d.t) > THRESHOLD and abs(d.mean) > tolerance]
    return max(found, key=lambda d: abs(d.t), default=None)
