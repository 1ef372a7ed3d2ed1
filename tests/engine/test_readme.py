"""The engine's README and the examples of its docstrings run as they are printed, and show every public name."""

import doctest
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cognito_srp

README = Path(__file__).parents[2] / "srp" / "README.md"
TEXT = README.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
PRINTED = [
    "SRP_B zero",
    "wrong password",
    "session: gives one proof; a new attempt needs a new session",
    "Arithmetic(openssl, constant_time=True, table=True, blinded=False)",
]


def test_the_examples_run_from_top_to_bottom(capsys: pytest.CaptureFixture[str]) -> None:
    shared: dict[str, Any] = {"__name__": "readme"}
    for number, block in enumerate(BLOCKS):
        exec(compile(block, f"block {number}", "exec"), shared)
    assert capsys.readouterr().out.splitlines() == PRINTED
    assert all(f"# {line}" in TEXT for line in (PRINTED[0], *PRINTED[2:]))
    assert shared["session"].srp_a == f"{pow(2, int.from_bytes(bytes(range(1, 33)), 'big'), cognito_srp.group.N):x}"


def test_the_recipe_for_many_at_once_runs_as_a_script(tmp_path: Path) -> None:
    (recipe,) = (block for block in BLOCKS if "ProcessPoolExecutor" in block)
    script = tmp_path / "recipe.py"
    script.write_text(recipe, encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip().splitlines() == [f"{number} of 40" for number in range(1, 41)]


@pytest.mark.parametrize("name", ["encoding", "formulas", "timestamps"])
def test_the_examples_of_docstrings_hold(name: str) -> None:
    results = doctest.testmod(getattr(cognito_srp, name))
    assert results.attempted > 0
    assert results.failed == 0


def test_every_public_name_is_shown_in_an_example() -> None:
    code = "\n".join(BLOCKS)
    assert {name for name in cognito_srp.__all__ if not re.search(rf"\b{name}\b", code)} == {"Claim", "DeviceVerifier"}
    # The two are made by the engine itself, and named in the text.
    assert "`Claim`" in TEXT
    assert "`DeviceVerifier`" in TEXT


def test_every_class_of_errors_is_in_the_table() -> None:
    errors = {name for name in cognito_srp.__all__ if name.endswith("Error") or name == "ProofMismatch"}
    assert {f"| `{name}` |" for name in errors - {"SrpError"}} <= set(re.findall(r"^\| `\w+` \|", TEXT, re.MULTILINE))
