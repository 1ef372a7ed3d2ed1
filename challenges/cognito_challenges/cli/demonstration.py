"""What `cognito-srp demo` shows: one user's way through a pool that asks for TOTP and remembers devices."""

from __future__ import annotations

import json
import secrets
import time
import urllib.request
from collections.abc import Mapping
from typing import Any

import boto3
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from rich.console import Console

from cognito_challenges import (
    AppClient,
    Call,
    Challenge,
    Device,
    ServiceError,
    SignedIn,
    SignIn,
    SoftwareTokenMfa,
    Transport,
    confirm_device,
    drive,
    totp,
    update_device_status,
    user_must_agree,
)
from cognito_challenges.transports.boto3 import boto3_client, boto3_transport

USERNAME = "alice"


class DemoError(Exception):
    """Something that the demo shows did not hold."""


class Demo:
    """One user's way through a pool that asks for TOTP and remembers devices."""

    def __init__(self, console: Console, url: str) -> None:
        self.console = console
        self.url = url
        self.password = secrets.token_urlsafe(12) + "aA1!"
        maker: Any = boto3
        self.boto3 = maker.client(
            "cognito-idp",
            region_name="us-east-1",
            endpoint_url=url,
            aws_access_key_id="demo",
            aws_secret_access_key="demo",  # noqa: S106 - signatures are not checked
        )
        self.app_client = AppClient(*self.create_pool())
        send = boto3_transport(boto3_client(self.app_client, endpoint_url=url))
        self.send: Transport = lambda call: self.shown(call, send)

    def run(self) -> None:
        """Each scene in turn."""
        self.scene("A wrong password")
        self.refused(self.password + "x")

        self.scene("Password SRP")
        signed_in = self.done(self.sign_in())
        self.check_id_token(signed_in)

        self.scene("An authenticator app is enrolled")
        secret = self.enrol(signed_in)

        self.scene("Password SRP and TOTP")
        attempt = self.attempt(self.password)
        step = self.drive(attempt)
        if not isinstance(step, SoftwareTokenMfa):
            raise DemoError("the pool did not ask for a TOTP code")
        # The code of these thirty seconds is spent; the pool takes the next one already.
        attempt.answer(step.response(code(secret, 1)))
        signed_in = self.done(self.drive(attempt))

        self.scene("ConfirmDevice")
        device = self.confirm(signed_in)

        self.scene("Password SRP and device SRP, without TOTP")
        signed_in = self.done(self.sign_in(device=device))
        self.check_id_token(signed_in)

    def create_pool(self) -> tuple[str, str]:
        """A pool, an app client without secret and a user, through the ordinary boto3 calls."""
        pool_id = self.boto3.create_user_pool(
            PoolName="demo",
            DeviceConfiguration={"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True},
        )["UserPool"]["Id"]
        self.boto3.set_user_pool_mfa_config(
            UserPoolId=pool_id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="OPTIONAL"
        )
        client_id = self.boto3.create_user_pool_client(
            UserPoolId=pool_id,
            ClientName="demo",
            ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )["UserPoolClient"]["ClientId"]
        self.boto3.admin_create_user(UserPoolId=pool_id, Username=USERNAME, MessageAction="SUPPRESS")
        self.boto3.admin_set_user_password(
            UserPoolId=pool_id, Username=USERNAME, Password=self.password, Permanent=True
        )
        self.console.print(f"Pool {pool_id}, app client {client_id}, user {USERNAME}: made through boto3")
        return pool_id, client_id

    def attempt(self, password: str, device: Device | None = None) -> SignIn:
        """A new attempt of the user's."""
        return SignIn(self.app_client, username=USERNAME, password=password, device=device)

    def drive(self, attempt: SignIn) -> Challenge | SignedIn:
        """Send what the attempt wants sent, showing it."""
        return drive(attempt, self.send)

    def sign_in(self, device: Device | None = None) -> Challenge | SignedIn:
        """A new attempt, driven until a person must answer or it is done."""
        attempt = self.attempt(self.password, device)
        return self.drive(attempt)

    def done(self, step: Challenge | SignedIn) -> SignedIn:
        """The sign-in, which must have come to its end."""
        if not isinstance(step, SignedIn):
            raise DemoError(f"the pool asks for {step.name}")
        self.console.print(f"  signed in; tokens for {step.tokens.expires_in} seconds")
        return step

    def refused(self, password: str) -> None:
        """The pool must refuse this password."""
        attempt = self.attempt(password)
        try:
            self.drive(attempt)
        except ServiceError as error:
            if error.code != "NotAuthorizedException":
                raise DemoError(f"the pool refuses a wrong password with {error.code}") from None
            return
        raise DemoError("the pool accepts a wrong password")

    def enrol(self, signed_in: SignedIn) -> str:
        """Give the user an authenticator app, through boto3; returns its secret."""
        access = signed_in.tokens.access
        secret: str = self.boto3.associate_software_token(AccessToken=access)["SecretCode"]
        status = self.boto3.verify_software_token(AccessToken=access, UserCode=code(secret, 0))["Status"]
        if status != "SUCCESS":
            raise DemoError(f"VerifySoftwareToken says {status}")
        self.boto3.set_user_mfa_preference(
            AccessToken=access, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
        )
        self.console.print("  AssociateSoftwareToken, VerifySoftwareToken, SetUserMFAPreference: SUCCESS")
        return secret

    def confirm(self, signed_in: SignedIn) -> Device:
        """Have the pool remember this device."""
        if signed_in.new_device is None:
            raise DemoError("the pool offers no device to confirm")
        device, verifier = Device.register(key=signed_in.new_device.key, group_key=signed_in.new_device.group_key)
        access = signed_in.tokens.access
        if user_must_agree(self.send(confirm_device(access, device, verifier, name="demo"))):
            self.send(update_device_status(access, device_key=device.key, remembered=True))
        return device

    def check_id_token(self, signed_in: SignedIn) -> None:
        """The id token's signature and user name, by the pool's published keys."""
        keys = urllib.request.urlopen(f"{self.url}/{self.app_client.pool_id}/.well-known/jwks.json")  # noqa: S310 - the pool's own URL
        try:
            claims = jwt.decode(signed_in.tokens.id or "", KeySet.import_key_set(json.load(keys)), ["RS256"]).claims
        except JoseError as error:
            raise DemoError(f"the id token does not hold: {error}") from None
        if claims.get("cognito:username") != USERNAME or claims.get("aud") != self.app_client.client_id:
            raise DemoError("the id token is another user's or another client's")
        self.console.print("  the id token is signed by the pool's published key")

    def scene(self, title: str) -> None:
        """A heading."""
        self.console.print(f"\n[bold]{title}[/]")

    def shown(self, call: Call, send: Transport) -> Mapping[str, Any]:
        """Send a call, and show it with what came back, without any secret."""
        asked = call.parameters.get("ChallengeName") or call.parameters.get("AuthFlow")
        question = f"  {call.operation}{f' {asked}' if asked else ''}"
        try:
            answer = send(call)
        except ServiceError as error:
            self.console.print(f"{question} -> [red]{error}[/]")
            raise
        outcome = answer.get("ChallengeName") or ("AuthenticationResult" if "AuthenticationResult" in answer else "ok")
        self.console.print(f"{question} -> [cyan]{outcome}[/]")
        return answer


def code(secret: str, steps_ahead: int) -> str:
    """The TOTP code of this moment, or of some steps of thirty seconds later."""
    return totp.code(secret, time.time() + steps_ahead * totp.SECONDS)
