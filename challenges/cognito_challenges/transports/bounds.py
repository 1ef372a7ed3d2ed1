"""How long a call may take and how large its answer may be, and what is known of a call while it is under way."""

from __future__ import annotations

import ctypes
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
    come. When the time is over, or this thread is interrupted, that thread is stopped: at once when anything comes
    from the other end, else after its library's read time-out.
    """
    future: Future[_Answer] = Future()
    ending = threading.Lock()

    def run() -> None:
        try:
            answer = send()
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is waited for
            with ending:
                future.set_exception(error)
        else:
            with ending:
                future.set_result(answer)

    thread = threading.Thread(target=copy_context().run, args=(run,), name="cognito call", daemon=True)
    thread.start()
    try:
        wait([future], call.left)
    finally:
        # The lock keeps the thread alive, so that its number is no other's.
        with ending:
            if not future.done():
                _stop(thread)
    if not future.done():
        raise call.late()
    return future.result()


def _stop(thread: threading.Thread) -> None:
    """Have SystemExit raised in a thread as soon as it runs Python code; its library then closes the connection."""
    if thread.ident is not None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))
