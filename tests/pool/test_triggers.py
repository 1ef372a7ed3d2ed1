"""Lambda triggers as Python callables: what they are told, and what their answers do."""

from __future__ import annotations

import jwt
import pytest

METADATA = {"canary": "client metadata"}
ADDRESS = {"email": "alice@example.org", "email_verified": "true"}


class Recorder:
    """A trigger that keeps its events and fills in a response."""

    def __init__(self, **response):
        self.events, self.response = [], response

    def __call__(self, event):
        self.events.append({**event, "request": dict(event["request"])})
        event["response"].update(self.response)
        return event


def custom(at, answer: str = "fish") -> dict[str, Recorder]:
    """Custom authentication: SRP first when it was asked for, then one question, three tries."""

    class Define(Recorder):
        def __call__(self, event):
            super().__call__(event)
            session, response = event["request"]["session"], event["response"]
            last = session[-1] if session else None
            if last and last["challengeName"] == "SRP_A":
                response.update(challengeName="PASSWORD_VERIFIER", issueTokens=False, failAuthentication=False)
            elif last and last["challengeName"] == "CUSTOM_CHALLENGE" and last["challengeResult"]:
                response.update(issueTokens=True, failAuthentication=False)
            elif len([step for step in session if step["challengeName"] == "CUSTOM_CHALLENGE"]) >= 3:
                response.update(issueTokens=False, failAuthentication=True)
            else:
                response.update(challengeName="CUSTOM_CHALLENGE", issueTokens=False, failAuthentication=False)
            return event

    class Verify(Recorder):
        def __call__(self, event):
            super().__call__(event)
            request = event["request"]
            event["response"]["answerCorrect"] = (
                request["challengeAnswer"] == request["privateChallengeParameters"]["answer"]
            )
            return event

    triggers = {
        "DefineAuthChallenge": Define(),
        "CreateAuthChallenge": Recorder(
            publicChallengeParameters={"question": "dinner?"},
            privateChallengeParameters={"answer": answer},
            challengeMetadata="DINNER",
        ),
        "VerifyAuthChallengeResponse": Verify(),
    }
    for kind, trigger in triggers.items():
        at.service.connect(at.pool_id, kind, trigger)
    return triggers


@pytest.mark.parametrize("srp", [False, True])
def test_custom_auth(bench, srp):
    at = bench(user=ADDRESS)
    triggers = custom(at)
    if srp:
        session, _ = at.start()
        answer = at.initiate(
            "CUSTOM_AUTH", metadata=METADATA, USERNAME="alice", SRP_A=session.srp_a, CHALLENGE_NAME="SRP_A"
        )
        answer = at.respond("PASSWORD_VERIFIER", metadata=METADATA, **at.claim(session, answer))
    else:
        answer = at.initiate("CUSTOM_AUTH", metadata=METADATA, USERNAME="alice")
    assert answer["ChallengeName"] == "CUSTOM_CHALLENGE"
    assert answer["ChallengeParameters"] == {"USERNAME": "alice", "question": "dinner?"}
    answer = at.respond("CUSTOM_CHALLENGE", answer["Session"], USERNAME="alice", ANSWER="meat")
    done = at.respond("CUSTOM_CHALLENGE", answer["Session"], metadata=METADATA, USERNAME="alice", ANSWER="fish")
    assert "AuthenticationResult" in done
    before = [("SRP_A", True, None), ("PASSWORD_VERIFIER", True, None)] if srp else []
    history = [
        (step["challengeName"], step["challengeResult"], step["challengeMetadata"])
        for step in triggers["DefineAuthChallenge"].events[-1]["request"]["session"]
    ]
    assert history == [*before, ("CUSTOM_CHALLENGE", False, "DINNER"), ("CUSTOM_CHALLENGE", True, "DINNER")]
    event = triggers["VerifyAuthChallengeResponse"].events[-1]
    assert event["triggerSource"] == "VerifyAuthChallengeResponse_Authentication"
    assert event["userPoolId"] == at.pool_id
    assert event["userName"] == "alice"
    assert event["region"] == "us-east-1"
    assert event["callerContext"]["clientId"] == at.client_id
    assert event["request"]["clientMetadata"] == METADATA
    assert event["request"]["userAttributes"]["email"] == "alice@example.org"
    # InitiateAuth's metadata is not for these triggers.
    assert "clientMetadata" not in triggers["DefineAuthChallenge"].events[0]["request"]


def test_custom_auth_that_fails(bench, refused):
    at = bench()
    custom(at)
    answer = at.initiate("CUSTOM_AUTH", USERNAME="alice")
    for _ in range(2):
        answer = at.respond("CUSTOM_CHALLENGE", answer["Session"], USERNAME="alice", ANSWER="meat")
    last = answer["Session"]
    assert refused(lambda: at.respond("CUSTOM_CHALLENGE", last, USERNAME="alice", ANSWER="meat"))[:2] == (
        "NotAuthorizedException",
        "Incorrect username or password.",
    )
    assert refused(lambda: at.respond("CUSTOM_CHALLENGE", last, USERNAME="alice", ANSWER="fish"))[1].endswith("once.")


def test_custom_auth_of_nobody(bench, refused):
    at = bench(app={"PreventUserExistenceErrors": "ENABLED"})
    triggers = custom(at)
    answer = at.initiate("CUSTOM_AUTH", USERNAME="mallory")
    assert triggers["DefineAuthChallenge"].events[0]["request"]["userNotFound"] is True
    assert refused(lambda: at.respond("CUSTOM_CHALLENGE", answer["Session"], USERNAME="mallory", ANSWER="fish"))[1] == (
        "Incorrect username or password."
    )


def test_custom_auth_without_triggers(bench, refused):
    at = bench()
    assert refused(lambda: at.initiate("CUSTOM_AUTH", USERNAME="alice"))[0] == "InvalidUserPoolConfigurationException"


def test_before_and_after(bench):
    at = bench()
    before, after = Recorder(), Recorder()
    at.service.connect(at.pool_id, "PreAuthentication", before)
    at.service.connect(at.pool_id, "PostAuthentication", after)
    session, _ = at.start()
    answer = at.initiate("USER_SRP_AUTH", metadata=METADATA, USERNAME="alice", SRP_A=session.srp_a)
    at.respond("PASSWORD_VERIFIER", metadata={"other": "one"}, **at.claim(session, answer))
    assert before.events[-1]["request"]["validationData"] == METADATA
    assert after.events[-1]["request"]["clientMetadata"] == {"other": "one"}
    assert after.events[-1]["request"]["userAttributes"]["cognito:user_status"] == "CONFIRMED"


def strings(thing, seen: set[int]):
    """Every text that can be reached from an object."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        for key, value in thing.items():
            yield from strings(key, seen)
            yield from strings(value, seen)
    elif isinstance(thing, (list, tuple, set, frozenset)):
        for item in thing:
            yield from strings(item, seen)
    elif type(thing).__module__.startswith("cognito_"):
        slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
        for name in [*slots, *getattr(thing, "__dict__", {})]:
            yield from strings(getattr(thing, name, None), seen)


def test_client_metadata_is_not_stored(bench, totp_optional):
    at = bench(mfa=totp_optional)
    at.enrol_totp()
    at.service.connect(at.pool_id, "PostAuthentication", lambda event: event)
    session, _ = at.start()
    answer = at.initiate("USER_SRP_AUTH", metadata=METADATA, USERNAME="alice", SRP_A=session.srp_a)
    answer = at.respond("PASSWORD_VERIFIER", metadata=METADATA, **at.claim(session, answer))
    known = set(strings(at.service, set()))
    assert {"alice", "SOFTWARE_TOKEN_MFA", answer["Session"]} <= known
    assert not known & {"canary", "client metadata"}


def test_a_trigger_that_raises(bench, refused):
    at = bench()

    def deny(event):
        raise ValueError("not today")

    at.service.connect(at.pool_id, "PreAuthentication", deny)
    assert refused(at.srp)[:2] == (
        "UserLambdaValidationException",
        "PreAuthentication failed with error not today.",
    )


@pytest.mark.parametrize("returned", [None, "x", {}, {"response": 1}])
def test_a_trigger_that_returns_no_event(bench, refused, returned):
    at = bench()
    at.service.connect(at.pool_id, "PreAuthentication", lambda event: returned)
    assert refused(at.srp)[0] == "InvalidLambdaResponseException"


def test_arns(bench, refused):
    arn = "arn:aws:lambda:us-east-1:000000000000:function:before"
    at = bench(pool={"LambdaConfig": {"PreAuthentication": arn}})
    assert refused(at.srp)[0] == "UnexpectedLambdaException"
    before = Recorder()
    at.service.register(arn, before)
    at.srp()
    assert len(before.events) == 1
    with pytest.raises(ValueError, match="kind"):
        at.service.connect(at.pool_id, "PreBreakfast", before)


def test_token_generation(bench):
    at = bench(user=ADDRESS)
    details = {"claimsToAddOrOverride": {"team": "red", "sub": "forged"}, "claimsToSuppress": ["email"]}
    generate = Recorder(claimsOverrideDetails=details)
    at.service.connect(at.pool_id, "PreTokenGeneration", generate)
    result = at.srp()["AuthenticationResult"]
    identity = jwt.decode(result["IdToken"], options={"verify_signature": False})
    access = jwt.decode(result["AccessToken"], options={"verify_signature": False})
    assert identity["team"] == "red"
    assert identity["sub"] == access["sub"] != "forged"
    assert "email" not in identity
    assert "team" not in access
    at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=result["RefreshToken"])
    sources = [event["triggerSource"] for event in generate.events]
    assert sources == ["TokenGeneration_Authentication", "TokenGeneration_RefreshTokens"]


def test_token_generation_of_version_2(bench):
    arn = "arn:aws:lambda:us-east-1:000000000000:function:tokens"
    config = {"PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": arn}}
    at = bench(pool={"LambdaConfig": config})
    generate = Recorder(
        claimsAndScopeOverrideDetails={
            "idTokenGeneration": {"claimsToAddOrOverride": {"team": "red"}},
            "accessTokenGeneration": {"claimsToAddOrOverride": {"tier": 3}, "scopesToAdd": ["read"]},
        }
    )
    at.service.register(arn, generate)
    result = at.srp()["AuthenticationResult"]
    access = jwt.decode(result["AccessToken"], options={"verify_signature": False})
    assert (access["tier"], access["scope"]) == (3, "aws.cognito.signin.user.admin read")
    assert jwt.decode(result["IdToken"], options={"verify_signature": False})["team"] == "red"
    assert generate.events[0]["version"] == "2"
    # Connecting another one keeps the version, and both places name the same function.
    other = Recorder()
    at.service.connect(at.pool_id, "PreTokenGeneration", other)
    at.srp()
    assert other.events[0]["version"] == "2"
    shown = at.aws.describe_user_pool(UserPoolId=at.pool_id)["UserPool"]["LambdaConfig"]
    assert shown["PreTokenGenerationConfig"] == {"LambdaVersion": "V2_0", "LambdaArn": shown["PreTokenGeneration"]}


def test_migration(bench, refused):
    at = bench(user=ADDRESS)
    migrate = Recorder(userAttributes={"email": "bob@example.org"}, finalUserStatus="CONFIRMED")
    at.service.connect(at.pool_id, "UserMigration", migrate)
    # SRP carries no password to migrate with.
    assert refused(lambda: at.srp("bob"))[0] == "UserNotFoundException"
    done = at.initiate("USER_PASSWORD_AUTH", metadata=METADATA, USERNAME="bob", PASSWORD="Migrated-1-horse")
    assert "AuthenticationResult" in done
    request = migrate.events[0]["request"]
    assert (request["password"], request["validationData"]) == ("Migrated-1-horse", METADATA)
    assert "AuthenticationResult" in at.srp("bob", "Migrated-1-horse")
    assert len(migrate.events) == 1


def test_custom_message(bench):
    at = bench(pool={"AutoVerifiedAttributes": ["email"]})
    write = Recorder(emailMessage="Type {####}!", emailSubject="Hello")
    at.service.connect(at.pool_id, "CustomMessage", write)
    at.aws.sign_up(
        ClientId=at.client_id,
        Username="bob",
        Password="Correct-1-horse",
        UserAttributes=[{"Name": "email", "Value": "bob@example.org"}],
        ClientMetadata=METADATA,
    )
    sent = at.service.outbox.latest("bob@example.org")
    assert (sent.subject, sent.text) == ("Hello", f"Type {sent.code}!")
    event = write.events[0]
    assert event["triggerSource"] == "CustomMessage_SignUp"
    assert event["request"]["codeParameter"] == "{####}"
    assert event["request"]["clientMetadata"] == METADATA


def test_pre_sign_up_and_post_confirmation(bench, refused):
    at = bench()
    admit = Recorder(autoConfirmUser=True, autoVerifyEmail=True)
    confirmed = Recorder()
    at.service.connect(at.pool_id, "PreSignUp", admit)
    at.service.connect(at.pool_id, "PostConfirmation", confirmed)
    made = at.aws.sign_up(
        ClientId=at.client_id,
        Username="bob",
        Password="Correct-1-horse",
        UserAttributes=[{"Name": "email", "Value": "bob@example.org"}],
        ValidationData=[{"Name": "ticket", "Value": "7"}],
        ClientMetadata=METADATA,
    )
    assert made["UserConfirmed"] is True
    assert admit.events[0]["request"]["validationData"] == {"ticket": "7"}
    assert confirmed.events[0]["request"]["clientMetadata"] == METADATA
    assert "AuthenticationResult" in at.srp("bob")

    def deny(event):
        raise ValueError("full")

    at.service.connect(at.pool_id, "PreSignUp", deny)
    act = lambda: at.aws.sign_up(ClientId=at.client_id, Username="carol", Password="Correct-1-horse")  # noqa: E731
    assert refused(act)[:2] == ("UserLambdaValidationException", "PreSignUp failed with error full.")
    assert refused(lambda: at.aws.admin_get_user(UserPoolId=at.pool_id, Username="carol"))[0] == "UserNotFoundException"
