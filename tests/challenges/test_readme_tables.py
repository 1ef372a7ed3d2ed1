"""The tables of challenges/README.md and of the pool's OPERATIONS.md are those of the code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "challenges"


def run(script: Path) -> int:
    return subprocess.run([sys.executable, str(script), "--check"], check=False).returncode


def test_the_tables_are_current() -> None:
    for script in ("readme.py", "pool_tables.py"):
        assert run(FOLDER / script) == 0, f"run: python challenges/{script}"


def test_an_outdated_table_is_noticed(tmp_path: Path) -> None:
    script, readme = tmp_path / "readme.py", tmp_path / "README.md"
    script.write_text((FOLDER / "readme.py").read_text())
    (tmp_path / "marks.py").write_text((FOLDER / "marks.py").read_text())
    readme.write_text((FOLDER / "README.md").read_text().replace("`SMS_MFA_CODE`", "`SMS_CODE`"))
    assert run(script) == 1
