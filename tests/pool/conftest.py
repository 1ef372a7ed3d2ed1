from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from cognito_challenges.pool import Options, PoolService
from cognito_challenges.pool.botocore_hook import answer
from cognito_srp import Device, DeviceSession, PasswordSession, secret_hash

PASSWORD = "Correct-1-horse"
FLOWS = [
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_USER_AUTH",
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
]
SATURDAY = 1_772_842_800.0  # Sat Mar 7 00:20:00 UTC 2026


@dataclass
class Clock:
    now: float = SATURDAY

    def __call__(self) -> float:
        return self.now


@dataclass
class Bench:
    """A pool with one user, spoken to through plain boto3."""

    service: PoolService
    clock: Clock
    aws: Any
    pool_id: str
    client_id: str
    secret: str | None = None
    admin: bool = False
    extra: dict[str, str] = field(default_factory=dict)

    def add_user(self, name: str, password: str = PASSWORD, **attributes: str) -> str:
        made = self.aws.admin_create_user(
            UserPoolId=self.pool_id,
            Username=name,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
        )
        self.aws.admin_set_user_password(UserPoolId=self.pool_id, Username=name, Password=password, Permanent=True)
        return made["User"]["Username"]

    def add_client(self, name: str = "other", **settings: Any) -> str:
        made = self.aws.create_user_pool_client(
            UserPoolId=self.pool_id, ClientName=name, **{"ExplicitAuthFlows": FLOWS, **settings}
        )
        return made["UserPoolClient"]["ClientId"]

    def _hashed(self, parameters: dict[str, str]) -> dict[str, str]:
        if self.secret is None or "SECRET_HASH" in parameters:
            return parameters
        return {
            **parameters,
            "SECRET_HASH": secret_hash(parameters["USERNAME"], client_id=self.client_id, client_secret=self.secret),
        }

    def initiate(self, flow: str, *, metadata: dict[str, str] | None = None, **parameters: str) -> Any:
        request: dict[str, Any] = {"ClientId": self.client_id, "AuthFlow": flow}
        request["AuthParameters"] = self._hashed(parameters) if "USERNAME" in parameters else parameters
        if metadata:
            request["ClientMetadata"] = metadata
        if self.admin:
            return self.aws.admin_initiate_auth(UserPoolId=self.pool_id, **request)
        return self.aws.initiate_auth(**request)

    def respond(self, challenge: str, session: str | None = None, *, metadata: Any = None, **responses: str) -> Any:
        request: dict[str, Any] = {"ClientId": self.client_id, "ChallengeName": challenge}
        request["ChallengeResponses"] = self._hashed(responses) if "USERNAME" in responses else responses
        if session is not None:
            request["Session"] = session
        if metadata:
            request["ClientMetadata"] = metadata
        if self.admin:
            return self.aws.admin_respond_to_auth_challenge(UserPoolId=self.pool_id, **request)
        return self.aws.respond_to_auth_challenge(**request)

    def start(self, name: str = "alice", password: str = PASSWORD, **parameters: str) -> tuple[Any, Any]:
        session = PasswordSession(self.pool_id, username=name, password=password, clock=self.clock)
        return session, self.initiate("USER_SRP_AUTH", USERNAME=name, SRP_A=session.srp_a, **parameters)

    def claim(self, session: Any, answer: Any) -> dict[str, str]:
        parameters = answer["ChallengeParameters"]
        return {"USERNAME": parameters["USERNAME"], **session.prove(parameters).responses()}

    def srp(self, name: str = "alice", password: str = PASSWORD, **parameters: str) -> Any:
        session, answer = self.start(name, password, **parameters)
        claim = self.claim(session, answer)
        return self.respond("PASSWORD_VERIFIER", answer.get("Session"), **claim, **parameters)

    def access_token(self, name: str = "alice") -> str:
        return self.srp(name)["AuthenticationResult"]["AccessToken"]

    def enrol_totp(self, name: str = "alice", *, prefer: bool = True) -> Callable[[], str]:
        token = self.access_token(name)
        code = totp_code(self.aws.associate_software_token(AccessToken=token)["SecretCode"], self.clock)
        self.aws.verify_software_token(AccessToken=token, UserCode=code(), FriendlyDeviceName="phone")
        self.aws.set_user_mfa_preference(
            AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": prefer}
        )
        return code

    def confirm_device(self, result: Any, name: str = "laptop") -> Device:
        new = result["NewDeviceMetadata"]
        device, verifier = Device.register(key=new["DeviceKey"], group_key=new["DeviceGroupKey"])
        self.aws.confirm_device(
            AccessToken=result["AccessToken"],
            DeviceKey=device.key,
            DeviceName=name,
            DeviceSecretVerifierConfig=verifier.config(),
        )
        return device

    def device_leg(self, answer: Any, device: Device, *, name: str = "alice", echo_session: bool = True) -> Any:
        session = DeviceSession(device, clock=self.clock)
        challenge = self.respond(
            "DEVICE_SRP_AUTH",
            answer["Session"] if echo_session else None,
            USERNAME=name,
            DEVICE_KEY=device.key,
            SRP_A=session.srp_a,
        )
        proof = session.prove(challenge["ChallengeParameters"]).responses()
        return self.respond(
            "DEVICE_PASSWORD_VERIFIER", challenge.get("Session"), USERNAME=name, DEVICE_KEY=device.key, **proof
        )


def totp_code(secret: str, clock: Callable[[], float]) -> Callable[[], str]:
    totp = TOTP(base64.b32decode(secret), 6, SHA1(), 30)
    return lambda: totp.generate(int(clock())).decode()


def refusal(act: Callable[[], object]) -> tuple[str, str, str]:
    """Code, message and explanation of the error that a call ends in."""
    with pytest.raises(ClientError) as caught:
        act()
    response = caught.value.response
    why = response["ResponseMetadata"]["HTTPHeaders"].get("x-cognito-srp-explanation", "")
    return response["Error"]["Code"], response["Error"]["Message"], why.partition(";")[0]


@pytest.fixture
def bench() -> Callable[..., Bench]:
    """Makes a bench: `pool`, `app` and `mfa` are settings of the pool, of its client and of SetUserPoolMfaConfig."""

    def make(
        options: Options | None = None,
        *,
        pool: dict[str, Any] | None = None,
        app: dict[str, Any] | None = None,
        mfa: dict[str, Any] | None = None,
        user: dict[str, str] | None = None,
        admin: bool = False,
        users: bool = True,
    ) -> Bench:
        clock = Clock()
        service = PoolService(options, clock=clock)
        aws = boto3.client("cognito-idp", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
        answer(aws, service)
        pool_id = aws.create_user_pool(PoolName="bench", **(pool or {}))["UserPool"]["Id"]
        if mfa:
            aws.set_user_pool_mfa_config(UserPoolId=pool_id, **mfa)
        made = aws.create_user_pool_client(
            UserPoolId=pool_id, ClientName="bench", **{"ExplicitAuthFlows": FLOWS, **(app or {})}
        )["UserPoolClient"]
        bench = Bench(service, clock, aws, pool_id, made["ClientId"], made.get("ClientSecret"), admin)
        if users:
            bench.add_user("alice", **(user or {}))
        return bench

    return make


@pytest.fixture
def refused() -> Callable[[Callable[[], object]], tuple[str, str, str]]:
    return refusal


TOTP_OPTIONAL = {"SoftwareTokenMfaConfiguration": {"Enabled": True}, "MfaConfiguration": "OPTIONAL"}
REMEMBERS = {"DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False}}


@pytest.fixture
def totp_optional() -> dict[str, Any]:
    return TOTP_OPTIONAL


@pytest.fixture
def remembers() -> dict[str, Any]:
    return REMEMBERS


@pytest.fixture
def totp() -> Callable[[str, Callable[[], float]], Callable[[], str]]:
    return totp_code
