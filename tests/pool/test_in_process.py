"""The pytest plugin, and the pool without a socket."""

from __future__ import annotations

import subprocess
import sys

import anyio
import boto3
import httpx

from cognito_challenges.pool import PoolService
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
