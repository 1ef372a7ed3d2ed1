"""The aiobotocore transport: an aiobotocore client of cognito-idp, with its own retries and time-outs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.session import AioSession, get_session
from botocore import UNSIGNED, xform_name
from botocore.exceptions import ClientError

from cognito_challenges.app_client import AppClient
from cognito_challenges.errors import ServiceError
from cognito_challenges.requests import AsyncTransport, Call


def aiobotocore_client(
    app_client: AppClient, *, endpoint_url: str | None = None, session: AioSession | None = None
) -> AbstractAsyncContextManager[Any]:
    """`boto3.boto3_client` for async code, to be entered with `async with`."""
    config = AioConfig(
        connect_timeout=5,
        read_timeout=10,
        retries={"mode": "standard", "total_max_attempts": 3},
        **({} if app_client.admin else {"signature_version": UNSIGNED}),
    )
    maker: Any = session or get_session()
    made: AbstractAsyncContextManager[Any] = maker.create_client(
        "cognito-idp", region_name=app_client.region, endpoint_url=endpoint_url, config=config
    )
    return made


def aiobotocore_transport(client: Any) -> AsyncTransport:
    """A transport over an aiobotocore client of cognito-idp that has been entered."""

    async def send(call: Call) -> Mapping[str, Any]:
        try:
            return await getattr(client, xform_name(call.operation))(**call.parameters)  # type: ignore[no-any-return]
        except ClientError as error:
            refusal = error.response.get("Error", {})
            raise ServiceError(refusal.get("Code", "Unknown"), refusal.get("Message", "")) from None

    return send
