"""g**exponent mod N from a table of powers of g: one multiplication for each byte that an exponent may have."""

from __future__ import annotations

import os
from functools import cache
from hashlib import sha256
from operator import getitem
from typing import TYPE_CHECKING, Final

from .group import G, N

if TYPE_CHECKING:
    from gmpy2 import mpz

EXPONENT_BYTES: Final = 32
"""The table serves exponents below 2**256: every a, b and x of this engine's own."""

_BLIND_BYTES: Final = 40


class FixedBase:
    """A table T of powers of g, by gmpy2: a row for each byte of the exponent, an entry for each value of it.

    T[i][d] = g**(d 256**i + c[i]) mod N, with fixed offsets c[i] that add up to 0. Without them the entry of a zero
    byte would be the number 1, and time would tell how many of those an exponent has.

    count: the number of bytes that an exponent may have. 32 of them take 3.5 MB and about 30 ms to make.
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
        """g**exponent mod N, for 0 <= exponent < 256**count, by the same number of multiplications for each.

        Their times add up to the same, but for less than one of them. Which entries were read can be seen in the
        processor's caches.
        """
        return int(self.walk(exponent))

    def walk(self, exponent: int) -> mpz:
        """As `power`, for who goes on calculating."""
        modulus = self._modulus
        # Looked up before the first multiplication, the entries are fetched from memory side by side.
        product, *entries = map(getitem, self._rows, exponent.to_bytes(self.count, "little"))
        for entry in entries:
            product = product * entry % modulus
        return product


@cache
def shared() -> FixedBase:
    """The table that the whole process shares. Raises ImportError without gmpy2."""
    return FixedBase(EXPONENT_BYTES)


class BlindedFixedBase:
    """g**x by two walks over one table, for 0 <= x < 2**256: g**r, and g**(x + 2**320 - r), for a fresh random r.

    Either exponent by itself is random whatever x is, but for 2**-64, so what many walks leave in caches and in time
    does not add up to x. Both walks of one call, seen entry by entry, do give x away.
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
