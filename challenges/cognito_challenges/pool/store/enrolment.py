"""How a user comes into the pool: the triggers before and after a sign-up, and the one that migrates users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from cognito_challenges.pool.errors import ServiceError
from cognito_challenges.pool.store import directory
from cognito_challenges.pool.store.attempt import Caller
from cognito_challenges.pool.store.records import User, UserPool
from cognito_challenges.pool.store.state import State
from cognito_challenges.pool.store.triggers import fire, user_attributes

_FINAL = ("CONFIRMED", "RESET_REQUIRED", "FORCE_CHANGE_PASSWORD")


def pre_sign_up(
    state: State, caller: Caller, pool: UserPool, user: User, source: str, validation: Mapping[str, str]
) -> dict[str, object]:
    """Let PreSignUp refuse the user, confirm it, or mark its e-mail or phone number as verified."""
    answer = fire(
        state,
        pool,
        caller,
        source,
        user.username,
        {
            "userAttributes": {name: value for name, value in user.attributes.items() if name != "sub"},
            "validationData": dict(validation),
        },
        {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False},
    )
    for member, attribute in (("autoVerifyEmail", "email"), ("autoVerifyPhone", "phone_number")):
        if answer is not None and answer.get(member) is True and user.attributes.get(attribute):
            user.attributes[f"{attribute}_verified"] = "true"
    return answer or {}


def confirmed(state: State, caller: Caller, pool: UserPool, user: User, source: str) -> None:
    """Tell PostConfirmation that a user has been confirmed, or has reset the password."""
    fire(state, pool, caller, source, user.username, {"userAttributes": user_attributes(user)}, {})


def migrate(
    state: State,
    caller: Caller,
    pool: UserPool,
    login_name: str,
    password: str | None,
    source: str = "UserMigration_Authentication",
) -> User | None:
    """The user that UserMigration vouches for, created with the password that was sent; None when there is none.

    password: None when it was forgotten. PreSignUp may still refuse the user: which source it is told is not
    documented, so it is the one of users that do not sign up by themselves.
    """
    request: dict[str, object] = {"userAttributes": {}}
    if password is not None:
        request["password"] = password
    members = ("userAttributes", "finalUserStatus", "messageAction", "desiredDeliveryMediums", "forceAliasCreation")
    answer = fire(state, pool, caller, source, login_name, request, dict.fromkeys(members))
    given = (answer or {}).get("userAttributes")
    if answer is None or not given:
        return None
    attributes = {name: str(value) for name, value in cast("dict[str, object]", given).items() if name != "username"}
    status = str(answer.get("finalUserStatus") or "RESET_REQUIRED")
    if status not in _FINAL:
        raise ServiceError("InvalidLambdaResponseException", "UserMigration returned an invalid finalUserStatus")
    force = answer.get("forceAliasCreation") is True
    user = directory.create_user(state, pool, login_name, attributes, status, force=force)
    pre_sign_up(state, caller, pool, user, "PreSignUp_AdminCreateUser", {})
    if password is not None:
        directory.set_password(state, pool, user, password)
    directory.enrol(pool, user, force=force)
    return user
