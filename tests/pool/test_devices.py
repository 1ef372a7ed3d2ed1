"""Remembered devices from ConfirmDevice to ForgetDevice."""

from __future__ import annotations

import base64

import pytest

from cognito_srp import Device

WRONG = ("NotAuthorizedException", "Incorrect username or password.", "")
ABSENT = ("ResourceNotFoundException", "Device does not exist.", "")


@pytest.fixture
def owned(bench, remembers, totp_optional):
    """A bench whose user has TOTP, a device, and the TOTP codes."""
    at = bench(pool=remembers, mfa=totp_optional)
    device = at.confirm_device(at.srp()["AuthenticationResult"])
    return at, device, at.enrol_totp()


@pytest.mark.parametrize("echo_session", [True, False])
def test_device_stands_in_for_the_second_factor(owned, echo_session):
    at, device, _ = owned
    assert at.srp()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    answer = at.srp(DEVICE_KEY=device.key)
    assert answer["ChallengeName"] == "DEVICE_SRP_AUTH"
    result = at.device_leg(answer, device, echo_session=echo_session)["AuthenticationResult"]
    assert "NewDeviceMetadata" not in result


def test_device_step_is_answered_once(owned, refused):
    at, device, _ = owned
    answer = at.srp(DEVICE_KEY=device.key)
    at.device_leg(answer, device)
    assert refused(lambda: at.device_leg(answer, device))[0] == "NotAuthorizedException"
    assert refused(lambda: at.device_leg(answer, device, echo_session=False))[0] == "NotAuthorizedException"


def test_device_beside_the_second_factor(bench, totp_optional):
    at = bench(pool={"DeviceConfiguration": {"ChallengeRequiredOnNewDevice": False}}, mfa=totp_optional)
    device = at.confirm_device(at.srp()["AuthenticationResult"])
    at.enrol_totp()
    answer = at.device_leg(at.srp(DEVICE_KEY=device.key), device)
    assert answer["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


def test_wrong_device_password(owned, refused):
    at, device, _ = owned
    other, _ = Device.register(key=device.key, group_key=device.group_key)
    answer = at.srp(DEVICE_KEY=device.key)
    assert refused(lambda: at.device_leg(answer, other)) == WRONG


def test_unknown_device_key_leaves_the_challenge(owned, refused):
    at, _, _ = owned
    session, answer = at.start()
    claim = at.claim(session, answer)
    unknown = "us-east-1_00000000-0000-4000-8000-000000000000"
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **claim, DEVICE_KEY=unknown)) == ABSENT
    assert at.respond("PASSWORD_VERIFIER", **claim)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


def test_device_of_another_user(owned, refused):
    at, device, _ = owned
    at.add_user("bob")
    assert refused(lambda: at.srp("bob", DEVICE_KEY=device.key)) == ABSENT


def test_device_key_of_another_step(owned, refused):
    at, device, _ = owned
    answer = at.srp(DEVICE_KEY=device.key)
    other = Device.register(key="us-east-1_00000000-0000-4000-8000-000000000000", group_key=device.group_key)[0]
    assert refused(lambda: at.device_leg(answer, other))[0] == "NotAuthorizedException"


def test_confirmation(bench, remembers, refused):
    at = bench(pool=remembers)
    result = at.srp()["AuthenticationResult"]
    new = result["NewDeviceMetadata"]
    _, verifier = Device.register(key=new["DeviceKey"], group_key=new["DeviceGroupKey"])

    def confirm(key: str = new["DeviceKey"], **config: str) -> object:
        return at.aws.confirm_device(
            AccessToken=result["AccessToken"],
            DeviceKey=key,
            DeviceSecretVerifierConfig={**verifier.config(), **config},
        )

    assert refused(lambda: confirm("us-east-1_00000000-0000-4000-8000-000000000000")) == ABSENT
    for bent in (
        {"Salt": "not base64!"},
        {"PasswordVerifier": ""},
        {"PasswordVerifier": base64.b64encode(b"\1").decode()},
    ):
        assert refused(lambda bent=bent: confirm(**bent))[0] == "InvalidParameterException"
    assert confirm()["UserConfirmationNecessary"] is False
    assert refused(confirm)[0] == "DeviceKeyExistsException"


def test_pool_that_asks_the_user(bench, remembers):
    remembers = {"DeviceConfiguration": {**remembers["DeviceConfiguration"], "DeviceOnlyRememberedOnUserPrompt": True}}
    at = bench(pool=remembers)
    result = at.srp()["AuthenticationResult"]
    device = at.confirm_device(result)
    assert "AuthenticationResult" in at.srp(DEVICE_KEY=device.key)
    at.aws.update_device_status(
        AccessToken=result["AccessToken"], DeviceKey=device.key, DeviceRememberedStatus="remembered"
    )
    assert at.srp(DEVICE_KEY=device.key)["ChallengeName"] == "DEVICE_SRP_AUTH"


def test_list_change_and_forget(owned, refused):
    at, device, code = owned
    answer = at.srp()
    done = at.respond("SOFTWARE_TOKEN_MFA", answer["Session"], USERNAME="alice", SOFTWARE_TOKEN_MFA_CODE=code())
    token = done["AuthenticationResult"]["AccessToken"]
    own, admin = {"AccessToken": token}, {"UserPoolId": at.pool_id, "Username": "alice"}
    for listed in (at.aws.list_devices(**own), at.aws.admin_list_devices(**admin)):
        assert [entry["DeviceKey"] for entry in listed["Devices"]] == [device.key]
    at.aws.admin_update_device_status(**admin, DeviceKey=device.key, DeviceRememberedStatus="not_remembered")
    shown = at.aws.get_device(**own, DeviceKey=device.key)["Device"]["DeviceAttributes"]
    assert {"Name": "device_status", "Value": "not_remembered"} in shown
    assert {"Name": "device_name", "Value": "laptop"} in shown
    assert at.srp(DEVICE_KEY=device.key)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    at.aws.forget_device(**own, DeviceKey=device.key)
    for act in (
        lambda: at.aws.admin_get_device(**admin, DeviceKey=device.key),
        lambda: at.aws.admin_forget_device(**admin, DeviceKey=device.key),
        lambda: at.srp(DEVICE_KEY=device.key),
    ):
        assert refused(act) == ABSENT
