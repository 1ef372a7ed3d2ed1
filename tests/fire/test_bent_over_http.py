"""The same over real HTTP: whatever a server sends, each transport ends in a right sign-in or one documented error."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import anyio
import pytest

from cognito_challenges import (
    PeerError,
    ServiceError,
    SignedIn,
    SignIn,
    TransportError,
    UsageError,
    drive,
    drive_async,
)
from cognito_challenges.transports.aiobotocore import aiobotocore_client, aiobotocore_transport
from cognito_challenges.transports.boto3 import boto3_client, boto3_transport
from cognito_challenges.transports.httpx import (
    async_httpx_client,
    async_httpx_transport,
    httpx_client,
    httpx_transport,
)
from support.bending import VALUES, bent_at_random
from support.recorded import Point, Saved
from support.right_answers import response_to
from support.scripted import app_client
from transports.loopback import aio_session, aws_session

DOCUMENTED = (ServiceError, TransportError, PeerError, UsageError)
BENT = 60


@dataclass(frozen=True)
class Sent:
    """What the server sends for one request."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/x-amz-json-1.1"})


@dataclass(frozen=True)
class Case:
    """A sign-in that waits, and all that the server sends from there on; the last is sent again and again."""

    name: str
    point: Point
    sent: tuple[Sent, ...]


DEEP = b"[" * 100_000
BODIES = {
    "nothing": b"",
    "null": b"null",
    "list": b"[]",
    "number": b"5",
    "text": b'"ChallengeName"',
    "no UTF-8": b'{"ChallengeName": "\xff\xfe"}',
    "bytes": bytes(range(256)),
    "cut": b'{"ChallengeName": "SMS',
    "deep": DEEP,
    "deep inside": b'{"ChallengeParameters": ' + DEEP,
    "page": b"<html><body>Blocked by the proxy</body></html>",
    "big number": b'{"ChallengeName": ' + b"9" * 10_000 + b"}",
    "twice": b'{"ChallengeName": "SMS_MFA", "ChallengeName": 5}',
    "byte order mark": b"\xef\xbb\xbf{}",
}
ERRORS = {
    f"{member} is {name}": json.dumps({"__type": "NotAuthorizedException", "message": "No.", member: value}).encode()
    for member in ("__type", "message", "Message", "code")
    for name, value in VALUES.items()
    if name in ("null", "zero", "empty", "nul", "surrogate", "escapes", "long", "list", "object", "infinite")
}


def raw_cases(point: Point) -> Iterator[Case]:
    """Answers that no bending of JSON makes."""
    for name, body in BODIES.items():
        for status in (200, 400):
            yield Case(f"{status} with {name}", point, (Sent(body, status),))
    for name, body in ERRORS.items():
        yield Case(f"an error whose {name}", point, (Sent(body, 400),))
    good = json.dumps(point.answer).encode()
    for status in (201, 204, 301, 307, 308, 404, 418, 499):
        yield Case(f"a right answer with status {status}", point, (Sent(b"" if status == 204 else good, status),))
    for name, value in (("Content-Encoding", "gzip"), ("Content-Encoding", "br"), ("Content-Type", "text/html")):
        yield Case(f"a right answer with {name} {value}", point, (Sent(good, headers={name: value}),))
    for value in ("", "#", ":", "x" * 5_000, "a\x80b", "NotAuthorizedException:http://evil/"):
        headers = {"x-amzn-errortype": value}
        yield Case(f"an error type of {len(value)} characters", point, (Sent(b"{}", 400, headers),))


def bent_cases(points: list[Point]) -> Iterator[Case]:
    """Recorded answers, bent in one or two places."""
    draw = random.Random(2026)
    for _ in range(BENT):
        point = draw.choice(points)
        answer, done = bent_at_random(point.answer, draw, draw.choice((1, 1, 2)))
        sent = [Sent(json.dumps(document).encode()) for document in (answer, *point.rest)]
        yield Case(f"{point.name}: {done}", point, tuple(sent))


@contextmanager
def serving(queue: deque[Sent]) -> Iterator[str]:
    """A server that sends what stands first in the queue, and keeps the last."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            sent = queue.popleft() if len(queue) > 1 else queue[0]
            self.send_response(sent.status)
            for name, value in sent.headers.items():
                self.send_header(name, value)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", str(len(sent.body)))
            self.end_headers()
            self.wfile.write(sent.body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


Begin = Callable[[Case], SignIn]
Judge = Callable[[Case, SignIn, "BaseException | None"], None]


def over_plain(kind: str) -> Callable[[str, list[Case], Begin, Judge], None]:
    def run(url: str, cases: list[Case], begin: Begin, judge: Judge) -> None:
        client = app_client()
        if kind == "boto3":
            made = boto3_client(client, endpoint_url=url, session=aws_session())
            send = boto3_transport(made)
        else:
            made = httpx_client()
            send = httpx_transport(client, made, url=url)
        for case in cases:
            attempt = begin(case)
            try:
                while not isinstance(step := drive(attempt, send), SignedIn):
                    attempt.answer(response_to(step))
            except Exception as error:
                judge(case, attempt, error)
            else:
                judge(case, attempt, None)
        made.close()

    return run


def over_async(kind: str) -> Callable[[str, list[Case], Begin, Judge], None]:
    async def drive_all(url: str, cases: list[Case], begin: Begin, judge: Judge) -> None:
        client = app_client()
        made: Any = (
            aiobotocore_client(client, endpoint_url=url, session=aio_session())
            if kind == "aiobotocore"
            else async_httpx_client()
        )
        async with made as inner:
            send = (
                aiobotocore_transport(inner) if kind == "aiobotocore" else async_httpx_transport(client, inner, url=url)
            )
            for case in cases:
                attempt = begin(case)
                try:
                    while not isinstance(step := await drive_async(attempt, send), SignedIn):
                        attempt.answer(response_to(step))
                except Exception as error:
                    judge(case, attempt, error)
                else:
                    judge(case, attempt, None)

    return lambda url, cases, begin, judge: anyio.run(drive_all, url, cases, begin, judge)


OVER = {
    "boto3": over_plain("boto3"),
    "httpx": over_plain("httpx"),
    "aiobotocore": over_async("aiobotocore"),
    "async httpx": over_async("async httpx"),
}


@pytest.mark.parametrize("transport", OVER)
def test_bent_answers(
    transport: str, recordings: tuple[list[Point], list[Saved]], tally: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    points = [point for point in recordings[0] if not point.name.startswith("ADMIN_USER")]
    first = next(point for point in points if point.name.startswith("SMS_MFA"))
    cases = [*raw_cases(first), *bent_cases(points)]
    wrong: list[str] = []
    queue: deque[Sent] = deque()

    def begin(case: Case) -> SignIn:
        queue.clear()
        queue.extend(case.sent)
        return case.point.attempt()

    def judge(case: Case, attempt: SignIn, error: BaseException | None) -> None:
        tally[type(error).__name__ if error else "signed in"] += 1
        if error is None:
            if not isinstance(attempt.step, SignedIn):
                wrong.append(f"{case.name}: not signed in")
        elif not isinstance(error, DOCUMENTED):
            wrong.append(f"{case.name}: {type(error).__name__}: {str(error)[:80]}")
        elif not f"{error}".isprintable() or len(f"{error}") > 5_000:
            wrong.append(f"{case.name}: the message of its {type(error).__name__} is no short printable line")

    with serving(queue) as url:
        OVER[transport](url, cases, begin, judge)
    assert not wrong, f"{len(wrong)} of {len(cases)} ended wrongly:\n" + "\n".join(wrong)
    assert tally.total() == len(cases)
