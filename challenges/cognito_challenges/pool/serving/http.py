"""The pool over HTTP: the service's endpoint, the key set, the outbox and the inspector, on Starlette and uvicorn."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from cognito_challenges.pool.errors import ServiceError
from cognito_challenges.pool.service import PoolService
from cognito_challenges.pool.serving import access, inspector, wire
from cognito_challenges.pool.store.tokens import signing_keys
from cognito_srp import warm

_NUMBER = re.compile("[0-9]{1,9}")
BODY_SECONDS = 20.0
"""How long a request's body may take to arrive."""
HEAD_SECONDS = 75.0
"""How long a connection may be open without a complete request head."""


def application(service: PoolService, listening: str = "127.0.0.1") -> ASGIApp:
    """The ASGI application over a pool service.

    POST / takes AWS JSON 1.1; GET /{UserPoolId}/.well-known/..., /_outbox and /_inspector are for reading.
    listening: the host that it is served on, which requests may name beside loopback hosts and `allowed_hosts`.
    """

    async def call(request: Request) -> Response:
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _body(request)
        except TimeoutError:
            return _closing(wire.timed_out())
        except ClientDisconnect:
            return Response(status_code=400)  # which nobody reads
        if body is None:
            return _closing(wire.too_large())
        return _response(wire.respond(service, request.headers.get("x-amz-target"), body))

    async def well_known(request: Request) -> Response:
        return _response(wire.well_known(service, request.path_params["pool_id"], request.path_params["name"]))

    def outbox(request: Request) -> Response:
        wanted = request.query_params.get("destination")
        messages = [
            {
                "medium": message.medium,
                "destination": message.destination,
                "username": message.username,
                "reason": message.reason,
                "subject": message.subject,
                "text": message.text,
                "code": message.code,
                "sent": message.sent,
            }
            for message in service.outbox
            if wanted in (None, message.destination)
        ]
        return Response(json.dumps(messages), media_type="application/json")

    # Not coroutines: pages are rendered in a thread, beside the event loop.
    def inspect_all(_: Request) -> Response:
        return Response(inspector.overview(service), media_type="text/html", headers=inspector.HEADERS)

    def inspect_one(request: Request) -> Response:
        number = request.path_params["number"]
        page = inspector.sign_in(service, int(number)) if _NUMBER.fullmatch(number) else None
        status = 404 if page is None else 200
        return Response(page or inspector.absent(), status, media_type="text/html", headers=inspector.HEADERS)

    async def elsewhere(_: Request, __: Exception) -> Response:
        return _response(wire.absent())

    routed = Starlette(
        routes=[
            Route("/", call, methods=["POST"]),
            Route("/{pool_id}/.well-known/{name}", well_known),
            Route("/_outbox", outbox),
            Route("/_inspector", inspect_all),
            Route("/_inspector/{number}", inspect_one),
        ],
        exception_handlers={404: elsewhere, 405: elsewhere},
    )

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await routed(scope, receive, send)
        method, headers = scope["method"], Headers(scope=scope)
        error = access.refusal(service.options, listening, method, scope["path"], headers)
        if error is not None:
            return await _response(wire.refusal(error, status=403))(scope, receive, send)
        added = access.cors(method, headers)
        if method == "OPTIONS":
            return await Response(status_code=200, headers=added)(scope, receive, send)

        async def send_with_cors(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(added)
            await send(message)

        return await routed(scope, receive, send_with_cors)

    return guarded


def serve(
    service: PoolService,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    on_listening: Callable[[str], None] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, then finish the requests under way and return.

    port 0 takes a free one. on_listening gets the URL once connections are accepted. Raises OSError when the address
    cannot be had.
    """
    with _listening(host, port) as listener:
        _Server(service, on_listening, host, _url(listener)).run(sockets=[listener])


@contextmanager
def running(service: PoolService, host: str = "127.0.0.1", port: int = 0) -> Generator[str]:
    """Serve in a background thread for the length of a with block, which gets the URL."""
    with _listening(host, port) as listener:
        ready = threading.Event()
        server = _Server(service, lambda _: ready.set(), host, _url(listener))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not ready.wait(0.05):
            if not thread.is_alive():
                raise RuntimeError("the pool's server did not start")
        try:
            yield _url(listener)
        finally:
            server.should_exit = True
            thread.join()


class _Protocol(HttpToolsProtocol):
    """HTTP whose malformed requests are answered like all others, and whose requests have to come to an end."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn narrows it
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._wait_for_head()

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

    def _wait_for_head(self) -> None:
        self._stop_waiting()
        self._waiting = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def send_400_response(self, msg: str) -> None:
        answer = wire.refusal(ServiceError("SerializationException", msg))
        lines = [f"{name}: {value}" for name, value in answer.headers.items()]
        head = ["HTTP/1.1 400 Bad Request", *lines, f"content-length: {len(answer.body)}", "connection: close"]
        self.transport.write("\r\n".join([*head, "", ""]).encode("latin-1") + answer.body)
        self.transport.close()


class _Server(uvicorn.Server):
    """A server that says when it listens, and that ends on a signal without passing it on."""

    def __init__(self, service: PoolService, on_listening: Callable[[str], None] | None, host: str, url: str) -> None:
        super().__init__(
            uvicorn.Config(
                application(service, host),
                http=_Protocol,
                ws="none",
                lifespan="off",
                log_level="warning",
                access_log=False,
                server_header=False,
                # Clients keep connections in pools for about a minute and do not like to find them closed.
                timeout_keep_alive=75,
                timeout_graceful_shutdown=5,
            )
        )
        self._on_listening = on_listening
        self._url = url
        service.listens_at(url)
        # What is made once is made before the first request would have to wait for it.
        warm()
        signing_keys()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._on_listening is not None:
            self._on_listening(self._url)

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop(number: int, frame: FrameType | None) -> None:
            self.handle_exit(number, frame)

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


@contextmanager
def _listening(host: str, port: int) -> Generator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's delay off only on sockets that name TCP: without it, each answer waits for 40 ms.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
        yield listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def _body(request: Request) -> bytes | None:
    """The body; None when it is above the limit."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > wire.MAX_BODY_BYTES:
            return None
        chunks.append(chunk)
    return b"".join(chunks)


def _closing(answer: wire.WireAnswer) -> Response:
    """An answer to a request that was not read to its end."""
    response = _response(answer)
    response.headers["connection"] = "close"
    return response


def _response(answer: wire.WireAnswer) -> Response:
    return Response(answer.body, answer.status, headers=dict(answer.headers))
