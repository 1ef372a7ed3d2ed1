"""Users as an administrator manages them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from cognito_challenges.pool.errors import ServiceError, invalid_parameter, not_authorized
from cognito_challenges.pool.operations import attributes
from cognito_challenges.pool.operations.signup import confirm
from cognito_challenges.pool.requests.paging import page
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.sign_in import factors
from cognito_challenges.pool.sign_in.means import SOFTWARE_TOKEN_MFA, first_factors
from cognito_challenges.pool.store import directory, messages, tokens
from cognito_challenges.pool.store.attempt import Caller
from cognito_challenges.pool.store.enrolment import pre_sign_up
from cognito_challenges.pool.store.records import User, UserPool
from cognito_challenges.pool.store.state import State

ADMIN = "CLIENT_ID_NOT_APPLICABLE"
"""The client id that triggers are told when an administrator acts."""
_ADDRESSES = {"SMS": "phone_number", "EMAIL": "email"}
_FILTER = re.compile(r'\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*')


def admin_create_user(state: State, request: Request) -> dict[str, object]:
    """AdminCreateUser: a user with a temporary password, or with none where the pool takes passwordless sign-in."""
    pool, login_name = state.pool(request.text("UserPoolId")), request.text("Username")
    caller = _caller("AdminCreateUser", request)
    if request.text("MessageAction") == "RESEND":
        user = pool.user(login_name)
        if user.status != "FORCE_CHANGE_PASSWORD":
            raise ServiceError(
                "UnsupportedUserStateException", "Resend not possible. User is not in the FORCE_CHANGE_PASSWORD state."
            )
        password = request.text("TemporaryPassword") or _temporary(state, pool)
    else:
        password = request.text("TemporaryPassword") or _temporary(state, pool)
        user = directory.create_user(
            state,
            pool,
            login_name,
            request.attributes("UserAttributes"),
            "FORCE_CHANGE_PASSWORD",
            force=request.flag("ForceAliasCreation"),
        )
        validation = request.attributes("ValidationData")
        pre_sign_up(state, caller, pool, user, "PreSignUp_AdminCreateUser", validation)
    directory.check_password(pool, password)
    directory.set_password(state, pool, user, password)
    if user.username not in pool.users:
        directory.enrol(pool, user, force=request.flag("ForceAliasCreation"))
    if request.text("MessageAction") != "SUPPRESS":
        media = request.strings("DesiredDeliveryMediums") or ["SMS"]
        for attribute in [_ADDRESSES[medium] for medium in media if user.attributes.get(_ADDRESSES[medium])]:
            messages.send(state, pool, caller, user, "CustomMessage_AdminCreateUser", attribute, password)
    return {"User": described_user(user)}


def admin_get_user(state: State, request: Request) -> dict[str, object]:
    """AdminGetUser."""
    user = _user(state, request)[1]
    described = described_user(user)
    shown = described.pop("Attributes")
    return {**described, "UserAttributes": shown, **factors.described(user)}


def admin_delete_user(state: State, request: Request) -> dict[str, object]:
    """AdminDeleteUser."""
    remove_user(*_user(state, request))
    return {}


def remove_user(pool: UserPool, user: User) -> None:
    """Take a user and all its login names out of the pool."""
    del pool.users[user.username]
    directory.unindex(pool, user)


def admin_enable_user(state: State, request: Request) -> dict[str, object]:
    """AdminEnableUser."""
    _user(state, request)[1].enabled = True
    return {}


def admin_disable_user(state: State, request: Request) -> dict[str, object]:
    """AdminDisableUser: it revokes the tokens too, which enabling the user again does not bring back."""
    user = _user(state, request)[1]
    user.enabled = False
    tokens.sign_out_everywhere(user)
    return {}


def admin_set_user_password(state: State, request: Request) -> dict[str, object]:
    """AdminSetUserPassword: for good when Permanent, until the next sign-in otherwise."""
    pool, user = _user(state, request)
    directory.check_new_password(pool, user, request.text("Password"))
    directory.set_password(state, pool, user, request.text("Password"))
    user.status = "CONFIRMED" if request.flag("Permanent") else "FORCE_CHANGE_PASSWORD"
    return {}


def admin_reset_user_password(state: State, request: Request) -> dict[str, object]:
    """AdminResetUserPassword: the user can only go on with the code that is sent now."""
    pool, user = _user(state, request)
    attribute = messages.recovery_contact(pool, user)
    user.status = "RESET_REQUIRED"
    user.outdate()
    code = messages.new_code(state, user, messages.RESET, attribute)
    caller = _caller("AdminResetUserPassword", request)
    messages.send(state, pool, caller, user, "CustomMessage_ForgotPassword", attribute, code)
    return {}


def admin_confirm_sign_up(state: State, request: Request) -> dict[str, object]:
    """AdminConfirmSignUp."""
    pool, user = _user(state, request)
    if user.status != "UNCONFIRMED":
        raise not_authorized(f"User cannot be confirmed. Current status is {user.status}")
    confirm(state, _caller("AdminConfirmSignUp", request), pool, user)
    return {}


def admin_update_user_attributes(state: State, request: Request) -> dict[str, object]:
    """AdminUpdateUserAttributes: as when users do it themselves, but any attribute, and verified where it says so."""
    pool, user = _user(state, request)
    given = request.attributes("UserAttributes")
    directory.check_attributes(pool, given, changes=True)
    attributes.update(state, _caller("AdminUpdateUserAttributes", request), pool, user, given)
    return {}


def admin_delete_user_attributes(state: State, request: Request) -> dict[str, object]:
    """AdminDeleteUserAttributes."""
    pool, user = _user(state, request)
    attributes.delete(state, pool, user, request.strings("UserAttributeNames"))
    return {}


def admin_set_mfa_preference(state: State, request: Request) -> dict[str, object]:
    """AdminSetUserMFAPreference."""
    return factors.set_preference(*_user(state, request), request)


def admin_delete_software_token(state: State, request: Request) -> dict[str, object]:
    """AdminDeleteSoftwareToken: the user's TOTP secret is forgotten."""
    user = _user(state, request)[1]
    mfa = user.mfa
    if mfa.totp_secret is None:
        raise ServiceError("SoftwareTokenMFANotFoundException", "User has no software token.")
    mfa.totp_secret = None
    mfa.enabled = [factor for factor in mfa.enabled if factor != SOFTWARE_TOKEN_MFA]
    mfa.preferred = None if mfa.preferred == SOFTWARE_TOKEN_MFA else mfa.preferred
    user.outdate()
    return {}


def admin_get_user_auth_factors(state: State, request: Request) -> dict[str, object]:
    """AdminGetUserAuthFactors."""
    return described_factors(*_user(state, request))


def described_factors(pool: UserPool, user: User) -> dict[str, object]:
    """Username, second factors, and the first factors that the user can choose from."""
    first = [challenge for challenge in first_factors(pool, user) if challenge != "PASSWORD_SRP"]
    return {"Username": user.username, "ConfiguredUserAuthFactors": first, **factors.described(user)}


def list_users(state: State, request: Request) -> dict[str, object]:
    """ListUsers, with a filter of the form `name = "value"` or `name ^= "beginning"`."""
    pool = state.pool(request.text("UserPoolId"))
    matching = [user for user in pool.users.values() if _matches(user, request.text("Filter"))]
    users, rest = page(matching, request, key="PaginationToken")
    wanted = request.strings("AttributesToGet") or None
    return {"Users": [described_user(user, wanted) for user in users], **rest}


def _matches(user: User, condition: str) -> bool:
    if not condition:
        return True
    match = _FILTER.fullmatch(condition)
    if match is None:
        raise invalid_parameter("Error while parsing filter expression.")
    name, sign, wanted = match.groups()
    special = {
        "username": user.username,
        "status": "Enabled" if user.enabled else "Disabled",
        "cognito:user_status": user.status,
    }
    value = special.get(name, user.attributes.get(name, ""))
    return value == wanted if sign == "=" else value.startswith(wanted)


def described_user(user: User, wanted: list[str] | None = None) -> dict[str, object]:
    """A user as ListUsers gives it."""
    return {
        "Username": user.username,
        "Attributes": attributes.listed(user, wanted),
        "UserCreateDate": user.created,
        "UserLastModifiedDate": user.modified,
        "Enabled": user.enabled,
        "UserStatus": user.status,
    }


def _caller(operation: str, request: Request) -> Caller:
    return Caller(operation, ADMIN, request.texts("ClientMetadata"))


def _temporary(state: State, pool: UserPool) -> str:
    least = pool.settings.structure("Policies").structure("PasswordPolicy").whole("MinimumLength", 8)
    return f"Aa1!{state.token(max(9, least))}"


def _user(state: State, request: Request) -> tuple[UserPool, User]:
    pool = state.pool(request.text("UserPoolId"))
    return pool, pool.user(request.text("Username"))


OPERATIONS: Mapping[str, Callable[[State, Request], dict[str, object]]] = {
    "AdminCreateUser": admin_create_user,
    "AdminGetUser": admin_get_user,
    "AdminDeleteUser": admin_delete_user,
    "AdminEnableUser": admin_enable_user,
    "AdminDisableUser": admin_disable_user,
    "AdminSetUserPassword": admin_set_user_password,
    "AdminResetUserPassword": admin_reset_user_password,
    "AdminConfirmSignUp": admin_confirm_sign_up,
    "AdminUpdateUserAttributes": admin_update_user_attributes,
    "AdminDeleteUserAttributes": admin_delete_user_attributes,
    "AdminSetUserMFAPreference": admin_set_mfa_preference,
    "AdminDeleteSoftwareToken": admin_delete_software_token,
    "AdminGetUserAuthFactors": admin_get_user_auth_factors,
    "ListUsers": list_users,
}
