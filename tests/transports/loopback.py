"""A service over loopback HTTP, and one way to sign in for each transport."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import anyio
import boto3
import httpx
from aiobotocore.session import AioSession

from cognito_challenges import (
    AppClient,
    AsyncTransport,
    Challenge,
    Response,
    ServiceError,
    SignedIn,
    SignIn,
    Transport,
    drive,
    drive_async,
)
from cognito_challenges.transports.aiobotocore import aiobotocore_client, aiobotocore_transport
from cognito_challenges.transports.boto3 import boto3_client, boto3_transport
from cognito_challenges.transports.httpx import async_httpx_transport, httpx_transport
from cognito_challenges.transports.memory import memory_transport

Service = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
People = Callable[[Challenge], Response]
Signing = tuple[SignedIn, list[str]]


@contextmanager
def serving(services: Mapping[str, Service]) -> Iterator[str]:
    """An AWS JSON 1.1 server with one service under each path, for the length of a with block, which gets the URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            operation = self.headers["X-Amz-Target"].removeprefix("AWSCognitoIdentityProviderService.")
            try:
                self._send(200, services[self.path](operation, json.loads(body)))
            except ServiceError as error:
                self._send(400, {"__type": error.code, "message": error.message})

        def _send(self, status: int, document: Mapping[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# One session for all: it keeps the service model, whose loading takes longer than all the rest.
@cache
def aws_session() -> boto3.Session:
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test")


@cache
def aio_session() -> AioSession:
    session = AioSession()
    session.set_credentials("test", "test")
    return session


def play(attempt: SignIn, send: Transport, people: People) -> Signing:
    """Sign in to the end, each challenge answered by `people`; the names of those challenges in order."""
    asked: list[str] = []
    step = drive(attempt, send)
    while not isinstance(step, SignedIn):
        asked.append(step.name)
        attempt.answer(people(step))
        step = drive(attempt, send)
    return step, asked


async def play_async(attempt: SignIn, send: AsyncTransport, people: People) -> Signing:
    asked: list[str] = []
    step = await drive_async(attempt, send)
    while not isinstance(step, SignedIn):
        asked.append(step.name)
        attempt.answer(people(step))
        step = await drive_async(attempt, send)
    return step, asked


def over_memory(client: AppClient, url: str, service: Service, attempt: SignIn, people: People) -> Signing:
    return play(attempt, memory_transport(service), people)


def over_boto3(client: AppClient, url: str, service: Service, attempt: SignIn, people: People) -> Signing:
    aws = boto3_client(client, endpoint_url=url, session=aws_session())
    try:
        return play(attempt, boto3_transport(aws), people)
    finally:
        aws.close()


def over_httpx(client: AppClient, url: str, service: Service, attempt: SignIn, people: People) -> Signing:
    with httpx.Client(trust_env=False) as http:
        return play(attempt, httpx_transport(client, http, url=url), people)


def over_async_httpx(client: AppClient, url: str, service: Service, attempt: SignIn, people: People) -> Signing:
    async def run() -> Signing:
        async with httpx.AsyncClient(trust_env=False) as http:
            return await play_async(attempt, async_httpx_transport(client, http, url=url), people)

    return anyio.run(run)


def over_aiobotocore(client: AppClient, url: str, service: Service, attempt: SignIn, people: People) -> Signing:
    async def run() -> Signing:
        async with aiobotocore_client(client, endpoint_url=url, session=aio_session()) as aws:
            return await play_async(attempt, aiobotocore_transport(aws), people)

    return anyio.run(run)


TRANSPORTS = {
    "memory": over_memory,
    "boto3": over_boto3,
    "aiobotocore": over_aiobotocore,
    "httpx": over_httpx,
    "async httpx": over_async_httpx,
}
SIGNING = ("memory", "boto3", "aiobotocore")
"""The transports that can sign requests with IAM credentials."""
