"""What a transport promises besides its answers: quiet logs, nothing left of a cancelled or late call, any client."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
import time
import warnings
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import anyio
import httpx
import pytest
from anyio.lowlevel import checkpoint
from botocore.retries.standard import ExponentialBackoff

from cognito_challenges import (
    AppClient,
    Call,
    TransportError,
    UsageError,
    get_tokens_from_refresh_token,
)
from cognito_challenges.transports.aiobotocore import aiobotocore_client, aiobotocore_transport
from cognito_challenges.transports.boto3 import boto3_client, boto3_transport
from cognito_challenges.transports.bounds import Bounds
from cognito_challenges.transports.httpx import async_httpx_transport, httpx_client, httpx_transport
from support.faulty import Connection, faulty
from transports.callers import (
    CALL,
    CALLERS,
    CLIENT,
    LONG,
    PASSWORD,
    answering,
    attempt,
    by_aiobotocore,
    by_async_httpx,
    texts_of,
)
from transports.loopback import aio_session, aws_session

pytestmark = pytest.mark.usefixtures("hurried")

TOKEN = "canary-token"
SECRET = "canary-client-secret"
EACH = pytest.mark.parametrize("name", CALLERS)


# What the libraries log.

TOKENS = b'{"AuthenticationResult":{"AccessToken":"%s","ExpiresIn":60,"TokenType":"Bearer"}}' % TOKEN.encode()
SECRETS = (PASSWORD, TOKEN, SECRET)


def texts_of_log(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(logging.Formatter().format(record) + repr(record.args) for record in caplog.records)


@EACH
@pytest.mark.parametrize("answer", [answering(200, TOKENS), answering(400, TOKENS), answering(503, TOKENS)])
def test_no_log_record_holds_a_secret(name: str, answer: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = AppClient("eu-central-1_Ab1", "client", client_secret=SECRET)
    refreshing = get_tokens_from_refresh_token(client, TOKEN)
    assert SECRET in repr(refreshing.parameters)
    with faulty(answer) as server:
        for call in (CALL, refreshing):
            attempt(CALLERS[name], server.url, LONG, call)
    log = texts_of_log(caplog)
    assert [secret for secret in SECRETS if secret in log] == []
    assert PASSWORD.encode() in server.requests[0]


def test_the_same_client_logs_as_ever_outside_of_a_transport(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with faulty(answering(200, TOKENS)) as server:
        aws = boto3_client(CLIENT, endpoint_url=server.url, session=aws_session())
        boto3_transport(aws)(CALL)
        assert PASSWORD not in texts_of_log(caplog)
        aws.initiate_auth(**CALL.parameters)
        aws.close()
    assert PASSWORD in texts_of_log(caplog)


# Cancelled calls.


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("behaviour", ["before the headers", "within the body", "between the tries"])
@pytest.mark.parametrize("by", [by_async_httpx, by_aiobotocore], ids=["httpx", "aiobotocore"])
def test_a_cancelled_call_leaves_nothing(
    by: Any, behaviour: str, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 10)
    if by is by_aiobotocore and backend == "trio":
        return  # aiohttp runs on asyncio only

    def behave(connection: Connection) -> None:
        connection.request()
        if behaviour == "between the tries":
            connection.answer(503, b"", {"Retry-After": "10"})
            return
        if behaviour == "within the body":
            connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        connection.stall()

    async def run(url: str) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(by, url, LONG, CALL)
            await anyio.to_thread.run_sync(server.requested.wait)
            await anyio.sleep(0.05)
            group.cancel_scope.cancel()
        await checkpoint()
        if backend == "asyncio":
            assert asyncio.all_tasks() == {asyncio.current_task()}

    with faulty(behave) as server, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        anyio.run(run, server.url, backend=backend)
        gc.collect()
        if behaviour != "between the tries":
            assert server.left.wait(5), "the connection was left open"
    assert [str(warning.message) for warning in caught if issubclass(warning.category, ResourceWarning)] == []
    assert len(server.requests) == 1


@pytest.mark.parametrize("by", [by_async_httpx, by_aiobotocore], ids=["httpx", "aiobotocore"])
def test_a_late_call_of_a_client_that_lives_on_gives_its_connection_back(by: Any) -> None:
    def stalled(connection: Connection) -> None:
        connection.request()
        connection.stall()

    async def run(url: str) -> None:
        if by is by_aiobotocore:
            async with aiobotocore_client(CLIENT, endpoint_url=url, session=aio_session()) as aws:
                await twice(aiobotocore_transport(aws, bounds=Bounds(seconds=0.3)))
        else:
            # One connection only: were it lost, the second call would wait for it.
            async with httpx.AsyncClient(limits=httpx.Limits(max_connections=1)) as http:
                await twice(async_httpx_transport(CLIENT, http, url=url, bounds=Bounds(seconds=0.3)))

    async def twice(send: Callable[[Call], Awaitable[Mapping[str, Any]]]) -> None:
        with pytest.raises(TransportError, match=r"no answer within 0\.3 seconds"):
            await send(CALL)
        assert (await send(CALL))["Session"] == "a-session-of-twenty-characters"

    with faulty(stalled, answering(200, b'{"Session":"a-session-of-twenty-characters"}')) as server:
        anyio.run(run, server.url)


def drip_headers(connection: Connection) -> None:
    connection.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    connection.drip()


def drip_body(connection: Connection) -> None:
    connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{")
    connection.drip()


def continue_without_an_end(connection: Connection) -> None:
    while not connection.ended:
        connection.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


@pytest.mark.parametrize("name", ["boto3", "httpx"])
@pytest.mark.parametrize("act", [drip_headers, drip_body, continue_without_an_end])
def test_the_thread_of_a_late_call_ends(act: Callable[[Connection], None], name: str) -> None:
    def behave(connection: Connection) -> None:
        connection.request()
        act(connection)

    with faulty(behave) as server:
        _, error, _ = attempt(CALLERS[name], server.url, Bounds(seconds=0.3))
        assert isinstance(error, TransportError)
        # While the server still sends.
        ends = time.monotonic() + 5
        while any(thread.name == "cognito call" for thread in threading.enumerate()) and time.monotonic() < ends:
            time.sleep(0.02)
        assert [thread for thread in threading.enumerate() if thread.name == "cognito call"] == []


# Clients of the caller's own.


def test_an_httpx_client_that_follows_redirects_does_not_for_us() -> None:
    with (
        faulty(answering(200, b"{}")) as elsewhere,
        faulty(answering(307, b"", Location=elsewhere.url)) as server,
        httpx.Client(follow_redirects=True) as http,
        pytest.raises(TransportError, match="redirect"),
    ):
        httpx_transport(CLIENT, http, url=server.url)(CALL)
    assert elsewhere.connections == 0


def test_an_aiobotocore_client_follows_no_redirect_after_it_was_given_to_a_transport() -> None:
    async def run(url: str) -> Any:
        maker: Any = aio_session()
        async with maker.create_client("cognito-idp", region_name="eu-central-1", endpoint_url=url) as aws:
            with pytest.raises(TransportError, match="redirect"):
                await aiobotocore_transport(aws)(CALL)
            with pytest.raises(aws.exceptions.ClientError):
                await aws.initiate_auth(**CALL.parameters)

    with faulty(answering(200, b"{}")) as elsewhere, faulty(answering(307, b"", Location=elsewhere.url)) as server:
        anyio.run(run, server.url)
    assert elsewhere.connections == 0


def test_an_aiobotocore_client_without_aiohttp_is_refused() -> None:
    class Endpoint:
        http_session = object()

    class Client:
        _endpoint = Endpoint()

    with pytest.raises(UsageError, match="client: must be an aiobotocore client over aiohttp"):
        aiobotocore_transport(Client())


def test_many_transports_may_share_a_client() -> None:
    with faulty(answering(200, b"{}")) as server:
        aws = boto3_client(CLIENT, endpoint_url=server.url, session=aws_session())
        sends = [boto3_transport(aws, bounds=LONG) for _ in range(20)]
        for send in sends:
            send(CALL)
        aws.close()
    assert len(server.requests) == 20


def test_a_closed_client_is_the_callers_mistake() -> None:
    with httpx_client() as http:
        send = httpx_transport(CLIENT, http)
    with pytest.raises(UsageError, match="http: is closed"):
        send(CALL)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "http://a:b/", "http://", "nonsense"])
def test_an_address_that_is_not_one_is_the_callers_mistake(url: str) -> None:
    with httpx_client() as http, pytest.raises(UsageError, match="url: must be the URL of an HTTP server"):
        httpx_transport(CLIENT, http, url=url)
    with pytest.raises(UsageError, match="url: must be the URL of an HTTP server"):
        async_httpx_transport(CLIENT, httpx.AsyncClient(), url=url)


@pytest.mark.parametrize("name", ["boto3", "aiobotocore"])
def test_what_the_sdk_refuses_is_the_callers_mistake_and_names_no_value(name: str) -> None:
    call = Call("VerifySoftwareToken", {"UserCode": [PASSWORD], "Session": "a-session-of-twenty-characters"})
    with faulty(answering(200, b"{}")) as server:
        _, error, _ = attempt(CALLERS[name], server.url, LONG, call)
    assert type(error) is UsageError
    assert PASSWORD not in texts_of(error)
    assert server.connections == 0


def test_missing_credentials_are_the_callers_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    import boto3

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    client = AppClient("eu-central-1_Ab1", "client", admin=True)
    aws = boto3_client(client, endpoint_url="http://127.0.0.1:9", session=boto3.Session())
    call = Call("AdminInitiateAuth", {"UserPoolId": client.pool_id, **CALL.parameters})
    with pytest.raises(UsageError, match="NoCredentialsError"):
        boto3_transport(aws)(call)
    aws.close()


@pytest.mark.parametrize("given", [{"seconds": 0}, {"seconds": -1}, {"seconds": float("nan")}, {"answer_bytes": 0}])
def test_bounds_are_greater_than_0(given: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="must be greater than 0"):
        Bounds(**given)
