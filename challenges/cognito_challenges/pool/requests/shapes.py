"""Shapes of request members, and the one check that every request passes before its operation sees it.

Wrong JSON types are a SerializationException, everything else that breaks a shape is collected into one
InvalidParameterException. Messages name members and limits, never values. Members that a shape does not list are
ignored, as the service does; a null counts as absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

from cognito_challenges.pool.errors import ServiceError, invalid_parameter


@dataclass(frozen=True, slots=True)
class Text:
    """A string: its least and most characters, the pattern that all of it matches, and the values it may have.

    not_served: those values that the service takes and this pool cannot honour.
    """

    least: int = 0
    most: int = 131_072
    pattern: str | None = None
    values: tuple[str, ...] = ()
    not_served: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer between two limits."""

    least: int = -(2**31)
    most: int = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""


@dataclass(frozen=True, slots=True)
class TextMap:
    """A map of strings to strings, with at most so many entries, and at most so many characters in each."""

    entries: int = 200
    longest_name: int = 1_024
    longest_value: int = 131_072


@dataclass(frozen=True, slots=True)
class MapOf:
    """A map of a few known keys to one shape."""

    keys: tuple[str, ...]
    value: Shape


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one shape with at least and at most so many members."""

    item: Shape
    most: int = 100
    least: int = 0


@dataclass(frozen=True, slots=True)
class Structure:
    """Named members, of which the required ones have to be there."""

    required: Mapping[str, Shape] = field(default_factory=dict[str, "Shape"])
    optional: Mapping[str, Shape] = field(default_factory=dict[str, "Shape"])


@dataclass(frozen=True, slots=True)
class Document:
    """Any JSON object, kept as it came."""


@dataclass(frozen=True, slots=True)
class NotServed:
    """A member that the service takes and this pool cannot honour: it is refused rather than ignored."""


T = TypeVar("T")
_DEEPEST = 32
_WIRE_TYPES: dict[type[object], str] = {
    dict: "START_OBJECT",
    list: "START_ARRAY",
    str: "STRING_VALUE",
    bool: "BOOLEAN_VALUE",
}
Shape = Text | Whole | Flag | TextMap | MapOf | ListOf | Structure | Document | NotServed


def checked(shape: Structure, value: object) -> dict[str, object]:
    """The request's known members, when they all fit. Raises ServiceError naming each that does not."""
    problems: list[str] = []
    members = _check(shape, value, "", problems)
    if problems:
        plural = "s" if len(problems) > 1 else ""
        raise invalid_parameter(f"{len(problems)} validation error{plural} detected: {'; '.join(problems)}")
    return cast("dict[str, object]", members)


def walk(shape: Shape, path: str = "") -> Iterator[tuple[str, Shape]]:
    """Every member inside a shape by its path, as in "Policies.PasswordPolicy.MinimumLength".

    A list is given as the shape of its items, and adds nothing to the path.
    """
    match shape:
        case Structure():
            for name, member in {**shape.required, **shape.optional}.items():
                here = f"{path}.{name}" if path else name
                yield here, item_of(member)
                yield from walk(member, here)
        case ListOf():
            yield from walk(shape.item, path)
        case MapOf():
            for key in shape.keys:
                yield f"{path}.{key}", shape.value
                yield from walk(shape.value, f"{path}.{key}")
        case _:
            return


def item_of(shape: Shape) -> Shape:
    """What a list is of; any other shape itself."""
    return item_of(shape.item) if isinstance(shape, ListOf) else shape


def _check(shape: Shape, value: object, path: str, problems: list[str]) -> object:
    match shape:
        case Text():
            return _check_text(shape, _text(value), path, problems)
        case Whole():
            if isinstance(value, bool) or not isinstance(value, int):
                raise _mistyped(value, "an Integer")
            if value < shape.least:
                problems.append(_constraint(path, f"Member must have value greater than or equal to {shape.least}"))
            if value > shape.most:
                problems.append(_constraint(path, f"Member must have value less than or equal to {shape.most}"))
            return value
        case Flag():
            return _typed(value, bool, "a Boolean")
        case TextMap():
            return _check_texts(shape, _object(value, "a Map"), path, problems)
        case MapOf():
            return _check_map(shape, _object(value, "a Map"), path, problems)
        case ListOf():
            items = cast("list[object]", _typed(value, list, "a Collection"))
            if len(items) > shape.most:
                problems.append(_constraint(path, f"Member must have length less than or equal to {shape.most}"))
                return []
            if len(items) < shape.least:
                problems.append(_constraint(path, f"Member must have length greater than or equal to {shape.least}"))
            return [_check(shape.item, item, f"{path}.{at}.member", problems) for at, item in enumerate(items, 1)]
        case Structure():
            return _check_structure(shape, _object(value, "an Object"), path, problems)
        case Document():
            _check_document(_object(value, "an Object"))
            return value
        case NotServed():
            problems.append(f"Value at '{path}' is not served by this pool")
            return value


def _check_text(shape: Text, text: str, path: str, problems: list[str]) -> str:
    if len(text) < shape.least:
        problems.append(_constraint(path, f"Member must have length greater than or equal to {shape.least}"))
    elif len(text) > shape.most:
        problems.append(_constraint(path, f"Member must have length less than or equal to {shape.most}"))
    elif shape.pattern is not None and not re.fullmatch(shape.pattern, text):
        problems.append(_constraint(path, f"Member must satisfy regular expression pattern: {shape.pattern}"))
    elif shape.values and text not in shape.values:
        problems.append(_constraint(path, f"Member must satisfy enum value set: [{', '.join(shape.values)}]"))
    elif text in shape.not_served:
        problems.append(f"Value {text} at '{path}' is not served by this pool")
    return text


def _check_texts(shape: TextMap, given: Mapping[str, object], path: str, problems: list[str]) -> dict[str, str]:
    texts = {_text(name): _text(entry) for name, entry in given.items() if entry is not None}
    if len(texts) > shape.entries:
        problems.append(_constraint(path, f"Member must have length less than or equal to {shape.entries}"))
    for what, longest, limit in (
        ("keys", max(map(len, texts), default=0), shape.longest_name),
        ("values", max(map(len, texts.values()), default=0), shape.longest_value),
    ):
        if longest > limit:
            rule = f"Map {what} must satisfy constraint: Member must have length less than or equal to {limit}"
            problems.append(_constraint(path, rule))
    return texts


def _check_document(value: object, depth: int = 0) -> None:
    """Refuse what cannot be written again: texts that are no UTF-8, and nesting without end."""
    if depth > _DEEPEST:
        raise ServiceError("SerializationException", f"The document is nested more than {_DEEPEST} deep")
    if isinstance(value, str):
        _text(value)
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            _check_document(item, depth + 1)
    elif isinstance(value, dict):
        for name, item in cast("dict[str, object]", value).items():
            _text(name)
            _check_document(item, depth + 1)


def _check_map(shape: MapOf, given: Mapping[str, object], path: str, problems: list[str]) -> dict[str, object]:
    if not set(given) <= set(shape.keys):
        problems.append(
            _constraint(path, f"Map keys must satisfy constraint: enum value set: [{', '.join(shape.keys)}]")
        )
    return {
        name: _check(shape.value, given[name], f"{path}.{name}.member", problems)
        for name in shape.keys
        if given.get(name) is not None
    }


def _check_structure(
    shape: Structure, given: Mapping[str, object], path: str, problems: list[str]
) -> dict[str, object]:
    members: dict[str, object] = {}
    for required, table in ((True, shape.required), (False, shape.optional)):
        for name, member in table.items():
            here = f"{path}.{_camel(name)}" if path else _camel(name)
            value = given.get(name)
            if value is not None:
                members[name] = _check(member, value, here, problems)
            elif required:
                problems.append(_constraint(here, "Member must not be null"))
    return members


def _typed(value: object, kind: type[T], name: str) -> T:
    if not isinstance(value, kind):
        raise _mistyped(value, name)
    return value


def _text(value: object) -> str:
    text = _typed(value, str, "a String")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ServiceError("SerializationException", "A String holds a lone surrogate") from None
    return text


def _object(value: object, name: str) -> dict[str, object]:
    return cast("dict[str, object]", _typed(value, dict, name))


def _mistyped(value: object, wanted: str) -> ServiceError:
    given = next((name for kind, name in _WIRE_TYPES.items() if isinstance(value, kind)), "NUMBER_VALUE")
    return ServiceError("SerializationException", f"{given} cannot be converted to {wanted}")


def _constraint(path: str, rule: str) -> str:
    return f"Value at '{path}' failed to satisfy constraint: {rule}"


def _camel(name: str) -> str:
    return name[:1].lower() + name[1:]
