"""The aiobotocore transport: an aiobotocore client of cognito-idp, with its own retries and time-outs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.session import AioSession, get_session
from botocore import UNSIGNED, xform_name
from botocore.exceptions import HTTPClientError

from cognito_challenges.app_client import AppClient
from cognito_challenges.errors import TransportError
from cognito_challenges.requests import AsyncTransport, Call
from cognito_srp import UsageError

from .botocore import Body, contract_error
from .bounds import DEFAULT, TRIES, Bounds, UnderWay, call_under_way
from .json11 import check_head, for_sdk
from .quiet import silence


def aiobotocore_client(
    app_client: AppClient, *, endpoint_url: str | None = None, session: AioSession | None = None
) -> AbstractAsyncContextManager[Any]:
    """`boto3.boto3_client` for async code, to be entered with `async with`."""
    config = AioConfig(
        connect_timeout=5,
        read_timeout=10,
        retries={"mode": "standard", "total_max_attempts": TRIES},
        **({} if app_client.admin else {"signature_version": UNSIGNED}),
    )
    maker: Any = session or get_session()
    made: AbstractAsyncContextManager[Any] = maker.create_client(
        "cognito-idp", region_name=app_client.region, endpoint_url=endpoint_url, config=config
    )
    return made


def aiobotocore_transport(client: Any, *, bounds: Bounds = DEFAULT) -> AsyncTransport:
    """A transport over an aiobotocore client of cognito-idp that has been entered, on asyncio.

    bounds: limits of each call, 30 seconds and 1 MiB. How often it is tried and how long connecting and reading may
    take within them is the client's own configuration. The client follows no redirect from then on. Raises UsageError
    for a client over another HTTP library than aiohttp, aiobotocore's own.
    """
    _bound(client)
    silence()

    async def send(call: Call) -> Mapping[str, Any]:
        operation = getattr(client, xform_name(call.operation))
        with UnderWay(bounds) as under_way:
            try:
                async with asyncio.timeout(under_way.left):
                    return await operation(**call.parameters)  # type: ignore[no-any-return]
            except TimeoutError:
                failed: Exception = under_way.late()
            except Exception as error:  # noqa: BLE001 - whatever botocore raises is one of the contract's errors
                failed = contract_error(error, under_way)
            raise failed

    return send


def _bound(client: Any) -> None:
    """Have the client's HTTP session keep the bounds of our calls. aiobotocore has no setting for it."""
    endpoint = getattr(client, "_endpoint", None)
    if endpoint is None or isinstance(endpoint.http_session, _BoundedSession):
        return
    if not hasattr(endpoint.http_session, "_get_session"):
        raise UsageError("client", "type", "must be an aiobotocore client over aiohttp")
    endpoint.http_session = _BoundedSession(endpoint.http_session)


class _BoundedSession:
    """A client's HTTP session that follows no redirect and reads the answers to our calls within their bounds."""

    def __init__(self, http: Any) -> None:
        self._http = http
        get_session = http._get_session

        async def one_host(proxy_url: str | None) -> Any:
            return _OneHost(await get_session(proxy_url))

        http._get_session = one_host

    def __getattr__(self, name: str) -> Any:
        return getattr(self._http, name)

    async def send(self, request: Any) -> Any:
        under_way = call_under_way()
        if under_way is None:
            return await self._http.send(request)
        under_way.begin_try()
        request.stream_output = True
        response = await self._http.send(request)
        body = await _read(response, under_way)
        under_way.answered(response.status_code)
        response.raw = Body(for_sdk(response.status_code, response.headers, body))
        return response


class _OneHost:
    """An aiohttp.ClientSession that does not follow redirects, as it does by default."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def request(self, *args: Any, **kwargs: Any) -> Any:
        return self._session.request(*args, allow_redirects=False, **kwargs)


async def _read(response: Any, under_way: UnderWay) -> bytes:
    """The body of a response, in the bounds of the call."""
    body = bytearray()
    try:
        check_head(response.status_code, response.headers)
        async for piece in response.raw.content.iter_any():
            body += piece
            under_way.check_size(len(body))
    except TransportError:
        raise
    except Exception as error:
        raise HTTPClientError(error=error) from error
    finally:
        # After a body that was read to its end, the connection has gone back to its pool.
        response.raw.close()
    return bytes(body)
