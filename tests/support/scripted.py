"""A service that plays a given list of challenges, and checks what it gets as the real one does.

SRP proofs of the password and of the device are verified by the engine's server role; codes, choices and Sessions
are compared with what was issued. Every request is kept, whole, for the tests to look at.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from cognito_challenges import (
    AdminNoSrpAuth,
    AppClient,
    Call,
    Challenge,
    CustomChallenge,
    EmailMfa,
    EmailOtp,
    MfaSetup,
    NewPasswordRequired,
    OtherChallenge,
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
    TotpEnrolment,
    WebAuthn,
    drive,
    totp,
)
from cognito_srp import Device, PeerError, ServerSession, Verifier

POOL_ID = "us-east-1_Ab1Cd2Ef3"
CLIENT_ID = "1example23456789"
CLIENT_SECRET = "client-secret-canary-0123456789abcdef"
LOGIN = "Alice@example.com"
USERNAME = "5e884898-da28-4151-9cd3-alice"
PASSWORD = "Password-canary-1!"
NEW_PASSWORD = "New-password-canary-2!"
TOTP_SECRET = "CANARYTOTPSECRETJBSWY3DPEHPK3PXP"
CODE = "908172"
CREDENTIAL = {"id": "credential-canary", "type": "public-key", "response": {"signature": "c2ln"}}
DEVICE, _DEVICE_VERIFIER = Device.register("us-east-1_3d1b3c7a-5b5e-4c0e-9c3c-0123456789ab", "group-1")
_DEVICE_CONFIG = _DEVICE_VERIFIER.config()
_VERIFIER = Verifier.for_user(POOL_ID, USERNAME, PASSWORD)
_DEVICE_STORED = Verifier.for_device(_DEVICE_CONFIG["Salt"], _DEVICE_CONFIG["PasswordVerifier"])
SECRET_BLOCK = "c2VjcmV0IGJsb2Nr"
MOST_CALLS = 100
TOKENS = {
    "AccessToken": "access-token-canary",
    "IdToken": "id-token-canary",
    "RefreshToken": "refresh-token-canary",
    "ExpiresIn": 3600,
    "TokenType": "Bearer",
}

PARAMETERS: Mapping[str, Mapping[str, str]] = {
    "SMS_MFA": {"CODE_DELIVERY_DELIVERY_MEDIUM": "SMS", "CODE_DELIVERY_DESTINATION": "+*******0100"},
    "EMAIL_MFA": {"CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL", "CODE_DELIVERY_DESTINATION": "a***@e***"},
    "EMAIL_OTP": {"CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL", "CODE_DELIVERY_DESTINATION": "a***@e***"},
    "SMS_OTP": {"CODE_DELIVERY_DELIVERY_MEDIUM": "SMS", "CODE_DELIVERY_DESTINATION": "+*******0100"},
    "SOFTWARE_TOKEN_MFA": {"FRIENDLY_DEVICE_NAME": "Alice's phone"},
    "SELECT_MFA_TYPE": {
        "MFAS_CAN_CHOOSE": '["SMS_MFA","SOFTWARE_TOKEN_MFA"]',
        "CODE_DELIVERY_DELIVERY_MEDIUM": "SMS",
        "CODE_DELIVERY_DESTINATION": "+*******0100",
    },
    "MFA_SETUP": {"MFAS_CAN_SETUP": '["SOFTWARE_TOKEN_MFA","EMAIL_OTP"]'},
    "NEW_PASSWORD_REQUIRED": {
        "requiredAttributes": '["userAttributes.given_name"]',
        "userAttributes": '{"email":"alice@example.com"}',
    },
    "CUSTOM_CHALLENGE": {"question": "What is the capital of Assyria?"},
    "SELECT_CHALLENGE": {},
    "PASSWORD": {},
    "PASSWORD_SRP": {},
    "ADMIN_NO_SRP_AUTH": {},
    "WEB_AUTHN": {"CREDENTIAL_REQUEST_OPTIONS": '{"challenge":"Y2hhbGxlbmdl","rpId":"example.com"}'},
    "RETINA_SCAN_2031": {"SCANNER": "front", "SETTINGS": '{"lux":3}'},
}
"""What comes with each challenge that is no SRP proof; the last one is of no known name."""


def app_client(*, secret: bool = False, admin: bool = False) -> AppClient:
    return AppClient(POOL_ID, CLIENT_ID, client_secret=CLIENT_SECRET if secret else None, admin=admin)


def response_to(challenge: Challenge) -> Response:
    """The right answer of the person, as the scripted service expects it."""
    match challenge:
        case SmsMfa() | EmailMfa() | EmailOtp() | SmsOtp():
            return challenge.response(CODE)
        case SoftwareTokenMfa():
            return challenge.response(totp.code(TOTP_SECRET, time.time()))
        case TotpEnrolment():
            return challenge.response(totp.code(challenge.secret_code, time.time()), friendly_device_name="My app")
        case SelectMfaType():
            return challenge.response("SMS_MFA")
        case MfaSetup():
            return challenge.totp()
        case NewPasswordRequired():
            return challenge.response(NEW_PASSWORD, {"given_name": "Alice"})
        case CustomChallenge():
            return challenge.response("Nineveh")
        case SelectChallenge():
            return challenge.response("EMAIL_OTP")
        case Password() | AdminNoSrpAuth() | PasswordSrp():
            return challenge.response(PASSWORD)
        case WebAuthn():
            return challenge.response(CREDENTIAL)
        case OtherChallenge():
            return challenge.response({"SCAN": "iris-canary"})


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
            if parameters["UserCode"] != totp.code(TOTP_SECRET, time.time()):
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
        answer: dict[str, Any] = {"ChallengeName": name, "ChallengeParameters": self._parameters(name, srp_a)}
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
            self._srp = ServerSession.for_user(POOL_ID, USERNAME, _VERIFIER, srp_a or "")
            named["USER_ID_FOR_SRP"] = USERNAME
        elif name == "DEVICE_PASSWORD_VERIFIER":
            self._srp = ServerSession.for_device(DEVICE.group_key, DEVICE.key, _DEVICE_STORED, srp_a or "")
            named["DEVICE_KEY"] = DEVICE.key
        else:
            return named | PARAMETERS.get(name, {})
        return named | {"SALT": self._srp.salt, "SRP_B": self._srp.srp_b, "SECRET_BLOCK": SECRET_BLOCK}

    def _check(self, name: str, responses: Mapping[str, str]) -> None:
        if responses["USERNAME"] != (self._username or LOGIN):
            raise ServiceError("UserNotFoundException", "User does not exist.")
        expected: dict[str, str] = {}
        match name:
            case "PASSWORD_VERIFIER" | "DEVICE_PASSWORD_VERIFIER":
                self._check_proof(responses)
            case "SMS_MFA" | "EMAIL_MFA" | "EMAIL_OTP" | "SMS_OTP":
                expected = {f"{name}_CODE": CODE}
            case "SOFTWARE_TOKEN_MFA":
                expected = {"SOFTWARE_TOKEN_MFA_CODE": totp.code(TOTP_SECRET, time.time())}
            case "NEW_PASSWORD_REQUIRED":
                expected = {"NEW_PASSWORD": NEW_PASSWORD, "userAttributes.given_name": "Alice"}
            case "CUSTOM_CHALLENGE":
                expected = {"ANSWER": "Nineveh"}
            case "PASSWORD" | "ADMIN_NO_SRP_AUTH":
                self._check_password(responses)
            case "WEB_AUTHN":
                expected = {"CREDENTIAL": json.dumps(CREDENTIAL)}
            case "RETINA_SCAN_2031":
                expected = {"SCAN": "iris-canary"}
            case _:
                pass
        for member, value in expected.items():
            if responses.get(member) != value:
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
