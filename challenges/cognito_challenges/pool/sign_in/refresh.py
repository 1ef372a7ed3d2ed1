"""Refresh tokens: REFRESH_TOKEN_AUTH, GetTokensFromRefreshToken with rotation, RevokeToken and GlobalSignOut."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from cognito_challenges.pool.errors import ServiceError, missing, not_authorized
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.sign_in.secrethash import check_secret, check_secret_hash
from cognito_challenges.pool.store import tokens
from cognito_challenges.pool.store.attempt import Caller
from cognito_challenges.pool.store.records import AppClient, User
from cognito_challenges.pool.store.state import State

_INVALID = "Invalid Refresh Token"


def refresh_auth(state: State, client: AppClient, parameters: Mapping[str, str], caller: Caller) -> dict[str, object]:
    """REFRESH_TOKEN_AUTH: fresh access and ID tokens. SECRET_HASH is over the username or the sub."""
    token = parameters.get("REFRESH_TOKEN")
    if not token:
        raise missing("REFRESH_TOKEN")
    pool, user, grant = tokens.read_refresh_token(state, client, token)
    check_secret_hash(state, client, parameters.get("SECRET_HASH"), [user.username, user.sub], user)
    _check_device(user, grant, parameters.get("DEVICE_KEY"))
    if _is_used_up(state, client, grant):
        raise not_authorized(_INVALID)
    result = tokens.issue(state, pool, client, user, grant, "TokenGeneration_RefreshTokens", caller)
    return {"ChallengeParameters": {}, "AuthenticationResult": result}


def get_tokens_from_refresh_token(state: State, request: Request) -> dict[str, object]:
    """GetTokensFromRefreshToken: as above, and a new refresh token in place of the old one where the client rotates."""
    client = state.client(request.text("ClientId"))
    check_secret(client, request.text("ClientSecret") or None)
    pool, user, grant = tokens.read_refresh_token(state, client, request.text("RefreshToken"))
    _check_device(user, grant, request.text("DeviceKey") or None)
    if _is_used_up(state, client, grant):
        raise ServiceError("RefreshTokenReuseException", "Refresh Token has already been used.")
    caller = Caller("GetTokensFromRefreshToken", client.client_id, request.texts("ClientMetadata"))
    # Used up before a trigger is called, which could use the token as well.
    uses_up = client.rotates and _used_at(state, grant) is None
    if uses_up:
        now = state.clock()
        state.revoked.put(grant.serial, now, now=now, expires=grant.expires)
    try:
        result = tokens.issue(state, pool, client, user, grant, "TokenGeneration_RefreshTokens", caller)
    except ServiceError:
        entry = state.revoked.get(grant.serial)
        if uses_up and entry is not None:
            entry.spend()
        raise
    if client.rotates:
        result["RefreshToken"] = tokens.refresh_token(state, client, user, replace(grant, serial=state.uuid()))
    return {"AuthenticationResult": result}


def revoke_token(state: State, request: Request) -> dict[str, object]:
    """RevokeToken: the refresh token and every access token that came of its sign-in."""
    client = state.client(request.text("ClientId"))
    check_secret(client, request.text("ClientSecret") or None)
    if not client.settings.flag("EnableTokenRevocation", True):
        raise ServiceError("UnsupportedOperationException", "Token revocation is not enabled for this client.")
    token = request.text("Token")
    if token.count(".") == 2:
        raise ServiceError("UnsupportedTokenTypeException", "Only refresh tokens can be revoked.")
    _, _, grant = tokens.read_refresh_token(state, client, token)
    tokens.revoke_grant(state, grant)
    return {}


def global_sign_out(state: State, request: Request) -> dict[str, object]:
    """GlobalSignOut."""
    tokens.sign_out_everywhere(tokens.authorize(state, request.text("AccessToken"))[1])
    return {}


def admin_global_sign_out(state: State, request: Request) -> dict[str, object]:
    """AdminUserGlobalSignOut."""
    tokens.sign_out_everywhere(state.pool(request.text("UserPoolId")).user(request.text("Username")))
    return {}


def _check_device(user: User, grant: tokens.Grant, device_key: str | None) -> None:
    """The tokens of a device that was confirmed are renewed with its key only."""
    bound = grant.device_key in user.devices or grant.device_key in user.forgotten
    if device_key != grant.device_key and (bound or device_key is not None):
        raise not_authorized(_INVALID)


def _is_used_up(state: State, client: AppClient, grant: tokens.Grant) -> bool:
    """The token was replaced by rotation, and its grace period is over: an old token stays so when rotation ends."""
    used = _used_at(state, grant)
    grace = client.settings.structure("RefreshTokenRotation").whole("RetryGracePeriodSeconds") if client.rotates else 0
    return used is not None and state.clock() - used >= grace


def _used_at(state: State, grant: tokens.Grant) -> float | None:
    entry = state.revoked.get(grant.serial)
    return None if entry is None else entry.value


OPERATIONS: dict[str, Callable[[State, Request], dict[str, object]]] = {
    "GetTokensFromRefreshToken": get_tokens_from_refresh_token,
    "RevokeToken": revoke_token,
    "GlobalSignOut": global_sign_out,
    "AdminUserGlobalSignOut": admin_global_sign_out,
}
