"""How a Session or a secret block finds its attempt again, and what both are still worth."""

from __future__ import annotations

from cognito_challenges.pool.errors import not_authorized
from cognito_challenges.pool.store.attempt import Attempt
from cognito_challenges.pool.store.expiring import Entry
from cognito_challenges.pool.store.state import State

INVALID = "Invalid session for the user."
EXPIRED = "Invalid session for the user, session is expired."
USED = "Invalid session for the user, session can only be used once."


def find_attempt(state: State, key: str) -> tuple[Entry[Attempt], Attempt]:
    """The live entry under a Session or secret block, with its attempt. Raises NotAuthorizedException otherwise."""
    entry = state.sessions.get(key)
    if entry is None:
        raise not_authorized(INVALID)
    if state.clock() >= entry.expires:
        raise not_authorized(EXPIRED)
    if entry.value is None:
        raise not_authorized(USED)
    if not is_current(entry.value):
        entry.spend()
        raise not_authorized(INVALID)
    return entry, entry.value


def is_current(attempt: Attempt) -> bool:
    """The user is still in the pool, and nothing but this sign-in has changed how the user can be known."""
    user = attempt.user
    present = user.status == "UNKNOWN" or attempt.pool.users.get(user.username) is user
    return present and attempt.epoch == user.epoch
