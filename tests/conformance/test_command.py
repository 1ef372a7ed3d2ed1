"""`cognito-srp conformance` and `cognito-srp testee` as commands."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cognito_challenges.conformance import default_directory

MISBEHAVING = str(Path(__file__).parent / "misbehaving.py")


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "from cognito_challenges.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def few(tmp_path: Path) -> str:
    made = json.loads((default_directory() / "timestamp.json").read_text())
    made["testGroups"][0]["tests"] = made["testGroups"][0]["tests"][:4]
    (tmp_path / "timestamp.json").write_text(json.dumps(made))
    return str(tmp_path)


def test_a_table_and_status_0(few: str) -> None:
    done = command("conformance", "--vectors", few, "--", sys.executable, "-m", "cognito_challenges.conformance.testee")
    assert done.returncode == 0
    assert "Midnight" in done.stdout
    assert "5 passed, 0 failed, 0 unsupported" in done.stdout
    assert done.stderr == ""  # no progress bar where there is no terminal


def test_a_failure_and_status_1(few: str, tmp_path: Path) -> None:
    junit = tmp_path / "junit.xml"
    done = command(
        "conformance", "--vectors", few, "--junit", str(junit), "--", sys.executable, MISBEHAVING, "wrong", "3"
    )
    assert done.returncode == 1
    assert "timestamp:4" in done.stdout
    suites = ElementTree.parse(junit).getroot()
    assert {suite.get("name"): suite.get("failures") for suite in suites} == {"timestamp": "1", "protocol": "0"}
    (failure,) = suites.iter("failure")
    assert failure.get("message", "").startswith("timestamp differs")


def test_json(few: str) -> None:
    done = command("conformance", "--vectors", few, "--json", "--", sys.executable, MISBEHAVING, "wrong", "3")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert report["conforms"] is False
    assert report["counts"] == {"passed": 4, "failed": 1, "unsupported": 0}
    assert [case["id"] for case in report["cases"] if case["verdict"] == "failed"] == ["timestamp:4"]


def test_the_time_limit(few: str) -> None:
    arguments = ["--vectors", few, "--timeout", "2", "--json", "--", sys.executable, MISBEHAVING, "stall", "3"]
    report = json.loads(command("conformance", *arguments).stdout)
    assert report["cases"][3]["reason"] == "no answer within 2 seconds"


def test_status_2_for_what_cannot_be_run(few: str, tmp_path: Path) -> None:
    done = command("conformance", "--vectors", few, "--", "no-such-command-anywhere")
    assert (done.returncode, done.stderr) == (2, "no-such-command-anywhere: No such file or directory\n")
    done = command("conformance", "--vectors", str(tmp_path / "none"), "--", sys.executable, MISBEHAVING, "well")
    assert done.returncode == 2
    assert done.stderr.startswith("vectors: no case to run")


def test_testee() -> None:
    code = "from cognito_challenges.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "testee"],
        input='{"id": 1, "op": "timestamp", "now": 0}\n',
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == {"id": 1, "ok": {"timestamp": "Thu Jan 1 00:00:00 UTC 1970"}}
