"""Every request of every flow and challenge: valid by botocore's own service model, and exactly what it must hold."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any, get_args

import pytest

from cognito_challenges import (
    AdminContext,
    Call,
    Device,
    MfaSetup,
    RequestMetadata,
    SelectChallenge,
    SignedIn,
    SignIn,
    StepUp,
    UsageError,
    UserContext,
    confirm_device,
    drive,
    forget_device,
    get_tokens_from_refresh_token,
    refresh_token_auth,
    revoke_token,
    update_device_status,
)
from cognito_challenges.catalogue import CHALLENGES, PROOFS
from cognito_challenges.sign_in.flows import FLOWS, FlowName
from support.checks import MODEL, check_against_the_model, script_of, secret_hash
from support.right_answers import PASSWORD, PROVED, RIGHT, UNKNOWN_CHALLENGE
from support.scripted import CLIENT_ID, CLIENT_SECRET, DEVICE, LOGIN, POOL_ID, USERNAME, ScriptedService, app_client

SESSION = "from-confirm-sign-up".ljust(24, "-")
STEP_UP = StepUp(target_acr_values=("urn:high", "urn:low"), max_age=300, access_token="access-token-canary")
USER_CONTEXT = UserContext(ip_address="192.0.2.1", encoded_data="encoded")
ADMIN_CONTEXT = AdminContext(
    ip_address="192.0.2.1",
    server_name="example.com",
    server_path="/sign-in",
    headers=(("User-Agent", "test"),),
    encoded_data="encoded",
)

FLOW_CASES: dict[str, dict[str, Any]] = {
    "USER_SRP_AUTH": {"password": PASSWORD},
    "CUSTOM_AUTH": {"flow": "CUSTOM_AUTH"},
    "CUSTOM_AUTH with SRP": {"flow": "CUSTOM_AUTH", "password": PASSWORD},
    "USER_AUTH": {"flow": "USER_AUTH"},
    "USER_AUTH after ConfirmSignUp": {"flow": "USER_AUTH", "session": SESSION},
    "USER_AUTH for e-mail": {"flow": "USER_AUTH", "preferred_challenge": "EMAIL_OTP"},
    "USER_AUTH for SRP": {"flow": "USER_AUTH", "preferred_challenge": "PASSWORD_SRP", "password": PASSWORD},
    "USER_AUTH for a password": {"flow": "USER_AUTH", "preferred_challenge": "PASSWORD", "password": PASSWORD},
    "USER_AUTH for step-up": {"flow": "USER_AUTH", "step_up": STEP_UP},
    "USER_PASSWORD_AUTH": {"flow": "USER_PASSWORD_AUTH", "password": PASSWORD},
    "ADMIN_USER_PASSWORD_AUTH": {"flow": "ADMIN_USER_PASSWORD_AUTH", "password": PASSWORD},
    "ADMIN_NO_SRP_AUTH": {"flow": "ADMIN_NO_SRP_AUTH", "password": PASSWORD},
}
AUTH_PARAMETERS: dict[str, set[str]] = {
    "USER_SRP_AUTH": {"SRP_A"},
    "CUSTOM_AUTH": set(),
    "CUSTOM_AUTH with SRP": {"SRP_A", "CHALLENGE_NAME"},
    "USER_AUTH": set(),
    "USER_AUTH after ConfirmSignUp": set(),
    "USER_AUTH for e-mail": {"PREFERRED_CHALLENGE"},
    "USER_AUTH for SRP": {"PREFERRED_CHALLENGE", "SRP_A"},
    "USER_AUTH for a password": {"PREFERRED_CHALLENGE", "PASSWORD"},
    "USER_AUTH for step-up": {"TARGET_ACR_VALUES", "MAX_AGE", "ACCESS_TOKEN"},
    "USER_PASSWORD_AUTH": {"PASSWORD"},
    "ADMIN_USER_PASSWORD_AUTH": {"PASSWORD"},
    "ADMIN_NO_SRP_AUTH": {"PASSWORD"},
}
ADMIN_ONLY = {"ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"}
PUBLIC_ONLY = {"USER_PASSWORD_AUTH"}

RESPONSES: dict[str, Mapping[str, str | None]] = {name: played.responses for name, played in RIGHT.items()} | PROVED


def full_metadata(admin: bool) -> RequestMetadata:
    return RequestMetadata(
        client_metadata={"source": "test"},
        analytics_endpoint_id="analytics",
        context=ADMIN_CONTEXT if admin else USER_CONTEXT,
    )


def expected_members(admin: bool, full: bool) -> set[str]:
    pool = {"UserPoolId"} if admin else set()
    context = {"ContextData"} if admin else {"UserContextData"}
    return {"ClientId"} | pool | ((context | {"ClientMetadata", "AnalyticsMetadata"}) if full else set())


KINDS = list(product((False, True), repeat=4))
KIND_IDS = [
    "-".join(word for word, yes in zip(("admin", "secret", "device", "metadata"), kind, strict=True) if yes) or "plain"
    for kind in KINDS
]


@pytest.mark.parametrize(("admin", "secret", "device", "full"), KINDS, ids=KIND_IDS)
@pytest.mark.parametrize("case", FLOW_CASES)
def test_each_flow(case: str, admin: bool, secret: bool, device: bool, full: bool) -> None:
    def attempt() -> SignIn:
        return SignIn(
            app_client(secret=secret, admin=admin),
            username=LOGIN,
            device=DEVICE if device else None,
            metadata=full_metadata(admin) if full else None,
            **FLOW_CASES[case],
        )

    if case in (PUBLIC_ONLY if admin else ADMIN_ONLY):
        with pytest.raises(UsageError, match="flow"):
            attempt()
        return
    service = ScriptedService()
    step, _ = service.sign_in(attempt())
    assert isinstance(step, SignedIn)
    check_against_the_model(service.calls)
    (call,) = service.calls
    assert call.operation == ("AdminInitiateAuth" if admin else "InitiateAuth")
    flow = FLOW_CASES[case].get("flow", "USER_SRP_AUTH")
    assert call.parameters["AuthFlow"] == flow
    session = {"Session"} if "session" in FLOW_CASES[case] else set()
    assert call.parameters.keys() == expected_members(admin, full) | {"AuthFlow", "AuthParameters"} | session
    parameters = call.parameters["AuthParameters"]
    added = ({"SECRET_HASH"} if secret else set()) | ({"DEVICE_KEY"} if device else set())
    assert parameters.keys() == {"USERNAME"} | AUTH_PARAMETERS[case] | added
    assert parameters["USERNAME"] == LOGIN
    assert parameters.get("CHALLENGE_NAME", "SRP_A") == "SRP_A"
    if "step_up" in FLOW_CASES[case]:
        assert parameters["TARGET_ACR_VALUES"] == "urn:high urn:low"
        assert parameters["MAX_AGE"] == "300"
        assert parameters["ACCESS_TOKEN"] == "access-token-canary"
    if secret:
        assert parameters["SECRET_HASH"] == secret_hash(LOGIN)
    if device:
        assert parameters["DEVICE_KEY"] == DEVICE.key


def test_every_flow_is_among_the_cases() -> None:
    assert set(get_args(FlowName)) == FLOWS.keys()
    assert {case.get("flow", "USER_SRP_AUTH") for case in FLOW_CASES.values()} == set(FLOWS)
    model = set(MODEL.operation_model("InitiateAuth").input_shape.members["AuthFlow"].enum)
    assert set(FLOWS) | {"REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"} == model


def test_every_challenge_is_among_the_cases() -> None:
    assert set(RESPONSES) == {*CHALLENGES, *PROOFS, UNKNOWN_CHALLENGE}
    enum = MODEL.operation_model("RespondToAuthChallenge").input_shape.members["ChallengeName"].enum
    # The model's texts name EMAIL_MFA, its enum does not; botocore validates no enum.
    assert set(enum) | {"EMAIL_MFA"} == {*CHALLENGES, *PROOFS}


@pytest.mark.parametrize(("admin", "secret", "device", "full"), KINDS, ids=KIND_IDS)
@pytest.mark.parametrize("challenge", RESPONSES)
def test_each_challenge(challenge: str, admin: bool, secret: bool, device: bool, full: bool) -> None:
    device = device or challenge.startswith("DEVICE")
    service = ScriptedService(*script_of(challenge))
    attempt = SignIn(
        app_client(secret=secret, admin=admin),
        username=LOGIN,
        password=PASSWORD,
        device=DEVICE if device else None,
        metadata=full_metadata(admin) if full else None,
    )
    step, _ = service.sign_in(attempt)
    assert isinstance(step, SignedIn)
    assert step.username == USERNAME
    check_against_the_model(service.calls)
    call = service.calls[-1]
    assert call.operation == ("AdminRespondToAuthChallenge" if admin else "RespondToAuthChallenge")
    assert call.parameters["ChallengeName"] == challenge
    assert call.parameters.keys() == expected_members(admin, full) | {"ChallengeName", "ChallengeResponses", "Session"}
    responses: Mapping[str, str] = call.parameters["ChallengeResponses"]
    added = ({"SECRET_HASH"} if secret else set()) | ({"DEVICE_KEY"} if device else set())
    wanted = RESPONSES[challenge]
    assert responses.keys() == {"USERNAME", *wanted} | added
    assert responses["USERNAME"] == USERNAME
    if secret:
        assert responses["SECRET_HASH"] == secret_hash(USERNAME)
    if device:
        assert responses["DEVICE_KEY"] == DEVICE.key
    for name, value in wanted.items():
        assert value is None or responses[name] == value
    if full:
        assert call.parameters["ClientMetadata"] == {"source": "test"}
        assert call.parameters["AnalyticsMetadata"] == {"AnalyticsEndpointId": "analytics"}


@pytest.mark.parametrize(
    ("choice", "arguments", "responses"),
    [
        ("PASSWORD", {}, {"ANSWER": "PASSWORD", "PASSWORD": PASSWORD}),
        ("PASSWORD", {"password": "Another 1!"}, {"ANSWER": "PASSWORD", "PASSWORD": "Another 1!"}),
        ("SMS_OTP", {}, {"ANSWER": "SMS_OTP"}),
        ("WEB_AUTHN", {}, {"ANSWER": "WEB_AUTHN"}),
        ("WEB_AUTHN", {"credential": "{}"}, {"ANSWER": "WEB_AUTHN", "CREDENTIAL": "{}"}),
    ],
)
def test_each_choice_of_a_first_factor(choice: str, arguments: Any, responses: dict[str, str]) -> None:
    service = ScriptedService("SELECT_CHALLENGE")
    attempt = SignIn(app_client(), username=LOGIN, password=PASSWORD, flow="USER_AUTH")
    challenge = drive(attempt, lambda call: service.call(call.operation, call.parameters))
    assert isinstance(challenge, SelectChallenge)
    call = attempt.answer(challenge.response(choice, **arguments))
    assert isinstance(call, Call)
    check_against_the_model([call])
    assert call.parameters["ChallengeResponses"] == {"USERNAME": USERNAME} | responses


def test_the_choice_of_srp_is_proved() -> None:
    service = ScriptedService("SELECT_CHALLENGE", "PASSWORD_VERIFIER")
    attempt = SignIn(app_client(), username=LOGIN, flow="USER_AUTH")
    challenge = drive(attempt, lambda call: service.call(call.operation, call.parameters))
    assert isinstance(challenge, SelectChallenge)
    step = attempt.answer(challenge.response("PASSWORD_SRP", password=PASSWORD))
    step = drive(attempt, lambda call: service.call(call.operation, call.parameters))
    assert isinstance(step, SignedIn)
    responses = service.calls[1].parameters["ChallengeResponses"]
    assert responses.keys() == {"USERNAME", "ANSWER", "SRP_A"}


def test_enrolment_by_e_mail() -> None:
    service = ScriptedService("PASSWORD_VERIFIER", "MFA_SETUP")
    attempt = SignIn(app_client(), username=LOGIN, password=PASSWORD)
    challenge = drive(attempt, lambda call: service.call(call.operation, call.parameters))
    assert isinstance(challenge, MfaSetup)
    assert challenge.can_setup == ("SOFTWARE_TOKEN_MFA", "EMAIL_OTP")
    call = attempt.answer(challenge.email("alice@example.com"))
    assert isinstance(call, Call)
    check_against_the_model([call])
    assert call.parameters["ChallengeResponses"] == {"USERNAME": USERNAME, "EMAIL": "alice@example.com"}


def test_enrolment_of_an_app_goes_on_with_the_latest_session() -> None:
    service = ScriptedService("PASSWORD_VERIFIER", "MFA_SETUP")
    service.sign_in(SignIn(app_client(), username=LOGIN, password=PASSWORD))
    associate, verify, respond = service.calls[2:]
    assert associate == Call("AssociateSoftwareToken", {"Session": "session-2".ljust(24, "-")})
    assert verify.operation == "VerifySoftwareToken"
    assert verify.parameters.keys() == {"Session", "UserCode", "FriendlyDeviceName"}
    assert verify.parameters["Session"] == "session-3".ljust(24, "-")
    assert respond.parameters["Session"] == "session-4".ljust(24, "-")
    check_against_the_model(service.calls)


@pytest.mark.parametrize("secret", [False, True], ids=["public", "secret"])
@pytest.mark.parametrize("admin", [False, True], ids=["unsigned", "admin"])
def test_the_calls_around_a_sign_in(admin: bool, secret: bool) -> None:
    client = app_client(secret=secret, admin=admin)
    device, verifier = Device.register(key=DEVICE.key, group_key=DEVICE.group_key)
    calls = [
        refresh_token_auth(client, "refresh", username=USERNAME, device_key=DEVICE.key, metadata=full_metadata(admin)),
        get_tokens_from_refresh_token(client, "refresh", device_key=DEVICE.key, client_metadata={"source": "test"}),
        revoke_token(client, "refresh"),
        confirm_device("access", device, verifier, name="Alice's laptop"),
        update_device_status("access", device_key=device.key, remembered=True),
        update_device_status("access", device_key=device.key, remembered=False),
        forget_device("access", device_key=device.key),
    ]
    check_against_the_model(calls)
    prefix = "Admin" if admin else ""
    assert [call.operation for call in calls] == [
        prefix + "InitiateAuth",
        "GetTokensFromRefreshToken",
        "RevokeToken",
        "ConfirmDevice",
        "UpdateDeviceStatus",
        "UpdateDeviceStatus",
        "ForgetDevice",
    ]
    refresh, tokens, revocation, confirmation = (call.parameters for call in calls[:4])
    hashed = {"SECRET_HASH": secret_hash(USERNAME)} if secret else {}
    assert refresh["AuthParameters"] == {"REFRESH_TOKEN": "refresh", "DEVICE_KEY": DEVICE.key} | hashed
    raw = {"ClientSecret": CLIENT_SECRET} if secret else {}
    metadata = {"ClientMetadata": {"source": "test"}}
    base = {"ClientId": CLIENT_ID}
    assert tokens == base | raw | metadata | {"RefreshToken": "refresh", "DeviceKey": DEVICE.key}
    assert revocation == base | raw | {"Token": "refresh"}
    assert confirmation == {
        "AccessToken": "access",
        "DeviceKey": device.key,
        "DeviceName": "Alice's laptop",
        "DeviceSecretVerifierConfig": verifier.config(),
    }
    assert [call.parameters["DeviceRememberedStatus"] for call in calls[4:6]] == ["remembered", "not_remembered"]


def test_admin_requests_name_the_pool() -> None:
    service = ScriptedService("PASSWORD_VERIFIER")
    service.sign_in(SignIn(app_client(admin=True), username=LOGIN, password=PASSWORD))
    assert {call.parameters["UserPoolId"] for call in service.calls} == {POOL_ID}
    assert all(call.signed for call in service.calls)
