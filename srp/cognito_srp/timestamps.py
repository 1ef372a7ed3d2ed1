"""TIMESTAMP: written and read without the process's locale, time zone or 12-hour clock."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from .encoding import wrong_type
from .errors import PeerError, UsageError

Clock = Callable[[], float]
"""Returns the present time in Unix seconds, as `time.time` does. Fractions of a second are cut off."""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Compiled when a server first reads one, to keep the client's cold start short.
_TIMESTAMP = rf"(?:{'|'.join(_DAYS)}) ({'|'.join(_MONTHS)}) ([1-9]\d?) (\d\d):(\d\d):(\d\d) UTC (?!0000)(\d{{4}})"


def timestamp(now: float) -> str:
    """`EEE MMM d HH:mm:ss UTC yyyy` of a time in Unix seconds.

    English names, UTC, 24-hour clock, the day of the month not padded; fractions of a second are cut off.
    Raises UsageError when `now` is not a number, or not a time in the years 1 to 9999.

    >>> timestamp(1772841909)
    'Sat Mar 7 00:05:09 UTC 2026'
    """
    return _written("now", now)


def read_clock(clock: Clock) -> str:
    """TIMESTAMP of the present by the caller's clock. Raises UsageError as `timestamp` does."""
    return _written("clock", clock())


def parse_timestamp(text: str) -> int:
    """Unix seconds of a TIMESTAMP. Raises PeerError unless `text` is spelled exactly as `timestamp` spells it.

    >>> parse_timestamp("Sat Mar 7 00:05:09 UTC 2026")
    1772841909
    """
    # calendar imports locale and datetime: 3 ms that a client does not have to wait for.
    from calendar import timegm

    match = re.fullmatch(_TIMESTAMP, text, re.ASCII) if isinstance(text, str) and len(text) <= 40 else None
    if match:
        month, day, hour, minute, second, year = match.groups()
        now = timegm((int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second)))
        # The 31st of June, a 25th hour and a wrong weekday come out in another spelling.
        if timestamp(now) == text:
            return now
    raise PeerError("TIMESTAMP", "syntax", "is not of the form EEE MMM d HH:mm:ss UTC yyyy")


def _written(name: str, now: float) -> str:
    # time.gmtime would take None for the present.
    if not isinstance(now, (int, float)):
        raise wrong_type(name, now, "a number of seconds")
    try:
        moment = time.gmtime(now)
    except (OverflowError, OSError, ValueError):
        raise UsageError(name, "range", "is not a time in Unix seconds") from None
    if not 1 <= moment.tm_year <= 9999:
        raise UsageError(name, "range", "is not in the years 1 to 9999")
    return (
        f"{_DAYS[moment.tm_wday]} {_MONTHS[moment.tm_mon - 1]} {moment.tm_mday} "
        f"{moment.tm_hour:02}:{moment.tm_min:02}:{moment.tm_sec:02} UTC {moment.tm_year:04}"
    )
