"""Every challenge of the service: what comes, what goes back, and the class that stands for it.

A challenge is a small frozen dataclass. Its fields name the challenge parameters that they are read from, and its
`response(...)` makes the ChallengeResponses. USERNAME, SECRET_HASH, DEVICE_KEY and Session are added by the machine:
they follow the same rules for every challenge.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from cognito_srp import UsageError

from .challenge import (
    NOTHING,
    USER_ATTRIBUTE_PREFIX,
    Challenge,
    Response,
    parameter,
    read_attribute_names,
    read_fields,
    read_list,
    read_object,
)
from .totp import otpauth_uri

_MACHINE_FIELDS: Final = frozenset({"USERNAME", "SECRET_HASH", "DEVICE_KEY"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDelivery(Challenge):
    """A one-time code was sent. medium: "SMS" or "EMAIL"; destination: where to, masked by the service."""

    medium: str | None = parameter("CODE_DELIVERY_DELIVERY_MEDIUM")
    destination: str | None = parameter("CODE_DELIVERY_DESTINATION")

    def response(self, code: str) -> Response:
        """Answer with the code that was delivered."""
        return self._response(**{self.answers[0]: code})


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsMfa(CodeDelivery):
    """SMS_MFA: a second factor by text message."""

    name = "SMS_MFA"
    answers = ("SMS_MFA_CODE",)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailMfa(CodeDelivery):
    """EMAIL_MFA: a second factor by e-mail, under the name that the service's texts use."""

    name = "EMAIL_MFA"
    answers = ("EMAIL_MFA_CODE",)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailOtp(CodeDelivery):
    """EMAIL_OTP: a first or second factor by e-mail."""

    name = "EMAIL_OTP"
    answers = ("EMAIL_OTP_CODE",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsOtp(CodeDelivery):
    """SMS_OTP: a first factor by text message."""

    name = "SMS_OTP"
    answers = ("SMS_OTP_CODE",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftwareTokenMfa(Challenge):
    """SOFTWARE_TOKEN_MFA: the code that an authenticator app shows.

    friendly_device_name: how the user named the app at enrolment.
    """

    name = "SOFTWARE_TOKEN_MFA"
    answers = ("SOFTWARE_TOKEN_MFA_CODE",)
    friendly_device_name: str | None = parameter("FRIENDLY_DEVICE_NAME")

    def response(self, code: str) -> Response:
        """Answer with the six digits."""
        return self._response(SOFTWARE_TOKEN_MFA_CODE=code)


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectMfaType(Challenge):
    """SELECT_MFA_TYPE: the user has several second factors.

    choices: such as SMS_MFA, SOFTWARE_TOKEN_MFA. medium, destination: where a code would go, masked by the service.
    """

    name = "SELECT_MFA_TYPE"
    answers = ("ANSWER",)
    choices: tuple[str, ...] = parameter("MFAS_CAN_CHOOSE", read_list, default=())
    medium: str | None = parameter("CODE_DELIVERY_DELIVERY_MEDIUM")
    destination: str | None = parameter("CODE_DELIVERY_DESTINATION")

    def response(self, choice: str) -> Response:
        """Answer with one of `choices`. Raises UsageError for another, when the service named any."""
        if self.choices and choice not in self.choices:
            raise UsageError("ANSWER", "range", "is not among `choices`")
        return self._response(ANSWER=choice)


@dataclass(frozen=True, slots=True, kw_only=True)
class MfaSetup(Challenge):
    """MFA_SETUP: the pool requires a second factor and the user has none. can_setup: such as SOFTWARE_TOKEN_MFA."""

    name = "MFA_SETUP"
    answers = ("EMAIL",)
    can_setup: tuple[str, ...] = parameter("MFAS_CAN_SETUP", read_list, default=())

    def totp(self) -> Response:
        """Enrol an authenticator app: the next step is a `TotpEnrolment`."""
        return self._response()

    def email(self, address: str) -> Response:
        """Enrol e-mail codes at this address."""
        return self._response(EMAIL=address)


@dataclass(frozen=True, slots=True, kw_only=True)
class TotpEnrolment(Challenge):
    """An authenticator app to enrol: show `uri(...)` as a QR code, or `secret_code` as text, and ask for a code.

    It is the second half of MFA_SETUP, after `MfaSetup.totp()` and AssociateSoftwareToken. secret_code: Base32.
    """

    name = "TOTP_ENROLMENT"
    answers = ("UserCode", "FriendlyDeviceName")
    secret_code: str = field(default="", repr=False)
    account: str = ""

    def uri(self, issuer: str) -> str:
        """The otpauth:// URI of the key-URI format, for a QR code."""
        return otpauth_uri(self.secret_code, issuer=issuer, account=self.account)

    def response(self, code: str, *, friendly_device_name: str | None = None) -> Response:
        """Answer with the code that the app shows; friendly_device_name: what the user calls the app."""
        names = {} if friendly_device_name is None else {"FriendlyDeviceName": friendly_device_name}
        return self._response(UserCode=code, **names)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasswordRequired(Challenge):
    """NEW_PASSWORD_REQUIRED: the password was temporary.

    required_attributes: names to give a value, without the `userAttributes.` prefix; user_attributes: what is known.
    """

    name = "NEW_PASSWORD_REQUIRED"
    answers = ("NEW_PASSWORD", "userAttributes.*")
    required_attributes: tuple[str, ...] = parameter("requiredAttributes", read_attribute_names, default=())
    user_attributes: Mapping[str, Any] = parameter("userAttributes", read_object, default=NOTHING, shown=False)

    def response(self, new_password: str, attributes: Mapping[str, str] | None = None) -> Response:
        """Answer with the new password and the values of attributes, named without prefix.

        Raises UsageError when a required attribute that has no value yet is left out, or when one that has a value
        would be changed, which the service does not do here.
        """
        given = {name.removeprefix(USER_ATTRIBUTE_PREFIX): value for name, value in (attributes or {}).items()}
        missing = [
            name for name in self.required_attributes if not self.user_attributes.get(name) and name not in given
        ]
        if missing:
            raise UsageError("userAttributes", "missing", f"must give a value to {', '.join(missing)}")
        for name in given:
            if name in self.required_attributes and self.user_attributes.get(name):
                raise UsageError("userAttributes", "range", f"cannot change {name}, which has a value")
        responses = {USER_ATTRIBUTE_PREFIX + name: value for name, value in given.items()}
        return self._response(NEW_PASSWORD=new_password, **responses)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomChallenge(Challenge):
    """CUSTOM_CHALLENGE: whatever the pool's Lambda triggers ask; `parameters` holds the question."""

    name = "CUSTOM_CHALLENGE"
    answers = ("ANSWER",)

    def response(self, answer: str) -> Response:
        """Answer the question."""
        return self._response(ANSWER=answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectChallenge(Challenge):
    """SELECT_CHALLENGE: choose a first factor.

    available: of PASSWORD, PASSWORD_SRP, WEB_AUTHN, SMS_OTP, EMAIL_OTP. options: what a passkey would sign, the
    PublicKeyCredentialRequestOptionsJSON, where the service sends it here already.
    """

    name = "SELECT_CHALLENGE"
    answers = ("ANSWER", "PASSWORD", "SRP_A", "CREDENTIAL")
    available: tuple[str, ...] = ()
    options: Mapping[str, Any] = parameter("CREDENTIAL_REQUEST_OPTIONS", read_object, default=NOTHING, shown=False)

    def response(
        self, choice: str, *, password: str | None = None, credential: str | Mapping[str, Any] | None = None
    ) -> Response:
        """Answer with one of `available`, or with any name when the service listed none.

        password: for PASSWORD and PASSWORD_SRP, the attempt's own when left out. credential: for WEB_AUTHN, the
        AuthenticationResponseJSON; when left out, the service asks for it next. Raises UsageError for another choice
        and for a password or credential that does not go with it.
        """
        if self.available and choice not in self.available:
            raise UsageError("ANSWER", "range", "is not among `available`")
        if password is not None and choice not in ("PASSWORD", "PASSWORD_SRP"):
            raise UsageError("password", "range", "goes with PASSWORD and PASSWORD_SRP alone")
        if credential is not None and choice != WebAuthn.name:
            raise UsageError("credential", "range", "goes with WEB_AUTHN alone")
        responses = {} if credential is None else {"CREDENTIAL": _credential(credential)}
        return self._response(password, ANSWER=choice, **responses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Password(Challenge):
    """PASSWORD: the service asks for the password itself. It is sent only when the caller answers, never by itself."""

    name = "PASSWORD"
    answers = ("PASSWORD",)

    def response(self, password: str | None = None) -> Response:
        """Answer with this password, or with the attempt's own."""
        return self._response(password)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminNoSrpAuth(Challenge):
    """ADMIN_NO_SRP_AUTH: the service asks the server side for the password itself. Sent only when answered."""

    name = "ADMIN_NO_SRP_AUTH"
    answers = ("PASSWORD",)

    def response(self, password: str | None = None) -> Response:
        """Answer with this password, or with the attempt's own."""
        return self._response(password)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordSrp(Challenge):
    """PASSWORD_SRP: the service asks for SRP_A. It reaches the caller only when the attempt has no password."""

    name = "PASSWORD_SRP"
    answers = ("SRP_A",)

    def response(self, password: str | None = None) -> Response:
        """Prove this password, or the attempt's own."""
        return self._response(password)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAuthn(Challenge):
    """WEB_AUTHN: a passkey signs `options`, the PublicKeyCredentialRequestOptionsJSON."""

    name = "WEB_AUTHN"
    answers = ("CREDENTIAL",)
    options: Mapping[str, Any] = parameter("CREDENTIAL_REQUEST_OPTIONS", read_object, default=NOTHING, shown=False)

    def response(self, credential: str | Mapping[str, Any]) -> Response:
        """Answer with the AuthenticationResponseJSON, as a document or as JSON text."""
        return self._response(CREDENTIAL=_credential(credential))


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherChallenge(Challenge):
    """A challenge of a name that this version does not know, with all that came with it."""

    name = "*"
    answers = ("*",)
    challenge_name: str = ""
    available: tuple[str, ...] = ()

    def response(self, responses: Mapping[str, str]) -> Response:
        """Answer with these ChallengeResponses; USERNAME, SECRET_HASH and DEVICE_KEY are added."""
        taken = _MACHINE_FIELDS & responses.keys()
        if taken:
            raise UsageError(min(taken), "range", "is set by the machine")
        return Response(self.challenge_name, self._checked(responses))


PersonChallenge = (
    SmsMfa
    | EmailMfa
    | EmailOtp
    | SmsOtp
    | SoftwareTokenMfa
    | SelectMfaType
    | MfaSetup
    | TotpEnrolment
    | NewPasswordRequired
    | CustomChallenge
    | SelectChallenge
    | Password
    | AdminNoSrpAuth
    | PasswordSrp
    | WebAuthn
    | OtherChallenge
)
"""Every challenge that can reach the caller."""

CHALLENGES: Final[Mapping[str, type[PersonChallenge]]] = {
    kind.name: kind
    for kind in (
        SmsMfa,
        EmailMfa,
        EmailOtp,
        SmsOtp,
        SoftwareTokenMfa,
        SelectMfaType,
        MfaSetup,
        NewPasswordRequired,
        CustomChallenge,
        SelectChallenge,
        Password,
        AdminNoSrpAuth,
        PasswordSrp,
        WebAuthn,
    )
}
"""ChallengeName to class, for all that a person or the calling code may answer."""

PROOFS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "PASSWORD_VERIFIER": (
        ("SALT", "SRP_B", "SECRET_BLOCK", "USERNAME", "USER_ID_FOR_SRP"),
        ("PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"),
    ),
    "DEVICE_SRP_AUTH": (("USERNAME",), ("DEVICE_KEY", "SRP_A")),
    "DEVICE_PASSWORD_VERIFIER": (
        ("SALT", "SRP_B", "SECRET_BLOCK", "DEVICE_KEY", "USERNAME"),
        ("DEVICE_KEY", "PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"),
    ),
}
"""ChallengeName to (parameters in, responses out), for the proofs that the machine gives by itself."""


def challenge_name(challenge: PersonChallenge) -> str:
    """The service's ChallengeName of a challenge, of an unknown one too."""
    return challenge.challenge_name if isinstance(challenge, OtherChallenge) else challenge.name


def read_challenge(name: str, parameters: Mapping[str, str], available: Sequence[str]) -> PersonChallenge:
    """The challenge of that name, its fields read from its parameters. Raises PeerError for a malformed one."""
    kind = CHALLENGES.get(name, OtherChallenge)
    fields = read_fields(kind, parameters)
    if kind is OtherChallenge:
        fields["challenge_name"] = name
    if kind is OtherChallenge or kind is SelectChallenge:
        fields["available"] = tuple(available)
    return kind(**fields)


def _credential(credential: str | Mapping[str, Any]) -> str:
    return credential if isinstance(credential, str) else json.dumps(dict(credential))
