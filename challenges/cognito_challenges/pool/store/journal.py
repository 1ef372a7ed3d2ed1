"""The sign-ins that happened, for the inspector: every exchange with its fields, secrets masked as they are noted."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from threading import Lock
from typing import cast

from cognito_challenges.pool.errors import ServiceError

CAPACITY = 200
"""Most sign-ins kept."""
EXCHANGES = 50
"""Most exchanges kept of one sign-in: the latest."""
FIELDS = 40
"""Most fields kept of one request or answer."""
_LONGEST = 96
_LONGEST_NAME = 64

_HARMLESS = frozenset(
    {
        "USERNAME", "USER_ID_FOR_SRP", "SRP_A", "SRP_B", "SALT", "SECRET_BLOCK", "PASSWORD_CLAIM_SECRET_BLOCK",
        "TIMESTAMP", "DEVICE_KEY", "DeviceKey", "DeviceGroupKey", "CHALLENGE_NAME", "PREFERRED_CHALLENGE",
        "TARGET_ACR_VALUES", "MAX_AGE", "CODE_DELIVERY_DELIVERY_MEDIUM", "CODE_DELIVERY_DESTINATION",
        "FRIENDLY_DEVICE_NAME", "MFAS_CAN_CHOOSE", "MFAS_CAN_SETUP", "requiredAttributes", "AvailableChallenges",
        "CREDENTIAL_REQUEST_OPTIONS", "TokenType", "ExpiresIn", "message",
    }
)  # fmt: skip
"""The fields that are shown. Whatever else a client sends, or a trigger answers, may hold a secret."""
_CHOICES = frozenset(
    {"PASSWORD", "PASSWORD_SRP", "WEB_AUTHN", "SMS_OTP", "EMAIL_OTP", "SMS_MFA", "EMAIL_MFA", "SOFTWARE_TOKEN_MFA"}
)

_log = logging.getLogger("cognito_challenges.pool")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request of a sign-in and what came of it. Fields are masked texts by name."""

    operation: str
    step: str
    sent: Mapping[str, str]
    outcome: str
    received: Mapping[str, str]
    refused: bool
    mistake: str
    sentence: str
    at: float


@dataclass(frozen=True, slots=True)
class SignInRecord:
    """One sign-in from its InitiateAuth on, with the latest of its exchanges.

    outcome: what its latest exchange came to: "under way", "signed in" or "refused". A refusal may be answered again.
    """

    number: int
    login_name: str
    pool_id: str
    client_id: str
    started: float
    outcome: str = "under way"
    exchanges: tuple[Exchange, ...] = ()


class Journal:
    """The latest 200 sign-ins, oldest first. Any thread may write and read; what is read does not change."""

    __slots__ = ("_count", "_lock", "_records")

    def __init__(self) -> None:
        self._records: dict[int, SignInRecord] = {}
        self._count = 0
        self._lock = Lock()

    def open(self, login_name: str, pool_id: str, client_id: str, now: float) -> int:
        """Start the record of a sign-in and return its number."""
        with self._lock:
            self._count += 1
            self._records[self._count] = SignInRecord(self._count, _cut(login_name), pool_id, client_id, now)
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
        """Add one exchange to a sign-in, and log its explanation. A record given up for newer ones is left alone."""
        answered: Mapping[str, object]
        if isinstance(received, ServiceError):
            outcome, title, explanation = "refused", received.code, received.explanation
            answered = {"message": received.message}
        else:
            outcome = "signed in" if "AuthenticationResult" in received else "under way"
            answered, title, explanation = received, str(received.get("ChallengeName", outcome)), None
        exchange = Exchange(
            operation,
            step,
            _fields(sent.items()),
            title,
            _fields(_flat(answered)),
            outcome == "refused",
            explanation.mistake if explanation else "",
            explanation.sentence if explanation else "",
            now,
        )
        with self._lock:
            record = self._records.get(number)
            if record is None:
                return
            exchanges = (*record.exchanges, exchange)[-EXCHANGES:]
            self._records[number] = replace(record, outcome=outcome, exchanges=exchanges)
        if explanation is not None:
            place = f"pool {record.pool_id}, client {record.client_id}, user {record.login_name!r}"
            _log.warning("refused, %s: %s: %s", place, explanation.mistake, explanation.sentence)

    def records(self) -> list[SignInRecord]:
        """The sign-ins, newest first."""
        with self._lock:
            return list(reversed(self._records.values()))

    def record(self, number: int) -> SignInRecord | None:
        """One sign-in by its number."""
        with self._lock:
            return self._records.get(number)


def masked(name: str, value: str) -> str:
    """A value that may be shown: long public values cut, and of all others their length only."""
    if name in _HARMLESS or (name == "ANSWER" and value in _CHOICES):
        return _cut(value, _LONGEST)
    return f"\N{BULLET}\N{BULLET}\N{BULLET}\N{BULLET} ({len(value)} characters)"


def _cut(text: str, most: int = 128) -> str:
    """A text's first characters, fit for UTF-8, and how many it had."""
    shown = text[:most].encode("utf-8", "replace").decode()
    return shown if len(text) <= most else f"{shown}\N{HORIZONTAL ELLIPSIS} ({len(text)} characters)"


def _flat(answer: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    for name, value in answer.items():
        if name == "ChallengeName":
            continue
        if isinstance(value, dict):
            inner = cast("dict[str, object]", value)
            yield from ((key, str(entry)) for key, entry in inner.items())
        else:
            yield name, str(value)


def _fields(entries: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    listed = iter(entries)
    fields = {_cut(name, _LONGEST_NAME): masked(name, value) for name, value in islice(listed, FIELDS)}
    left = sum(1 for _ in listed)
    return {**fields, "\N{HORIZONTAL ELLIPSIS}": f"{left} more fields"} if left else fields
