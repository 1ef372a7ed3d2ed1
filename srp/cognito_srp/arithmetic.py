"""base**exponent mod N for secret exponents: by OpenSSL, else gmpy2, else int, chosen once and tested before use."""

from __future__ import annotations

import hashlib
import warnings
from _thread import allocate_lock
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Final, Literal

from .encoding import wrong_type
from .errors import UsageError
from .fixed_base import EXPONENT_BYTES, BlindedFixedBase, FixedBase, shared, shared_blinded
from .group import G, K, N

Name = Literal["openssl", "gmpy2", "int"]
"""The three ways to exponentiate, see `Arithmetic`."""

PREFERENCE: Final[tuple[Name, ...]] = ("openssl", "gmpy2", "int")
"""The fastest constant-time exponentiation first; int, which is not constant time, last."""

MAX_EXPONENT_BITS: Final = 1024
"""Longest exponent taken: a + u x has 513 bits; some clients draw an a of 1024."""

_TEST_EXPONENT: Final = N >> 2976
_TEST_DIGEST: Final = "6f47d3b667c365c60e2748e951d41d783f0dfca54e1031210746e9fceb498591"

# The lock of the _thread module, because importing threading would add 1 ms to every cold start.
_loading = allocate_lock()


class Arithmetic:
    """One way to compute base**exponent mod N, with a table of powers of g once it is warm.

    Made by `load_arithmetic` or `warm`, and handed to sessions, which use the preferred one without.

    name: "openssl" (constant time, through cryptography's Diffie-Hellman), "gmpy2" (constant time, powmod_sec) or
        "int" (Python's own pow, whose time depends on the exponent).
    constant_time: whether the time taken is independent of base and exponent.
    """

    __slots__ = ("_blinded", "_power", "_table", "constant_time", "name")

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

    def __repr__(self) -> str:
        # A debugger or a traceback may show one whose __init__ has raised.
        name, constant_time = getattr(self, "name", None), getattr(self, "constant_time", None)
        table, blinded = (getattr(self, field, None) is not None for field in ("_table", "_blinded"))
        return f"Arithmetic({name}, constant_time={constant_time}, table={table}, blinded={blinded})"

    def power(self, base: int, exponent: int) -> int:
        """base**exponent mod N, with 2 <= base <= N - 2 and 1 <= exponent < 2**1024.

        The powers of 0, 1 and N - 1 could be guessed. Raises UsageError outside these ranges.
        """
        if not 2 <= base <= N - 2:
            raise UsageError("base", "range", "must be between 2 and N - 2")
        _check(exponent)
        return self._power(base, exponent)

    def generator_power(self, exponent: int) -> int:
        """g**exponent mod N for an exponent that is used once, or that no dictionary holds.

        exponent: as for `power`. Below 2**256 the table serves it, once there is one.
        """
        _check(exponent)
        if self._table is None or exponent.bit_length() > 8 * EXPONENT_BYTES:
            return self._power(G, exponent)
        return self._table.power(exponent)

    def password_power(self, exponent: int) -> int:
        """g**exponent mod N for the x of a human password: never by the plain table. See `blinded`."""
        _check(exponent)
        if self._blinded is None or exponent.bit_length() > 8 * EXPONENT_BYTES:
            return self._power(G, exponent)
        return self._blinded.power(exponent)

    def warm(self) -> None:
        """Make the table of powers of g. Does nothing without gmpy2, and for "int", which is plain Python.

        Raises UsageError when the table and this arithmetic disagree.
        """
        if self._table is not None or self.name == "int":
            return
        try:
            table = shared()
        except ImportError:
            return
        if table.power(_TEST_EXPONENT) != self._power(G, _TEST_EXPONENT):
            raise UsageError("arithmetic", "unavailable", f"{self.name} and gmpy2's table disagree")
        self._table = table

    def blinded(self) -> Arithmetic:
        """This arithmetic, with blinded walks over a table for g**x of human passwords: 0.3 ms less a sign-in.

        What it gives up: it still takes constant time, but which entries of the table are read depends on x and on
        fresh random numbers. Observing many sign-ins in the processor's caches gains nothing; observing a single one
        completely, entry by entry, reveals x, and with x a weak password can be found in a dictionary. So it is for
        a machine that runs nobody else's code, and sessions use it only when it is handed to them.

        Raises UsageError without gmpy2, and for "int".
        """
        self.warm()
        if self._table is None:
            raise UsageError("arithmetic", "unavailable", f"{self.name} has no table here")
        arithmetic = Arithmetic(self.name, self._power, constant_time=self.constant_time, blinded=shared_blinded())
        arithmetic.warm()
        return arithmetic


def _check(exponent: int) -> None:
    if exponent < 1 or exponent.bit_length() > MAX_EXPONENT_BITS:
        raise UsageError("exponent", "range", f"must be between 1 and 2**{MAX_EXPONENT_BITS} - 1")


def load(name: Name) -> Arithmetic:
    """The arithmetic of that name, "openssl", "gmpy2" or "int": imported, and tested against a known answer.

    Raises UsageError for another name, when the package is not installed, and when it computes a wrong number.
    """
    if name not in PREFERENCE:
        raise UsageError("arithmetic", "range", f"must be one of {', '.join(PREFERENCE)}")
    return _loaded(name)


@cache
def _loaded(name: Name) -> Arithmetic:
    try:
        # Warnings are silenced for the whole process, not for a thread: two threads at once could leave them silenced.
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
    """The first arithmetic of PREFERENCE that is installed and passes its self-test."""
    for name in PREFERENCE[:-1]:
        try:
            return load(name)
        except UsageError:
            continue
    return load(PREFERENCE[-1])


def chosen(arithmetic: Arithmetic | None) -> Arithmetic:
    """The caller's arithmetic, or the preferred one for None. Raises UsageError for anything else."""
    if arithmetic is None:
        return preferred()
    if not isinstance(arithmetic, Arithmetic):
        raise wrong_type("arithmetic", arithmetic, "an Arithmetic, as load_arithmetic returns it")
    return arithmetic


def warm() -> Arithmetic:
    """Make the table of powers of g that all later sign-ins of this process use, and return their arithmetic.

    Takes 0.1 s, most of it to import gmpy2, and 3.5 MB; each sign-in then takes 0.5 ms less. Without it there is no
    table: a program that signs in once is faster without. Call it when a server or worker process starts, before
    an event loop runs; a second call does nothing. The answer's repr tells what sign-ins run on.
    """
    arithmetic = preferred()
    arithmetic.warm()
    return arithmetic


def _openssl() -> Arithmetic:
    """Diffie-Hellman's shared secret, peer_public**private mod p, is the exponentiation needed here.

    OpenSSL computes it in constant time. cryptography deprecates the names and plans to move them, so both modules
    are tried; they are looked up once, because each look-up warns again.
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
        # gmpy2 lets other threads run only when the context of this thread says so.
        with context(allow_release_gil=True):
            return int(powmod_sec(base, exponent, modulus))

    return Arithmetic("gmpy2", power, constant_time=True)


def _int() -> Arithmetic:
    return Arithmetic("int", lambda base, exponent: pow(base, exponent, N), constant_time=False)


_LOADERS: Final[dict[Name, Callable[[], Arithmetic]]] = {"openssl": _openssl, "gmpy2": _gmpy2, "int": _int}
