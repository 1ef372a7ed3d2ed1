"""App clients: create, describe, update, list and delete them, and their secrets."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cognito_challenges.pool.errors import ServiceError, invalid_parameter, needs_essentials, not_found
from cognito_challenges.pool.requests.paging import page
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.requests.settings import CLIENT_SETTINGS
from cognito_challenges.pool.store.records import AppClient, ClientSecret, UserPool
from cognito_challenges.pool.store.state import State

ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
MOST_SECRETS = 2
SCOPES = frozenset({"phone", "email", "openid", "profile", "aws.cognito.signin.user.admin"})
_LIFETIMES = {
    "AccessToken": (300, 86_400, "5 minutes to a day"),
    "IdToken": (300, 86_400, "5 minutes to a day"),
    "RefreshToken": (3600, 315_360_000, "an hour to 10 years"),
}


def create_client(state: State, request: Request) -> dict[str, object]:
    """CreateUserPoolClient."""
    pool = state.pool(request.text("UserPoolId"))
    if "ClientSecret" in request and request.flag("GenerateSecret"):
        raise invalid_parameter("Cannot specify both GenerateSecret and ClientSecret.")
    value = request.text("ClientSecret") or (_generated(state) if request.flag("GenerateSecret") else None)
    settings = _client_settings(pool, request, confidential=value is not None)
    now = state.clock()
    client = AppClient(state.drawn(26, ALPHABET), pool.pool_id, request.text("ClientName"), settings, now, now)
    if value is not None:
        client.secrets.append(_secret(state, client, value))
    state.clients[client.client_id] = client
    return {"UserPoolClient": described_client(client)}


def describe_client(state: State, request: Request) -> dict[str, object]:
    """DescribeUserPoolClient."""
    return {"UserPoolClient": described_client(_client(state, request)[1])}


def update_client(state: State, request: Request) -> dict[str, object]:
    """UpdateUserPoolClient: members that are left out fall back to their defaults."""
    pool, client = _client(state, request)
    client.settings = _client_settings(pool, request, confidential=bool(client.secrets))
    client.name = request.text("ClientName", client.name)
    client.modified = state.clock()
    return {"UserPoolClient": described_client(client)}


def delete_client(state: State, request: Request) -> dict[str, object]:
    """DeleteUserPoolClient."""
    del state.clients[_client(state, request)[1].client_id]
    return {}


def list_clients(state: State, request: Request) -> dict[str, object]:
    """ListUserPoolClients."""
    pool = state.pool(request.text("UserPoolId"))
    own = [client for client in state.clients.values() if client.pool_id == pool.pool_id]
    if request.text("ClientType") == "DCR":
        own = []
    clients, rest = page(own, request, limit="MaxResults")
    brief = [
        {"ClientId": client.client_id, "UserPoolId": pool.pool_id, "ClientName": client.name} for client in clients
    ]
    return {"UserPoolClients": brief, **rest}


def add_secret(state: State, request: Request) -> dict[str, object]:
    """AddUserPoolClientSecret: a second secret for a client that has one, whose value is told if it was generated."""
    _, client = _client(state, request)
    if not client.secrets:
        raise invalid_parameter("A secret cannot be added to a public client.")
    if len(client.secrets) >= MOST_SECRETS:
        raise ServiceError("LimitExceededException", f"An app client has at most {MOST_SECRETS} secrets.")
    given = request.text("ClientSecret")
    secret = _secret(state, client, given or _generated(state))
    client.secrets.append(secret)
    value = {} if given else {"ClientSecretValue": secret.value}
    return {"ClientSecretDescriptor": {**_described_secret(secret), **value}}


def list_secrets(state: State, request: Request) -> dict[str, object]:
    """ListUserPoolClientSecrets, without their values."""
    return {"ClientSecrets": [_described_secret(secret) for secret in _client(state, request)[1].secrets]}


def delete_secret(state: State, request: Request) -> dict[str, object]:
    """DeleteUserPoolClientSecret: any but the last one."""
    _, client = _client(state, request)
    kept = [secret for secret in client.secrets if secret.secret_id != request.text("ClientSecretId")]
    if len(kept) == len(client.secrets):
        raise not_found("Client secret does not exist.")
    if not kept:
        raise invalid_parameter("The last secret of an app client cannot be deleted.")
    client.secrets = kept
    return {}


def described_client(client: AppClient) -> dict[str, object]:
    """An app client as DescribeUserPoolClient gives it, its older secret included."""
    return {
        "RefreshTokenValidity": 30,
        "EnableTokenRevocation": True,
        "AuthSessionValidity": 3,
        "AllowedOAuthFlowsUserPoolClient": False,
        "EnablePropagateAdditionalUserContextData": False,
        **client.settings.members(),
        **({"ClientSecret": client.secrets[0].value} if client.secrets else {}),
        "ClientType": "REGULAR",
        "ClientId": client.client_id,
        "ClientName": client.name,
        "UserPoolId": client.pool_id,
        "CreationDate": client.created,
        "LastModifiedDate": client.modified,
    }


def _client(state: State, request: Request) -> tuple[UserPool, AppClient]:
    pool = state.pool(request.text("UserPoolId"))
    return pool, state.client(request.text("ClientId"), pool.pool_id)


def _generated(state: State) -> str:
    return state.drawn(51, ALPHABET)


def _secret(state: State, client: AppClient, value: str) -> ClientSecret:
    now = state.clock()
    return ClientSecret(f"{client.client_id}--{int(now * 1000) + len(client.secrets)}", value, now)


def _described_secret(secret: ClientSecret) -> dict[str, object]:
    return {"ClientSecretId": secret.secret_id, "ClientSecretCreateDate": secret.created}


def _client_settings(pool: UserPool, request: Request, *, confidential: bool) -> Request:
    """The settings in a request, when they go together."""
    settings = Request({name: value for name, value in request.members().items() if name in CLIENT_SETTINGS})
    flows = settings.strings("ExplicitAuthFlows")
    if len({flow.startswith("ALLOW_") for flow in flows}) > 1:
        raise invalid_parameter("Cannot specify both ALLOW_ prefixed auth flows and legacy auth flows.")
    if "ALLOW_USER_AUTH" in flows and pool.tier == "LITE":
        raise needs_essentials("ALLOW_USER_AUTH")
    rotates = settings.structure("RefreshTokenRotation").text("Feature") == "ENABLED"
    if rotates and "ALLOW_REFRESH_TOKEN_AUTH" in flows:
        raise invalid_parameter("ALLOW_REFRESH_TOKEN_AUTH cannot be enabled together with refresh token rotation.")
    for member, what in (("ReadAttributes", "read"), ("WriteAttributes", "write")):
        unknown = [name for name in settings.strings(member) if name not in pool.schema]
        if unknown or (what == "write" and "sub" in settings.strings(member)):
            raise invalid_parameter(f"Invalid {what} attributes specified while creating a client")
    if settings.flag("EnablePropagateAdditionalUserContextData") and not confidential:
        raise invalid_parameter("EnablePropagateAdditionalUserContextData needs a client with a secret.")
    _check_lifetimes(settings)
    _check_oauth(settings)
    return settings


def _check_lifetimes(settings: Request) -> None:
    client = AppClient("", "", "", settings, 0.0, 0.0)
    for kind, (least, most, words) in _LIFETIMES.items():
        if not least <= client.token_seconds(kind) <= most:
            raise invalid_parameter(f"Invalid range for token validity: {kind} may last {words}.")


def _check_oauth(settings: Request) -> None:
    if any(name != "COGNITO" for name in settings.strings("SupportedIdentityProviders")):
        raise invalid_parameter("SupportedIdentityProviders: the pool has no identity provider but COGNITO.")
    redirect = settings.text("DefaultRedirectURI")
    if redirect and redirect not in settings.strings("CallbackURLs"):
        raise invalid_parameter("DefaultRedirectURI must be among the CallbackURLs.")
    flows = settings.strings("AllowedOAuthFlows")
    if "client_credentials" in flows and len(flows) > 1:
        raise ServiceError("InvalidOAuthFlowException", "client_credentials must be the only one of AllowedOAuthFlows.")
    if not SCOPES.issuperset(settings.strings("AllowedOAuthScopes")):
        raise ServiceError("ScopeDoesNotExistException", "AllowedOAuthScopes names a scope that does not exist.")


Operation = Callable[[State, Request], dict[str, object]]
OPERATIONS: Mapping[str, Operation] = {
    "CreateUserPoolClient": create_client,
    "DescribeUserPoolClient": describe_client,
    "UpdateUserPoolClient": update_client,
    "DeleteUserPoolClient": delete_client,
    "ListUserPoolClients": list_clients,
    "AddUserPoolClientSecret": add_secret,
    "ListUserPoolClientSecrets": list_secrets,
    "DeleteUserPoolClientSecret": delete_secret,
}
