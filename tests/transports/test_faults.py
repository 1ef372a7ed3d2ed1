"""Every fault of a network and of a server, over every transport: one of four errors, in time, and no secret astray.

The transports run at once, each against a server of its own.
"""

from __future__ import annotations

import json
import socket
from contextlib import closing
from email.utils import formatdate
from time import time

import pytest

from cognito_challenges import ServiceError, TransportError
from cognito_challenges.transports.bounds import Bounds
from support.faulty import Behaviour, Connection, faulty
from transports.callers import (
    CALLERS,
    LONG,
    PASSWORD,
    answering,
    check,
    each_transport,
    sending,
    then,
)

pytestmark = pytest.mark.usefixtures("hurried")

SHORT = Bounds(seconds=0.5)
"""For faults that last until the time is over."""
FINE = b'{"Session":"a-session-of-twenty-characters"}'
REFUSED = b'{"__type":"NotAuthorizedException","message":"Incorrect username or password."}'
THROTTLED = b'{"__type":"com.amazonaws#ThrottlingException","message":"Rate exceeded"}'


def continue_without_an_end(connection: Connection) -> None:
    connection.request()
    while not connection.ended:
        connection.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def nothing(connection: Connection) -> None:
    """Close at once, as the end of the connection's thread does."""


def test_a_refused_connection() -> None:
    # Bound, so that nobody else gets the port, but not listening.
    with closing(socket.socket()) as deaf:
        deaf.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        outcomes = each_transport(nothing, bounds=LONG, url=lambda _: url)
    check(outcomes, LONG, TransportError, 0, "no answer came .*Connection refused")
    assert all(isinstance(outcome.error.__cause__, ConnectionRefusedError) for outcome in outcomes.values())


@pytest.mark.parametrize(
    ("behaviour", "requests"),
    [
        (Connection.reset, 0),
        (nothing, 0),
        (then("reset"), 3),
        (then("finish"), 3),
        (sending(b"HTTP/1.1 200 OK\r\nContent-Le"), 3),
        (sending(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"), 3),
    ],
    ids=[
        "reset before the request",
        "closed before the request",
        "reset after the request",
        "closed after the request",
        "reset within the headers",
        "reset within the body",
    ],
)
def test_a_broken_connection(behaviour: Behaviour, requests: int) -> None:
    outcomes = each_transport(behaviour, bounds=LONG)
    check(outcomes, LONG, TransportError, requests, "no answer came")
    # Three tries, each a new connection; aiohttp opens another one for what it takes for a stale connection.
    assert all(outcome.connections >= 3 for outcome in outcomes.values())


@pytest.mark.parametrize(
    "head", [b"Content-Length: 100\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n64\r\n"], ids=["length", "chunked"]
)
def test_a_truncated_body(head: bytes) -> None:
    cut = sending(b"HTTP/1.1 200 OK\r\n" + head + FINE, "finish")
    outcomes = each_transport(cut, bounds=LONG)
    check(outcomes, LONG, TransportError, 3, "no answer came")


@pytest.mark.parametrize(
    "behaviour",
    [
        lambda connection: connection.stall(),
        then("stall"),
        then("drip"),
        sending(b"HTTP/1.1 200 OK\r\nX-Slow: ", "drip"),
        continue_without_an_end,
        sending(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "stall"),
        sending(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{", "drip"),
        sending(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{", "drip"),
    ],
    ids=[
        "nothing is read",
        "before the headers",
        "dripping before the headers",
        "dripping within the headers",
        "continue without an end",
        "within the body",
        "dripping within the body",
        "dripping without an end",
    ],
)
def test_a_stalled_answer(behaviour: Behaviour) -> None:
    outcomes = each_transport(behaviour, bounds=SHORT)
    check(outcomes, SHORT, TransportError, (0, 1, 2, 3), "no answer")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with faulty(answering(200, FINE)) as elsewhere:
        outcomes = each_transport(answering(status, b"", Location=elsewhere.url), bounds=LONG)
    check(outcomes, LONG, TransportError, 1, f"redirect .*{status}.*not followed")
    assert elsewhere.connections == 0


def test_a_certificate_that_nobody_vouches_for() -> None:
    outcomes = each_transport(answering(200, FINE), bounds=LONG, tls=True)
    check(outcomes, LONG, TransportError, 0, "certificate verify failed|CERTIFICATE_VERIFY_FAILED")


def test_a_name_that_does_not_resolve() -> None:
    outcomes = each_transport(nothing, bounds=LONG, url=lambda _: "http://cognito.invalid/")
    check(outcomes, LONG, TransportError, 0, "no answer")


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.usefixtures("no_proxies")
class TestProxies:
    def test_the_proxy_of_the_environment_is_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with faulty(answering(200, FINE)) as proxy:
            monkeypatch.setenv("http_proxy", proxy.url)
            outcomes = each_transport(nothing, bounds=LONG, url=lambda _: "http://cognito.invalid/")
        assert all(outcome.answer for outcome in outcomes.values()), outcomes
        assert len(proxy.requests) == len(CALLERS)
        assert all(request.startswith(b"POST http://cognito.invalid/ HTTP/1.1") for request in proxy.requests)

    def test_but_not_for_hosts_in_no_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with faulty(nothing) as proxy:
            monkeypatch.setenv("http_proxy", proxy.url)
            monkeypatch.setenv("no_proxy", "127.0.0.1")
            outcomes = each_transport(answering(200, FINE), bounds=LONG)
        assert all(outcome.answer for outcome in outcomes.values()), outcomes
        assert proxy.connections == 0

    @pytest.mark.parametrize(
        "behaviour", [answering(407, b""), answering(502, b"<html>"), then("reset"), sending(b"nonsense\r\n\r\n")]
    )
    def test_a_proxy_that_fails_gets_no_secret(self, behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch) -> None:
        with faulty(behaviour) as proxy:
            monkeypatch.setenv("https_proxy", proxy.url)
            outcomes = each_transport(nothing, bounds=LONG, url=lambda _: "https://cognito.invalid/")
        check(outcomes, LONG, TransportError, 0)
        assert all(request.startswith(b"CONNECT cognito.invalid:443") for request in proxy.requests)
        assert not any(PASSWORD.encode() in request for request in proxy.requests)


def test_throttling_and_5xx_are_tried_again() -> None:
    outcomes = each_transport(answering(400, THROTTLED), answering(503, b"busy"), answering(200, FINE), bounds=LONG)
    for name, outcome in outcomes.items():
        assert outcome.answer is not None, (name, outcome)
        assert outcome.answer["Session"] == "a-session-of-twenty-characters"
        assert outcome.requests == 3


def test_throttling_that_goes_on() -> None:
    outcomes = each_transport(answering(400, THROTTLED, Retry_After="0"), bounds=LONG)
    check(outcomes, LONG, ServiceError, 3, "ThrottlingException: Rate exceeded$")


@pytest.mark.parametrize(("status", "code"), [(500, "InternalErrorException"), (429, "TooManyRequestsException")])
def test_errors_of_the_service_with_5xx_and_429(status: int, code: str) -> None:
    body = json.dumps({"__type": code, "message": "Again."}).encode()
    outcomes = each_transport(answering(status, body), bounds=LONG)
    check(outcomes, LONG, ServiceError, {1, 3}, code)
    lost = 2 if status == 500 else 0
    assert all(outcome.error.earlier_tries in (0, lost) for outcome in outcomes.values())


@pytest.mark.parametrize(
    ("retry_after", "requests"),
    [
        ("120", 1),
        ("999999999", 1),
        (formatdate(time() + 3_600, usegmt=True), 1),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 1),
        ("Fri, 99 Dec 99999999999 23:59:59 GMT", 3),
        ("9" * 5_000, 3),
        ("-1", 3),
        ("soon", 3),
        ("0", 3),
        (formatdate(time() - 3_600, usegmt=True), 3),
    ],
    ids=["far", "farther", "far date", "last date", "no date", "huge", "negative", "word", "now", "past date"],
)
def test_retry_after_is_obeyed_within_the_bound_only(retry_after: str, requests: int) -> None:
    bounds = Bounds(seconds=8)
    outcomes = each_transport(answering(503, b"busy", Retry_After=retry_after), bounds=bounds)
    check(outcomes, bounds, TransportError, {requests, 3}, "503")
    assert all(outcome.requests == requests for name, outcome in outcomes.items() if "httpx" in name), outcomes


def test_a_refusal_after_a_lost_answer_says_so() -> None:
    outcomes = each_transport(then("reset"), answering(400, REFUSED), bounds=LONG)
    check(outcomes, LONG, ServiceError, 2, "NotAuthorizedException: .*an earlier try of this request may have been acc")
    assert {outcome.error.earlier_tries for outcome in outcomes.values()} == {1}


def test_a_refusal_after_throttling_does_not() -> None:
    outcomes = each_transport(answering(400, THROTTLED), answering(400, REFUSED), bounds=LONG)
    check(outcomes, LONG, ServiceError, 2, "NotAuthorizedException: Incorrect username or password.$")
    assert {outcome.error.earlier_tries for outcome in outcomes.values()} == {0}


def test_the_control_is_answered() -> None:
    outcomes = each_transport(answering(200, FINE), bounds=LONG)
    for name, outcome in outcomes.items():
        assert outcome.answer is not None, (name, outcome)
        assert (outcome.requests, outcome.connections) == (1, 1)
