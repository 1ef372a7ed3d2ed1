"""Each challenge that the reference pool issues, signed through by each transport, and what comes after a sign-in."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from cognito_challenges import (
    AppClient,
    Call,
    Challenge,
    CustomChallenge,
    Device,
    EmailOtp,
    MfaSetup,
    NewPasswordRequired,
    Password,
    PasswordSrp,
    Response,
    SelectChallenge,
    SelectMfaType,
    ServiceError,
    SignIn,
    SmsMfa,
    SmsOtp,
    SoftwareTokenMfa,
    StepUp,
    TotpEnrolment,
    WebAuthn,
    confirm_device,
    forget_device,
    get_tokens_from_refresh_token,
    read_refreshed,
    refresh_token_auth,
    revoke_token,
    totp,
    update_device_status,
    user_must_agree,
)
from cognito_challenges.pool import PoolService, running
from interop import custom_auth
from transports.loopback import SIGNING, TRANSPORTS, Signing
from transports.passkey import Passkey

PASSWORD = "Correct horse, 1 battery"
TEMPORARY_PASSWORD = "Temporary battery 1!"
PHONE = "+12065550100"
EMAIL = "alice@example.com"
SMS = {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms", "ExternalId": "test"}}
MAIL = {"Subject": "Your code", "Message": "Your code is {####}"}
CUSTOM_AUTH = "arn:aws:lambda:us-east-1:000000000000:function:custom-auth"
FLOWS = [
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_USER_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
]


@dataclass
class World:
    """A pool with the user alice, what she knows, and how she answers."""

    service: PoolService
    client: AppClient
    passkey: Passkey = field(default_factory=lambda: Passkey("http://localhost"))
    totp_secret: str = field(default="", repr=False)
    choice: str = ""

    def sign_in(self, transport: str, url: str, **attempt: Any) -> Signing:
        given = {"username": "alice", "password": PASSWORD} | attempt
        return TRANSPORTS[transport](self.client, url, self.service.call, SignIn(self.client, **given), self.people)

    def people(self, challenge: Challenge) -> Response:
        match challenge:
            case SmsMfa() | SmsOtp():
                assert challenge.medium == "SMS"
                return challenge.response(self.service.outbox.code(PHONE))
            case EmailOtp():
                assert challenge.medium == "EMAIL"
                return challenge.response(self.service.outbox.code(EMAIL))
            case SoftwareTokenMfa():
                # The code of this half minute was used up by the enrolment.
                return challenge.response(totp.code(self.totp_secret, time.time() + 30))
            case TotpEnrolment():
                assert challenge.uri("Test").startswith("otpauth://totp/Test:alice?secret=")
                self.totp_secret = challenge.secret_code
                return challenge.response(totp.code(challenge.secret_code, time.time()))
            case SelectMfaType():
                return challenge.response(self.choice)
            case MfaSetup():
                return challenge.email(EMAIL) if self.choice == "EMAIL_OTP" else challenge.totp()
            case NewPasswordRequired():
                return challenge.response(PASSWORD, {"given_name": "Alice"})
            case CustomChallenge():
                assert challenge.parameters["question"] == custom_auth.QUESTION["question"]
                return challenge.response(custom_auth.ANSWER)
            case SelectChallenge():
                return challenge.response(self.choice)
            case WebAuthn():
                return challenge.response(self.passkey.sign(challenge.options))
            case Password() | PasswordSrp():
                return challenge.response(PASSWORD)
            case _:
                raise AssertionError(challenge)


def world(
    service: PoolService, *, temporary: bool = False, factors: tuple[str, ...] = ("PASSWORD",), **settings: Any
) -> World:
    policies = {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": list(factors)}}}
    pool = service.call("CreateUserPool", {"PoolName": "test", **policies, **settings})["UserPool"]
    wanted = {"UserPoolId": pool["Id"], "ClientName": "test", "GenerateSecret": True, "ExplicitAuthFlows": FLOWS}
    made = service.call("CreateUserPoolClient", wanted)["UserPoolClient"]
    alice = {"UserPoolId": pool["Id"], "Username": "alice"}
    attributes = {"email": EMAIL, "email_verified": "true", "phone_number": PHONE, "phone_number_verified": "true"}
    user = [{"Name": name, "Value": value} for name, value in attributes.items()]
    service.call(
        "AdminCreateUser",
        {**alice, "TemporaryPassword": TEMPORARY_PASSWORD, "MessageAction": "SUPPRESS", "UserAttributes": user},
    )
    if not temporary:
        service.call("AdminSetUserPassword", {**alice, "Password": PASSWORD, "Permanent": True})
    return World(service, AppClient(pool["Id"], made["ClientId"], client_secret=made["ClientSecret"]))


def set_mfa(it: World, mode: str, **factors: Any) -> World:
    it.service.call("SetUserPoolMfaConfig", {"UserPoolId": it.client.pool_id, "MfaConfiguration": mode, **factors})
    return it


def prefer(it: World, *factors: str) -> World:
    settings = {factor: {"Enabled": True, "PreferredMfa": len(factors) == 1} for factor in factors}
    it.service.call("AdminSetUserMFAPreference", {"UserPoolId": it.client.pool_id, "Username": "alice", **settings})
    return it


def access_token(it: World) -> str:
    return it.sign_in("memory", "")[0].tokens.access


def with_sms(service: PoolService) -> World:
    return prefer(set_mfa(world(service), "OPTIONAL", SmsMfaConfiguration=SMS), "SMSMfaSettings")


def with_email(service: PoolService) -> World:
    return prefer(set_mfa(world(service), "OPTIONAL", EmailMfaConfiguration=MAIL), "EmailMfaSettings")


def with_app(service: PoolService, *others: str) -> World:
    it = set_mfa(world(service), "OPTIONAL", SoftwareTokenMfaConfiguration={"Enabled": True}, SmsMfaConfiguration=SMS)
    token = access_token(it)
    it.totp_secret = it.service.call("AssociateSoftwareToken", {"AccessToken": token})["SecretCode"]
    code = totp.code(it.totp_secret, time.time())
    it.service.call("VerifySoftwareToken", {"AccessToken": token, "UserCode": code})
    it.choice = "SOFTWARE_TOKEN_MFA"
    return prefer(it, "SoftwareTokenMfaSettings", *others)


def with_setup(service: PoolService) -> World:
    return set_mfa(world(service), "ON", SoftwareTokenMfaConfiguration={"Enabled": True})


def with_custom(service: PoolService) -> World:
    kinds = ("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse")
    return world(service, LambdaConfig=dict.fromkeys(kinds, CUSTOM_AUTH))


def with_choice(service: PoolService, choice: str) -> World:
    it = world(service, factors=("PASSWORD", "EMAIL_OTP", "SMS_OTP"))
    it.choice = choice
    return it


def with_passkey(service: PoolService) -> World:
    it = world(service, factors=("PASSWORD", "WEB_AUTHN"))
    it.choice = "WEB_AUTHN"
    set_mfa(it, "OFF", WebAuthnConfiguration={"RelyingPartyId": "localhost"})
    token = access_token(it)
    options = it.service.call("StartWebAuthnRegistration", {"AccessToken": token})["CredentialCreationOptions"]
    credential = it.passkey.register(options)
    it.service.call("CompleteWebAuthnRegistration", {"AccessToken": token, "Credential": credential})
    return it


NO_PASSWORD: dict[str, Any] = {"password": None, "flow": "USER_AUTH"}
CASES: dict[str, tuple[Callable[[PoolService], World], dict[str, Any], list[str]]] = {
    "SRP": (world, {}, []),
    "SMS_MFA": (with_sms, {}, ["SMS_MFA"]),
    "EMAIL_OTP, second": (with_email, {}, ["EMAIL_OTP"]),
    "SOFTWARE_TOKEN_MFA": (with_app, {}, ["SOFTWARE_TOKEN_MFA"]),
    "SELECT_MFA_TYPE": (
        lambda service: with_app(service, "SMSMfaSettings"),
        {},
        ["SELECT_MFA_TYPE", "SOFTWARE_TOKEN_MFA"],
    ),
    "MFA_SETUP": (with_setup, {}, ["MFA_SETUP", "TOTP_ENROLMENT"]),
    "NEW_PASSWORD_REQUIRED": (
        lambda service: world(service, temporary=True),
        {"password": TEMPORARY_PASSWORD},
        ["NEW_PASSWORD_REQUIRED"],
    ),
    "CUSTOM_CHALLENGE": (with_custom, {"flow": "CUSTOM_AUTH", "password": None}, ["CUSTOM_CHALLENGE"]),
    "CUSTOM_CHALLENGE after SRP": (with_custom, {"flow": "CUSTOM_AUTH"}, ["CUSTOM_CHALLENGE"]),
    "SELECT_CHALLENGE, PASSWORD": (
        lambda service: with_choice(service, "PASSWORD"),
        {"flow": "USER_AUTH"},
        ["SELECT_CHALLENGE"],
    ),
    "SELECT_CHALLENGE, SRP": (
        lambda service: with_choice(service, "PASSWORD_SRP"),
        {"flow": "USER_AUTH"},
        ["SELECT_CHALLENGE"],
    ),
    "SELECT_CHALLENGE, EMAIL_OTP": (
        lambda service: with_choice(service, "EMAIL_OTP"),
        NO_PASSWORD,
        ["SELECT_CHALLENGE", "EMAIL_OTP"],
    ),
    "SELECT_CHALLENGE, SMS_OTP": (
        lambda service: with_choice(service, "SMS_OTP"),
        NO_PASSWORD,
        ["SELECT_CHALLENGE", "SMS_OTP"],
    ),
    "SELECT_CHALLENGE, WEB_AUTHN": (with_passkey, NO_PASSWORD, ["SELECT_CHALLENGE", "WEB_AUTHN"]),
    "preferred WEB_AUTHN": (with_passkey, NO_PASSWORD | {"preferred_challenge": "WEB_AUTHN"}, ["WEB_AUTHN"]),
    "preferred EMAIL_OTP": (
        lambda service: with_choice(service, ""),
        NO_PASSWORD | {"preferred_challenge": "EMAIL_OTP"},
        ["EMAIL_OTP"],
    ),
    "preferred PASSWORD": (world, {"flow": "USER_AUTH", "preferred_challenge": "PASSWORD"}, []),
    "preferred PASSWORD_SRP": (world, {"flow": "USER_AUTH", "preferred_challenge": "PASSWORD_SRP"}, []),
    "USER_PASSWORD_AUTH": (world, {"flow": "USER_PASSWORD_AUTH"}, []),
}


@pytest.fixture(scope="module")
def service() -> PoolService:
    service = PoolService()
    service.register(CUSTOM_AUTH, custom_auth.handler)
    return service


@pytest.fixture(scope="module")
def url(service: PoolService) -> Iterator[str]:
    with running(service) as url:
        yield url


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("case", CASES)
def test_each_challenge(service: PoolService, url: str, case: str, transport: str) -> None:
    make, attempt, expected = CASES[case]
    it = make(service)
    signed_in, asked = it.sign_in(transport, url, **attempt)
    assert asked == expected
    assert it.service.call("GetUser", {"AccessToken": signed_in.tokens.access})["Username"] == signed_in.username


@pytest.mark.parametrize("transport", SIGNING)
@pytest.mark.parametrize("flow", ["USER_SRP_AUTH", "ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH", "USER_AUTH"])
def test_admin_operations(service: PoolService, url: str, flow: str, transport: str) -> None:
    it = with_choice(service, "PASSWORD_SRP")
    it.client = AppClient(it.client.pool_id, it.client.client_id, client_secret=it.client.client_secret, admin=True)
    signed_in, _ = it.sign_in(transport, url, flow=flow)
    assert signed_in.tokens.refresh


def test_a_choice_can_be_made_with_the_passkey_at_hand(service: PoolService) -> None:
    it = with_passkey(service)

    def people(challenge: Challenge) -> Response:
        assert isinstance(challenge, SelectChallenge)
        return challenge.response("WEB_AUTHN", credential=it.passkey.sign(challenge.options))

    it.people = people  # type: ignore[method-assign]
    assert it.sign_in("memory", "", **NO_PASSWORD)[1] == ["SELECT_CHALLENGE"]


def test_a_second_factor_enrolled_by_e_mail(service: PoolService) -> None:
    it = world(service)
    it.service.call(
        "AdminDeleteUserAttributes",
        {"UserPoolId": it.client.pool_id, "Username": "alice", "UserAttributeNames": ["email"]},
    )
    set_mfa(it, "ON", EmailMfaConfiguration=MAIL)
    it.choice = "EMAIL_OTP"
    assert it.sign_in("memory", "")[1] == ["MFA_SETUP", "EMAIL_OTP"]


def test_the_machine_gives_the_code_of_an_app_by_itself(service: PoolService) -> None:
    it = with_app(service, "SMSMfaSettings")
    soon = time.time() + 30
    assert it.sign_in("memory", "", totp_secret=it.totp_secret, clock=lambda: soon)[1] == []


@pytest.mark.parametrize("consent", [False, True], ids=["always", "with consent"])
def test_a_device_from_its_confirmation_to_its_end(service: PoolService, url: str, consent: bool) -> None:
    it = world(
        service,
        DeviceConfiguration={"ChallengeRequiredOnNewDevice": False, "DeviceOnlyRememberedOnUserPrompt": consent},
    )

    def call(request: Call) -> Mapping[str, Any]:
        return it.service.call(request.operation, request.parameters)

    first, _ = it.sign_in("boto3", url)
    assert first.new_device is not None
    device, verifier = Device.register(key=first.new_device.key, group_key=first.new_device.group_key)
    answer = call(confirm_device(first.tokens.access, device, verifier, name="Alice's laptop"))
    assert user_must_agree(answer) is consent
    if consent:
        call(update_device_status(first.tokens.access, device_key=device.key, remembered=True))
    kept = Device.from_json(device.to_json())
    for transport in TRANSPORTS:
        again, _ = it.sign_in(transport, url, device=kept)
        assert (again.new_device, again.forgotten_device) == (None, None)
        steps = [exchange.step for exchange in it.service.journal.records()[0].exchanges]
        assert steps[-2:] == ["DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"]
    call(forget_device(first.tokens.access, device_key=device.key))
    forgotten, _ = it.sign_in("httpx", url, device=kept)
    assert forgotten.forgotten_device == device.key
    assert forgotten.new_device is not None


def test_tokens_are_refreshed_with_and_without_rotation_and_revoked(service: PoolService) -> None:
    it = world(service)
    signed_in, _ = it.sign_in("memory", "")
    refresh = signed_in.tokens.refresh
    assert refresh is not None

    def call(request: Call) -> Mapping[str, Any]:
        return it.service.call(request.operation, request.parameters)

    renewed = read_refreshed(call(refresh_token_auth(it.client, refresh, username=signed_in.username)), refresh)
    assert renewed.refresh == refresh
    assert renewed.access != signed_in.tokens.access
    same = read_refreshed(call(get_tokens_from_refresh_token(it.client, refresh)), refresh)
    assert same.refresh == refresh

    rotating = {
        "UserPoolId": it.client.pool_id,
        "ClientId": it.client.client_id,
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"],
        "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
    }
    it.service.call("UpdateUserPoolClient", rotating)
    rotated = read_refreshed(call(get_tokens_from_refresh_token(it.client, refresh)), refresh)
    assert rotated.refresh is not None
    assert rotated.refresh != refresh
    call(revoke_token(it.client, rotated.refresh))
    with pytest.raises(ServiceError, match="NotAuthorizedException"):
        call(get_tokens_from_refresh_token(it.client, rotated.refresh))


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_step_up(service: PoolService, url: str, transport: str) -> None:
    it = set_mfa(world(service), "OPTIONAL", SmsMfaConfiguration=SMS)
    credit = access_token(it)
    prefer(it, "SMSMfaSettings")
    step_up = StepUp(target_acr_values=("urn:cognito:loa:4", "urn:cognito:loa:3"), max_age=300, access_token=credit)
    signed_in, asked = it.sign_in(transport, url, password=None, flow="USER_AUTH", step_up=step_up)
    assert asked == ["SMS_MFA"]
    claims = json.loads(urlsafe_b64decode((signed_in.tokens.id or "").split(".")[1] + "=="))
    assert (claims["acr"], claims["amr"]) == ("urn:cognito:loa:3", ["pwd", "sms", "mfa"])


@pytest.mark.parametrize("seconds", [-86_000, 86_000], ids=["slow", "fast"])
@pytest.mark.parametrize("transport", [name for name in TRANSPORTS if name != "memory"])
def test_a_skewed_clock_follows_the_service(service: PoolService, url: str, transport: str, seconds: int) -> None:
    it = world(service)

    def skewed() -> float:
        return time.time() + seconds

    with pytest.raises(ServiceError):
        it.sign_in(transport, url, clock=skewed)
    assert it.sign_in(transport, url, clock=skewed, follow_date=True)[0].tokens.access


@pytest.mark.parametrize("flow", ["USER_SRP_AUTH", "USER_PASSWORD_AUTH"])
def test_an_alias_with_a_client_secret_sends_the_user_name_on(service: PoolService, flow: str) -> None:
    """SECRET_HASH and USERNAME of the MFA step are over the user name, as the service asks, whatever signed in."""
    pool = set_mfa(world(service, AliasAttributes=["email"]), "OPTIONAL", SmsMfaConfiguration=SMS)
    it = prefer(pool, "SMSMfaSettings")
    names: list[str] = []

    def watched(operation: str, parameters: Mapping[str, Any]) -> Any:
        names.append((parameters.get("ChallengeResponses") or parameters["AuthParameters"])["USERNAME"])
        return service.call(operation, dict(parameters))

    attempt = SignIn(it.client, username=EMAIL, password=PASSWORD, flow=flow)  # type: ignore[arg-type]
    signed_in, asked = TRANSPORTS["memory"](it.client, "", watched, attempt, it.people)
    assert asked == ["SMS_MFA"]
    assert (names[0], set(names[1:]), signed_in.username) == (EMAIL, {"alice"}, "alice")
