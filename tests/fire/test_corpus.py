"""What the fuzzer has found so far, and what it starts from, holds: without the fuzzer, in every run of the tests."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from fire.targets import TARGETS, seeds

CORPUS = Path(__file__).parent / "corpus"


@pytest.mark.parametrize("target", TARGETS)
def test_the_corpus(target: str, tally: Counter[str]) -> None:
    kept = [path.read_bytes() for path in sorted((CORPUS / target).glob("*"))]
    for number, data in enumerate([*seeds(target), *kept]):
        try:
            TARGETS[target](data)
        except BaseException as error:
            error.add_note(f"{target}, input {number}: {data[:200]!r}")
            raise
        tally["held"] += 1
    assert tally["held"] > 5
