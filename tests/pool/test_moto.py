"""moto with the extension: right proofs pass, wrong ones do not. Runs against whichever moto is installed."""

from __future__ import annotations

import os
import subprocess
import sys

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from pycognito.aws_srp import AWSSRP

from cognito_challenges.pool.moto_srp import moto_srp
from cognito_srp import Device, DeviceSession, PasswordSession

PASSWORD = "Correct-1-horse"
OLDER = "moto==5.1.17"


@pytest.fixture
def moto(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    with mock_aws(), moto_srp():
        aws = boto3.client("cognito-idp", region_name="us-east-1")
        pool_id = aws.create_user_pool(PoolName="p", DeviceConfiguration={"DeviceOnlyRememberedOnUserPrompt": False})[
            "UserPool"
        ]["Id"]
        client = aws.create_user_pool_client(UserPoolId=pool_id, ClientName="c")["UserPoolClient"]["ClientId"]
        aws.admin_create_user(UserPoolId=pool_id, Username="alice", MessageAction="SUPPRESS")
        aws.admin_set_user_password(UserPoolId=pool_id, Username="alice", Password=PASSWORD, Permanent=True)
        yield aws, pool_id, client


def sign_in(moto, password: str = PASSWORD, **extra: str):
    aws, pool_id, client = moto
    session = PasswordSession(pool_id, username="alice", password=password)
    answer = aws.initiate_auth(
        ClientId=client, AuthFlow="USER_SRP_AUTH", AuthParameters={"USERNAME": "alice", "SRP_A": session.srp_a}
    )
    responses = {"USERNAME": "alice", **session.prove(answer["ChallengeParameters"]).responses(), **extra}
    return aws.respond_to_auth_challenge(
        ClientId=client, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=responses
    )


def device_leg(moto, device: Device):
    aws, _, client = moto
    session = DeviceSession(device)
    named = {"USERNAME": "alice", "DEVICE_KEY": device.key}
    challenge = aws.respond_to_auth_challenge(
        ClientId=client, ChallengeName="DEVICE_SRP_AUTH", ChallengeResponses={**named, "SRP_A": session.srp_a}
    )
    return aws.respond_to_auth_challenge(
        ClientId=client,
        ChallengeName="DEVICE_PASSWORD_VERIFIER",
        ChallengeResponses={**named, **session.prove(challenge["ChallengeParameters"]).responses()},
    )


def test_password(moto):
    assert "AuthenticationResult" in sign_in(moto)
    with pytest.raises(ClientError, match="Incorrect username or password"):
        sign_in(moto, "Wrong-1-horse")
    with pytest.raises(ClientError, match="TIMESTAMP format"):
        sign_in(moto, TIMESTAMP="2026-03-07T00:00:00Z")
    with pytest.raises(ClientError, match="Incorrect username or password"):
        sign_in(moto, TIMESTAMP="Sat Mar 7 00:00:00 UTC 2020")
    with pytest.raises(ClientError, match="Invalid session"):
        sign_in(moto, PASSWORD_CLAIM_SECRET_BLOCK="QUFB")


def test_pycognito(moto):
    aws, pool_id, client = moto
    assert "AuthenticationResult" in AWSSRP("alice", PASSWORD, pool_id, client, client=aws).authenticate_user()
    with pytest.raises(ClientError, match="Incorrect username or password"):
        AWSSRP("alice", "Wrong-1-horse", pool_id, client, client=aws).authenticate_user()


def test_device(moto):
    aws, pool_id, _ = moto
    result = sign_in(moto)["AuthenticationResult"]
    new, token = result["NewDeviceMetadata"], result["AccessToken"]
    device, verifier = Device.register(key=new["DeviceKey"], group_key=new["DeviceGroupKey"])
    with pytest.raises(ClientError, match="Device does not exist"):
        sign_in(moto, DEVICE_KEY=device.key)
    confirmed = aws.confirm_device(
        AccessToken=token, DeviceKey=device.key, DeviceName="laptop", DeviceSecretVerifierConfig=verifier.config()
    )
    assert confirmed["UserConfirmationNecessary"] is False
    assert [entry["DeviceKey"] for entry in aws.list_devices(AccessToken=token)["Devices"]] == [device.key]
    assert sign_in(moto, DEVICE_KEY=device.key)["ChallengeName"] == "DEVICE_SRP_AUTH"
    assert "AuthenticationResult" in device_leg(moto, device)
    with pytest.raises(ClientError, match="Invalid session"):
        device_leg(moto, device)
    sign_in(moto, DEVICE_KEY=device.key)
    with pytest.raises(ClientError, match="Incorrect username or password"):
        device_leg(moto, Device.register(key=device.key, group_key=device.group_key)[0])
    aws.admin_forget_device(UserPoolId=pool_id, Username="alice", DeviceKey=device.key)
    with pytest.raises(ClientError, match="Device does not exist"):
        aws.get_device(AccessToken=token, DeviceKey=device.key)


def test_moto_is_its_own_again_afterwards():
    with mock_aws():
        aws = boto3.client("cognito-idp", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
        with pytest.raises(NotImplementedError):
            aws.get_device(AccessToken="x", DeviceKey="us-east-1_00000000-0000-4000-8000-000000000000")


@pytest.mark.skipif("COGNITO_SRP_REQUIRE_ALL" not in os.environ, reason="installs another moto: for .ci/run")
def test_a_moto_one_year_older(tmp_path):
    """The tests above once more, against the release of a year ago, which needs Jinja2 beside what the newest needs."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(tmp_path), OLDER, "jinja2"]
    subprocess.run(pip, check=True)
    environment = {name: value for name, value in os.environ.items() if name != "COGNITO_SRP_REQUIRE_ALL"}
    environment["PYTHONPATH"] = str(tmp_path)
    shown = [sys.executable, "-c", "import moto; print('moto==' + moto.__version__)"]
    assert subprocess.run(shown, env=environment, capture_output=True, text=True, check=True).stdout.strip() == OLDER
    again = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__]
    done = subprocess.run(again, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout
