"""User pools and app clients: create, describe, update, list and delete them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cognito_challenges.pool.errors import invalid_parameter
from cognito_challenges.pool.requests.members import CLIENT_SETTINGS, POOL_SETTINGS
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.store.directory import STANDARD_ATTRIBUTES
from cognito_challenges.pool.store.records import AppClient, UserPool
from cognito_challenges.pool.store.state import State

REGION = "us-east-1"
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def create_user_pool(state: State, request: Request) -> dict[str, object]:
    """CreateUserPool. The pool's region is us-east-1, whatever region the request was signed for."""
    if request.strings("UsernameAttributes") and request.strings("AliasAttributes"):
        raise invalid_parameter("Only one of the aliasAttributes or usernameAttributes can be set in a user pool.")
    pool_id = f"{REGION}_{_drawn(state, 9, _LETTERS)}"
    now = state.clock()
    settings = Request({name: value for name, value in request.members().items() if name != "PoolName"})
    pool = UserPool(pool_id, request.text("PoolName"), settings, f"-{_drawn(state, 8, _LETTERS)}", now, now)
    pool.schema = _schema(request, "Schema")
    pool.mfa = Request({"MfaConfiguration": request.text("MfaConfiguration", "OFF")})
    state.pools[pool_id] = pool
    return {"UserPool": described_pool(pool)}


def describe_user_pool(state: State, request: Request) -> dict[str, object]:
    """DescribeUserPool."""
    return {"UserPool": described_pool(state.pool(request.text("UserPoolId")))}


def update_user_pool(state: State, request: Request) -> dict[str, object]:
    """UpdateUserPool: like the service, members that are left out fall back to their defaults."""
    pool = state.pool(request.text("UserPoolId"))
    given = request.members()
    lasting = {name: value for name, value in pool.settings.members().items() if name not in POOL_SETTINGS}
    changed = {name: value for name, value in given.items() if name in POOL_SETTINGS}
    pool.settings = Request({**lasting, **changed})
    pool.mfa = Request({**pool.mfa.members(), "MfaConfiguration": request.text("MfaConfiguration", "OFF")})
    pool.name = request.text("PoolName", pool.name)
    pool.modified = state.clock()
    return {}


def delete_user_pool(state: State, request: Request) -> dict[str, object]:
    """DeleteUserPool, with its clients and users."""
    pool = state.pool(request.text("UserPoolId"))
    if pool.settings.text("DeletionProtection") == "ACTIVE":
        raise invalid_parameter("The user pool cannot be deleted because deletion protection is activated.")
    del state.pools[pool.pool_id]
    for client_id in [key for key, client in state.clients.items() if client.pool_id == pool.pool_id]:
        del state.clients[client_id]
    return {}


def list_user_pools(state: State, request: Request) -> dict[str, object]:
    """ListUserPools."""
    members = ("Id", "Name", "LambdaConfig", "CreationDate", "LastModifiedDate")
    pools = [described_pool(pool) for pool in state.pools.values()]
    brief = [{name: pool[name] for name in members if name in pool} for pool in pools]
    return {"UserPools": brief[: request.whole("MaxResults")]}


def add_custom_attributes(state: State, request: Request) -> dict[str, object]:
    """AddCustomAttributes."""
    pool = state.pool(request.text("UserPoolId"))
    added = _schema(request, "CustomAttributes")
    for name in added:
        if not name.startswith(("custom:", "dev:")):
            raise invalid_parameter(f"{name} is a standard attribute.")
        if name in pool.schema:
            raise invalid_parameter(f"{name}: Existing attribute already has name.")
    pool.schema.update(added)
    return {}


def set_mfa_config(state: State, request: Request) -> dict[str, object]:
    """SetUserPoolMfaConfig."""
    pool = state.pool(request.text("UserPoolId"))
    given = {name: value for name, value in request.members().items() if name != "UserPoolId"}
    software = request.structure("SoftwareTokenMfaConfiguration").flag("Enabled")
    factors = software or "SmsMfaConfiguration" in given or "EmailMfaConfiguration" in given
    mode = request.text("MfaConfiguration", "OFF")
    if mode != "OFF" and not factors:
        raise invalid_parameter("Invalid MFA configuration given, can't turn on MFA without an MFA method.")
    pool.mfa = Request({"MfaConfiguration": mode, **given})
    pool.modified = state.clock()
    return pool.mfa.members()


def get_mfa_config(state: State, request: Request) -> dict[str, object]:
    """GetUserPoolMfaConfig."""
    return state.pool(request.text("UserPoolId")).mfa.members()


def create_client(state: State, request: Request) -> dict[str, object]:
    """CreateUserPoolClient."""
    pool = state.pool(request.text("UserPoolId"))
    settings = _client_settings(request)
    secret = request.text("ClientSecret") or None
    if secret is None and request.flag("GenerateSecret"):
        secret = _drawn(state, 51, _ALPHABET)
    now = state.clock()
    client = AppClient(
        _drawn(state, 26, _ALPHABET), pool.pool_id, request.text("ClientName"), secret, settings, now, now
    )
    state.clients[client.client_id] = client
    return {"UserPoolClient": described_client(client)}


def describe_client(state: State, request: Request) -> dict[str, object]:
    """DescribeUserPoolClient."""
    return {"UserPoolClient": described_client(_client(state, request))}


def update_client(state: State, request: Request) -> dict[str, object]:
    """UpdateUserPoolClient: members that are left out fall back to their defaults."""
    client = _client(state, request)
    client.settings = _client_settings(request)
    client.name = request.text("ClientName", client.name)
    client.modified = state.clock()
    return {"UserPoolClient": described_client(client)}


def delete_client(state: State, request: Request) -> dict[str, object]:
    """DeleteUserPoolClient."""
    del state.clients[_client(state, request).client_id]
    return {}


def list_clients(state: State, request: Request) -> dict[str, object]:
    """ListUserPoolClients."""
    pool = state.pool(request.text("UserPoolId"))
    return {
        "UserPoolClients": [
            {"ClientId": client.client_id, "UserPoolId": pool.pool_id, "ClientName": client.name}
            for client in state.clients.values()
            if client.pool_id == pool.pool_id
        ][: request.whole("MaxResults") or 60]
    }


def described_pool(pool: UserPool) -> dict[str, object]:
    """A pool as DescribeUserPool gives it."""
    settings = {name: value for name, value in pool.settings.members().items() if name != "Schema"}
    return {
        **settings,
        "Id": pool.pool_id,
        "Name": pool.name,
        "Arn": f"arn:aws:cognito-idp:{pool.region}:000000000000:userpool/{pool.pool_id}",
        "CreationDate": pool.created,
        "LastModifiedDate": pool.modified,
        "EstimatedNumberOfUsers": len(pool.users),
        "MfaConfiguration": pool.mfa.text("MfaConfiguration", "OFF"),
        "SchemaAttributes": [
            {"AttributeDataType": "String", **entry.members(), "Name": name} for name, entry in pool.schema.items()
        ],
    }


def described_client(client: AppClient) -> dict[str, object]:
    """An app client as DescribeUserPoolClient gives it, its secret included."""
    secret = {} if client.secret is None else {"ClientSecret": client.secret}
    return {
        "RefreshTokenValidity": 30,
        "EnableTokenRevocation": True,
        "AuthSessionValidity": 3,
        **client.settings.members(),
        **secret,
        "ClientId": client.client_id,
        "ClientName": client.name,
        "UserPoolId": client.pool_id,
        "CreationDate": client.created,
        "LastModifiedDate": client.modified,
    }


def _client(state: State, request: Request) -> AppClient:
    pool = state.pool(request.text("UserPoolId"))
    return state.client(request.text("ClientId"), pool.pool_id)


def _client_settings(request: Request) -> Request:
    settings = Request({name: value for name, value in request.members().items() if name in CLIENT_SETTINGS})
    flows = settings.strings("ExplicitAuthFlows")
    named = {flow.startswith("ALLOW_") for flow in flows}
    if len(named) > 1:
        raise invalid_parameter("Cannot specify both ALLOW_ prefixed auth flows and legacy auth flows.")
    rotates = settings.structure("RefreshTokenRotation").text("Feature") == "ENABLED"
    if rotates and "ALLOW_REFRESH_TOKEN_AUTH" in flows:
        raise invalid_parameter("ALLOW_REFRESH_TOKEN_AUTH cannot be enabled together with refresh token rotation.")
    return settings


def _schema(request: Request, member: str) -> dict[str, Request]:
    schema: dict[str, Request] = {}
    for entry in request.structures(member):
        name = entry.text("Name")
        if name not in STANDARD_ATTRIBUTES:
            name = name if name.startswith(("custom:", "dev:")) else f"custom:{name}"
        schema[name] = entry
    return schema


def _drawn(state: State, count: int, alphabet: str) -> str:
    # 64 bits more than the text needs, so that every character is as likely as any other.
    number = int.from_bytes(state.entropy(count + 8), "big")
    characters: list[str] = []
    for _ in range(count):
        number, digit = divmod(number, len(alphabet))
        characters.append(alphabet[digit])
    return "".join(characters)


Operation = Callable[[State, Request], dict[str, object]]
OPERATIONS: Mapping[str, Operation] = {
    "CreateUserPool": create_user_pool,
    "DescribeUserPool": describe_user_pool,
    "UpdateUserPool": update_user_pool,
    "DeleteUserPool": delete_user_pool,
    "ListUserPools": list_user_pools,
    "AddCustomAttributes": add_custom_attributes,
    "SetUserPoolMfaConfig": set_mfa_config,
    "GetUserPoolMfaConfig": get_mfa_config,
    "CreateUserPoolClient": create_client,
    "DescribeUserPoolClient": describe_client,
    "UpdateUserPoolClient": update_client,
    "DeleteUserPoolClient": delete_client,
    "ListUserPoolClients": list_clients,
}
