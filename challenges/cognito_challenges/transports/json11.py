"""AWS JSON 1.1: how a `Call` is written to HTTP and its answer read, without an AWS SDK."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, cast

from cognito_challenges.app_client import AppClient
from cognito_challenges.errors import ServiceError
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


def read(status: int, headers: Mapping[str, str], body: bytes) -> Mapping[str, Any]:
    """The answer in an HTTP response, with its headers where botocore puts them.

    Raises ServiceError for the service's errors and PeerError for an answer that is not the service's.
    """
    try:
        document: object = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        if status >= 400:
            raise ServiceError(str(status), "the answer is not JSON")
        raise PeerError("body", "syntax", f"is not a JSON object ({len(body)} bytes)")
    answer = cast("dict[str, Any]", document)
    if status >= 300:
        code = _short(str(answer["__type"])) if "__type" in answer else error_code(headers)
        raise ServiceError(code or str(status), str(answer.get("message") or answer.get("Message") or ""))
    answer["ResponseMetadata"] = {"HTTPHeaders": {name.lower(): value for name, value in headers.items()}}
    return answer


def error_code(headers: Mapping[str, str]) -> str | None:
    """The service's name of an error, as the headers of its answer have it; None when they have none."""
    kind = headers.get("x-amzn-errortype")
    return None if kind is None else _short(kind)


def _short(kind: str) -> str:
    # "namespace#Name:address": either end may be missing.
    return kind.partition(":")[0].rpartition("#")[2]
