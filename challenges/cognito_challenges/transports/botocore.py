"""What the transports over boto3 and aiobotocore have in common: botocore's errors as this package's own."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, ParamValidationError
from botocore.exceptions import ConnectionError as BotoConnectionError

from cognito_challenges.errors import ServiceError, TransportError
from cognito_srp import PeerError, UsageError

from .bounds import UnderWay
from .failures import no_answer
from .json11 import no_service


def contract_error(error: Exception, under_way: UnderWay) -> Exception:
    """The error of the transports' contract for whatever a botocore client raised."""
    match error:
        case ServiceError() | TransportError() | PeerError() | UsageError():
            return error
        case ClientError():
            return _refusal(error, under_way)
        case HTTPClientError() | BotoConnectionError() | OSError():
            return no_answer(error)
        case ParamValidationError():
            return UsageError("call", "syntax", "has parameters that the SDK's model of the service does not take")
        case BotoCoreError():
            return UsageError("client", "state", f"cannot send the call ({type(error).__name__})")
        case _:
            return PeerError("answer", "syntax", f"cannot be read by the SDK ({type(error).__name__})")


def _refusal(error: ClientError, under_way: UnderWay) -> ServiceError | TransportError:
    response: Any = error.response
    refusal = response.get("Error", {})
    code, message = refusal.get("Code"), refusal.get("Message")
    # botocore puts the status in the place of a code that did not come.
    if not isinstance(code, str) or not code or code.isdigit():
        return no_service(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    return ServiceError(code, message if isinstance(message, str) else "", earlier_tries=under_way.lost)


class Body:
    """A body that was read, in the place of the stream that it was read from: for botocore and for aiobotocore."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: object, **__: object) -> list[bytes]:
        """The body in one piece."""
        return [self._content]

    async def read(self) -> bytes:
        """The body."""
        return self._content
