"""AWS JSON 1.1 without a socket: a target and a body in, a status, headers and a body out."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from cognito_challenges.pool.errors import ServiceError
from cognito_challenges.pool.service import PoolService

TARGET = "AWSCognitoIdentityProviderService."
MEDIA_TYPE = "application/x-amz-json-1.1"
EXPLANATION = "x-cognito-srp-explanation"
MAX_BODY_BYTES = 1_048_576
"""Longest request body read. The service's longest fields add up to far less."""

_log = logging.getLogger("cognito_challenges.pool")


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """An HTTP answer: header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def respond(service: PoolService, target: str | None, body: bytes) -> WireAnswer:
    """Answer one request by its X-Amz-Target and body. Signatures are neither asked for nor checked."""
    try:
        answer = service.call(_operation(target), _document(body))
    except ServiceError as error:
        return refusal(error)
    except Exception as error:  # noqa: BLE001 - a defect of the pool is answered like one of the service
        _log.error("internal error: %s", type(error).__name__, exc_info=error)
        return refusal(ServiceError("InternalErrorException", "Something went wrong."), status=500)
    return _answer(200, answer)


def well_known(service: PoolService, pool_id: str, name: str) -> WireAnswer:
    """Answer GET of /{UserPoolId}/.well-known/{name}."""
    documents = {"jwks.json": service.key_set, "openid-configuration": service.openid_configuration}
    if name not in documents:
        return absent()
    try:
        document = documents[name](pool_id)
    except ServiceError as error:
        return refusal(error)
    return _answer(200, document, {"content-type": "application/json"})


def absent() -> WireAnswer:
    """The answer at an address that there is not."""
    return refusal(ServiceError("UnknownOperationException", "There is nothing at this address."), status=404)


def refusal(error: ServiceError, status: int = 400) -> WireAnswer:
    """The answer that carries an error, with an explanation in a header of its own."""
    headers = {"x-amzn-errortype": f"{error.code}:"}
    if error.explanation is not None:
        headers[EXPLANATION] = f"{error.explanation.mistake}; {error.explanation.sentence}"
    return _answer(status, {"__type": error.code, "message": error.message}, headers)


def too_large() -> WireAnswer:
    """The answer to a body above the limit."""
    message = f"Request has more than {MAX_BODY_BYTES} bytes."
    return refusal(ServiceError("RequestEntityTooLargeException", message), status=413)


def timed_out() -> WireAnswer:
    """The answer to a body that does not come to its end."""
    return refusal(ServiceError("RequestTimeoutException", "The request's body did not come in time."), status=408)


def _operation(target: str | None) -> str:
    if target is None or not target.startswith(TARGET):
        raise ServiceError("UnknownOperationException", "X-Amz-Target names no operation of this service.")
    return target.removeprefix(TARGET)


def _document(body: bytes) -> dict[str, object]:
    try:
        document: object = json.loads(body)
    except (ValueError, RecursionError):
        raise ServiceError("SerializationException", "The request is not a JSON document.") from None
    if not isinstance(document, dict):
        raise ServiceError("SerializationException", "The request is not a JSON object.")
    return cast("dict[str, object]", document)


def _answer(status: int, document: Mapping[str, object], headers: Mapping[str, str] | None = None) -> WireAnswer:
    fixed = {"content-type": MEDIA_TYPE, "x-amzn-requestid": str(uuid.uuid4())}
    return WireAnswer(status, {**fixed, **(headers or {})}, json.dumps(document).encode())
