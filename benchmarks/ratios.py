"""Every ratio that the project promises, measured in one run.

    python benchmarks/ratios.py            all of them, at length; draws ratios.svg
    python benchmarks/ratios.py --check    those that a busy machine still shows, with a margin and several tries

Each line says what was measured, what is promised and whether it was reached. The exit status is 1 when one was not.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import chart
import cold
import machine
import memory
import node
import peers
import pools
import processes
import timing

CHECK_MARGIN = 0.8
"""What --check asks of each ratio, as a share of the promise: room for neighbours on the machine."""

CHECK_TRIES = 5

FLAT = 1 << 20
"""Bytes that 100,000 sign-ins may add: less than 11 for each."""


@dataclass(frozen=True)
class Ratio:
    """One promise. at_least says on which side of the promise the measured number has to be."""

    what: str
    measured: float
    promised: float
    unit: str = "x"
    at_least: bool = True

    def reached(self, margin: float = 1.0) -> bool:
        if self.at_least:
            return self.measured >= self.promised * margin
        return self.measured <= self.promised / margin

    def line(self, margin: float = 1.0) -> str:
        mark = "" if self.reached(margin) else "   FALLS SHORT"
        side = "at least" if self.at_least else "at most"
        return f"{self.what:64}{self.measured:9.2f}{self.unit:3}  {side:9}{self.promised:6.2f}{self.unit}{mark}"


class Steps(NamedTuple):
    """Seconds for drawing a and computing A, and from the challenge to the signature."""

    first: float
    second: float

    @property
    def both(self) -> float:
        return self.first + self.second


ENGINES = (
    peers.default,
    peers.blinded,
    peers.without_openssl,
    peers.blinded_without_openssl,
    peers.pycognito,
    peers.pysrp,
)


def maths(rounds: int) -> tuple[list[Ratio], dict[str, Steps]]:
    """The ratios of sign-ins, and the steps of every engine by its name."""
    contestants = {"floor": timing.Contestant(lambda _: peers.floor())}
    engines = [make() for make in ENGINES]
    for engine in engines:
        contestants[f"{engine.name} 1"] = timing.Contestant(lambda _, e=engine: e.begin())
        contestants[f"{engine.name} 2"] = timing.Contestant(engine.prove, engine.begin)
    best = timing.minima(contestants, rounds)
    steps = {engine.name: Steps(best[f"{engine.name} 1"], best[f"{engine.name} 2"]) for engine in engines}
    ours, blinded, _, blinded_without_openssl, pycognito, pysrp = steps.values()
    ratios = [
        Ratio("both steps, default, against pycognito", pycognito.both / ours.both, 24),
        Ratio("both steps, blinded table, against pycognito", pycognito.both / blinded.both, 29),
        Ratio("both steps, blinded, no OpenSSL, against pycognito", pycognito.both / blinded_without_openssl.both, 17),
        Ratio("step 1, default, against pysrp's ctypes build", pysrp.first / ours.first, 5),
        Ratio("step 2, default, against pysrp's ctypes build", pysrp.second / ours.second, 1.25),
        Ratio("step 2, blinded table, against the floor", blinded.second / best["floor"], 1.25, at_least=False),
        Ratio("step 2, default, against the floor", ours.second / best["floor"], 1.5, at_least=False),
    ]
    return ratios, steps


def device_verifiers(rounds: int) -> Ratio:
    best = timing.minima(
        {
            "ours": timing.Contestant(lambda _: peers.register_device()),
            "pycognito": timing.Contestant(lambda _: peers.pycognito_registers_device()),
        },
        rounds,
    )
    return Ratio("device verifier against pycognito", best["pycognito"] / best["ours"], 40)


def cold_starts(rounds: int) -> tuple[list[Ratio], dict[str, float]]:
    best = cold.minima(rounds)
    ratios = [
        Ratio("cold process to a signature, against pycognito's", best["pycognito"] / best["ours"], 8),
        Ratio("cold process over a bare one", (best["ours"] - best["bare"]) * 1000, 30, " ms", at_least=False),
    ]
    return ratios, best


def two_processes(sign_ins: int, rounds: int) -> list[Ratio]:
    if (os.cpu_count() or 1) < 2:
        print("two processes are not compared: there is one processor")
        return []
    return [Ratio("two processes against one", processes.speedup(sign_ins, rounds), 1.85)]


def pool(sign_ins: int) -> Ratio:
    ours, theirs = pools.rates(sign_ins)
    return Ratio(f"pool: sign-ins a second, {ours:.0f} against ministack's {theirs:.1f}", ours / theirs, 15)


def flat_snapshot(sign_ins: int) -> Ratio:
    grown = memory.growth(sign_ins) / FLAT
    return Ratio(f"memory that {sign_ins:,} sign-ins add after 1,000", grown, 1, " MB", at_least=False)


def report(ratios: Iterable[Ratio], margin: float = 1.0) -> list[str]:
    """Print a line for each, and return those that were not reached."""
    short = []
    for ratio in ratios:
        print(ratio.line(margin), flush=True)
        if not ratio.reached(margin):
            short.append(ratio.what)
    return short


def bench() -> int:
    print(machine.description())
    ratios, steps = maths(rounds=60)
    if reason := node.missing():
        print(f"  amazon-cognito-identity-js is not measured: {reason}")
    else:
        steps["amazon-cognito-identity-js"] = Steps(*node.steps(20))
    for name, step in steps.items():
        print(f"  {name:45} step 1 {step.first * 1000:7.3f} ms   step 2 {step.second * 1000:7.3f} ms")
    short = report([*ratios, device_verifiers(rounds=100)])
    ratios, starts = cold_starts(rounds=10)
    short += report(ratios)
    short += report(two_processes(1500, rounds=3))
    short += report([pool(100)])
    short += report([flat_snapshot(int(os.environ.get("COGNITO_SRP_MEMORY_SIGN_INS", "100000")))])
    drawing = Path(__file__).with_name("ratios.svg")
    drawing.write_text(chart.draw({name: step.both for name, step in steps.items()}, starts, machine.description()))
    print(f"drawn: {drawing.relative_to(Path.cwd())}" if drawing.is_relative_to(Path.cwd()) else f"drawn: {drawing}")
    print(f"falls short: {'; '.join(short)}" if short else "every ratio is reached")
    return 1 if short else 0


def check() -> int:
    """Each group is tried until it holds; a group that never does is what fails."""
    print(machine.description())
    print(f"Asked for here is {CHECK_MARGIN:.0%} of each promise.")
    groups: list[Callable[[], list[Ratio]]] = [
        lambda: maths(rounds=12)[0],
        lambda: [device_verifiers(rounds=20)],
        lambda: cold_starts(rounds=4)[0],
        lambda: two_processes(400, rounds=2),
        lambda: [pool(25)],
        lambda: [flat_snapshot(3000)],
    ]
    failed = []
    for group in groups:
        for number in range(1, CHECK_TRIES + 1):
            print(f"-- try {number}")
            short = report(group(), CHECK_MARGIN)
            if not short:
                break
        else:
            failed += short
    print(f"short of {CHECK_MARGIN:.0%}: {'; '.join(failed)}" if failed else f"every ratio within {CHECK_MARGIN:.0%}")
    return 1 if failed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="shorter, with margins and several tries")
    sys.exit(check() if parser.parse_args().check else bench())
