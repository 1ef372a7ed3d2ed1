"""A waiting sign-in as a JSON-safe document, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from cognito_srp import PeerError, UsageError

from .app_client import AppClient
from .catalogue import (
    OtherChallenge,
    PersonChallenge,
    SelectChallenge,
    TotpEnrolment,
    challenge_name,
    read_challenge,
)

VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """What a document holds, checked."""

    login: str
    username: str
    session: str | None
    challenge: PersonChallenge
    device_key: str | None
    forgotten_device: str | None


def pack(
    client: AppClient,
    *,
    login: str,
    username: str,
    session: str | None,
    challenge: PersonChallenge,
    device_key: str | None,
    forgotten_device: str | None,
) -> dict[str, Any]:
    """The document of a sign-in that waits for an answer to `challenge`."""
    saved: dict[str, Any] = {
        "version": VERSION,
        "pool_id": client.pool_id,
        "client_id": client.client_id,
        "admin": client.admin,
        "login": login,
        "username": username,
        "session": session,
        "device_key": device_key,
        "forgotten_device": forgotten_device,
        "challenge": challenge_name(challenge),
        "parameters": dict(challenge.parameters),
    }
    if isinstance(challenge, OtherChallenge | SelectChallenge):
        saved["available"] = list(challenge.available)
    if isinstance(challenge, TotpEnrolment):
        saved["secret_code"] = challenge.secret_code
    return saved


def unpack(client: AppClient, saved: Mapping[str, Any]) -> Entry:
    """The checked content of a document that `pack` made for the same app client. Raises UsageError."""
    if not isinstance(saved, Mapping) or saved.get("version") != VERSION:
        raise UsageError("saved", "syntax", f"is not a saved sign-in of version {VERSION}")
    if (saved.get("pool_id"), saved.get("client_id"), saved.get("admin")) != (
        client.pool_id,
        client.client_id,
        client.admin,
    ):
        raise UsageError("saved", "mismatch", "belongs to another app client")
    login = _text(saved, "login")
    name = _text(saved, "challenge")
    return Entry(
        login,
        _text(saved, "username"),
        _optional_text(saved, "session"),
        _challenge(saved, name, login),
        _optional_text(saved, "device_key"),
        _optional_text(saved, "forgotten_device"),
    )


def _challenge(saved: Mapping[str, Any], name: str, login: str) -> PersonChallenge:
    if "secret_code" in saved:
        return TotpEnrolment(secret_code=_text(saved, "secret_code"), account=login)
    parameters = saved.get("parameters")
    if not isinstance(parameters, dict) or not all(
        isinstance(key, str) and isinstance(value, str)
        for key, value in cast("dict[object, object]", parameters).items()
    ):
        raise UsageError("parameters", "type", "must map text to text in a saved sign-in")
    available = saved.get("available", [])
    if not isinstance(available, list) or not all(isinstance(item, str) for item in cast("list[object]", available)):
        raise UsageError("available", "type", "must be a list of texts in a saved sign-in")
    try:
        return read_challenge(name, cast("dict[str, str]", parameters), cast("list[str]", available))
    except PeerError as error:
        raise UsageError(error.parameter, error.reason, error.detail) from None


def _text(saved: Mapping[str, Any], name: str) -> str:
    value = _optional_text(saved, name)
    if not value:
        raise UsageError(name, "missing", "is missing from a saved sign-in")
    return value


def _optional_text(saved: Mapping[str, Any], name: str) -> str | None:
    value = saved.get(name)
    if value is not None and not isinstance(value, str):
        raise UsageError(name, "type", "must be text in a saved sign-in")
    return value
