"""How long a call may take and how large its answer may be, and what is known of a call while it is under way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextvars import ContextVar, Token, copy_context
from dataclasses import dataclass
from types import TracebackType
from typing import Final, TypeVar

from cognito_challenges.errors import TransportError
from cognito_srp import UsageError

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The limits of one call, all its tries together.

    seconds: from the call to the end of its answer. answer_bytes: the longest body that is read.
    """

    seconds: float = 30.0
    answer_bytes: int = 1_048_576

    def __post_init__(self) -> None:
        for name in ("seconds", "answer_bytes"):
            if not getattr(self, name) > 0:
                raise UsageError(name, "range", "must be greater than 0")


DEFAULT: Final = Bounds()
TRIES: Final = 3
"""How often a call is sent at most."""


class UnderWay:
    """One call under way, for the length of a with block: when it must be over, and which of its tries were lost.

    lost: how many earlier tries got no answer of the service, or a 5xx. `call_under_way` finds it from within the
    libraries, whose hooks are not told which call they serve. Errors leave the block without the frames below it, whose
    locals hold the request and the answer.
    """

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.lost = 0
        self._ends = time.monotonic() + bounds.seconds
        self._unanswered = False
        self._token: Token[UnderWay | None] | None = None

    def __enter__(self) -> UnderWay:
        self._token = _UNDER_WAY.set(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._token is not None:
            _UNDER_WAY.reset(self._token)
        if isinstance(error, Exception):
            raise error.with_traceback(None)

    @property
    def left(self) -> float:
        """Seconds that are left, 0 when none are."""
        return max(0.0, self._ends - time.monotonic())

    def begin_try(self) -> None:
        """Count a try. Raises TransportError when the time is over."""
        self.check_time()
        self.lost += self._unanswered
        self._unanswered = True

    def answered(self, status: int) -> None:
        """Note that the try that was begun has its answer."""
        self._unanswered = status >= 500

    def check_time(self) -> None:
        """Raise TransportError when the time is over."""
        if not self.left:
            raise self.late()

    def check_size(self, size: int) -> None:
        """Raise TransportError when the part of a body that has come is too large."""
        if size > self.bounds.answer_bytes:
            raise TransportError(f"the answer is larger than {self.bounds.answer_bytes} bytes")

    def late(self) -> TransportError:
        """The error of a call whose time is over."""
        return TransportError(f"no answer within {self.bounds.seconds:g} seconds")


_UNDER_WAY: ContextVar[UnderWay | None] = ContextVar("_UNDER_WAY", default=None)


def call_under_way() -> UnderWay | None:
    """The call under way in this thread or task, None outside of one."""
    return _UNDER_WAY.get()


def in_time(call: UnderWay, send: Callable[[], _Answer]) -> _Answer:
    """What `send` returns or raises; TransportError when it takes longer than the call has left.

    It runs in a thread of its own, because no blocking library bounds the time in which the headers of an answer
    come. When the time is over, that thread ends at the next piece of the body, at the next try, or after its library's
    read time-out. While the other end goes on and on with headers it stays, and holds one connection: no library lets
    another thread end that, and an exception raised from outside breaks the pools of connections.
    """
    future: Future[_Answer] = Future()

    def run() -> None:
        try:
            future.set_result(send())
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is waited for
            future.set_exception(error)

    threading.Thread(target=copy_context().run, args=(run,), name="cognito call", daemon=True).start()
    wait([future], call.left)
    if not future.done():
        raise call.late()
    return future.result()
