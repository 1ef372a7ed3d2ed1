"""Every body that a server can send in the place of an answer, over every transport: one of four errors."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from cognito_challenges import PeerError, ServiceError, TransportError
from cognito_challenges.transports.bounds import Bounds
from support.faulty import Connection
from transports.callers import (
    CALLERS,
    LONG,
    PASSWORD,
    answering,
    check,
    each_transport,
    texts_of,
)

pytestmark = pytest.mark.usefixtures("hurried")

FINE = b'{"Session":"a-session-of-twenty-characters"}'


def test_a_large_body_is_not_read() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n"
    sent = [0]

    def behave(connection: Connection) -> None:
        connection.request()
        connection.send(head)
        for _ in range(500):
            connection.send(b" " * 100_000)
            sent[0] += 100_000

    outcomes = each_transport(behave, bounds=LONG)
    check(outcomes, LONG, TransportError, 1, "larger than 1048576 bytes")
    # What the buffers of the sockets hold was sent too.
    assert sent[0] < 50_000_000


def test_the_bound_of_the_size_is_exact() -> None:
    for size, fits in ((1_000, True), (1_001, False)):
        bounds = Bounds(seconds=20, answer_bytes=1_000)
        body = FINE + b" " * (size - len(FINE))
        outcomes = each_transport(answering(200, body), bounds=bounds)
        assert all((outcome.answer is not None) is fits for outcome in outcomes.values()), outcomes


def test_a_compressed_body_is_not_unpacked() -> None:
    packed = gzip.compress(b" " * 50_000_000)
    assert len(packed) < 100_000
    outcomes = each_transport(answering(200, packed, Content_Encoding="gzip"), bounds=LONG)
    check(outcomes, LONG, TransportError, 1, "compressed")


def challenge(**members: Any) -> bytes:
    document = {"ChallengeName": "SMS_MFA", "Session": "a-session-of-twenty-characters", "ChallengeParameters": {}}
    return json.dumps(document | members).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b"7",
        b'"text"',
        b"<html>",
        b"\xff\xfe",
        b'{"Session":"\xff"}',
        FINE[:-1],
        b'{"a":' * 100_000,
        b"[" * 100_000,
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
    ids=["list", "null", "number", "string", "HTML", "bytes", "not UTF-8", "cut", "objects", "lists", "deep"],
)
def test_a_body_that_is_not_an_answer(body: bytes) -> None:
    outcomes = each_transport(answering(200, body), bounds=LONG)
    check(outcomes, LONG, PeerError, 1)


@pytest.mark.parametrize(
    "body",
    [
        challenge(ChallengeParameters=[]),
        challenge(ChallengeParameters="text"),
        challenge(ChallengeParameters={"a": {}}),
        challenge(ChallengeName=5),
        challenge(AuthenticationResult=[1]),
        challenge(AuthenticationResult="x"),
        challenge(AuthenticationResult={"ExpiresIn": {}, "NewDeviceMetadata": 5}),
        challenge(AvailableChallenges=5),
        challenge(AvailableChallenges={"a": None}),
        b"",
        b"{}",
    ],
)
def test_members_of_wrong_types_are_refused_or_handed_on(body: bytes) -> None:
    """What the SDKs' parsers take is for the machine to judge; what they choke on is a PeerError."""
    outcomes = each_transport(answering(200, body), bounds=LONG)
    for name, outcome in outcomes.items():
        assert outcome.answer is not None or type(outcome.error) is PeerError, (name, outcome)
        assert outcome.requests == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"<html>", b"\xff", b'{"__type":null}', b'{"__type":5}', b'{"__type":["x"]}', b"[" * 100_000],
)
def test_an_error_without_a_code(body: bytes) -> None:
    outcomes = each_transport(answering(400, body), bounds=LONG)
    check(outcomes, LONG, TransportError, 1, "HTTP status 400 without an error of the service")


def test_an_error_whose_code_is_only_in_the_headers() -> None:
    outcomes = each_transport(
        answering(400, b'{"message":"Slow"}', x_amzn_ErrorType="TooManyRequestsException:"),
        answering(400, b'{"__type":null,"message":"No."}', x_amzn_ErrorType="NotAuthorizedException:http://x/"),
        bounds=LONG,
    )
    check(outcomes, LONG, ServiceError, 2, "NotAuthorizedException: No.")


def test_a_long_message_with_escapes() -> None:
    body = json.dumps({"__type": "X" * 10_000, "message": "\x1b[31mred\x07" * 100_000}).encode()
    outcomes = each_transport(answering(400, body), bounds=Bounds(seconds=20, answer_bytes=3_000_000))
    check(outcomes, LONG, ServiceError, 1)
    for outcome in outcomes.values():
        assert len(str(outcome.error)) < 2_200
        assert str(outcome.error).isprintable()


def test_a_message_of_wrong_types() -> None:
    outcomes = each_transport(answering(400, b'{"__type":"NotAuthorizedException","message":[1]}'), bounds=LONG)
    check(outcomes, LONG, ServiceError, 1, "^NotAuthorizedException$")


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\n"], ids=["whole", "status", "header"])
def test_a_server_that_echoes_the_request(head: bytes) -> None:
    def behave(connection: Connection) -> None:
        connection.request()
        connection.send(head + connection.received.partition(b"\r\n\r\n")[2] + b"\r\n\r\n")

    outcomes = each_transport(behave, bounds=LONG)
    # boto3 takes any line for a header: an empty answer, which the machine refuses.
    failed = {name: outcome for name, outcome in outcomes.items() if outcome.answer is None}
    assert failed.keys() >= CALLERS.keys() - {"boto3"}
    for name, outcome in failed.items():
        assert type(outcome.error) in (TransportError, PeerError), (name, outcome)
        assert PASSWORD not in texts_of(outcome.error), name
