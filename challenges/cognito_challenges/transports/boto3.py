"""The boto3 transport: any botocore client of cognito-idp, with the retries and time-outs of its own configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from boto3.session import Session
from botocore import UNSIGNED, xform_name
from botocore.config import Config
from botocore.exceptions import HTTPClientError

from cognito_challenges.app_client import AppClient
from cognito_challenges.errors import TransportError
from cognito_challenges.requests import Call, Transport

from .botocore import Body, contract_error
from .bounds import DEFAULT, TRIES, Bounds, UnderWay, call_under_way, in_time
from .json11 import check_head, for_sdk
from .quiet import silence


def boto3_client(app_client: AppClient, *, endpoint_url: str | None = None, session: Session | None = None) -> Any:
    """A boto3 client for the region of the pool, unsigned unless the app client is an admin one.

    It tries three times in all (botocore's standard mode: throttling, 5xx, time-outs), connects within 5 seconds and
    reads within 10. session: where the credentials of an admin client come from.
    """
    config = Config(
        connect_timeout=5,
        read_timeout=10,
        retries={"mode": "standard", "total_max_attempts": TRIES},
        **({} if app_client.admin else {"signature_version": UNSIGNED}),
    )
    maker: Any = session or Session()
    return maker.client("cognito-idp", region_name=app_client.region, endpoint_url=endpoint_url, config=config)


def boto3_transport(client: Any, *, bounds: Bounds = DEFAULT) -> Transport:
    """A transport over a boto3 or botocore client of cognito-idp.

    bounds: limits of each call, 30 seconds and 1 MiB. How often it is tried and how long connecting and reading may
    take within them is the client's own configuration. One client may serve many attempts and threads.
    """
    _bound(client)
    silence()

    def tried(under_way: UnderWay, call: Call) -> Mapping[str, Any]:
        operation = getattr(client, xform_name(call.operation))
        try:
            return operation(**call.parameters)  # type: ignore[no-any-return]
        except Exception as error:  # noqa: BLE001 - whatever botocore raises is one of the contract's errors
            failed = contract_error(error, under_way)
        raise failed

    def send(call: Call) -> Mapping[str, Any]:
        with UnderWay(bounds) as under_way:
            return in_time(under_way, lambda: tried(under_way, call))

    return send


def _bound(client: Any) -> None:
    """Have the client's HTTP session keep the bounds of our calls. botocore has no setting for it."""
    endpoint = getattr(client, "_endpoint", None)
    if endpoint is not None and not isinstance(endpoint.http_session, _BoundedSession):
        endpoint.http_session = _BoundedSession(endpoint.http_session)


class _BoundedSession:
    """A client's HTTP session that reads the answers to our calls within their bounds. It follows no redirect."""

    def __init__(self, http: Any) -> None:
        self._http = http

    def __getattr__(self, name: str) -> Any:
        return getattr(self._http, name)

    def send(self, request: Any) -> Any:
        under_way = call_under_way()
        if under_way is None:
            return self._http.send(request)
        under_way.begin_try()
        request.stream_output = True
        response = self._http.send(request)
        body = _read(response, under_way)
        under_way.answered(response.status_code)
        response.raw = Body(for_sdk(response.status_code, response.headers, body))
        return response


def _read(response: Any, under_way: UnderWay) -> bytes:
    """The body of a response, in the bounds of the call."""
    body = bytearray()
    # Piece by piece as they come; urllib3 before 2.1 has no read1, and waits for a piece to be full.
    read = getattr(response.raw, "read1", response.raw.read)
    try:
        check_head(response.status_code, response.headers)
        while piece := read(65_536, decode_content=False):
            body += piece
            under_way.check_size(len(body))
            under_way.check_time()
    except TransportError:
        response.raw.close()
        raise
    except Exception as error:
        response.raw.close()
        raise HTTPClientError(error=error) from error
    length = response.headers.get("content-length", "")
    if length.isdecimal() and len(body) < int(length):
        raise HTTPClientError(error="the connection was closed within the answer")
    return bytes(body)
