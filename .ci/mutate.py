"""Change the code in small ways, one at a time, and see whether a test fails: mutation testing by mutmut.

    python .ci/mutate.py [--children 2] [PART ...]       PART: engine, machine, transports, pool, sample

A mutant that no test notices is a survivor. Those that change nothing that matters are listed, each with the reason, in
tests/fire/survivors.toml; any other ends the run with status 1. The sample is what CI runs: the formulas, the
proofs and the sign-in's rules, each with the tests next to it.

mutmut and not cosmic-ray: both are maintained and run on Python 3.11 to 3.13, but mutmut forks a process that has
already imported the tests, and runs those that reach the changed function. cosmic-ray starts pytest for each mutant.
Lines that only word an error are left alone: what messages may say is for tests/canary and tests/fire.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SURVIVORS = ROOT / "tests" / "fire" / "survivors.toml"
SURVIVED = {0: "survived", 5: "no test reaches it", 33: "no test reaches it"}
WORDING = [r"raise \w+\(", r"return wrong_type\(", r"= cast\("]


@dataclass(frozen=True)
class Part:
    """What is mutated, and by which tests it is judged. but: a pytest expression for the tests that are left out."""

    files: tuple[str, ...]
    tests: tuple[str, ...]
    but: str = "not ten_thousand and not random and not fresh_process and not readme"


ENGINE = ("tests/engine", "tests/conformance/test_testee.py", "tests/canary/test_secrets.py")
PARTS = {
    "engine": Part(("cognito_srp/*",), ENGINE),
    "machine": Part(
        ("cognito_challenges/sign_in/*", "cognito_challenges/answers.py", "cognito_challenges/catalogue/*"),
        ("tests/challenges", "tests/fire/test_bent_answers.py"),
    ),
    "transports": Part(
        ("cognito_challenges/transports/*", "cognito_challenges/errors.py", "cognito_challenges/requests.py"),
        ("tests/transports", "tests/fire/test_bent_over_http.py"),
    ),
    "pool": Part(("cognito_challenges/pool/sign_in/*",), ("tests/pool",), "not load and not served"),
    "sample": Part(
        (
            "cognito_srp/formulas.py",
            "cognito_srp/client.py",
            "cognito_challenges/sign_in/state.py",
            "cognito_challenges/sign_in/clock.py",
        ),
        (
            "tests/engine/test_formulas.py",
            "tests/engine/test_edges.py",
            "tests/engine/test_sessions.py",
            "tests/engine/test_hostile.py",
            "tests/challenges/test_hostile_answers.py",
            "tests/challenges/test_edges.py",
        ),
    ),
}


@dataclass(frozen=True)
class Mutant:
    """One change: the function, and its line before and after."""

    function: str
    before: str
    after: str
    outcome: str


def lay_out(part: Part, home: Path) -> None:
    """A copy of the tree in which packages lie at the root, as mutmut wants them, and its configuration."""
    for source in ("srp/cognito_srp", "challenges/cognito_challenges", "tests", "vectors", "benchmarks"):
        ignored = shutil.ignore_patterns("node_modules", "__pycache__", "corpus")
        shutil.copytree(ROOT / source, home / Path(source).name, ignore=ignored)
    options = ["--import-mode=importlib", "-p", "no:cacheprovider", "--benchmark-disable"]
    configuration = {
        "tool.pytest.ini_options": {"pythonpath": [".", "tests", "benchmarks"], "addopts": options},
        "tool.mutmut": {
            "source_paths": ["cognito_srp", "cognito_challenges"],
            "only_mutate": list(part.files),
            "also_copy": ["vectors", "benchmarks"],
            "do_not_mutate_patterns": WORDING,
            "pytest_add_cli_args": ["-q", "-k", part.but],
            "pytest_add_cli_args_test_selection": list(part.tests),
        },
    }
    lines = [
        line
        for table, values in configuration.items()
        for line in (f"[{table}]", *(f"{name} = {json.dumps(value)}" for name, value in values.items()))
    ]
    (home / "pyproject.toml").write_text("\n".join(lines))


def mutants(home: Path) -> Iterator[Mutant]:
    """Every mutant that was run."""
    for path in sorted((home / "mutants").rglob("*.meta")):
        outcomes = json.loads(path.read_text())["exit_code_by_key"]
        functions = {
            node.name: ast.unparse(node).splitlines()
            for node in ast.walk(ast.parse(path.with_suffix("").read_text()))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        for key, code in outcomes.items():
            if code is None:
                continue  # not run
            name = key.rpartition(".")[2]
            plain = re.sub(r"__mutmut_\d+$", "", name)
            before, after = ([], [])
            if code in SURVIVED:
                old, new = functions[f"{plain}__mutmut_orig"], functions[name]
                plainly = [[re.sub(r"__mutmut_\w+", "", lines[0]), *lines[1:]] for lines in (old, new)]
                for line in difflib.unified_diff(*plainly, n=0, lineterm=""):
                    if line[0] in "+-" and line[:3] not in ("+++", "---"):
                        (before if line[0] == "-" else after).append(line[1:].strip())
            function = f"{key.rpartition('.')[0]}.{plain.removeprefix('x_').replace('xǁ', '').replace('ǁ', '.')}"
            yield Mutant(function, " ".join(before), " ".join(after), SURVIVED.get(code, "killed"))


def judge(name: str, children: int) -> int:
    """Run one part; the number of survivors that nothing explains."""
    explained = {
        (entry["function"], change) for entry in tomllib.loads(SURVIVORS.read_text())["survivor"]
        for change in entry["changes"]
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        lay_out(PARTS[name], home)
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(children)]
        done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
        ran = list(mutants(home))
    if not ran:
        print(f"{name}: mutmut did not run\n{done.stdout[-2_000:]}{done.stderr[-2_000:]}")
        return 1
    survivors = [mutant for mutant in ran if mutant.outcome != "killed"]
    unknown = [mutant for mutant in survivors if (mutant.function, mutant.after) not in explained]
    killed = len(ran) - len(survivors)
    told = f"{killed} killed, {len(survivors) - len(unknown)} explained, {len(unknown)} not"
    print(f"{name}: {len(ran)} mutants, {told}", flush=True)
    for mutant in unknown:
        print(f"  {mutant.function}, {mutant.outcome}\n    - {mutant.before}\n    + {mutant.after}")
    return len(unknown)


def main() -> int:
    """Run the parts that are named, or all but the sample."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--children", type=int, default=2)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    given = parser.parse_args()
    names = given.parts or [name for name in PARTS if name != "sample"]
    return 1 if sum(judge(name, given.children) for name in names) else 0


if __name__ == "__main__":
    sys.exit(main())
