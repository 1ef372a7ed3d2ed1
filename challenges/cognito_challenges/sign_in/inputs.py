"""What the caller gives to a sign-in at its start, and what is made from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cognito_challenges import totp
from cognito_challenges.app_client import AppClient
from cognito_challenges.metadata import RequestMetadata
from cognito_srp import Arithmetic, Clock, Device, DeviceSession, Entropy, PasswordSession, UsageError
from cognito_srp.encoding import utf8, wrong_type
from cognito_srp.unpicklable import Unpicklable

from .flows import AuthFlow


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs(Unpicklable):
    """The half of a sign-in that the service's answers do not change.

    login: the login name. flow: None for a sign-in that was resumed. The others are the arguments of `SignIn`.
    """

    app_client: AppClient
    login: str
    password: str | None = field(repr=False)
    totp_secret: str | None = field(repr=False)
    metadata: RequestMetadata
    flow: AuthFlow | None
    follow_date: bool
    entropy: Entropy
    clock: Clock
    arithmetic: Arithmetic | None

    def check(self) -> None:
        """Raise UsageError for a malformed member, before anything is sent."""
        check_type("app_client", self.app_client, AppClient, "an AppClient")
        utf8("username", self.login)
        if self.password is not None:
            utf8("password", self.password)
        if self.totp_secret is not None:
            totp.secret_bytes(self.totp_secret)
        check_type("metadata", self.metadata, RequestMetadata, "a RequestMetadata")
        self.metadata.members(self.app_client)
        check_type("follow_date", self.follow_date, bool, "True or False")
        for name, function in (("entropy", self.entropy), ("clock", self.clock)):
            if not callable(function):
                raise wrong_type(name, function, "a function")
        if self.arithmetic is not None:
            check_type("arithmetic", self.arithmetic, Arithmetic, "an Arithmetic")
        if self.flow is not None:
            self.flow.check(password=self.password, admin=self.app_client.admin)

    def without_secrets(self) -> Inputs:
        """What is left when the sign-in is over."""
        return replace(self, password=None, totp_secret=None, flow=None)

    def needed_password(self, instead: str | None = None) -> str:
        """The password, or the one given instead. Raises UsageError when there is none."""
        known = self.password if instead is None else instead
        if known is None:
            raise UsageError("password", "missing", "is needed for this answer")
        return known

    def now(self, correction: float) -> float:
        """Unix seconds by the caller's clock, with `correction` seconds added. Raises UsageError for another value."""
        seconds: object = self.clock()
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise UsageError("clock", "type", f"must return a number, not {type(seconds).__name__}")
        return seconds + correction

    def password_session(self, password: str | None = None) -> PasswordSession:
        """A fresh proof of the password, or of the one given."""
        return PasswordSession(
            self.app_client.pool_id,
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
        secret_hash = self.app_client.secret_hash(username)
        if secret_hash is not None:
            members["SECRET_HASH"] = secret_hash
        if device is not None:
            members["DEVICE_KEY"] = device.key
        return members


def check_device(device: Device | None) -> None:
    """Raise UsageError when the device is not a Device."""
    if device is not None:
        check_type("device", device, Device, "a Device")


def check_type(name: str, value: object, kind: type, expected: str) -> None:
    """Raise UsageError when the value is not of this type; `expected` says which, with its article."""
    if not isinstance(value, kind):
        raise wrong_type(name, value, expected)
