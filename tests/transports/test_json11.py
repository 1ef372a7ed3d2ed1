"""AWS JSON 1.1 without an AWS SDK: what is written, what is read, what is tried again, and that no SDK is needed."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import anyio
import pytest
from botocore import UNSIGNED

from cognito_challenges import AppClient, Call, PeerError, ServiceError, TransportError, UsageError
from cognito_challenges.transports.aiobotocore import aiobotocore_client, aiobotocore_transport
from cognito_challenges.transports.boto3 import boto3_client, boto3_transport
from cognito_challenges.transports.httpx import (
    async_httpx_client,
    async_httpx_transport,
    httpx_client,
    httpx_transport,
)
from cognito_challenges.transports.json11 import endpoint, read, write
from support.scripted import ScriptedService
from transports.loopback import aio_session, aws_session, serving

pytestmark = pytest.mark.usefixtures("hurried")

CLIENT = AppClient("eu-central-1_Ab1", "client")
CALL = Call("InitiateAuth", {"ClientId": "client", "AuthFlow": "USER_SRP_AUTH"})
THROTTLED = (400, {"x-amzn-errortype": "TooManyRequestsException:"}, '{"__type":"TooManyRequestsException"}')
BUSY = (503, {}, "busy")
FINE = (200, {}, '{"Session":"s"}')
WRONG = (400, {"x-amzn-errortype": "NotAuthorizedException:"}, '{"__type":"NotAuthorizedException","message":"No."}')

Answer = tuple[int, dict[str, str], str]


@contextmanager
def playing(*answers: Answer) -> Iterator[tuple[str, list[int]]]:
    """A server that gives these answers in order, and the statuses it has given."""
    left, given = list(answers), list[int]()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, body = left.pop(0)
            given.append(status)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", given
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def over_httpx(url: str) -> Any:
    with httpx_client() as http:
        return httpx_transport(CLIENT, http, url=url)(CALL)


def over_async_httpx(url: str) -> Any:
    async def run() -> Any:
        async with async_httpx_client() as http:
            return await async_httpx_transport(CLIENT, http, url=url)(CALL)

    return anyio.run(run)


def over_boto3(url: str) -> Any:
    aws = boto3_client(CLIENT, endpoint_url=url, session=aws_session())
    try:
        return boto3_transport(aws)(CALL)
    finally:
        aws.close()


def over_aiobotocore(url: str) -> Any:
    async def run() -> Any:
        async with aiobotocore_client(CLIENT, endpoint_url=url, session=aio_session()) as aws:
            return await aiobotocore_transport(aws)(CALL)

    return anyio.run(run)


EACH = pytest.mark.parametrize("over", [over_httpx, over_async_httpx, over_boto3, over_aiobotocore])


@EACH
@pytest.mark.parametrize("first", [THROTTLED, BUSY], ids=["throttled", "busy"])
def test_throttling_and_5xx_are_tried_again(over: Any, first: Answer) -> None:
    with playing(first, FINE) as (url, given):
        assert over(url)["Session"] == "s"
    assert given == [first[0], 200]


@EACH
@pytest.mark.parametrize(
    ("answer", "error", "text"),
    [
        (THROTTLED, ServiceError, "TooManyRequestsException"),
        (BUSY, TransportError, "HTTP status 503 without an error of the service"),
    ],
    ids=["throttled", "busy"],
)
def test_the_third_failure_is_final(over: Any, answer: Answer, error: type[Exception], text: str) -> None:
    with playing(answer, answer, answer) as (url, given), pytest.raises(error, match=text):
        over(url)
    assert given == [answer[0]] * 3


@EACH
def test_a_refusal_is_not_tried_again(over: Any) -> None:
    with playing(WRONG) as (url, given), pytest.raises(ServiceError, match="NotAuthorizedException"):
        over(url)
    assert given == [400]


@EACH
def test_the_date_is_handed_on(over: Any) -> None:
    with playing(FINE) as (url, _):
        assert over(url)["ResponseMetadata"]["HTTPHeaders"]["date"].endswith("GMT")


def config_of_boto3(client: AppClient) -> Any:
    return boto3_client(client, session=aws_session()).meta.config


def config_of_aiobotocore(client: AppClient) -> Any:
    async def run() -> Any:
        async with aiobotocore_client(client, session=aio_session()) as aws:
            return aws.meta.config

    return anyio.run(run)


@pytest.mark.parametrize("config_of", [config_of_boto3, config_of_aiobotocore])
@pytest.mark.parametrize("admin", [False, True], ids=["public", "admin"])
def test_only_admin_clients_sign(admin: bool, config_of: Any) -> None:
    config = config_of(AppClient("us-east-1_Ab1", "client", admin=admin))
    assert (config.signature_version is not UNSIGNED) is admin
    assert config.region_name == "us-east-1"
    assert (config.connect_timeout, config.read_timeout) == (5, 10)


def test_what_is_written() -> None:
    headers, body = write(CALL)
    assert headers == {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
    }
    assert json.loads(body) == CALL.parameters


@pytest.mark.parametrize("operation", ["AdminInitiateAuth", "AdminRespondToAuthChallenge"])
def test_operations_that_take_credentials_are_refused(operation: str) -> None:
    with pytest.raises(UsageError, match=operation):
        write(Call(operation, {}))


@pytest.mark.parametrize(
    ("pool_id", "url"),
    [
        ("us-east-1_Ab1", "https://cognito-idp.us-east-1.amazonaws.com/"),
        ("us-gov-west-1_Ab1", "https://cognito-idp.us-gov-west-1.amazonaws.com/"),
        ("cn-north-1_Ab1", "https://cognito-idp.cn-north-1.amazonaws.com.cn/"),
    ],
)
def test_the_endpoint_is_in_the_region_of_the_pool(pool_id: str, url: str) -> None:
    assert endpoint(AppClient(pool_id, "client")) == url


@pytest.mark.parametrize(
    "kind", ["NotAuthorizedException", "NotAuthorizedException:", "com.amazonaws#NotAuthorizedException"]
)
def test_the_code_of_an_error(kind: str) -> None:
    body = json.dumps({"__type": kind, "message": "No."}).encode()
    with pytest.raises(ServiceError) as refusal:
        read(400, {}, body)
    assert (refusal.value.code, refusal.value.message) == ("NotAuthorizedException", "No.")
    with pytest.raises(ServiceError) as refusal:
        read(400, {"x-amzn-errortype": kind + ":http://internal.amazon.com/coral/#x"}, b'{"Message":"No."}')
    assert (refusal.value.code, refusal.value.message) == ("NotAuthorizedException", "No.")


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"<html>", b"\xff", b'{"__type":null}', b'{"__type":5}', b'{"__type":""}']
)
@pytest.mark.parametrize("status", [301, 404, 500])
def test_an_error_that_says_nothing(status: int, body: bytes) -> None:
    with pytest.raises(TransportError, match=str(status)):
        read(status, {}, body)


@pytest.mark.parametrize("message", ["null", "5", "{}", '["x"]'])
def test_a_message_that_is_not_a_string_is_left_out(message: str) -> None:
    with pytest.raises(ServiceError) as refusal:
        read(400, {}, b'{"__type":"LimitExceededException","message":%s}' % message.encode())
    assert (refusal.value.code, refusal.value.message) == ("LimitExceededException", "")


@pytest.mark.parametrize("body", [b"[]", b"<html>secret", b"\xff", b"1", b"null", b"[" * 100_000])
def test_an_answer_that_is_no_object(body: bytes) -> None:
    with pytest.raises(PeerError, match="body: is not a JSON object") as refusal:
        read(200, {}, body)
    assert "secret" not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_an_answer_cannot_bring_headers_of_its_own() -> None:
    body = b'{"ResponseMetadata":{"HTTPHeaders":{"date":"forged"}}}'
    assert read(200, {"Date": "real"}, body)["ResponseMetadata"]["HTTPHeaders"] == {"date": "real"}


SIGN_IN_WITHOUT_AN_SDK = """
import sys
for name in ("boto3", "botocore", "aiobotocore", "aiohttp"):
    sys.modules[name] = None
import httpx
from cognito_challenges import AppClient, SignedIn, SignIn, drive
from cognito_challenges.transports.httpx import httpx_transport
client = AppClient("us-east-1_Ab1", "client")
attempt = SignIn(client, username="alice", password="password")
with httpx.Client(trust_env=False) as http:
    step = drive(attempt, httpx_transport(client, http, url=sys.argv[1]))
print(type(step).__name__)
"""

WHAT_AN_IMPORT_LOADS = """
import sys
import cognito_challenges
heavy = {"httpx", "boto3", "botocore", "aiobotocore", "aiohttp", "starlette", "uvicorn", "typer", "rich", "gmpy2"}
print(sorted(heavy & sys.modules.keys()))
"""


def run(program: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_sign_in_without_any_sdk() -> None:
    with serving({"/": ScriptedService()}) as url:
        assert run(SIGN_IN_WITHOUT_AN_SDK, url + "/") == "SignedIn"


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    assert run(WHAT_AN_IMPORT_LOADS) == "[]"
