from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from support.recorded import SCENARIOS, Point, Saved, record


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
def tally(record_property: Callable[[str, object], None]) -> Iterator[Counter[str]]:
    """Counts outcomes; the counts are printed at the end of the run (see tests/conftest.py)."""
    outcomes: Counter[str] = Counter()
    yield outcomes
    told = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
    record_property("told", f"{outcomes.total()} cases: {told}")
