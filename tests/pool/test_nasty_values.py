"""Whatever a parameter holds, the answer is one of the service's errors or a challenge, never a crash."""

from __future__ import annotations

import itertools

import pytest

from cognito_challenges.pool import Options, PoolService, ServiceError
from cognito_challenges.pool.sign_in.signin import CHALLENGES, FLOWS, REFRESHES

VALUES = [
    "",
    " ",
    "\0",
    "x" * 129,
    "x" * 5000,
    "é" * 300,
    "-1",
    "00",
    "{}",
    "[]",
    "null",
    "é@x",
    "=" * 50,
    "\n",
    "a.b.c",
]
NAMES = [
    "USERNAME", "PASSWORD", "SRP_A", "SECRET_HASH", "DEVICE_KEY", "CHALLENGE_NAME", "PREFERRED_CHALLENGE",
    "TARGET_ACR_VALUES", "MAX_AGE", "ACCESS_TOKEN", "REFRESH_TOKEN", "ANSWER", "CREDENTIAL", "EMAIL", "NEW_PASSWORD",
    "userAttributes.email", "userAttributes.", "SMS_MFA_CODE", "SMS_OTP_CODE", "EMAIL_OTP_CODE",
    "SOFTWARE_TOKEN_MFA_CODE", "PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP",
]  # fmt: skip
FACTORS = ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]
FLOW_NAMES = [*FLOWS, *REFRESHES]


@pytest.fixture(params=[False, True], ids=["plain", "explaining"])
def pool(request):
    """A service with a user, and the request parts that name its app client with a secret."""
    service = PoolService(Options(explain=request.param, lockout_after=0), clock=lambda: 1_772_842_800.0)
    policy = {"SignInPolicy": {"AllowedFirstAuthFactors": FACTORS}}
    pool_id = service.call("CreateUserPool", {"PoolName": "p", "Policies": policy, "DeviceConfiguration": {}})
    pool_id = pool_id["UserPool"]["Id"]
    service.call(
        "SetUserPoolMfaConfig", {"UserPoolId": pool_id, "WebAuthnConfiguration": {"RelyingPartyId": "example.org"}}
    )
    flows = [f"ALLOW_{name}" for name in (*FLOWS, "REFRESH_TOKEN_AUTH") if name != "ADMIN_NO_SRP_AUTH"]
    settings = {"ExplicitAuthFlows": flows, "PreventUserExistenceErrors": "ENABLED"}
    client = service.call("CreateUserPoolClient", {"UserPoolId": pool_id, "ClientName": "c", **settings})
    user = {"UserPoolId": pool_id, "Username": "alice"}
    service.call("AdminCreateUser", {**user, "UserAttributes": [{"Name": "email", "Value": "a@example.org"}]})
    service.call("AdminSetUserPassword", {**user, "Password": "Correct-1-horse", "Permanent": True})
    return service, {"UserPoolId": pool_id, "ClientId": client["UserPoolClient"]["ClientId"]}


def outcome(service: PoolService, operation: str, request: dict[str, object]) -> str:
    try:
        return str(service.call(operation, request).get("ChallengeName", "tokens"))
    except ServiceError as error:
        return error.code


@pytest.mark.parametrize("flow", FLOW_NAMES)
def test_auth_parameters(pool, flow):
    service, named = pool
    good = {"USERNAME": "alice", "PASSWORD": "Correct-1-horse", "SRP_A": "abc123", "CHALLENGE_NAME": "SRP_A"}
    seen = set()
    for name, value in itertools.product(NAMES, VALUES):
        for operation in ("InitiateAuth", "AdminInitiateAuth"):
            request = {**named, "AuthFlow": flow, "AuthParameters": {**good, name: value}}
            seen.add(outcome(service, operation, request))
    assert "tokens" in seen or "InvalidParameterException" in seen


def put(service: PoolService, named: dict[str, str], challenge: str) -> tuple[str, str]:
    """A Session and secret block of a waiting challenge, as far as it can be had without an answer before it."""
    parameters = {"USERNAME": "alice", "SRP_A": "abc123", "PREFERRED_CHALLENGE": challenge}
    if challenge == "PASSWORD_VERIFIER":
        parameters["PREFERRED_CHALLENGE"] = "PASSWORD_SRP"
    if challenge == "PASSWORD_SRP":
        del parameters["SRP_A"]
    answer = service.call("InitiateAuth", {**named, "AuthFlow": "USER_AUTH", "AuthParameters": parameters})
    return str(answer.get("Session", "x" * 20)), answer["ChallengeParameters"].get("SECRET_BLOCK", "")


@pytest.mark.parametrize("challenge", sorted(CHALLENGES))
def test_challenge_responses(pool, challenge):
    service, named = pool
    proof = [
        "USERNAME",
        "SECRET_HASH",
        "DEVICE_KEY",
        *(name for name in NAMES if name.startswith(("PASSWORD_", "TIME"))),
    ]
    for name, value in itertools.product(proof if challenge == "PASSWORD_VERIFIER" else NAMES, VALUES):
        session, block = put(service, named, challenge)
        responses = {
            "USERNAME": "alice",
            "PASSWORD_CLAIM_SECRET_BLOCK": block,
            "PASSWORD_CLAIM_SIGNATURE": "AAAA",
            "TIMESTAMP": "Sat Mar 7 00:20:00 UTC 2026",
            name: value,
        }
        request: dict[str, object] = {**named, "ChallengeName": challenge, "ChallengeResponses": responses}
        if challenge != "PASSWORD_VERIFIER":
            request["Session"] = session
        assert outcome(service, "RespondToAuthChallenge", request)
