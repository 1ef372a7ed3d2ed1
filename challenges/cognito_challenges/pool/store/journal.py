"""The sign-ins that happened, for the inspector: every exchange with its fields, secrets masked as they are noted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from cognito_challenges.pool.errors import ServiceError

CAPACITY = 200

_SECRET_NAMES = frozenset(
    {
        "PASSWORD",
        "NEW_PASSWORD",
        "SECRET_HASH",
        "REFRESH_TOKEN",
        "ACCESS_TOKEN",
        "ANSWER",
        "SMS_MFA_CODE",
        "SMS_OTP_CODE",
        "EMAIL_OTP_CODE",
        "EMAIL_MFA_CODE",
        "SOFTWARE_TOKEN_MFA_CODE",
        "CREDENTIAL",
        "AccessToken",
        "IdToken",
        "RefreshToken",
        "Session",
        "PASSWORD_CLAIM_SIGNATURE",
    }
)
_CHOICES = frozenset({"PASSWORD", "PASSWORD_SRP", "WEB_AUTHN", "SMS_OTP", "EMAIL_OTP", "SMS_MFA", "SOFTWARE_TOKEN_MFA"})
_LONGEST = 96


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request of a sign-in and what came of it. Fields are masked texts by name."""

    operation: str
    step: str
    sent: dict[str, str]
    outcome: str
    received: dict[str, str]
    refused: bool
    mistake: str
    sentence: str
    at: float


@dataclass(slots=True)
class SignInRecord:
    """One sign-in from its InitiateAuth on. outcome: "under way", "signed in" or "refused"."""

    number: int
    login_name: str
    client_id: str
    started: float
    outcome: str = "under way"
    exchanges: list[Exchange] = field(default_factory=list[Exchange])


class Journal:
    """The latest 200 sign-ins, oldest first."""

    __slots__ = ("_count", "_records")

    def __init__(self) -> None:
        self._records: dict[int, SignInRecord] = {}
        self._count = 0

    def open(self, login_name: str, client_id: str, now: float) -> int:
        """Start the record of a sign-in and return its number."""
        self._count += 1
        self._records[self._count] = SignInRecord(self._count, login_name, client_id, now)
        self._records.pop(self._count - CAPACITY, None)
        return self._count

    def note(
        self,
        number: int,
        operation: str,
        step: str,
        sent: Mapping[str, str],
        received: Mapping[str, object] | ServiceError,
        now: float,
    ) -> None:
        """Add one exchange to a sign-in. A record that was given up for newer ones is left alone."""
        record = self._records.get(number)
        if record is None:
            return
        if isinstance(received, ServiceError):
            error, fields, outcome = received, {"message": received.message}, received.code
            if received.ends_attempt or not record.exchanges:
                record.outcome = "refused"
        else:
            error, fields, outcome = None, _fields(received), str(received.get("ChallengeName", "signed in"))
            if "AuthenticationResult" in received:
                record.outcome = "signed in"
        explanation = error.explanation if error else None
        record.exchanges.append(
            Exchange(
                operation,
                step,
                {name: masked(name, value) for name, value in sent.items()},
                outcome,
                fields,
                error is not None,
                explanation.mistake if explanation else "",
                explanation.sentence if explanation else "",
                now,
            )
        )

    def records(self) -> list[SignInRecord]:
        """The sign-ins, newest first."""
        return list(reversed(self._records.values()))

    def record(self, number: int) -> SignInRecord | None:
        """One sign-in by its number."""
        return self._records.get(number)


def masked(name: str, value: str) -> str:
    """A value that may be shown: secrets as their length only, long public values cut."""
    if name in _SECRET_NAMES and not (name == "ANSWER" and value in _CHOICES):
        return f"\N{BULLET}\N{BULLET}\N{BULLET}\N{BULLET} ({len(value)} characters)"
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}\N{HORIZONTAL ELLIPSIS} ({len(value)} characters)"


def _fields(answer: Mapping[str, object]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in answer.items():
        if name == "ChallengeName":
            continue
        if isinstance(value, dict):
            inner = cast("dict[str, object]", value)
            fields.update((key, masked(key, str(entry))) for key, entry in inner.items())
        else:
            fields[name] = masked(name, str(value))
    return fields
