"""Devices: pools that remember them, and their registration by a foreign client and by ours."""

from __future__ import annotations

from pycognito.aws_srp import generate_hash_device

from cognito_challenges import Device, confirm_device
from interop import our_client
from interop.foreign_clients import pycognito_srp
from interop.user_pools import PASSWORD, Service, UserPool


def pool_with_devices(service: Service, *, secret: bool = False) -> UserPool:
    pool = UserPool.create(
        service,
        secret=secret,
        DeviceConfiguration={"ChallengeRequiredOnNewDevice": False, "DeviceOnlyRememberedOnUserPrompt": False},
    )
    pool.add_user("alice")
    return pool


def remembered_by_pycognito(pool: UserPool) -> Device:
    """A device with the password and the verifier that pycognito made for it."""
    result = pycognito_srp(pool, "alice", PASSWORD).authenticate_user()["AuthenticationResult"]
    metadata = result["NewDeviceMetadata"]
    password, config = generate_hash_device(metadata["DeviceGroupKey"], metadata["DeviceKey"])
    pool.client.confirm_device(
        AccessToken=result["AccessToken"], DeviceKey=metadata["DeviceKey"], DeviceSecretVerifierConfig=config
    )
    return Device(key=metadata["DeviceKey"], group_key=metadata["DeviceGroupKey"], password=password)


def remembered_by_us(pool: UserPool) -> Device:
    signed_in = our_client.sign_in(pool, "alice", PASSWORD)
    assert signed_in.new_device
    device, verifier = Device.register(key=signed_in.new_device.key, group_key=signed_in.new_device.group_key)
    our_client.over_boto3(pool)(confirm_device(signed_in.tokens.access, device, verifier, name="interop"))
    return device


def with_wrong_password(device: Device) -> Device:
    return Device(key=device.key, group_key=device.group_key, password=device.password[::-1])


def sign_in_with_pycognito(pool: UserPool, device: Device) -> bool:
    """Whether the service took it for a new device."""
    answer = pycognito_srp(
        pool,
        "alice",
        PASSWORD,
        device_key=device.key,
        device_group_key=device.group_key,
        device_password=device.password,
    ).authenticate_user()
    return "NewDeviceMetadata" in answer["AuthenticationResult"]
