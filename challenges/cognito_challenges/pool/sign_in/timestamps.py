"""What is wrong with a TIMESTAMP: its form, or the clock behind it."""

from __future__ import annotations

import re

from cognito_challenges.pool.errors import Explanation
from cognito_srp import PeerError
from cognito_srp.timestamps import parse_timestamp

_HALF_DAY, _QUARTER = 43_200, 900
_PARTS = re.compile(r"(\S.*) (\d{1,2}) (\d\d:\d\d:\d\d) ?(.*?) (\d{4})")
_ENGLISH = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)")


def form_mistake(text: str) -> Explanation:
    """What keeps a text from being a TIMESTAMP."""
    parts = _PARTS.fullmatch(text) if len(text) <= 100 else None
    if parts is None:
        if re.match(r"\d{4}-\d\d-\d\d|\d{8}T", text):
            return Explanation("iso-timestamp", "TIMESTAMP is an ISO date; it reads EEE MMM d HH:mm:ss UTC yyyy.")
        return Explanation("malformed-timestamp", "TIMESTAMP reads EEE MMM d HH:mm:ss UTC yyyy.")
    names, day, clock, zone, year = parts.groups()
    if not _ENGLISH.fullmatch(names):
        return Explanation("foreign-locale", "TIMESTAMP has the weekday or month of a locale; it takes English names.")
    if re.search("[AaPp][Mm]", zone):
        return Explanation("12-hour-clock", "TIMESTAMP has a 12-hour clock; it takes 24 hours.")
    if zone != "UTC":
        return Explanation("local-time-zone", "TIMESTAMP names another time zone; it takes UTC.")
    if day.startswith("0"):
        try:
            parse_timestamp(f"{names} {int(day)} {clock} {zone} {year}")
        except PeerError:
            return Explanation("malformed-timestamp", "TIMESTAMP is no date of the calendar.")
        return Explanation("zero-padded-day", "TIMESTAMP has a zero-padded day; single digits stay single.")
    for weekday in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"):
        try:
            parse_timestamp(f"{weekday}{names[3:]} {day} {clock} {zone} {year}")
        except PeerError:
            continue
        return Explanation("wrong-weekday", "TIMESTAMP has a weekday that its date does not fall on.")
    return Explanation("malformed-timestamp", "TIMESTAMP is no date of the calendar.")


def clock_mistake(signed_at: float, now: float, window: float) -> Explanation:
    """Which clock is that far off: a 12-hour one, a local one, or one that is simply wrong."""
    off = signed_at - now
    if abs(abs(off) - _HALF_DAY) <= window:
        return Explanation("12-hour-clock", "TIMESTAMP is twelve hours off: it takes a 24-hour clock.")
    nearest = round(off / _QUARTER) * _QUARTER
    if abs(off) <= 14 * 3600 + window and abs(off - nearest) <= min(window, _QUARTER / 3):
        return Explanation(
            "local-time-zone", f"TIMESTAMP is {nearest // 60} minutes off: it takes UTC, not local time."
        )
    return Explanation("skewed-clock", f"TIMESTAMP is {round(off)} seconds off the pool's clock.")
