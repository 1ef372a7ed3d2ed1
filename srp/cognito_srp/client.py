"""The client's role: one session object answers one challenge."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import Final

from . import formulas
from .arithmetic import Arithmetic
from .device import Device
from .encoding import (
    Entropy,
    challenge_parameter,
    draw_exponent,
    integer_hex,
    parse_base64,
    parse_hex,
    pool_name,
    utf8,
    wrong_type,
)
from .errors import PeerError, UsageError
from .group import N
from .record import Record
from .timestamps import Clock, read_clock, timestamp
from .unpicklable import Unpicklable


class Claim(Record):
    """A proof of the password, made by a session and ready to be sent.

    signature: PASSWORD_CLAIM_SIGNATURE, Base64 of 32 bytes.
    secret_block: PASSWORD_CLAIM_SECRET_BLOCK, the SECRET_BLOCK exactly as it was received.
    timestamp: TIMESTAMP, the moment that was signed.

    repr shows only the timestamp.
    """

    signature: str
    secret_block: str
    timestamp: str
    __slots__ = __match_args__ = ("signature", "secret_block", "timestamp")
    repr_fields = ("timestamp",)

    def __init__(self, *, signature: str, secret_block: str, timestamp: str) -> None:
        self._set(signature=signature, secret_block=secret_block, timestamp=timestamp)

    def responses(self) -> dict[str, str]:
        """The three ChallengeResponses that PASSWORD_VERIFIER and DEVICE_PASSWORD_VERIFIER have in common."""
        return {
            "PASSWORD_CLAIM_SIGNATURE": self.signature,
            "PASSWORD_CLAIM_SECRET_BLOCK": self.secret_block,
            "TIMESTAMP": self.timestamp,
        }


class _Session(Unpicklable):
    """What password and device sessions share: a fresh `a`, and a proof that is given once.

    group_name and password are UTF-8, checked by the subclass.
    """

    __slots__ = ("_a", "_arithmetic", "_clock", "_group_name", "_password", "_public_a", "_used")

    def __init__(
        self, group_name: bytes, password: bytes, entropy: Entropy, clock: Clock, arithmetic: Arithmetic | None
    ) -> None:
        if not callable(clock):
            raise wrong_type("clock", clock, "a function that returns Unix seconds")
        self._group_name = group_name
        self._password = password
        self._clock = clock
        self._arithmetic = arithmetic
        self._a = draw_exponent(entropy)
        self._public_a = formulas.public_ephemeral(self._a, arithmetic)
        self._used = False

    def __repr__(self) -> str:
        # A debugger or a traceback may show a session whose __init__ has raised.
        return f"{type(self).__name__}({'used' if getattr(self, '_used', False) else 'unused'})"

    @property
    def srp_a(self) -> str:
        """SRP_A: lower-case hex without leading zeros, at most 768 digits."""
        return integer_hex(self._public_a)

    def _prove(
        self,
        parameters: Mapping[str, str],
        identity_of: Callable[[Mapping[str, str]], bytes],
        verifier_of: Callable[[int, Arithmetic | None], int],
        now: float | None,
    ) -> Claim:
        if self._used:
            raise UsageError("session", "used", "gives one proof; a new attempt needs a new session")
        # Marked before the work, so that no other thread gets a second proof; unmarked when there is none.
        self._used = True
        try:
            claim = self._claim(parameters, identity_of(parameters), verifier_of, now)
        except BaseException:
            self._used = False
            raise
        self._a, self._password = 0, b""
        return claim

    def _claim(
        self,
        parameters: Mapping[str, str],
        identity: bytes,
        verifier_of: Callable[[int, Arithmetic | None], int],
        now: float | None,
    ) -> Claim:
        salt = parse_hex("SALT", challenge_parameter(parameters, "SALT"))
        public_b = parse_hex("SRP_B", challenge_parameter(parameters, "SRP_B"))
        if public_b % N == 0:
            raise PeerError("SRP_B", "zero", "is zero modulo N")
        if not 0 < public_b < N:
            raise PeerError("SRP_B", "range", "must be between 1 and N - 1")
        secret_block = challenge_parameter(parameters, "SECRET_BLOCK")
        secret_bytes = parse_base64("SECRET_BLOCK", secret_block)
        moment = read_clock(self._clock) if now is None else timestamp(now)

        u = formulas.scrambler(self._public_a, public_b)
        x = formulas.private_key(salt, group_name=self._group_name, identity=identity, password=self._password)
        v = verifier_of(x, self._arithmetic)
        premaster = formulas.client_premaster(self._a, public_b, v, x, u, self._arithmetic)
        signature = formulas.claim_signature(
            formulas.session_key(premaster, u),
            group_name=self._group_name,
            identity=identity,
            secret_block=secret_bytes,
            timestamp=moment.encode(),
        )
        return Claim(signature=signature, secret_block=secret_block, timestamp=moment)


class PasswordSession(_Session):
    """One attempt to prove a user's password: USER_SRP_AUTH and PASSWORD_VERIFIER.

    pool_id: "us-east-1_Ab1"; only the part after its last underscore is hashed.
    username: the login name, for InitiateAuth's USERNAME, 1 to 4,096 characters. It is not hashed: USER_ID_FOR_SRP is.
    password: 1 to 4,096 characters, hashed as they are: no Unicode normalisation, no trimming.
    entropy: returns n random bytes. clock: returns Unix seconds, read when signing.
    arithmetic: the exponentiation to use, from `load_arithmetic` or `warm`; the preferred one when left out.

    Raises UsageError for a malformed argument. A session cannot be pickled, and its repr tells only its state.

        session = PasswordSession("us-east-1_Ab1", username="alice", password=password)
        # InitiateAuth with session.auth_parameters(), whose answer is the challenge
        claim = session.prove(challenge_parameters)
        # RespondToAuthChallenge with claim.responses()
    """

    __slots__ = ("username",)

    def __init__(
        self,
        pool_id: str,
        *,
        username: str,
        password: str,
        entropy: Entropy = os.urandom,
        clock: Clock = time.time,
        arithmetic: Arithmetic | None = None,
    ) -> None:
        utf8("username", username)
        self.username: Final = username
        super().__init__(pool_name(pool_id).encode(), utf8("password", password), entropy, clock, arithmetic)

    def auth_parameters(self) -> dict[str, str]:
        """{"USERNAME": ..., "SRP_A": ...}, the AuthParameters of USER_SRP_AUTH. Add SECRET_HASH and DEVICE_KEY."""
        return {"USERNAME": self.username, "SRP_A": self.srp_a}

    def prove(self, challenge_parameters: Mapping[str, str], *, now: float | None = None) -> Claim:
        """The answer to PASSWORD_VERIFIER, from its SALT, SRP_B, SECRET_BLOCK and USER_ID_FOR_SRP.

        now: Unix seconds to sign with, instead of reading the session's clock.
        Raises PeerError for a hostile or malformed parameter, and UsageError on a second use. A refused challenge
        leaves the session as it was.
        """
        return self._prove(challenge_parameters, _user_id, formulas.password_verifier, now)


class DeviceSession(_Session):
    """One attempt to prove a remembered device: DEVICE_SRP_AUTH and DEVICE_PASSWORD_VERIFIER.

    It draws an `a` of its own; entropy, clock and arithmetic are those of PasswordSession.
    """

    __slots__ = ("_device_key",)

    def __init__(
        self,
        device: Device,
        *,
        entropy: Entropy = os.urandom,
        clock: Clock = time.time,
        arithmetic: Arithmetic | None = None,
    ) -> None:
        if not isinstance(device, Device):
            raise wrong_type("device", device, "a Device")
        self._device_key = device.key.encode()
        super().__init__(device.group_key.encode(), device.password.encode(), entropy, clock, arithmetic)

    def prove(self, challenge_parameters: Mapping[str, str], *, now: float | None = None) -> Claim:
        """The answer to DEVICE_PASSWORD_VERIFIER, from its SALT, SRP_B and SECRET_BLOCK.

        Raises as PasswordSession.prove does.
        """
        return self._prove(challenge_parameters, lambda _: self._device_key, formulas.device_verifier, now)


def _user_id(parameters: Mapping[str, str]) -> bytes:
    return utf8("USER_ID_FOR_SRP", challenge_parameter(parameters, "USER_ID_FOR_SRP"), error=PeerError)
