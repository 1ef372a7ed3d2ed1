"""How an answer is bent: every place in a document, and what is put there instead."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any, Final

Path = tuple[str | int, ...]

REMOVED: Final = object()
"""Put in a place, it takes the place away."""

DEEP: Any = []
for _ in range(200):
    DEEP = [DEEP]

VALUES: Final[dict[str, Any]] = {
    "removed": REMOVED,
    "null": None,
    "true": True,
    "zero": 0,
    "minus one": -1,
    "huge": 10**400,
    "fraction": 1.5,
    "not a number": float("nan"),
    "infinite": float("inf"),
    "empty": "",
    "space": " ",
    "nul": "a\0b",
    "surrogate": "\ud800",
    "escapes": "\x1b[2J\x1b]0;title\x07",
    "right to left": "\u202eevil",
    "long": "x" * 200_000,
    "long hex": "f" * 5_000,
    "digits": "000000",
    "json": '{"a": [1, null]}',
    "broken json": "[" * 50_000,
    "password": "PASSWORD",
    "proof": "PASSWORD_VERIFIER",
    "list": [],
    "object": {"": ""},
    "deep": DEEP,
}
"""The 25 values that each place is bent to, by name."""


def places(document: Any, path: Path = ()) -> Iterator[Path]:
    """Every place in a document, the whole of it first, and in each object one more that is named by nothing."""
    yield path
    if isinstance(document, dict):
        for name, inner in document.items():
            yield from places(inner, (*path, name))
        if "" not in document:
            yield (*path, "")
    elif isinstance(document, list):
        for index, inner in enumerate(document):
            yield from places(inner, (*path, index))


def bent(document: Any, path: Path, value: Any) -> Any:
    """A copy of the document with another value in one place."""
    if not path:
        return None if value is REMOVED else copy.deepcopy(value)
    whole = copy.deepcopy(document)
    inner = whole
    for part in path[:-1]:
        inner = inner[part]
    if value is not REMOVED:
        inner[path[-1]] = copy.deepcopy(value)
    elif isinstance(inner, list):
        del inner[path[-1]]
    else:
        inner.pop(path[-1], None)
    return whole


def bent_at_random(document: Any, draw: random.Random, times: int) -> tuple[Any, str]:
    """A document bent in so many places, drawn one after the other, and what was done to it."""
    told = []
    for _ in range(times):
        path, (name, value) = draw.choice(list(places(document))), draw.choice(list(VALUES.items()))
        document = bent(document, path, value)
        told.append(f"{'/'.join(map(str, path)) or 'the whole'} is {name}")
    return document, ", ".join(told)
