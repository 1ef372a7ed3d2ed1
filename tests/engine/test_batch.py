"""cognito_srp.batch: the same results as a plain loop, in the same order, from elsewhere."""

import os
import threading

import pytest

import oracle
from cognito_srp import Device, DeviceVerifier, batch
from cognito_srp.arithmetic import load

KEYS = [f"us-east-1_device-{i}" for i in range(20)]


def verifier(key: str) -> DeviceVerifier:
    return Device(key, "-group", "device password").verifier(7)


def verifier_in_a_thread(key: str) -> DeviceVerifier:
    return Device(key, "-group", "device password").verifier(7, load("gmpy2"))


def process_id(_item: int) -> int:
    return os.getpid()


def thread_id(_item: int) -> int:
    return threading.get_ident()


SEEN = "as imported"


def what_is_seen(_item: int) -> str:
    return SEEN


def refuse_three(item: int) -> int:
    if item == 3:
        raise ValueError("three")
    return item


@pytest.mark.parametrize(("function", "threads"), [(verifier, False), (verifier_in_a_thread, True)])
def test_results_come_in_the_order_of_the_items(function: object, threads: bool) -> None:
    counts: list[int] = []
    results = batch.run(function, iter(KEYS), workers=2, threads=threads, progress=counts.append)
    assert counts == list(range(1, 21))
    for key, result in zip(KEYS, results, strict=True):
        assert result.config() == oracle.device_config("-group", key, "device password", 7)


def test_processes_are_others_than_this_one() -> None:
    assert os.getpid() not in batch.run(process_id, range(4), workers=2)


def test_processes_start_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """A forked one could inherit the locks that other threads hold at that moment."""
    monkeypatch.setitem(globals(), "SEEN", "as changed")
    assert batch.run(what_is_seen, range(2), workers=1) == ["as imported"] * 2


def test_threads_are_others_than_this_one_in_the_same_process() -> None:
    assert threading.get_ident() not in batch.run(thread_id, range(4), workers=2, threads=True)
    assert {os.getpid()} == set(batch.run(process_id, range(4), workers=2, threads=True))


@pytest.mark.parametrize("threads", [False, True])
def test_what_the_function_raises_is_raised_here(threads: bool) -> None:
    with pytest.raises(ValueError, match="three"):
        batch.run(refuse_three, range(6), workers=2, threads=threads)


def test_nothing_to_do() -> None:
    assert batch.run(process_id, []) == []
