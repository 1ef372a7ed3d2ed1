"""cognito_srp.fixed_base: every entry of the tables, and blinded walks for extreme blinds."""

import os

import pytest

from cognito_srp import fixed_base
from cognito_srp.fixed_base import EXPONENT_BYTES, BlindedFixedBase, FixedBase, shared, shared_blinded
from cognito_srp.group import G, N


@pytest.mark.parametrize("count", [EXPONENT_BYTES, 41])
def test_every_entry_of_the_table_is_right(count: int) -> None:
    table = FixedBase(count)
    step = G
    assert table.power(0) == 1
    for row in range(count):
        expected = 1
        for digit in range(256):
            assert table.power(digit << 8 * row) == expected
            expected = expected * step % N
        step = expected


def test_no_entry_is_short() -> None:
    """A short entry, as that of a zero byte would be without offsets, is multiplied faster than the others."""
    assert min(int(entry).bit_length() for row in shared()._rows for entry in row) > 3072 - 40


@pytest.mark.parametrize("exponent", [-1, 256**EXPONENT_BYTES])
def test_exponents_beyond_the_table_are_refused(exponent: int) -> None:
    with pytest.raises(OverflowError):
        shared().power(exponent)


@pytest.mark.parametrize("blind", [0, 1, 2**320 - 1, 2**256, 2**256 - 1, 0xFF << 312])
@pytest.mark.parametrize("exponent", [0, 1, 2**255, 2**256 - 1])
def test_blinded_walks_are_right_for_extreme_blinds(blind: int, exponent: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "urandom", lambda size: blind.to_bytes(size, "big"))
    assert shared_blinded().power(exponent) == pow(G, exponent, N)


def test_each_blinded_walk_reads_other_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    walked: list[int] = []
    walk = FixedBase.walk

    def watched(self: FixedBase, exponent: int) -> object:
        walked.append(exponent)
        return walk(self, exponent)

    monkeypatch.setattr(fixed_base.FixedBase, "walk", watched)
    blinded = BlindedFixedBase()
    for _ in range(20):
        assert blinded.power(5) == 32
    assert len(walked) == len(set(walked)) == 40
    # Each of the two is 320 random bits: by itself it tells nothing of the exponent.
    assert all(exponent.bit_length() > 256 for exponent in walked)
    assert {first + second for first, second in zip(walked[::2], walked[1::2], strict=True)} == {2**320 + 5}
