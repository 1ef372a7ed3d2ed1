"""The service's time against the machine's own: the correction that an HTTP Date gives."""

from __future__ import annotations

from typing import Final

from cognito_srp import PeerError

MAX_CORRECTION_SECONDS: Final = 86_400.0
"""Largest correction believed, either way: a day covers a wrong time zone and a machine that slept."""

MAX_TOTP_CORRECTION_SECONDS: Final = 300.0
"""Beyond this no code of an authenticator app is given unasked: a false Date would choose the moment it is valid."""

_DATE_CHARACTERS = 64


def correction(date: str, now: float) -> float:
    """Seconds to add to the machine's clock, which says `now`, to get the time of an HTTP Date, to one second.

    Raises PeerError when it is not an HTTP date, or is more than a day away from `now`.
    """
    # email.utils imports sockets and URLs, which would be a seventh of every cold start.
    from datetime import UTC
    from email.utils import parsedate_to_datetime

    if len(date) > _DATE_CHARACTERS:
        raise PeerError("Date", "length", f"must be at most {_DATE_CHARACTERS} characters, not {len(date)}")
    try:
        moment = parsedate_to_datetime(date)
        if moment.tzinfo is None:
            # "-0000" says that the sender's zone is unknown, and HTTP knows only UTC.
            moment = moment.replace(tzinfo=UTC)
        seconds = moment.timestamp() - now
    except (TypeError, ValueError, OverflowError):
        raise PeerError("Date", "syntax", "is not an HTTP date") from None
    if abs(seconds) > MAX_CORRECTION_SECONDS:
        raise PeerError("Date", "range", "is more than a day away from this machine's clock")
    return seconds
