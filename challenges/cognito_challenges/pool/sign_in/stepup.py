"""Step-up: USER_AUTH towards an authentication level, with the credit of an access token.

Two of the service's four levels can be reached here: level 1 is one factor; level 2 is a password with a second factor,
or a passkey. What the service's levels ask for exactly is not in its API model.
"""

from __future__ import annotations

from dataclasses import replace

from cognito_challenges.pool.errors import invalid_parameter, not_authorized
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.store.attempt import Attempt, Turn
from cognito_challenges.pool.store.records import UserPool
from cognito_challenges.pool.store.state import State
from cognito_challenges.pool.store.tokens import authorize

LEVELS = (1, 2, 3, 4)


def with_target(state: State, turn: Turn, attempt: Attempt) -> Attempt:
    """The attempt with the levels that TARGET_ACR_VALUES names, and with what ACCESS_TOKEN has proved already.

    Values that are not known are ignored, unless none is known. A sign-in longer ago than MAX_AGE seconds gives no
    credit.
    """
    wanted, token = turn.parameters.get("TARGET_ACR_VALUES"), turn.parameters.get("ACCESS_TOKEN")
    if not wanted:
        if token:
            raise invalid_parameter("ACCESS_TOKEN needs TARGET_ACR_VALUES.")
        return attempt
    names = {_name(attempt.pool, level): level for level in LEVELS}
    levels = tuple(names[value] for value in wanted.split() if value in names)
    if not levels:
        raise invalid_parameter("TARGET_ACR_VALUES names no known level.")
    attempt = replace(attempt, levels=levels)
    oldest = _max_age(turn)
    if not token:
        return attempt
    _, user, claims = authorize(state, token)
    if user is not attempt.user:
        raise not_authorized("The access token belongs to another user.")
    if oldest is not None and state.clock() - int(str(claims["auth_time"])) > oldest:
        return attempt
    return replace(attempt, passed=attempt.passed | {"PASSWORD"})


def reached(attempt: Attempt) -> str | None:
    """`acr` of the tokens; None when no level was asked for. Raises NotAuthorizedException when none is reached."""
    if not attempt.levels:
        return None
    level = 2 if {"MFA", "WEB_AUTHN"} & attempt.passed else 1
    if level < min(attempt.levels):
        raise not_authorized("None of the requested authentication levels can be reached.")
    return _name(attempt.pool, max(wanted for wanted in attempt.levels if wanted <= level))


def _name(pool: UserPool, level: int) -> str:
    """The level's name: the pool's own, or the service's."""
    named = Request(pool.settings.document("AcrConfiguration")).structure(f"Level{level}")
    return named.text("AcrValue", f"urn:cognito:loa:{level}")


def _max_age(turn: Turn) -> int | None:
    text = turn.parameters.get("MAX_AGE")
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise invalid_parameter("MAX_AGE must be a whole number of seconds.")
    return int(text)
