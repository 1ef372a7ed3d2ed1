"""Access, ID and refresh tokens: signed JWTs with the service's claims, and what verifies and revokes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import cast

from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey, RSAKey

from cognito_challenges.pool.errors import ServiceError, not_authorized
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.store.records import AppClient, User, UserPool
from cognito_challenges.pool.store.state import State
from cognito_challenges.pool.store.triggers import fire, user_attributes

SCOPE = "aws.cognito.signin.user.admin"
_INVALID = "Invalid Access Token"
_REVOKED = "Access Token has been revoked"
_SKIPPED = frozenset({"sub", "identities"})


@cache
def signing_key() -> RSAKey:
    """The RSA-2048 key that signs all tokens of this process. It is made once: making one takes a tenth of a second."""
    return RSAKey.generate_key(2048, {"alg": "RS256", "use": "sig"}, auto_kid=True)


def key_set() -> dict[str, object]:
    """The JSON Web Key Set that stands at /{UserPoolId}/.well-known/jwks.json."""
    return {"keys": [signing_key().as_dict(private=False)]}


def issuer(state: State, pool: UserPool) -> str:
    """`iss`: the pool's URL under `Options.issuer`, the address that the pool listens on, or the service's own."""
    base = state.options.issuer or state.address or f"https://cognito-idp.{pool.region}.amazonaws.com"
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
    where one was asked for.
    """

    origin: str
    auth_time: int
    device_key: str | None
    serial: str
    expires: int
    acr: str | None = None


def new_grant(state: State, client: AppClient, user: User, device_key: str | None, acr: str | None = None) -> Grant:
    """The grant of a sign-in that has just been completed."""
    now = int(state.clock())
    origin = f"{user.generation:08x}{state.uuid()[8:]}"
    return Grant(origin, now, device_key, state.uuid(), now + client.token_seconds("RefreshToken"), acr)


def issue(
    state: State,
    pool: UserPool,
    client: AppClient,
    user: User,
    grant: Grant,
    source: str,
    metadata: Mapping[str, str],
) -> dict[str, object]:
    """AuthenticationResult with a fresh access and ID token; see `refresh_token` for the third.

    source: what PreTokenGeneration is told, as in "TokenGeneration_Authentication".
    """
    now = int(state.clock())
    shared: dict[str, object] = {
        "sub": user.sub,
        "iss": issuer(state, pool),
        "origin_jti": grant.origin,
        "event_id": state.uuid(),
        "auth_time": grant.auth_time,
        "iat": now,
    }
    if grant.acr is not None:
        shared["acr"] = grant.acr
    access: dict[str, object] = {
        **shared,
        "client_id": client.client_id,
        "token_use": "access",
        "scope": SCOPE,
        "exp": now + client.token_seconds("AccessToken"),
        "jti": state.uuid(),
        "username": user.username,
    }
    if grant.device_key is not None:
        access["device_key"] = grant.device_key
    identity: dict[str, object] = {
        **shared,
        "aud": client.client_id,
        "token_use": "id",
        "exp": now + client.token_seconds("IdToken"),
        "jti": state.uuid(),
        "cognito:username": user.username,
        **_attribute_claims(user),
    }
    _generate(state, pool, client, user, source, metadata, access, identity)
    return {
        "AccessToken": _signed(access),
        "ExpiresIn": client.token_seconds("AccessToken"),
        "TokenType": "Bearer",
        "IdToken": _signed(identity),
    }


def refresh_token(state: State, client: AppClient, user: User, grant: Grant) -> str:
    """The refresh token of a grant: encrypted, so that the pool has to remember only the revoked ones."""
    claims: dict[str, object] = {
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
    }
    return jwt.encode({"alg": "dir", "enc": "A256GCM"}, claims, _refresh_key(state.secret), registry=_REGISTRY)


def read_refresh_token(state: State, client: AppClient, token: str) -> tuple[UserPool, User, Grant]:
    """What a refresh token of that client stands for. Raises NotAuthorizedException for every other."""
    invalid = not_authorized("Invalid Refresh Token")
    try:
        claims = jwt.decode(token, _refresh_key(state.secret), registry=_REGISTRY).claims
    except (JoseError, ValueError):
        raise invalid from None
    pool = state.pools.get(str(claims["pool"]))
    user = pool.users.get(str(claims["username"])) if pool else None
    if pool is None or user is None or user.sub != claims["sub"] or claims["client"] != client.client_id:
        raise invalid
    if state.clock() >= claims["exp"]:
        raise not_authorized("Refresh Token has expired")
    grant = Grant(
        claims["origin"], claims["auth_time"], claims["device_key"], claims["serial"], claims["exp"], claims["acr"]
    )
    if _is_revoked(state, user, grant.origin):
        raise not_authorized("Refresh Token has been revoked")
    if not user.enabled:
        raise not_authorized("User is disabled.")
    return pool, user, grant


def revoke_grant(state: State, grant: Grant) -> None:
    """End a grant: its refresh tokens, and with them its access tokens."""
    now = state.clock()
    state.revoked.put(grant.origin, now, now=now, expires=grant.expires)


def authorize(state: State, access_token: str) -> tuple[UserPool, User, dict[str, object]]:
    """The pool, user and claims of an access token. Raises NotAuthorizedException unless it is valid and live."""
    try:
        claims = jwt.decode(access_token, signing_key(), algorithms=["RS256"]).claims
    except (JoseError, ValueError):
        raise not_authorized(_INVALID) from None
    pool = state.pools.get(str(claims.get("iss", "")).rpartition("/")[2])
    if pool is None or claims.get("token_use") != "access":
        raise not_authorized(_INVALID)
    if state.clock() >= claims["exp"]:
        raise not_authorized("Access Token has expired")
    if SCOPE not in str(claims.get("scope", "")).split():
        raise not_authorized("Access Token does not have required scopes")
    user = pool.users.get(str(claims["username"]))
    if user is None or user.sub != claims["sub"]:
        raise ServiceError("UserNotFoundException", "User does not exist.")
    if _is_revoked(state, user, str(claims["origin_jti"])):
        raise not_authorized(_REVOKED)
    if not user.enabled:
        raise not_authorized("User is disabled.")
    return pool, user, claims


def sign_out_everywhere(user: User) -> None:
    """End every grant that the user has at present."""
    user.generation += 1


_REGISTRY = jwe.JWERegistry(algorithms=["dir", "A256GCM"])


@cache
def _refresh_key(secret: bytes) -> OctKey:
    return OctKey.import_key(sha256(b"refresh token" + secret).digest())


def _is_revoked(state: State, user: User, origin: str) -> bool:
    return origin[:8] != f"{user.generation:08x}" or state.revoked.get(origin) is not None


def _signed(claims: dict[str, object]) -> str:
    key = signing_key()
    return jwt.encode({"kid": key.kid, "alg": "RS256"}, claims, key)


def _attribute_claims(user: User) -> dict[str, object]:
    claims: dict[str, object] = {}
    for name, value in user.attributes.items():
        if name in ("email_verified", "phone_number_verified"):
            claims[name] = value == "true"
        elif name not in _SKIPPED:
            claims[name] = {"formatted": value} if name == "address" else value
    return claims


def _generate(
    state: State,
    pool: UserPool,
    client: AppClient,
    user: User,
    source: str,
    metadata: Mapping[str, str],
    access: dict[str, object],
    identity: dict[str, object],
) -> None:
    """Let PreTokenGeneration change the claims, in the form of the event version that the pool is set to."""
    config = Request(pool.settings.document("LambdaConfig")).document("PreTokenGenerationConfig")
    version = str(config.get("LambdaVersion", "V1_0"))[1:2]
    request: dict[str, object] = {
        "userAttributes": user_attributes(user),
        "groupConfiguration": {"groupsToOverride": [], "iamRolesToOverride": [], "preferredRole": None},
        "clientMetadata": dict(metadata),
    }
    if version != "1":
        request["scopes"] = [SCOPE]
    part = "claimsOverrideDetails" if version == "1" else "claimsAndScopeOverrideDetails"
    answer = fire(state, pool, source, client.client_id, user.username, request, {part: None}, version=version)
    override = Request(answer or {}).document(part) if (answer or {}).get(part) else {}
    if version == "1":
        _override(identity, override)
        return
    details = Request(override)
    _override(identity, details.document("idTokenGeneration"))
    changes = details.document("accessTokenGeneration")
    _override(access, changes)
    scopes = [
        scope for scope in [SCOPE, *_names(changes, "scopesToAdd")] if scope not in _names(changes, "scopesToSuppress")
    ]
    access["scope"] = " ".join(scopes)


def _override(claims: dict[str, object], changes: Mapping[str, object]) -> None:
    fixed = {name: claims[name] for name in _FIXED if name in claims}
    claims.update(cast("dict[str, object]", changes.get("claimsToAddOrOverride") or {}))
    for name in _names(changes, "claimsToSuppress"):
        claims.pop(name, None)
    claims.update(fixed)


_FIXED = (
    "sub", "iss", "aud", "client_id", "token_use", "origin_jti", "event_id", "auth_time", "iat", "exp", "jti",
    "username", "cognito:username", "device_key",
)  # fmt: skip


def _names(changes: Mapping[str, object], name: str) -> list[str]:
    return cast("list[str]", changes.get(name) or [])
