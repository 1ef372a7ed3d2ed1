"""Authentication levels: what they take, the `acr` and `amr` that tell them, and USER_AUTH towards one of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import cast

from cognito_challenges.pool.errors import invalid_parameter, not_authorized
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.sign_in import means
from cognito_challenges.pool.store.attempt import Attempt, Turn
from cognito_challenges.pool.store.records import UserPool
from cognito_challenges.pool.store.state import State
from cognito_challenges.pool.store.tokens import authorize

LEVELS: Mapping[int, tuple[frozenset[str], ...]] = {
    1: (frozenset({"PASSWORD"}),),
    2: (frozenset({"SMS_OTP"}), frozenset({"EMAIL_OTP"})),
    3: (frozenset({"WEB_AUTHN"}), frozenset({"PASSWORD", "SMS_OTP"}), frozenset({"PASSWORD", "EMAIL_OTP"})),
    4: (frozenset({"PASSWORD", "TOTP"}),),
}
"""The combinations of factors that satisfy each of the service's four levels."""
_AMR: Mapping[str, frozenset[str]] = {
    "pwd": frozenset({"PASSWORD"}),
    "otp": frozenset({"TOTP"}),
    "sms": frozenset({"SMS_OTP"}),
    "email_otp": frozenset({"EMAIL_OTP"}),
    "swk": frozenset({"WEB_AUTHN", "PLATFORM"}),
    "hwk": frozenset({"WEB_AUTHN", "ROAMING"}),
}
"""Authentication methods, and what an attempt has passed that used them."""


def level(passed: Collection[str]) -> int:
    """The highest level that the factors satisfy; 0 for none."""
    held = frozenset(passed)
    return max((level for level, ways in LEVELS.items() if any(way <= held for way in ways)), default=0)


def methods(passed: Collection[str]) -> tuple[str, ...]:
    """`amr`: the methods that were used, and "mfa" when they are two or more."""
    used = [method for method, factors in _AMR.items() if factors <= frozenset(passed)]
    return tuple([*used, "mfa"] if len(used) > 1 else used)


def with_target(state: State, turn: Turn, attempt: Attempt) -> Attempt:
    """The attempt with the level that TARGET_ACR_VALUES asks for, and with what ACCESS_TOKEN has proved already.

    The target is the first of the levels named that the user can reach; unknown names are ignored. An access token
    counts with the methods of its `amr`, unless the sign-in was longer than MAX_AGE seconds ago. Raises
    InvalidParameterException when no level is known or can be reached, or when the token reaches it already.
    """
    wanted, token = turn.parameters.get("TARGET_ACR_VALUES"), turn.parameters.get("ACCESS_TOKEN")
    oldest = _max_age(turn)
    if not wanted:
        if token:
            raise invalid_parameter("ACCESS_TOKEN needs TARGET_ACR_VALUES.")
        return attempt
    names = {_name(attempt.pool, number): number for number in LEVELS}
    levels = [names[value] for value in wanted.split() if value in names]
    if not levels:
        raise invalid_parameter("TARGET_ACR_VALUES names no known level.")
    credit = _credit(state, attempt, token, oldest) if token else frozenset[str]()
    target = next((number for number in levels if _ways(attempt, number)), None)
    if target is None:
        raise invalid_parameter("The user has no factors for any of the requested authentication levels.")
    if level(credit) >= target:
        raise invalid_parameter("The access token already meets the requested authentication level.")
    return replace(attempt, target=target, passed=attempt.passed | credit)


def begins(attempt: Attempt) -> list[str] | None:
    """The first factors that lead to the attempt's target; None when its credit holds the first factor already."""
    ways = _ways(attempt, attempt.target)
    if "PASSWORD" in attempt.passed and any("PASSWORD" in way for way in ways):
        return None
    wanted = {"PASSWORD" if "PASSWORD" in way else factor for way in ways for factor in way}
    offers = means.first_factors(attempt.pool, attempt.user)
    return [name for name in offers if name in wanted or (name == "PASSWORD_SRP" and "PASSWORD" in wanted)]


def lacking(attempt: Attempt) -> frozenset[str]:
    """The second factors of which the attempt's target still takes one."""
    if not attempt.target or level(attempt.passed) >= attempt.target:
        return frozenset()
    return frozenset(factor for way in _ways(attempt, attempt.target) for factor in way - attempt.passed)


def reached(attempt: Attempt) -> str | None:
    """`acr` of the tokens; None when no level was asked for. Raises NotAuthorizedException when it is not reached."""
    if not attempt.target:
        return None
    if level(attempt.passed) < attempt.target:
        raise not_authorized("The requested authentication level has not been reached.")
    return _name(attempt.pool, level(attempt.passed))


def _credit(state: State, attempt: Attempt, token: str, oldest: int | None) -> frozenset[str]:
    """What an access token of the same user and app client has proved, as long as that still says something."""
    _, user, claims = authorize(state, token)
    if user is not attempt.user or claims["client_id"] != attempt.client.client_id:
        raise not_authorized("The access token belongs to another user or app client.")
    signed_in = int(str(claims["auth_time"]))
    aged = oldest is not None and state.clock() - signed_in > oldest
    if aged or user.status != "CONFIRMED" or int(user.password_set) > signed_in:
        return frozenset()
    named = cast("list[str]", claims.get("amr", []))
    return frozenset(factor for method in named if method in _AMR for factor in _AMR[method])


def _first(attempt: Attempt) -> list[str]:
    return [name for name in means.first_factors(attempt.pool, attempt.user) if name != "PASSWORD_SRP"]


def _ways(attempt: Attempt, number: int) -> list[frozenset[str]]:
    """The combinations of a level that the user has the factors for."""
    first = frozenset(_first(attempt))
    second = {means.METHODS[factor] for factor in means.second_factors(attempt.pool, attempt.user)}
    return [way for way in LEVELS[number] if (way <= first if len(way) == 1 else "PASSWORD" in first and way & second)]


def _name(pool: UserPool, number: int) -> str:
    """The level's name: the pool's own, or the service's."""
    named = Request(pool.settings.document("AcrConfiguration")).structure(f"Level{number}")
    return named.text("AcrValue", f"urn:cognito:loa:{number}")


def _max_age(turn: Turn) -> int | None:
    text = turn.parameters.get("MAX_AGE")
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise invalid_parameter("MAX_AGE must be a whole number of seconds.")
    return int(text)
