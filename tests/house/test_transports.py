"""A transport that was added is known everywhere else, or one of these tests names what was forgotten."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from transports.loopback import TRANSPORTS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "challenges/cognito_challenges/transports"

KNOWN: dict[str, tuple[str | None, set[str]]] = {
    "aiobotocore": ("aio", {"aiobotocore"}),
    "boto3": ("boto3", {"boto3"}),
    "httpx": ("httpx", {"httpx", "async httpx"}),
    "memory": (None, {"memory"}),
}
"""Module to its extra, and to the names under which the tests run it."""


def functions(module: Path) -> set[str]:
    return {node.name for node in ast.parse(module.read_text()).body if isinstance(node, ast.FunctionDef)}


TRANSPORT_MODULES = {
    path.stem for path in FOLDER.glob("*.py") if any(name.endswith("_transport") for name in functions(path))
}


def test_every_transport_is_known() -> None:
    assert KNOWN.keys() == TRANSPORT_MODULES


@pytest.mark.parametrize("module", sorted(TRANSPORT_MODULES))
def test_a_transport_has_its_extra(module: str) -> None:
    extra, _ = KNOWN[module]
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert extra is None or any(requirement.startswith(module) for requirement in extras[extra])


def test_every_transport_runs_in_the_tests() -> None:
    assert set().union(*(names for _, names in KNOWN.values())) == TRANSPORTS.keys()


@pytest.mark.parametrize("module", sorted(TRANSPORT_MODULES))
def test_a_transport_is_in_the_documentation(module: str) -> None:
    assert f"`transports.{module}`" in (ROOT / "challenges/README.md").read_text()


@pytest.mark.parametrize("module", sorted(TRANSPORT_MODULES))
def test_a_transport_needs_nothing_above_requests(module: str) -> None:
    tree = ast.parse((FOLDER / f"{module}.py").read_text())
    above = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    below = {"app_client", "errors", "requests", "metadata"}
    assert {name.split(".")[1] for name in above if name.startswith("cognito_challenges.")} <= below | {"transports"}
