"""moto's Cognito with SRP that is verified, and devices that are remembered.

    with mock_aws(), moto_srp():
        ...

moto answers USER_SRP_AUTH with random numbers and takes any signature. Inside this block it sends a real challenge and
refuses a wrong proof, and it serves DEVICE_SRP_AUTH, DEVICE_PASSWORD_VERIFIER, ConfirmDevice, GetDevice, ListDevices,
UpdateDeviceStatus, ForgetDevice and their admin forms. Everything else stays moto's.
"""

from __future__ import annotations

import json
import os
import time
from base64 import b64encode
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from moto.cognitoidp.exceptions import InvalidParameterException, NotAuthorizedError, ResourceNotFoundError
from moto.cognitoidp.models import CognitoIdpBackend, cognitoidp_backends
from moto.cognitoidp.responses import CognitoIdpResponse

from cognito_challenges.pool.errors import WRONG_CREDENTIALS
from cognito_challenges.pool.sign_in.devices import described
from cognito_challenges.pool.sign_in.proofs import TIMESTAMP_FORM
from cognito_challenges.pool.store.records import Device
from cognito_srp import PeerError, ServerSession, Verifier
from cognito_srp.timestamps import parse_timestamp

CLOCK_WINDOW_SECONDS = 300
_REGION_GROUP = "-motoGrp1"


@dataclass(slots=True)
class Challenge:
    """An SRP challenge of moto's: what to verify it with, and moto's own session behind a password's."""

    server: ServerSession
    pool: Any
    username: str
    session: str = field(repr=False)
    device_key: str | None


@dataclass(slots=True)
class Extension:
    """What moto does not keep: challenges by secret block, waiting device steps, and devices by pool and user."""

    challenges: dict[str, Challenge] = field(default_factory=dict[str, Challenge], repr=False)
    waiting: dict[tuple[str, str, str], dict[str, Any]] = field(
        default_factory=dict[tuple[str, str, str], dict[str, Any]], repr=False
    )
    devices: dict[tuple[str, str], dict[str, Device]] = field(default_factory=dict[tuple[str, str], dict[str, Device]])
    new_keys: dict[str, str] = field(default_factory=dict[str, str], repr=False)

    def put_password(self, answer: dict[str, Any], pool: Any, username: str, user: Any, given: dict[str, str]) -> None:
        """Turn moto's made-up PASSWORD_VERIFIER into a real one."""
        parameters = answer["ChallengeParameters"]
        identity = parameters["USER_ID_FOR_SRP"]
        verifier = Verifier.for_user(pool.id, user_id=identity, password=user.password)
        server = _started(
            lambda: ServerSession.for_user(pool.id, user_id=identity, verifier=verifier, srp_a=given["SRP_A"])
        )
        block = _secret_block()
        self.challenges[block] = Challenge(server, pool, username, answer["Session"], None)
        parameters.update(SALT=server.salt, SRP_B=server.srp_b, SECRET_BLOCK=block)
        # Where the client is to answer with a Session, moto looks for it in the secret block.
        del answer["Session"]

    def check(self, responses: dict[str, str]) -> Challenge:
        """The challenge that a proof fits, once. Raises moto's NotAuthorizedError."""
        challenge = self.challenges.pop(responses.get("PASSWORD_CLAIM_SECRET_BLOCK", ""), None)
        if challenge is None:
            raise NotAuthorizedError("Invalid session for the user.")
        try:
            signed_at = parse_timestamp(responses.get("TIMESTAMP", ""))
        except PeerError:
            raise InvalidParameterException(TIMESTAMP_FORM) from None
        try:
            challenge.server.verify(
                secret_block=responses.get("PASSWORD_CLAIM_SECRET_BLOCK", ""),
                timestamp=responses.get("TIMESTAMP", ""),
                signature=responses.get("PASSWORD_CLAIM_SIGNATURE", ""),
            )
        except PeerError:
            raise NotAuthorizedError(WRONG_CREDENTIALS) from None
        if abs(time.time() - signed_at) > CLOCK_WINDOW_SECONDS:
            raise NotAuthorizedError(WRONG_CREDENTIALS)
        return challenge

    def owned(self, pool: Any, username: str) -> dict[str, Device]:
        """The devices of a user."""
        return self.devices.setdefault((pool.id, username), {})

    def with_new_device(self, answer: dict[str, Any], pool: Any, key: str | None) -> dict[str, Any]:
        """Offer a device key with the tokens, where the pool remembers devices and this one is not known."""
        result = answer.get("AuthenticationResult")
        if result is not None and key is None and "DeviceConfiguration" in pool.extended_config:
            new = f"{pool.region}_{_uuid()}"
            self.new_keys[result["AccessToken"]] = new
            result["NewDeviceMetadata"] = {"DeviceKey": new, "DeviceGroupKey": _REGION_GROUP}
        return answer


@contextmanager
def moto_srp() -> Generator[None]:
    """Make moto verify SRP and devices for the length of a with block, inside mock_aws."""
    extension = Extension()
    initiate, respond = CognitoIdpBackend.initiate_auth, CognitoIdpBackend.respond_to_auth_challenge

    def initiate_auth(
        backend: CognitoIdpBackend, client_id: str, auth_flow: str, auth_parameters: dict[str, str]
    ) -> dict[str, Any]:
        answer = initiate(backend, client_id, auth_flow, auth_parameters)
        if answer.get("ChallengeName") == "PASSWORD_VERIFIER":
            username, pool = backend.sessions[answer["Session"]]
            user = backend.admin_get_user(pool.id, username)
            extension.put_password(answer, pool, user.username, user, auth_parameters)
        return answer

    def respond_to_auth_challenge(
        backend: CognitoIdpBackend,
        session: str,
        client_id: str,
        challenge_name: str,
        challenge_responses: dict[str, str],
    ) -> dict[str, Any]:
        if challenge_name == "DEVICE_SRP_AUTH":
            return _put_device(extension, client_id, challenge_responses)
        if challenge_name not in ("PASSWORD_VERIFIER", "DEVICE_PASSWORD_VERIFIER"):
            return respond(backend, session, client_id, challenge_name, challenge_responses)
        if not challenge_responses.get("USERNAME"):
            raise InvalidParameterException("Missing required parameter USERNAME")
        challenge = extension.check(challenge_responses)
        pool, key = challenge.pool, challenge_responses.get("DEVICE_KEY")
        if client_id not in pool.clients:
            raise ResourceNotFoundError(client_id)
        if challenge_name == "DEVICE_PASSWORD_VERIFIER":
            # moto's public face has no way to sign in a user whose device stands in for the second factor.
            return backend._log_user_in(pool, pool.clients[client_id], challenge.username)  # pyright: ignore[reportPrivateUsage]
        if key is not None:
            device = extension.owned(pool, challenge.username).get(key)
            if device is None:
                raise ResourceNotFoundError("Device does not exist.")
            if device.remembered and device.verifier is not None:
                extension.waiting[client_id, challenge.username, key] = {"pool": pool, "device": device}
                name = {"USERNAME": challenge.username}
                return {"ChallengeName": "DEVICE_SRP_AUTH", "ChallengeParameters": name, "Session": _secret_block()}
        responses = {**challenge_responses, "PASSWORD_CLAIM_SECRET_BLOCK": challenge.session}
        responses["USERNAME"] = challenge.username
        answer = respond(backend, challenge.session, client_id, challenge_name, responses)
        return extension.with_new_device(answer, pool, key)

    operations: dict[str, Any] = {
        f"{prefix}{name}": _operation(extension, name, admin=bool(prefix))
        for prefix in ("", "admin_")
        for name in ("get_device", "list_devices", "update_device_status", "forget_device")
    }
    operations["confirm_device"] = _operation(extension, "confirm_device", admin=False)
    with (
        patch.object(CognitoIdpBackend, "initiate_auth", initiate_auth),
        patch.object(CognitoIdpBackend, "respond_to_auth_challenge", respond_to_auth_challenge),
        patch.multiple(CognitoIdpResponse, create=True, **operations),
    ):
        yield


def _put_device(extension: Extension, client_id: str, responses: dict[str, str]) -> dict[str, Any]:
    username, key = responses.get("USERNAME", ""), responses.get("DEVICE_KEY", "")
    waiting = extension.waiting.pop((client_id, username, key), None)
    if waiting is None:
        raise NotAuthorizedError("Invalid session for the user.")
    device: Device = waiting["device"]
    verifier = device.verifier
    if verifier is None:
        raise ResourceNotFoundError("Device does not exist.")
    server = _started(
        lambda: ServerSession.for_device(
            group_key=_REGION_GROUP, key=key, verifier=verifier, srp_a=responses.get("SRP_A", "")
        )
    )
    block = _secret_block()
    extension.challenges[block] = Challenge(server, waiting["pool"], username, "", key)
    return {
        "ChallengeName": "DEVICE_PASSWORD_VERIFIER",
        "ChallengeParameters": {
            "SALT": server.salt,
            "SRP_B": server.srp_b,
            "SECRET_BLOCK": block,
            "DEVICE_KEY": key,
            "USERNAME": username,
        },
    }


def _operation(extension: Extension, name: str, *, admin: bool) -> Callable[[Any], str]:
    """A method for moto's response class: one device operation by access token, or by pool and username."""

    def act(response: Any) -> str:
        given: Callable[[str], Any] = response._get_param
        token = "" if admin else str(given("AccessToken"))
        pool, username = _admin_user(given) if admin else _token_user(token)
        devices = extension.owned(pool, username)
        key = given("DeviceKey")
        if name == "confirm_device":
            return json.dumps(_confirm(extension, devices, token, given))
        if name == "list_devices":
            return json.dumps({"Devices": [described(device) for device in devices.values()]})
        if key not in devices:
            raise ResourceNotFoundError("Device does not exist.")
        if name == "get_device":
            return json.dumps({"Device": described(devices[key])})
        if name == "forget_device":
            del devices[key]
        elif given("DeviceRememberedStatus"):
            devices[key].remembered = given("DeviceRememberedStatus") == "remembered"
        return "{}"

    return act


def _confirm(
    extension: Extension, devices: dict[str, Device], token: str, given: Callable[[str], Any]
) -> dict[str, bool]:
    key = given("DeviceKey")
    config: dict[str, str] = given("DeviceSecretVerifierConfig") or {}
    if extension.new_keys.get(token) != key:
        raise ResourceNotFoundError("Device does not exist.")
    try:
        verifier = (
            Verifier.for_device(salt=config.get("Salt", ""), password_verifier=config.get("PasswordVerifier", ""))
            if config
            else None
        )
    except PeerError as error:
        raise InvalidParameterException(f"Invalid device secret verifier config: {error}.") from None
    pool, _ = _token_user(token)
    asks_user = bool(pool.extended_config["DeviceConfiguration"].get("DeviceOnlyRememberedOnUserPrompt"))
    now = time.time()
    devices[key] = Device(key, given("DeviceName") or "", verifier, not asks_user, now, now, now)
    return {"UserConfirmationNecessary": asks_user}


def _token_user(token: str) -> tuple[Any, str]:
    for regions in cognitoidp_backends.values():
        for backend in regions.values():
            for pool in backend.user_pools.values():
                if token in pool.access_tokens:
                    return pool, pool.access_tokens[token][1]
    raise NotAuthorizedError("Invalid Access Token")


def _admin_user(given: Callable[[str], Any]) -> tuple[Any, str]:
    for regions in cognitoidp_backends.values():
        for backend in regions.values():
            if given("UserPoolId") in backend.user_pools:
                user = backend.admin_get_user(given("UserPoolId"), given("Username"))
                return backend.user_pools[given("UserPoolId")], user.username
    raise ResourceNotFoundError(given("UserPoolId"))


def _started(start: Callable[[], ServerSession]) -> ServerSession:
    try:
        return start()
    except PeerError as error:
        raise InvalidParameterException(f"Invalid SRP_A: it {error.detail}.") from None


def _secret_block() -> str:
    return b64encode(os.urandom(96)).decode()


def _uuid() -> str:
    raw = os.urandom(16).hex()
    return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-a{raw[17:20]}-{raw[20:]}"
