"""Edges and arguments that a small change of the code would move without any other test noticing."""

from __future__ import annotations

import pytest

from cognito_srp import Device, DeviceSession, PeerError, UsageError
from cognito_srp.arithmetic import Arithmetic, load
from cognito_srp.encoding import parse_base64_integer
from cognito_srp.formulas import device_verifier, server_premaster
from cognito_srp.group import N

DEVICE = Device(key="key", group_key="group", password="password")
CHALLENGE = {"SALT": "1", "SRP_B": "2", "SECRET_BLOCK": "AAAA"}


@pytest.mark.parametrize(("name", "constant"), [("openssl", True), ("gmpy2", True), ("int", False)])
def test_an_arithmetic_says_whether_it_is_constant_in_time(name, constant) -> None:
    arithmetic = load(name)
    assert arithmetic.name == name
    assert arithmetic.constant_time is constant


def test_a_device_signs_with_the_time_and_the_clock_it_is_given() -> None:
    assert DeviceSession(DEVICE).prove(CHALLENGE, now=0).timestamp == "Thu Jan 1 00:00:00 UTC 1970"
    assert DeviceSession(DEVICE, clock=lambda: 86_400).prove(CHALLENGE).timestamp == "Fri Jan 2 00:00:00 UTC 1970"


@pytest.mark.parametrize("base", [2, N - 2])
def test_the_outermost_bases_of_the_server(base: int) -> None:
    verifier, u = 3, 5
    public_a = base * pow(verifier, -u, N) % N
    assert server_premaster(7, public_a=public_a, verifier=verifier, u=u) == pow(base, 7, N)


@pytest.mark.parametrize("base", [1, N - 1])
def test_bases_that_span_no_group(base: int) -> None:
    verifier, u = 3, 5
    with pytest.raises(PeerError):
        server_premaster(7, public_a=base * pow(verifier, -u, N) % N, verifier=verifier, u=u)


def test_whose_fault_a_number_in_base64_is() -> None:
    with pytest.raises(UsageError):
        parse_base64_integer("x", "?", error=UsageError)
    with pytest.raises(PeerError):
        parse_base64_integer("x", "?")


def test_a_device_session_computes_with_the_arithmetic_that_it_is_given() -> None:
    used = []
    odd = Arithmetic("int", lambda base, exponent: used.append(base) or pow(base, exponent, N), constant_time=False)
    DeviceSession(DEVICE, arithmetic=odd).prove(CHALLENGE)
    assert len(used) == 3  # A, g^x and S


def test_a_device_verifier_comes_from_the_arithmetic_that_is_asked_for() -> None:
    used = []
    odd = Arithmetic("int", lambda base, exponent: used.append(exponent) or pow(base, exponent, N), constant_time=False)
    assert device_verifier(5, odd) == 32
    assert used == [5]
