from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from support.recorded import SCENARIOS, Point, Saved, record

_COUNTED: dict[str, Counter[str]] = {}


@pytest.fixture(scope="session")
def recordings() -> tuple[list[Point], list[Saved]]:
    """Every answer of every recorded sign-in, and every document that was saved in one."""
    points: list[Point] = []
    documents: list[Saved] = []
    for name, scenario in SCENARIOS.items():
        there, kept = record(name, scenario)
        points += there
        documents += kept
    return points, documents


@pytest.fixture
def tally() -> Callable[[str], Counter[str]]:
    """Counts outcomes under a heading; the counts are printed at the end of the run."""
    return lambda heading: _COUNTED.setdefault(heading, Counter())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for heading, outcomes in _COUNTED.items():
        told = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
        terminalreporter.write_line(f"{heading}: {outcomes.total()} cases: {told}")
