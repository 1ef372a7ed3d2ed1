"""Every challenge of the service: what comes, what goes back, and the class that stands for it.

A challenge is a small frozen dataclass. Its fields name the challenge parameters that they are read from, and its
`response(...)` makes the ChallengeResponses. USERNAME, SECRET_HASH, DEVICE_KEY and Session are added by the machine:
they follow the same rules for every challenge.

To add one: write its class, and put it in the union `Challenge`. The tests name whatever else it needs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, get_args

from cognito_srp import UsageError

from .challenge import (
    NOTHING,
    USER_ATTRIBUTE_PREFIX,
    BaseChallenge,
    Response,
    from_parameter,
    read_attribute_names,
    read_fields,
    read_list,
    read_object,
)
from .errors import printable
from .totp import otpauth_uri, without_spaces


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChallenge(BaseChallenge):
    """A challenge that a one-time code answers, by text message, e-mail or authenticator app.

    Ask for the code once, whichever of them comes: `case CodeChallenge(): step.response(ask("Code: "))`.
    """

    def response(self, code: str) -> Response:
        """Answer with the code. Spaces in it are taken out: apps and messages show "123 456".

        Raises UsageError for a code that is not a string or is empty.
        """
        return self._response({self.response_fields[0]: without_spaces("code", code)})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredCode(CodeChallenge):
    """A one-time code was sent. medium: "SMS" or "EMAIL"; destination: where to, masked by the service."""

    medium: str | None = from_parameter("CODE_DELIVERY_DELIVERY_MEDIUM")
    destination: str | None = from_parameter("CODE_DELIVERY_DESTINATION")


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsMfa(DeliveredCode):
    """SMS_MFA: a second factor by text message."""

    name = "SMS_MFA"
    response_fields = ("SMS_MFA_CODE",)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailMfa(DeliveredCode):
    """EMAIL_MFA: a second factor by e-mail, under the name that the texts of the service's model use."""

    name = "EMAIL_MFA"
    response_fields = ("EMAIL_MFA_CODE",)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailOtp(DeliveredCode):
    """EMAIL_OTP: a first or second factor by e-mail."""

    name = "EMAIL_OTP"
    response_fields = ("EMAIL_OTP_CODE",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsOtp(DeliveredCode):
    """SMS_OTP: a first factor by text message."""

    name = "SMS_OTP"
    response_fields = ("SMS_OTP_CODE",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftwareTokenMfa(CodeChallenge):
    """SOFTWARE_TOKEN_MFA: the six digits that an authenticator app shows.

    friendly_device_name: how the user named the app at enrolment.
    """

    name = "SOFTWARE_TOKEN_MFA"
    response_fields = ("SOFTWARE_TOKEN_MFA_CODE",)
    friendly_device_name: str | None = from_parameter("FRIENDLY_DEVICE_NAME")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TotpEnrolment(BaseChallenge):
    """An authenticator app to enrol: show `uri(...)` as a QR code, or `secret_code` as text, and ask for a code.

    It is the second half of MFA_SETUP, after `MfaSetup.totp()` and AssociateSoftwareToken. secret_code: Base32.
    """

    name = "TOTP_ENROLMENT"
    response_fields = ("UserCode", "FriendlyDeviceName")
    secret_code: str = field(default="", repr=False)
    account: str = ""

    def uri(self, issuer: str) -> str:
        """The otpauth:// URI of the key-URI format, for a QR code."""
        return otpauth_uri(self.secret_code, issuer=issuer, account=self.account)

    def response(self, code: str, *, friendly_device_name: str | None = None) -> Response:
        """Answer with the six digits that the app shows; friendly_device_name: what the user calls the app.

        Raises UsageError for a code that is not six digits, spaces aside: the service's model takes nothing else.
        """
        digits = without_spaces("code", code)
        if len(digits) != 6 or not (digits.isascii() and digits.isdecimal()):
            raise UsageError("code", "syntax", f"must be six digits, not {len(digits)} characters")
        names = {} if friendly_device_name is None else {"FriendlyDeviceName": friendly_device_name}
        return self._response({"UserCode": digits, **names})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasswordRequired(BaseChallenge):
    """NEW_PASSWORD_REQUIRED: the password was temporary.

    required_attributes: names to give a value, without the `userAttributes.` prefix; user_attributes: what is known.
    """

    name = "NEW_PASSWORD_REQUIRED"
    response_fields = ("NEW_PASSWORD", "userAttributes.*")
    required_attributes: tuple[str, ...] = from_parameter("requiredAttributes", read_attribute_names, default=())
    user_attributes: Mapping[str, Any] = from_parameter("userAttributes", read_object, default=NOTHING, in_repr=False)

    def response(self, new_password: str, attributes: Mapping[str, str] | None = None) -> Response:
        """Answer with the new password and the values of attributes, named without prefix.

        Raises UsageError when a required attribute that has no value yet is left out, or when one that has a value
        would be changed: the service does not do that here. UpdateUserAttributes does, after the sign-in.
        """
        if attributes is not None and not isinstance(attributes, Mapping):
            kind = type(attributes).__name__
            raise UsageError("attributes", "type", f"must be a mapping of strings to strings, not {kind}")
        given = {str(name).removeprefix(USER_ATTRIBUTE_PREFIX): value for name, value in (attributes or {}).items()}
        known = {name for name, value in self.user_attributes.items() if value}
        missing = [name for name in self.required_attributes if name not in known and name not in given]
        if missing:
            raise UsageError("userAttributes", "missing", f"must give a value to {printable(', '.join(missing), 200)}")
        changed = sorted(given.keys() & known)
        if changed:
            raise UsageError("userAttributes", "range", f"must not change {', '.join(changed)}, which has a value")
        responses = {USER_ATTRIBUTE_PREFIX + name: value for name, value in given.items()}
        return self._response({"NEW_PASSWORD": new_password, **responses})


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomChallenge(BaseChallenge):
    """CUSTOM_CHALLENGE: whatever the pool's Lambda triggers ask; `parameters` holds the question."""

    name = "CUSTOM_CHALLENGE"
    response_fields = ("ANSWER",)

    def response(self, answer: str) -> Response:
        """Answer the question."""
        return self._response({"ANSWER": answer})


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
        if credential is not None and choice != WebAuthn.name:
            raise UsageError("credential", "range", "goes with WEB_AUTHN only")
        responses = {} if credential is None else {"CREDENTIAL": _credential(credential)}
        return self._response({"ANSWER": choice, **responses}, password=password)


@dataclass(frozen=True, slots=True, kw_only=True)
class Password(BaseChallenge):
    """PASSWORD: the service asks for the password itself. It is sent only when the caller answers, never by itself."""

    name = "PASSWORD"
    response_fields = ("PASSWORD",)

    def response(self, password: str | None = None) -> Response:
        """Answer with this password, or with the attempt's own."""
        return self._response({}, password=password)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminNoSrpAuth(BaseChallenge):
    """ADMIN_NO_SRP_AUTH: the service asks the server side for the password itself. Sent only when answered."""

    name = "ADMIN_NO_SRP_AUTH"
    response_fields = ("PASSWORD",)

    def response(self, password: str | None = None) -> Response:
        """Answer with this password, or with the attempt's own."""
        return self._response({}, password=password)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordSrp(BaseChallenge):
    """PASSWORD_SRP: the service asks for SRP_A. It reaches the caller only when the attempt has no password."""

    name = "PASSWORD_SRP"
    response_fields = ("SRP_A",)

    def response(self, password: str | None = None) -> Response:
        """Prove this password, or the attempt's own."""
        return self._response({}, password=password)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAuthn(BaseChallenge):
    """WEB_AUTHN: a passkey signs `options`, the PublicKeyCredentialRequestOptionsJSON."""

    name = "WEB_AUTHN"
    response_fields = ("CREDENTIAL",)
    options: Mapping[str, Any] = from_parameter(
        "CREDENTIAL_REQUEST_OPTIONS", read_object, default=NOTHING, in_repr=False
    )

    def response(self, credential: str | Mapping[str, Any]) -> Response:
        """Answer with the AuthenticationResponseJSON, as a document or as JSON text."""
        return self._response({"CREDENTIAL": _credential(credential)})


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherChallenge(BaseChallenge):
    """A challenge of a name that this version does not know, with all that came with it.

    service_name: its ChallengeName. available: AvailableChallenges.
    """

    name = "*"
    response_fields = ("*",)
    service_name: str = ""
    available: tuple[str, ...] = ()

    @property
    def challenge_name(self) -> str:
        """The ChallengeName that an answer is sent under."""
        return self.service_name

    def response(self, responses: Mapping[str, str]) -> Response:
        """Answer with these ChallengeResponses; USERNAME, SECRET_HASH and DEVICE_KEY are added."""
        return self._response(responses)


Challenge = (
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
"""Every challenge that can reach the caller: a `match` over its classes can be checked for completeness."""

CHALLENGES: Final[Mapping[str, type[Challenge]]] = {
    kind.name: kind for kind in get_args(Challenge) if kind not in (TotpEnrolment, OtherChallenge)
}
"""ChallengeName to class, for all that the service names and the caller may answer."""


class ProofFields(NamedTuple):
    """A challenge that the machine answers by itself: the parameters that it reads, the responses that it sends."""

    parameters: tuple[str, ...]
    responses: tuple[str, ...]


PROOFS: Final[Mapping[str, ProofFields]] = {
    "PASSWORD_VERIFIER": ProofFields(
        ("SALT", "SRP_B", "SECRET_BLOCK", "USER_ID_FOR_SRP"),
        ("PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"),
    ),
    "DEVICE_SRP_AUTH": ProofFields((), ("SRP_A",)),
    "DEVICE_PASSWORD_VERIFIER": ProofFields(
        ("SALT", "SRP_B", "SECRET_BLOCK"),
        ("PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"),
    ),
}
"""ChallengeName to fields, for the proofs that the machine gives; USERNAME and DEVICE_KEY go with each."""

_BY_EMAIL: Final = frozenset({"EMAIL_MFA", "EMAIL_OTP"})


def read_challenge(name: str, parameters: Mapping[str, str], available: Sequence[str]) -> Challenge:
    """The challenge of that name, its fields read from its parameters. Raises PeerError for a malformed one."""
    kind = CHALLENGES.get(name, OtherChallenge)
    fields = read_fields(kind, parameters)
    if kind is OtherChallenge:
        fields["service_name"] = name
    if kind is OtherChallenge or kind is SelectChallenge:
        fields["available"] = tuple(available)
    return kind(**fields)


def _credential(credential: str | Mapping[str, Any]) -> str:
    if isinstance(credential, str):
        return credential
    if not isinstance(credential, Mapping):
        kind = type(credential).__name__
        raise UsageError("credential", "type", f"must be a JSON object or its text, not {kind}")
    try:
        return json.dumps(dict(credential))
    except (TypeError, ValueError):
        raise UsageError("credential", "type", "must be a JSON object") from None
