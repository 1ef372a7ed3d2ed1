"""Resident memory over many sign-ins in one process of its own.

python benchmarks/memory.py [SIGN_INS]     prints the bytes that were added after the first 1,000
"""

from __future__ import annotations

import subprocess
import sys

import psutil

import peers

WARM_UP = 1000


def growth(sign_ins: int) -> int:
    """Bytes that a fresh process grows by between the first 1,000 sign-ins and `sign_ins`."""
    program = [sys.executable, "-W", "ignore", __file__, str(sign_ins)]
    return int(subprocess.run(program, check=True, capture_output=True, text=True).stdout)


def main(sign_ins: int) -> None:
    process = psutil.Process()
    before = 0
    for number in range(sign_ins):
        if number == min(WARM_UP, sign_ins - 1):
            before = process.memory_info().rss
        peers.sign_in()
    print(process.memory_info().rss - before)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
