"""Sign-ins by two worker processes against one."""

from __future__ import annotations

import time

import peers
from cognito_srp import batch


def rate(workers: int, sign_ins: int) -> float:
    """Sign-ins a second, from the first result on: the start of the processes is left out."""
    moments: list[float] = []
    batch.run(peers.sign_in, range(sign_ins), workers=workers, progress=lambda _: moments.append(time.perf_counter()))
    return (sign_ins - 16) / (moments[-1] - moments[0])


def speedup(sign_ins: int, rounds: int) -> float:
    """The best rate of two over the best rate of one, measured in turn."""
    rates = [(rate(1, sign_ins), rate(2, sign_ins)) for _ in range(rounds)]
    return max(two for _, two in rates) / max(one for one, _ in rates)
