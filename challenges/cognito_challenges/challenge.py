"""What every challenge is made of: fields read from ChallengeParameters, and a response made from arguments."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar, Final, cast

from cognito_srp import PeerError
from cognito_srp.encoding import utf8

from .app_client import MAX_MEMBER_CHARACTERS
from .unpicklable import Unpicklable

USER_ATTRIBUTE_PREFIX: Final = "userAttributes."
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Response(Unpicklable):
    """An answer to one challenge, made by that challenge's `response(...)` and taken by `SignIn.answer`.

    password: proves or sends this password where the challenge asks for one; None uses the attempt's own.
    """

    challenge: str
    responses: Mapping[str, str] = field(repr=False)
    password: str | None = field(default=None, repr=False)


def read_text(_name: str, value: str) -> str:
    """A parameter that is text, as it came."""
    return value


def _read_json(name: str, value: str) -> Any:
    # Suppressed, not turned into ours: json's error holds the whole text, even as the context of another.
    with suppress(ValueError, RecursionError):
        return json.loads(value)
    raise PeerError(name, "syntax", f"is not JSON ({len(value)} characters)")


def read_list(name: str, value: str) -> tuple[str, ...]:
    """A parameter that holds a JSON list of texts. Raises PeerError."""
    items = _read_json(name, value)
    if not isinstance(items, list) or not all(isinstance(item, str) for item in cast("list[object]", items)):
        raise PeerError(name, "syntax", "is not a JSON list of texts")
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


def parameter(
    name: str, read: Callable[[str, str], Any] = read_text, *, default: Any = None, shown: bool = True
) -> Any:
    """A dataclass field that is read from the challenge parameter `name`, or has `default` when that is absent.

    shown: whether the challenge's repr tells it.
    """
    return field(default_factory=lambda: default, repr=shown, metadata={"parameter": name, "read": read})


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge(Unpicklable):
    """A challenge as it reaches the caller.

    name: the service's ChallengeName. parameters: ChallengeParameters whole, as they came, read-only.
    answers: the response fields that answer it, beside those that the machine adds.
    """

    name: ClassVar[str]
    answers: ClassVar[tuple[str, ...]]
    parameters: Mapping[str, str] = field(default_factory=lambda: NOTHING, repr=False)

    def _response(self, password: str | None = None, **responses: str) -> Response:
        if password is not None:
            utf8("password", password)
        return Response(self.name, self._checked(responses), password)

    @staticmethod
    def _checked(responses: Mapping[str, str]) -> dict[str, str]:
        for name, value in responses.items():
            utf8(name, value, limit=MAX_MEMBER_CHARACTERS)
        return dict(responses)


def read_fields(kind: type[Challenge], parameters: Mapping[str, str]) -> dict[str, Any]:
    """The constructor arguments of a challenge class, read from ChallengeParameters. Raises PeerError."""
    fields: dict[str, Any] = {"parameters": MappingProxyType(dict(parameters))}
    for item in dataclasses.fields(kind):
        name = item.metadata.get("parameter", "")
        if name in parameters:
            fields[item.name] = item.metadata["read"](name, parameters[name])
    return fields
