"""The pytest plugin, and the pool without a socket."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import anyio
import boto3
import httpx
import jwt
import pytest

from cognito_challenges.pool import Options, PoolService, running
from cognito_challenges.pool.botocore_hook import answer
from cognito_challenges.pool.httpx_transport import PoolTransport
from cognito_srp import PasswordSession

ENDPOINT = "https://cognito-idp.us-east-1.amazonaws.com/"


def sign_in(pool) -> object:
    session = PasswordSession(pool.pool_id, username=pool.username, password=pool.password)
    answer = pool.client.initiate_auth(
        ClientId=pool.client_id,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters={"USERNAME": pool.username, "SRP_A": session.srp_a},
    )
    return pool.client.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName="PASSWORD_VERIFIER",
        ChallengeResponses={"USERNAME": pool.username, **session.prove(answer["ChallengeParameters"]).responses()},
    )


def test_fixtures(cognito_pool, cognito_pool_session):
    assert "AuthenticationResult" in sign_in(cognito_pool)
    assert "AuthenticationResult" in sign_in(cognito_pool_session)
    assert cognito_pool.endpoint_url != cognito_pool_session.endpoint_url
    assert len(cognito_pool.service.journal.records()) == 1
    assert cognito_pool.password not in repr(cognito_pool)
    keys = httpx.get(f"{cognito_pool.endpoint_url}/{cognito_pool.pool_id}/.well-known/jwks.json").json()
    assert keys == cognito_pool.service.key_set(cognito_pool.pool_id)


def verified(token: str, http: httpx.Client, pool_url: str, **options: Any) -> dict[str, Any]:
    """The claims of a token, checked as whoever only knows the pool's URL would do it: by its discovery document."""
    document = http.get(f"{pool_url}/.well-known/openid-configuration").raise_for_status().json()
    assert document["issuer"] == pool_url
    kid = jwt.get_unverified_header(token)["kid"]
    keys = http.get(document["jwks_uri"]).raise_for_status().json()["keys"]
    key = jwt.PyJWK(next(key for key in keys if key["kid"] == kid))
    algorithms = document["id_token_signing_alg_values_supported"]
    return jwt.decode(token, key, algorithms=algorithms, issuer=document["issuer"], **options)


def test_tokens_of_the_fixture_verify_as_started(cognito_pool):
    tokens = sign_in(cognito_pool)["AuthenticationResult"]
    pool_url = f"{cognito_pool.endpoint_url}/{cognito_pool.pool_id}"
    with httpx.Client() as http:
        assert verified(tokens["AccessToken"], http, pool_url)["username"] == cognito_pool.username
        assert verified(tokens["IdToken"], http, pool_url, audience=cognito_pool.client_id)["iss"] == pool_url
        missing = http.get(f"{pool_url}/.well-known/security.txt")
        unknown = http.get(f"{cognito_pool.endpoint_url}/us-east-1_none/.well-known/openid-configuration")
    assert missing.status_code == 404
    assert unknown.json()["__type"] == "ResourceNotFoundException"


def test_the_issuer_is_a_name_to_reach_the_pool_by():
    service = PoolService(Options(issuer="http://Pool.test:8000/"))
    pool_id = service.call("CreateUserPool", {"PoolName": "p"})["UserPool"]["Id"]
    with running(service) as url, httpx.Client() as http:
        path = f"{url}/{pool_id}/.well-known/openid-configuration"
        answer = http.get(path, headers={"Host": "pool.test:8000"})
        assert answer.json()["issuer"] == f"http://Pool.test:8000/{pool_id}"
        assert http.get(path, headers={"Host": "other.test:8000"}).status_code == 403


@pytest.mark.parametrize(
    ("options", "base"),
    [
        (Options(), "https://cognito-idp.us-east-1.amazonaws.com"),
        (Options(issuer="https://auth.example.com"), "https://auth.example.com"),
    ],
)
def test_tokens_verify_without_a_socket(options, base):
    service = PoolService(options)
    pool_id = service.call("CreateUserPool", {"PoolName": "p"})["UserPool"]["Id"]
    app = {"UserPoolId": pool_id, "ClientName": "c", "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]}
    client_id = service.call("CreateUserPoolClient", app)["UserPoolClient"]["ClientId"]
    user = {"UserPoolId": pool_id, "Username": "alice"}
    service.call("AdminCreateUser", {**user, "MessageAction": "SUPPRESS"})
    service.call("AdminSetUserPassword", {**user, "Password": "Correct-1-horse", "Permanent": True})
    answer = service.call(
        "InitiateAuth",
        {
            "ClientId": client_id,
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": "alice", "PASSWORD": "Correct-1-horse"},
        },
    )
    with httpx.Client(transport=PoolTransport(service)) as http:
        claims = verified(answer["AuthenticationResult"]["AccessToken"], http, f"{base}/{pool_id}")
    assert claims["username"] == "alice"


def test_plugin_is_light():
    code = "import sys, cognito_challenges.pool.pytest_plugin as p; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"boto3", "botocore", "cryptography", "gmpy2", "joserfc", "starlette", "uvicorn", "webauthn", "httpx"}
    assert not heavy & set(loaded)


def test_httpx_without_a_socket():
    service = PoolService()
    headers = {"X-Amz-Target": "AWSCognitoIdentityProviderService.CreateUserPool"}
    with httpx.Client(transport=PoolTransport(service)) as client:
        made = client.post(ENDPOINT, headers=headers, json={"PoolName": "p"})
        pool_id = made.json()["UserPool"]["Id"]
        assert made.headers["date"].endswith("GMT")
        keys = client.get(f"{ENDPOINT}{pool_id}/.well-known/jwks.json")
        assert keys.json() == service.key_set(pool_id)
        assert client.get(ENDPOINT).status_code == 404

    async def again() -> httpx.Response:
        async with httpx.AsyncClient(transport=PoolTransport(service)) as client:
            return await client.post(ENDPOINT, headers=headers, json={"PoolName": ""})

    assert anyio.run(again).json()["__type"] == "InvalidParameterException"


def test_botocore_without_a_socket():
    service = PoolService()
    aws = boto3.client("cognito-idp", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    answer(aws, service)
    pool_id = aws.create_user_pool(PoolName="p")["UserPool"]["Id"]
    assert aws.describe_user_pool(UserPoolId=pool_id)["UserPool"]["Name"] == "p"
    assert [pool["Id"] for pool in aws.list_user_pools(MaxResults=10)["UserPools"]] == [pool_id]
