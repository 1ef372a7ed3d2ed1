"""Each challenge as the tests play it: what comes, what must go back, and a person's right answer.

Written by hand from the texts of the service's model, not from the catalogue: the tests hold one against the other.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cognito_challenges import Challenge, Response, totp

PASSWORD = "Password-canary-1!"
NEW_PASSWORD = "New-password-canary-2!"
TOTP_SECRET = "CANARYTOTPSECRETJBSWY3DPEHPK3PXP"
CODE = "908172"
CREDENTIAL = {"id": "credential-canary", "type": "public-key", "response": {"signature": "c2ln"}}
UNKNOWN_CHALLENGE = "RETINA_SCAN_2031"


@dataclass(frozen=True)
class Played:
    """One challenge.

    parameters: ChallengeParameters beside the names of the user. responses: ChallengeResponses that must come, beside
    USERNAME, SECRET_HASH and DEVICE_KEY; None stands for a value that the test cannot know. answer: makes the response.
    also: further responses that the challenge takes, with another answer.
    """

    responses: Mapping[str, str | None]
    answer: Callable[[Any], Response]
    parameters: Mapping[str, str] = field(default_factory=dict)
    also: frozenset[str] = frozenset()

    @property
    def takes(self) -> set[str]:
        """Every name that the challenge takes as a response."""
        return {name for name in self.responses if not name.startswith("userAttributes.")} | self.also


def by_code(**parameters: str) -> dict[str, Any]:
    return {"answer": lambda challenge: challenge.response(CODE), "parameters": parameters}


def totp_code(secret: str = TOTP_SECRET) -> str:
    return totp.code(secret, time.time())


BY_SMS = {"CODE_DELIVERY_DELIVERY_MEDIUM": "SMS", "CODE_DELIVERY_DESTINATION": "+*******0100"}
BY_EMAIL = {"CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL", "CODE_DELIVERY_DESTINATION": "a***@e***"}
CLAIM = {"PASSWORD_CLAIM_SIGNATURE": None, "PASSWORD_CLAIM_SECRET_BLOCK": None, "TIMESTAMP": None}

RIGHT: dict[str, Played] = {
    "SMS_MFA": Played({"SMS_MFA_CODE": CODE}, **by_code(**BY_SMS)),
    "EMAIL_MFA": Played({"EMAIL_MFA_CODE": CODE}, **by_code(**BY_EMAIL)),
    "EMAIL_OTP": Played({"EMAIL_OTP_CODE": CODE}, **by_code(**BY_EMAIL)),
    "SMS_OTP": Played({"SMS_OTP_CODE": CODE}, **by_code(**BY_SMS)),
    "SOFTWARE_TOKEN_MFA": Played(
        {"SOFTWARE_TOKEN_MFA_CODE": None},
        lambda challenge: challenge.response(totp_code()),
        {"FRIENDLY_DEVICE_NAME": "Alice's phone"},
    ),
    "SELECT_MFA_TYPE": Played(
        {"ANSWER": "SMS_MFA"},
        lambda challenge: challenge.response("SMS_MFA"),
        {"MFAS_CAN_CHOOSE": '["SMS_MFA","SOFTWARE_TOKEN_MFA"]', **BY_SMS},
    ),
    "MFA_SETUP": Played(
        {},
        lambda challenge: challenge.totp(),
        {"MFAS_CAN_SETUP": '["SOFTWARE_TOKEN_MFA","EMAIL_OTP"]'},
        also=frozenset({"EMAIL"}),
    ),
    "NEW_PASSWORD_REQUIRED": Played(
        {"NEW_PASSWORD": NEW_PASSWORD, "userAttributes.given_name": "Alice"},
        lambda challenge: challenge.response(NEW_PASSWORD, {"given_name": "Alice"}),
        {
            "requiredAttributes": '["userAttributes.given_name"]',
            "userAttributes": '{"email":"alice@example.com"}',
        },
        also=frozenset({"userAttributes.*"}),
    ),
    "CUSTOM_CHALLENGE": Played(
        {"ANSWER": "Nineveh"},
        lambda challenge: challenge.response("Nineveh"),
        {"question": "What is the capital of Assyria?"},
    ),
    "SELECT_CHALLENGE": Played(
        {"ANSWER": "EMAIL_OTP"},
        lambda challenge: challenge.response("EMAIL_OTP"),
        also=frozenset({"PASSWORD", "SRP_A", "CREDENTIAL"}),
    ),
    "PASSWORD": Played({"PASSWORD": PASSWORD}, lambda challenge: challenge.response(PASSWORD)),
    "PASSWORD_SRP": Played({"SRP_A": None}, lambda challenge: challenge.response(PASSWORD)),
    "ADMIN_NO_SRP_AUTH": Played({"PASSWORD": PASSWORD}, lambda challenge: challenge.response(PASSWORD)),
    "WEB_AUTHN": Played(
        {"CREDENTIAL": json.dumps(CREDENTIAL)},
        lambda challenge: challenge.response(CREDENTIAL),
        {"CREDENTIAL_REQUEST_OPTIONS": '{"challenge":"Y2hhbGxlbmdl","rpId":"example.com"}'},
    ),
    UNKNOWN_CHALLENGE: Played(
        {"SCAN": "iris-canary"},
        lambda challenge: challenge.response({"SCAN": "iris-canary"}),
        {"SCANNER": "front", "SETTINGS": '{"lux":3}'},
        also=frozenset({"*"}),
    ),
}
"""Every challenge that reaches the caller; the last one is of no known name."""

PROVED: dict[str, Mapping[str, None]] = {
    "PASSWORD_VERIFIER": CLAIM,
    "DEVICE_SRP_AUTH": {"SRP_A": None},
    "DEVICE_PASSWORD_VERIFIER": CLAIM,
}
"""The responses of the challenges that the machine answers by itself."""

READ_FOR_PROOFS: dict[str, set[str]] = {
    "PASSWORD_VERIFIER": {"SALT", "SRP_B", "SECRET_BLOCK", "USER_ID_FOR_SRP"},
    "DEVICE_SRP_AUTH": set(),
    "DEVICE_PASSWORD_VERIFIER": {"SALT", "SRP_B", "SECRET_BLOCK"},
}
"""The parameters that those answers are computed from."""


def response_to(challenge: Challenge | None) -> Response:
    """The right answer of the person, as the scripted service expects it."""
    assert challenge is not None
    if challenge.name == "TOTP_ENROLMENT":
        enrolment: Any = challenge
        return enrolment.response(totp_code(enrolment.secret_code), friendly_device_name="My app")
    played = RIGHT.get(challenge.name, RIGHT[UNKNOWN_CHALLENGE])
    return played.answer(challenge)
