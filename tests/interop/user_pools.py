"""User pools on any server that speaks the service's API, set up through the ordinary boto3 calls."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from types_boto3_cognito_idp import CognitoIdentityProviderClient

PASSWORD = "Correct horse, 1 battery"
WRONG_PASSWORD = "Correct horse, 2 battery"
TEMPORARY_PASSWORD = "Temporary battery 1!"
FLOWS = ("ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")
CHOICE_FLOWS = (*FLOWS, "ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH")


def boto3_arguments(endpoint_url: str) -> dict[str, Any]:
    """How a boto3 client reaches a server on loopback."""
    return {
        "endpoint_url": endpoint_url,
        "region_name": "us-east-1",
        "aws_access_key_id": "test",
        "aws_secret_access_key": "test",
        "config": Config(retries={"total_max_attempts": 1}),
    }


def another_code(code: str) -> str:
    """A code of the same length that is not this one."""
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}}"


@dataclass(frozen=True)
class Service:
    """A server under its loopback URL. custom_auth: the ARN under which it knows the triggers of custom_auth.py."""

    name: str
    endpoint_url: str
    custom_auth: str = ""
    client: CognitoIdentityProviderClient = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "client", boto3.client("cognito-idp", **boto3_arguments(self.endpoint_url)))


@dataclass(frozen=True)
class UserPool:
    """One user pool with one app client."""

    service: Service
    pool_id: str
    client_id: str
    client_secret: str | None

    @classmethod
    def create(
        cls, service: Service, *, secret: bool = False, flows: Sequence[str] = FLOWS, **pool_settings: Any
    ) -> UserPool:
        """A new pool; `flows` are its client's ExplicitAuthFlows, `pool_settings` go to CreateUserPool as they are."""
        pool = service.client.create_user_pool(PoolName="interop", **pool_settings)["UserPool"]
        client = service.client.create_user_pool_client(
            UserPoolId=pool["Id"],
            ClientName="interop",
            GenerateSecret=secret,
            PreventUserExistenceErrors="ENABLED",
            ExplicitAuthFlows=flows,
        )["UserPoolClient"]
        return cls(service, pool["Id"], client["ClientId"], client.get("ClientSecret"))

    @property
    def client(self) -> CognitoIdentityProviderClient:
        return self.service.client

    @classmethod
    def create_with_custom_auth(cls, service: Service, **settings: Any) -> UserPool:
        """A new pool whose custom sign-in is that of custom_auth.py."""
        kinds = ("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse")
        return cls.create(service, LambdaConfig=dict.fromkeys(kinds, service.custom_auth), **settings)

    def add_user(self, username: str, password: str = PASSWORD, *, temporary: bool = False, **attributes: str) -> None:
        """A user who can sign in with `password`, or has to change it first when it is `temporary`."""
        self.client.admin_create_user(
            UserPoolId=self.pool_id,
            Username=username,
            TemporaryPassword=password if temporary else TEMPORARY_PASSWORD,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
        )
        if not temporary:
            self.client.admin_set_user_password(
                UserPoolId=self.pool_id, Username=username, Password=password, Permanent=True
            )

    def allow_software_tokens(self) -> None:
        self.client.set_user_pool_mfa_config(
            UserPoolId=self.pool_id,
            SoftwareTokenMfaConfiguration={"Enabled": True},
            MfaConfiguration="OPTIONAL",
        )

    def attributes_of(self, username: str) -> dict[str, str]:
        answer = self.client.admin_get_user(UserPoolId=self.pool_id, Username=username)
        return {attribute["Name"]: attribute["Value"] for attribute in answer["UserAttributes"]}

    def enrol_software_token(self, username: str, access_token: str, *, preferred: bool = True) -> Authenticator:
        """Give the signed-in user an authenticator app, asked for at each later sign-in."""
        secret = self.client.associate_software_token(AccessToken=access_token)["SecretCode"]
        authenticator = Authenticator(secret)
        self.client.verify_software_token(AccessToken=access_token, UserCode=authenticator.code())
        self.client.admin_set_user_mfa_preference(
            UserPoolId=self.pool_id,
            Username=username,
            SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": preferred},
        )
        return authenticator


class Authenticator:
    """An authenticator app (RFC 6238: SHA-1, six digits, steps of 30 seconds).

    Enrolment takes the code of this step and the sign-in after it that of the next one, which servers accept for a
    clock that runs ahead: a server that takes no code twice would otherwise make the test wait for half a minute.
    """

    def __init__(self, secret: str) -> None:
        padded = secret + "=" * (-len(secret) % 8)
        self._totp = TOTP(base64.b32decode(padded), 6, SHA1(), 30, enforce_key_length=False)

    def code(self) -> str:
        return self._at(time.time())

    def next_code(self) -> str:
        return self._at(time.time() + 30)

    def wrong_code(self) -> str:
        """A code of none of the steps that a server may accept."""
        now = time.time()
        near = {self._at(now + 30 * steps) for steps in range(-3, 4)}
        return next(code for code in map("{:06d}".format, range(10)) if code not in near)

    def _at(self, moment: float) -> str:
        return self._totp.generate(int(moment)).decode()
