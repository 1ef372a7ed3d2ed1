"""A ratio is reached on the right side of its promise, with a margin or without."""

import pytest

from ratios import Ratio


@pytest.mark.parametrize(
    ("measured", "promised", "at_least", "margin", "reached"),
    [
        (24, 24, True, 1, True),
        (23.9, 24, True, 1, False),
        (19.3, 24, True, 0.8, True),
        (19.1, 24, True, 0.8, False),
        (1.5, 1.5, False, 1, True),
        (1.6, 1.5, False, 1, False),
        (1.8, 1.5, False, 0.8, True),
        (1.9, 1.5, False, 0.8, False),
    ],
)
def test_reached(measured: float, promised: float, at_least: bool, margin: float, reached: bool) -> None:
    ratio = Ratio("what", measured, promised, at_least=at_least)
    assert ratio.reached(margin) is reached
    assert ("FALLS SHORT" in ratio.line(margin)) is not reached
