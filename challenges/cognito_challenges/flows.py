"""Every AuthFlow of InitiateAuth and AdminInitiateAuth: what it needs and what AuthParameters it sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from cognito_srp import UsageError
from cognito_srp.encoding import utf8

from .requests import check_token
from .unpicklable import Unpicklable

FlowName = Literal[
    "USER_SRP_AUTH",
    "CUSTOM_AUTH",
    "USER_AUTH",
    "USER_PASSWORD_AUTH",
    "ADMIN_USER_PASSWORD_AUTH",
    "ADMIN_NO_SRP_AUTH",
]


@dataclass(frozen=True, slots=True)
class Flow:
    """One AuthFlow.

    password: "srp" when SRP_A is sent, "plain" when PASSWORD is, "chosen" when PREFERRED_CHALLENGE decides, and
        "srp if given" when SRP comes first only with a password. admin: whether it exists for Admin operations alone.
    """

    password: Literal["srp", "srp if given", "plain", "chosen"]
    admin: bool = False


FLOWS: Final[Mapping[FlowName, Flow]] = {
    "USER_SRP_AUTH": Flow("srp"),
    "CUSTOM_AUTH": Flow("srp if given"),
    "USER_AUTH": Flow("chosen"),
    "USER_PASSWORD_AUTH": Flow("plain"),
    "ADMIN_USER_PASSWORD_AUTH": Flow("plain", admin=True),
    "ADMIN_NO_SRP_AUTH": Flow("plain", admin=True),
}


@dataclass(frozen=True, slots=True)
class StepUp(Unpicklable):
    """Step-up authentication, with USER_AUTH alone.

    target_acr_values: authentication context class references, best first. max_age: seconds since the user last
    authenticated that still count. access_token: credits the methods of an earlier sign-in of the same user.
    """

    target_acr_values: tuple[str, ...] = ()
    max_age: int | None = None
    access_token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.access_token is not None and not self.target_acr_values:
            raise UsageError("TARGET_ACR_VALUES", "missing", "must be given with an access token")
        if self.access_token is not None:
            check_token("ACCESS_TOKEN", self.access_token)
        if self.max_age is not None and self.max_age < 0:
            raise UsageError("MAX_AGE", "range", "is negative")
        for value in self.target_acr_values:
            if not value or " " in value:
                raise UsageError("TARGET_ACR_VALUES", "syntax", "holds an empty value or one with a space")

    def auth_parameters(self) -> dict[str, str]:
        """The AuthParameters that ask for it."""
        parameters: dict[str, str] = {}
        if self.target_acr_values:
            parameters["TARGET_ACR_VALUES"] = " ".join(self.target_acr_values)
        if self.max_age is not None:
            parameters["MAX_AGE"] = str(self.max_age)
        if self.access_token is not None:
            parameters["ACCESS_TOKEN"] = self.access_token
        return parameters


@dataclass(frozen=True, slots=True)
class Opening(Unpicklable):
    """How a sign-in opens: the flow, and what it sends of the password.

    Raises UsageError for a combination that the service does not have.
    """

    flow: FlowName = "USER_SRP_AUTH"
    preferred_challenge: str | None = None
    step_up: StepUp | None = None
    session: str | None = field(default=None, repr=False)

    def check(self, *, password: str | None, admin: bool) -> None:
        """Refuse what the flow lacks or does not take, before anything is sent."""
        flow = FLOWS.get(self.flow)
        if flow is None:
            raise UsageError("flow", "range", f"must be one of {', '.join(FLOWS)}")
        if flow.admin and not admin:
            raise UsageError("flow", "range", f"{self.flow} needs an AppClient with admin=True")
        if self.flow == "USER_PASSWORD_AUTH" and admin:
            raise UsageError("flow", "range", "is ADMIN_USER_PASSWORD_AUTH for an AppClient with admin=True")
        if self.flow != "USER_AUTH":
            for name, value in (
                ("preferred_challenge", self.preferred_challenge),
                ("step_up", self.step_up),
                ("session", self.session),
            ):
                if value is not None:
                    raise UsageError(name, "range", "is taken by USER_AUTH alone")
        if self.preferred_challenge is not None:
            utf8("preferred_challenge", self.preferred_challenge)
        if password is None and (self.sends_srp_a(None) or self.sends_password):
            raise UsageError("password", "missing", f"is needed for {self.flow}")

    def sends_srp_a(self, password: str | None) -> bool:
        """Whether SRP_A goes out with the first request."""
        kind = FLOWS[self.flow].password
        return (
            kind == "srp"
            or (kind == "srp if given" and password is not None)
            or (kind == "chosen" and self.preferred_challenge == "PASSWORD_SRP")
        )

    @property
    def sends_password(self) -> bool:
        """Whether the password itself goes out with the first request."""
        kind = FLOWS[self.flow].password
        return kind == "plain" or (kind == "chosen" and self.preferred_challenge == "PASSWORD")

    def auth_parameters(self, username: str, password: str | None, srp_a: str | None) -> dict[str, str]:
        """AuthParameters without SECRET_HASH and DEVICE_KEY, which are the same for each flow."""
        parameters = {"USERNAME": username}
        if srp_a is not None:
            parameters["SRP_A"] = srp_a
            if self.flow == "CUSTOM_AUTH":
                parameters["CHALLENGE_NAME"] = "SRP_A"
        if self.sends_password and password is not None:
            parameters["PASSWORD"] = password
        if self.preferred_challenge is not None:
            parameters["PREFERRED_CHALLENGE"] = self.preferred_challenge
        return parameters | (self.step_up.auth_parameters() if self.step_up else {})
