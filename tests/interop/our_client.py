"""Sign-ins by our own client, over its own transports."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import httpx

from cognito_challenges import AppClient, SignedIn, SignIn, drive
from cognito_challenges.transports.boto3 import boto3_client, boto3_transport
from cognito_challenges.transports.httpx import httpx_transport

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cognito_challenges import Challenge, Response, Transport
    from interop.user_pools import UserPool

    Answers = Mapping[type[Challenge], Callable[[Any], Response]]


def app_client(pool: UserPool, *, admin: bool = False) -> AppClient:
    return AppClient(pool.pool_id, pool.client_id, client_secret=pool.client_secret, admin=admin)


def over_boto3(pool: UserPool, *, admin: bool = False) -> Transport:
    """Unsigned requests, or with the credentials of the pool's owner for the Admin operations."""
    if admin:
        return boto3_transport(pool.client)
    return boto3_transport(_unsigned_client(pool.service.endpoint_url))


@cache
def _unsigned_client(endpoint_url: str) -> Any:
    """One for each server, since botocore takes a tenth of a second to make it."""
    return boto3_client(AppClient("us-east-1_any", "any"), endpoint_url=endpoint_url)


def over_httpx(pool: UserPool) -> Transport:
    return httpx_transport(app_client(pool), httpx.Client(trust_env=False), url=pool.service.endpoint_url)


def sign_in(
    pool: UserPool,
    username: str,
    password: str | None,
    *,
    answers: Answers | None = None,
    admin: bool = False,
    send: Transport | None = None,
    **settings: Any,
) -> SignedIn:
    """Sign in, answering each challenge by the function that stands under its class; ServiceError when refused."""
    send = send or over_boto3(pool, admin=admin)
    attempt = SignIn(app_client(pool, admin=admin), username=username, password=password, **settings)
    step = drive(attempt, send)
    while not isinstance(step, SignedIn):
        attempt.answer((answers or {})[type(step)](step))
        step = drive(attempt, send)
    return step
