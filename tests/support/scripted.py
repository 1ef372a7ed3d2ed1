"""A service that plays a given list of challenges, and checks what it gets as the real one does.

SRP proofs of the password and of the device are verified by the engine's server role; codes, choices and Sessions
are compared with what was issued. Every request is kept, whole, for the tests to look at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cognito_challenges import AppClient, Call, Challenge, ServiceError, SignIn, drive
from cognito_srp import Device, PeerError, ServerSession, Verifier
from support.right_answers import PASSWORD, RIGHT, TOTP_SECRET, response_to, totp_code

POOL_ID = "us-east-1_Ab1Cd2Ef3"
CLIENT_ID = "1example23456789"
CLIENT_SECRET = "client-secret-canary-0123456789abcdef"
LOGIN = "Alice@example.com"
USERNAME = "5e884898-da28-4151-9cd3-alice"
DEVICE, _DEVICE_VERIFIER = Device.register(key="us-east-1_3d1b3c7a-5b5e-4c0e-9c3c-0123456789ab", group_key="group-1")
_DEVICE_CONFIG = _DEVICE_VERIFIER.config()
_VERIFIER = Verifier.for_user(POOL_ID, user_id=USERNAME, password=PASSWORD)
_DEVICE_STORED = Verifier.for_device(salt=_DEVICE_CONFIG["Salt"], password_verifier=_DEVICE_CONFIG["PasswordVerifier"])
SECRET_BLOCK = "c2VjcmV0IGJsb2Nr"
MOST_CALLS = 100
TOKENS = {
    "AccessToken": "access-token-canary",
    "IdToken": "id-token-canary",
    "RefreshToken": "refresh-token-canary",
    "ExpiresIn": 3600,
    "TokenType": "Bearer",
}


def app_client(*, secret: bool = False, admin: bool = False) -> AppClient:
    return AppClient(POOL_ID, CLIENT_ID, client_secret=CLIENT_SECRET if secret else None, admin=admin)


class ScriptedService:
    """Plays `challenges` in order and then gives tokens.

    sessions: whether Sessions are issued at all. username: sent as USERNAME with every challenge when there is one.
    forgets_device: refuse requests that name a device.
    """

    def __init__(
        self,
        *challenges: str,
        sessions: bool = True,
        username: str | None = USERNAME,
        forgets_device: bool = False,
        new_device: bool = False,
    ) -> None:
        self._script = list(challenges)
        self._sessions = sessions
        self._username = username
        self._forgets_device = forgets_device
        self._new_device = new_device
        self._issued = 0
        self._session: str | None = None
        self._waiting: str | None = None
        self._srp: ServerSession | None = None
        self._named = LOGIN
        self.calls: list[Call] = []

    def call(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one request. Raises ServiceError for what the real service would refuse."""
        self.calls.append(Call(operation, parameters))
        assert len(self.calls) <= MOST_CALLS, "the sign-in goes round in circles"
        operation = operation.removeprefix("Admin")
        if operation == "InitiateAuth":
            return self._initiate(parameters["AuthParameters"])
        if parameters.get("Session") != self._session:
            raise ServiceError("NotAuthorizedException", "Invalid session for the user.")
        if operation == "AssociateSoftwareToken":
            return {"SecretCode": TOTP_SECRET, **self._next_session()}
        if operation == "VerifySoftwareToken":
            if parameters["UserCode"] != totp_code():
                raise ServiceError("EnableSoftwareTokenMFAException", "Code mismatch")
            return {"Status": "SUCCESS", **self._next_session()}
        name, responses = parameters["ChallengeName"], parameters["ChallengeResponses"]
        if name != self._waiting:
            raise ServiceError("NotAuthorizedException", "Another challenge waits.")
        self._check(name, responses)
        return self._go_on(responses.get("SRP_A"))

    def __call__(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        return self.call(operation, parameters)

    def sign_in(self, attempt: SignIn) -> tuple[Any, list[Challenge]]:
        """Play through the whole attempt in memory: its last step, and the challenges that a person answered."""
        met: list[Challenge] = []
        step = drive(attempt, lambda call: self.call(call.operation, call.parameters))
        while attempt.challenge is not None:
            met.append(attempt.challenge)
            step = attempt.answer(response_to(attempt.challenge))
            step = drive(attempt, lambda call: self.call(call.operation, call.parameters))
        return step, met

    def _initiate(self, parameters: Mapping[str, str]) -> dict[str, Any]:
        if "DEVICE_KEY" in parameters and self._forgets_device:
            raise ServiceError("ResourceNotFoundException", "Device does not exist.")
        if "PASSWORD" in parameters:
            self._check_password(parameters)
        return self._go_on(parameters.get("SRP_A"))

    def _go_on(self, srp_a: str | None) -> dict[str, Any]:
        if not self._script:
            new_device = {"DeviceKey": DEVICE.key, "DeviceGroupKey": DEVICE.group_key}
            return {
                "AuthenticationResult": TOKENS | ({"NewDeviceMetadata": new_device} if self._new_device else {}),
                "ChallengeParameters": {},
            }
        self._waiting = name = self._script.pop(0)
        parameters = self._parameters(name, srp_a)
        self._named = parameters.get("USERNAME") or parameters.get("USER_ID_FOR_SRP") or self._named
        answer: dict[str, Any] = {"ChallengeName": name, "ChallengeParameters": parameters}
        if name == "SELECT_CHALLENGE":
            answer["AvailableChallenges"] = ["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]
        return answer | self._next_session()

    def _next_session(self) -> dict[str, str]:
        self._issued += 1
        self._session = f"session-{self._issued}".ljust(24, "-") if self._sessions else None
        return {"Session": self._session} if self._session else {}

    def _parameters(self, name: str, srp_a: str | None) -> dict[str, str]:
        named = {"USERNAME": self._username} if self._username else {}
        if name == "PASSWORD_VERIFIER":
            self._srp = ServerSession.for_user(POOL_ID, user_id=USERNAME, verifier=_VERIFIER, srp_a=srp_a or "")
            named["USER_ID_FOR_SRP"] = USERNAME
        elif name == "DEVICE_PASSWORD_VERIFIER":
            self._srp = ServerSession.for_device(
                group_key=DEVICE.group_key, key=DEVICE.key, verifier=_DEVICE_STORED, srp_a=srp_a or ""
            )
            named["DEVICE_KEY"] = DEVICE.key
        else:
            return named | dict(RIGHT[name].parameters if name in RIGHT else {})
        return named | {"SALT": self._srp.salt, "SRP_B": self._srp.srp_b, "SECRET_BLOCK": SECRET_BLOCK}

    def _check(self, name: str, responses: Mapping[str, str]) -> None:
        if responses["USERNAME"] != self._named:
            raise ServiceError("UserNotFoundException", "User does not exist.")
        if name in ("PASSWORD_VERIFIER", "DEVICE_PASSWORD_VERIFIER"):
            self._check_proof(responses)
        if name in ("PASSWORD", "ADMIN_NO_SRP_AUTH"):
            self._check_password(responses)
        # Any choice will do: which one is sent is for the tests to say.
        choice = name in ("SELECT_MFA_TYPE", "SELECT_CHALLENGE")
        expected = dict(RIGHT[name].responses) if name in RIGHT and not choice else {}
        if name == "SOFTWARE_TOKEN_MFA":
            expected["SOFTWARE_TOKEN_MFA_CODE"] = totp_code()
        for member, value in expected.items():
            if value is not None and responses.get(member) != value:
                raise ServiceError("CodeMismatchException", "Invalid code or auth state for the user.")

    def _check_password(self, parameters: Mapping[str, str]) -> None:
        if parameters.get("PASSWORD") != PASSWORD:
            raise ServiceError("NotAuthorizedException", "Incorrect username or password.")

    def _check_proof(self, responses: Mapping[str, str]) -> None:
        assert self._srp is not None
        try:
            self._srp.verify(
                secret_block=responses["PASSWORD_CLAIM_SECRET_BLOCK"],
                timestamp=responses["TIMESTAMP"],
                signature=responses["PASSWORD_CLAIM_SIGNATURE"],
            )
        except PeerError:
            raise ServiceError("NotAuthorizedException", "Incorrect username or password.") from None
