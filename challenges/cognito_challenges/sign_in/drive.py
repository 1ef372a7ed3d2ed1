"""The two loops between a sign-in and a transport: one plain, one for async code."""

from __future__ import annotations

from collections.abc import Awaitable, Coroutine, Generator
from contextlib import contextmanager
from typing import Any

from cognito_challenges.answers import SignedIn
from cognito_challenges.catalogue import Challenge
from cognito_challenges.errors import ServiceError
from cognito_challenges.requests import AsyncTransport, Call, Transport
from cognito_srp import UsageError

from .machine import SignIn
from .state import Step


def drive(attempt: SignIn, send: Transport) -> Challenge | SignedIn:
    """Send calls until a challenge waits for an answer or the sign-in is done.

    It begins where the attempt stands: it starts a new one, and goes on from the Call that was not answered when a
    transport failed before. That Call is then sent once more: where it is not `safe_to_repeat`, the service may have
    accepted it the first time and refuse it now, and the sign-in has to begin anew. `ServiceError.earlier_tries` counts
    such times, and the tries that the transport made by itself.

    Raises ServiceError when the service refuses, PeerError for a malformed or hostile answer, and whatever `send`
    raises: TransportError when no answer came, see `Transport`. Raises UsageError for an attempt that is over, and for
    a transport that is async.
    """
    step = _begin(attempt)
    while isinstance(step, Call):
        with _counting(step):
            try:
                answer: Any = send(step)
            except ServiceError as error:
                step = _refuse(attempt, step, error)
            else:
                if isinstance(answer, Awaitable):
                    if isinstance(answer, Coroutine):
                        answer.close()
                    raise UsageError("send", "type", "must not be an async transport: use drive_async")
                step = attempt.receive(answer)
    return step


async def drive_async(attempt: SignIn, send: AsyncTransport) -> Challenge | SignedIn:
    """`drive` for a transport that is awaited. A cancelled call leaves the attempt where `drive_async` goes on."""
    step = _begin(attempt)
    while isinstance(step, Call):
        with _counting(step):
            try:
                pending: object = send(step)
                if not isinstance(pending, Awaitable):
                    raise UsageError("send", "type", "must be an async transport: use drive for a plain one")
                answer: Any = await pending
            except ServiceError as error:
                step = _refuse(attempt, step, error)
            else:
                step = attempt.receive(answer)
    return step


def _begin(attempt: SignIn) -> Step:
    return attempt.start() if attempt.step is None else attempt.step


@contextmanager
def _counting(call: Call) -> Generator[None]:
    """Count the call as unanswered when it ends without an answer that could be used, or is cancelled."""
    try:
        yield
    except (ServiceError, UsageError):
        raise
    except BaseException:
        call.mark_unanswered()
        raise


def _refuse(attempt: SignIn, call: Call, error: ServiceError) -> Step:
    error.earlier_tries += call.unanswered
    return attempt.receive_error(error)
