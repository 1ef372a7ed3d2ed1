"""How the tests are shared out over processes, whole files and the foreign judges together; and what they tell."""

from __future__ import annotations

from pathlib import Path

import pytest

INTEROP = Path(__file__).parent / "interop"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put each file in a group of its own: its fixtures are made once. The judges share node's packages and servers."""
    for item in items:
        group = "interop" if INTEROP in item.path.parents else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests had to tell, such as how many cases they judged: their property `told`."""
    # Fixtures add the property when they end; reports of the end stand under "".
    for report in terminalreporter.stats.get("", []):
        for name, value in report.user_properties if report.when == "teardown" else ():
            if name == "told":
                terminalreporter.write_line(f"{report.nodeid}: {value}")
