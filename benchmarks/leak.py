"""Does time tell about the exponent? Fixed and unusual exponents against random ones, interleaved, by Welch's t.

    python benchmarks/leak.py

Each path is measured up to TRIES times. It holds when one try finds no difference: a leak is there in every one.
Two controls, whose times are known to tell, have to be caught in every try, or the test proves nothing. The exit
status is 1 when a path leaks or a control is missed.
"""

from __future__ import annotations

import gc
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from gmpy2 import invert, powmod

import welch
from cognito_srp.arithmetic import load
from cognito_srp.fixed_base import FixedBase, shared, shared_blinded
from cognito_srp.group import K, N

TRIES = 4

TABLE_TOLERANCE = 1000.0
"""Nanoseconds, less than half a multiplication. Where entries of the table lie in the caches, and which branches GMP
takes within its multiplications, makes up to 600 of difference between exponents; a single zero digit would 2,500."""

Draw = Callable[[], int]


def at_random(bits: int) -> Draw:
    return lambda: random.getrandbits(bits) | 1 << bits - 1


def one_at_random(bits: int) -> Draw:
    data = at_random(bits)().to_bytes(bits // 8, "big")
    # A new object each time, as the random ones are.
    return lambda: int.from_bytes(data, "big")


def one_of_zeros(bits: int) -> Draw:
    data = (1 << bits - 1 | 1).to_bytes(bits // 8, "big")
    return lambda: int.from_bytes(data, "big")


def of_zeros(bits: int) -> Draw:
    """The top bit, so that the length is that of the others, and a byte anywhere below it."""
    return lambda: 1 << bits - 1 | random.randrange(1, 256) << random.randrange(bits - 8)


CLASSES: dict[str, Callable[[int], Draw]] = {
    "one at random": one_at_random,
    "one of zeros": one_of_zeros,
    "all of zeros": of_zeros,
}
"""What is timed against exponents drawn at random."""


@dataclass(frozen=True)
class Path:
    """One way to raise to a secret exponent.

    bits: the exponent's length; samples: of each class in a try.
    tolerance: the difference of the means, in nanoseconds, that the path does not claim to hide.
    primed: each exponent is walked once before it is timed, so that every entry it needs lies in the caches.
    leaks: whether this is a control.
    """

    name: str
    power: Callable[[int], int]
    bits: int
    samples: int
    tolerance: float = 0.0
    primed: bool = False
    leaks: bool = False


class WithoutOffsets(FixedBase):
    """The textbook's table, in which the entry of a zero digit is 1: a control."""

    def __init__(self) -> None:
        super().__init__(32)
        self._rows = tuple([entry * invert(row[0], N) % N for entry in row] for row in self._rows)


def paths() -> list[Path]:
    by_openssl, by_gmpy2 = load("openssl"), load("gmpy2")
    return [
        Path("OpenSSL, power", lambda e: by_openssl.power(K, e), 512, 1500),
        Path("gmpy2, power", lambda e: by_gmpy2.power(K, e), 512, 1000),
        Path("blinded walk", shared_blinded().power, 256, 4000),
        Path("table walk", shared().power, 256, 4000, tolerance=TABLE_TOLERANCE, primed=True),
        Path("control: gmpy2.powmod", lambda e: powmod(K, e, N), 512, 500, leaks=True),
        Path(
            "control: table without offsets",
            WithoutOffsets().power,
            256,
            2000,
            tolerance=TABLE_TOLERANCE,
            primed=True,
            leaks=True,
        ),
    ]


def measure(path: Path, draw: Draw) -> list[welch.Difference]:
    """The differences between the exponents of `draw` and random ones, timed in random order."""
    random_ones = at_random(path.bits)
    times: tuple[list[int], list[int]] = ([], [])
    order = [0, 1] * path.samples
    random.shuffle(order)
    work = [(kind, random_ones() if kind else draw()) for kind in order]
    power, clock = path.power, time.perf_counter_ns
    gc.disable()
    try:
        for kind, exponent in work:
            if path.primed:
                power(exponent)
            start = clock()
            power(exponent)
            times[kind].append(clock() - start)
    finally:
        gc.enable()
    return welch.cropped_differences(*times)


def leaks(path: Path, name: str, kind: Callable[[int], Draw]) -> bool:
    """Whether every try finds a leak; a control is tried no further once it has been missed."""
    for number in range(1, TRIES + 1):
        differences = measure(path, kind(path.bits))
        found = welch.leak(differences, path.tolerance)
        seen = max(path.tolerance, min(d.error for d in differences) * welch.THRESHOLD)
        told = (
            f"none above {seen / 1000:.2f} us" if found is None else f"{found.mean / 1000:+.2f} us, t = {found.t:.1f}"
        )
        print(f"{path.name:32}{name:16}try {number}: {told}", flush=True)
        if found is None:
            return False
    return True


def main() -> int:
    wrong = []
    for path in paths():
        found = [name for name, kind in CLASSES.items() if leaks(path, name, kind)]
        if path.leaks and "all of zeros" not in found:
            wrong.append(f"{path.name} was not caught")
        if not path.leaks and found:
            wrong.append(f"{path.name} leaks: {', '.join(found)}")
    for line in wrong:
        print(line)
    print("time depends on an exponent, or the test could not see it" if wrong else "no path leaks; both controls do")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
