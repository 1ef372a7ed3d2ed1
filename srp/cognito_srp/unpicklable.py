"""Objects that may hold secrets cannot be pickled or copied: pickles end up in caches, queues and logs."""

from __future__ import annotations

from typing import NoReturn

from .errors import UsageError


class Unpicklable:
    """Base class of objects that may hold secrets: pickling or copying one raises UsageError."""

    __slots__ = ()

    def __reduce__(self) -> NoReturn:
        raise UsageError(type(self).__name__, "state", "may hold secrets and cannot be pickled or copied")
