"""Sign-ins by two worker processes against one."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import peers
from cognito_srp import warm

CHUNK = 16


def rate(workers: int, sign_ins: int) -> float:
    """Sign-ins a second, from the first results on: the start of the processes is left out."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=warm) as processes:
        results = processes.map(peers.sign_in, range(sign_ins), chunksize=CHUNK)
        moments = [time.perf_counter() for _ in results]
    return (sign_ins - CHUNK) / (moments[-1] - moments[0])


def speedup(sign_ins: int, rounds: int) -> float:
    """The best rate of two over the best rate of one, measured in turn."""
    rates = [(rate(1, sign_ins), rate(2, sign_ins)) for _ in range(rounds)]
    return max(two for _, two in rates) / max(one for one, _ in rates)
