"""Fixtures for tests that sign in: a reference pool over HTTP, ready with an app client and a user.

`cognito_pool` is fresh for each test, `cognito_pool_session` lasts for the whole run. Both are a `ReadyPool`; override
`cognito_pool_options` to choose the pool's options. Nothing is imported before a test asks for a fixture.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING:
    from cognito_challenges.pool import Options, PoolService

REGION = "us-east-1"
USERNAME = "alice"
PASSWORD = "Correct-1-horse"  # noqa: S105 - a test user's
FLOWS = [
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_USER_AUTH",
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
]


@dataclass(frozen=True)
class ReadyPool:
    """A running pool with one confirmed user, and what a test needs to sign in to it.

    client: a boto3 client of the endpoint with credentials of no meaning; service: the pool itself, with its outbox,
    journal and triggers. The app client allows every flow and has no secret.
    """

    endpoint_url: str
    service: PoolService = field(repr=False)
    client: Any = field(repr=False)
    pool_id: str
    client_id: str
    username: str
    password: str = field(repr=False)


@pytest.fixture
def cognito_pool_options() -> Options:
    """The options of `cognito_pool`: the defaults but for the lock-out, unless a test overrides this fixture."""
    from cognito_challenges.pool import Options

    return Options(lockout_after=0)


@pytest.fixture
def cognito_pool(cognito_pool_options: Options) -> Generator[ReadyPool]:
    """A fresh pool for one test."""
    with ready_pool(cognito_pool_options) as pool:
        yield pool


@pytest.fixture(scope="session")
def cognito_pool_session() -> Generator[ReadyPool]:
    """One pool for the whole run, with the default options but for the lock-out."""
    with ready_pool() as pool:
        yield pool


@contextmanager
def ready_pool(options: Options | None = None) -> Generator[ReadyPool]:
    """Serve a pool on a free loopback port for the length of a with block. Needs boto3."""
    import boto3

    from cognito_challenges.pool import Options, PoolService, running

    service = PoolService(options or Options(lockout_after=0))
    # boto3's own annotations leave the client unknown.
    connect = cast("Callable[..., Any]", boto3.client)  # pyright: ignore[reportUnknownMemberType]
    with running(service) as url:
        client = connect(
            "cognito-idp",
            endpoint_url=url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - signatures are not checked
        )
        pool_id: str = client.create_user_pool(PoolName="test")["UserPool"]["Id"]
        app_client = client.create_user_pool_client(UserPoolId=pool_id, ClientName="test", ExplicitAuthFlows=FLOWS)
        client.admin_create_user(UserPoolId=pool_id, Username=USERNAME, MessageAction="SUPPRESS")
        client.admin_set_user_password(UserPoolId=pool_id, Username=USERNAME, Password=PASSWORD, Permanent=True)
        client_id: str = app_client["UserPoolClient"]["ClientId"]
        yield ReadyPool(url, service, client, pool_id, client_id, USERNAME, PASSWORD)
        client.close()
