"""Refresh tokens: REFRESH_TOKEN_AUTH, GetTokensFromRefreshToken with rotation, RevokeToken and GlobalSignOut."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from cognito_challenges.pool.errors import ServiceError, missing, not_authorized
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.sign_in.secrethash import check_secret, check_secret_hash
from cognito_challenges.pool.store import tokens
from cognito_challenges.pool.store.attempt import Caller
from cognito_challenges.pool.store.records import AppClient
from cognito_challenges.pool.store.state import State


def refresh_auth(state: State, client: AppClient, parameters: Mapping[str, str], caller: Caller) -> dict[str, object]:
    """REFRESH_TOKEN_AUTH: fresh access and ID tokens. SECRET_HASH is over the username or the sub."""
    token = parameters.get("REFRESH_TOKEN")
    if not token:
        raise missing("REFRESH_TOKEN")
    pool, user, grant = tokens.read_refresh_token(state, client, token)
    names = [user.username, user.sub]
    check_secret_hash(state, client, parameters.get("SECRET_HASH"), names, user)
    _check_device(grant, parameters.get("DEVICE_KEY"))
    result = tokens.issue(state, pool, client, user, grant, "TokenGeneration_RefreshTokens", caller)
    return {"ChallengeParameters": {}, "AuthenticationResult": result}


def get_tokens_from_refresh_token(state: State, request: Request) -> dict[str, object]:
    """GetTokensFromRefreshToken: as above, and a new refresh token in place of the old one where the client rotates."""
    client = state.client(request.text("ClientId"))
    check_secret(client, request.text("ClientSecret") or None)
    pool, user, grant = tokens.read_refresh_token(state, client, request.text("RefreshToken"))
    _check_device(grant, request.text("DeviceKey") or None)
    if client.rotates:
        _check_reuse(state, client, grant)
    caller = Caller("GetTokensFromRefreshToken", client.client_id, request.texts("ClientMetadata"))
    result = tokens.issue(state, pool, client, user, grant, "TokenGeneration_RefreshTokens", caller)
    if client.rotates:
        now = state.clock()
        if state.revoked.get(grant.serial) is None:
            state.revoked.put(grant.serial, now, now=now, expires=grant.expires)
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


def _check_device(grant: tokens.Grant, device_key: str | None) -> None:
    if device_key is not None and device_key != grant.device_key:
        raise not_authorized("Invalid Refresh Token")


def _check_reuse(state: State, client: AppClient, grant: tokens.Grant) -> None:
    used = state.revoked.get(grant.serial)
    grace = client.settings.structure("RefreshTokenRotation").whole("RetryGracePeriodSeconds")
    if used is not None and used.value is not None and state.clock() - used.value >= grace:
        raise ServiceError("RefreshTokenReuseException", "Refresh Token has already been used.")


OPERATIONS: dict[str, Callable[[State, Request], dict[str, object]]] = {
    "GetTokensFromRefreshToken": get_tokens_from_refresh_token,
    "RevokeToken": revoke_token,
    "GlobalSignOut": global_sign_out,
    "AdminUserGlobalSignOut": admin_global_sign_out,
}
