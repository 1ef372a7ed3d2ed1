"""The scoreboard's tables, from reports made here: the clients themselves run in `make scoreboard`."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import scoreboard

from cognito_challenges.conformance import Report, default_directory, load
from cognito_challenges.conformance.judge import Outcome
from vectors.fields import VECTORS

ALL = load(default_directory())
KINDS = {flag: note["kind"] for path in (VECTORS / "cases").glob("*.json") for flag, note in scoreboard.notes(path)}


def report(failed: set[frozenset[str]], unsupported: set[str] = frozenset()) -> Report:
    def verdict(case):
        if case.op in unsupported:
            return "unsupported"
        return "failed" if frozenset(case.flags) in failed else "passed"

    return Report(("testee",), ALL, tuple(Outcome(case, verdict(case)) for case in ALL.cases))


def client(name: str) -> scoreboard.Client:
    return scoreboard.Client(name, "Python", list, lambda: "1.0")


def test_only_the_flags_that_are_to_blame() -> None:
    found = report(
        {frozenset({"BZero"}), frozenset({"SaltZeroPadded"}), frozenset({"LeadingZeroSalt", "SaltZeroPadded"})}
    )
    assert scoreboard.failing(found, KINDS) == (["SaltZeroPadded"], ["BZero"])
    assert scoreboard.failing(report(set()), KINDS) == ([], [])


def test_a_flag_that_fails_in_company_only() -> None:
    found = report({frozenset({"LeadingZeroSalt", "SaltZeroPadded"})})
    assert scoreboard.failing(found, KINDS) == (["LeadingZeroSalt", "SaltZeroPadded"], [])


def test_tables() -> None:
    rows = [(client("good"), report(set())), (client("bad"), report({frozenset({"BZero"})}, {"secret-hash"}))]
    text = scoreboard.scoreboard(rows, KINDS)
    assert "| BZero | 0 | 18 of 18 | only from a hostile or broken service |" in text
    assert "Ordinary" not in text
    table = scoreboard.summary(rows, KINDS)
    assert f"| good 1.0 | {len(ALL.cases)} | 0 | 0 | nothing | nothing |" in table
    assert "| 18 | 22 | nothing | BZero |" in table


def test_the_readme_keeps_the_rest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- scoreboard -->\nold\n<!-- /scoreboard -->\nafter\n")
    scoreboard.insert(readme, "new\n")
    assert readme.read_text() == "before\n<!-- scoreboard -->\nnew\n<!-- /scoreboard -->\nafter\n"
    readme.write_text("no marks\n")
    scoreboard.insert(readme, "new\n")
    assert readme.read_text() == "no marks\n"
    assert "left as it is" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["amazon-cognito-identity-js", "cognito-srp-helper"])
def test_locks_name_versions_and_no_addresses(name: str) -> None:
    folder = VECTORS / "testees" / name
    wanted = json.loads((folder / "package.json").read_text())["dependencies"][name]
    text = (folder / "package-lock.json").read_text()
    locked = json.loads(text)["packages"][f"node_modules/{name}"]
    assert locked["version"] == wanted
    assert "resolved" not in text
    assert "://" not in "".join(line for line in text.splitlines() if "url" not in line)


def test_a_report_without_outcomes_does_not_conform() -> None:
    assert not replace(report(set()), outcomes=()).conforms
