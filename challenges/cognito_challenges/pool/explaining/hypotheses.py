"""The mistakes in x, k and g: what a client that makes one of them takes g^x and k for."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cognito_challenges.pool.explaining.messages import OTHER_TEXT_ENCODINGS, encoded, other_names
from cognito_challenges.pool.store.attempt import Attempt, Probe
from cognito_challenges.pool.store.records import User
from cognito_srp import Verifier, formulas
from cognito_srp.encoding import integer_bytes
from cognito_srp.group import K, N


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What x is hashed from, by a client that may get each part wrong."""

    salt: bytes
    group: str
    identity: str
    password: str


def hypotheses(attempt: Attempt, verifier: Verifier | None, wire_salt: str | None) -> Iterator[Probe]:
    """Each known mistake in x, k or g with its numbers, as far as these differ from the right ones.

    verifier: the user's own; wire_salt: SALT as it is sent when that is not the plain hex of the number.
    """
    user, pool = attempt.user, attempt.pool
    if verifier is None or not user.passwords:
        return
    right = _Inputs(integer_bytes(verifier.salt), pool.pool_id.rpartition("_")[2], user.username, user.passwords[-1])
    seen = {(K, verifier.value)}
    for probe in (*_of_x(attempt, right, verifier.salt, wire_salt or f"{verifier.salt:x}"), *_of_group(right)):
        if (probe.k, probe.value) not in seen:
            seen.add((probe.k, probe.value))
            yield probe


def passwords_mistaken_for(user: User) -> Iterator[tuple[str, str]]:
    """Texts that a client may use in place of the user's password, each with its mistake."""
    password = user.passwords[-1]
    for spaced in (f"{password} ", f"{password}\n", f" {password}", f" {password} ", f"{password}\r\n"):
        yield "space-around-password", spaced
    for form in ("NFC", "NFD", "NFKC"):
        yield f"{form.lower()}-password", unicodedata.normalize(form, password)
    for earlier in reversed(user.passwords[:-1]):
        yield "former-password", earlier
    for cased in (password.swapcase(), password.lower(), password.upper()):
        yield "letter-case-of-password", cased


def _of_x(attempt: Attempt, right: _Inputs, salt: int, wire: str) -> Iterator[Probe]:
    def of(mistake: str, x: int) -> Probe:
        return Probe(mistake, formulas.device_verifier(x))

    for name in other_names(attempt):
        yield of("login-name", _x(replace(right, identity=name)))
    yield of("whole-pool-id", _x(replace(right, group=attempt.pool.pool_id)))
    for mistake, salt_bytes in _salts(salt, wire):
        yield of(mistake, _x(replace(right, salt=salt_bytes)))
    for mistake, password in passwords_mistaken_for(attempt.user):
        yield of(mistake, _x(replace(right, password=password)))
    names, secret = f"{right.group}{right.identity}:", right.password
    for encoding in OTHER_TEXT_ENCODINGS:
        # The whole text, the names only, and the password only.
        yield of("other-text-encoding", _nested(right.salt, encoded(names + secret, encoding)))
        yield of("other-text-encoding", _nested(right.salt, encoded(names, encoding) + secret.encode()))
        yield of("other-text-encoding", _nested(right.salt, names.encode() + encoded(secret, encoding)))
    group, identity, secret_bytes = right.group.encode(), right.identity.encode(), secret.encode()
    whole = group + identity + b":" + secret_bytes
    inner = _hash(whole)
    yield of("no-pool-in-x", _nested(right.salt, identity + b":" + secret_bytes))
    yield of("no-user-in-x", _nested(right.salt, group + b":" + secret_bytes))
    yield of("no-user-in-x", _nested(right.salt, b":" + secret_bytes))
    yield of("no-colon-in-x", _nested(right.salt, group + identity + secret_bytes))
    yield of("inner-hash-as-hex", _number(_hash(right.salt + inner.hex().encode())))
    yield of("salt-last", _number(_hash(inner + right.salt)))
    yield of("no-inner-hash", _number(_hash(right.salt + whole)))
    for name in ("sha1", "sha512"):
        yield of("x-hash", _number(_hash(right.salt + _hash(whole, name), name)))


def _of_group(right: _Inputs) -> Iterator[Probe]:
    x, n = _x(right), integer_bytes(N)
    value, narrow = formulas.device_verifier(x), n.lstrip(b"\0")
    multipliers = [
        _number(_hash(narrow + b"\x02")), _number(_hash(n + bytes(383) + b"\x02")),
        _number(_hash(narrow + bytes(383) + b"\x02")), 3, 1, _number(_hash(f"{N:x}2".encode())),
        _number(_hash(f"{N:X}2".encode())), _number(_hash(b"\x02" + n)), _number(_hash(n + b"\x05")),
        _number(_hash(n + b"\x02", "sha1")),
    ]  # fmt: skip
    for k in multipliers:
        yield Probe("multiplier", value, k)
    for k in (
        _number(_hash(n + b"\x05")), K, _number(_hash(narrow + b"\x05")), _number(_hash(narrow + bytes(383) + b"\x05"))
    ):  # fmt: skip
        yield Probe("generator", pow(5, x, N), k, 5)


def _salts(salt: int, wire: str) -> Iterator[tuple[str, bytes]]:
    digits = wire if len(wire) % 2 == 0 else f"0{wire}"
    if not wire.startswith("-"):
        yield "salt-padded-as-text", bytes.fromhex(f"00{digits}" if digits[0] in "89abcdefABCDEF" else digits)
        yield "unpadded-salt", salt.to_bytes(max(1, (salt.bit_length() + 7) // 8), "big")
        if salt.bit_length() <= 128:
            yield "fixed-width-salt", salt.to_bytes(16, "big")
    yield "salt-as-text", wire.encode()


def _x(inputs: _Inputs) -> int:
    return _nested(inputs.salt, f"{inputs.group}{inputs.identity}:{inputs.password}".encode())


def _nested(salt: bytes, inner: bytes) -> int:
    return _number(_hash(salt + _hash(inner)))


def _hash(data: bytes, name: str = "sha256") -> bytes:
    return hashlib.new(name, data, usedforsecurity=False).digest()


def _number(digest: bytes) -> int:
    return int.from_bytes(digest, "big")
