"""When a call over httpx is sent again, and how long to wait before: one rule for the plain and the async transport."""

from __future__ import annotations

import random
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from cognito_challenges.errors import TransportError

from .bounds import TRIES, UnderWay
from .json11 import error_code

if TYPE_CHECKING:
    from collections.abc import Mapping

_THROTTLED: Final = frozenset({"TooManyRequestsException", "ThrottlingException"})
_BUSY: Final = frozenset({429, 500, 502, 503, 504})
_BACKOFF_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class Received:
    """An HTTP response whose body was read."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def pause(call: UnderWay, tries: int, outcome: Received | TransportError) -> float | None:
    """Seconds to wait before the next try; None when this outcome is final.

    Tried again, three times in all, are failed connections, time-outs, throttling and 5xx. Retry-After is obeyed; when
    it asks for more time than the call has left, this outcome is final.
    """
    if tries >= TRIES:
        return None
    asked = None
    if isinstance(outcome, Received):
        if outcome.status not in _BUSY and error_code(outcome.headers, outcome.body) not in _THROTTLED:
            return None
        asked = _retry_after(outcome.headers)
    # Full jitter, so that clients that failed together do not come back together.
    seconds = random.uniform(0, _BACKOFF_SECONDS * 2**tries) if asked is None else asked  # noqa: S311 - no secret
    return seconds if seconds < call.left else None


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Retry-After in seconds from now; None when it is absent or malformed."""
    value = headers.get("retry-after", "")
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    with suppress(ValueError, TypeError, OverflowError):
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    return None
