"""The fields of the vector files, and how one byte of each goes wrong."""

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).parents[2] / "vectors"
CASES = VECTORS / "cases"
Step = str | int


@dataclass(frozen=True)
class Field:
    """One leaf of one case; `test` is None for one of the group's parameters. `path` starts at the case or group."""

    file: str
    group: int
    test: int | None
    path: tuple[Step, ...]
    type: str
    result: str

    @property
    def pattern(self) -> str:
        return ".".join("*" if isinstance(step, int) else step for step in self.path)


def documents() -> dict[str, dict[str, Any]]:
    return {path.name: json.loads(path.read_text(encoding="ascii")) for path in sorted(CASES.glob("*.json"))}


def leaves(value: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from leaves(each, (*path, key))
    elif isinstance(value, list):
        for i, each in enumerate(value):
            yield from leaves(each, (*path, i))
    else:
        yield path


def fields(made: dict[str, dict[str, Any]]) -> Iterator[Field]:
    for file, document in made.items():
        for i, group in enumerate(document["testGroups"]):
            for path in leaves({"source": group["source"], "parameters": group["parameters"]}):
                yield Field(file, i, None, path, group["type"], "")
            for j, test in enumerate(group["tests"]):
                for path in leaves(test):
                    yield Field(file, i, j, path, group["type"], test["result"])


def value_at(made: Any, path: tuple[Step, ...]) -> Any:
    for step in path:
        made = made[step]
    return made


def corrupted(value: Any, *, last: bool = False) -> Any:
    """The same value with one thing about it wrong: of a text, one character, for another of its kind.

    The character is one in the middle, or the last: of a pool id only what follows the underscore is hashed.
    """
    if value is None:
        return "x"
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if not value:
        return "x"
    middle = len(value) - 1 if last else len(value) // 2
    at = next((i for i in (*range(middle, len(value)), *range(middle)) if value[i].isalnum()), middle)
    old = value[at]
    hexadecimal = re.fullmatch("[0-9a-f]+", value)
    new = "1" if old.isdigit() or hexadecimal else "x" if old.islower() else "X"
    if new == old:
        new = "2" if new == "1" else chr(ord(new) + 1)
    return value[:at] + new + value[at + 1 :]


def with_value(made: Any, path: tuple[Step, ...], value: Any) -> Any:
    changed = copy.deepcopy(made)
    value_at(changed, path[:-1])[path[-1]] = value
    return changed


def alone(document: dict[str, Any], field: Field, value: Any) -> dict[str, Any]:
    """The file with this one case only, and the value changed: small enough to check thousands of them."""
    group = document["testGroups"][field.group]
    test = {**group["tests"][field.test or 0], "tcId": 1}
    part = {**group, "tests": [test]}
    path = field.path if field.test is None else ("tests", 0, *field.path)
    notes = {flag: document["notes"][flag] for flag in test["flags"]}
    return {**document, "numberOfTests": 1, "notes": notes, "testGroups": [with_value(part, path, value)]}
