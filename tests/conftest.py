"""How the tests are shared out over processes: whole files, and the foreign judges together."""

from __future__ import annotations

from pathlib import Path

import pytest

INTEROP = Path(__file__).parent / "interop"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put each file in a group of its own: its fixtures are made once. The judges share node's packages and servers."""
    for item in items:
        group = "interop" if INTEROP in item.path.parents else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))
