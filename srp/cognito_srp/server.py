"""The server's role: what a pool stores of a password, and how it checks a proof."""

from __future__ import annotations

import hmac
import os

from . import formulas
from .arithmetic import Arithmetic
from .encoding import (
    Entropy,
    draw,
    draw_exponent,
    integer_hex,
    parse_base64,
    parse_base64_integer,
    parse_hex,
    pool_name,
    utf8,
    wrong_type,
)
from .errors import PeerError, ProofMismatch, UsageError
from .group import N
from .record import Record
from .timestamps import parse_timestamp
from .unpicklable import Unpicklable

SALT_BYTES = 16


class Verifier(Unpicklable, Record):
    """Salt and verifier of one user or device: what a pool stores instead of the password.

    salt: any integer; Cognito's have up to 128 bits.
    value: v = g^x mod N, 2 <= v <= N - 2.

    repr hides both, because passwords can be tried against them. Raises UsageError when one of the two is not an
    integer, and PeerError when the value is out of range.
    """

    salt: int
    value: int
    __slots__ = __match_args__ = ("salt", "value")

    def __init__(self, *, salt: int, value: int) -> None:
        if not isinstance(salt, int):
            raise wrong_type("salt", salt, "an integer")
        if not isinstance(value, int):
            raise wrong_type("value", value, "an integer")
        if not 2 <= value <= N - 2:
            raise PeerError("PasswordVerifier", "range", "must be between 2 and N - 2")
        self._set(salt=salt, value=value)

    @classmethod
    def for_user(
        cls,
        pool_id: str,
        *,
        user_id: str,
        password: str,
        salt: int | None = None,
        entropy: Entropy = os.urandom,
        arithmetic: Arithmetic | None = None,
    ) -> Verifier:
        """The verifier of a user's password under a salt, or under 16 fresh random bytes when it is left out.

        user_id: USER_ID_FOR_SRP. Raises UsageError for a malformed argument.
        """
        group_name = pool_name(pool_id).encode()
        identity, secret = utf8("user_id", user_id), utf8("password", password)
        if salt is None:
            salt = int.from_bytes(draw(entropy, SALT_BYTES), "big")
        elif not isinstance(salt, int):
            raise wrong_type("salt", salt, "an integer")
        x = formulas.private_key(salt, group_name=group_name, identity=identity, password=secret)
        return cls(salt=salt, value=formulas.password_verifier(x, arithmetic))

    @classmethod
    def for_device(cls, *, password_verifier: str, salt: str) -> Verifier:
        """The verifier of a device, from the two Base64 texts of ConfirmDevice's DeviceSecretVerifierConfig.

        Raises PeerError when one of them is malformed or out of range.
        """
        return cls(
            salt=parse_base64_integer("Salt", salt),
            value=parse_base64_integer("PasswordVerifier", password_verifier),
        )


class ServerSession(Unpicklable):
    """One challenge: a fresh 256-bit b, SALT and SRP_B to send, and the check of the proof in the response.

    Made by `for_user` or `for_device`. One challenge can check several proofs: how many a pool accepts is the
    pool's rule.

        server = ServerSession.for_user(pool_id, user_id=user_id, verifier=verifier, srp_a=srp_a)
        # send server.salt and server.srp_b with a secret block, receive the claim
        server.verify(secret_block=secret_block, timestamp=timestamp, signature=signature)
    """

    __slots__ = ("_arithmetic", "_b", "_group_name", "_identity", "_public_a", "_public_b", "_verifier")

    _arithmetic: Arithmetic | None
    _b: int
    _group_name: bytes
    _identity: bytes
    _public_a: int
    _public_b: int
    _verifier: Verifier

    def __init__(self, *_: object, **__: object) -> None:
        raise UsageError("ServerSession", "state", "is made by ServerSession.for_user or ServerSession.for_device")

    def __repr__(self) -> str:
        return "ServerSession()"

    @classmethod
    def for_user(
        cls,
        pool_id: str,
        *,
        user_id: str,
        verifier: Verifier,
        srp_a: str,
        entropy: Entropy = os.urandom,
        arithmetic: Arithmetic | None = None,
    ) -> ServerSession:
        """The challenge PASSWORD_VERIFIER for a user.

        user_id: USER_ID_FOR_SRP. verifier: the user's. srp_a: SRP_A as it was received.
        Raises PeerError for an SRP_A that is not hexadecimal, too long, or not between 1 and N - 1.
        """
        return cls._start(pool_name(pool_id).encode(), utf8("user_id", user_id), verifier, srp_a, entropy, arithmetic)

    @classmethod
    def for_device(
        cls,
        *,
        group_key: str,
        key: str,
        verifier: Verifier,
        srp_a: str,
        entropy: Entropy = os.urandom,
        arithmetic: Arithmetic | None = None,
    ) -> ServerSession:
        """The challenge DEVICE_PASSWORD_VERIFIER for a remembered device.

        group_key, key: DeviceGroupKey and DeviceKey. The rest is as for `for_user`.
        """
        return cls._start(utf8("group_key", group_key), utf8("key", key), verifier, srp_a, entropy, arithmetic)

    @classmethod
    def _start(
        cls,
        group_name: bytes,
        identity: bytes,
        verifier: Verifier,
        srp_a: str,
        entropy: Entropy,
        arithmetic: Arithmetic | None,
    ) -> ServerSession:
        if not isinstance(verifier, Verifier):
            raise wrong_type("verifier", verifier, "a Verifier")
        public_a = parse_hex("SRP_A", srp_a)
        if public_a % N == 0:
            raise PeerError("SRP_A", "zero", "is zero modulo N")
        if not 0 < public_a < N:
            raise PeerError("SRP_A", "range", "must be between 1 and N - 1")
        session = cls.__new__(cls)
        session._group_name = group_name
        session._identity = identity
        session._verifier = verifier
        session._public_a = public_a
        session._arithmetic = arithmetic
        session._b = draw_exponent(entropy)
        session._public_b = formulas.server_public_ephemeral(verifier.value, session._b, arithmetic)
        return session

    @property
    def salt(self) -> str:
        """SALT: lower-case hex without leading zeros, with a minus sign when the salt is negative."""
        return integer_hex(self._verifier.salt)

    @property
    def srp_b(self) -> str:
        """SRP_B: lower-case hex without leading zeros."""
        return integer_hex(self._public_b)

    def verify(self, *, secret_block: str, timestamp: str, signature: str) -> None:
        """Return when the proof holds, raise ProofMismatch when it does not, and PeerError when it is malformed.

        secret_block: PASSWORD_CLAIM_SECRET_BLOCK as it was received. Whether it is the block of this challenge, and
        whether the timestamp is recent, is for the caller to check. The comparison takes constant time.
        """
        secret_bytes = parse_base64("PASSWORD_CLAIM_SECRET_BLOCK", secret_block)
        given = parse_base64("PASSWORD_CLAIM_SIGNATURE", signature)
        parse_timestamp(timestamp)
        u = formulas.scrambler(self._public_a, self._public_b)
        premaster = formulas.server_premaster(self._b, self._public_a, self._verifier.value, u, self._arithmetic)
        expected = formulas.claim_signature(
            formulas.session_key(premaster, u),
            group_name=self._group_name,
            identity=self._identity,
            secret_block=secret_bytes,
            timestamp=timestamp.encode(),
        )
        if not hmac.compare_digest(given, parse_base64("PASSWORD_CLAIM_SIGNATURE", expected)):
            raise ProofMismatch("PASSWORD_CLAIM_SIGNATURE", "mismatch", "does not prove the password")
