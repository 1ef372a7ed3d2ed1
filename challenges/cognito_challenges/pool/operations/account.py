"""What a signed-in user does with an access token: attributes, password, second factors, and leaving."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cognito_challenges.pool.errors import not_authorized
from cognito_challenges.pool.operations import attributes
from cognito_challenges.pool.operations.users import described_factors, remove_user
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.sign_in import factors
from cognito_challenges.pool.store import directory, lockout
from cognito_challenges.pool.store.attempt import Caller
from cognito_challenges.pool.store.records import UserPool
from cognito_challenges.pool.store.state import State
from cognito_challenges.pool.store.tokens import authorize


def get_user(state: State, request: Request) -> dict[str, object]:
    """GetUser."""
    pool, user, claims = authorize(state, request.text("AccessToken"))
    readable = directory.readable_by(state, pool, state.client(str(claims["client_id"])))
    return {"Username": user.username, "UserAttributes": attributes.listed(user, readable), **factors.described(user)}


def delete_user(state: State, request: Request) -> dict[str, object]:
    """DeleteUser."""
    pool, user, _ = authorize(state, request.text("AccessToken"))
    remove_user(pool, user)
    return {}


def get_user_auth_factors(state: State, request: Request) -> dict[str, object]:
    """GetUserAuthFactors."""
    pool, user, _ = authorize(state, request.text("AccessToken"))
    return described_factors(pool, user)


def change_password(state: State, request: Request) -> dict[str, object]:
    """ChangePassword: the previous password has to be right when the user has one."""
    pool, user, _ = authorize(state, request.text("AccessToken"))
    lockout.check(state, user, lockout.CHANGE_PASSWORD)
    if user.verifier is not None and not directory.password_holds(pool, user, request.text("PreviousPassword")):
        lockout.failed(state, user, lockout.CHANGE_PASSWORD)
        raise not_authorized("Incorrect username or password.")
    directory.check_new_password(pool, user, request.text("ProposedPassword"))
    directory.set_password(state, pool, user, request.text("ProposedPassword"))
    lockout.succeeded(user, lockout.CHANGE_PASSWORD)
    return {}


def update_user_attributes(state: State, request: Request) -> dict[str, object]:
    """UpdateUserAttributes: a changed address or number gets a code, when the pool verifies it by itself."""
    pool, user, claims = authorize(state, request.text("AccessToken"))
    given = request.attributes("UserAttributes")
    directory.check_attributes(pool, given, writable=_writable(state, pool, claims), changes=True)
    caller = _caller("UpdateUserAttributes", claims, request)
    return {"CodeDeliveryDetailsList": attributes.update(state, caller, pool, user, given)}


def delete_user_attributes(state: State, request: Request) -> dict[str, object]:
    """DeleteUserAttributes."""
    pool, user, claims = authorize(state, request.text("AccessToken"))
    attributes.delete(state, pool, user, request.strings("UserAttributeNames"), writable=_writable(state, pool, claims))
    return {}


def get_verification_code(state: State, request: Request) -> dict[str, object]:
    """GetUserAttributeVerificationCode."""
    pool, user, claims = authorize(state, request.text("AccessToken"))
    name = request.text("AttributeName")
    caller = _caller("GetUserAttributeVerificationCode", claims, request)
    source, value = "CustomMessage_VerifyUserAttribute", attributes.to_prove(user, name)
    return {"CodeDeliveryDetails": attributes.send_code(state, caller, pool, user, name, source, value)}


def verify_user_attribute(state: State, request: Request) -> dict[str, object]:
    """VerifyUserAttribute."""
    pool, user, _ = authorize(state, request.text("AccessToken"))
    attributes.prove(state, pool, user, request.text("AttributeName"), request.text("Code"))
    return {}


def set_mfa_preference(state: State, request: Request) -> dict[str, object]:
    """SetUserMFAPreference."""
    pool, user, _ = authorize(state, request.text("AccessToken"))
    return factors.set_preference(pool, user, request)


def _writable(state: State, pool: UserPool, claims: Mapping[str, object]) -> frozenset[str]:
    return directory.writable_by(state, pool, state.client(str(claims["client_id"])))


def _caller(operation: str, claims: Mapping[str, object], request: Request) -> Caller:
    return Caller(operation, str(claims["client_id"]), request.texts("ClientMetadata"))


OPERATIONS: Mapping[str, Callable[[State, Request], dict[str, object]]] = {
    "GetUser": get_user,
    "DeleteUser": delete_user,
    "GetUserAuthFactors": get_user_auth_factors,
    "ChangePassword": change_password,
    "UpdateUserAttributes": update_user_attributes,
    "DeleteUserAttributes": delete_user_attributes,
    "GetUserAttributeVerificationCode": get_verification_code,
    "VerifyUserAttribute": verify_user_attribute,
    "SetUserMFAPreference": set_mfa_preference,
}
