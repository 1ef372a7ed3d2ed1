"""Remembered devices: their confirmation, their SRP, and the operations that list, change and forget them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cognito_challenges.pool.errors import ServiceError, device_not_found, invalid_parameter, missing, not_authorized
from cognito_challenges.pool.requests.paging import page
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.sign_in.asking import ask, ask_srp
from cognito_challenges.pool.sign_in.proofs import check_proof
from cognito_challenges.pool.store.attempt import Attempt, Turn
from cognito_challenges.pool.store.records import Device, User
from cognito_challenges.pool.store.state import State
from cognito_challenges.pool.store.tokens import authorize
from cognito_srp import PeerError, ServerSession, Verifier


def waiting_key(client_id: str, username: str, device_key: str) -> str:
    """Where the Session of a device step is found by a client that does not send it back."""
    return f"{client_id} {username} {device_key}"


def ask_device(state: State, attempt: Attempt) -> dict[str, object]:
    """DEVICE_SRP_AUTH. It can be answered with the Session, or without one by naming the user and the device."""
    answer = ask(state, attempt, "DEVICE_SRP_AUTH", {"USERNAME": attempt.user.username})
    now = state.clock()
    state.device_sessions.put(
        waiting_key(attempt.client.client_id, attempt.user.username, attempt.device_key or ""),
        str(answer["Session"]),
        now=now,
        expires=now + state.options.challenge_seconds,
    )
    return answer


def answer_device_srp(state: State, turn: Turn, attempt: Attempt) -> dict[str, object]:
    """DEVICE_PASSWORD_VERIFIER for the SRP_A of the device that the sign-in named."""
    srp_a = turn.parameters.get("SRP_A")
    if not srp_a:
        raise missing("SRP_A")
    device = _device_of(turn, attempt)
    verifier = device.verifier
    if verifier is None:
        raise device_not_found()
    return ask_srp(
        state,
        attempt,
        "DEVICE_PASSWORD_VERIFIER",
        verifier,
        lambda entropy: ServerSession.for_device(
            group_key=attempt.pool.device_group_key, key=device.key, verifier=verifier, srp_a=srp_a, entropy=entropy
        ),
        srp_a,
        {"USERNAME": attempt.user.username, "DEVICE_KEY": device.key},
        device,
    )


def answer_device_verifier(state: State, turn: Turn, attempt: Attempt) -> Attempt:
    """The proof of the device password, for the device that the challenge was put to."""
    device = _device_of(turn, attempt)
    if attempt.srp is None or device is not attempt.srp.device:
        raise device_not_found()
    check_proof(state, turn, attempt)
    return replace(attempt, device=device, passed=attempt.passed | {"DEVICE"})


def trusted(attempt: Attempt) -> bool:
    """The device that has proved itself is still the user's, and still remembered."""
    device = attempt.device
    return device is not None and device.remembered and attempt.user.devices.get(device.key) is device


def confirm_device(state: State, request: Request) -> dict[str, object]:
    """ConfirmDevice: keep the verifier of the device whose key came with the access token."""
    pool, user, claims = authorize(state, request.text("AccessToken"))
    key = request.text("DeviceKey")
    if not pool.tracks_devices:
        raise invalid_parameter("User pool is not configured to remember devices.")
    if key in user.devices:
        raise ServiceError("DeviceKeyExistsException", "Device already exists.")
    if claims.get("device_key") != key or key in user.forgotten:
        raise device_not_found()
    verifier = None
    if "DeviceSecretVerifierConfig" in request:
        config = request.structure("DeviceSecretVerifierConfig")
        try:
            verifier = Verifier.for_device(salt=config.text("Salt"), password_verifier=config.text("PasswordVerifier"))
        except PeerError as error:
            raise invalid_parameter(f"Invalid device secret verifier config: {error}.") from None
    asks_user = pool.settings.structure("DeviceConfiguration").flag("DeviceOnlyRememberedOnUserPrompt")
    now = state.clock()
    user.devices[key] = Device(key, request.text("DeviceName"), verifier, not asks_user, now, now, now)
    return {"UserConfirmationNecessary": asks_user}


def get_device(state: State, request: Request) -> dict[str, object]:
    """GetDevice and AdminGetDevice."""
    return {"Device": described(_device(_user(state, request), request))}


def list_devices(state: State, request: Request) -> dict[str, object]:
    """ListDevices and AdminListDevices, in the order in which they were confirmed."""
    devices, rest = page(list(_user(state, request).devices.values()), request, key="PaginationToken")
    return {"Devices": [described(device) for device in devices], **rest}


def update_device_status(state: State, request: Request) -> dict[str, object]:
    """UpdateDeviceStatus and AdminUpdateDeviceStatus."""
    device = _device(_user(state, request), request)
    if "DeviceRememberedStatus" in request:
        device.remembered = request.text("DeviceRememberedStatus") == "remembered"
        device.modified = state.clock()
    return {}


def forget_device(state: State, request: Request) -> dict[str, object]:
    """ForgetDevice and AdminForgetDevice: the key cannot be confirmed again."""
    user = _user(state, request)
    key = _device(user, request).key
    del user.devices[key]
    user.forgotten.add(key)
    return {}


def _device_of(turn: Turn, attempt: Attempt) -> Device:
    key = turn.parameters.get("DEVICE_KEY")
    if not key:
        raise missing("DEVICE_KEY")
    if key != attempt.device_key:
        raise not_authorized("Invalid device key given.")
    device = attempt.user.devices.get(key)
    if device is None:
        raise device_not_found()
    return device


def _user(state: State, request: Request) -> User:
    if "UserPoolId" in request:
        return state.pool(request.text("UserPoolId")).user(request.text("Username"))
    return authorize(state, request.text("AccessToken"))[1]


def _device(user: User, request: Request) -> Device:
    device = user.devices.get(request.text("DeviceKey"))
    if device is None:
        raise device_not_found()
    return device


def described(device: Device) -> dict[str, object]:
    """A device as GetDevice gives it."""
    status = "remembered" if device.remembered else "not_remembered"
    attributes = [{"Name": "device_status", "Value": status}]
    if device.name:
        attributes.append({"Name": "device_name", "Value": device.name})
    return {
        "DeviceKey": device.key,
        "DeviceAttributes": attributes,
        "DeviceCreateDate": device.created,
        "DeviceLastModifiedDate": device.modified,
        "DeviceLastAuthenticatedDate": device.last_authenticated,
    }


OPERATIONS: dict[str, Callable[[State, Request], dict[str, object]]] = {
    "ConfirmDevice": confirm_device,
    "GetDevice": get_device,
    "AdminGetDevice": get_device,
    "ListDevices": list_devices,
    "AdminListDevices": list_devices,
    "UpdateDeviceStatus": update_device_status,
    "AdminUpdateDeviceStatus": update_device_status,
    "ForgetDevice": forget_device,
    "AdminForgetDevice": forget_device,
}
