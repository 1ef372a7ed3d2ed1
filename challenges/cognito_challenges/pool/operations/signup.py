"""SignUp and its confirmation, and the password that a user has forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from cognito_challenges.pool.errors import ServiceError, invalid_parameter, not_authorized, user_not_found
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.sign_in import signup_sessions
from cognito_challenges.pool.sign_in.secrethash import check_secret_hash
from cognito_challenges.pool.store import directory, messages, strangers
from cognito_challenges.pool.store.attempt import Caller
from cognito_challenges.pool.store.enrolment import confirmed, migrate, pre_sign_up
from cognito_challenges.pool.store.records import AppClient, User, UserPool
from cognito_challenges.pool.store.schema import required
from cognito_challenges.pool.store.state import State


def sign_up(state: State, request: Request) -> dict[str, object]:
    """SignUp: an unconfirmed user, and a code to confirm it with unless PreSignUp confirms it at once."""
    pool, client = _authentic(state, request)
    if pool.settings.structure("AdminCreateUserConfig").flag("AllowAdminCreateUserOnly"):
        raise not_authorized("SignUp is not permitted for this user pool")
    password = request.text("Password")
    attributes = request.attributes("UserAttributes")
    directory.check_attributes(pool, attributes, writable=directory.writable_by(state, pool, client))
    if password or pool.first_factors == ["PASSWORD"]:
        directory.check_password(pool, password)
    user = directory.create_user(state, pool, request.text("Username"), attributes, "UNCONFIRMED")
    for name in directory.required_attributes(pool):
        if not user.attributes.get(name):
            raise required(name)
    caller = _caller("SignUp", client, request)
    answer = pre_sign_up(state, caller, pool, user, "PreSignUp_SignUp", request.attributes("ValidationData"))
    if password:
        directory.set_password(state, pool, user, password)
    directory.enrol(pool, user)
    if answer.get("autoConfirmUser") is True:
        confirm(state, caller, pool, user)
    response: dict[str, object] = {"UserConfirmed": user.status == "CONFIRMED", "UserSub": user.sub}
    if user.status != "CONFIRMED" and _reachable(pool, user):
        response["CodeDeliveryDetails"] = _send(state, caller, pool, user, "CustomMessage_SignUp")
        response.update(signup_sessions.signed_up(state, pool, client, user))
    return response


def confirm_sign_up(state: State, request: Request) -> dict[str, object]:
    """ConfirmSignUp: the code that SignUp sent proves the address it was sent to, and may be the first factor after."""
    pool, client = _authentic(state, request)
    name, session = request.text("Username"), request.text("Session")
    user = pool.find(name)
    entry = signup_sessions.find(state, session, client, user, signup_sessions.CONFIRM)[0] if session else None
    user, _ = _recipient(state, pool, client, name, user, _confirmable)
    messages.check_code(state, user, messages.SIGN_UP, request.text("ConfirmationCode"))
    attribute = user.codes[messages.SIGN_UP].attribute
    proved = replace(user, attributes={**user.attributes, f"{attribute}_verified": "true"})
    directory.check_aliases(pool, proved, force=request.flag("ForceAliasCreation"))
    del user.codes[messages.SIGN_UP]
    user.attributes = proved.attributes
    directory.index(pool, user)
    if entry is not None:
        entry.spend()
    confirm(state, _caller("ConfirmSignUp", client, request), pool, user)
    return signup_sessions.confirmed(state, pool, client, user, attribute)


def resend_confirmation_code(state: State, request: Request) -> dict[str, object]:
    """ResendConfirmationCode."""
    pool, client = _authentic(state, request)
    name = request.text("Username")
    user, attribute = _recipient(state, pool, client, name, pool.find(name), _addressable)
    caller = _caller("ResendConfirmationCode", client, request)
    code = messages.new_code(state, user, messages.SIGN_UP, attribute)
    return {
        "CodeDeliveryDetails": messages.send(state, pool, caller, user, "CustomMessage_ResendCode", attribute, code)
    }


def forgot_password(state: State, request: Request) -> dict[str, object]:
    """ForgotPassword: a code to the user's verified e-mail address or phone number."""
    pool, client = _authentic(state, request)
    caller = _caller("ForgotPassword", client, request)
    name = request.text("Username")
    user = pool.find(name) or migrate(state, caller, pool, name, None, "UserMigration_ForgotPassword")
    user, attribute = _recipient(state, pool, client, name, user, _resettable)
    code = messages.new_code(state, user, messages.RESET, attribute)
    details = messages.send(state, pool, caller, user, "CustomMessage_ForgotPassword", attribute, code)
    return {"CodeDeliveryDetails": details}


def confirm_forgot_password(state: State, request: Request) -> dict[str, object]:
    """ConfirmForgotPassword: a new password for the code."""
    pool, client = _authentic(state, request)
    name, password = request.text("Username"), request.text("Password")
    user, _ = _recipient(state, pool, client, name, pool.find(name), _resettable)
    directory.check_password(pool, password)
    # Only whoever has the code may learn which passwords the user has had.
    messages.check_code(state, user, messages.RESET, request.text("ConfirmationCode"))
    directory.check_new_password(pool, user, password)
    del user.codes[messages.RESET]
    directory.set_password(state, pool, user, password)
    user.status = "CONFIRMED"
    caller = _caller("ConfirmForgotPassword", client, request)
    confirmed(state, caller, pool, user, "PostConfirmation_ConfirmForgotPassword")
    return {}


def confirm(state: State, caller: Caller, pool: UserPool, user: User) -> None:
    """Make an unconfirmed user a confirmed one, and tell PostConfirmation."""
    user.status = "CONFIRMED"
    user.modified = state.clock()
    confirmed(state, caller, pool, user, "PostConfirmation_ConfirmSignUp")


def _authentic(state: State, request: Request) -> tuple[UserPool, AppClient]:
    client = state.client(request.text("ClientId"))
    pool = state.pool(client.pool_id)
    name = request.text("Username")
    known = None if client.hides_users else pool.find(name)
    check_secret_hash(state, client, request.text("SecretHash") or None, [name], known)
    return pool, client


def _recipient(
    state: State,
    pool: UserPool,
    client: AppClient,
    name: str,
    user: User | None,
    address: Callable[[UserPool, User], str],
) -> tuple[User, str]:
    """The user whom a code is for, and the attribute that it goes to.

    At a client that hides who exists, a stand-in for one who does not, or whom `address` refuses.
    """
    if user is None and not client.hides_users:
        raise user_not_found()
    if user is not None:
        try:
            return user, address(pool, user)
        except ServiceError:
            if not client.hides_users:
                raise
    nobody = strangers.stranger(state, pool, name)
    return nobody, strangers.contact(pool, nobody)


def _confirmable(_: UserPool, user: User) -> str:
    if user.status != "UNCONFIRMED":
        raise not_authorized(f"User cannot be confirmed. Current status is {user.status}")
    return ""


def _addressable(pool: UserPool, user: User) -> str:
    if user.status != "UNCONFIRMED":
        raise invalid_parameter("User is already confirmed.")
    return messages.contact(pool, user)


def _resettable(pool: UserPool, user: User) -> str:
    if not user.enabled:
        raise not_authorized("User is disabled.")
    if user.status == "FORCE_CHANGE_PASSWORD":
        raise not_authorized("User password cannot be reset in the current state.")
    return messages.recovery_contact(pool, user)


def _reachable(pool: UserPool, user: User) -> bool:
    wanted = pool.settings.strings("AutoVerifiedAttributes")
    return any(user.attributes.get(name) for name in wanted)


def _caller(operation: str, client: AppClient, request: Request) -> Caller:
    return Caller(operation, client.client_id, request.texts("ClientMetadata"))


def _send(state: State, caller: Caller, pool: UserPool, user: User, source: str) -> dict[str, str]:
    attribute = messages.contact(pool, user)
    code = messages.new_code(state, user, messages.SIGN_UP, attribute)
    return messages.send(state, pool, caller, user, source, attribute, code)


OPERATIONS: Mapping[str, Callable[[State, Request], dict[str, object]]] = {
    "SignUp": sign_up,
    "ConfirmSignUp": confirm_sign_up,
    "ResendConfirmationCode": resend_confirmation_code,
    "ForgotPassword": forgot_password,
    "ConfirmForgotPassword": confirm_forgot_password,
}
