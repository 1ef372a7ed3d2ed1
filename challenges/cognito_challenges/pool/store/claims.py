"""What access and ID tokens say: the service's claims, and how PreTokenGeneration changes them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import cast

from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.store import directory
from cognito_challenges.pool.store.attempt import Caller
from cognito_challenges.pool.store.records import AppClient, Group, User, UserPool
from cognito_challenges.pool.store.schema import VERIFIED
from cognito_challenges.pool.store.state import State
from cognito_challenges.pool.store.triggers import fire, user_attributes

SCOPE = "aws.cognito.signin.user.admin"
_SKIPPED = frozenset({"sub", "identities"})
_FIXED = (
    "sub", "iss", "aud", "client_id", "token_use", "origin_jti", "event_id", "auth_time", "iat", "exp", "jti",
    "username", "cognito:username", "device_key", "acr", "amr",
)  # fmt: skip


def of_access(shared: Mapping[str, object], pool: UserPool, user: User, client: AppClient) -> dict[str, object]:
    """The claims of an access token beside its times."""
    return {
        **shared,
        **_group_names(pool.memberships(user)),
        "client_id": client.client_id,
        "token_use": "access",
        "scope": SCOPE,
        "username": user.username,
    }


def of_identity(
    state: State, shared: Mapping[str, object], pool: UserPool, user: User, client: AppClient
) -> dict[str, object]:
    """The claims of an ID token beside its times: those attributes that the client may read, and the user's groups."""
    groups = pool.memberships(user)
    return {
        **shared,
        **_group_names(groups),
        **_role_claims(groups),
        "aud": client.client_id,
        "token_use": "id",
        "cognito:username": user.username,
        **_attribute_claims(user, directory.readable_by(state, pool, client)),
    }


def generate(
    state: State,
    caller: Caller,
    pool: UserPool,
    user: User,
    source: str,
    access: dict[str, object],
    identity: dict[str, object],
) -> None:
    """Let PreTokenGeneration change the claims, in the form of the event version that the pool is set to."""
    config = pool.settings.structure("LambdaConfig").structure("PreTokenGenerationConfig")
    version = config.text("LambdaVersion", "V1_0")[1:2]
    groups = pool.memberships(user)
    request: dict[str, object] = {
        "userAttributes": user_attributes(user),
        "groupConfiguration": {
            "groupsToOverride": [group.name for group in groups],
            "iamRolesToOverride": _roles(groups),
            "preferredRole": _role_claims(groups).get("cognito:preferred_role"),
        },
    }
    if version != "1":
        request["scopes"] = [SCOPE]
    part = "claimsOverrideDetails" if version == "1" else "claimsAndScopeOverrideDetails"
    answer = fire(state, pool, caller, source, user.username, request, {part: None}, version=version)
    details = Request(Request(answer or {}).document(part) if (answer or {}).get(part) else {})
    if details.members().get("groupOverrideDetails"):
        _override_groups(details.document("groupOverrideDetails"), access, identity)
    if version == "1":
        _override(identity, details.members())
        return
    _override(identity, _part(details, "idTokenGeneration"))
    changes = _part(details, "accessTokenGeneration")
    _override(access, changes)
    suppressed = _names(changes, "scopesToSuppress")
    scopes = [scope for scope in [SCOPE, *_names(changes, "scopesToAdd")] if scope not in suppressed]
    access["scope"] = " ".join(scopes)


def _part(details: Request, name: str) -> Mapping[str, object]:
    return cast("Mapping[str, object]", details.members().get(name) or {})


def _override(claims: dict[str, object], changes: Mapping[str, object]) -> None:
    added = cast("dict[str, object]", changes.get("claimsToAddOrOverride") or {})
    claims.update({name: value for name, value in added.items() if name not in _FIXED})
    for name in _names(changes, "claimsToSuppress"):
        if name not in _FIXED:
            claims.pop(name, None)


def _override_groups(changes: Mapping[str, object], access: dict[str, object], identity: dict[str, object]) -> None:
    members = {
        "cognito:groups": _names(changes, "groupsToOverride"),
        "cognito:roles": _names(changes, "iamRolesToOverride"),
        "cognito:preferred_role": changes.get("preferredRole"),
    }
    for name, value in members.items():
        for claims in (access, identity) if name == "cognito:groups" else (identity,):
            claims.pop(name, None)
            if value:
                claims[name] = value


def _names(changes: Mapping[str, object], name: str) -> list[str]:
    return cast("list[str]", changes.get(name) or [])


def _attribute_claims(user: User, readable: Collection[str]) -> dict[str, object]:
    claims: dict[str, object] = {}
    for name, value in user.attributes.items():
        if name not in readable or name in _SKIPPED:
            continue
        if name in VERIFIED:
            claims[name] = value == "true"
        else:
            claims[name] = {"formatted": value} if name == "address" else value
    return claims


def _group_names(groups: list[Group]) -> dict[str, object]:
    return {"cognito:groups": [group.name for group in groups]} if groups else {}


def _roles(groups: list[Group]) -> list[str]:
    return list(dict.fromkeys(group.role for group in groups if group.role))


def _role_claims(groups: list[Group]) -> dict[str, object]:
    """`cognito:roles`, and the role of the group that takes precedence, unless two of them differ in that."""
    roles = _roles(groups)
    if not roles:
        return {}
    with_role = [group for group in groups if group.role]
    first = {group.role for group in with_role if group.precedence == with_role[0].precedence}
    preferred = with_role[0].role if len(first) == 1 and with_role[0].precedence is not None else None
    return {"cognito:roles": roles, **({"cognito:preferred_role": preferred} if preferred else {})}
