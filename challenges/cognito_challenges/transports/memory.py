"""The in-memory transport, for tests: a service in the same process, such as the reference pool's `call`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cognito_challenges.requests import Call, Transport


def memory_transport(service: Callable[[str, Mapping[str, Any]], Mapping[str, Any]]) -> Transport:
    """A transport over a function of operation and parameters, which raises ServiceError to refuse.

    Nothing is bounded or tried again, and whatever the function raises comes out as it is.
    """

    def send(call: Call) -> Mapping[str, Any]:
        return service(call.operation, call.parameters)

    return send
