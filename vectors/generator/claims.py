"""Claims of users and devices: numbers searched until exactly the wanted rare branches are taken, and no other."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from cognito_srp import formulas, timestamp
from cognito_srp.encoding import integer_bytes
from cognito_srp.group import G, K, N

from .drbg import draw, integer
from .flags import SHAPES

WIDTHS = {"A": 384, "B": 384, "S": 384, "U": 32, "X": 32, "Salt": 16}
NOW = 1_772_841_909
POOL_ID = "eu-central-1_Tv9Kq2LxB"
POOL_NAME = "Tv9Kq2LxB"
DEVICE_GROUP = "-Xk3mPqTz7"
CALDERA = b"Caldera Derived Key"


def shape(value: int, width: int) -> str | None:
    """The rare branch an integer of `width` bytes takes by its first two bytes; None for an ordinary one."""
    first, second = value >> 8 * (width - 1), value >> 8 * (width - 2) & 0xFF
    if first >= 0x80:
        return "TopBit"
    if first >= 0x10:
        return None
    if first:
        return "OddNibble"
    return "LeadingZeroTopBit" if second >= 0x80 else "LeadingZero"


def shapes(**quantities: int) -> set[str]:
    """The flags of several quantities: {"TopBitA", ...}."""
    found = ((shape(value, WIDTHS[name]), name) for name, value in quantities.items())
    return {f"{which}{name}" for which, name in found if which}


@dataclass
class Identity:
    """Whose claim: the group (pool name or device group key), the identity within it, and the password."""

    group: str
    identity: str
    password: str

    def inner(self) -> bytes:
        """SHA256(group | identity | ":" | password)."""
        return hashlib.sha256(f"{self.group}{self.identity}:{self.password}".encode()).digest()

    def x(self, salt: int) -> int:
        """The engine's x."""
        return formulas.private_key(
            salt, group_name=self.group.encode(), identity=self.identity.encode(), password=self.password.encode()
        )


@dataclass
class Numbers:
    """All numbers of one claim."""

    who: Identity
    salt: int
    a: int
    public_a: int
    b: int | None
    public_b: int
    x: int
    v: int
    u: int
    s: int

    @classmethod
    def of(cls, who: Identity, salt: int, a: int, public_b: int, b: int | None = None) -> Numbers:
        """From what is free to choose to S."""
        public_a, x = formulas.public_ephemeral(a), who.x(salt)
        u, v = formulas.scrambler(public_a, public_b), formulas.password_verifier(x)
        return cls(who, salt, a, public_a, b, public_b, x, v, u, formulas.client_premaster(a, public_b, v, x, u))

    @property
    def prk(self) -> bytes:
        """HMAC(bytes(u), bytes(S)), the first half of the HKDF."""
        return hmac.digest(integer_bytes(self.u), integer_bytes(self.s), "sha256")

    @property
    def key(self) -> bytes:
        """K."""
        return formulas.session_key(self.s, self.u)

    def flags(self) -> set[str]:
        """Every rare branch that these numbers take."""
        found = shapes(A=self.public_a, B=self.public_b, S=self.s, U=self.u, X=self.x, Salt=self.salt)
        zeros = {"InnerHash": self.who.inner(), "Prk": self.prk, "Key": self.key}
        return found | {f"LeadingZero{name}" for name, value in zeros.items() if value[0] == 0}

    def trace(self, message: bytes) -> dict[str, str]:
        """All intermediate values, integers as minimal hex, bytes as they are."""
        made = {
            "inner": self.who.inner().hex(),
            "x": f"{self.x:x}",
            "v": f"{self.v:x}",
            "u": f"{self.u:x}",
            "s": f"{self.s:x}",
            "prk": self.prk.hex(),
            "key": self.key.hex(),
            "message": message.hex(),
        }
        return made if self.b is None else {"b": f"{self.b:x}", **made}


def search(label: str, who: Identity, wanted: set[str], password: Callable[[int], str]) -> Numbers:
    """Numbers whose flags are exactly `wanted`.

    The salt is drawn until it fits, then password(0), password(1), ... until x does; A and B are walked by doublings
    until they fit, and pairs of them until u and S do.
    """

    def fits(name: str, value: int) -> bool:
        return shapes(**{name: value}) == {flag for flag in wanted if flag in _OF[name]}

    salt = next(s for i in count() if fits("Salt", s := integer(f"{label} salt {i}", 16)))
    for i in count():
        who.password = password(i)
        x = who.x(salt)
        if fits("X", x) and (who.inner()[0] == 0) == ("LeadingZeroInnerHash" in wanted):
            break
    v = formulas.password_verifier(x)
    kv = K * v % N

    alphas = (pair for pair in _walk(integer(f"{label} a"), 0) if fits("A", pair[1]))
    betas = (pair for pair in _walk(integer(f"{label} b"), kv) if fits("B", pair[1]))
    for (a, public_a), (b, public_b) in _pairs(alphas, betas):
        u = formulas.scrambler(public_a, public_b)
        if not fits("U", u):
            continue
        s = formulas.client_premaster(a, public_b, v, x, u)
        numbers = Numbers(who, salt, a, public_a, b, public_b, x, v, u, s)
        if fits("S", s) and numbers.flags() == wanted:
            return numbers
    raise AssertionError


_OF = {name: {f"{which}{name}" for which in SHAPES} for name in WIDTHS}


def _walk(start: int, offset: int) -> Iterator[tuple[int, int]]:
    """(exponent, offset + g^exponent mod N), exponent after exponent: each step is one doubling."""
    exponent = start >> 1 | 1 << 254  # room to count up below 2**256
    power = formulas.public_ephemeral(exponent)
    while True:
        yield exponent, (power + offset) % N
        exponent, power = exponent + 1, power * G % N


def _pairs(
    left: Iterator[tuple[int, int]], right: Iterator[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Every pair of two endless sequences, reading as little of both as can be."""
    lefts: list[tuple[int, int]] = []
    rights: list[tuple[int, int]] = []
    while True:
        lefts.append(next(left))
        rights.append(next(right))
        yield from ((lefts[-1], each) for each in rights)
        yield from ((each, rights[-1]) for each in lefts[:-1])


def password_input(numbers: Numbers, block: bytes, now: float = NOW) -> dict[str, Any]:
    """The fields of password-claim, without pool_id."""
    return {
        "user_id": numbers.who.identity,
        "password": numbers.who.password,
        "a": f"{numbers.a:x}",
        "salt": f"{numbers.salt:x}",
        "srp_b": f"{numbers.public_b:x}",
        "secret_block": b64encode(block).decode(),
        "now": now,
    }


def device_input(numbers: Numbers, block: bytes, now: float = NOW) -> dict[str, Any]:
    """The fields of device-claim, without device_group_key."""
    made = password_input(numbers, block, now)
    del made["user_id"], made["password"]
    return {"device_key": numbers.who.identity, "device_password": numbers.who.password, **made}


def outcome(numbers: Numbers, block: bytes, given: Mapping[str, Any]) -> dict[str, Any]:
    """`expected` and `trace` of a claim."""
    moment = timestamp(given["now"])
    who = numbers.who
    message = who.group.encode() + who.identity.encode() + block + moment.encode()
    return {
        "expected": {
            "srp_a": f"{numbers.public_a:x}",
            "signature": formulas.claim_signature(
                numbers.key,
                group_name=who.group.encode(),
                identity=who.identity.encode(),
                secret_block=block,
                timestamp=moment.encode(),
            ),
            "secret_block": given["secret_block"],
            "timestamp": moment,
        },
        "trace": numbers.trace(message),
    }


def rare_branches() -> Iterator[tuple[str, set[str]]]:
    """(comment, flags): each rare branch by itself, each pair of leading zeros, and each kind of all at once."""
    names = list(WIDTHS)
    kinds = list(SHAPES)
    for kind in kinds:
        for name in names:
            yield f"{kind} of {name} alone", {kind + name}
    for zero in ("InnerHash", "Prk", "Key"):
        yield f"leading zero byte of {zero} alone", {f"LeadingZero{zero}"}
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            yield f"leading zero bytes of {first} and {second}", {f"LeadingZero{first}", f"LeadingZero{second}"}
    for kind in kinds:
        yield f"{kind} of all six", {kind + name for name in names}
    for i in range(len(kinds)):
        yield "another branch in each quantity", {kinds[(i + j) % 4] + name for j, name in enumerate(names)}


def secret_block(label: str, size: int = 48) -> bytes:
    """A secret block. The service's have about 1,500 bytes; their content is opaque."""
    return draw(f"{label} secret block", size)
