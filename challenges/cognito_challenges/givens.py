"""What the caller gives to a sign-in once and for all, and what is made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cognito_srp import Device, DeviceSession, PasswordSession, UsageError
from cognito_srp.arithmetic import Arithmetic
from cognito_srp.encoding import utf8

from . import totp
from .app_client import AppClient, RequestParts
from .clock import FollowingClock
from .flows import Opening


@dataclass(frozen=True, slots=True, kw_only=True)
class Givens:
    """The half of a sign-in that its answers do not change.

    opening: None for a sign-in that was resumed. Raises UsageError for a malformed member, before anything is sent.
    """

    client: AppClient
    login: str
    password: str | None = field(repr=False)
    totp_secret: str | None = field(repr=False)
    parts: RequestParts
    opening: Opening | None
    clock: FollowingClock
    entropy: Callable[[int], bytes]
    arithmetic: Arithmetic | None

    def __post_init__(self) -> None:
        utf8("username", self.login)
        if self.password is not None:
            utf8("password", self.password)
        if self.totp_secret is not None:
            totp.secret_bytes(self.totp_secret)
        self.parts.document(self.client)

    def without_secrets(self) -> Givens:
        """What is left when the sign-in is over."""
        return replace(self, password=None, totp_secret=None, opening=None)

    def needed_password(self, instead: str | None = None) -> str:
        """The password, or the one given instead. Raises UsageError when there is none."""
        known = self.password if instead is None else instead
        if known is None:
            raise UsageError("password", "missing", "is needed for this answer")
        return known

    def password_session(self, password: str | None = None) -> PasswordSession:
        """A fresh proof of the password, or of the one given."""
        return PasswordSession(
            self.client.pool_id,
            username=self.login,
            password=self.needed_password(password),
            entropy=self.entropy,
            clock=self.clock,
            arithmetic=self.arithmetic,
        )

    def device_session(self, device: Device) -> DeviceSession:
        """A fresh proof of the device's own password."""
        return DeviceSession(device, entropy=self.entropy, clock=self.clock, arithmetic=self.arithmetic)

    def identification(self, username: str, device: Device | None) -> dict[str, str]:
        """SECRET_HASH over the username that goes with it, and DEVICE_KEY, where they apply."""
        members: dict[str, str] = {}
        secret_hash = self.client.secret_hash(username)
        if secret_hash is not None:
            members["SECRET_HASH"] = secret_hash
        if device is not None:
            members["DEVICE_KEY"] = device.key
        return members
