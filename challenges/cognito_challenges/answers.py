"""What the service's answers hold, read and checked: tokens, challenges, and the rest of their members.

Everything here comes from outside. What is malformed, oversized or unprintable raises PeerError, which names the
member and never its value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from cognito_srp import PeerError
from cognito_srp.encoding import utf8, wrong_type
from cognito_srp.unpicklable import Unpicklable

from .app_client import MAX_MEMBER_CHARACTERS
from .errors import printable

MAX_LIFETIME_SECONDS: Final = 3_650 * 86_400
"""Longest ExpiresIn believed, ten years: the service's own longest is a day."""

_OPAQUE = re.compile(r"[!-~]+", re.ASCII)
_NAME_CHARACTERS: Final = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens(Unpicklable):
    """AuthenticationResult. Its repr shows no token.

    access, id: JWTs, not verified here; refresh: None where the service sends no new one, as after REFRESH_TOKEN_AUTH.
    expires_in: seconds that access and id tokens are valid, at least 1; token_type: "Bearer".
    """

    access: str = field(repr=False)
    id: str | None = field(repr=False)
    refresh: str | None = field(repr=False)
    expires_in: int
    token_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDevice:
    """NewDeviceMetadata: the pool would remember this device if it is confirmed.

    key: DeviceKey; group_key: DeviceGroupKey: both go into `Device.register`.
    """

    key: str
    group_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The end of a sign-in.

    username: the name that the service knows the user by: as the last challenge named it, else as the access token
    says (read without verifying the token), else the login name. new_device: what to confirm, when the pool tracks
    devices. forgotten_device: the key of the device that was given but that the pool has forgotten; discard it.
    """

    tokens: Tokens
    username: str
    new_device: NewDevice | None = None
    forgotten_device: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedChallenge:
    """The challenge in an answer: its name, parameters and Session, and AvailableChallenges.

    username: the name that the following requests send: USERNAME among the parameters, else USER_ID_FOR_SRP, None
    when neither came.
    """

    name: str
    username: str | None
    parameters: Mapping[str, str] = field(repr=False)
    session: str | None = field(repr=False)
    available: tuple[str, ...]


def check_answer(answer: object) -> None:
    """Raise PeerError when a whole answer is not a JSON object."""
    if not isinstance(answer, Mapping):
        raise wrong_type("answer", answer, "an object", PeerError)


def read_object(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The member of an answer that must be a JSON object; empty when it is absent."""
    value = answer.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise wrong_type(name, value, "an object", PeerError)
    return cast("Mapping[str, Any]", value)


def read_string(answer: Mapping[str, Any], name: str) -> str | None:
    """The member of an answer that must be a non-empty string of UTF-8; None when it is absent."""
    value = answer.get(name)
    if value is None:
        return None
    utf8(name, value, error=PeerError, limit=MAX_MEMBER_CHARACTERS)
    return cast("str", value)


def read_opaque(
    answer: Mapping[str, Any], name: str, *, least: int = 1, most: int = MAX_MEMBER_CHARACTERS
) -> str | None:
    """A token, Session or key: visible ASCII without spaces, `least` to `most` characters; None when it is absent."""
    value = read_string(answer, name)
    if value is None:
        return None
    if not least <= len(value) <= most:
        raise PeerError(name, "length", f"must have {least} to {most} characters, not {len(value)}")
    if not _OPAQUE.fullmatch(value):
        raise PeerError(name, "syntax", "must be visible ASCII characters without spaces")
    return value


def read_session(answer: Mapping[str, Any]) -> str | None:
    """Session: 20 to 4,096 characters, as the service's model has it; None when it is absent."""
    return read_opaque(answer, "Session", least=20, most=4_096)


def read_username(members: Mapping[str, Any], name: str) -> str | None:
    """A name of a user: 1 to 128 printable characters without spaces; None when it is absent."""
    value = members.get(name)
    if value is None or (isinstance(value, str) and _is_username(value)):
        return value
    raise PeerError(name, "syntax", f"must be 1 to {_NAME_CHARACTERS} printable characters, no spaces")


def required(name: str, value: str | None) -> str:
    """The value of a member that must not be absent."""
    if value is None:
        raise PeerError(name, "missing", "is missing from the answer")
    return value


def read_challenge_members(answer: Mapping[str, Any]) -> ReceivedChallenge | None:
    """The challenge in an answer, None when it holds none. Raises PeerError for a malformed one.

    Parameters whose value is null are taken for absent.
    """
    name = read_string(answer, "ChallengeName")
    if name is None:
        return None
    if len(name) > _NAME_CHARACTERS or not name.isprintable():
        raise PeerError("ChallengeName", "syntax", f"must be at most {_NAME_CHARACTERS} printable characters")
    parameters = _read_parameters(read_object(answer, "ChallengeParameters"))
    return ReceivedChallenge(
        name=name,
        # USER_ID_FOR_SRP where only that came.
        username=read_username(parameters, "USERNAME") or read_username(parameters, "USER_ID_FOR_SRP"),
        parameters=parameters,
        session=read_session(answer),
        available=_read_available(answer),
    )


def read_tokens(answer: Mapping[str, Any]) -> tuple[Tokens, NewDevice | None]:
    """The AuthenticationResult of an answer. Raises PeerError for a malformed one."""
    check_answer(answer)
    result = read_object(answer, "AuthenticationResult")
    access = required("AccessToken", read_opaque(result, "AccessToken"))
    token_type = read_string(result, "TokenType") or "Bearer"
    if token_type.lower() != "bearer":
        raise PeerError("TokenType", "range", "must be Bearer")
    tokens = Tokens(
        access=access,
        id=read_opaque(result, "IdToken"),
        refresh=read_opaque(result, "RefreshToken"),
        expires_in=_read_lifetime(result),
        token_type=token_type,
    )
    device = read_object(result, "NewDeviceMetadata")
    if not device:
        return tokens, None
    key = required("DeviceKey", read_opaque(device, "DeviceKey", most=_NAME_CHARACTERS))
    group_key = required("DeviceGroupKey", read_opaque(device, "DeviceGroupKey", most=_NAME_CHARACTERS))
    return tokens, NewDevice(key=key, group_key=group_key)


def username_in_token(access_token: str) -> str | None:
    """The claim `username` of an access token, read without verifying the token; None when it holds none."""
    import json
    from base64 import urlsafe_b64decode
    from contextlib import suppress

    # Suppressed: the errors of both libraries hold the token's text.
    with suppress(ValueError, IndexError, RecursionError):
        payload = access_token.split(".")[1]
        claims: object = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        name = cast("dict[str, object]", claims).get("username") if isinstance(claims, dict) else None
        if isinstance(name, str) and _is_username(name):
            return name
    return None


def _is_username(name: str) -> bool:
    return bool(name) and len(name) <= _NAME_CHARACTERS and name.isprintable() and " " not in name


def _read_parameters(members: Mapping[str, Any]) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for name, value in members.items():
        if not isinstance(name, str) or len(name) > MAX_MEMBER_CHARACTERS:
            raise PeerError("ChallengeParameters", "type", "must have strings of a sensible length as names")
        if value is None:
            continue
        if not isinstance(value, str):
            raise wrong_type(printable(name, _NAME_CHARACTERS), value, "a string", PeerError)
        if value:
            utf8(printable(name, _NAME_CHARACTERS), value, error=PeerError, limit=MAX_MEMBER_CHARACTERS)
        parameters[name] = value
    return parameters


def _read_available(answer: Mapping[str, Any]) -> tuple[str, ...]:
    available: object = answer.get("AvailableChallenges") or ()
    if not isinstance(available, list | tuple):
        raise wrong_type("AvailableChallenges", available, "a list", PeerError)
    names = tuple(item for item in cast("list[object]", available) if isinstance(item, str))
    if len(names) != len(cast("list[object]", available)):
        raise PeerError("AvailableChallenges", "type", "must hold only strings")
    return names


def _read_lifetime(result: Mapping[str, Any]) -> int:
    seconds = result.get("ExpiresIn")
    if seconds is None:
        raise PeerError("ExpiresIn", "missing", "is missing from the answer")
    if isinstance(seconds, bool) or not isinstance(seconds, int):
        raise wrong_type("ExpiresIn", seconds, "a whole number", PeerError)
    if not 1 <= seconds <= MAX_LIFETIME_SECONDS:
        raise PeerError("ExpiresIn", "range", f"must be between 1 and {MAX_LIFETIME_SECONDS}")
    return seconds
