"""Tracked sessions of users: how many a user may have, which there are, and how one is ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cognito_challenges.pool.errors import ServiceError, invalid_parameter, needs_essentials, not_found
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.store import tokens
from cognito_challenges.pool.store.records import AppClient, TokenSession, User, UserPool
from cognito_challenges.pool.store.state import State


def get_pool_config(state: State, request: Request) -> dict[str, object]:
    """GetUserPoolSessionConfiguration."""
    return _described_config(state.pool(request.text("UserPoolId")))


def set_pool_config(state: State, request: Request) -> dict[str, object]:
    """SetUserPoolSessionConfiguration: a lower limit holds from each user's next sign-in on."""
    pool = state.pool(request.text("UserPoolId"))
    if pool.tier == "LITE":
        raise needs_essentials("Session tracking")
    pool.tracks_sessions = request.text("UserSessionTracking") == "ENABLED"
    pool.sessions_per_user = request.structure("TokenSession").whole("MaxPerUser")
    return _described_config(pool)


def get_client_config(state: State, request: Request) -> dict[str, object]:
    """GetUserPoolClientSessionConfiguration."""
    return _described_client_config(_client(state, request)[1])


def set_client_config(state: State, request: Request) -> dict[str, object]:
    """SetUserPoolClientSessionConfiguration: stored only, since SSO sessions come of the hosted pages."""
    pool, client = _client(state, request)
    if pool.tier == "LITE":
        raise needs_essentials("Session tracking")
    if not pool.tracks_sessions:
        raise _not_tracked()
    client.sso_minutes = request.structure("SSOSession").whole("MaxValidityMinutes")
    return _described_client_config(client)


def list_own(state: State, request: Request) -> dict[str, object]:
    """ListUserSessions."""
    pool, user, claims = tokens.authorize(state, request.text("AccessToken"))
    return _listed(state, pool, user, str(claims["origin_jti"]))


def revoke_own(state: State, request: Request) -> dict[str, object]:
    """RevokeUserSession: any but the one that the access token belongs to."""
    pool, user, claims = tokens.authorize(state, request.text("AccessToken"))
    session = _session(state, pool, user, request)
    if session.origin == claims["origin_jti"]:
        raise invalid_parameter("The current session cannot be revoked.")
    tokens.revoke_session(state, user, session)
    return {}


def list_users_sessions(state: State, request: Request) -> dict[str, object]:
    """AdminListUserSessions."""
    pool = state.pool(request.text("UserPoolId"))
    return _listed(state, pool, pool.user(request.text("Username")), None)


def revoke_users_session(state: State, request: Request) -> dict[str, object]:
    """AdminRevokeUserSession."""
    pool = state.pool(request.text("UserPoolId"))
    user = pool.user(request.text("Username"))
    tokens.revoke_session(state, user, _session(state, pool, user, request))
    return {}


def _client(state: State, request: Request) -> tuple[UserPool, AppClient]:
    pool = state.pool(request.text("UserPoolId"))
    return pool, state.client(request.text("ClientId"), pool.pool_id)


def _not_tracked() -> ServiceError:
    return ServiceError("OperationNotEnabledException", "Session tracking is not enabled for the user pool.")


def _session(state: State, pool: UserPool, user: User, request: Request) -> TokenSession:
    if not pool.tracks_sessions:
        raise _not_tracked()
    for session in tokens.live_sessions(state, user):
        if session.session_id == request.text("SessionId"):
            return session
    raise not_found("Session does not exist.")


def _listed(state: State, pool: UserPool, user: User, current: str | None) -> dict[str, object]:
    if not pool.tracks_sessions:
        raise _not_tracked()
    return {
        "Sessions": [
            {
                "SessionId": session.session_id,
                "SessionType": "TOKEN",
                "ClientId": session.client_id,
                "CreateDate": session.created,
                "LastActiveDate": session.last_active,
                "IsCurrentSession": session.origin == current,
            }
            for session in tokens.live_sessions(state, user)
        ]
    }


def _described_config(pool: UserPool) -> dict[str, object]:
    return {
        "UserPoolId": pool.pool_id,
        "UserSessionTracking": "ENABLED" if pool.tracks_sessions else "DISABLED",
        "TokenSession": {"MaxPerUser": pool.sessions_per_user},
    }


def _described_client_config(client: AppClient) -> dict[str, object]:
    return {
        "UserPoolId": client.pool_id,
        "ClientId": client.client_id,
        "SSOSession": {"MaxValidityMinutes": client.sso_minutes},
    }


OPERATIONS: Mapping[str, Callable[[State, Request], dict[str, object]]] = {
    "GetUserPoolSessionConfiguration": get_pool_config,
    "SetUserPoolSessionConfiguration": set_pool_config,
    "GetUserPoolClientSessionConfiguration": get_client_config,
    "SetUserPoolClientSessionConfiguration": set_client_config,
    "ListUserSessions": list_own,
    "RevokeUserSession": revoke_own,
    "AdminListUserSessions": list_users_sessions,
    "AdminRevokeUserSession": revoke_users_session,
}
