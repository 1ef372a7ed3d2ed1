"""The README's Python runs, block after block, against a real pool over HTTP."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import boto3
import pytest

from cognito_challenges import SignedIn, totp
from cognito_challenges.pool import Options, PoolService, running

README = Path(__file__).parent.parent / "README.md"
PASSWORD = "Correct-horse-1"


@pytest.fixture
def surroundings() -> Iterator[dict[str, Any]]:
    """What the README's blocks take for granted: a pool, an app client, and a user with an authenticator app."""
    with running(PoolService(Options(totp_single_use=False))) as url:
        admin: Any = boto3.client(
            "cognito-idp",
            region_name="us-east-1",
            endpoint_url=url,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        pool_id = admin.create_user_pool(PoolName="readme")["UserPool"]["Id"]
        client_id = admin.create_user_pool_client(
            UserPoolId=pool_id,
            ClientName="readme",
            ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )["UserPoolClient"]["ClientId"]
        admin.set_user_pool_mfa_config(
            UserPoolId=pool_id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="OPTIONAL"
        )
        admin.admin_create_user(UserPoolId=pool_id, Username="alice", MessageAction="SUPPRESS")
        admin.admin_set_user_password(UserPoolId=pool_id, Username="alice", Password=PASSWORD, Permanent=True)
        access = admin.admin_initiate_auth(
            UserPoolId=pool_id,
            ClientId=client_id,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "alice", "PASSWORD": PASSWORD},
        )["AuthenticationResult"]["AccessToken"]
        secret = admin.associate_software_token(AccessToken=access)["SecretCode"]
        admin.verify_software_token(AccessToken=access, UserCode=totp.code(secret, time.time()))
        admin.set_user_mfa_preference(AccessToken=access, SoftwareTokenMfaSettings={"Enabled": True})
        yield {
            "pool_id": pool_id,
            "client_id": client_id,
            "endpoint_url": url,
            "password": PASSWORD,
            "totp_secret": secret,
            "ask": lambda _question: totp.code(secret, time.time()),
            "challenge_parameters": {
                "SALT": "1f" * 16,
                "SRP_B": "ab" * 380,
                "SECRET_BLOCK": "c2VjcmV0",
                "USER_ID_FOR_SRP": "alice",
            },
        }


def test_the_readme_runs(surroundings: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(blocks) == 3
    plain, in_async_code, engine = (compile(block, f"README block {i}", "exec") for i, block in enumerate(blocks))

    exec(plain, surroundings)
    assert capsys.readouterr().out == "3600\n"

    exec(in_async_code, surroundings)
    assert isinstance(anyio.run(surroundings["sign_in"]), SignedIn)

    exec(engine, surroundings)
    assert surroundings["claim"].responses().keys() == {
        "PASSWORD_CLAIM_SIGNATURE",
        "PASSWORD_CLAIM_SECRET_BLOCK",
        "TIMESTAMP",
    }


def test_the_readme_shows_a_refusal(surroundings: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    plain = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)[0]
    exec(plain, surroundings | {"password": "wrong"})
    assert capsys.readouterr().out == "NotAuthorizedException\n"
