"""The errors of HTTP libraries as this package's own."""

from __future__ import annotations

import os
from typing import cast

from cognito_challenges.errors import TransportError, printable


def no_answer(error: BaseException) -> TransportError:
    """The TransportError for what a library raised.

    It tells the library's name of the error and the operating system's reason, and that OSError is its cause. The
    library's own error is left behind: it holds the request, and its text may quote what the other end sent.
    """
    cause = _os_error(error)
    if cause is None:
        return TransportError(f"no answer came ({type(error).__name__})")
    # Each library and event loop words the system's own errors in its way.
    number = cause.errno if type(cause).__module__ == "builtins" else None
    reason = cause.strerror or type(cause).__name__ if number is None else os.strerror(number)
    failed = TransportError(f"no answer came ({type(error).__name__}: {printable(reason, 200)})")
    failed.__cause__ = cause
    return failed


def _os_error(error: BaseException) -> OSError | None:
    """A copy of the OSError that an error was raised from, without traceback and history; None when there is none.

    Only Python's own classes count: libraries derive theirs, which say more, from OSError too.
    """
    seen: set[int] = set()
    found: OSError | None = None
    nearest: BaseException | None = error
    while nearest is not None and id(nearest) not in seen:
        seen.add(id(nearest))
        if isinstance(nearest, OSError) and type(nearest).__module__ in ("builtins", "socket", "ssl"):
            found = nearest
        if isinstance(nearest, BaseExceptionGroup):
            nearest = cast("BaseExceptionGroup[BaseException]", nearest).exceptions[0]
        else:
            nearest = nearest.__cause__ or nearest.__context__
    return None if found is None else type(found)(found.errno, found.strerror)
