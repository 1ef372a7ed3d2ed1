"""What the JavaScript judges are installed from, and how their errors come back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from interop.node_adapter import JavaScriptError

if TYPE_CHECKING:
    from interop.node_adapter import NodeAdapter

FOLDER = Path(__file__).parent


def test_the_lock_names_versions_and_no_addresses() -> None:
    wanted = json.loads((FOLDER / "package.json").read_text())["dependencies"]
    text = (FOLDER / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert all("integrity" in package for path, package in packages.items() if path)
    assert "resolved" not in text


def test_errors_come_back(cognito_srp: NodeAdapter) -> None:
    with pytest.raises(JavaScriptError, match="A should be between 0 and N exclusive"):
        cognito_srp.call("challenge", "pool", "alice", "pw", "00")
    with pytest.raises(JavaScriptError, match="TypeError"):
        cognito_srp.call("nothing of this name")
