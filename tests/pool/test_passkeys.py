"""WEB_AUTHN with an authenticator in software."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from itertools import islice

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from cognito_challenges.pool import Options, ServiceError
from support.authenticator import Authenticator, text

WRONG = ("NotAuthorizedException", "Incorrect username or password.", "")
POLICY = {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}}
RELYING_PARTY = {"WebAuthnConfiguration": {"RelyingPartyId": "example.org", "UserVerification": "required"}}


def with_passkey(at):
    """The bench, whose user has a passkey now, the authenticator that holds it, and an access token."""
    authenticator, token = Authenticator(), at.access_token()
    options = at.aws.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]
    assert options["rp"]["id"] == "example.org"
    assert len(urlsafe_b64decode(options["challenge"] + "==")) == 32
    at.aws.complete_web_authn_registration(AccessToken=token, Credential=authenticator.create(options))
    return at, authenticator, token


@pytest.fixture
def ready(bench):
    return with_passkey(bench(pool=POLICY, mfa=RELYING_PARTY))


def ask(at, **parameters: str):
    return at.initiate("USER_AUTH", USERNAME="alice", **parameters)


def test_preferred(ready):
    at, authenticator, _ = ready
    answer = ask(at, PREFERRED_CHALLENGE="WEB_AUTHN")
    assert answer["ChallengeName"] == "WEB_AUTHN"
    options = answer["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"]
    assert json.loads(options)["rpId"] == "example.org"
    assert json.loads(options)["allowCredentials"][0]["id"] == text(authenticator.identifier)
    done = at.respond("WEB_AUTHN", answer["Session"], USERNAME="alice", CREDENTIAL=authenticator.get(options))
    assert "AuthenticationResult" in done


def test_selected(ready):
    at, authenticator, _ = ready
    answer = ask(at)
    assert answer["AvailableChallenges"] == ["PASSWORD", "PASSWORD_SRP", "WEB_AUTHN"]
    credential = authenticator.get(answer["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
    done = at.respond(
        "SELECT_CHALLENGE", answer["Session"], USERNAME="alice", ANSWER="WEB_AUTHN", CREDENTIAL=credential
    )
    assert "AuthenticationResult" in done


@pytest.mark.parametrize(
    "bend",
    [
        {"key": ec.generate_private_key(ec.SECP256R1())},
        {"identifier": b"credential-2"},
        {"origin": "https://example.com"},
        {"relying_party": "example.com"},
        {"flags": 0x01},
        {"count": -1},
    ],
)
def test_bent_assertion(ready, refused, bend):
    at, authenticator, _ = ready
    vars(authenticator).update(bend)
    answer = ask(at, PREFERRED_CHALLENGE="WEB_AUTHN")
    credential = authenticator.get(answer["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
    assert refused(lambda: at.respond("WEB_AUTHN", answer["Session"], USERNAME="alice", CREDENTIAL=credential)) == WRONG


def test_assertion_of_another_challenge(ready, refused):
    at, authenticator, _ = ready
    first, second = ask(at, PREFERRED_CHALLENGE="WEB_AUTHN"), ask(at, PREFERRED_CHALLENGE="WEB_AUTHN")
    credential = authenticator.get(first["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
    assert refused(lambda: at.respond("WEB_AUTHN", second["Session"], USERNAME="alice", CREDENTIAL=credential)) == WRONG


@pytest.mark.parametrize("credential", ["", "x", "[]", "{}"])
def test_credential_that_is_none(ready, refused, credential):
    at, _, _ = ready
    answer = ask(at, PREFERRED_CHALLENGE="WEB_AUTHN")
    given = refused(lambda: at.respond("WEB_AUTHN", answer["Session"], USERNAME="alice", CREDENTIAL=credential))
    assert given[0] in ("InvalidParameterException", "NotAuthorizedException")


def test_registration(ready, refused):
    at, authenticator, token = ready

    def register(other: Authenticator) -> object:
        options = at.aws.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]
        return at.aws.complete_web_authn_registration(AccessToken=token, Credential=other.create(options))

    for bend, code in (
        ({"origin": "https://example.com"}, "WebAuthnOriginNotAllowedException"),
        ({"relying_party": "example.com"}, "WebAuthnRelyingPartyMismatchException"),
    ):
        other = Authenticator(identifier=b"credential-2", **bend)
        assert refused(lambda other=other: register(other))[0] == code
    listed = at.aws.list_web_authn_credentials(AccessToken=token)["Credentials"]
    assert [entry["CredentialId"] for entry in listed] == [text(authenticator.identifier)]
    assert "WEB_AUTHN" in at.aws.get_user_auth_factors(AccessToken=token)["ConfiguredUserAuthFactors"]
    at.aws.delete_web_authn_credential(AccessToken=token, CredentialId=text(authenticator.identifier))
    assert "WEB_AUTHN" not in ask(at)["AvailableChallenges"]


def test_pools_without_passkeys(bench, refused):
    at = bench()
    token = at.access_token()
    assert refused(lambda: at.aws.start_web_authn_registration(AccessToken=token))[0] == "WebAuthnNotEnabledException"
    at = bench(pool=POLICY)
    token = at.access_token()
    assert refused(lambda: at.aws.start_web_authn_registration(AccessToken=token))[0] == (
        "WebAuthnConfigurationMissingException"
    )


@pytest.mark.parametrize(
    ("options", "origin", "holds"),
    [
        (None, "http://localhost:5173", True),
        (None, "http://localhost:5173.example.com", False),
        (Options(webauthn_origins=("http://localhost:1",)), "http://localhost:5173", False),
        (Options(webauthn_origins=("http://localhost:5173",)), "http://localhost:5173", True),
    ],
)
def test_origins_of_localhost(bench, refused, options, origin, holds):
    at = bench(options, pool=POLICY, mfa={"WebAuthnConfiguration": {"RelyingPartyId": "localhost"}})
    authenticator, token = Authenticator(origin=origin, relying_party="localhost"), at.access_token()
    made = at.aws.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]
    act = lambda: at.aws.complete_web_authn_registration(AccessToken=token, Credential=authenticator.create(made))  # noqa: E731
    if holds:
        act()
    else:
        assert refused(act)[0] == "WebAuthnOriginNotAllowedException"


JUNK = [None, "", "x", "é", "A" * 10_000, 5, -1, 1.5, True, [], {}, [[]], {"x": []}, "=" * 40, "//8=", "[" * 100_000]


def bent(credential: dict[str, object]):
    """A credential with each of its members, and each of its response, replaced by something else or left out."""
    yield from ({**credential, name: value} for name in credential for value in JUNK)
    yield from ({key: value for key, value in credential.items() if key != name} for name in credential)
    response = credential["response"]
    yield from ({**credential, "response": {**response, name: value}} for name in response for value in JUNK)
    for name, value in response.items():
        for length in range(0, len(value), 9) if isinstance(value, str) else ():
            for cut in (value[:length], value[length:], value[:length] + "_" * 9 + value[length + 9 :]):
                yield {**credential, "response": {**response, name: cut}}


def test_bent_assertions(bench):
    at, authenticator, _ = with_passkey(bench(Options(lockout_after=0), pool=POLICY, mfa=RELYING_PARTY))
    seen = set()
    texts = ["[" * 100_000, '{"id":' * 20_000, "null", "5", '"x"', "{}", '{"id": 5, "response": 5}', "\x00", "é"]

    def answered(credential: str) -> None:
        answer = ask(at, PREFERRED_CHALLENGE="WEB_AUTHN")
        step = {"ChallengeName": "WEB_AUTHN", "Session": answer["Session"], "ClientId": at.client_id}
        responses = {"USERNAME": "alice", "CREDENTIAL": credential}
        try:
            at.service.call("RespondToAuthChallenge", {**step, "ChallengeResponses": responses})
        except ServiceError as error:
            seen.add(error.code)

    options = ask(at, PREFERRED_CHALLENGE="WEB_AUTHN")["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"]
    for given in [*texts, *(json.dumps(credential) for credential in bent(json.loads(authenticator.get(options))))]:
        answered(given)
    assert seen == {"InvalidParameterException", "NotAuthorizedException"}


def test_bent_registrations(ready):
    at, _, token = ready
    access = {"AccessToken": token}

    def created() -> dict[str, object]:
        options = at.service.call("StartWebAuthnRegistration", access)["CredentialCreationOptions"]
        return Authenticator(identifier=b"credential-2").create(options)

    seen = set()
    for place in range(sum(1 for _ in bent(created()))):
        credential = next(islice(bent(created()), place, None))
        try:
            at.service.call("CompleteWebAuthnRegistration", {**access, "Credential": credential})
        except ServiceError as error:
            seen.add(error.code)
            continue
        seen.add("taken")
        kept = at.service.call("ListWebAuthnCredentials", access)["Credentials"][-1]
        assert isinstance(kept.get("AuthenticatorAttachment", ""), str)
        assert all(isinstance(transport, str) for transport in kept["AuthenticatorTransports"])
        at.service.call("DeleteWebAuthnCredential", {**access, "CredentialId": kept["CredentialId"]})
    assert seen >= {"taken", "InvalidParameterException"}
    assert "InternalErrorException" not in seen


def test_pages(ready):
    at, _, token = ready
    for number in range(2, 21):
        options = at.aws.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]
        credential = Authenticator(identifier=f"credential-{number}".encode()).create(options)
        at.aws.complete_web_authn_registration(AccessToken=token, Credential=credential)
    first = at.aws.list_web_authn_credentials(AccessToken=token, MaxResults=12)
    rest = at.aws.list_web_authn_credentials(AccessToken=token, MaxResults=12, NextToken=first["NextToken"])
    assert [len(first["Credentials"]), len(rest["Credentials"]), "NextToken" in rest] == [12, 8, False]
    assert len({key["CredentialId"] for page in (first, rest) for key in page["Credentials"]}) == 20
