"""The vector files as the runner needs them, refused as a whole when they hold anything that it does not know.

A runner that skipped what it does not understand would pass every testee.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeGuard, cast

_CLAIM: Final = frozenset({"a", "salt", "srp_b", "secret_block", "now"})
_DEVICE: Final = frozenset({"device_group_key", "device_key", "device_password"})
_SERVER: Final = frozenset({"pool_id", "user_id", "password", "salt", "b", "srp_a"})

FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "password-claim": _CLAIM | {"pool_id", "user_id", "password"},
    "device-claim": _CLAIM | _DEVICE,
    "device-verifier": _DEVICE | {"salt"},
    "secret-hash": frozenset({"username", "client_id", "client_secret"}),
    "timestamp": frozenset({"now"}),
    "server-challenge": _SERVER,
    "server-verify": _SERVER | {"secret_block", "timestamp", "signature"},
}
"""The operations of the testee protocol and the fields of each."""

ANSWERS: Final[Mapping[str, frozenset[str]]] = {
    "password-claim": frozenset({"srp_a", "signature", "secret_block", "timestamp"}),
    "device-claim": frozenset({"srp_a", "signature", "secret_block", "timestamp"}),
    "device-verifier": frozenset({"password_verifier", "salt"}),
    "secret-hash": frozenset({"secret_hash"}),
    "timestamp": frozenset({"timestamp"}),
    "server-challenge": frozenset({"srp_b"}),
    "server-verify": frozenset({"accepted"}),
}
"""What an accepted case must answer under `ok`."""

UNDRIVEN: Final = frozenset(
    {
        *("integer-bytes", "wire-hex", "wire-base64", "pool-name"),
        *("multiplier", "public-ephemeral", "scrambler", "private-key", "verifier", "server-public-ephemeral"),
        *("client-premaster", "server-premaster", "session-key", "signature"),
        *("transcript", "rfc5054", "accumulated"),
    }
)
"""Types that the protocol has no operation for: an implementation's own tests read them."""

RESULTS: Final = frozenset({"valid", "invalid", "acceptable"})
KINDS: Final = frozenset({"peer", "usage"})
_GROUP_KEYS: Final = frozenset({"type", "source", "parameters", "tests"})
_CASE_KEYS: Final = frozenset({"tcId", "comment", "flags", "input", "result", "error", "stage", "expected", "trace"})


class VectorError(ValueError):
    """The vectors cannot be run: there are none, they are malformed, or the runner does not know something in them."""


@dataclass(frozen=True, slots=True)
class Flag:
    """What a flag means, and how often such a case occurs in practice."""

    description: str
    frequency: str


@dataclass(frozen=True, slots=True)
class Case:
    """One case: `request` is what the testee is asked, without the id."""

    id: str
    op: str
    comment: str
    flags: tuple[str, ...]
    request: Mapping[str, Any]
    result: str
    kind: str | None
    expected: Mapping[str, Any] | None
    trace: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Vectors:
    """All cases that a testee can be driven through. undriven: how many of each other type there are."""

    version: str
    cases: tuple[Case, ...]
    flags: Mapping[str, Flag]
    undriven: Mapping[str, int]


def default_directory() -> Path:
    """The vectors that were installed with the package, else those of the source tree it is used from."""
    installed = Path(__file__).parent / "cases"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "vectors" / "cases"


def load(directory: Path) -> Vectors:
    """Every *.json file of a directory. Raises VectorError; nothing unknown is skipped."""
    cases: list[Case] = []
    flags: dict[str, Flag] = {}
    undriven: dict[str, int] = {}
    versions: set[str] = set()
    for path in sorted(directory.glob("*.json")):
        try:
            document = _object(json.loads(path.read_text(encoding="utf-8")), path.name)
        except (OSError, ValueError, RecursionError) as error:
            if isinstance(error, VectorError):
                raise
            raise VectorError(f"{path.name}: cannot be read as JSON") from None
        notes = {
            name: _flag(note, f"{path.name}: {name}") for name, note in _object_in(document, "notes", path.name).items()
        }
        flags |= notes
        versions.add(str(document.get("generatorVersion")))
        for group in _list_in(document, "testGroups", path.name):
            found = list(_group(path.stem, _object(group, path.name), notes, undriven))
            cases += found
    if not cases:
        raise VectorError(f"no case to run in {directory}")
    if len({case.id for case in cases}) != len(cases):
        raise VectorError("two cases have one id")
    if len(versions) != 1:
        raise VectorError("the files are of different versions")
    return Vectors(versions.pop(), tuple(cases), flags, undriven)


def _flag(note: object, where: str) -> Flag:
    fields = _object(note, where)
    return Flag(str(fields.get("description", "")), str(fields.get("frequency", "")))


def _group(stem: str, group: Mapping[str, Any], notes: Mapping[str, Flag], undriven: dict[str, int]) -> Iterator[Case]:
    op = _known(group.get("type"), UNDRIVEN | FIELDS.keys(), f"{stem}: unknown op")
    tests = _list_in(group, "tests", stem)
    if not tests:
        raise VectorError(f"{stem}: a group has no tests")
    if op in UNDRIVEN:
        undriven[op] = undriven.get(op, 0) + len(tests)
        return
    _only(group, _GROUP_KEYS, stem)
    parameters = _object_in(group, "parameters", stem)
    _only(parameters, FIELDS[op], f"{stem}: parameters of {op}")
    for test in tests:
        yield _case(stem, op, parameters, _object(test, stem), notes)


def _case(
    stem: str, op: str, parameters: Mapping[str, Any], test: Mapping[str, Any], notes: Mapping[str, Flag]
) -> Case:
    where = f"{stem}:{test.get('tcId')}"
    _only(test, _CASE_KEYS, where)
    given = _object_in(test, "input", where)
    _only(given, FIELDS[op] - parameters.keys(), f"{where}: input of {op}")
    flags = [str(flag) for flag in _list_in(test, "flags", where)]
    unknown = [flag for flag in flags if flag not in notes]
    if unknown or not flags:
        raise VectorError(f"{where}: unknown flag {', '.join(unknown) or '(none given)'}")
    result = _known(test.get("result"), RESULTS, f"{where}: unknown result")
    kind = None
    if "error" in test:
        kind = _known(_object_in(test, "error", where).get("kind"), KINDS, f"{where}: unknown kind of error")
    expected = _object_in(test, "expected", where) if "expected" in test else None
    if expected is not None and expected.keys() != ANSWERS[op]:
        raise VectorError(f"{where}: expected must hold {', '.join(sorted(ANSWERS[op]))}")
    if (result != "invalid" and expected is None) or (result == "invalid" and expected is None and kind is None):
        raise VectorError(f"{where}: {result} without what to expect")
    trace = _object_in(test, "trace", where) if "trace" in test else None
    request = {"op": op, **parameters, **given}
    return Case(where, op, str(test.get("comment")), tuple(flags), request, result, kind, expected, trace)


def _known(value: object, words: frozenset[str], complaint: str) -> str:
    if not isinstance(value, str) or value not in words:
        raise VectorError(f"{complaint} {value!r}")
    return value


def _object(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise VectorError(f"{where}: is not a JSON object")
    return cast("dict[str, Any]", value)


def _object_in(mapping: Mapping[str, Any], key: str, where: str) -> dict[str, Any]:
    return _object(mapping.get(key), f"{where}: {key}")


def _list_in(mapping: Mapping[str, Any], key: str, where: str) -> list[Any]:
    value = mapping.get(key)
    if not _is_list(value):
        raise VectorError(f"{where}: {key}: is not a list")
    return value


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _only(mapping: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    unknown = sorted(mapping.keys() - known)
    if unknown:
        raise VectorError(f"{where}: unknown {', '.join(unknown)}")
