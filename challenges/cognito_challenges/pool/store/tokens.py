"""Access, ID and refresh tokens: signed JWTs with the service's claims, and what verifies and revokes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import cast

from joserfc import jwe, jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey, RSAKey

from cognito_challenges.pool.errors import not_authorized, user_not_found
from cognito_challenges.pool.store import claims
from cognito_challenges.pool.store.attempt import Caller
from cognito_challenges.pool.store.claims import SCOPE
from cognito_challenges.pool.store.records import AppClient, TokenSession, User, UserPool
from cognito_challenges.pool.store.state import State

LONGEST_TOKEN_SECONDS = 86_400
"""The longest that an access or ID token may last."""
_SESSION_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


@cache
def signing_keys() -> Mapping[str, RSAKey]:
    """The RSA-2048 keys that sign the "id" and the "access" tokens of this process.

    They are made once: making one takes a tenth of a second.
    """
    return {use: RSAKey.generate_key(2048, {"alg": "RS256", "use": "sig"}, auto_kid=True) for use in ("id", "access")}


def key_set() -> dict[str, object]:
    """The JSON Web Key Set that stands at /{UserPoolId}/.well-known/jwks.json."""
    return {"keys": [key.as_dict(private=False) for key in signing_keys().values()]}


def issuer(state: State, pool: UserPool) -> str:
    """`iss`: the pool's URL under `Options.issuer`, the address that the pool listens on, or the service's own."""
    updated = pool.settings.structure("IssuerConfiguration").text("Type") == "UPDATED"
    host = "issuer-cognito-idp" if updated else "cognito-idp"
    base = state.options.issuer or state.address or f"https://{host}.{pool.region}.amazonaws.com"
    return f"{base.rstrip('/')}/{pool.pool_id}"


def openid_configuration(state: State, pool: UserPool) -> dict[str, object]:
    """What stands at /{UserPoolId}/.well-known/openid-configuration. It names no OAuth endpoint: none is served."""
    url = issuer(state, pool)
    return {
        "issuer": url,
        "jwks_uri": f"{url}/.well-known/jwks.json",
        "id_token_signing_alg_values_supported": ["RS256"],
        "subject_types_supported": ["public"],
        "response_types_supported": [],
        "scopes_supported": [SCOPE],
    }


@dataclass(frozen=True, slots=True)
class Grant:
    """One sign-in of a user, which its tokens come from and which can be revoked.

    origin: `origin_jti`; its first eight digits are the user's sign-out count, so that a global sign-out ends all
    earlier tokens without a list of them. serial: names one refresh token of the grant. acr: the authentication level,
    where one was asked for; amr: the methods that were used.
    """

    origin: str
    auth_time: int
    device_key: str | None
    serial: str
    expires: int
    acr: str | None = None
    amr: tuple[str, ...] = ()


def new_grant(
    state: State,
    client: AppClient,
    user: User,
    device_key: str | None,
    acr: str | None = None,
    amr: tuple[str, ...] = (),
) -> Grant:
    """The grant of a sign-in that has just been completed."""
    now = int(state.clock())
    origin = f"{user.generation:08x}{state.uuid()[8:]}"
    return Grant(origin, now, device_key, state.uuid(), now + client.token_seconds("RefreshToken"), acr, amr)


def issue(
    state: State, pool: UserPool, client: AppClient, user: User, grant: Grant, source: str, caller: Caller
) -> dict[str, object]:
    """AuthenticationResult with a fresh access and ID token; see `refresh_token` for the third.

    source: what PreTokenGeneration is told, as in "TokenGeneration_Authentication".
    """
    now = int(state.clock())
    shared = _shared(state, pool, user, grant)
    access = claims.of_access(shared, pool, user, client)
    access |= {"exp": now + client.token_seconds("AccessToken"), "jti": state.uuid()}
    identity = claims.of_identity(state, shared, pool, user, client)
    identity |= {"exp": now + client.token_seconds("IdToken"), "jti": state.uuid()}
    if grant.device_key is not None:
        access["device_key"] = grant.device_key
    claims.generate(state, caller, pool, user, source, access, identity)
    if grant.origin in user.sessions:
        user.sessions[grant.origin].last_active = state.clock()
    return {
        "AccessToken": _signed(access),
        "ExpiresIn": client.token_seconds("AccessToken"),
        "TokenType": "Bearer",
        "IdToken": _signed(identity),
    }


def derive(
    state: State,
    client: AppClient,
    subject: Mapping[str, object],
    use: str,
    scopes: Sequence[str],
    audience: str | None,
    actor: Mapping[str, object] | None,
) -> tuple[str, int]:
    """An "access" or "id" token made of the claims of another one, and the seconds that it lasts."""
    pool = state.pool(client.pool_id)
    user = pool.users[str(subject.get("username", subject.get("cognito:username")))]
    now = int(state.clock())
    origin, auth_time = str(subject["origin_jti"]), int(str(subject["auth_time"]))
    device_key, acr = cast("str | None", subject.get("device_key")), cast("str | None", subject.get("acr"))
    amr = tuple(cast("list[str]", subject.get("amr") or []))
    shared = _shared(state, pool, user, Grant(origin, auth_time, device_key, "", 0, acr, amr))
    if use == "access":
        made = {**claims.of_access(shared, pool, user, client), "scope": " ".join(scopes)}
    else:
        made = claims.of_identity(state, shared, pool, user, client)
    kind = "AccessToken" if use == "access" else "IdToken"
    end = min(now + client.token_seconds(kind), int(str(subject["exp"])))
    made |= {"exp": end, "jti": state.uuid()}
    if audience is not None:
        made["aud"] = audience
    if actor is not None:
        made["act"] = dict(actor)
    return _signed(made), end - now


def refresh_token(state: State, client: AppClient, user: User, grant: Grant) -> str:
    """The refresh token of a grant: encrypted, so that the pool has to remember only the revoked ones."""
    held: dict[str, object] = {
        "pool": client.pool_id,
        "client": client.client_id,
        "sub": user.sub,
        "username": user.username,
        "origin": grant.origin,
        "auth_time": grant.auth_time,
        "device_key": grant.device_key,
        "serial": grant.serial,
        "exp": grant.expires,
        "acr": grant.acr,
        "amr": list(grant.amr),
    }
    return jwt.encode({"alg": "dir", "enc": "A256GCM"}, held, _refresh_key(state.secret), registry=_REGISTRY)


def read_refresh_token(state: State, client: AppClient, token: str) -> tuple[UserPool, User, Grant]:
    """What a refresh token of that client stands for. Raises NotAuthorizedException for every other."""
    invalid = not_authorized("Invalid Refresh Token")
    try:
        held = jwt.decode(token, _refresh_key(state.secret), registry=_REGISTRY).claims
    except (JoseError, ValueError):
        raise invalid from None
    pool = state.pools.get(str(held["pool"]))
    user = pool.users.get(str(held["username"])) if pool else None
    if pool is None or user is None or user.sub != held["sub"] or held["client"] != client.client_id:
        raise invalid
    if state.clock() >= held["exp"]:
        raise not_authorized("Refresh Token has expired")
    grant = Grant(
        held["origin"],
        held["auth_time"],
        held["device_key"],
        held["serial"],
        held["exp"],
        held["acr"],
        tuple(held["amr"]),
    )
    if not user.enabled:
        raise not_authorized("User is disabled.")
    if _is_revoked(state, user, grant.origin):
        raise not_authorized("Refresh Token has been revoked")
    return pool, user, grant


def revoke_grant(state: State, grant: Grant) -> None:
    """End a grant: its refresh tokens, and with them its access tokens."""
    _revoke(state, grant.origin, grant.expires)


def _revoke(state: State, origin: str, expires: float) -> None:
    # An access or ID token of the grant may end as long after its last refresh token as one can last.
    now = state.clock()
    state.revoked.put(origin, now, now=now, expires=expires + LONGEST_TOKEN_SECONDS)


def authorize(state: State, access_token: str) -> tuple[UserPool, User, dict[str, object]]:
    """The pool, user and claims of an access token. Raises NotAuthorizedException unless it is valid and live."""
    pool, user, held = read(state, access_token, "access")
    if SCOPE not in str(held.get("scope", "")).split():
        raise not_authorized("Access Token does not have required scopes")
    return pool, user, held


def read(state: State, token: str, use: str) -> tuple[UserPool, User, dict[str, object]]:
    """The pool, user and claims of an "access" or "id" token, whatever its scopes. Raises as `authorize` does."""
    named = {"access": "Access Token", "id": "ID Token"}[use]
    try:
        held = jwt.decode(token, signing_keys()[use], algorithms=["RS256"]).claims
    except (JoseError, ValueError):
        raise not_authorized(f"Invalid {named}") from None
    pool = state.pools.get(str(held.get("iss", "")).rpartition("/")[2])
    if pool is None or held.get("token_use") != use:
        raise not_authorized(f"Invalid {named}")
    if state.clock() >= held["exp"]:
        raise not_authorized(f"{named} has expired")
    client = state.clients.get(str(held["client_id" if use == "access" else "aud"]))
    if client is None or client.pool_id != pool.pool_id:
        raise not_authorized(f"Invalid {named}")
    user = pool.users.get(str(held["username" if use == "access" else "cognito:username"]))
    if user is None or user.sub != held["sub"]:
        raise user_not_found()
    if not user.enabled:
        raise not_authorized("User is disabled.")
    if _is_revoked(state, user, str(held["origin_jti"])):
        raise not_authorized(f"{named} has been revoked")
    return pool, user, held


def sign_out_everywhere(user: User) -> None:
    """End every grant that the user has at present, and the sign-ins under way."""
    user.generation += 1
    user.outdate()


_REGISTRY = jwe.JWERegistry(algorithms=["dir", "A256GCM"])


@cache
def _refresh_key(secret: bytes) -> OctKey:
    return OctKey.import_key(sha256(b"refresh token" + secret).digest())


def _is_revoked(state: State, user: User, origin: str) -> bool:
    return origin[:8] != f"{user.generation:08x}" or state.revoked.get(origin) is not None


def _shared(state: State, pool: UserPool, user: User, grant: Grant) -> dict[str, object]:
    levels: dict[str, object] = {} if grant.acr is None else {"acr": grant.acr}
    methods: dict[str, object] = {"amr": list(grant.amr)} if grant.amr else {}
    return {
        "sub": user.sub,
        "iss": issuer(state, pool),
        "origin_jti": grant.origin,
        "event_id": state.uuid(),
        "auth_time": grant.auth_time,
        "iat": int(state.clock()),
        **levels,
        **methods,
    }


def _signed(content: dict[str, object]) -> str:
    # Not jwt.encode, which adds a `typ` that the service's tokens do not have.
    key = signing_keys()[str(content["token_use"])]
    payload = json.dumps(content, separators=(",", ":")).encode()
    return jws.serialize_compact({"kid": key.kid, "alg": "RS256"}, payload, key)


def live_sessions(state: State, user: User) -> list[TokenSession]:
    """The tracked sign-ins whose tokens can still be refreshed, in the order in which they came."""
    return [
        session
        for session in user.sessions.values()
        if state.clock() < session.expires and not _is_revoked(state, user, session.origin)
    ]


def revoke_session(state: State, user: User, session: TokenSession) -> None:
    """End a tracked sign-in with all its tokens."""
    _revoke(state, session.origin, session.expires)
    del user.sessions[session.origin]


def track(state: State, client: AppClient, user: User, grant: Grant) -> None:
    """Keep the session of a sign-in where the pool tracks them, and end the least recently used beyond its limit."""
    pool = state.pool(client.pool_id)
    if not pool.tracks_sessions:
        return
    live = sorted(live_sessions(state, user), key=lambda session: session.last_active)
    for session in live[: max(0, len(live) + 1 - pool.sessions_per_user)]:
        revoke_session(state, user, session)
    now, identifier = state.clock(), f"tkn{state.drawn(25, _SESSION_ALPHABET)}"
    kept = {session.origin: session for session in live_sessions(state, user)}
    made = TokenSession(identifier, client.client_id, grant.origin, now, now, grant.expires)
    user.sessions = {**kept, grant.origin: made}
