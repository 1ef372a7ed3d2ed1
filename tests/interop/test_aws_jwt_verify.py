"""aws-jwt-verify takes the pool's tokens as the pool was started, and refuses others."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from cognito_challenges.pool import PoolService
from interop import our_client
from interop.node_adapter import JavaScriptError
from interop.user_pools import PASSWORD, Service, UserPool

if TYPE_CHECKING:
    from interop.node_adapter import NodeAdapter

USES = ("access", "id")


@pytest.fixture(scope="module")
def signed_in(pool: Service) -> tuple[UserPool, dict[str, str]]:
    """A pool, and the tokens of a user there by their use."""
    user_pool = UserPool.create(pool)
    user_pool.add_user("alice")
    tokens = our_client.sign_in(user_pool, "alice", PASSWORD).tokens
    return user_pool, {"access": tokens.access, "id": tokens.id}


def expectations(pool: UserPool, use: str, **other: str) -> dict[str, str]:
    return {
        "issuer": f"{pool.service.endpoint_url}/{pool.pool_id}",
        "clientId": pool.client_id,
        "tokenUse": use,
        **other,
    }


@pytest.mark.parametrize("use", USES)
def test_as_started(signed_in: tuple[UserPool, dict[str, str]], aws_jwt_verify: NodeAdapter, use: str) -> None:
    pool, tokens = signed_in
    claims = aws_jwt_verify.call("verify", tokens[use], expectations(pool, use))
    assert claims["username" if use == "access" else "cognito:username"] == "alice"


@pytest.mark.parametrize("use", USES)
def test_refused(signed_in: tuple[UserPool, dict[str, str]], aws_jwt_verify: NodeAdapter, use: str) -> None:
    pool, tokens = signed_in
    token = tokens[use]
    other_pool = UserPool.create(pool.service)
    localhost = pool.service.endpoint_url.replace("127.0.0.1", "localhost")
    head, _, signature = token.split(".")
    for given, wanted, error in (
        (token, expectations(pool, use, clientId=other_pool.client_id), "CognitoJwtInvalidClientIdError"),
        (token, expectations(pool, "id" if use == "access" else "access"), "CognitoJwtInvalidTokenUseError"),
        (token, expectations(other_pool, use), "JwtInvalidIssuerError"),
        (token, expectations(pool, use, issuer=f"{localhost}/{pool.pool_id}"), "JwtInvalidIssuerError"),
        (f"{head}.{changed(token)}.{signature}", expectations(pool, use), "JwtInvalidSignatureError"),
    ):
        with pytest.raises(JavaScriptError) as caught:
            aws_jwt_verify.call("verify", given, wanted)
        assert caught.value.code == error


def changed(token: str) -> str:
    """The claims of a token with another user name."""
    text = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(text + "=="))
    return base64.urlsafe_b64encode(json.dumps({**claims, "username": "mallory"}).encode()).decode().rstrip("=")


@pytest.mark.parametrize("use", USES)
def test_without_a_server(aws_jwt_verify: NodeAdapter, use: str) -> None:
    """In process the tokens name the service itself, which is what the library's Cognito verifier expects."""
    service = PoolService()
    call = service.call
    pool_id: Any = call("CreateUserPool", {"PoolName": "interop"})["UserPool"]["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH"]
    app = {"UserPoolId": pool_id, "ClientName": "interop", "ExplicitAuthFlows": flows}
    client_id: Any = call("CreateUserPoolClient", app)["UserPoolClient"]["ClientId"]
    user = {"UserPoolId": pool_id, "Username": "alice"}
    call("AdminCreateUser", {**user, "MessageAction": "SUPPRESS"})
    call("AdminSetUserPassword", {**user, "Password": PASSWORD, "Permanent": True})
    parameters = {"USERNAME": "alice", "PASSWORD": PASSWORD}
    start = {"ClientId": client_id, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}
    token = call("InitiateAuth", start)["AuthenticationResult"]["AccessToken" if use == "access" else "IdToken"]
    wanted = {"userPoolId": pool_id, "clientId": client_id, "tokenUse": use, "keys": service.key_set(pool_id)}
    assert aws_jwt_verify.call("verifyAsTheService", token, wanted)["token_use"] == use
    with pytest.raises(JavaScriptError, match="ParameterValidationError"):
        aws_jwt_verify.call("verifyAsTheService", token, {**wanted, "userPoolId": "us-east-1_other"})
