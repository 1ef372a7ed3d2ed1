"""What every challenge is made of: fields read from ChallengeParameters, and a response made from arguments."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar, Final, cast

from cognito_challenges.app_client import MAX_MEMBER_CHARACTERS
from cognito_srp import PeerError, UsageError
from cognito_srp.encoding import utf8, wrong_type
from cognito_srp.unpicklable import Unpicklable

USER_ATTRIBUTE_PREFIX: Final = "userAttributes."
MACHINE_FIELDS: Final = frozenset({"USERNAME", "SECRET_HASH", "DEVICE_KEY"})
"""The responses that the machine adds to each answer by the same rules."""

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Response(Unpicklable):
    """An answer to one challenge, made by that challenge's `response(...)` and taken by `SignIn.answer`.

    challenge: ChallengeName. responses: ChallengeResponses without those that the machine adds.
    password: proves or sends this password where the challenge asks for one; None uses the attempt's own.
    """

    challenge: str
    responses: Mapping[str, str] = field(repr=False)
    password: str | None = field(default=None, repr=False, kw_only=True)


def check_response(response: Response, fields: tuple[str, ...]) -> None:
    """Raise UsageError for a response that the challenge does not take, or that cannot be sent.

    fields: the names that it takes; "*" stands for any name, "userAttributes.*" for any attribute.
    """
    if not isinstance(response.responses, Mapping):
        raise wrong_type("responses", response.responses, "a mapping of strings to strings")
    for name, value in response.responses.items():
        if not isinstance(name, str):
            raise UsageError("responses", "type", f"must have strings as names, not {type(name).__name__}")
        if name in MACHINE_FIELDS:
            raise UsageError(name, "range", "is set by the machine and cannot be given")
        attribute = name.startswith(USER_ATTRIBUTE_PREFIX) and USER_ATTRIBUTE_PREFIX + "*" in fields
        if name not in fields and "*" not in fields and not attribute:
            expected = ", ".join(fields) or "none"
            raise UsageError("responses", "range", f"must have no other names than those of the challenge: {expected}")
        utf8(name, value, limit=MAX_MEMBER_CHARACTERS)
    if response.password is not None:
        utf8("password", response.password)


def read_string(_name: str, value: str) -> str:
    """A parameter that is a string, as it came."""
    return value


def _read_json(name: str, value: str) -> Any:
    # Suppressed, not turned into ours: json's error holds the whole text, even as the context of another.
    with suppress(ValueError, RecursionError):
        return json.loads(value)
    raise PeerError(name, "syntax", f"is not JSON ({len(value)} characters)")


def read_list(name: str, value: str) -> tuple[str, ...]:
    """A parameter that holds a JSON list of strings. Raises PeerError."""
    items = _read_json(name, value)
    if not isinstance(items, list) or not all(isinstance(item, str) for item in cast("list[object]", items)):
        raise PeerError(name, "syntax", "is not a JSON list of strings")
    return tuple(cast("list[str]", items))


def read_attribute_names(name: str, value: str) -> tuple[str, ...]:
    """A parameter that holds a JSON list of attribute names; the prefix `userAttributes.` is taken off."""
    return tuple(item.removeprefix(USER_ATTRIBUTE_PREFIX) for item in read_list(name, value))


def read_object(name: str, value: str) -> Mapping[str, Any]:
    """A parameter that holds a JSON object. Raises PeerError."""
    document = _read_json(name, value)
    if not isinstance(document, dict):
        raise PeerError(name, "syntax", "is not a JSON object")
    return MappingProxyType(cast("dict[str, Any]", document))


def from_parameter(
    name: str, read: Callable[[str, str], Any] = read_string, *, default: Any = None, in_repr: bool = True
) -> Any:
    """A dataclass field that is read from the challenge parameter `name`, or has `default` when that is absent.

    in_repr: whether the challenge's repr shows it.
    """
    return field(default_factory=lambda: default, repr=in_repr, metadata={"parameter": name, "read": read})


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseChallenge(Unpicklable):
    """A challenge as it reaches the caller.

    name: the service's ChallengeName. parameters: ChallengeParameters whole, as they came, read-only.
    response_fields: the ChallengeResponses that it takes, beside those that the machine adds.
    """

    name: ClassVar[str]
    response_fields: ClassVar[tuple[str, ...]]
    parameters: Mapping[str, str] = field(default_factory=lambda: NOTHING, repr=False)

    @property
    def challenge_name(self) -> str:
        """The ChallengeName that an answer is sent under."""
        return self.name

    def _response(self, responses: Mapping[str, str], *, password: str | None = None) -> Response:
        response = Response(self.challenge_name, dict(responses), password=password)
        check_response(response, self.response_fields)
        return response


def read_fields(kind: type[BaseChallenge], parameters: Mapping[str, str]) -> dict[str, Any]:
    """The constructor arguments of a challenge class, read from ChallengeParameters. Raises PeerError."""
    fields: dict[str, Any] = {"parameters": MappingProxyType(dict(parameters))}
    for item in dataclasses.fields(kind):
        name = item.metadata.get("parameter")
        if name is not None and name in parameters:
            fields[item.name] = item.metadata["read"](name, parameters[name])
    return fields


def credential_text(credential: str | Mapping[str, Any]) -> str:
    """A passkey's AuthenticationResponseJSON as text. Raises UsageError."""
    if isinstance(credential, str):
        return credential
    if not isinstance(credential, Mapping):
        raise wrong_type("credential", credential, "a JSON object or its text")
    try:
        return json.dumps(dict(credential))
    except (TypeError, ValueError):
        raise UsageError("credential", "type", "must be a JSON object") from None
