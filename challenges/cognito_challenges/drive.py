"""The two loops between a sign-in and a transport: one plain, one for async code.

A transport is a function that sends a `Call`, returns the service's answer, and raises `ServiceError` when the
service refuses.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from .catalogue import PersonChallenge
from .errors import ServiceError
from .machine import SignIn
from .moves import Step
from .requests import Call
from .results import SignedIn

Transport = Callable[[Call], Mapping[str, Any]]
AsyncTransport = Callable[[Call], Awaitable[Mapping[str, Any]]]


def drive(attempt: SignIn, step: Step, send: Transport) -> PersonChallenge | SignedIn:
    """Send calls until a person must answer or the sign-in is done. Raises ServiceError when it is refused."""
    while isinstance(step, Call):
        try:
            answer = send(step)
        except ServiceError as error:
            step = attempt.refuse(error)
        else:
            step = attempt.receive(answer)
    return step


async def drive_async(attempt: SignIn, step: Step, send: AsyncTransport) -> PersonChallenge | SignedIn:
    """`drive` for a transport that is awaited."""
    while isinstance(step, Call):
        try:
            answer = await send(step)
        except ServiceError as error:
            step = attempt.refuse(error)
        else:
            step = attempt.receive(answer)
    return step
