"""What all files have in common: groups, cases, canonical text and digests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .flags import FLAGS

VERSION = "1"
GENERATED = {"name": "cognito-srp/vectors", "version": VERSION}

Case = dict[str, Any]
Group = dict[str, Any]
Document = dict[str, Any]


def case(
    comment: str,
    flags: Iterable[str],
    given: dict[str, Any],
    *,
    expected: dict[str, Any] | None = None,
    trace: dict[str, Any] | None = None,
    result: str = "valid",
    kind: str | None = None,
    stage: str | None = None,
) -> Case:
    """One case. tcId is assigned when the file is finished; `kind` and `stage` say how it must be refused."""
    made: Case = {"comment": comment, "flags": sorted(flags), "input": given, "result": result}
    if kind is not None:
        made["error"] = {"kind": kind}
    if stage is not None:
        made["stage"] = stage
    if expected is not None:
        made["expected"] = expected
    if trace is not None:
        made["trace"] = trace
    return made


def group(
    kind: str, tests: list[Case], parameters: dict[str, Any] | None = None, source: dict[str, str] | None = None
) -> Group:
    """Cases of one type. `parameters` are the fields that all of its cases share."""
    return {"type": kind, "source": source or GENERATED, "parameters": parameters or {}, "tests": tests}


def finished(name: str, parts: Document) -> Document:
    """The file as it is written: ids and counts assigned, and the notes of exactly the flags that are used."""
    groups: list[Group] = parts["groups"]
    used: set[str] = set()
    number = 0
    for each in groups:
        numbered = []
        for test in each["tests"]:
            number += 1
            numbered.append({"tcId": number, **test})
            used |= set(test["flags"])
        each["tests"] = numbered
    return {
        "title": parts["title"],
        "description": parts["description"],
        "schema": f"{parts.get('schema', name)}.schema.json",
        "generatorVersion": VERSION,
        "numberOfTests": number,
        "notes": {flag: FLAGS[flag].note() for flag in sorted(used)},
        "testGroups": groups,
    }


def canonical(document: Document) -> str:
    """The one text of a document: ASCII, two spaces, keys in the order of the generator, one newline at the end."""
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def write_sums(folder: Path) -> None:
    """SHA256SUMS beside the files, in the form that sha256sum --check reads."""
    texts = {path.name: path.read_text(encoding="ascii") for path in sorted(folder.glob("*.json"))}
    (folder / "SHA256SUMS").write_text(sums_of(texts), encoding="ascii")


def sums_of(texts: Mapping[str, str]) -> str:
    """The text of SHA256SUMS for these files."""
    lines = (f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n" for name, text in sorted(texts.items()))
    return "".join(lines)
