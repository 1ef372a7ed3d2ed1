"""base**exponent mod N for secret exponents: OpenSSL, else gmpy2, else int, chosen once and tested before use."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Final, Literal

from .errors import UsageError
from .group import G, K, N

Name = Literal["openssl", "gmpy2", "int"]

PREFERENCE: Final[tuple[Name, ...]] = ("openssl", "gmpy2", "int")
"""Fastest constant-time exponentiation first; int, which is not constant time, last."""

MAX_EXPONENT_BITS: Final = 1024
"""Longest exponent taken: a + u x has 513 bits; some clients draw an a of 1024."""

_TEST_EXPONENT: Final = N >> 2816
_TEST_DIGEST: Final = "81a599924bafcd03e6e2186a832dc063f3a70302aff1f1e62bbd2add330aae65"


class Arithmetic:
    """One way to compute base**exponent mod N.

    name: "openssl" (constant time, through cryptography's Diffie-Hellman), "gmpy2" (constant time, powmod_sec) or
        "int" (Python's own pow: its time tells about the exponent).
    constant_time: whether the time taken is independent of base and exponent.
    """

    __slots__ = ("_power", "constant_time", "name")

    def __init__(self, name: Name, power: Callable[[int, int], int], *, constant_time: bool) -> None:
        self.name: Final = name
        self.constant_time: Final = constant_time
        self._power: Final = power

    def __repr__(self) -> str:
        return f"Arithmetic({self.name}, constant_time={self.constant_time})"

    def power(self, base: int, exponent: int) -> int:
        """base**exponent mod N, with 2 <= base <= N - 2 and 1 <= exponent < 2**1024.

        The bases 0, 1 and N - 1 span no group worth a secret. Raises UsageError outside these ranges.
        """
        if not 2 <= base <= N - 2:
            raise UsageError("base", "range", "is not between 2 and N - 2")
        if exponent < 1 or exponent.bit_length() > MAX_EXPONENT_BITS:
            raise UsageError("exponent", "range", f"is not between 1 and 2**{MAX_EXPONENT_BITS} - 1")
        return self._power(base, exponent)

    def generator_power(self, exponent: int) -> int:
        """g**exponent mod N, for an exponent like that of `power`."""
        return self.power(G, exponent)


@cache
def load(name: Name) -> Arithmetic:
    """The arithmetic of that name, imported and tested against a known answer.

    Raises UsageError when its package is missing, or when it computes a wrong number.
    """
    if name not in _LOADERS:
        raise UsageError("arithmetic", "range", f"must be one of {', '.join(PREFERENCE)}")
    try:
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

    Imports and tests the preferred arithmetic. May be called at any time, any number of times.
    """
    return preferred()


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
    from gmpy2 import mpz, powmod_sec

    modulus = mpz(N)

    def power(base: int, exponent: int) -> int:
        return int(powmod_sec(mpz(base), mpz(exponent), modulus))

    return Arithmetic("gmpy2", power, constant_time=True)


def _int() -> Arithmetic:
    return Arithmetic("int", lambda base, exponent: pow(base, exponent, N), constant_time=False)


_LOADERS: Final[dict[Name, Callable[[], Arithmetic]]] = {"openssl": _openssl, "gmpy2": _gmpy2, "int": _int}
