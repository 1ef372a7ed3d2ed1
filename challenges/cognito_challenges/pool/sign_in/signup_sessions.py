"""The Sessions of a sign-up: SignUp gives one for ConfirmSignUp, which gives one for the user's first USER_AUTH.

The code that ConfirmSignUp took counts as the first factor of that sign-in. A client that may not use USER_AUTH has no
use for such a Session and gets none.
"""

from __future__ import annotations

from dataclasses import replace

from cognito_challenges.pool.errors import invalid_parameter, not_authorized
from cognito_challenges.pool.sign_in.asking import SESSION_BYTES, remember
from cognito_challenges.pool.sign_in.sessions import INVALID, find_attempt
from cognito_challenges.pool.store.attempt import Attempt
from cognito_challenges.pool.store.expiring import Entry
from cognito_challenges.pool.store.records import AppClient, User, UserPool
from cognito_challenges.pool.store.state import State

CONFIRM = "ConfirmSignUp"
START = "InitiateAuth"
SIGN_UP = "SIGN_UP"
"""Passed by a sign-in that a sign-up goes on into: its code is the second factor of a first sign-in."""
_FACTORS = {"email": "EMAIL_OTP", "phone_number": "SMS_OTP"}


def signed_up(state: State, pool: UserPool, client: AppClient, user: User) -> dict[str, object]:
    """The Session member of SignUp's answer, where there is one: it is good for ConfirmSignUp only."""
    return _session(state, pool, client, user, CONFIRM, frozenset())


def confirmed(state: State, pool: UserPool, client: AppClient, user: User, attribute: str) -> dict[str, object]:
    """The Session member of ConfirmSignUp's answer, where there is one. attribute: where the code had been sent to."""
    return _session(state, pool, client, user, START, frozenset({_FACTORS[attribute]}))


def find(
    state: State, session: str, client: AppClient, user: User | None, operation: str
) -> tuple[Entry[Attempt], Attempt]:
    """The entry of a Session that this operation may take, with its attempt. Raises NotAuthorizedException otherwise.

    user: None when there is none of that name, which is refused as any Session of somebody else is.
    """
    entry, attempt = find_attempt(state, session)
    if attempt.client is not client or attempt.user is not user or attempt.awaits != operation:
        raise not_authorized(INVALID)
    return entry, attempt


def start(state: State, session: str, attempt: Attempt) -> Attempt:
    """The attempt with the first factor that the Session of a ConfirmSignUp stands for, which is spent by this.

    Raises InvalidParameterException for a flow other than USER_AUTH, and NotAuthorizedException for a Session that is
    not this user's or when the user has signed in since.
    """
    if attempt.flow != "USER_AUTH":
        raise invalid_parameter(f"{attempt.flow} does not take a Session.")
    entry, after_sign_up = find(state, session, attempt.client, attempt.user, START)
    if attempt.user.signed_in:
        raise not_authorized(INVALID)
    entry.spend()
    return replace(attempt, passed=after_sign_up.passed | {SIGN_UP})


def _session(
    state: State, pool: UserPool, client: AppClient, user: User, operation: str, passed: frozenset[str]
) -> dict[str, object]:
    if "ALLOW_USER_AUTH" not in client.settings.strings("ExplicitAuthFlows"):
        return {}
    session = state.token(SESSION_BYTES)
    remember(state, session, Attempt(0, pool, client, user, user.username, "USER_AUTH", operation, passed, user.epoch))
    return {"Session": session}
