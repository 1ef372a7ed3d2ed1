"""Challenges that a one-time code answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from cognito_challenges.totp import otpauth_uri, without_spaces
from cognito_srp import UsageError

from .base import BaseChallenge, Response, from_parameter


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
