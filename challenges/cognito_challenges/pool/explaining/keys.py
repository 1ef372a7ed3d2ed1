"""The session keys that clients with a mistake come to: how u, S and K were computed."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from itertools import product

from cognito_challenges.pool.store.attempt import SrpChallenge
from cognito_srp import formulas
from cognito_srp.arithmetic import preferred
from cognito_srp.encoding import integer_bytes
from cognito_srp.group import N

Key = tuple[frozenset[str], bytes]
"""The mistakes that were made, and the key that came of them."""

_WIDTHS = {"A": 384, "B": 384, "S": 384, "u": 32}
_STYLES = ("", "unsigned", "fixed")
_INFO = b"Caldera Derived Key"


class Numbers:
    """What the pool knows of one exchange: A, B, its own b, and the g^x that B was made with.

    S = (A g^(x u))^b is computed as A^b (g^(x b))^u, whose first two powers are the same for every u.
    """

    __slots__ = ("_b", "_of_a", "_of_x", "_power", "_premasters", "public_a", "public_b")

    def __init__(self, public_a: int, public_b: int, b: int, of_x: int) -> None:
        self._power = preferred().power
        self._b, self._of_a, self._of_x = b, self._power(public_a, b), of_x
        self._premasters: dict[int, int] = {}
        self.public_a, self.public_b = public_a, public_b

    @classmethod
    def of(cls, srp: SrpChallenge) -> Numbers | None:
        """The numbers of a challenge; None in a pool that does not keep them."""
        if srp.b is None or srp.verifier is None:
            return None
        b, value = int.from_bytes(srp.b, "big"), srp.verifier.value if srp.probe is None else srp.probe.value
        return cls(int(srp.srp_a, 16), int(srp.srp_b, 16), b, preferred().power(value, b))

    def with_a(self, public_a: int) -> Numbers:
        """The same with another A."""
        return Numbers(public_a, self.public_b, self._b, self._of_x)

    def premaster(self, u: int) -> int:
        """S for a scrambler."""
        if u not in self._premasters:
            self._premasters[u] = self._of_a * self._power(self._of_x, u) % N
        return self._premasters[u]


def right_key(numbers: Numbers, u: int | None = None) -> bytes:
    """The key of a client without a mistake, for its own scrambler unless another is given."""
    u = _hashed(integer_bytes(numbers.public_a), integer_bytes(numbers.public_b)) if u is None else u
    return formulas.session_key(numbers.premaster(u), u)


def encoding_keys(numbers: Numbers) -> Iterator[Key]:
    """The key under each combination of ways to turn A, B, S and u into bytes, the right one first."""
    for (mistake_a, bytes_a), (mistake_b, bytes_b) in product(
        encodings("A", numbers.public_a), encodings("B", numbers.public_b)
    ):
        u = _hashed(bytes_a, bytes_b)
        premaster = numbers.premaster(u)
        for (mistake_s, bytes_s), (mistake_u, bytes_u) in product(encodings("S", premaster), encodings("u", u)):
            yield frozenset({mistake_a, mistake_b, mistake_s, mistake_u} - {""}), _derived(bytes_u, bytes_s)


def other_keys(numbers: Numbers) -> Iterator[Key]:
    """The key under one mistake in u, S or K, by clients that encode numbers rightly, unsigned, or in fixed width."""
    for style in _STYLES:
        mistake_a, bytes_a = _styled("A", numbers.public_a, style)
        mistake_b, bytes_b = _styled("B", numbers.public_b, style)
        hexes = f"{numbers.public_a:x}{numbers.public_b:x}".encode()
        right = _hashed(bytes_a, bytes_b)
        scramblers = [
            ("", right),
            ("scrambler-order", _hashed(bytes_b, bytes_a)),
            ("scrambler-of-hex", _hashed(hexes)),
            ("scrambler-of-hex", _hashed(hexes.upper())),
            ("scrambler-cut", right >> 224),
            ("scrambler-cut", right % 2**32),
            *(
                ("scrambler-hash", int.from_bytes(_digest(bytes_a + bytes_b, name), "big"))
                for name in ("sha1", "sha384", "sha512")
            ),
        ]
        for mistake, u in scramblers:
            for mistake_s, mistake_u, key, derivation in _derivations(numbers, u, style):
                if not (mistake and derivation):
                    yield frozenset({mistake_a, mistake_b, mistake_s, mistake_u, mistake, derivation} - {""}), key


def encodings(name: str, value: int) -> list[tuple[str, bytes]]:
    """bytes(i) first, then the ways in which clients get it wrong, as far as they differ for this value."""
    right, width = integer_bytes(value), _WIDTHS[name]
    unsigned = value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big")
    fixed = value.to_bytes(width, "big") if value < 256**width else unsigned
    if unsigned == fixed:
        wrong = [(f"missing-sign-byte-{name}", unsigned)]
    else:
        wrong = [(f"unpadded-{name}", unsigned), (f"fixed-width-{name}", fixed)]
    digits = f"{value:x}"
    if len(digits) % 2 and len(digits) > 1:
        wrong.append((f"odd-hex-{name}", bytes.fromhex(digits[:-1])))
    return [("", right), *((mistake, encoded) for mistake, encoded in wrong if encoded != right)]


def _styled(name: str, value: int, style: str) -> tuple[str, bytes]:
    """A number encoded rightly, as unsigned bytes or in fixed width, with the mistake that this amounts to."""
    wanted = {"unsigned": ("missing-sign-byte", "unpadded"), "fixed": ("missing-sign-byte", "fixed-width")}
    known = encodings(name, value)
    fitting = [item for item in known[1:] if item[0].removesuffix(f"-{name}") in wanted.get(style, ())]
    return fitting[0] if fitting else known[0]


def _derivations(numbers: Numbers, u: int, style: str) -> Iterator[tuple[str, str, bytes, str]]:
    """The keys that u leads to: the mistakes in the bytes of S and u, the key, the mistake in its making."""
    premaster = numbers.premaster(u)
    mistake_s, ikm = _styled("S", premaster, style)
    mistake_u, salt = _styled("u", u, style)
    encoded = (mistake_s, mistake_u)
    yield *encoded, _derived(salt, ikm), ""
    negated = N - premaster
    for encoding in (*encodings("S", negated), ("", integer_bytes(-negated))):
        yield "", mistake_u, _derived(salt, encoding[1]), "negated-premaster"
    # Where one of the two goes in otherwise or not at all, its bytes say nothing.
    yield "", mistake_u, _derived(salt, f"{premaster:x}".encode()), "premaster-as-hex"
    yield mistake_s, "", _derived(f"{u:x}".encode(), ikm), "scrambler-as-hex"
    yield *encoded, _derived(ikm, salt), "hkdf-swapped"
    for nothing in (b"", bytes(32)):
        yield mistake_s, "", _derived(nothing, ikm), "hkdf-without-salt"
    for info in (
        b"",
        _INFO,
        _INFO + b"\x00",
        _INFO + b"\x02",
        _INFO + b"\x01\x01",
        _INFO + b"1",
        _INFO.lower() + b"\x01",
        b"\x01",
    ):
        yield *encoded, _derived(salt, ikm, info), "hkdf-info"
    for hash_name in ("sha1", "sha384", "sha512"):
        yield *encoded, _derived(salt, ikm, hash_name=hash_name), "hkdf-hash"
    whole = _derived(salt, ikm, size=32)
    for key in (whole, whole[16:], whole[:24], whole[:8], whole[:20]):
        yield *encoded, key, "key-length"
    extracted = hmac.digest(salt, ikm, "sha256")
    for key in (extracted, extracted[:16]):
        yield *encoded, key, "hkdf-extract-only"
    for hash_name in ("sha256", "sha1"):
        for key in (_digest(ikm, hash_name), _digest(ikm, hash_name)[:16]):
            yield mistake_s, "", key, "no-hkdf"
    for key in (whole[:16].hex().encode(), b64encode(whole[:16])):
        yield *encoded, key, "key-as-text"


def _hashed(*parts: bytes) -> int:
    return int.from_bytes(sha256(b"".join(parts)).digest(), "big")


def _digest(data: bytes, name: str) -> bytes:
    return hashlib.new(name, data, usedforsecurity=False).digest()


def _derived(
    salt: bytes, ikm: bytes, info: bytes = _INFO + b"\x01", size: int = 16, hash_name: str = "sha256"
) -> bytes:
    return hmac.digest(hmac.digest(salt, ikm, hash_name), info, hash_name)[:size]
