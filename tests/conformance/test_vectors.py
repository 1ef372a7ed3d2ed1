"""The runner refuses vectors that hold anything it does not know."""

import json
from pathlib import Path
from typing import Any

import pytest

from cognito_challenges.conformance import VectorError, default_directory, load
from cognito_challenges.conformance.vectors import FIELDS


def document() -> dict[str, Any]:
    test = {
        "tcId": 1,
        "comment": "midnight",
        "flags": ["Midnight"],
        "input": {"now": 0},
        "result": "valid",
        "expected": {"timestamp": "Thu Jan 1 00:00:00 UTC 1970"},
    }
    return {
        "generatorVersion": "1",
        "notes": {"Midnight": {"kind": "Clock", "description": "00", "frequency": "1 in 24"}},
        "testGroups": [{"type": "timestamp", "source": {}, "parameters": {}, "tests": [test]}],
    }


def loaded(folder: Path, *documents: Any):
    for i, each in enumerate(documents):
        (folder / f"file{i}.json").write_text(each if isinstance(each, str) else json.dumps(each))
    return load(folder)


def test_a_good_document(tmp_path: Path) -> None:
    vectors = loaded(tmp_path, document())
    assert [case.id for case in vectors.cases] == ["file0:1"]
    assert vectors.cases[0].request == {"op": "timestamp", "now": 0}
    assert vectors.flags["Midnight"].frequency == "1 in 24"


def test_the_repository_s_own() -> None:
    vectors = load(default_directory())
    assert len(vectors.cases) >= 400
    assert {case.op for case in vectors.cases} == set(FIELDS)
    assert vectors.undriven.keys() >= {"transcript", "accumulated", "rfc5054", "integer-bytes"}


def refused(folder: Path, change, match: str) -> None:
    made = document()
    change(made, made["testGroups"][0], made["testGroups"][0]["tests"][0])
    with pytest.raises(VectorError, match=match):
        loaded(folder, made)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda d, g, t: d.update(testGroups=[]), "no case to run"),
        (lambda d, g, t: g.update(tests=[]), "a group has no tests"),
        (lambda d, g, t: g.update(type="rfc5054"), "no case to run"),
        (lambda d, g, t: g.update(type="time"), "unknown op 'time'"),
        (lambda d, g, t: g.update(type=["timestamp"]), "unknown op"),
        (lambda d, g, t: g.update(type=None), "unknown op"),
        (lambda d, g, t: g.update(more=1), "unknown more"),
        (lambda d, g, t: g.update(parameters={"zone": "CET"}), "parameters of timestamp: unknown zone"),
        (lambda d, g, t: g.update(parameters={"now": 5}), "input of timestamp: unknown now"),
        (lambda d, g, t: g.update(parameters=None), "parameters: is not a JSON object"),
        (lambda d, g, t: t.update(flags=["Midnite"]), "unknown flag Midnite"),
        (lambda d, g, t: t.update(flags=[]), "unknown flag"),
        (lambda d, g, t: t.update(flags="Midnight"), "flags: is not a list"),
        (lambda d, g, t: t.update(result="maybe"), "unknown result 'maybe'"),
        (lambda d, g, t: t.update(result=["valid"]), "unknown result"),
        (lambda d, g, t: t.pop("result"), "unknown result None"),
        (lambda d, g, t: t.update(error={"kind": "fatal"}), "unknown kind of error 'fatal'"),
        (lambda d, g, t: t.update(error={"kind": ["peer"]}), "unknown kind of error"),
        (lambda d, g, t: t.update(input={"now": 0, "zone": "CET"}), "unknown zone"),
        (lambda d, g, t: t.update(expected={"time": "x"}), "expected must hold timestamp"),
        (lambda d, g, t: t.pop("expected"), "valid without what to expect"),
        (lambda d, g, t: (t.pop("expected"), t.update(result="invalid")), "invalid without what to expect"),
        (lambda d, g, t: t.update(more=1), "unknown more"),
        (lambda d, g, t: g["tests"].append(dict(t)), "two cases have one id"),
    ],
)
def test_refused(tmp_path: Path, change, match: str) -> None:
    refused(tmp_path, change, match)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"testGroups": {}}', "[" * 100_000])
def test_text_that_is_no_vector_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(VectorError):
        loaded(tmp_path, text)


def test_an_empty_directory(tmp_path: Path) -> None:
    with pytest.raises(VectorError, match="no case to run"):
        load(tmp_path)
    with pytest.raises(VectorError, match="no case to run"):
        load(tmp_path / "none")


def test_two_versions(tmp_path: Path) -> None:
    with pytest.raises(VectorError, match="different versions"):
        loaded(tmp_path, document(), {**document(), "generatorVersion": "2"})
