"""Every AuthFlow of InitiateAuth and AdminInitiateAuth: what it needs and what AuthParameters it sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from cognito_challenges.answers import read_session
from cognito_challenges.requests import check_token
from cognito_srp import PeerError, UsageError
from cognito_srp.encoding import utf8, wrong_type
from cognito_srp.unpicklable import Unpicklable

FlowName = Literal[
    "USER_SRP_AUTH",
    "CUSTOM_AUTH",
    "USER_AUTH",
    "USER_PASSWORD_AUTH",
    "ADMIN_USER_PASSWORD_AUTH",
    "ADMIN_NO_SRP_AUTH",
]
"""The AuthFlows that sign a user in. REFRESH_TOKEN_AUTH is `refresh_token_auth`."""


@dataclass(frozen=True, slots=True)
class FlowRule:
    """What one AuthFlow does with the password.

    password: "srp" when SRP_A is sent, "plain" when PASSWORD is, "chosen" when PREFERRED_CHALLENGE decides, and
        "srp if given" when SRP comes first only with a password. admin: whether only the Admin operations have it.
    """

    password: Literal["srp", "srp if given", "plain", "chosen"]
    admin: bool = False


FLOWS: Final[Mapping[FlowName, FlowRule]] = {
    "USER_SRP_AUTH": FlowRule("srp"),
    "CUSTOM_AUTH": FlowRule("srp if given"),
    "USER_AUTH": FlowRule("chosen"),
    "USER_PASSWORD_AUTH": FlowRule("plain"),
    "ADMIN_USER_PASSWORD_AUTH": FlowRule("plain", admin=True),
    "ADMIN_NO_SRP_AUTH": FlowRule("plain", admin=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUp(Unpicklable):
    """Step-up authentication, with USER_AUTH only: ask for a higher level of authentication than the last one.

    target_acr_values: authentication context class references, best first, each a URI without spaces; they are sent
    as one string with spaces between them (TARGET_ACR_VALUES). max_age: seconds since the user last authenticated that
    still count (MAX_AGE), at least 0. access_token: credits the methods of an earlier sign-in of the same user.

        StepUp(target_acr_values=("urn:cognito:loa:4", "urn:cognito:loa:3"), max_age=300)

    Raises UsageError for a combination that the service does not have.
    """

    target_acr_values: tuple[str, ...] = ()
    max_age: int | None = None
    access_token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not isinstance(self.target_acr_values, tuple):
            raise wrong_type("TARGET_ACR_VALUES", self.target_acr_values, "a tuple of strings")
        for value in self.target_acr_values:
            utf8("TARGET_ACR_VALUES", value)
            if " " in value:
                raise UsageError("TARGET_ACR_VALUES", "syntax", "must be values without spaces")
        if self.access_token is not None:
            check_token("ACCESS_TOKEN", self.access_token)
            if not self.target_acr_values:
                raise UsageError("TARGET_ACR_VALUES", "missing", "must be given with an access token")
        if self.max_age is not None:
            if isinstance(self.max_age, bool) or not isinstance(self.max_age, int):
                raise wrong_type("MAX_AGE", self.max_age, "a whole number of seconds")
            if self.max_age < 0:
                raise UsageError("MAX_AGE", "range", "must not be negative")

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


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthFlow(Unpicklable):
    """The flow that a sign-in begins with, as the caller chose it.

    name: an AuthFlow. preferred_challenge, step_up, session (of ConfirmSignUp): with USER_AUTH only.
    """

    name: FlowName = "USER_SRP_AUTH"
    preferred_challenge: str | None = None
    step_up: StepUp | None = None
    session: str | None = field(default=None, repr=False)

    def check(self, *, password: str | None, admin: bool) -> None:
        """Raise UsageError for what the flow lacks or does not take, before anything is sent."""
        rule = FLOWS.get(self.name) if isinstance(self.name, str) else None
        if rule is None:
            raise UsageError("flow", "range", f"must be one of {', '.join(FLOWS)}")
        if rule.admin and not admin:
            raise UsageError("flow", "range", f"{self.name} needs an AppClient with admin=True")
        if self.name == "USER_PASSWORD_AUTH" and admin:
            raise UsageError("flow", "range", "use ADMIN_USER_PASSWORD_AUTH with admin=True")
        given = {"preferred_challenge": self.preferred_challenge, "step_up": self.step_up, "session": self.session}
        for name, value in given.items():
            if value is not None and self.name != "USER_AUTH":
                raise UsageError(name, "range", "goes with USER_AUTH only")
        self._check_options()
        if password is None and (self.sends_srp_a(None) or self.sends_password):
            raise UsageError("password", "missing", f"is needed for {self.name}")

    def sends_srp_a(self, password: str | None) -> bool:
        """Whether SRP_A goes out with the first request."""
        use = FLOWS[self.name].password
        return (
            use == "srp"
            or (use == "srp if given" and password is not None)
            or (use == "chosen" and self.preferred_challenge == "PASSWORD_SRP")
        )

    @property
    def sends_password(self) -> bool:
        """Whether the password itself goes out with the first request."""
        use = FLOWS[self.name].password
        return use == "plain" or (use == "chosen" and self.preferred_challenge == "PASSWORD")

    def auth_parameters(self, username: str, password: str | None, srp_a: str | None) -> dict[str, str]:
        """AuthParameters without SECRET_HASH and DEVICE_KEY, which are the same for each flow."""
        parameters = {"USERNAME": username}
        if srp_a is not None:
            parameters["SRP_A"] = srp_a
            if self.name == "CUSTOM_AUTH":
                parameters["CHALLENGE_NAME"] = "SRP_A"
        if self.sends_password and password is not None:
            parameters["PASSWORD"] = password
        if self.preferred_challenge is not None:
            parameters["PREFERRED_CHALLENGE"] = self.preferred_challenge
        return parameters | (self.step_up.auth_parameters() if self.step_up else {})

    def _check_options(self) -> None:
        if self.preferred_challenge is not None:
            utf8("preferred_challenge", self.preferred_challenge)
        if self.step_up is not None and not isinstance(self.step_up, StepUp):
            raise wrong_type("step_up", self.step_up, "a StepUp")
        try:
            read_session({"Session": self.session})
        except PeerError as error:
            raise UsageError("session", error.reason, error.detail) from None
