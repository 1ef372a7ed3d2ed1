"""base**exponent mod N for secret exponents: OpenSSL, else gmpy2, else int, chosen once and tested before use."""

from __future__ import annotations

import hashlib
import sys
import warnings
from _thread import allocate_lock
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Final, Literal

from .errors import UsageError
from .fixed_base import EXPONENT_BYTES, BlindedFixedBase, FixedBase, shared, shared_blinded
from .group import G, K, N

Name = Literal["openssl", "gmpy2", "int"]

PREFERENCE: Final[tuple[Name, ...]] = ("openssl", "gmpy2", "int")
"""Fastest constant-time exponentiation first; int, which is not constant time, last."""

MAX_EXPONENT_BITS: Final = 1024
"""Longest exponent taken: a + u x has 513 bits; some clients draw an a of 1024."""

SUSTAINED_USE: Final = 50
"""So many powers of g without a table, and the table would have paid for itself."""

_TEST_EXPONENT: Final = N >> 2976
_TEST_DIGEST: Final = "6f47d3b667c365c60e2748e951d41d783f0dfca54e1031210746e9fceb498591"

# threading itself would take 1 ms of every cold start.
_building = allocate_lock()
_loading = allocate_lock()


class Arithmetic:
    """One way to compute base**exponent mod N, with a table of powers of g once it is warm.

    name: "openssl" (constant time, through cryptography's Diffie-Hellman), "gmpy2" (constant time, powmod_sec) or
        "int" (Python's own pow: its time tells about the exponent).
    constant_time: whether the time taken is independent of base and exponent.
    """

    __slots__ = ("_blinded", "_power", "_table", "_tableless", "_uses", "constant_time", "name")

    def __init__(
        self,
        name: Name,
        power: Callable[[int, int], int],
        *,
        constant_time: bool,
        blinded: BlindedFixedBase | None = None,
    ) -> None:
        self.name: Final = name
        self.constant_time: Final = constant_time
        self._power: Final = power
        self._blinded: Final = blinded
        self._table: FixedBase | None = None
        # "int" means plain Python; for the others gmpy2 may turn out to be missing.
        self._tableless = name == "int"
        self._uses = 0

    def __repr__(self) -> str:
        table, blinded = self._table is not None, self._blinded is not None
        return f"Arithmetic({self.name}, constant_time={self.constant_time}, table={table}, blinded={blinded})"

    def power(self, base: int, exponent: int) -> int:
        """base**exponent mod N, with 2 <= base <= N - 2 and 1 <= exponent < 2**1024.

        The bases 0, 1 and N - 1 span no group worth a secret. Raises UsageError outside these ranges.
        """
        if not 2 <= base <= N - 2:
            raise UsageError("base", "range", "is not between 2 and N - 2")
        _check(exponent)
        return self._power(base, exponent)

    def generator_power(self, exponent: int) -> int:
        """g**exponent mod N for an exponent that is drawn for one use, or stands in no dictionary.

        exponent: like that of `power`. Below 2**256 it is taken from the table, when there is one.
        """
        _check(exponent)
        table = self._table or self._count_use()
        if table is None or exponent.bit_length() > 8 * EXPONENT_BYTES:
            return self._power(G, exponent)
        return table.power(exponent)

    def password_power(self, exponent: int) -> int:
        """g**exponent mod N for the x of a human password: never from the plain table. See `blinded`."""
        _check(exponent)
        if self._blinded is None or exponent.bit_length() > 8 * EXPONENT_BYTES:
            return self._power(G, exponent)
        return self._blinded.power(exponent)

    def warm(self) -> None:
        """Make the table of powers of g. Without gmpy2, and for "int", which is plain Python, there is none."""
        if self._table is None and not self._tableless:
            try:
                table = shared()
            except ImportError:
                self._tableless = True
                return
            if table.power(_TEST_EXPONENT) != self._power(G, _TEST_EXPONENT):
                self._tableless = True
                raise UsageError("arithmetic", "unavailable", f"{self.name} and gmpy2's table disagree")
            self._table = table

    def blinded(self) -> Arithmetic:
        """This arithmetic, with blinded walks over a table for g**x of human passwords: 0.3 ms less a sign-in.

        What it gives up: constant time holds, but the table's entries are read at places that depend on x and on
        fresh random numbers. Many sign-ins seen in the processor's caches do not add up; a single one that is seen
        whole, entry by entry, gives x away, and x finds a weak password in a dictionary. So it is for a machine that
        runs nobody else's code, and sessions take it only when it is handed to them.

        Raises UsageError without gmpy2, and for "int".
        """
        self.warm()
        if self._table is None:
            raise UsageError("arithmetic", "unavailable", f"{self.name} has no table here")
        arithmetic = Arithmetic(self.name, self._power, constant_time=self.constant_time, blinded=shared_blinded())
        arithmetic.warm()
        return arithmetic

    def _count_use(self) -> FixedBase | None:
        """The table after SUSTAINED_USE calls, unless an event loop would have to wait for it."""
        self._uses += 1
        # Event loops set these hooks (PEP 525) in their own thread, and only while they run.
        in_event_loop = sys.get_asyncgen_hooks().firstiter is not None
        if self._tableless or self._uses < SUSTAINED_USE or in_event_loop:
            return None
        # Whoever comes while another thread builds goes on without.
        if _building.acquire(blocking=False):
            try:
                self.warm()
            except UsageError:
                return None
            finally:
                _building.release()
        return self._table


def _check(exponent: int) -> None:
    if exponent < 1 or exponent.bit_length() > MAX_EXPONENT_BITS:
        raise UsageError("exponent", "range", f"is not between 1 and 2**{MAX_EXPONENT_BITS} - 1")


@cache
def load(name: Name) -> Arithmetic:
    """The arithmetic of that name, imported and tested against a known answer.

    Raises UsageError when its package is missing, or when it computes a wrong number.
    """
    if name not in _LOADERS:
        raise UsageError("arithmetic", "range", f"must be one of {', '.join(PREFERENCE)}")
    try:
        # Warnings are silenced for the whole process, not for a thread: two at once would leave them so.
        with _loading:
            arithmetic = _LOADERS[name]()
        answer = arithmetic.power(K, _TEST_EXPONENT)
    except (ImportError, AttributeError):
        raise UsageError("arithmetic", "unavailable", f"{name} cannot be imported here") from None
    if hashlib.sha256(answer.to_bytes(384, "big")).hexdigest() != _TEST_DIGEST:
        raise UsageError("arithmetic", "unavailable", f"{name} fails its self-test")
    return arithmetic


@cache
def preferred() -> Arithmetic:
    """The first arithmetic of PREFERENCE that is there and passes its self-test."""
    for name in PREFERENCE[:-1]:
        try:
            return load(name)
        except UsageError:
            continue
    return load(PREFERENCE[-1])


def warm() -> Arithmetic:
    """Do now what the first sign-in would wait for, and return the arithmetic that sign-ins use.

    Imports and tests the preferred arithmetic, and makes its table of powers of g with gmpy2: 0.1 s and 3.5 MB, for
    which each sign-in takes 0.5 ms less. May be called at any time, any number of times; the table is otherwise made
    after 50 uses, but never in a thread that runs an event loop. The answer's repr says what sign-ins run on.
    """
    arithmetic = preferred()
    arithmetic.warm()
    return arithmetic


def _openssl() -> Arithmetic:
    """Diffie-Hellman's shared secret, peer_public**private mod p, is the exponentiation wanted here.

    OpenSSL keeps it constant in time. cryptography deprecates the names and means to move them, so both homes are
    tried; they are taken out of the module once, because each look-up would warn anew.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            dh = import_module("cryptography.hazmat.primitives.asymmetric.dh")
            private_numbers, public_numbers = dh.DHPrivateNumbers, dh.DHPublicNumbers
        except (ImportError, AttributeError):
            dh = import_module("cryptography.hazmat.decrepit.asymmetric.dh")
            private_numbers, public_numbers = dh.DHPrivateNumbers, dh.DHPublicNumbers
        parameters = dh.DHParameterNumbers(N, G)
    generator = public_numbers(G, parameters)

    def power(base: int, exponent: int) -> int:
        private = private_numbers(exponent, generator).private_key()
        return int.from_bytes(private.exchange(public_numbers(base, parameters).public_key()), "big")

    return Arithmetic("openssl", power, constant_time=True)


def _gmpy2() -> Arithmetic:
    from gmpy2 import context, mpz, powmod_sec

    modulus = mpz(N)

    def power(base: int, exponent: int) -> int:
        # gmpy2 lets other threads run only where the thread's context says so.
        with context(allow_release_gil=True):
            return int(powmod_sec(base, exponent, modulus))

    return Arithmetic("gmpy2", power, constant_time=True)


def _int() -> Arithmetic:
    return Arithmetic("int", lambda base, exponent: pow(base, exponent, N), constant_time=False)


_LOADERS: Final[dict[Name, Callable[[], Arithmetic]]] = {"openssl": _openssl, "gmpy2": _gmpy2, "int": _int}
