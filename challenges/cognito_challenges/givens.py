"""What the caller gives to a sign-in once and for all, and what is made from it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from cognito_srp import Device, DeviceSession, PasswordSession, UsageError
from cognito_srp.arithmetic import Arithmetic
from cognito_srp.encoding import utf8

from . import totp
from .app_client import AppClient, RequestParts


@dataclass(frozen=True, slots=True)
class Givens:
    """The unchanging half of a sign-in. Raises UsageError for a malformed member, before anything is sent."""

    client: AppClient
    login: str
    password: str | None = field(default=None, repr=False)
    totp_secret: str | None = field(default=None, repr=False)
    parts: RequestParts = field(default_factory=RequestParts)
    entropy: Callable[[int], bytes] = os.urandom
    clock: Callable[[], float] = time.time
    arithmetic: Arithmetic | None = None

    def __post_init__(self) -> None:
        utf8("username", self.login)
        if self.password is not None:
            utf8("password", self.password)
        if self.totp_secret is not None:
            totp.secret_bytes(self.totp_secret)
        self.parts.document(self.client)

    def needed_password(self, instead: str | None = None) -> str:
        """The password, or the one given instead. Raises UsageError when there is none."""
        known = self.password if instead is None else instead
        if known is None:
            raise UsageError("password", "missing", "is needed for this answer")
        return known

    def password_session(self, clock: Callable[[], float], password: str | None = None) -> PasswordSession:
        """A fresh proof of the password, or of the one given."""
        return PasswordSession(
            self.client.pool_id,
            username=self.login,
            password=self.needed_password(password),
            entropy=self.entropy,
            clock=clock,
            arithmetic=self.arithmetic,
        )

    def device_session(self, device: Device, clock: Callable[[], float]) -> DeviceSession:
        """A fresh proof of the device's own password."""
        return DeviceSession(device, entropy=self.entropy, clock=clock, arithmetic=self.arithmetic)

    def identification(self, username: str, device: Device | None) -> dict[str, str]:
        """SECRET_HASH over the username that goes with it, and DEVICE_KEY, where they apply."""
        members: dict[str, str] = {}
        secret_hash = self.client.secret_hash(username)
        if secret_hash is not None:
            members["SECRET_HASH"] = secret_hash
        if device is not None:
            members["DEVICE_KEY"] = device.key
        return members
