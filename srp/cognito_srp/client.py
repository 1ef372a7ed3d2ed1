"""The client's role: one session object answers one challenge."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import Final, NoReturn

from . import formulas
from .arithmetic import Arithmetic
from .clock import read_clock, timestamp
from .device import Device
from .encoding import (
    draw_exponent,
    integer_hex,
    parameter,
    parse_base64,
    parse_hex,
    pool_name,
    utf8,
)
from .errors import PeerError, UsageError
from .group import N
from .record import Record


class Claim(Record):
    """A proof of the password, ready to be sent.

    signature: PASSWORD_CLAIM_SIGNATURE, Base64 of 32 bytes.
    secret_block: PASSWORD_CLAIM_SECRET_BLOCK, the SECRET_BLOCK exactly as it came.
    timestamp: TIMESTAMP, the moment that was signed.
    """

    signature: str
    secret_block: str
    timestamp: str
    __slots__ = __match_args__ = ("signature", "secret_block", "timestamp")
    shown = ("timestamp",)

    def __init__(self, signature: str, secret_block: str, timestamp: str) -> None:
        self._set(signature=signature, secret_block=secret_block, timestamp=timestamp)

    def responses(self) -> dict[str, str]:
        """The three ChallengeResponses of PASSWORD_VERIFIER and DEVICE_PASSWORD_VERIFIER."""
        return {
            "PASSWORD_CLAIM_SIGNATURE": self.signature,
            "PASSWORD_CLAIM_SECRET_BLOCK": self.secret_block,
            "TIMESTAMP": self.timestamp,
        }


class _Session:
    """What password and device sessions share: a fresh `a`, and a proof that is given once."""

    __slots__ = ("_a", "_arithmetic", "_clock", "_password", "_public_a", "_used")

    def __init__(
        self,
        password: str,
        entropy: Callable[[int], bytes],
        clock: Callable[[], float],
        arithmetic: Arithmetic | None,
    ) -> None:
        utf8("password", password)
        self._password = password
        self._clock = clock
        self._arithmetic = arithmetic
        self._a = draw_exponent(entropy)
        self._public_a = formulas.public_ephemeral(self._a, arithmetic)
        self._used = False

    def __repr__(self) -> str:
        return f"{type(self).__name__}({'used' if self._used else 'unused'})"

    def __reduce__(self) -> NoReturn:
        raise UsageError("session", "state", "holds secrets and cannot be pickled or copied")

    @property
    def srp_a(self) -> str:
        """SRP_A: lower-case hex without leading zeros, at most 768 digits."""
        return integer_hex(self._public_a)

    def _prove(
        self,
        parameters: Mapping[str, str],
        names: Callable[[Mapping[str, str]], tuple[str, str]],
        verifier_of: Callable[[int, Arithmetic | None], int],
        now: float | None,
    ) -> Claim:
        if self._used:
            raise UsageError("session", "used", "gives one proof; a new attempt needs a new session")
        # Marked before the work, so that no other thread gets a second proof out of it; unmarked when there is none.
        self._used = True
        try:
            claim = self._claim(parameters, *names(parameters), verifier_of, now)
        except BaseException:
            self._used = False
            raise
        self._a, self._password = 0, ""
        return claim

    def _claim(
        self,
        parameters: Mapping[str, str],
        group_name: str,
        identity: str,
        verifier_of: Callable[[int, Arithmetic | None], int],
        now: float | None,
    ) -> Claim:
        salt = parse_hex("SALT", parameter(parameters, "SALT"))
        public_b = parse_hex("SRP_B", parameter(parameters, "SRP_B"))
        if public_b % N == 0:
            raise PeerError("SRP_B", "zero", "is zero modulo N")
        if not 0 < public_b < N:
            raise PeerError("SRP_B", "range", "is not between 1 and N - 1")
        secret_block = parameter(parameters, "SECRET_BLOCK")
        secret_bytes = parse_base64("SECRET_BLOCK", secret_block)
        moment = read_clock(self._clock) if now is None else timestamp(now)

        u = formulas.scrambler(self._public_a, public_b)
        x = formulas.private_key(salt, group_name, identity, self._password)
        v = verifier_of(x, self._arithmetic)
        premaster = formulas.client_premaster(self._a, public_b, v, x, u, self._arithmetic)
        key = formulas.session_key(premaster, u)
        signature = formulas.claim_signature(key, group_name, identity, secret_bytes, moment)
        return Claim(signature, secret_block, moment)


class PasswordSession(_Session):
    """One attempt to prove a user's password: USER_SRP_AUTH and PASSWORD_VERIFIER.

    pool_id: "us-east-1_Ab1"; only what follows the last underscore is hashed.
    username: the login name, for InitiateAuth's USERNAME. It is not hashed: USER_ID_FOR_SRP is.
    password: 1 to 4,096 characters, hashed as they are: no normalisation, no trimming.
    entropy: returns n random bytes; clock: returns Unix seconds, asked when signing.
    arithmetic: which exponentiation to insist on (`cognito_srp.arithmetic.load`); the preferred one when left out.

    Raises UsageError for a malformed argument. It cannot be pickled, and its repr tells no more than its state.
    """

    __slots__ = ("_pool_name", "username")

    def __init__(
        self,
        pool_id: str,
        *,
        username: str,
        password: str,
        entropy: Callable[[int], bytes] = os.urandom,
        clock: Callable[[], float] = time.time,
        arithmetic: Arithmetic | None = None,
    ) -> None:
        self._pool_name = pool_name(pool_id)
        utf8("username", username)
        self.username: Final = username
        super().__init__(password, entropy, clock, arithmetic)

    def prove(self, challenge_parameters: Mapping[str, str], *, now: float | None = None) -> Claim:
        """The answer to PASSWORD_VERIFIER's SALT, SRP_B, SECRET_BLOCK and USER_ID_FOR_SRP.

        now: Unix seconds to sign with, instead of asking the session's clock.
        Raises PeerError for a hostile or malformed parameter and UsageError on a second use. A refused challenge
        leaves the session as it was.
        """
        return self._prove(challenge_parameters, self._names, formulas.password_verifier, now)

    def _names(self, parameters: Mapping[str, str]) -> tuple[str, str]:
        identity = parameter(parameters, "USER_ID_FOR_SRP")
        utf8("USER_ID_FOR_SRP", identity, error=PeerError)
        return self._pool_name, identity


class DeviceSession(_Session):
    """One attempt to prove a remembered device: DEVICE_SRP_AUTH and DEVICE_PASSWORD_VERIFIER.

    It draws an `a` of its own; entropy, clock and arithmetic are those of PasswordSession.
    """

    __slots__ = ("_device",)

    def __init__(
        self,
        device: Device,
        *,
        entropy: Callable[[int], bytes] = os.urandom,
        clock: Callable[[], float] = time.time,
        arithmetic: Arithmetic | None = None,
    ) -> None:
        if not isinstance(device, Device):
            raise UsageError("device", "type", f"must be a Device, not {type(device).__name__}")
        self._device = device
        super().__init__(device.password, entropy, clock, arithmetic)

    def prove(self, challenge_parameters: Mapping[str, str], *, now: float | None = None) -> Claim:
        """The answer to DEVICE_PASSWORD_VERIFIER's SALT, SRP_B and SECRET_BLOCK. Raises as PasswordSession does."""
        names = self._device.group_key, self._device.key
        return self._prove(challenge_parameters, lambda _: names, formulas.device_verifier, now)
