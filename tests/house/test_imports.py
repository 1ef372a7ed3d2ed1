"""Which package may import what from outside: an allow-list for each file, so that a new import is a decision."""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHALLENGES = ROOT / "challenges/cognito_challenges"
OUR_OWN = {"cognito_srp", "cognito_challenges"}

ALLOWED: dict[str, set[str]] = {
    "totp.py": {"cryptography"},
    "transports/aiobotocore.py": {"aiobotocore", "botocore"},
    "transports/boto3.py": {"boto3", "botocore"},
    "transports/botocore.py": {"botocore"},
    "transports/httpx.py": {"anyio", "httpx"},
    "cli/app.py": {"typer"},
    "cli/asking.py": {"rich"},
    "cli/conformance.py": {"rich", "typer"},
    "cli/demo.py": {"rich", "typer"},
    "cli/demonstration.py": {"boto3", "joserfc", "rich"},
    "cli/needs.py": {"typer"},
    "cli/pool.py": {"typer"},
    "cli/sign_in.py": {"rich", "typer"},
    "pool/botocore_hook.py": {"botocore"},
    "pool/httpx_transport.py": {"httpx"},
    "pool/moto_srp.py": {"moto"},
    "pool/pytest_plugin.py": {"boto3", "pytest"},
    "pool/serving/http.py": {"starlette", "uvicorn"},
    "pool/sign_in/passkeys.py": {"webauthn"},
    "pool/sign_in/totp.py": {"cryptography"},
    "pool/store/tokens.py": {"joserfc"},
}
"""File of cognito_challenges to what it may import beside the standard library and our own packages."""


def third_party(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if called in ("import_module", "__import__") and isinstance(node.args[0], ast.Constant):
                names.add(node.args[0].value)
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names - OUR_OWN


@pytest.mark.parametrize("file", sorted(CHALLENGES.rglob("*.py")), ids=lambda path: str(path.relative_to(CHALLENGES)))
def test_a_file_imports_only_what_it_may(file: Path) -> None:
    assert third_party(file) == ALLOWED.get(str(file.relative_to(CHALLENGES)), set())


def test_the_list_names_only_files_that_are_there() -> None:
    assert all((CHALLENGES / name).exists() for name in ALLOWED)


def test_every_import_is_a_dependency_of_some_extra() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = {
        requirement.partition("[")[0].partition(">")[0].replace("-", "_")
        for requirements in (project["dependencies"], *project["optional-dependencies"].values())
        for requirement in requirements
    }
    provided = named | {"anyio", "botocore", "moto", "pytest"}  # by httpx, by boto3; by those who test with them
    assert set().union(*ALLOWED.values()) <= provided
