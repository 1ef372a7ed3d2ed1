"""What a caller gives: checked before anything is sent, with an error that names it."""

from __future__ import annotations

from typing import Any

import pytest

from cognito_challenges import (
    AdminContext,
    AppClient,
    PeerError,
    RequestMetadata,
    SignIn,
    StepUp,
    UsageError,
    UserContext,
    confirm_device,
    read_refreshed,
    refresh_token_auth,
    revoke_token,
    user_must_agree,
)
from cognito_srp import Device
from support.right_answers import PASSWORD
from support.scripted import LOGIN, TOKENS, app_client

ADMIN_CONTEXT = AdminContext(ip_address="::1", server_name="a", server_path="/", headers=())
GIVEN: dict[str, Any] = {"username": LOGIN, "password": PASSWORD}


@pytest.mark.parametrize(
    ("parameter", "given"),
    [
        ("username", {"username": ""}),
        ("username", {"username": 5}),
        ("password", {"password": ""}),
        ("password", {"password": "\ud800"}),
        ("password", {"password": None}),
        ("password", {"password": None, "flow": "USER_PASSWORD_AUTH"}),
        ("password", {"password": None, "flow": "USER_AUTH", "preferred_challenge": "PASSWORD"}),
        ("password", {"password": None, "flow": "USER_AUTH", "preferred_challenge": "PASSWORD_SRP"}),
        ("flow", {"flow": "REFRESH_TOKEN_AUTH"}),
        ("flow", {"flow": "ADMIN_USER_PASSWORD_AUTH"}),
        ("preferred_challenge", {"preferred_challenge": "EMAIL_OTP"}),
        ("preferred_challenge", {"preferred_challenge": "", "flow": "USER_AUTH"}),
        ("step_up", {"step_up": StepUp(target_acr_values=("a",))}),
        ("session", {"session": "s" * 20}),
        ("totp_secret", {"totp_secret": "not Base32"}),
        ("context", {"metadata": RequestMetadata(context=ADMIN_CONTEXT)}),
        ("metadata", {"metadata": {"a": "b"}}),
    ],
    ids=str,
)
def test_what_cannot_start_is_refused(parameter: str, given: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as refusal:
        SignIn(app_client(), **GIVEN | given)
    assert refusal.value.parameter == parameter


def test_the_context_fits_the_operations() -> None:
    with pytest.raises(UsageError, match="context"):
        SignIn(app_client(admin=True), metadata=RequestMetadata(context=UserContext(ip_address="::1")), **GIVEN)


@pytest.mark.parametrize(
    ("member", "context"),
    [
        ("IpAddress", {"ip_address": ""}),
        ("ServerName", {"server_name": ""}),
        ("ServerPath", {"server_path": None}),
        ("EncodedData", {"encoded_data": ""}),
        ("HttpHeaders", {"headers": ("User-Agent", "x")}),
        ("HttpHeaders", {"headers": (("User-Agent", 1),)}),
        ("HttpHeaders", {"headers": (("User-Agent",),)}),
    ],
)
def test_the_required_members_of_context_data(member: str, context: dict[str, Any]) -> None:
    good: dict[str, Any] = {"ip_address": "::1", "server_name": "s", "server_path": "/", "headers": ()}
    assert AdminContext(**good).members().keys() == {"IpAddress", "ServerName", "ServerPath", "HttpHeaders"}
    with pytest.raises(UsageError) as refusal:
        AdminContext(**good | context)
    assert refusal.value.parameter == member


@pytest.mark.parametrize("context", [{"ip_address": ""}, {"encoded_data": 5}])
def test_the_members_of_user_context_data(context: dict[str, Any]) -> None:
    assert UserContext().members() == {}
    with pytest.raises(UsageError):
        UserContext(**context)


@pytest.mark.parametrize(
    ("parameter", "step_up"),
    [
        ("TARGET_ACR_VALUES", {"access_token": "token"}),
        ("TARGET_ACR_VALUES", {"target_acr_values": ("a b",)}),
        ("TARGET_ACR_VALUES", {"target_acr_values": ("",)}),
        ("MAX_AGE", {"max_age": -1}),
        ("ACCESS_TOKEN", {"target_acr_values": ("a",), "access_token": ""}),
    ],
)
def test_a_step_up_that_the_service_does_not_have(parameter: str, step_up: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as refusal:
        StepUp(**step_up)
    assert refusal.value.parameter == parameter


@pytest.mark.parametrize(
    ("parameter", "change"),
    [
        ("pool_id", {"pool_id": "Ab1"}),
        ("client_id", {"client_id": ""}),
        ("client_id", {"client_id": "c" * 129}),
        ("client_secret", {"client_secret": ""}),
        ("admin", {"admin": "no"}),
    ],
)
def test_an_app_client_with_a_malformed_member_is_refused(parameter: str, change: dict[str, Any]) -> None:
    good: dict[str, Any] = {"pool_id": "us-east-1_Ab1", "client_id": "client"}
    with pytest.raises(UsageError) as refusal:
        AppClient(**good | change)
    assert refusal.value.parameter == parameter


@pytest.mark.parametrize(
    "token", ["", 5, None, "t" * 131_073, "\ud800"], ids=["empty", "number", "none", "long", "half"]
)
def test_a_token_that_is_none(token: Any) -> None:
    device, verifier = Device.register(key="key", group_key="group")
    for call in (
        lambda: refresh_token_auth(app_client(), token),
        lambda: revoke_token(app_client(), token),
        lambda: confirm_device(token, device, verifier),
    ):
        with pytest.raises(UsageError, match="token"):
            call()


def test_the_secret_hash_of_a_refresh_needs_a_name() -> None:
    with pytest.raises(UsageError, match="username"):
        refresh_token_auth(app_client(secret=True), "token")


def test_consent_is_a_yes_or_no() -> None:
    assert user_must_agree({}) is False
    assert user_must_agree({"UserConfirmationNecessary": True}) is True
    with pytest.raises(PeerError, match="UserConfirmationNecessary"):
        user_must_agree({"UserConfirmationNecessary": "true"})


def test_the_refresh_token_to_keep() -> None:
    without = {name: value for name, value in TOKENS.items() if name != "RefreshToken"}
    assert read_refreshed({"AuthenticationResult": without}, "used").refresh == "used"
    assert read_refreshed({"AuthenticationResult": TOKENS}, "used").refresh == TOKENS["RefreshToken"]
