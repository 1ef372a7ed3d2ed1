"""Sign-up that signs in: the Sessions of SignUp and ConfirmSignUp."""

from __future__ import annotations

import pytest

from cognito_challenges.pool import Options

PASSWORD = "Correct-1-horse"
INVALID = ("NotAuthorizedException", "Invalid session for the user.", "")
EXPIRED = ("NotAuthorizedException", "Invalid session for the user, session is expired.", "")
USED = ("NotAuthorizedException", "Invalid session for the user, session can only be used once.", "")
MADE_UP = "s" * 128
EMAIL = {"email": "bob@example.org"}
PHONE = {"phone_number": "+15550100123"}
VERIFIED = {"pool": {"AutoVerifiedAttributes": ["email", "phone_number"]}, "users": False}


class SignUp:
    """One user who signs up at a bench."""

    def __init__(self, at, name: str = "bob", attributes: dict[str, str] = EMAIL) -> None:
        self.at, self.name, self.address = at, name, next(iter(attributes.values()), None)
        given = [{"Name": key, "Value": value} for key, value in attributes.items()]
        self.made = at.aws.sign_up(ClientId=at.client_id, Username=name, Password=PASSWORD, UserAttributes=given)

    def confirm(self, **extra: str):
        code = self.at.service.outbox.code(self.address)
        return self.at.aws.confirm_sign_up(
            ClientId=self.at.client_id, Username=self.name, ConfirmationCode=code, **extra
        )

    def start(self, session: str, flow: str = "USER_AUTH", name: str = "", **parameters: str):
        return self.at.aws.initiate_auth(
            ClientId=self.at.client_id,
            AuthFlow=flow,
            Session=session,
            AuthParameters={"USERNAME": name or self.name, **parameters},
        )


@pytest.mark.parametrize("attributes", [EMAIL, PHONE], ids=["email", "SMS"])
@pytest.mark.parametrize("sends_session", [True, False], ids=["with Session", "without"])
def test_the_code_signs_in_once(bench, refused, attributes, sends_session):
    at = bench(**VERIFIED)
    bob = SignUp(at, attributes=attributes)
    confirmed = bob.confirm(**({"Session": bob.made["Session"]} if sends_session else {}))
    messages = len(at.service.outbox)
    tokens = bob.start(confirmed["Session"])["AuthenticationResult"]
    assert at.aws.get_user(AccessToken=tokens["AccessToken"])["Username"] == "bob"
    assert len(at.service.outbox) == messages, "a second code was sent"
    assert refused(lambda: bob.start(confirmed["Session"])) == USED


def test_made_up_and_misplaced_sessions_are_refused(bench, refused):
    at = bench(**VERIFIED)
    bob = SignUp(at)
    carol = SignUp(at, "carol", {"email": "carol@example.org"})
    assert refused(lambda: bob.confirm(Session=MADE_UP)) == INVALID
    assert refused(lambda: bob.confirm(Session=carol.made["Session"])) == INVALID
    assert refused(lambda: bob.start(bob.made["Session"])) == INVALID, "nothing is proved yet"
    session = bob.confirm(Session=bob.made["Session"])["Session"]
    assert refused(lambda: bob.start(MADE_UP)) == INVALID
    assert refused(lambda: bob.start(bob.made["Session"])) == USED
    assert refused(lambda: carol.start(session)) == INVALID
    assert (
        refused(lambda: bob.start(session, "USER_PASSWORD_AUTH", PASSWORD=PASSWORD))[0] == "InvalidParameterException"
    )
    refresh = lambda: bob.start(session, "REFRESH_TOKEN_AUTH", REFRESH_TOKEN="x")  # noqa: E731
    assert refused(refresh)[0] == "InvalidParameterException"
    other = at.add_client()
    here, at.client_id = at.client_id, other
    assert refused(lambda: bob.start(session)) == INVALID
    at.client_id = here
    assert refused(lambda: at.respond("SELECT_CHALLENGE", session, USERNAME="bob", ANSWER="PASSWORD")) == INVALID
    assert "AuthenticationResult" in bob.start(session), "refused requests spend nothing"


def test_a_session_hides_who_exists(bench, refused):
    at = bench(**VERIFIED, app={"PreventUserExistenceErrors": "ENABLED"})
    bob = SignUp(at)
    for act in (bob.confirm, lambda **extra: bob.start(extra["Session"])):
        known = refused(lambda act=act: act(Session=MADE_UP))
        bob.name = "nobody"
        assert refused(lambda act=act: act(Session=MADE_UP)) == known == INVALID
        bob.name = "bob"


def test_sessions_end(bench, refused):
    at = bench(**VERIFIED)
    bob = SignUp(at)
    at.clock.now += 180
    assert refused(lambda: bob.confirm(Session=bob.made["Session"])) == EXPIRED
    session = bob.confirm()["Session"]
    at.clock.now += 180
    assert refused(lambda: bob.start(session)) == EXPIRED


def test_only_the_first_sign_in(bench, refused):
    at = bench(**VERIFIED)
    bob = SignUp(at)
    session = bob.confirm()["Session"]
    at.srp("bob")
    assert refused(lambda: bob.start(session)) == INVALID


def test_disabled_meanwhile(bench, refused):
    at = bench(**VERIFIED)
    bob = SignUp(at)
    session = bob.confirm()["Session"]
    at.aws.admin_disable_user(UserPoolId=at.pool_id, Username="bob")
    assert refused(lambda: bob.start(session))[0] == "NotAuthorizedException"


def test_admin_form(bench):
    at = bench(**VERIFIED)
    session = SignUp(at).confirm()["Session"]
    answer = at.aws.admin_initiate_auth(
        UserPoolId=at.pool_id,
        ClientId=at.client_id,
        AuthFlow="USER_AUTH",
        Session=session,
        AuthParameters={"USERNAME": "bob"},
    )
    assert "AuthenticationResult" in answer


def test_none_where_it_has_no_use(bench):
    at = bench(**VERIFIED, app={"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]})
    bob = SignUp(at)
    assert "Session" not in bob.made
    assert "Session" not in bob.confirm()

    at = bench(**VERIFIED)
    assert "Session" not in SignUp(at, attributes={}).made, "no code was sent"
    at = bench(**VERIFIED)
    at.service.connect(at.pool_id, "PreSignUp", confirms_at_once)
    assert "Session" not in SignUp(at).made, "nobody proved the address"


def confirms_at_once(event):
    event["response"]["autoConfirmUser"] = True
    return event


def test_session_seconds(bench, refused):
    at = bench(Options(session_seconds=600), **VERIFIED)
    bob = SignUp(at)
    session = bob.confirm()["Session"]
    at.clock.now += 599
    assert "AuthenticationResult" in bob.start(session)
