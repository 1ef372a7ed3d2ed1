"""Remembered devices after sign-in: the calls that confirm, keep and forget one.

device, verifier = Device.register(key=new_device.key, group_key=new_device.group_key)
answer = transport(confirm_device(tokens.access, device, verifier, name="Alice's laptop"))
if user_must_agree(answer) and alice_agrees():
    transport(update_device_status(tokens.access, device_key=device.key, remembered=True))
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cognito_srp import Device, DeviceVerifier, PeerError
from cognito_srp.encoding import utf8, wrong_type

from .answers import check_answer
from .requests import Call, check_token


def confirm_device(access_token: str, device: Device, verifier: DeviceVerifier, *, name: str | None = None) -> Call:
    """ConfirmDevice: the pool stores the verifier. name: what the user calls the device, 1 to 1024 characters."""
    check_token("access_token", access_token)
    if not isinstance(device, Device):
        raise wrong_type("device", device, "a Device")
    if not isinstance(verifier, DeviceVerifier):
        raise wrong_type("verifier", verifier, "a DeviceVerifier")
    members: dict[str, Any] = {
        "AccessToken": access_token,
        "DeviceKey": device.key,
        "DeviceSecretVerifierConfig": verifier.config(),
    }
    if name is not None:
        utf8("name", name, limit=1024)
        members["DeviceName"] = name
    return Call("ConfirmDevice", members)


def user_must_agree(answer: Mapping[str, Any]) -> bool:
    """UserConfirmationNecessary in ConfirmDevice's answer: whether the user has to agree first."""
    check_answer(answer)
    value = answer.get("UserConfirmationNecessary", False)
    if not isinstance(value, bool):
        raise wrong_type("UserConfirmationNecessary", value, "true or false", PeerError)
    return value


def update_device_status(access_token: str, *, device_key: str, remembered: bool) -> Call:
    """UpdateDeviceStatus: the user agrees, or not, to have the device remembered."""
    check_token("access_token", access_token)
    utf8("device_key", device_key)
    status = "remembered" if remembered else "not_remembered"
    return Call(
        "UpdateDeviceStatus",
        {"AccessToken": access_token, "DeviceKey": device_key, "DeviceRememberedStatus": status},
    )


def forget_device(access_token: str, *, device_key: str) -> Call:
    """ForgetDevice: the pool drops the device and its verifier."""
    check_token("access_token", access_token)
    utf8("device_key", device_key)
    return Call("ForgetDevice", {"AccessToken": access_token, "DeviceKey": device_key})
