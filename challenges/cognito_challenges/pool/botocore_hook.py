"""The pool behind a botocore or boto3 client, without a socket.

client = boto3.client("cognito-idp", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
answer(client, service)
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from . import wire
from .service import PoolService

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient


class _Raw(BytesIO):
    """A body as urllib3 would hand it over."""

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


def answer(client: CognitoIdentityProviderClient, service: PoolService) -> None:
    """Let the service answer every request of one cognito-idp client, before it would be sent."""

    def before_send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        body = request.body
        content = body.encode() if isinstance(body, str) else bytes(body or b"")
        target = request.headers.get("X-Amz-Target")
        name = target.decode() if isinstance(target, bytes) else target
        given = wire.respond(service, name, content)
        return AWSResponse(request.url, given.status, dict(given.headers), _Raw(given.body))

    client.meta.events.register("before-send.cognito-identity-provider.*", before_send)
