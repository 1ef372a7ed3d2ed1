"""The challenge classes by themselves: what they read, what they answer, and what they refuse."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
from collections.abc import Callable
from typing import Any, get_args

import pytest

from cognito_challenges import (
    Challenge,
    CustomChallenge,
    MfaSetup,
    NewPasswordRequired,
    OtherChallenge,
    Password,
    PeerError,
    SelectChallenge,
    SelectMfaType,
    SmsMfa,
    SoftwareTokenMfa,
    TotpEnrolment,
    UsageError,
    WebAuthn,
    totp,
)
from cognito_challenges.catalogue import CHALLENGES, read_challenge
from support.right_answers import RIGHT, TOTP_SECRET
from support.scripted import USERNAME

CODES = {"SMS_MFA", "EMAIL_MFA", "EMAIL_OTP", "SMS_OTP"}


def read(name: str, available: tuple[str, ...] = (), **changes: str) -> Any:
    return read_challenge(
        name, {"USERNAME": USERNAME, **(RIGHT[name].parameters if name in RIGHT else {}), **changes}, available
    )


def test_every_class_is_in_the_union_and_under_its_name() -> None:
    assert set(get_args(Challenge)) == {*CHALLENGES.values(), TotpEnrolment, OtherChallenge}
    assert all(kind.name == name for name, kind in CHALLENGES.items())


@pytest.mark.parametrize("name", RIGHT)
def test_all_that_came_is_kept_as_it_came(name: str) -> None:
    challenge = read(name, NEWS="of the service")
    assert dict(challenge.parameters) == {"USERNAME": USERNAME, **RIGHT[name].parameters, "NEWS": "of the service"}
    with pytest.raises(TypeError):
        challenge.parameters["USERNAME"] = "mallory"
    with pytest.raises(dataclasses.FrozenInstanceError):
        challenge.parameters = {}


@pytest.mark.parametrize("name", sorted(CODES))
def test_where_a_code_went(name: str) -> None:
    challenge = read(name)
    assert challenge.medium == RIGHT[name].parameters["CODE_DELIVERY_DELIVERY_MEDIUM"]
    assert challenge.destination == RIGHT[name].parameters["CODE_DELIVERY_DESTINATION"]
    bare = read_challenge(name, {}, ())
    assert isinstance(bare, CHALLENGES[name])
    assert (bare.medium, bare.destination) == (None, None)
    assert challenge.response("123456").responses == {f"{name}_CODE": "123456"}


def test_json_parameters_are_parsed() -> None:
    choice = read("SELECT_MFA_TYPE")
    assert (choice.choices, choice.medium) == (("SMS_MFA", "SOFTWARE_TOKEN_MFA"), "SMS")
    assert read("MFA_SETUP").can_setup == ("SOFTWARE_TOKEN_MFA", "EMAIL_OTP")
    new = read("NEW_PASSWORD_REQUIRED")
    assert (new.required_attributes, dict(new.user_attributes)) == (("given_name",), {"email": "alice@example.com"})
    assert read("WEB_AUTHN").options["rpId"] == "example.com"
    assert read("SOFTWARE_TOKEN_MFA").friendly_device_name == "Alice's phone"
    assert read("SELECT_CHALLENGE", ("PASSWORD",)).available == ("PASSWORD",)
    assert read("SELECT_CHALLENGE", CREDENTIAL_REQUEST_OPTIONS='{"rpId":"a"}').options == {"rpId": "a"}


@pytest.mark.parametrize(
    ("name", "parameter", "kind"),
    [
        ("SELECT_MFA_TYPE", "MFAS_CAN_CHOOSE", "list"),
        ("MFA_SETUP", "MFAS_CAN_SETUP", "list"),
        ("NEW_PASSWORD_REQUIRED", "requiredAttributes", "list"),
        ("NEW_PASSWORD_REQUIRED", "userAttributes", "object"),
        ("WEB_AUTHN", "CREDENTIAL_REQUEST_OPTIONS", "object"),
        ("SELECT_CHALLENGE", "CREDENTIAL_REQUEST_OPTIONS", "object"),
    ],
)
@pytest.mark.parametrize("value", ["", "secret", "1", "null", '"a"', "[1]", "[[]]", "[" * 100_000, "{", "NaN"])
def test_json_of_another_shape_is_the_peers_fault(name: str, parameter: str, kind: str, value: str) -> None:
    with pytest.raises(PeerError) as refusal:
        read(name, **{parameter: value})
    assert refusal.value.parameter == parameter
    assert "secret" not in str(refusal.value)
    other = "{}" if kind == "list" else '["a"]'
    with pytest.raises(PeerError, match=parameter):
        read(name, **{parameter: other})


def test_only_a_choice_that_was_offered_can_be_made() -> None:
    with pytest.raises(UsageError, match="ANSWER"):
        read("SELECT_MFA_TYPE").response("EMAIL_OTP")
    with pytest.raises(UsageError, match="ANSWER"):
        read("SELECT_CHALLENGE", ("PASSWORD",)).response("WEB_AUTHN")
    assert SelectMfaType().response("EMAIL_OTP").responses == {"ANSWER": "EMAIL_OTP"}
    assert SelectChallenge().response("NEW_2031").responses == {"ANSWER": "NEW_2031"}


def test_a_choice_comes_with_what_belongs_to_it() -> None:
    with pytest.raises(UsageError, match="password"):
        SelectChallenge().response("EMAIL_OTP", password="secret")
    with pytest.raises(UsageError, match="credential"):
        SelectChallenge().response("PASSWORD", credential={})


def test_attributes_with_a_new_password() -> None:
    challenge = read(
        "NEW_PASSWORD_REQUIRED", requiredAttributes='["userAttributes.given_name","userAttributes.email","name"]'
    )
    assert isinstance(challenge, NewPasswordRequired)
    assert challenge.required_attributes == ("given_name", "email", "name")
    with pytest.raises(UsageError, match="given_name, name"):
        challenge.response("New 1!")
    with pytest.raises(UsageError, match="email"):
        challenge.response("New 1!", {"given_name": "A", "name": "B", "email": "other@example.com"})
    response = challenge.response("New 1!", {"userAttributes.given_name": "A", "name": "B", "custom:team": "C"})
    assert response.responses == {
        "NEW_PASSWORD": "New 1!",
        "userAttributes.given_name": "A",
        "userAttributes.name": "B",
        "userAttributes.custom:team": "C",
    }


def test_an_unknown_challenge_can_be_answered_but_not_forged() -> None:
    challenge = read("RETINA_SCAN_2031", ("A", "B"))
    assert isinstance(challenge, OtherChallenge)
    assert (challenge.service_name, challenge.available) == ("RETINA_SCAN_2031", ("A", "B"))
    assert challenge.response({"SCAN": "iris"}).challenge == "RETINA_SCAN_2031"
    for name in ("USERNAME", "SECRET_HASH", "DEVICE_KEY"):
        with pytest.raises(UsageError, match=name):
            challenge.response({name: "mallory"})


def test_a_passkey_takes_a_document_or_its_text() -> None:
    document = {"id": "a", "response": {"signature": "b"}}
    for given in (document, json.dumps(document)):
        assert json.loads(WebAuthn().response(given).responses["CREDENTIAL"]) == document


ANSWERS: list[Callable[[Any], Any]] = [
    lambda value: SmsMfa().response(value),
    lambda value: SoftwareTokenMfa().response(value),
    lambda value: SelectMfaType().response(value),
    lambda value: MfaSetup().email(value),
    lambda value: TotpEnrolment().response(value),
    lambda value: NewPasswordRequired().response(value),
    lambda value: NewPasswordRequired().response("New 1!", {"name": value}),
    lambda value: CustomChallenge().response(value),
    lambda value: SelectChallenge().response(value),
    lambda value: SelectChallenge().response("PASSWORD", password=value),
    lambda value: Password().response(value),
    lambda value: WebAuthn().response(value),
    lambda value: OtherChallenge(service_name="X").response({"A": value}),
]


@pytest.mark.parametrize("answer", ANSWERS, ids=range(len(ANSWERS)))
@pytest.mark.parametrize("value", ["", "\ud800 secret", "s" * 131_073], ids=["empty", "surrogate", "long"])
def test_what_cannot_be_sent_is_refused_at_once(answer: Callable[[Any], Any], value: str) -> None:
    with pytest.raises(UsageError) as refusal:
        answer(value)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("value", [1, b"123456", ["1"], True], ids=repr)
def test_an_answer_must_be_a_string(value: Any) -> None:
    for answer in (SmsMfa().response, CustomChallenge().response, MfaSetup().email, NewPasswordRequired().response):
        with pytest.raises(UsageError, match="must be a string"):
            answer(value)


@pytest.mark.parametrize("name", RIGHT)
def test_a_challenge_and_its_response_are_not_pickled_or_copied(name: str) -> None:
    challenge = read(name)
    for act in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(UsageError, match="pickled"):
            act(challenge)
        with pytest.raises(UsageError, match="pickled"):
            act(SmsMfa().response("123456"))


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    """The last six digits of RFC 6238's SHA-1 vectors; the secret is Base32 of "12345678901234567890"."""
    assert totp.code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", seconds) == code
    assert totp.code("gezd gnbv gy3t qojq gezd gnbv gy3t qojq", seconds + 0.9) == code


@pytest.mark.parametrize("secret", ["", "short", "1" * 32, "A" * 17, "ä" * 32, None, 5, "A" * 300], ids=repr)
def test_a_secret_that_is_no_base32(secret: Any) -> None:
    with pytest.raises(UsageError, match="totp_secret"):
        totp.code(secret, 0)


def test_the_uri_of_an_app_escapes_names() -> None:
    uri = TotpEnrolment(secret_code=TOTP_SECRET, account="a&b@example.com").uri("Ex?ample: Ltd")
    assert uri == (
        f"otpauth://totp/Ex%3Fample%3A%20Ltd:a%26b%40example.com?secret={TOTP_SECRET}&issuer=Ex%3Fample%3A%20Ltd"
    )
