"""Challenges that a choice answers: of a first factor, of a second one, or of one to set up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cognito_srp import UsageError

from .base import NOTHING, BaseChallenge, Response, credential_text, from_parameter, read_list, read_object

_BY_EMAIL: Final = frozenset({"EMAIL_MFA", "EMAIL_OTP"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectChallenge(BaseChallenge):
    """SELECT_CHALLENGE: choose a first factor.

    available: of PASSWORD, PASSWORD_SRP, WEB_AUTHN, SMS_OTP, EMAIL_OTP. options: what a passkey would sign, the
    PublicKeyCredentialRequestOptionsJSON, where the service sends it here already.
    """

    name = "SELECT_CHALLENGE"
    response_fields = ("ANSWER", "PASSWORD", "SRP_A", "CREDENTIAL")
    available: tuple[str, ...] = ()
    options: Mapping[str, Any] = from_parameter(
        "CREDENTIAL_REQUEST_OPTIONS", read_object, default=NOTHING, in_repr=False
    )

    def response(
        self, choice: str, *, password: str | None = None, credential: str | Mapping[str, Any] | None = None
    ) -> Response:
        """Answer with one of `available`, or with any name when the service listed none.

        password: for PASSWORD and PASSWORD_SRP, the attempt's own when left out. credential: for WEB_AUTHN, the
        AuthenticationResponseJSON; when left out, the service asks for it next. Raises UsageError for another choice
        and for a password or credential that does not go with it.
        """
        if self.available and choice not in self.available:
            raise UsageError("ANSWER", "range", "must be one of `available`")
        if password is not None and choice not in ("PASSWORD", "PASSWORD_SRP"):
            raise UsageError("password", "range", "goes with PASSWORD and PASSWORD_SRP only")
        if credential is not None and choice != "WEB_AUTHN":
            raise UsageError("credential", "range", "goes with WEB_AUTHN only")
        responses = {} if credential is None else {"CREDENTIAL": credential_text(credential)}
        return self._response({"ANSWER": choice, **responses}, password=password)


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectMfaType(BaseChallenge):
    """SELECT_MFA_TYPE: the user has several second factors.

    choices: such as SMS_MFA, SOFTWARE_TOKEN_MFA. medium, destination: where a code would go, masked by the service.
    """

    name = "SELECT_MFA_TYPE"
    response_fields = ("ANSWER",)
    choices: tuple[str, ...] = from_parameter("MFAS_CAN_CHOOSE", read_list, default=())
    medium: str | None = from_parameter("CODE_DELIVERY_DELIVERY_MEDIUM")
    destination: str | None = from_parameter("CODE_DELIVERY_DESTINATION")

    def response(self, choice: str) -> Response:
        """Answer with one of `choices`. Raises UsageError for another, when the service named any.

        The service names the factor by e-mail EMAIL_OTP in its enumerations and EMAIL_MFA in its texts: where it
        offers one of the two, either can be chosen.
        """
        offered = set(self.choices)
        if offered & _BY_EMAIL:
            offered |= _BY_EMAIL
        if offered and choice not in offered:
            raise UsageError("ANSWER", "range", "must be one of `choices`")
        return self._response({"ANSWER": choice})


@dataclass(frozen=True, slots=True, kw_only=True)
class MfaSetup(BaseChallenge):
    """MFA_SETUP: the pool requires a second factor and the user has none. can_setup: such as SOFTWARE_TOKEN_MFA.

    For codes by text message or e-mail the service's model says: give the user a phone_number or email attribute
    (AdminUpdateUserAttributes, UpdateUserAttributes), then begin a new attempt.
    """

    name = "MFA_SETUP"
    response_fields = ("EMAIL",)
    can_setup: tuple[str, ...] = from_parameter("MFAS_CAN_SETUP", read_list, default=())

    def totp(self) -> Response:
        """Enrol an authenticator app: the next step is a `TotpEnrolment`."""
        return self._response({})

    def email(self, address: str) -> Response:
        """Answer with EMAIL, an address for codes. The service's model does not show this response.

        Take it for pools that are known to accept it; the way that the model describes is a new attempt, see above.
        """
        return self._response({"EMAIL": address})
