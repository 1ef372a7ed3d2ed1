"""One sign-in under way: what a Session or a secret block stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cognito_challenges.pool.store.records import AppClient, Device, User, UserPool
from cognito_srp import ServerSession, Verifier
from cognito_srp.group import K, N


@dataclass(frozen=True, slots=True)
class Probe:
    """A mistake that a challenge tests: g^x, k and g as a client that makes it has them. Its proofs are all refused."""

    mistake: str
    value: int = field(repr=False)
    k: int = K
    g: int = 2

    def srp_b(self, b: int) -> int:
        """B = k g^x + g^b mod N, as this client needs it."""
        return (self.k * self.value + pow(self.g, b, N)) % N


@dataclass(frozen=True, slots=True)
class SrpChallenge:
    """An SRP challenge that waits for its proof.

    `b`, the exponent's 32 bytes, and `verifier`, the user's or device's own, are kept only by a pool that explains;
    `probe` is what B was made with instead in a challenge that tests for a mistake. `device` is None for a user's
    password. `session` is the Session that was issued with the challenge, if one was.
    """

    server: ServerSession
    srp_a: str
    salt: str
    srp_b: str
    secret_block: str
    device: Device | None = None
    session: str | None = field(default=None, repr=False)
    b: bytes | None = field(default=None, repr=False)
    verifier: Verifier | None = field(default=None, repr=False)
    probe: Probe | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in between two requests. Every step makes a new one; nothing in it is changed.

    number: of the sign-in in the journal; 0 before there is one. awaits: the challenge that has to be answered, or the
    operation that takes the Session of a sign-up; passed: what has been proved so far, of "PASSWORD", "EMAIL_OTP",
    "SMS_OTP", "TOTP", "WEB_AUTHN" (with "PLATFORM" or "ROAMING", and "VERIFIED_USER"), "CUSTOM", "DEVICE", "SIGN_UP".
    target: the authentication level that was asked for. user: for a login name that does not exist and must not show
    it, a stand-in outside the pool whose proofs all fail. epoch: the user's, as of the latest step of this sign-in.
    device: the remembered device that has proved itself. code_for: the address that the code was sent to.
    """

    number: int
    pool: UserPool
    client: AppClient
    user: User
    login_name: str
    flow: str
    awaits: str = ""
    passed: frozenset[str] = frozenset()
    epoch: int = 0
    device_key: str | None = None
    device: Device | None = None
    code_for: str = field(default="", repr=False)
    code: str | None = field(default=None, repr=False)
    srp: SrpChallenge | None = field(default=None, repr=False)
    totp_secret: bytes | None = field(default=None, repr=False)
    totp_verified: bool = False
    passkey_challenge: bytes | None = field(default=None, repr=False)
    offered: tuple[str, ...] = ()
    target: int = 0
    history: tuple[Mapping[str, object], ...] = ()
    private: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    metadata: str | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """The request that triggers are called for: its operation, whose app client sent it, and its ClientMetadata."""

    operation: str
    client_id: str
    metadata: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """One request of a sign-in: its AuthParameters or ChallengeResponses, and who sent it."""

    parameters: Mapping[str, str] = field(repr=False)
    caller: Caller
