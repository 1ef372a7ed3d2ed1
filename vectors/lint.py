"""Check the files under cases/: schema, ids, counts, flags, canonical text, digests. Exit 1 with what is wrong."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import referencing
from generator import document, readme
from generator.flags import FLAGS

HERE = Path(__file__).parent
LEAST_CASES = 400
DECISIONS = range(1, 12)

Documents = dict[str, dict[str, Any]]


@cache
def validator(schema: str) -> jsonschema.Draft202012Validator:
    """The validator of one file type."""
    folder = HERE / "schemas"
    schemas = {path.name: json.loads(path.read_text(encoding="ascii")) for path in folder.glob("*.schema.json")}
    resources = ((name, referencing.Resource.from_contents(each)) for name, each in schemas.items())
    registry: referencing.Registry[Any] = referencing.Registry[Any]().with_resources(resources)
    jsonschema.Draft202012Validator.check_schema(schemas[schema])
    return jsonschema.Draft202012Validator(schemas[schema], registry=registry)


def file_faults(name: str, made: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one file by itself."""
    schema = made.get("schema")
    if not isinstance(schema, str) or not (HERE / "schemas" / schema).is_file():
        yield f"{name}: has no schema"
        return
    faults = [f"{name}: {error.json_path}: {error.message[:160]}" for error in validator(schema).iter_errors(made)]
    if faults:
        yield from faults
        return
    tests = [test for group in made["testGroups"] for test in group["tests"]]
    if [test["tcId"] for test in tests] != list(range(1, len(tests) + 1)):
        yield f"{name}: tcId are not 1, 2, 3, ... in order"
    if made["numberOfTests"] != len(tests):
        yield f"{name}: numberOfTests is not {len(tests)}"
    if made["generatorVersion"] != document.VERSION:
        yield f"{name}: generatorVersion is not {document.VERSION}"
    used = {flag for test in tests for flag in test["flags"]}
    for flag in sorted(used ^ made["notes"].keys()):
        yield f"{name}: flag {flag} is {'not in notes' if flag in used else 'in notes and not used'}"
    for flag in sorted(used & made["notes"].keys()):
        if flag not in FLAGS or FLAGS[flag].note() != made["notes"][flag]:
            yield f"{name}: flag {flag} is defined otherwise in generator/flags.py"
    for test in tests:
        if test["flags"] != sorted(test["flags"]):
            yield f"{name}:{test['tcId']}: flags are not in order"


def faults(documents: Documents) -> Iterator[str]:
    """What is wrong with the files, each by itself and together."""
    if not documents:
        yield "there are no files"
        return
    for name, made in documents.items():
        yield from file_faults(name, made)
    cases = sum(made.get("numberOfTests", 0) for made in documents.values())
    if cases < LEAST_CASES:
        yield f"{cases} cases are fewer than {LEAST_CASES}"
    used = {flag for made in documents.values() for flag in made.get("notes", {})}
    for flag in sorted(FLAGS.keys() - used):
        yield f"flag {flag} is defined and used nowhere"
    decided = {FLAGS[flag].decision for flag in used & FLAGS.keys()}
    for decision in DECISIONS:
        if decision not in decided:
            yield f"decision {decision} has no flag"


def text_faults(texts: dict[str, str], sums: str) -> Iterator[str]:
    """What is wrong with the texts: not JSON, not canonical, or another digest than SHA256SUMS says."""
    documents: Documents = {}
    for name, text in texts.items():
        try:
            documents[name] = json.loads(text)
        except ValueError:
            yield f"{name}: is not JSON"
            continue
        if document.canonical(documents[name]) != text:
            yield f"{name}: is not in canonical form"
    if document.sums_of(texts) != sums:
        yield "SHA256SUMS: does not fit the files"
    yield from faults(documents)


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit status 1 when anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=HERE / "cases")
    folder: Path = parser.parse_args(None if arguments is None else list(arguments)).folder
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.json"))}
    sums = folder / "SHA256SUMS"
    found = list(text_faults(texts, sums.read_text(encoding="ascii") if sums.is_file() else ""))
    text = (HERE / "README.md").read_text(encoding="utf-8")
    if readme.inserted(text) != text:
        found.append("README.md: its list of flags is not that of generator/flags.py")
    for fault in found:
        print(fault, file=sys.stderr)
    print(f"{len(texts)} files, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
