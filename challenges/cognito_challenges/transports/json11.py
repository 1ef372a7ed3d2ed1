"""AWS JSON 1.1: how a `Call` is written to HTTP and its answer read, without an AWS SDK.

For a transport of your own over any HTTP library:

    def send(call: Call) -> Mapping[str, Any]:
        headers, body = write(call)
        response = ...  # POST to endpoint(app_client), no redirects followed, raising TransportError when it fails
        return read(response.status, response.headers, response.body)

The Date of the answer, which `SignIn(follow_date=True)` wants, is handed on by `read`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, cast

from cognito_challenges.app_client import AppClient
from cognito_challenges.errors import ServiceError, TransportError
from cognito_challenges.requests import Call
from cognito_srp import PeerError, UsageError

TARGET: Final = "AWSCognitoIdentityProviderService."


def endpoint(app_client: AppClient) -> str:
    """The service's URL in the region of the pool."""
    suffix = "amazonaws.com.cn" if app_client.region.startswith("cn-") else "amazonaws.com"
    return f"https://cognito-idp.{app_client.region}.{suffix}/"


def write(call: Call) -> tuple[dict[str, str], bytes]:
    """Headers and body of a call. Raises UsageError for an operation that takes IAM credentials."""
    if call.signed:
        raise UsageError(
            "operation", "unavailable", f"{call.operation} takes IAM credentials: use boto3 or aiobotocore"
        )
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": TARGET + call.operation}
    return headers, json.dumps(call.parameters).encode()


def read(status: int, headers: Mapping[str, str], body: bytes, *, earlier_tries: int = 0) -> Mapping[str, Any]:
    """The answer in an HTTP response, with its headers where botocore puts them.

    headers: looked up in lower case, so that they must be in lower case or a mapping that does not mind the case.

    Raises ServiceError for the service's errors, with `earlier_tries`; TransportError for a redirect and for an error
    status without an error of the service, as a proxy gives it; PeerError for a success that is not a JSON object.
    """
    check_head(status, headers)
    document = _document(body)
    if status >= 400:
        raise _refusal(status, headers, document, earlier_tries)
    if document is None:
        raise PeerError("body", "syntax", f"is not a JSON object ({len(body)} bytes)")
    document["ResponseMetadata"] = {"HTTPHeaders": {name.lower(): value for name, value in headers.items()}}
    return document


def check_head(status: int, headers: Mapping[str, str]) -> None:
    """Raise TransportError for an answer whose body is not worth reading: a redirect, or a compressed body.

    A redirect is not followed, because the call was meant for the host that it was sent to. Nobody asked for
    compression, and a small body can grow to any size.
    """
    if 300 <= status < 400:
        raise TransportError(f"the answer is a redirect (HTTP status {status}), which is not followed")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise TransportError("the answer is compressed, which was not asked for")


def for_sdk(status: int, headers: Mapping[str, str], body: bytes) -> bytes:
    """The body of a response as the parsers of AWS SDKs take it without fault.

    A success is passed on, or refused with PeerError as `read` does. An error is written anew with its code and message
    only; without a code it is empty, so that the SDK goes by the status.
    """
    document = _document(body)
    if status < 400:
        if document is None:
            raise PeerError("body", "syntax", f"is not a JSON object ({len(body)} bytes)")
        return body
    refusal = _refusal(status, headers, document, 0)
    if isinstance(refusal, TransportError):
        return b""
    return json.dumps({"__type": refusal.code, "message": refusal.message}).encode()


def error_code(headers: Mapping[str, str], body: bytes) -> str | None:
    """The service's name of the error in a response, from its body or else its headers; None when there is none."""
    return _code(headers, _document(body))


def _document(body: bytes) -> dict[str, Any] | None:
    """The JSON object in a body, empty for an empty body; None when it is anything else."""
    try:
        document: object = json.loads(body.decode()) if body else {}
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", document) if isinstance(document, dict) else None


def _refusal(
    status: int, headers: Mapping[str, str], document: Mapping[str, Any] | None, earlier_tries: int
) -> ServiceError | TransportError:
    code = _code(headers, document)
    if code is None:
        return no_service(status)
    words = [(document or {}).get(name) for name in ("message", "Message")]
    message = next((word for word in words if isinstance(word, str)), "")
    return ServiceError(code, message, earlier_tries=earlier_tries)


def no_service(status: int) -> TransportError:
    """The error for an error status without an error of the service."""
    return TransportError(f"HTTP status {status} without an error of the service")


def _code(headers: Mapping[str, str], document: Mapping[str, Any] | None) -> str | None:
    # "namespace#Name:address": either end may be missing.
    for kind in ((document or {}).get("__type"), headers.get("x-amzn-errortype")):
        if isinstance(kind, str) and (code := kind.partition(":")[0].rpartition("#")[2]):
            return code
    return None
