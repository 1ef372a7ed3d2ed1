"""Interleaved minima: what a busy machine adds falls on every contestant alike, and the minimum leaves it out."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

CALLS_A_ROUND = 5


class Contestant(NamedTuple):
    """call: what is timed. prepare: makes its argument, off the clock."""

    call: Callable[[Any], object]
    prepare: Callable[[], Any] = lambda: None


def minima(contestants: Mapping[str, Contestant], rounds: int) -> dict[str, float]:
    """The least seconds that one call of each takes, over so many rounds of CALLS_A_ROUND calls each."""
    best = dict.fromkeys(contestants, float("inf"))
    clock = time.perf_counter
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, (call, prepare) in contestants.items():
                for _ in range(CALLS_A_ROUND):
                    argument = prepare()
                    start = clock()
                    call(argument)
                    best[name] = min(best[name], clock() - start)
    finally:
        gc.enable()
    return best
