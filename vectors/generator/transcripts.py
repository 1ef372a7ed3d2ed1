"""Whole attempts: every request and every answer of each flow and challenge."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cognito_srp import Device

from .claims import DEVICE_GROUP
from .conversation import SUB, TOKENS, Conversation
from .devices import DEVICE_KEY, device_password
from .document import Case, Document, group
from .texts import CLIENT_ID, CLIENT_SECRET

SOURCE = {
    "name": "written after the service's API model and developer guide; no live pool was reached",
    "version": "botocore's cognito-idp 2016-04-18",
}
BY_ALIAS: dict[str, Any] = {"login": "alice@example.com", "name": SUB, "user_id": SUB}
ALIAS = {"UserIdForSrp", "UsernameCarried"}
HASHED = {"SecretHashLoginName", "SecretHashUsername"}


def make() -> Document:
    """The file transcript."""
    tests: list[Case] = []
    for comment, flags, result, talk in _all():
        session_flags = {
            "SessionReceived" if "Session" in step["answer"] else "SessionAbsent"
            for step in talk.steps
            if "ChallengeName" in step["answer"]
        }
        tests.append(
            {
                "comment": comment,
                "flags": sorted({"Challenge"} | flags | session_flags),
                "input": talk.sign_in(),
                "result": result,
                "steps": talk.steps,
            }
        )
    return {
        "title": "transcripts: whole attempts to sign in",
        "description": [
            "steps are in order: what the caller gives (if anything), the request that must be sent, the answer that "
            "comes. input.a holds the ephemeral exponents in the order of use; the clock stands at input.now.",
            "The testee protocol has no operation for them: replay the answers against your own client.",
            "No live pool was reached. Whether a pool sends a Session with PASSWORD_VERIFIER, takes a second proof, or "
            "a timestamp by another clock is unsettled; such cases are acceptable either way.",
        ],
        "schema": "transcript",
        "groups": [group("transcript", tests, source=SOURCE)],
    }


Entry = tuple[str, set[str], str, Conversation]


def _all() -> Iterator[Entry]:
    for entries in (_password(), _codes(), _setups(), _devices(), _choices(), _others()):
        for comment, flags, talk in entries:
            yield comment, flags, "acceptable" if flags & {"SkewedClock", "SecondProof"} else "valid", talk


Some = Iterator[tuple[str, set[str], Conversation]]


def _password() -> Some:
    talk = Conversation("plain")
    talk.srp(talk.signed_in())
    yield "USER_SRP_AUTH and PASSWORD_VERIFIER", set(), talk

    talk = Conversation("no session", sessions=False)
    talk.srp(talk.signed_in())
    yield "PASSWORD_VERIFIER without a Session", set(), talk

    talk = Conversation("alias", **BY_ALIAS)
    talk.srp(talk.signed_in())
    yield "by e-mail address", ALIAS, talk

    talk = Conversation("alias secret", secret=True, **BY_ALIAS)
    talk.srp(talk.signed_in())
    yield "by e-mail address, with a client secret", ALIAS | HASHED, talk

    talk = Conversation("no username", name=None, user_id=SUB, secret=True)
    talk.srp(talk.signed_in())
    yield "the challenge has no USERNAME: USER_ID_FOR_SRP is sent", {"UserIdForSrp"} | HASHED, talk

    talk = Conversation("unknown user", login="nobody", name="nobody", user_id="nobody")
    a = talk.ephemeral()
    challenge, responses = talk.password_verifier(negative_salt=True)
    talk.initiate("USER_SRP_AUTH", {"SRP_A": a}, challenge)
    talk.respond(
        "PASSWORD_VERIFIER", responses, talk.error("NotAuthorizedException", "Incorrect username or password.")
    )
    yield "a user that does not exist gets a challenge with a negative salt", {"UnknownUser", "SaltNegative"}, talk

    talk = Conversation("second proof")
    a = talk.ephemeral()
    challenge, responses = talk.password_verifier()
    talk.initiate("USER_SRP_AUTH", {"SRP_A": a}, challenge)
    wrong = talk.error("NotAuthorizedException", "Incorrect username or password.")
    session = talk.session
    talk.respond("PASSWORD_VERIFIER", {**responses, "PASSWORD_CLAIM_SIGNATURE": "A" * 43 + "="}, wrong)
    talk.session = session
    talk.respond("PASSWORD_VERIFIER", responses, talk.signed_in())
    yield "a second proof for the same challenge", {"SecondProof", "WrongProof"}, talk

    talk = Conversation("skewed")
    talk.now += 7200
    a = talk.ephemeral()
    challenge, responses = talk.password_verifier()
    talk.initiate("USER_SRP_AUTH", {"SRP_A": a}, challenge)
    talk.respond("PASSWORD_VERIFIER", responses, talk.signed_in(), {"clock_offset": 7200})
    talk.now -= 7200
    yield "the clock is two hours slow, and the Date header of InitiateAuth says so", {"SkewedClock"}, talk

    talk = Conversation("custom", secret=True, **BY_ALIAS)
    a = talk.ephemeral()
    challenge, responses = talk.password_verifier()
    talk.initiate("CUSTOM_AUTH", {"SRP_A": a, "CHALLENGE_NAME": "SRP_A"}, challenge)
    talk.respond("PASSWORD_VERIFIER", responses, talk.challenge("CUSTOM_CHALLENGE", {"question": "the year?"}))
    talk.respond("CUSTOM_CHALLENGE", {"ANSWER": "1914"}, talk.signed_in(), {"answer": "1914"})
    yield "CUSTOM_AUTH with SRP first", ALIAS | HASHED, talk

    talk = Conversation("admin", admin=True, secret=True, **BY_ALIAS)
    talk.extra = {
        "ContextData": {
            "IpAddress": "192.0.2.7",
            "ServerName": "api.example.com",
            "ServerPath": "/login",
            "HttpHeaders": [{"headerName": "User-Agent", "headerValue": "example/1"}],
            "EncodedData": "ZXhhbXBsZQ==",
        },
        "ClientMetadata": {"tenant": "example"},
    }
    talk.srp(talk.signed_in())
    yield "AdminInitiateAuth, with ContextData and ClientMetadata", ALIAS | HASHED, talk

    talk = Conversation("plain password", **BY_ALIAS)
    talk.initiate("USER_PASSWORD_AUTH", {"PASSWORD": talk.password}, talk.signed_in())
    yield "USER_PASSWORD_AUTH", set(), talk


def _codes() -> Some:
    delivery = {"CODE_DELIVERY_DELIVERY_MEDIUM": "SMS", "CODE_DELIVERY_DESTINATION": "+*******4567"}
    mail = {"CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL", "CODE_DELIVERY_DESTINATION": "a***@e***"}
    for challenge, parameters, key in (
        ("SMS_MFA", delivery, "SMS_MFA_CODE"),
        ("EMAIL_OTP", mail, "EMAIL_OTP_CODE"),
        ("EMAIL_MFA", mail, "EMAIL_MFA_CODE"),
        ("SMS_OTP", delivery, "SMS_OTP_CODE"),
        ("SOFTWARE_TOKEN_MFA", {"FRIENDLY_DEVICE_NAME": "phone"}, "SOFTWARE_TOKEN_MFA_CODE"),
    ):
        talk = Conversation(f"code {challenge}", secret=True, **BY_ALIAS)
        talk.srp(talk.challenge(challenge, parameters))
        talk.respond(challenge, {key: "123456"}, talk.signed_in(), {"code": "123456"})
        yield f"{challenge} after the password", ALIAS | HASHED, talk

    talk = Conversation("wrong code")
    talk.srp(talk.challenge("SMS_MFA", delivery))
    session = talk.session
    mismatch = talk.error("CodeMismatchException", "Invalid code or auth state for the user.")
    talk.respond("SMS_MFA", {"SMS_MFA_CODE": "000000"}, mismatch, {"code": "000000"})
    talk.session = session
    talk.respond("SMS_MFA", {"SMS_MFA_CODE": "123456"}, talk.signed_in(), {"code": "123456"})
    yield "SMS_MFA, at the second try with the same Session", set(), talk

    for answer, parameters, key in (
        ("SOFTWARE_TOKEN_MFA", {"FRIENDLY_DEVICE_NAME": "phone"}, "SOFTWARE_TOKEN_MFA_CODE"),
        ("SMS_MFA", delivery, "SMS_MFA_CODE"),
        ("EMAIL_OTP", mail, "EMAIL_OTP_CODE"),
    ):
        talk = Conversation(f"select {answer}", **BY_ALIAS)
        choose = {"MFAS_CAN_CHOOSE": json.dumps(["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"])}
        talk.srp(talk.challenge("SELECT_MFA_TYPE", choose))
        talk.respond("SELECT_MFA_TYPE", {"ANSWER": answer}, talk.challenge(answer, parameters), {"answer": answer})
        talk.respond(answer, {key: "123456"}, talk.signed_in(), {"code": "123456"})
        yield f"SELECT_MFA_TYPE, {answer}", ALIAS, talk


def _setups() -> Some:
    talk = Conversation("mfa setup", **BY_ALIAS)
    talk.srp(talk.challenge("MFA_SETUP", {"MFAS_CAN_SETUP": json.dumps(["SOFTWARE_TOKEN_MFA"])}))
    associated = {"SecretCode": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "Session": "associated-session-of-the-pool"}
    talk.exchange("AssociateSoftwareToken", {"Session": talk.session}, associated)
    verified = {"Status": "SUCCESS", "Session": "verified-session-of-the-pool"}
    request = {"UserCode": "123456", "FriendlyDeviceName": "phone", "Session": talk.session}
    talk.exchange("VerifySoftwareToken", request, verified, {"code": "123456", "friendly_name": "phone"})
    talk.respond("MFA_SETUP", {}, talk.signed_in())
    yield "MFA_SETUP of an authenticator app", ALIAS, talk

    talk = Conversation("mfa setup mail", **BY_ALIAS)
    talk.srp(talk.challenge("MFA_SETUP", {"MFAS_CAN_SETUP": json.dumps(["EMAIL_OTP"])}))
    mail = {"CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL", "CODE_DELIVERY_DESTINATION": "a***@e***"}
    answer = talk.challenge("EMAIL_OTP", mail)
    talk.respond("MFA_SETUP", {"EMAIL": "alice@example.com"}, answer, {"email": "alice@example.com"})
    talk.respond("EMAIL_OTP", {"EMAIL_OTP_CODE": "123456"}, talk.signed_in(), {"code": "123456"})
    yield "MFA_SETUP of e-mail", ALIAS, talk

    talk = Conversation("new password", secret=True, **BY_ALIAS)
    parameters = {
        "requiredAttributes": json.dumps(["userAttributes.given_name"]),
        "userAttributes": json.dumps({"email": "alice@example.com", "email_verified": "true"}),
    }
    talk.srp(talk.challenge("NEW_PASSWORD_REQUIRED", parameters))
    responses = {"NEW_PASSWORD": "N3w-password!", "userAttributes.given_name": "Alice"}
    given = {"password": "N3w-password!", "attributes": {"given_name": "Alice"}}
    talk.respond("NEW_PASSWORD_REQUIRED", responses, talk.signed_in(), given)
    yield "NEW_PASSWORD_REQUIRED, with a required attribute", ALIAS | HASHED, talk


def _devices() -> Some:
    device = Device(key=DEVICE_KEY, group_key=DEVICE_GROUP, password=device_password("transcript"))
    known = {"DeviceKeySent", "FreshDeviceEphemeral"}

    for secret in (False, True):
        talk = Conversation(f"device {secret}", device=device, secret=secret, **BY_ALIAS)
        talk.srp(talk.challenge("DEVICE_SRP_AUTH", {"USERNAME": SUB}))
        talk.device_srp(talk.signed_in())
        kind = "with a client secret" if secret else "public client"
        yield (
            f"DEVICE_SRP_AUTH and DEVICE_PASSWORD_VERIFIER, {kind}",
            known | ALIAS | (HASHED if secret else set()),
            talk,
        )

    talk = Conversation("device no session", device=device, sessions=False)
    talk.srp(talk.challenge("DEVICE_SRP_AUTH"))
    talk.device_srp(talk.signed_in())
    yield "the device step without any Session", known, talk

    talk = Conversation("device after code", device=device, **BY_ALIAS)
    talk.srp(talk.challenge("SOFTWARE_TOKEN_MFA", {"FRIENDLY_DEVICE_NAME": "phone"}))
    code = {"SOFTWARE_TOKEN_MFA_CODE": "123456"}
    talk.respond("SOFTWARE_TOKEN_MFA", code, talk.challenge("DEVICE_SRP_AUTH", {"USERNAME": SUB}), {"code": "123456"})
    talk.device_srp(talk.signed_in())
    yield "the device step after a code", known | ALIAS, talk

    talk = Conversation("new device")
    metadata = {"DeviceKey": DEVICE_KEY, "DeviceGroupKey": DEVICE_GROUP}
    talk.srp(talk.signed_in(NewDeviceMetadata=metadata))
    verifier = device.verifier(0x00F1E2D3C4B5A69788796A5B4C3D2E1F)
    request = {
        "AccessToken": TOKENS["AccessToken"],
        "DeviceKey": DEVICE_KEY,
        "DeviceSecretVerifierConfig": verifier.config(),
        "DeviceName": "laptop",
    }
    given = {"device_password": device.password, "salt": "00f1e2d3c4b5a69788796a5b4c3d2e1f", "device_name": "laptop"}
    talk.exchange("ConfirmDevice", request, {"UserConfirmationNecessary": True}, given)
    remember = {"AccessToken": TOKENS["AccessToken"], "DeviceKey": DEVICE_KEY, "DeviceRememberedStatus": "remembered"}
    talk.exchange("UpdateDeviceStatus", remember, {}, {"remember": True})
    yield "a new device is confirmed and remembered", {"LeadingZeroTopBitSalt"}, talk

    talk = Conversation("forgotten", device=device, secret=True)
    a = talk.ephemeral()
    missing = talk.error("ResourceNotFoundException", "Device does not exist.")
    talk.initiate("USER_SRP_AUTH", {"SRP_A": a}, missing)
    talk.device = None
    talk.srp(talk.signed_in())
    talk.device = device
    yield "a forgotten device: once more without DEVICE_KEY", {"DeviceForgotten", "DeviceKeySent"} | HASHED, talk


def _choices() -> Some:
    mail = {"CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL", "CODE_DELIVERY_DESTINATION": "a***@e***"}
    phone = {"CODE_DELIVERY_DELIVERY_MEDIUM": "SMS", "CODE_DELIVERY_DESTINATION": "+*******4567"}
    everything = ["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]
    options = json.dumps({"challenge": "Y2hhbGxlbmdl", "rpId": "auth.example.com", "timeout": 180000})
    credential = json.dumps({"id": "Y3JlZA", "rawId": "Y3JlZA", "type": "public-key", "response": {}})

    talk = Conversation("choice preferred", secret=True, **BY_ALIAS)
    a = talk.ephemeral()
    challenge, responses = talk.password_verifier()
    talk.initiate("USER_AUTH", {"PREFERRED_CHALLENGE": "PASSWORD_SRP", "SRP_A": a}, challenge)
    talk.respond("PASSWORD_VERIFIER", responses, talk.signed_in())
    yield "USER_AUTH, PASSWORD_SRP preferred", ALIAS | HASHED, talk

    def choose(label: str, **kind: Any) -> Conversation:
        talk = Conversation(f"choice {label}", **kind)
        talk.initiate("USER_AUTH", {}, talk.challenge("SELECT_CHALLENGE", AvailableChallenges=everything))
        return talk

    talk = choose("srp", secret=True)
    a = talk.ephemeral()
    challenge, responses = talk.password_verifier()
    answer = {"ANSWER": "PASSWORD_SRP", "SRP_A": a}
    talk.respond("SELECT_CHALLENGE", answer, challenge, {"answer": "PASSWORD_SRP"})
    talk.respond("PASSWORD_VERIFIER", responses, talk.signed_in())
    yield "SELECT_CHALLENGE, PASSWORD_SRP", HASHED, talk

    talk = choose("password")
    answer = {"ANSWER": "PASSWORD", "PASSWORD": talk.password}
    talk.respond("SELECT_CHALLENGE", answer, talk.signed_in(), {"answer": "PASSWORD"})
    yield "SELECT_CHALLENGE, PASSWORD", set(), talk

    for name, parameters, key in (("EMAIL_OTP", mail, "EMAIL_OTP_CODE"), ("SMS_OTP", phone, "SMS_OTP_CODE")):
        talk = choose(name)
        talk.respond("SELECT_CHALLENGE", {"ANSWER": name}, talk.challenge(name, parameters), {"answer": name})
        talk.respond(name, {key: "12345678"}, talk.signed_in(), {"code": "12345678"})
        yield f"SELECT_CHALLENGE, {name}", set(), talk

    talk = choose("passkey")
    challenge = talk.challenge("WEB_AUTHN", {"CREDENTIAL_REQUEST_OPTIONS": options})
    talk.respond("SELECT_CHALLENGE", {"ANSWER": "WEB_AUTHN"}, challenge, {"answer": "WEB_AUTHN"})
    talk.respond("WEB_AUTHN", {"CREDENTIAL": credential}, talk.signed_in(), {"credential": credential})
    yield "SELECT_CHALLENGE, WEB_AUTHN", set(), talk

    talk = Conversation("passkey preferred")
    challenge = talk.challenge("WEB_AUTHN", {"CREDENTIAL_REQUEST_OPTIONS": options})
    talk.initiate("USER_AUTH", {"PREFERRED_CHALLENGE": "WEB_AUTHN"}, challenge)
    talk.respond("WEB_AUTHN", {"CREDENTIAL": credential}, talk.signed_in(), {"credential": credential})
    yield "USER_AUTH, WEB_AUTHN preferred", set(), talk

    talk = Conversation("password challenge")
    talk.initiate("USER_AUTH", {}, talk.challenge("PASSWORD"))
    talk.respond("PASSWORD", {"PASSWORD": talk.password}, talk.signed_in())
    yield "PASSWORD", set(), talk

    talk = Conversation("password srp challenge")
    talk.initiate("USER_AUTH", {}, talk.challenge("PASSWORD_SRP"))
    a = talk.ephemeral()
    challenge, responses = talk.password_verifier()
    talk.respond("PASSWORD_SRP", {"SRP_A": a}, challenge)
    talk.respond("PASSWORD_VERIFIER", responses, talk.signed_in())
    yield "PASSWORD_SRP", set(), talk


def _others() -> Some:
    talk = Conversation("unknown challenge", **BY_ALIAS)
    talk.srp(talk.challenge("PALM_READING", {"HAND": "left", "LINES": '["heart"]'}))
    answer = {"PALM": "data"}
    talk.respond("PALM_READING", answer, talk.signed_in(), {"responses": answer})
    yield "a challenge of the future", ALIAS | {"UnknownChallenge"}, talk

    for secret in (False, True):
        talk = Conversation(f"refresh {secret}", secret=secret)
        request = {"RefreshToken": TOKENS["RefreshToken"], "ClientId": CLIENT_ID}
        if secret:
            request["ClientSecret"] = CLIENT_SECRET
        talk.exchange("GetTokensFromRefreshToken", request, talk.signed_in(), {"refresh_token": TOKENS["RefreshToken"]})
        del talk.steps[-1]["answer"]["ChallengeParameters"]
        yield f"refresh, {'the raw client secret' if secret else 'public client'}", set(), talk
