"""What a finished sign-in brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from cognito_srp import PeerError
from cognito_srp.encoding import utf8

from .unpicklable import Unpicklable


@dataclass(frozen=True, slots=True)
class Tokens(Unpicklable):
    """AuthenticationResult. Its repr tells no token.

    access, id: JWTs; refresh: None where the service sends no new one, as after REFRESH_TOKEN_AUTH.
    expires_in: seconds that access and id tokens are valid; token_type: "Bearer".
    """

    access: str = field(repr=False)
    id: str | None = field(repr=False)
    refresh: str | None = field(repr=False)
    expires_in: int
    token_type: str


@dataclass(frozen=True, slots=True)
class NewDevice:
    """NewDeviceMetadata: the pool would remember this device if it is confirmed."""

    key: str
    group_key: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The end of a sign-in.

    username: the name that the service knows the user by. new_device: what to confirm, when the pool tracks devices.
    forgotten_device: the key of the device that was given but that the pool has forgotten; discard it.
    """

    tokens: Tokens
    username: str
    new_device: NewDevice | None = None
    forgotten_device: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The challenge in an answer: its name, parameters and Session, and AvailableChallenges.

    username: the USERNAME among the parameters, which the following requests send; None when there is none.
    """

    name: str
    username: str | None
    parameters: Mapping[str, str] = field(repr=False)
    session: str | None = field(repr=False)
    available: tuple[str, ...]


def document(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The member of an answer that must be a JSON object; empty when it is absent."""
    value = answer.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise PeerError(name, "type", f"must be an object, not {type(value).__name__}")
    return cast("Mapping[str, Any]", value)


def text(answer: Mapping[str, Any], name: str) -> str | None:
    """The member of an answer that must be non-empty text; None when it is absent."""
    value = answer.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise PeerError(name, "type", f"must be text, not {type(value).__name__}")
    if not value:
        raise PeerError(name, "empty", "is empty")
    return value


def required_text(answer: Mapping[str, Any], name: str) -> str:
    """The member of an answer that must be there and be non-empty text."""
    value = text(answer, name)
    if value is None:
        raise PeerError(name, "missing", "is missing from the answer")
    return value


def read_asked(answer: Mapping[str, Any]) -> Asked | None:
    """The challenge in an answer, None when it holds none. Raises PeerError for a malformed one.

    Parameters whose value is null are taken for absent.
    """
    name = text(answer, "ChallengeName")
    if name is None:
        return None
    parameters = {key: value for key, value in document(answer, "ChallengeParameters").items() if value is not None}
    for key, value in parameters.items():
        if not isinstance(value, str):
            raise PeerError(key, "type", f"must be text, not {type(value).__name__}")
    available: object = answer.get("AvailableChallenges") or ()
    if not isinstance(available, list | tuple):
        raise PeerError("AvailableChallenges", "type", f"must be a list, not {type(available).__name__}")
    names = tuple(item for item in cast("list[object]", available) if isinstance(item, str))
    if len(names) != len(cast("list[object]", available)):
        raise PeerError("AvailableChallenges", "type", "must hold texts alone")
    username = parameters.get("USERNAME")
    if username is not None:
        utf8("USERNAME", username, error=PeerError)
    return Asked(name, username, parameters, text(answer, "Session"), names)


def read_tokens(answer: Mapping[str, Any]) -> tuple[Tokens, NewDevice | None]:
    """The AuthenticationResult of an answer. Raises PeerError for a malformed one."""
    result = document(answer, "AuthenticationResult")
    expires_in = result.get("ExpiresIn", 0)
    if not isinstance(expires_in, int):
        raise PeerError("ExpiresIn", "type", f"must be a number, not {type(expires_in).__name__}")
    tokens = Tokens(
        access=required_text(result, "AccessToken"),
        id=text(result, "IdToken"),
        refresh=text(result, "RefreshToken"),
        expires_in=expires_in,
        token_type=text(result, "TokenType") or "Bearer",
    )
    device = document(result, "NewDeviceMetadata")
    if not device:
        return tokens, None
    return tokens, NewDevice(required_text(device, "DeviceKey"), required_text(device, "DeviceGroupKey"))
