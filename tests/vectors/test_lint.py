"""The lint passes the files as they are, and nothing less."""

import copy
import json
import re
import subprocess
import sys

import lint
import pytest
from generator import document
from generator.flags import FLAGS

from vectors.fields import CASES, VECTORS, documents

TEXTS = {path.name: path.read_text(encoding="ascii") for path in sorted(CASES.glob("*.json"))}
SUMS = (CASES / "SHA256SUMS").read_text(encoding="ascii")


@pytest.fixture
def made() -> dict:
    return copy.deepcopy(documents())


def test_the_files_pass() -> None:
    assert list(lint.text_faults(TEXTS, SUMS)) == []


def test_the_command_fails_on_a_corrupted_byte(tmp_path) -> None:
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, encoding="ascii")
    (tmp_path / "SHA256SUMS").write_text(SUMS, encoding="ascii")
    command = [sys.executable, VECTORS / "lint.py", tmp_path]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    path = tmp_path / "timestamp.json"
    path.write_text(path.read_text(encoding="ascii").replace("midnight", "midnighd", 1), encoding="ascii")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "SHA256SUMS: does not fit the files\n"


def test_at_least_four_hundred_cases_and_every_decision() -> None:
    made = documents()
    assert sum(each["numberOfTests"] for each in made.values()) >= 400
    assert {flag.decision for flag in FLAGS.values()} >= set(range(1, 12))
    assert any("fewer than" in fault for fault in lint.faults({"rfc5054.json": made["rfc5054.json"]}))


def test_no_files_are_a_fault() -> None:
    assert list(lint.faults({})) == ["there are no files"]


def test_text_that_is_not_canonical() -> None:
    text = json.dumps(json.loads(TEXTS["timestamp.json"]), indent=4)
    assert "timestamp.json: is not in canonical form" in list(lint.text_faults({**TEXTS, "timestamp.json": text}, SUMS))
    assert "timestamp.json: is not JSON" in list(lint.text_faults({**TEXTS, "timestamp.json": "{"}, SUMS))


def check(made: dict, name: str) -> list[str]:
    return list(lint.file_faults(name, made[name]))


def test_ids_must_count_up(made: dict) -> None:
    made["timestamp.json"]["testGroups"][0]["tests"][3]["tcId"] = 3
    assert check(made, "timestamp.json") == ["timestamp.json: tcId are not 1, 2, 3, ... in order"]


def test_the_count_must_be_right(made: dict) -> None:
    made["timestamp.json"]["numberOfTests"] += 1
    assert len(check(made, "timestamp.json")) == 1


def test_flags_must_be_defined_and_used(made: dict) -> None:
    made["timestamp.json"]["testGroups"][0]["tests"][0]["flags"] = ["Midnite"]
    assert "timestamp.json: flag Midnite is not in notes" in check(made, "timestamp.json")
    made["hostile.json"]["notes"]["Midnight"] = FLAGS["Midnight"].note()
    assert check(made, "hostile.json") == ["hostile.json: flag Midnight is in notes and not used"]


def test_a_flag_means_one_thing(made: dict) -> None:
    made["timestamp.json"]["notes"]["Noon"]["description"] = "Something else."
    assert len(check(made, "timestamp.json")) == 1


@pytest.mark.parametrize("where", ["document", "group", "parameters", "test", "input", "expected", "trace"])
def test_nothing_may_be_added(made: dict, where: str) -> None:
    group = made["password_claim.json"]["testGroups"][0]
    test = group["tests"][0]
    at = {"document": made["password_claim.json"], "group": group, "test": test, "parameters": group["parameters"]}
    at.get(where, test.get(where))["more"] = "x"
    assert check(made, "password_claim.json")


@pytest.mark.parametrize("name", ["encoding", "timestamp", "secret_hash", "hostile", "transcript", "rfc5054"])
def test_the_generator_makes_these_very_files(name: str) -> None:
    from generator import catalogue

    assert document.canonical(document.finished(name, catalogue.FILES[name]())) == TEXTS[f"{name}.json"]


def test_the_readme_counts_right() -> None:
    counts = {name.removesuffix(".json"): made["numberOfTests"] for name, made in documents().items()}
    text = (VECTORS / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| (\d+) \|", text, re.MULTILINE)
    told = {tuple(re.findall(r"\w+", names)): int(count) for names, count in rows}
    assert {names: sum(counts[name] for name in names) for names in told} == told
    assert {name for names in told for name in names} == counts.keys()
    assert f"\n{sum(counts.values()):,} cases for" in text
