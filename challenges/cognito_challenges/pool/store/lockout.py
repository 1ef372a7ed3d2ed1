"""The lock-out after failed attempts, which counts over all Sessions and codes of a user."""

from __future__ import annotations

from cognito_challenges.pool.errors import ServiceError, not_authorized
from cognito_challenges.pool.store.records import Failures, User
from cognito_challenges.pool.store.state import State

SIGN_IN, CHANGE_PASSWORD = "sign-in", "change password"
"""What can be locked, beside the purposes of codes."""
FORGET_SECONDS = 900
"""How long after the latest attempt all failures are forgotten; no lock lasts longer."""


def check(state: State, user: User, kind: str) -> None:
    """Refuse an attempt while the user is locked, which does not count as one more failure.

    Raises NotAuthorizedException for a sign-in, and LimitExceededException for codes.
    """
    failures, now = user.failures.get(kind), state.clock()
    if failures is None:
        return
    if now - failures.latest >= FORGET_SECONDS:
        del user.failures[kind]
        return
    failures.latest = now
    if now < failures.locked_until:
        if kind == SIGN_IN:
            raise not_authorized("Password attempts exceeded")
        raise ServiceError("LimitExceededException", "Attempt limit exceeded, please try after some time.")


def failed(state: State, user: User, kind: str) -> None:
    """Count a wrong password, proof or code: from the fifth on (`lockout_after`), each locks twice as long."""
    allowed = state.options.lockout_after
    if not allowed or state.options.explain:
        return
    now = state.clock()
    failures = user.failures.setdefault(kind, Failures(now))
    failures.count += 1
    failures.latest = now
    if failures.count >= allowed:
        failures.locked_until = now + min(2 ** min(failures.count - allowed, 32), FORGET_SECONDS)


def succeeded(user: User, kind: str) -> None:
    """Start anew."""
    user.failures.pop(kind, None)
