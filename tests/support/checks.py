"""What the tests of requests share: the service's own model, SECRET_HASH by hand, and how a challenge is reached."""

from __future__ import annotations

import base64
import hashlib
import hmac

import botocore.session
from botocore.validate import ParamValidator

from cognito_challenges import Call
from support.scripted import CLIENT_ID, CLIENT_SECRET

MODEL = botocore.session.get_session().get_service_model("cognito-idp")


def script_of(challenge: str) -> tuple[str, ...]:
    """The challenges with which a sign-in by SRP reaches this one."""
    if challenge == "PASSWORD_VERIFIER":
        return (challenge,)
    if challenge == "DEVICE_SRP_AUTH":
        return ("PASSWORD_VERIFIER", challenge)
    if challenge == "DEVICE_PASSWORD_VERIFIER":
        return ("PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", challenge)
    return ("PASSWORD_VERIFIER", challenge)


def check_against_the_model(calls: list[Call]) -> None:
    for call in calls:
        shape = MODEL.operation_model(call.operation).input_shape
        report = ParamValidator().validate(dict(call.parameters), shape)
        assert not report.has_errors(), report.generate_report()


def secret_hash(username: str) -> str:
    """SECRET_HASH by hand: Base64(HMAC-SHA256(client secret, username | client id))."""
    digest = hmac.new(CLIENT_SECRET.encode(), (username + CLIENT_ID).encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
