"""Tokens, judged by PyJWT: claims, refresh, rotation and revocation."""

from __future__ import annotations

import jwt
import pytest

REVOKED = ("NotAuthorizedException", "Refresh Token has been revoked", "")


def read(at, token: str, **options: object) -> dict[str, object]:
    keys = at.service.key_set(at.pool_id)["keys"]
    header = jwt.get_unverified_header(token)
    key = next(key for key in keys if key["kid"] == header["kid"])
    return jwt.decode(
        token,
        jwt.PyJWK(key),
        algorithms=["RS256"],
        issuer=f"https://cognito-idp.us-east-1.amazonaws.com/{at.pool_id}",
        options={"verify_exp": False, "verify_iat": False, "verify_aud": "audience" in options},
        **options,
    )


def test_claims(bench, remembers):
    at = bench(pool=remembers, user={"email": "alice@example.org", "email_verified": "true"})
    result = at.srp()["AuthenticationResult"]
    access, identity = read(at, result["AccessToken"]), read(at, result["IdToken"], audience=at.client_id)
    assert access["token_use"] == "access"
    assert access["client_id"] == at.client_id
    assert access["username"] == "alice"
    assert access["scope"] == "aws.cognito.signin.user.admin"
    assert access["device_key"] == result["NewDeviceMetadata"]["DeviceKey"]
    assert identity["token_use"] == "id"
    assert identity["cognito:username"] == "alice"
    assert identity["email"] == "alice@example.org"
    assert identity["email_verified"] is True
    for claims in (access, identity):
        assert claims["iat"] == claims["auth_time"] == int(at.clock.now)
        assert claims["exp"] == claims["iat"] + 3600
    assert access["sub"] == identity["sub"]
    assert access["origin_jti"] == identity["origin_jti"]
    assert access["jti"] != identity["jti"]
    assert not any(key.get("d") for key in at.service.key_set(at.pool_id)["keys"])


def test_headers(bench):
    at = bench()
    result = at.srp()["AuthenticationResult"]
    headers = [jwt.get_unverified_header(result[name]) for name in ("AccessToken", "IdToken")]
    # Nothing but these two, and a key of its own for each kind of token, as the service documents it.
    assert [set(header) for header in headers] == [{"kid", "alg"}] * 2
    assert headers[0]["kid"] != headers[1]["kid"]
    assert {key["kid"] for key in at.service.key_set(at.pool_id)["keys"]} == {header["kid"] for header in headers}


def test_which_token_has_which_claim(bench, remembers):
    at = bench(pool=remembers, user={"email": "alice@example.org", "address": "Street 1"})
    result = at.srp()["AuthenticationResult"]
    access, identity = read(at, result["AccessToken"]), read(at, result["IdToken"])
    both = {"sub", "iss", "origin_jti", "event_id", "auth_time", "iat", "exp", "jti", "token_use", "amr"}
    assert set(access) == {*both, "client_id", "scope", "username", "device_key"}
    assert set(identity) == {*both, "aud", "cognito:username", "email", "address"}
    assert access["event_id"] == identity["event_id"]
    assert identity["address"] == {"formatted": "Street 1"}


@pytest.mark.parametrize("flow", ["USER_PASSWORD_AUTH", "EMAIL_OTP", "TOTP", "CUSTOM_AUTH"])
def test_methods(bench, totp_optional, flow):
    at = bench(
        pool={"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}},
        mfa=totp_optional,
        user={"email": "alice@example.org"},
    )
    if flow == "TOTP":
        code = at.enrol_totp()
        at.clock.now += 60
        done = at.respond("SOFTWARE_TOKEN_MFA", at.srp()["Session"], USERNAME="alice", SOFTWARE_TOKEN_MFA_CODE=code())
    elif flow == "EMAIL_OTP":
        answer = at.initiate("USER_AUTH", USERNAME="alice", PREFERRED_CHALLENGE="EMAIL_OTP")
        otp = at.service.outbox.code()
        done = at.respond("EMAIL_OTP", answer["Session"], USERNAME="alice", EMAIL_OTP_CODE=otp)
    elif flow == "CUSTOM_AUTH":

        def issue(event):
            event["response"].update(issueTokens=True, failAuthentication=False)
            return event

        at.service.connect(at.pool_id, "DefineAuthChallenge", issue)
        done = at.initiate("CUSTOM_AUTH", USERNAME="alice")
    else:
        done = at.initiate(flow, USERNAME="alice", PASSWORD="Correct-1-horse")
    result = done["AuthenticationResult"]
    methods = {
        "USER_PASSWORD_AUTH": ["pwd"],
        "EMAIL_OTP": ["email_otp"],
        "TOTP": ["pwd", "otp", "mfa"],
        "CUSTOM_AUTH": None,
    }
    refreshed = at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=result["RefreshToken"])["AuthenticationResult"]
    for tokens in (result, refreshed):
        for name in ("AccessToken", "IdToken"):
            assert read(at, tokens[name]).get("amr") == methods[flow]


def test_lifetimes(bench, refused):
    units = {"AccessToken": "minutes", "IdToken": "hours", "RefreshToken": "days"}
    at = bench(
        app={"AccessTokenValidity": 5, "IdTokenValidity": 2, "RefreshTokenValidity": 3, "TokenValidityUnits": units}
    )
    result = at.srp()["AuthenticationResult"]
    assert result["ExpiresIn"] == 300
    assert read(at, result["IdToken"])["exp"] == int(at.clock.now) + 7200
    at.clock.now += 300
    expired = refused(lambda: at.aws.get_user(AccessToken=result["AccessToken"]))
    assert expired[:2] == ("NotAuthorizedException", "Access Token has expired")
    at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=result["RefreshToken"])
    at.clock.now += 3 * 86_400
    late = refused(lambda: at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=result["RefreshToken"]))
    assert late[:2] == ("NotAuthorizedException", "Refresh Token has expired")


@pytest.mark.parametrize("flow", ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"])
def test_refresh(bench, refused, flow):
    at = bench()
    first = at.srp()["AuthenticationResult"]
    at.clock.now += 60
    second = at.initiate(flow, REFRESH_TOKEN=first["RefreshToken"])["AuthenticationResult"]
    assert "RefreshToken" not in second
    before, after = read(at, first["AccessToken"]), read(at, second["AccessToken"])
    assert after["auth_time"] == before["auth_time"]
    assert after["origin_jti"] == before["origin_jti"]
    assert after["iat"] == before["iat"] + 60
    at.client_id = at.add_client()
    assert refused(lambda: at.initiate(flow, REFRESH_TOKEN=first["RefreshToken"]))[0] == "NotAuthorizedException"


def rotating(grace: int) -> dict[str, object]:
    return {
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"],
        "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": grace},
        "GenerateSecret": True,
    }


def test_rotation(bench, refused):
    at = bench(app=rotating(10))
    first = at.srp()["AuthenticationResult"]["RefreshToken"]

    def rotate(token: str, secret: str | None = at.secret) -> object:
        extra = {} if secret is None else {"ClientSecret": secret}
        answer = at.aws.get_tokens_from_refresh_token(RefreshToken=token, ClientId=at.client_id, **extra)
        return answer["AuthenticationResult"]

    assert refused(lambda: rotate(first, None))[0] == "NotAuthorizedException"
    assert refused(lambda: rotate(first, "x" * 32))[0] == "NotAuthorizedException"
    second = rotate(first)["RefreshToken"]
    at.clock.now += 9
    assert rotate(first)["RefreshToken"] not in (first, second)
    at.clock.now += 1
    assert refused(lambda: rotate(first))[0] == "RefreshTokenReuseException"
    assert "AccessToken" in rotate(second)


def test_without_rotation(bench):
    at = bench()
    token = at.srp()["AuthenticationResult"]["RefreshToken"]
    for _ in range(2):
        answer = at.aws.get_tokens_from_refresh_token(RefreshToken=token, ClientId=at.client_id)
        assert "RefreshToken" not in answer["AuthenticationResult"]


def test_revocation(bench, refused):
    at = bench()
    first, other = at.srp()["AuthenticationResult"], at.srp()["AuthenticationResult"]
    refreshed = at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=first["RefreshToken"])["AuthenticationResult"]
    at.aws.revoke_token(Token=first["RefreshToken"], ClientId=at.client_id)
    for token in (first["AccessToken"], refreshed["AccessToken"]):
        assert refused(lambda token=token: at.aws.get_user(AccessToken=token))[1] == "Access Token has been revoked"
    assert refused(lambda: at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=first["RefreshToken"])) == REVOKED
    assert at.aws.get_user(AccessToken=other["AccessToken"])["Username"] == "alice"
    wrong = refused(lambda: at.aws.revoke_token(Token=other["AccessToken"], ClientId=at.client_id))
    assert wrong[0] == "UnsupportedTokenTypeException"


@pytest.mark.parametrize("admin", [True, False])
def test_global_sign_out(bench, refused, admin):
    at = bench()
    before = at.srp()["AuthenticationResult"]
    if admin:
        at.aws.admin_user_global_sign_out(UserPoolId=at.pool_id, Username="alice")
    else:
        at.aws.global_sign_out(AccessToken=before["AccessToken"])
    assert refused(lambda: at.aws.get_user(AccessToken=before["AccessToken"]))[1] == "Access Token has been revoked"
    assert refused(lambda: at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=before["RefreshToken"])) == REVOKED
    # A sign-in in the same second is a new one.
    after = at.srp()["AuthenticationResult"]
    assert at.aws.get_user(AccessToken=after["AccessToken"])["Username"] == "alice"


def test_tokens_that_are_none(bench, refused):
    at, other = bench(), bench()
    result = at.srp()["AuthenticationResult"]
    head, body, signature = result["AccessToken"].split(".")
    unsigned = jwt.encode({"token_use": "access", "username": "alice"}, None, algorithm="none")
    forged = jwt.encode(read(at, result["AccessToken"]), "x" * 64, algorithm="HS256")
    for token in (result["IdToken"], f"{head}.{body}.{signature[:-8]}AAAAAAAA", unsigned, forged, "x", "a.b.c"):
        assert refused(lambda token=token: at.aws.get_user(AccessToken=token))[:2] == (
            "NotAuthorizedException",
            "Invalid Access Token",
        )
    assert refused(lambda: other.aws.get_user(AccessToken=result["AccessToken"]))[1] == "Invalid Access Token"
    bent = f"{result['RefreshToken'][:-4]}AAAA"
    for token in (bent, result["AccessToken"], "x"):
        assert refused(lambda token=token: at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=token))[0] == (
            "NotAuthorizedException"
        )
