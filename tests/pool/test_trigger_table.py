"""Each cell of the table of triggers: which operation calls which, and which of them gets its ClientMetadata."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cognito_challenges.pool.store.triggers import CALLS, KINDS, NOT_PASSED
from pool.conftest import PASSWORD, Bench

METADATA = {"canary": "here"}
EMAIL = {"email": "alice@example.org", "email_verified": "true"}
BOB = {"Username": "bob", "ClientMetadata": METADATA}
MIGRATED = {"userAttributes": {"email": "bob@example.org", "email_verified": "true"}, "finalUserStatus": "CONFIRMED"}
ANSWERS: dict[str, dict[str, Any]] = {
    "PreSignUp": {"autoConfirmUser": True},
    "CreateAuthChallenge": {"publicChallengeParameters": {}, "privateChallengeParameters": {"answer": "42"}},
    "VerifyAuthChallengeResponse": {"answerCorrect": True},
    "UserMigration": MIGRATED,
}
ASK = {"challengeName": "CUSTOM_CHALLENGE", "issueTokens": False, "failAuthentication": False}
DONE = {"issueTokens": True, "failAuthentication": False}


class Watched:
    """A pool of which the triggers are connected on demand, and remembered."""

    def __init__(self, make: Callable[..., Bench], *, admin: bool) -> None:
        self.at = make(
            pool={
                "AutoVerifiedAttributes": ["email"],
                "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}},
            },
            app={"PreventUserExistenceErrors": "ENABLED"},
            user=EMAIL,
            admin=admin,
        )
        self.aws, self.code = self.at.aws, self.at.service.outbox.code
        self.client = {"ClientId": self.at.client_id}
        self.pool = {"UserPoolId": self.at.pool_id}
        self.events: list[tuple[str, dict[str, Any]]] = []

    def connect(self) -> None:
        """Connect all triggers, and forget what they were told."""
        self.events.clear()
        for kind in KINDS:
            self.at.service.connect(self.at.pool_id, kind, self._trigger(kind))

    def _trigger(self, kind: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
        def answer(event: dict[str, Any]) -> dict[str, Any]:
            request = event["request"]
            self.events.append((kind, request))
            answers = ANSWERS.get(kind, {})
            if kind == "DefineAuthChallenge":
                # Two custom challenges, so that an answer creates one too.
                answers = DONE if len(request["session"]) == 2 else ASK
            event["response"].update(answers)
            return event

        return answer

    def sign_up(self) -> None:
        """Bob, not confirmed yet."""
        attributes = [{"Name": "email", "Value": "bob@example.org"}]
        self.aws.sign_up(**self.client, Username="bob", Password=PASSWORD, UserAttributes=attributes)

    def initiate(self, flow: str, **parameters: str) -> Any:
        return self.at.initiate(flow, metadata=METADATA, **parameters)

    def respond(self, challenge: str, answer: Any, **responses: str) -> Any:
        return self.at.respond(challenge, answer["Session"], metadata=METADATA, **responses)


def sign_up(watched: Watched) -> None:
    watched.connect()
    attributes = [{"Name": "email", "Value": "bob@example.org"}]
    watched.aws.sign_up(**watched.client, **BOB, Password=PASSWORD, UserAttributes=attributes)
    watched.at.service.connect(watched.at.pool_id, "PreSignUp", lambda event: event)
    other = {**BOB, "Username": "carol"}
    watched.aws.sign_up(**watched.client, **other, Password=PASSWORD, UserAttributes=attributes)


def confirm_sign_up(watched: Watched) -> None:
    watched.sign_up()
    watched.connect()
    watched.aws.confirm_sign_up(**watched.client, **BOB, ConfirmationCode=watched.code("bob@example.org"))


def resend(watched: Watched) -> None:
    watched.sign_up()
    watched.connect()
    watched.aws.resend_confirmation_code(**watched.client, **BOB)


def forgot_password(watched: Watched) -> None:
    watched.connect()
    details = watched.aws.forgot_password(**watched.client, **BOB)["CodeDeliveryDetails"]
    assert details["Destination"] == "b***@e***"


def confirm_forgot_password(watched: Watched) -> None:
    watched.aws.forgot_password(**watched.client, Username="alice")
    watched.connect()
    watched.aws.confirm_forgot_password(
        **watched.client,
        Username="alice",
        ConfirmationCode=watched.code("alice@example.org"),
        Password="Correct-2-horse",
        ClientMetadata=METADATA,
    )


def update_attributes(watched: Watched) -> None:
    token = watched.at.access_token()
    watched.connect()
    changed = [{"Name": "email", "Value": "al@example.org"}]
    watched.aws.update_user_attributes(AccessToken=token, UserAttributes=changed, ClientMetadata=METADATA)


def verification_code(watched: Watched) -> None:
    token = watched.at.access_token()
    watched.connect()
    asked = {"AccessToken": token, "AttributeName": "email"}
    watched.aws.get_user_attribute_verification_code(**asked, ClientMetadata=METADATA)


def admin_create_user(watched: Watched) -> None:
    watched.connect()
    attributes = [{"Name": "email", "Value": "bob@example.org"}]
    watched.aws.admin_create_user(**watched.pool, **BOB, UserAttributes=attributes, DesiredDeliveryMediums=["EMAIL"])


def admin_confirm_sign_up(watched: Watched) -> None:
    watched.sign_up()
    watched.connect()
    watched.aws.admin_confirm_sign_up(**watched.pool, **BOB)


def admin_reset_password(watched: Watched) -> None:
    watched.connect()
    watched.aws.admin_reset_user_password(**watched.pool, Username="alice", ClientMetadata=METADATA)


def admin_update_attributes(watched: Watched) -> None:
    watched.connect()
    changed = [{"Name": "email", "Value": "al@example.org"}]
    watched.aws.admin_update_user_attributes(
        **watched.pool, Username="alice", UserAttributes=changed, ClientMetadata=METADATA
    )


def initiate(watched: Watched) -> None:
    """A plain sign-in, one by code, one that is custom, and one of a user who is migrated."""
    watched.connect()
    flow = "ADMIN_USER_PASSWORD_AUTH" if watched.at.admin else "USER_PASSWORD_AUTH"
    watched.initiate(flow, USERNAME="alice", PASSWORD=PASSWORD)
    watched.initiate("USER_AUTH", USERNAME="alice", PREFERRED_CHALLENGE="EMAIL_OTP")
    watched.initiate("CUSTOM_AUTH", USERNAME="alice")
    watched.initiate(flow, USERNAME="bob", PASSWORD=PASSWORD)
    refresh = watched.initiate(flow, USERNAME="bob", PASSWORD=PASSWORD)["AuthenticationResult"]["RefreshToken"]
    watched.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=refresh)


def respond(watched: Watched) -> None:
    """A code that is chosen late and then given, two custom challenges, and a user who is migrated."""
    watched.connect()
    chosen = watched.initiate("USER_AUTH", USERNAME="alice")
    custom = watched.initiate("CUSTOM_AUTH", USERNAME="alice")
    nobody = watched.initiate("USER_AUTH", USERNAME="bob", PREFERRED_CHALLENGE="PASSWORD")
    watched.events.clear()
    custom = watched.respond("CUSTOM_CHALLENGE", custom, USERNAME="alice", ANSWER="42")
    watched.respond("CUSTOM_CHALLENGE", custom, USERNAME="alice", ANSWER="42")
    # The code verifies the address, which ends the user's other sign-ins under way.
    sent = watched.respond("SELECT_CHALLENGE", chosen, USERNAME="alice", ANSWER="EMAIL_OTP")
    watched.respond("EMAIL_OTP", sent, USERNAME="alice", EMAIL_OTP_CODE=watched.code("alice@example.org"))
    migrated = watched.respond("PASSWORD", nobody, USERNAME="bob", PASSWORD=PASSWORD)
    assert "AuthenticationResult" in migrated


def refresh(watched: Watched) -> None:
    token = watched.at.srp()["AuthenticationResult"]["RefreshToken"]
    watched.connect()
    watched.aws.get_tokens_from_refresh_token(**watched.client, RefreshToken=token, ClientMetadata=METADATA)


ACTS: dict[str, Callable[[Watched], None]] = {
    "SignUp": sign_up,
    "ConfirmSignUp": confirm_sign_up,
    "ResendConfirmationCode": resend,
    "ForgotPassword": forgot_password,
    "ConfirmForgotPassword": confirm_forgot_password,
    "UpdateUserAttributes": update_attributes,
    "GetUserAttributeVerificationCode": verification_code,
    "AdminCreateUser": admin_create_user,
    "AdminConfirmSignUp": admin_confirm_sign_up,
    "AdminResetUserPassword": admin_reset_password,
    "AdminUpdateUserAttributes": admin_update_attributes,
    "InitiateAuth": initiate,
    "AdminInitiateAuth": initiate,
    "RespondToAuthChallenge": respond,
    "AdminRespondToAuthChallenge": respond,
    "GetTokensFromRefreshToken": refresh,
}


def seen(request: dict[str, Any]) -> set[str]:
    """The members of an event's request that carry the metadata."""
    return {name for name, value in request.items() if value == METADATA}


@pytest.mark.parametrize("operation", CALLS)
def test_each_cell(bench, operation):
    watched = Watched(bench, admin=operation in ("AdminInitiateAuth", "AdminRespondToAuthChallenge"))
    ACTS[operation](watched)
    assert {kind for kind, _ in watched.events} == set(CALLS[operation])
    for kind, request in watched.events:
        passed = CALLS[operation][kind]
        assert seen(request) == ({passed} if passed != NOT_PASSED else set()), f"{operation}: {kind}"


def test_no_trigger_is_told_of_a_refresh_by_initiate_auth(bench):
    # The model: InitiateAuth invokes pre token generation and does not pass ClientMetadata.
    watched = Watched(bench, admin=False)
    token = watched.at.srp()["AuthenticationResult"]["RefreshToken"]
    watched.connect()
    watched.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=token)
    assert [(kind, seen(request)) for kind, request in watched.events] == [("PreTokenGeneration", set())]


def test_pre_sign_up_refuses_a_migrated_user(bench, refused):
    watched = Watched(bench, admin=False)
    watched.connect()

    def deny(event):
        raise ValueError("not you")

    watched.at.service.connect(watched.at.pool_id, "PreSignUp", deny)
    act = lambda: watched.initiate("USER_PASSWORD_AUTH", USERNAME="bob", PASSWORD=PASSWORD)  # noqa: E731
    assert refused(act)[:2] == ("UserLambdaValidationException", "PreSignUp failed with error not you.")
    assert refused(lambda: watched.aws.admin_get_user(**watched.pool, Username="bob"))[0] == "UserNotFoundException"


def test_a_migrated_user_has_the_password_that_was_sent(bench):
    watched = Watched(bench, admin=False)
    watched.connect()
    watched.initiate("USER_PASSWORD_AUTH", USERNAME="bob", PASSWORD="Legacy-1-horse")
    assert "AuthenticationResult" in watched.at.srp("bob", "Legacy-1-horse")


def test_a_user_migrated_by_a_forgotten_password_has_none(bench, refused):
    watched = Watched(bench, admin=False)
    watched.connect()
    watched.aws.forgot_password(**watched.client, Username="bob")
    ((_, request),) = [event for event in watched.events if event[0] == "UserMigration"]
    assert "password" not in request
    watched.aws.confirm_forgot_password(
        **watched.client, Username="bob", ConfirmationCode=watched.code("bob@example.org"), Password="Correct-2-horse"
    )
    assert "AuthenticationResult" in watched.at.srp("bob", "Correct-2-horse")


def test_a_migrated_user_whose_alias_is_taken(bench, refused):
    watched = Watched(bench, admin=False)
    watched.at.pool_id = watched.aws.create_user_pool(PoolName="p", AliasAttributes=["email"])["UserPool"]["Id"]
    watched.at.client_id = watched.at.add_client()
    watched.at.add_user("carol", **MIGRATED["userAttributes"])
    watched.connect()
    forgot = lambda: watched.aws.forgot_password(ClientId=watched.at.client_id, Username="bob")  # noqa: E731
    sign_in = lambda: watched.at.initiate("USER_PASSWORD_AUTH", USERNAME="bob", PASSWORD=PASSWORD)  # noqa: E731
    for act in (forgot, sign_in):
        assert refused(act)[0] == "InvalidLambdaResponseException"

    def force(event):
        event["response"].update(MIGRATED, forceAliasCreation=True)
        return event

    watched.at.service.connect(watched.at.pool_id, "UserMigration", force)
    assert "AuthenticationResult" in sign_in()
    assert "AuthenticationResult" in watched.at.srp("bob@example.org")


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("DefineAuthChallenge", {"issueTokens": "false"}),
        ("DefineAuthChallenge", {"challengeName": 1}),
        ("CreateAuthChallenge", {"publicChallengeParameters": "x"}),
        ("PreTokenGeneration", {"claimsOverrideDetails": ["x"]}),
        ("UserMigration", {"userAttributes": "x"}),
        ("CustomMessage", {"emailMessage": 1}),
        ("PreSignUp", {"autoConfirmUser": "true"}),
    ],
)
def test_mistyped_answers(bench, refused, kind, answer):
    watched = Watched(bench, admin=False)
    watched.connect()

    def answered(event):
        event["response"].update(answer)
        return event

    watched.at.service.connect(watched.at.pool_id, kind, answered)
    act = {
        "DefineAuthChallenge": lambda: watched.initiate("CUSTOM_AUTH", USERNAME="alice"),
        "CreateAuthChallenge": lambda: watched.initiate("CUSTOM_AUTH", USERNAME="alice"),
        "PreTokenGeneration": watched.at.srp,
        "UserMigration": lambda: watched.initiate("USER_PASSWORD_AUTH", USERNAME="bob", PASSWORD=PASSWORD),
        "CustomMessage": lambda: watched.aws.forgot_password(**watched.client, Username="alice"),
        "PreSignUp": lambda: watched.aws.sign_up(**watched.client, Username="bob", Password=PASSWORD),
    }[kind]
    assert refused(act)[0] == "InvalidLambdaResponseException"


def test_connect_lists_the_names_it_knows(bench):
    at = bench(users=False)
    with pytest.raises(ValueError, match=r"PreSignUp, CustomMessage, .*UserMigration"):
        at.service.connect(at.pool_id, "PreSignup", lambda event: event)
