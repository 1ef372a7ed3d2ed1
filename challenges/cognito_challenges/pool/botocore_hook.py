"""The pool behind a botocore or boto3 client, without a socket.

client = boto3.client("cognito-idp", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
answer(client, service)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Protocol, cast

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders

from cognito_challenges.pool.service import PoolService
from cognito_challenges.pool.serving import wire

if TYPE_CHECKING:
    from botocore.hooks import BaseEventHooks


class _Meta(Protocol):
    @property
    def events(self) -> BaseEventHooks: ...


class Client(Protocol):
    """A botocore client, as far as it matters here."""

    @property
    def meta(self) -> _Meta:
        """Where the client's events are registered."""
        ...


class _Raw(BytesIO):
    """A body as urllib3 would hand it over."""

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


def answer(client: Client, service: PoolService) -> None:
    """Let the service answer every request of one cognito-idp client, before it would be sent."""

    def before_send(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        target = request.headers.get("X-Amz-Target")
        name = target.decode() if isinstance(target, bytes) else target
        body = request.body
        content = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else b""
        given = wire.respond(service, name, content)
        headers = HTTPHeaders()
        for header, value in given.headers.items():
            headers[header] = value
        return AWSResponse(request.url, given.status, headers, _Raw(given.body))

    # The handler's answer is what botocore takes for the response; its stubs know handlers without one only.
    client.meta.events.register("before-send.cognito-identity-provider.*", cast("Callable[..., None]", before_send))
