"""Each challenge, signed through over HTTP by each transport, against a service that plays it."""

from __future__ import annotations

import pytest

from cognito_challenges import ServiceError, SignIn, State
from support.right_answers import PASSWORD, RIGHT, response_to
from support.scripted import DEVICE, LOGIN, TOKENS, USERNAME, ScriptedService, app_client
from transports.loopback import SIGNING, TRANSPORTS, serving

ASKED = {
    "PASSWORD_VERIFIER": [],
    "DEVICE_PASSWORD_VERIFIER": [],
    "PASSWORD_SRP": [],
    "MFA_SETUP": ["MFA_SETUP", "TOTP_ENROLMENT"],
    "RETINA_SCAN_2031": ["*"],
}
"""What a person is asked, where it is not the challenge itself."""


def script_of(challenge: str) -> list[str]:
    if challenge == "DEVICE_PASSWORD_VERIFIER":
        return ["PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", challenge]
    if challenge == "PASSWORD_VERIFIER":
        return [challenge]
    if challenge == "PASSWORD_SRP":
        return [challenge, "PASSWORD_VERIFIER"]
    return ["PASSWORD_VERIFIER", challenge]


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("challenge", ["PASSWORD_VERIFIER", "DEVICE_PASSWORD_VERIFIER", *RIGHT])
def test_each_challenge(challenge: str, transport: str) -> None:
    client, service = app_client(secret=True), ScriptedService(*script_of(challenge))
    attempt = SignIn(client, username=LOGIN, password=PASSWORD, device=DEVICE)
    with serving({"/": service}) as url:
        signed_in, asked = TRANSPORTS[transport](client, url + "/", service, attempt, response_to)
    assert signed_in.tokens.access == TOKENS["AccessToken"]
    assert signed_in.username == USERNAME
    assert asked == ASKED.get(challenge, [challenge])


@pytest.mark.parametrize("transport", SIGNING)
@pytest.mark.parametrize("challenge", ["PASSWORD_VERIFIER", "ADMIN_NO_SRP_AUTH", "SMS_MFA"])
def test_admin_operations(challenge: str, transport: str) -> None:
    client, service = app_client(secret=True, admin=True), ScriptedService(*script_of(challenge))
    attempt = SignIn(client, username=LOGIN, password=PASSWORD)
    with serving({"/": service}) as url:
        signed_in, _ = TRANSPORTS[transport](client, url + "/", service, attempt, response_to)
    assert signed_in.tokens.access == TOKENS["AccessToken"]
    assert all(call.operation.startswith("Admin") for call in service.calls)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_refusal(transport: str) -> None:
    client, service = app_client(), ScriptedService("PASSWORD_VERIFIER")
    attempt = SignIn(client, username=LOGIN, password="Wrong-password-1!")
    with serving({"/": service}) as url, pytest.raises(ServiceError) as refusal:
        TRANSPORTS[transport](client, url + "/", service, attempt, response_to)
    assert (refusal.value.code, refusal.value.message) == ("NotAuthorizedException", "Incorrect username or password.")
    assert attempt.state is State.FAILED


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_forgotten_device(transport: str) -> None:
    client, service = app_client(), ScriptedService("PASSWORD_VERIFIER", forgets_device=True)
    attempt = SignIn(client, username=LOGIN, password=PASSWORD, device=DEVICE)
    with serving({"/": service}) as url:
        signed_in, _ = TRANSPORTS[transport](client, url + "/", service, attempt, response_to)
    assert signed_in.forgotten_device == DEVICE.key
    assert len(service.calls) == 3
