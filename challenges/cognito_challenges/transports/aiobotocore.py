"""The aiobotocore transport: an aiobotocore client of cognito-idp, with its own retries and time-outs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

from cognito_challenges.drive import AsyncTransport
from cognito_challenges.errors import ServiceError
from cognito_challenges.requests import Call


def aiobotocore_transport(client: Any) -> AsyncTransport:
    """A transport over a client that `async with session.create_client("cognito-idp", ...)` gave."""

    async def send(call: Call) -> Mapping[str, Any]:
        try:
            return await getattr(client, xform_name(call.operation))(**call.parameters)  # type: ignore[no-any-return]
        except ClientError as error:
            refusal = error.response.get("Error", {})
            raise ServiceError(refusal.get("Code", "Unknown"), refusal.get("Message", "")) from None

    return send
