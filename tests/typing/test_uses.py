"""The type checkers accept the typical uses, and notice a challenge that nobody answers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
USES = Path(__file__).with_name("uses.py")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=240, check=False
    )


def mypy(path: Path) -> subprocess.CompletedProcess[str]:
    return run("mypy", "--strict", str(path))


def test_mypy_accepts_the_uses() -> None:
    done = mypy(USES)
    assert done.returncode == 0, done.stdout


def test_pyright_accepts_the_uses() -> None:
    done = run("pyright", "--pythonpath", sys.executable, str(USES))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["OtherChallenge", "TotpEnrolment", "WebAuthn"])
def test_mypy_notices_a_challenge_left_out(name: str, tmp_path: Path) -> None:
    before, case, after = USES.read_text().partition(f"        case {name}")
    assert case
    broken = tmp_path / "broken.py"
    broken.write_text(before + "        case " + after.partition("        case ")[2])
    done = mypy(broken)
    assert done.returncode == 1
    assert f'"assert_never" has incompatible type "{name}"' in done.stdout
