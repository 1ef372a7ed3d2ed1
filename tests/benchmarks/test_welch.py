"""The leak test's statistic: known values, and samples that do and do not differ."""

import random
from math import inf, sqrt

import pytest

import welch


def test_t_by_hand() -> None:
    """Means 3 and 5, variances 2.5 and 10, five values each: -2 / sqrt(0.5 + 2)."""
    found = welch.difference([1, 2, 3, 4, 5], [1, 3, 5, 7, 9])
    assert found.mean == -2
    assert found.t == pytest.approx(-2 / sqrt(2.5))


def test_constant_samples() -> None:
    assert welch.difference([4, 4], [4, 4]).t == 0
    assert welch.difference([4, 4], [5, 5]).t == -inf


def times(seed: int, shift: float) -> list[float]:
    """Like measured times: a steep start, and now and then an interruption."""
    draw = random.Random(seed)
    return [100 + shift + draw.expovariate(1) + (draw.random() < 0.02) * 5000 * draw.random() for _ in range(4000)]


def leak(shift: float, tolerance: float = 0.0) -> welch.Difference | None:
    return welch.leak(welch.cropped_differences(times(1, shift), times(2, 0)), tolerance)


def test_equal_samples_do_not_leak() -> None:
    assert leak(0) is None


def test_a_small_shift_leaks_although_interruptions_hide_it() -> None:
    assert abs(welch.difference(times(1, 0.3), times(2, 0)).t) < welch.THRESHOLD
    found = leak(0.3)
    assert found is not None
    assert found.t > welch.THRESHOLD


def test_a_shift_within_the_tolerance_is_no_leak() -> None:
    assert leak(0.3, tolerance=0.5) is None
    assert leak(0.9, tolerance=0.5) is not None


def test_samples_that_do_not_overlap_leak() -> None:
    found = leak(5000)
    assert found is not None
    assert found.t == inf
