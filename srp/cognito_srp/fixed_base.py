"""g**exponent mod N from a table of powers of g: one multiplication for each byte of the longest exponent."""

from __future__ import annotations

import os
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from .group import G, N

if TYPE_CHECKING:
    from gmpy2 import mpz

EXPONENT_BYTES: Final = 32
"""The shared table serves exponents below 2**256: every a, b and x that this engine draws or hashes."""

_BLIND_BYTES: Final = 40


class FixedBase:
    """A table T of powers of g, by gmpy2: a row for each byte of the exponent, an entry for each value of that byte.

    T[i][d] = g**(d 256**i + c[i]) mod N, with fixed offsets c[i] that add up to 0. Without them the entry of a zero
    byte would be the number 1, and the time would tell how many zero bytes an exponent has.

    count: the number of bytes that an exponent may have. 32 of them take 3.5 MB, and about 30 ms to compute.
    """

    __slots__ = ("_modulus", "_rows", "count")

    def __init__(self, count: int) -> None:
        from gmpy2 import mpz, powmod

        self.count: Final = count
        self._modulus = modulus = mpz(N)
        offsets = [int.from_bytes(sha256(b"row %d" % i).digest()[:4], "big") for i in range(1, count)]
        offsets.insert(0, -sum(offsets))
        step = mpz(G)
        rows: list[list[mpz]] = []
        for offset in offsets:
            entry = powmod(G, offset, modulus)
            row: list[mpz] = []
            for _ in range(256):
                row.append(entry)
                entry = entry * step % modulus
            rows.append(row)
            step = powmod(step, 256, modulus)
        self._rows = tuple(rows)

    def power(self, exponent: int) -> int:
        """g**exponent mod N, for 0 <= exponent < 256**count, always by the same number of multiplications.

        The time differs between exponents by less than one multiplication. Which entries were read can be observed
        in the processor's caches. Raises OverflowError for any other exponent.
        """
        return int(self.walk(exponent))

    def walk(self, exponent: int) -> mpz:
        """The same as an mpz, for a caller that goes on calculating with it."""
        modulus = self._modulus
        digits = exponent.to_bytes(self.count, "little")
        product = self._rows[0][digits[0]]
        for row, digit in zip(self._rows[1:], digits[1:], strict=True):
            product = product * row[digit] % modulus
        return product


@cache
def shared() -> FixedBase:
    """The table that the whole process shares. Raises ImportError without gmpy2."""
    return FixedBase(EXPONENT_BYTES)


class BlindedFixedBase:
    """g**x by two walks over one table, for 0 <= x < 2**256: g**r, and g**(x + 2**320 - r), for a fresh random r.

    Each of the two exponents by itself is random whatever x is, up to 2**-64, so the traces that many calls leave in
    caches and in time do not add up to x. Both walks of one call, observed entry by entry, do reveal x.
    """

    __slots__ = ("_table", "_unblind")

    def __init__(self) -> None:
        from gmpy2 import powmod

        self._table = FixedBase(_BLIND_BYTES + 1)
        self._unblind = powmod(G, -(1 << 8 * _BLIND_BYTES), N)

    def power(self, exponent: int) -> int:
        """g**exponent mod N, for 0 <= exponent < 2**256."""
        blind = int.from_bytes(os.urandom(_BLIND_BYTES), "big")
        rest = exponent + (1 << 8 * _BLIND_BYTES) - blind
        return int(self._table.walk(blind) * self._table.walk(rest) % N * self._unblind % N)


@cache
def shared_blinded() -> BlindedFixedBase:
    """The blinded table that the whole process shares: another 4.5 MB. Raises ImportError without gmpy2."""
    return BlindedFixedBase()
