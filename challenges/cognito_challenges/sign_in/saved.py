"""A waiting sign-in as a JSON-safe document, and back: the `Snapshot` of a challenge that waits, packed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from cognito_challenges.answers import (
    ReceivedChallenge,
    read_challenge_members,
    read_opaque,
    read_session,
    read_username,
    required,
)
from cognito_challenges.app_client import AppClient
from cognito_challenges.catalogue import Challenge, read_challenge
from cognito_challenges.catalogue.choices import SelectChallenge
from cognito_challenges.catalogue.codes import TotpEnrolment
from cognito_challenges.catalogue.others import OtherChallenge
from cognito_srp import Device, PeerError, UsageError
from cognito_srp.encoding import utf8

from .clock import MAX_CORRECTION_SECONDS
from .state import Snapshot, State

VERSION: Final = 1

_WAITING: Final = {state.name: state for state in (State.ASKING, State.ENROLLING)}
_MEMBERS: Final = frozenset(
    {
        "version",
        "state",
        "pool_id",
        "client_id",
        "app_client",
        "login",
        "username",
        "session",
        "device_key",
        "forgotten_device",
        "answered",
        "correction",
        "challenge",
        "parameters",
        "available",
        "secret_code",
    }
)


def pack(app_client: AppClient, login: str, snapshot: Snapshot, challenge: Challenge) -> dict[str, Any]:
    """The document of a sign-in that waits for an answer to `challenge`."""
    return {
        "version": VERSION,
        "state": snapshot.state.name,
        "pool_id": app_client.pool_id,
        "client_id": app_client.client_id,
        "app_client": app_client.fingerprint(),
        "login": login,
        "username": snapshot.username,
        "session": snapshot.session,
        "device_key": snapshot.device.key if snapshot.device else None,
        "forgotten_device": snapshot.forgotten_device,
        "answered": sorted(snapshot.answered),
        "correction": snapshot.correction,
        "challenge": challenge.challenge_name,
        "parameters": dict(challenge.parameters),
        "available": list(challenge.available) if isinstance(challenge, OtherChallenge | SelectChallenge) else [],
        "secret_code": challenge.secret_code if isinstance(challenge, TotpEnrolment) else None,
    }


def unpack(app_client: AppClient, saved: Mapping[str, Any], device: Device | None) -> tuple[str, Snapshot]:
    """The login name and the snapshot in a document that `pack` made for the same app client. Raises UsageError."""
    version = saved.get("version") if isinstance(saved, Mapping) else None
    if isinstance(version, bool) or version != VERSION:
        raise UsageError("saved", "syntax", f"is not a saved sign-in of version {VERSION}")
    if frozenset(saved) != _MEMBERS:
        raise UsageError("saved", "syntax", "has members missing or added")
    ids = saved.get("pool_id"), saved.get("client_id")
    if ids != (app_client.pool_id, app_client.client_id) or saved.get("app_client") != app_client.fingerprint():
        raise UsageError("saved", "mismatch", "belongs to another app client, client secret or admin setting")
    if _string(saved, "device_key") != (device.key if device else None):
        raise UsageError("device", "mismatch", "is not the one that the sign-in began with")
    login = _required(saved, "login")
    state = _WAITING.get(_required(saved, "state"))
    if state is None:
        raise UsageError("state", "range", f"must be one of {', '.join(_WAITING)} in a saved sign-in")
    try:
        challenge = _enrolment(saved, login) if state is State.ENROLLING else _challenge(saved)
        session = read_session({"Session": saved.get("session")})
        username = read_username(saved, "username")
    except PeerError as error:
        raise UsageError(error.parameter, error.reason, error.detail) from None
    snapshot = Snapshot(
        state,
        challenge,
        username=username,
        session=session,
        challenge=challenge,
        device=device,
        forgotten_device=_printable(saved, "forgotten_device"),
        answered=frozenset(_strings(saved, "answered")),
        correction=_correction(saved, "correction"),
    )
    return login, snapshot


def _enrolment(saved: Mapping[str, Any], login: str) -> TotpEnrolment:
    secret = required("secret_code", read_opaque(saved, "secret_code", least=16, most=256))
    return TotpEnrolment(secret_code=secret, account=login)


def _challenge(saved: Mapping[str, Any]) -> Challenge:
    for name in ("parameters", "available"):
        if saved.get(name) is None:
            raise UsageError(name, "missing", "is missing from a saved sign-in")
    answer = {
        "ChallengeName": _required(saved, "challenge"),
        "ChallengeParameters": saved.get("parameters"),
        "AvailableChallenges": saved.get("available"),
    }
    received = cast("ReceivedChallenge", read_challenge_members(answer))  # it has a name
    return read_challenge(received.name, received.parameters, received.available)


def _required(saved: Mapping[str, Any], name: str) -> str:
    value = _string(saved, name)
    if value is None:
        raise UsageError(name, "missing", "is missing from a saved sign-in")
    return value


def _string(saved: Mapping[str, Any], name: str) -> str | None:
    value = saved.get(name)
    if value is not None:
        utf8(name, value)
    return value


def _strings(saved: Mapping[str, Any], name: str) -> list[str]:
    value: object = saved.get(name)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in cast("list[object]", value)):
        raise UsageError(name, "type", "must be a list of strings in a saved sign-in")
    return cast("list[str]", value)


def _printable(saved: Mapping[str, Any], name: str) -> str | None:
    value = _string(saved, name)
    if value is not None and not value.isprintable():
        raise UsageError(name, "syntax", "must be printable characters in a saved sign-in")
    return value


def _correction(saved: Mapping[str, Any], name: str) -> float:
    value: object = saved.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(name, "type", "must be a number in a saved sign-in")
    if not -MAX_CORRECTION_SECONDS <= value <= MAX_CORRECTION_SECONDS:
        raise UsageError(name, "range", "must be at most a day in a saved sign-in")
    return float(value)
