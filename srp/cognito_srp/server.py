"""The server's role: what a pool stores of a password, and how it checks a proof."""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable
from typing import NoReturn

from . import formulas
from .arithmetic import Arithmetic
from .clock import parse_timestamp
from .encoding import draw, draw_exponent, integer_hex, parse_base64, parse_base64_integer, parse_hex, pool_name, utf8
from .errors import PeerError, UsageError
from .group import N
from .record import Record

SALT_BYTES = 16


class Verifier(Record):
    """Salt and verifier of one user or device: what a pool keeps instead of the password.

    salt: any integer; value: v = g^x mod N, 2 <= v <= N - 2. Both are hidden from repr: a stolen v can be searched
    for the password behind it.
    """

    salt: int
    value: int
    __slots__ = __match_args__ = ("salt", "value")

    def __init__(self, salt: int, value: int) -> None:
        _check_integer("salt", salt)
        _check_integer("value", value)
        if not 2 <= value <= N - 2:
            raise PeerError("PasswordVerifier", "range", "is not between 2 and N - 2")
        self._set(salt=salt, value=value)

    def __reduce__(self) -> NoReturn:
        raise UsageError("verifier", "state", "holds a secret and cannot be pickled or copied")

    @classmethod
    def for_user(
        cls,
        pool_id: str,
        user_id: str,
        password: str,
        *,
        salt: int | None = None,
        entropy: Callable[[int], bytes] = os.urandom,
        arithmetic: Arithmetic | None = None,
    ) -> Verifier:
        """The verifier of a user's password under a salt, or under 16 fresh random bytes when it is left out.

        user_id: USER_ID_FOR_SRP. Raises UsageError for a malformed argument.
        """
        if salt is None:
            salt = int.from_bytes(draw(entropy, SALT_BYTES), "big")
        _check_integer("salt", salt)
        utf8("user_id", user_id)
        x = formulas.private_key(salt, pool_name(pool_id), user_id, password)
        return cls(salt, formulas.password_verifier(x, arithmetic))

    @classmethod
    def for_device(cls, salt: str, password_verifier: str) -> Verifier:
        """The verifier in the two Base64 texts of ConfirmDevice's DeviceSecretVerifierConfig. Raises PeerError."""
        return cls(
            parse_base64_integer("Salt", salt),
            parse_base64_integer("PasswordVerifier", password_verifier),
        )


class ServerSession:
    """One challenge: a fresh 256-bit b, SALT and SRP_B to send, and the check of the proof that comes back.

    Made by `for_user` or `for_device`. The same challenge can check several proofs: how many a pool accepts is the
    pool's rule. Raises PeerError for an SRP_A that is no hex, too long, or not between 1 and N - 1.
    """

    __slots__ = ("_arithmetic", "_b", "_group_name", "_identity", "_public_a", "_public_b", "_verifier")

    def __init__(
        self,
        group_name: str,
        identity: str,
        verifier: Verifier,
        srp_a: str,
        *,
        entropy: Callable[[int], bytes] = os.urandom,
        arithmetic: Arithmetic | None = None,
    ) -> None:
        if not isinstance(verifier, Verifier):
            raise UsageError("verifier", "type", f"must be a Verifier, not {type(verifier).__name__}")
        public_a = parse_hex("SRP_A", srp_a)
        if public_a % N == 0:
            raise PeerError("SRP_A", "zero", "is zero modulo N")
        if not 0 < public_a < N:
            raise PeerError("SRP_A", "range", "is not between 1 and N - 1")
        self._group_name = group_name
        self._identity = identity
        self._verifier = verifier
        self._public_a = public_a
        self._arithmetic = arithmetic
        self._b = draw_exponent(entropy)
        self._public_b = formulas.server_public_ephemeral(verifier.value, self._b, arithmetic)

    def __repr__(self) -> str:
        return "ServerSession()"

    def __reduce__(self) -> NoReturn:
        raise UsageError("session", "state", "holds secrets and cannot be pickled or copied")

    @classmethod
    def for_user(
        cls,
        pool_id: str,
        user_id: str,
        verifier: Verifier,
        srp_a: str,
        *,
        entropy: Callable[[int], bytes] = os.urandom,
        arithmetic: Arithmetic | None = None,
    ) -> ServerSession:
        """The challenge PASSWORD_VERIFIER for the user whose USER_ID_FOR_SRP is `user_id`."""
        utf8("user_id", user_id)
        return cls(pool_name(pool_id), user_id, verifier, srp_a, entropy=entropy, arithmetic=arithmetic)

    @classmethod
    def for_device(
        cls,
        device_group_key: str,
        device_key: str,
        verifier: Verifier,
        srp_a: str,
        *,
        entropy: Callable[[int], bytes] = os.urandom,
        arithmetic: Arithmetic | None = None,
    ) -> ServerSession:
        """The challenge DEVICE_PASSWORD_VERIFIER for a remembered device."""
        utf8("device_group_key", device_group_key)
        utf8("device_key", device_key)
        return cls(device_group_key, device_key, verifier, srp_a, entropy=entropy, arithmetic=arithmetic)

    @property
    def salt(self) -> str:
        """SALT: lower-case hex without leading zeros, with a minus sign when the salt is negative."""
        return integer_hex(self._verifier.salt)

    @property
    def srp_b(self) -> str:
        """SRP_B: lower-case hex without leading zeros."""
        return integer_hex(self._public_b)

    def verify(self, *, secret_block: str, timestamp: str, signature: str) -> None:
        """Return when the proof holds, raise PeerError when it does not.

        secret_block: PASSWORD_CLAIM_SECRET_BLOCK as it came; that it is the block of this challenge, and that the
        timestamp is recent, is for the caller to check. The comparison takes constant time.
        """
        secret_bytes = parse_base64("PASSWORD_CLAIM_SECRET_BLOCK", secret_block)
        given = parse_base64("PASSWORD_CLAIM_SIGNATURE", signature)
        parse_timestamp(timestamp)
        u = formulas.scrambler(self._public_a, self._public_b)
        premaster = formulas.server_premaster(self._b, self._public_a, self._verifier.value, u, self._arithmetic)
        key = formulas.session_key(premaster, u)
        expected = formulas.claim_signature(key, self._group_name, self._identity, secret_bytes, timestamp)
        if not hmac.compare_digest(given, parse_base64("PASSWORD_CLAIM_SIGNATURE", expected)):
            raise PeerError("PASSWORD_CLAIM_SIGNATURE", "mismatch", "does not prove the password")


def _check_integer(name: str, value: object) -> None:
    if not isinstance(value, int):
        raise UsageError(name, "type", f"must be an integer, not {type(value).__name__}")
