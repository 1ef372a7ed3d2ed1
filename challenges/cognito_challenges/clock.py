"""The clock of a sign-in: the machine's own, or one that follows the service's."""

from __future__ import annotations

from collections.abc import Callable

from cognito_srp import PeerError


class FollowingClock:
    """A clock in Unix seconds that can be set by the HTTP Date of an answer, to one second.

    own: the clock that goes on underneath.
    """

    __slots__ = ("_ahead", "_own")

    def __init__(self, own: Callable[[], float]) -> None:
        self._own = own
        self._ahead = 0.0

    def __call__(self) -> float:
        """Unix seconds."""
        return self._own() + self._ahead

    def follow(self, date: str) -> None:
        """Go on from this HTTP date. Raises PeerError when it is none."""
        # email.utils brings sockets and URLs along, which would be a seventh of every cold start.
        from datetime import UTC
        from email.utils import parsedate_to_datetime

        try:
            moment = parsedate_to_datetime(date)
            if moment.tzinfo is None:
                # "-0000" says that the sender's zone is unknown, and HTTP knows none but UTC.
                moment = moment.replace(tzinfo=UTC)
            seconds = moment.timestamp()
        except (ValueError, OverflowError):
            raise PeerError("Date", "syntax", "is not an HTTP date") from None
        self._ahead = seconds - self._own()
