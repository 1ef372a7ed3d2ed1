"""The user migration trigger: a user who is not in the pool yet and signs in with a plain password."""

from __future__ import annotations

from typing import cast

from cognito_challenges.pool.errors import ServiceError
from cognito_challenges.pool.store import directory
from cognito_challenges.pool.store.attempt import Turn
from cognito_challenges.pool.store.records import AppClient, User, UserPool
from cognito_challenges.pool.store.state import State
from cognito_challenges.pool.store.triggers import fire

_FLOWS = ("USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH", "USER_AUTH")


def migrate(state: State, pool: UserPool, client: AppClient, login_name: str, turn: Turn, flow: str) -> User | None:
    """The user that the trigger vouches for, created with the password that was sent; None when there is none."""
    password = turn.parameters.get("PASSWORD")
    if not password or flow not in _FLOWS:
        return None
    answer = fire(
        state,
        pool,
        "UserMigration_Authentication",
        client.client_id,
        login_name,
        {"password": password, "validationData": dict(turn.metadata), "userAttributes": {}},
        {
            "userAttributes": None,
            "finalUserStatus": None,
            "messageAction": None,
            "desiredDeliveryMediums": None,
            "forceAliasCreation": None,
        },
    )
    given = (answer or {}).get("userAttributes")
    if answer is None or not isinstance(given, dict):
        return None
    attributes = {name: str(value) for name, value in cast("dict[str, object]", given).items() if name != "username"}
    status = str(answer.get("finalUserStatus") or "RESET_REQUIRED")
    if status not in ("CONFIRMED", "RESET_REQUIRED", "FORCE_CHANGE_PASSWORD"):
        raise ServiceError("InvalidLambdaResponseException", "UserMigration returned an invalid finalUserStatus")
    force = answer.get("forceAliasCreation") is True
    user = directory.create_user(state, pool, login_name, attributes, status, force=force)
    directory.set_password(state, pool, user, password)
    directory.enrol(pool, user)
    return user
