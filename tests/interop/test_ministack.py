"""Our client signs in to ministack with the right secrets and is refused with wrong ones."""

from __future__ import annotations

from calendar import timegm

import pytest

from cognito_srp import PasswordSession
from interop import raw_sign_in
from interop.user_pools import PASSWORD, Service, UserPool


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ((2026, 3, 7, 0, 5, 9), "Sat Mar 7 00:05:09 UTC 2026"),
        ((2024, 2, 29, 12, 0, 0), "Thu Feb 29 12:00:00 UTC 2024"),
        ((2025, 12, 31, 23, 59, 59), "Wed Dec 31 23:59:59 UTC 2025"),
        ((2027, 5, 10, 13, 30, 1), "Mon May 10 13:30:01 UTC 2027"),
    ],
)
def test_moments(ministack: Service, moment: tuple[int, ...], text: str) -> None:
    """ministack signs over the moment as the service writes it, but does not mind how long ago that was."""
    pool = UserPool.create(ministack)
    pool.add_user("alice")
    session = PasswordSession(pool.pool_id, username="alice", password=PASSWORD, clock=lambda: timegm(moment))
    sent: dict[str, str] = {}
    assert "AuthenticationResult" in raw_sign_in.sign_in(pool, session, bend_responses=sent.update)
    assert sent["TIMESTAMP"] == text
