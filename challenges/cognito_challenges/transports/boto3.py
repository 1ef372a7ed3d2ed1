"""The boto3 transport: any botocore client of cognito-idp, with the retries and time-outs of its own configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from boto3.session import Session
from botocore import UNSIGNED, xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from cognito_challenges.app_client import AppClient
from cognito_challenges.errors import ServiceError
from cognito_challenges.requests import Call, Transport


def boto3_client(app_client: AppClient, *, endpoint_url: str | None = None, session: Session | None = None) -> Any:
    """A boto3 client for the region of the pool, unsigned unless the app client is an admin one.

    It tries three times in all (botocore's standard mode: throttling, 5xx, time-outs), connects within 5 seconds and
    reads within 10. session: where the credentials of an admin client come from.
    """
    config = Config(
        connect_timeout=5,
        read_timeout=10,
        retries={"mode": "standard", "total_max_attempts": 3},
        **({} if app_client.admin else {"signature_version": UNSIGNED}),
    )
    maker: Any = session or Session()
    return maker.client("cognito-idp", region_name=app_client.region, endpoint_url=endpoint_url, config=config)


def boto3_transport(client: Any) -> Transport:
    """A transport over a boto3 or botocore client of cognito-idp."""

    def send(call: Call) -> Mapping[str, Any]:
        try:
            return getattr(client, xform_name(call.operation))(**call.parameters)  # type: ignore[no-any-return]
        except ClientError as error:
            refusal = error.response.get("Error", {})
            raise ServiceError(refusal.get("Code", "Unknown"), refusal.get("Message", "")) from None

    return send
