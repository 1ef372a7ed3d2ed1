"""New tokens from a refresh token, with and without rotation, and the revocation of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cognito_srp import UsageError, secret_hash
from cognito_srp.encoding import utf8

from .answers import Tokens, read_tokens
from .app_client import AppClient
from .metadata import RequestMetadata
from .requests import Call, check_token, initiate_auth


def refresh_token_auth(
    app_client: AppClient,
    refresh_token: str,
    *,
    username: str | None = None,
    device_key: str | None = None,
    metadata: RequestMetadata | None = None,
) -> Call:
    """InitiateAuth with REFRESH_TOKEN_AUTH, for pools without refresh token rotation.

    username: the name under which the service knows the user, `SignedIn.username`; an app client with a secret needs
    it for SECRET_HASH. device_key: of the remembered device that the token was issued to.
    """
    check_token("refresh_token", refresh_token)
    parameters = {"REFRESH_TOKEN": refresh_token}
    if app_client.client_secret is not None:
        if username is None:
            raise UsageError("username", "missing", "is needed for SECRET_HASH")
        parameters["SECRET_HASH"] = secret_hash(
            username, client_id=app_client.client_id, client_secret=app_client.client_secret
        )
    if device_key is not None:
        utf8("device_key", device_key)
        parameters["DEVICE_KEY"] = device_key
    return initiate_auth(app_client, "REFRESH_TOKEN_AUTH", parameters, metadata or RequestMetadata())


def get_tokens_from_refresh_token(
    app_client: AppClient,
    refresh_token: str,
    *,
    device_key: str | None = None,
    client_metadata: Mapping[str, str] | None = None,
) -> Call:
    """GetTokensFromRefreshToken, which takes the client secret itself and may answer with a new refresh token."""
    check_token("refresh_token", refresh_token)
    members: dict[str, Any] = {"RefreshToken": refresh_token, "ClientId": app_client.client_id}
    if app_client.client_secret is not None:
        members["ClientSecret"] = app_client.client_secret
    if device_key is not None:
        utf8("device_key", device_key)
        members["DeviceKey"] = device_key
    return Call(
        "GetTokensFromRefreshToken", members | RequestMetadata(client_metadata=client_metadata).members(app_client)
    )


def read_refreshed(answer: Mapping[str, Any], refresh_token: str) -> Tokens:
    """The tokens in the answer to either call. Raises PeerError for a malformed one.

    Tokens.refresh is the one to keep from now on: the rotated token when the service sent one, else the one given.
    """
    tokens, _ = read_tokens(answer)
    return tokens if tokens.refresh is not None else replace(tokens, refresh=refresh_token)


def revoke_token(app_client: AppClient, refresh_token: str) -> Call:
    """RevokeToken: the refresh token, and the access tokens that came of it, end."""
    check_token("refresh_token", refresh_token)
    members: dict[str, Any] = {"Token": refresh_token, "ClientId": app_client.client_id}
    if app_client.client_secret is not None:
        members["ClientSecret"] = app_client.client_secret
    return Call("RevokeToken", members)
