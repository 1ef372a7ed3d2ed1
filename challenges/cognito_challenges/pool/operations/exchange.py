"""GetDerivedToken: an access or ID token exchanged for one that is meant for another service (RFC 8693)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cognito_challenges.pool.errors import invalid_parameter, not_authorized
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.sign_in.secrethash import check_secret
from cognito_challenges.pool.store import tokens
from cognito_challenges.pool.store.claims import SCOPE
from cognito_challenges.pool.store.records import AppClient
from cognito_challenges.pool.store.state import State

IMPERSONATION, DELEGATION = "ALLOW_TOKEN_EXCHANGE_IMPERSONATION", "ALLOW_TOKEN_EXCHANGE_DELEGATION"
_USES = {"ACCESS_TOKEN": "access", "ID_TOKEN": "id"}


def get_derived_token(state: State, request: Request) -> dict[str, object]:
    """GetDerivedToken, for tokens of the client's own pool.

    The new token lives no longer than the one it is exchanged for, and ends with the sign-in that they come of.
    """
    client = state.client(request.text("ClientId"))
    check_secret(client, request.text("ClientSecret") or None)
    delegates = "ActorToken" in request
    needed = DELEGATION if delegates else IMPERSONATION
    if needed not in client.settings.strings("ExplicitAuthFlows"):
        raise not_authorized(f"{needed} is not enabled for this client.")
    if delegates != ("ActorTokenType" in request):
        raise invalid_parameter("ActorToken and ActorTokenType come together.")
    subject = _token(state, client, request, "SubjectToken")
    actor = _token(state, client, request, "ActorToken") if delegates else None
    scopes = _scopes(client, request, subject)
    wanted = request.text("RequestedTokenType", "ACCESS_TOKEN")
    token, seconds = tokens.derive(
        state,
        client,
        subject,
        _USES[wanted],
        scopes,
        next(iter(request.strings("Audiences")), None),
        None if actor is None else _named(actor),
    )
    answer: dict[str, object] = {
        "IssuedToken": token,
        "IssuedTokenType": wanted,
        "TokenType": "Bearer" if wanted == "ACCESS_TOKEN" else "N_A",
        "ExpiresIn": seconds,
    }
    return {**answer, "Scopes": scopes} if wanted == "ACCESS_TOKEN" else answer


def _token(state: State, client: AppClient, request: Request, member: str) -> Mapping[str, object]:
    pool, _, claims = tokens.read(state, request.text(member), _USES[request.text(f"{member}Type")])
    if pool.pool_id != client.pool_id:
        raise not_authorized(f"{member} was not issued by the client's user pool.")
    return claims


def _named(actor: Mapping[str, object]) -> dict[str, object]:
    """`act`: who acts for the user, and for whom that one acts in turn."""
    return {name: actor[name] for name in ("sub", "client_id", "act") if name in actor}


def _scopes(client: AppClient, request: Request, subject: Mapping[str, object]) -> list[str]:
    """Those of the subject token that the client may have and that were asked for."""
    allowed = client.settings.strings("AllowedOAuthScopes") or [SCOPE]
    held = str(subject.get("scope", "")).split()
    asked = request.strings("Scopes") or held
    granted = [scope for scope in held if scope in asked and scope in allowed]
    if request.strings("Scopes") and not granted:
        raise invalid_parameter("None of the requested scopes can be granted.")
    return granted


OPERATIONS: Mapping[str, Callable[[State, Request], dict[str, object]]] = {"GetDerivedToken": get_derived_token}
