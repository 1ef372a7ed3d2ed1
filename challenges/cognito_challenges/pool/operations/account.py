"""What a signed-in user does with an access token: attributes, password, second factors, and leaving."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cognito_challenges.pool.errors import invalid_parameter, not_authorized
from cognito_challenges.pool.operations.users import attribute_list, delete_attributes, described_factors, remove_user
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.sign_in import factors
from cognito_challenges.pool.store import directory, messages
from cognito_challenges.pool.store.records import User, UserPool
from cognito_challenges.pool.store.state import State
from cognito_challenges.pool.store.tokens import authorize


def get_user(state: State, request: Request) -> dict[str, object]:
    """GetUser."""
    _, user, _ = authorize(state, request.text("AccessToken"))
    return {"Username": user.username, "UserAttributes": attribute_list(user), **factors.described(user)}


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
    if user.verifier is not None and not directory.password_holds(pool, user, request.text("PreviousPassword")):
        raise not_authorized("Incorrect username or password.")
    directory.check_password(pool, request.text("ProposedPassword"))
    directory.set_password(state, pool, user, request.text("ProposedPassword"))
    return {}


def update_user_attributes(state: State, request: Request) -> dict[str, object]:
    """UpdateUserAttributes: a changed address or number gets a code, when the pool verifies it by itself."""
    pool, user, claims = authorize(state, request.text("AccessToken"))
    client_id = str(claims["client_id"])
    attributes = request.attributes("UserAttributes")
    client = state.client(client_id)
    directory.check_attributes(pool, attributes, writable=client.settings.strings("WriteAttributes") or None)
    for name in ("email_verified", "phone_number_verified"):
        if name in attributes:
            raise not_authorized("A client attempted to write unauthorized attribute")
    changed = [name for name, value in attributes.items() if value != user.attributes.get(name)]
    directory.change_attributes(state, pool, user, attributes)
    automatic = pool.settings.strings("AutoVerifiedAttributes")
    return {
        "CodeDeliveryDetailsList": [
            _send(state, pool, user, client_id, name, "CustomMessage_UpdateUserAttribute", request)
            for name in changed
            if name in automatic and user.attributes.get(name)
        ]
    }


def delete_user_attributes(state: State, request: Request) -> dict[str, object]:
    """DeleteUserAttributes."""
    pool, user, _ = authorize(state, request.text("AccessToken"))
    delete_attributes(state, pool, user, request.strings("UserAttributeNames"))
    return {}


def get_verification_code(state: State, request: Request) -> dict[str, object]:
    """GetUserAttributeVerificationCode."""
    pool, user, claims = authorize(state, request.text("AccessToken"))
    name = _contact_attribute(user, request.text("AttributeName"))
    client_id = str(claims["client_id"])
    details = _send(state, pool, user, client_id, name, "CustomMessage_VerifyUserAttribute", request)
    return {"CodeDeliveryDetails": details}


def verify_user_attribute(state: State, request: Request) -> dict[str, object]:
    """VerifyUserAttribute."""
    pool, user, _ = authorize(state, request.text("AccessToken"))
    name = _contact_attribute(user, request.text("AttributeName"))
    messages.use_code(state, user, f"verify {name} {user.attributes[name]}", request.text("Code"))
    directory.change_attributes(state, pool, user, {f"{name}_verified": "true"})
    return {}


def set_mfa_preference(state: State, request: Request) -> dict[str, object]:
    """SetUserMFAPreference."""
    _, user, _ = authorize(state, request.text("AccessToken"))
    return factors.set_preference(user, request)


def _contact_attribute(user: User, name: str) -> str:
    if name not in ("email", "phone_number"):
        raise invalid_parameter(f"Attribute {name} cannot be verified.")
    if not user.attributes.get(name):
        raise invalid_parameter(f"User does not have a {name} attribute.")
    return name


def _send(
    state: State, pool: UserPool, user: User, client_id: str, name: str, source: str, request: Request
) -> dict[str, str]:
    code = messages.new_code(state, user, f"verify {name} {user.attributes[name]}")
    return messages.send(state, pool, client_id, user, source, name, code, request.texts("ClientMetadata"))


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
