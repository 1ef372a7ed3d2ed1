"""The second implementation agrees with every value, and says which case does not."""

import shutil
import subprocess

from vectors.fields import VECTORS, documents


def run(node: str, folder) -> subprocess.CompletedProcess[str]:
    return subprocess.run([node, folder / "verify.mjs"], capture_output=True, text=True, check=False)


def test_it_agrees_with_every_file(node: str) -> None:
    done = run(node, VECTORS)
    total = sum(made["numberOfTests"] for made in documents().values())
    assert done.stderr == ""
    assert done.returncode == 0
    assert f"{total} cases, 0 differ" in done.stdout


def test_it_names_the_case_that_differs(node: str, tmp_path) -> None:
    shutil.copy(VECTORS / "verify.mjs", tmp_path)
    shutil.copytree(VECTORS / "verifier", tmp_path / "verifier")
    (tmp_path / "cases").mkdir()
    text = (VECTORS / "cases" / "timestamp.json").read_text(encoding="ascii")
    path = tmp_path / "cases" / "timestamp.json"
    path.write_text(text, encoding="ascii")
    assert run(node, tmp_path).returncode == 0
    path.write_text(text.replace("Tue Mar 17 00:00:00", "Tue Mar 17 12:00:00", 1), encoding="ascii")
    done = run(node, tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("timestamp:1: expected.timestamp")


def test_no_files_are_no_success(node: str, tmp_path) -> None:
    shutil.copy(VECTORS / "verify.mjs", tmp_path)
    shutil.copytree(VECTORS / "verifier", tmp_path / "verifier")
    (tmp_path / "cases").mkdir()
    assert run(node, tmp_path).returncode == 1
