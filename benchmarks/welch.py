"""Welch's t between two samples of times, as dudect uses it: slow outliers are cropped at several percentiles.

Reparaz, Balasch, Verbauwhede: Dude, is my code constant time? (DATE 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt
from statistics import fmean, variance

THRESHOLD = 4.5
"""dudect's: beyond it two samples hardly come from one distribution."""

PERCENTILES = (50, 70, 90, 99)


@dataclass(frozen=True)
class Difference:
    """How far apart two samples are.

    t: Welch's t, the difference of the means in standard errors; mean: that difference in the unit of the samples.
    """

    t: float
    mean: float


def difference(first: Sequence[float], second: Sequence[float]) -> Difference:
    """Welch's t of two samples of at least two values each."""
    mean = fmean(first) - fmean(second)
    error = sqrt(variance(first) / len(first) + variance(second) / len(second))
    return Difference(mean / error if error else (inf if mean > 0 else -inf) if mean else 0.0, mean)


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
            mean = fmean(first) - fmean(second)
            differences.append(Difference(inf if mean > 0 else -inf, mean))
        else:
            differences.append(difference(*below))
    return differences


def leak(first: Sequence[float], second: Sequence[float], tolerance: float = 0.0) -> Difference | None:
    """The clearest difference beyond THRESHOLD and beyond `tolerance` in the means, or None."""
    found = [d for d in cropped_differences(first, second) if abs(d.t) > THRESHOLD and abs(d.mean) > tolerance]
    return max(found, key=lambda d: abs(d.t), default=None)
