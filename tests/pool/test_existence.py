"""At an app client that hides who exists, known and unknown names differ in nothing that an operation answers."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from typing import Any

import botocore.session
import pytest

from cognito_challenges.pool import Options, PoolService
from cognito_challenges.pool.errors import ServiceError
from cognito_challenges.pool.serving import wire
from cognito_srp import PasswordSession

PASSWORD = "Correct-1-horse"
FLOWS = [
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_USER_AUTH",
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
]
FIRST = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]}}
# SignUp has to say that a name is taken; its documentation says so too.
TELLS = {"SignUp"}
# What is drawn for each answer or user, with the least length that it has.
DRAWN = {"Session": 128, "SECRET_BLOCK": 128, "SRP_B": 700, "SALT": 20}


class Place:
    """A pool with a user in each state, and with names of nobody beside them."""

    def __init__(self, explain: bool = False) -> None:
        self.service = PoolService(Options(explain=explain, lockout_after=0 if explain else 5), clock=lambda: self.now)
        self.now = 1_772_842_800.0
        made = self.call(
            "CreateUserPool",
            PoolName="p",
            AliasAttributes=["email"],
            AutoVerifiedAttributes=["email"],
            UsernameConfiguration={"CaseSensitive": False},
            Policies=FIRST,
        )
        self.pool_id = made["UserPool"]["Id"]
        client = self.call(
            "CreateUserPoolClient",
            UserPoolId=self.pool_id,
            ClientName="c",
            ExplicitAuthFlows=FLOWS,
            PreventUserExistenceErrors="ENABLED",
        )
        self.client_id = client["UserPoolClient"]["ClientId"]

        def custom(event: dict[str, Any]) -> dict[str, Any]:
            event["response"].update(challengeName="CUSTOM_CHALLENGE", issueTokens=False, failAuthentication=False)
            event["response"].update(publicChallengeParameters={}, privateChallengeParameters={}, answerCorrect=False)
            return event

        for kind in ("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse"):
            self.service.connect(self.pool_id, kind, custom)
        for state in STATES:
            self._add(state)

    def _add(self, state: str) -> None:
        name = {"UserPoolId": self.pool_id, "Username": state}
        if state == "unconfirmed":
            self.call(
                "SignUp",
                ClientId=self.client_id,
                Username=state,
                Password=PASSWORD,
                UserAttributes=contacts(state),
            )
            return
        self.call("AdminCreateUser", **name, UserAttributes=contacts(state), MessageAction="SUPPRESS")
        self.call("AdminSetUserPassword", **name, Password=PASSWORD, Permanent=state != "temporary")
        if state == "disabled":
            self.call("AdminDisableUser", **name)
        if state == "reset":
            self.call("AdminResetUserPassword", **name)
        if state == "unreachable":
            unverified = [{"Name": "email_verified", "Value": "false"}]
            self.call("AdminUpdateUserAttributes", **name, UserAttributes=unverified)

    def call(self, operation: str, **members: Any) -> dict[str, Any]:
        return self.service.call(operation, members)


STATES = ("confirmed", "unconfirmed", "temporary", "disabled", "reset", "unreachable")


def contacts(state: str) -> list[dict[str, str]]:
    values = {"email": f"{state}@example.org", "phone_number": f"+1555{STATES.index(state):07}"}
    verified = {} if state == "unconfirmed" else {"email_verified": "true"}
    return [{"Name": name, "Value": value} for name, value in {**values, **verified}.items()]


def shape(name: str, value: Any, login_name: str) -> Any:
    """An answer without what is drawn for it, and with the name that was asked for named as such."""
    if isinstance(value, dict):
        return {key: shape(key, entry, login_name) for key, entry in value.items()}
    if isinstance(value, list):
        return [shape(name, entry, login_name) for entry in value]
    if name in DRAWN:
        return len(value) >= DRAWN[name]
    if name in ("Destination", "CODE_DELIVERY_DESTINATION"):
        return re.sub("[a-z]", "x", re.sub("[0-9]", "0", value))
    if isinstance(value, str) and value.casefold() == login_name.casefold():
        return "the name" if value == login_name.casefold() else value
    return value


def outcome(place: Place, operation: str, request: dict[str, Any], login_name: str) -> Any:
    """What anybody can see: status, headers and body of the answer on the wire."""
    answer = wire.respond(place.service, wire.TARGET + operation, json.dumps(request).encode())
    headers = {name: value for name, value in answer.headers.items() if name != "x-amzn-requestid"}
    return answer.status, headers, shape("", json.loads(answer.body), login_name)


def start(place: Place, flow: str, name: str, **parameters: str) -> dict[str, Any]:
    return {"ClientId": place.client_id, "AuthFlow": flow, "AuthParameters": {"USERNAME": name, **parameters}}


def srp_a() -> str:
    return PasswordSession("us-east-1_x", username="x", password="x").srp_a


def answers(place: Place, name: str, challenge: str, begin: dict[str, Any], **responses: str) -> list[Any]:
    """Start a sign-in and answer its challenge."""
    first = outcome(place, "InitiateAuth", begin, name)
    body = place.service.call("InitiateAuth", begin)
    if responses.pop("claim", None):
        session = PasswordSession(place.pool_id, username=name, password="wrong", clock=lambda: place.now)
        begin["AuthParameters"]["SRP_A"] = session.srp_a
        body = place.service.call("InitiateAuth", begin)
        responses.update(session.prove(body["ChallengeParameters"]).responses())
    request = {
        "ClientId": place.client_id,
        "ChallengeName": challenge,
        "ChallengeResponses": {"USERNAME": name, **responses},
    }
    if "Session" in body:
        request["Session"] = body["Session"]
    return [first, outcome(place, "RespondToAuthChallenge", request, name)]


WALKS: dict[str, dict[str, Callable[[Place, str], list[Any]]]] = {
    "InitiateAuth": {
        "plain": lambda at, name: [
            outcome(at, "InitiateAuth", start(at, "USER_PASSWORD_AUTH", name, PASSWORD="x"), name) for _ in range(7)
        ],
        "srp": lambda at, name: [outcome(at, "InitiateAuth", start(at, "USER_SRP_AUTH", name, SRP_A=srp_a()), name)],
        "custom": lambda at, name: [outcome(at, "InitiateAuth", start(at, "CUSTOM_AUTH", name), name)],
        "choice": lambda at, name: [outcome(at, "InitiateAuth", start(at, "USER_AUTH", name), name)],
        "choice of a password": lambda at, name: [
            outcome(
                at, "InitiateAuth", start(at, "USER_AUTH", name, PREFERRED_CHALLENGE="PASSWORD", PASSWORD="x"), name
            )
        ],
        "e-mail": lambda at, name: [
            outcome(at, "InitiateAuth", start(at, "USER_AUTH", name, PREFERRED_CHALLENGE="EMAIL_OTP"), name)
        ],
        "SMS": lambda at, name: [
            outcome(at, "InitiateAuth", start(at, "USER_AUTH", name, PREFERRED_CHALLENGE="SMS_OTP"), name)
        ],
        "Session": lambda at, name: [
            outcome(at, "InitiateAuth", {**start(at, "USER_AUTH", name), "Session": "x" * 128}, name)
        ],
        "level": lambda at, name: [
            outcome(at, "InitiateAuth", start(at, "USER_AUTH", name, TARGET_ACR_VALUES="urn:cognito:loa:2"), name)
        ],
    },
    "RespondToAuthChallenge": {
        "proof": lambda at, name: answers(
            at, name, "PASSWORD_VERIFIER", start(at, "USER_SRP_AUTH", name, SRP_A=srp_a()), claim="yes"
        ),
        "code": lambda at, name: answers(
            at, name, "EMAIL_OTP", start(at, "USER_AUTH", name, PREFERRED_CHALLENGE="EMAIL_OTP"), EMAIL_OTP_CODE="x"
        ),
        "custom": lambda at, name: answers(at, name, "CUSTOM_CHALLENGE", start(at, "CUSTOM_AUTH", name), ANSWER="x"),
        "password": lambda at, name: answers(
            at, name, "SELECT_CHALLENGE", start(at, "USER_AUTH", name), ANSWER="PASSWORD", PASSWORD="x"
        ),
        "another name": lambda at, name: answers(
            at, name, "SELECT_CHALLENGE", start(at, "USER_AUTH", name), ANSWER="PASSWORD", PASSWORD="x", USERNAME="bob"
        ),
        "another case": lambda at, name: answers(
            at, name, "SELECT_CHALLENGE", start(at, "USER_AUTH", name.upper()), ANSWER="PASSWORD", PASSWORD="x"
        ),
    },
    "ForgotPassword": {
        "once": lambda at, name: [outcome(at, "ForgotPassword", named(at, name), name)],
        "with an uncalled-for hash": lambda at, name: [
            outcome(at, "ForgotPassword", {**named(at, name), "SecretHash": "x"}, name)
        ],
    },
    "ConfirmForgotPassword": {
        "without a code": lambda at, name: [reset(at, name)],
        "wrong codes": lambda at, name: (
            [outcome(at, "ForgotPassword", named(at, name), name)] + [reset(at, name) for _ in range(7)]
        ),
        "weak password": lambda at, name: [reset(at, name, "x")],
    },
    "ResendConfirmationCode": {"once": lambda at, name: [outcome(at, "ResendConfirmationCode", named(at, name), name)]},
    "ConfirmSignUp": {
        "wrong codes": lambda at, name: [
            outcome(at, "ConfirmSignUp", {**named(at, name), "ConfirmationCode": "x"}, name) for _ in range(7)
        ],
        "Session": lambda at, name: [
            outcome(at, "ConfirmSignUp", {**named(at, name), "ConfirmationCode": "x", "Session": "x" * 128}, name)
        ],
    },
}


def named(place: Place, name: str) -> dict[str, Any]:
    return {"ClientId": place.client_id, "Username": name}


def reset(place: Place, name: str, password: str = PASSWORD) -> Any:
    request = {**named(place, name), "ConfirmationCode": "x", "Password": password}
    return outcome(place, "ConfirmForgotPassword", request, name)


def forms(name: str) -> dict[str, str]:
    return {"as it is": name, "in capitals": name.upper(), "by e-mail": f"{name}@example.org"}


def test_every_public_operation_is_walked():
    """Those that take a user's name without credentials, by the service's model and by the pool's table."""
    from cognito_challenges.pool.service import OPERATIONS

    model = botocore.session.get_session().get_service_model("cognito-idp")
    takes = set()
    for operation in set(model.operation_names) & set(OPERATIONS):
        known = model.operation_model(operation)
        members = known.input_shape.members
        if known.auth_type == "none" and {"Username", "AuthParameters", "ChallengeResponses"} & set(members):
            takes.add(operation)
    assert takes == set(WALKS) | TELLS


@pytest.mark.parametrize("form", forms("x"))
@pytest.mark.parametrize(("operation", "walk"), [(operation, walk) for operation in WALKS for walk in WALKS[operation]])
def test_known_and_unknown_names(place, operation, walk, form):
    """Each state of a user against a name of nobody, in the same form."""
    act = WALKS[operation][walk]
    nobody = act(place(), forms("nobody")[form])
    for state in STATES:
        by_alias = form == "by e-mail"
        if by_alias and state in ("unconfirmed", "unreachable"):
            continue  # an address that is not verified is nobody's name
        found = act(place(), forms(state)[form])
        if by_alias:
            found, there = without_names(found), without_names(nobody)
        else:
            there = nobody
        assert found == there, state


def without_names(found: Any) -> Any:
    """By an alias the user's own name comes, which the developer guide says cannot be hidden unless it is a UUID."""
    text = json.dumps(found)
    names = "|".join(STATES)
    return json.loads(
        re.sub(f'"({names}|the name|[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})"', '"a name"', text)
    )


@pytest.fixture(scope="module")
def place() -> Callable[[], Place]:
    """A place in which nothing has failed yet, at each call: users and names do not share what is counted."""
    made = Place()

    def fresh() -> Place:
        made.now += 4000  # past every lock, Session and stand-in
        for user in made.service._state.pools[made.pool_id].users.values():
            user.failures.clear()
            user.codes.pop("password", None)
        # The user who has signed up waits for a code, as a stand-in seems to.
        made.call("ResendConfirmationCode", ClientId=made.client_id, Username="unconfirmed")
        return made

    return fresh


def test_stand_ins_stay_the_same():
    """The same salt, id and destination each time, in either case of letters, and not the same for two names."""
    at = Place()
    seen = {}
    for name in ("nobody", "NOBODY", "someone", "nobody@example.org"):
        body = at.call("InitiateAuth", **start(at, "USER_SRP_AUTH", name, SRP_A=srp_a()))["ChallengeParameters"]
        again = at.call("InitiateAuth", **start(at, "USER_SRP_AUTH", name, SRP_A=srp_a()))["ChallengeParameters"]
        sent = at.call("ForgotPassword", **named(at, name))["CodeDeliveryDetails"]["Destination"]
        assert body["SALT"] == again["SALT"]
        seen[name] = (body["SALT"], body["USER_ID_FOR_SRP"], sent)
    assert seen["nobody"] == seen["NOBODY"]
    assert len({salt for salt, _, _ in seen.values()}) == 3
    assert seen["nobody@example.org"][2] == "n***@e***"
    places = {
        place: place.call("InitiateAuth", **start(place, "USER_SRP_AUTH", "nobody", SRP_A=srp_a()))
        for place in (at, Place())
    }
    assert len({answer["ChallengeParameters"]["SALT"] for answer in places.values()}) == 2


def test_an_explanation_does_not_tell():
    """What a pool that explains knows stays in its log and on its own page."""
    at = Place(explain=True)
    for name, walk in itertools.product(("confirmed", "nobody"), ("proof", "password")):
        for _, headers, _ in WALKS["RespondToAuthChallenge"][walk](at, name):
            assert wire.EXPLANATION not in headers
    assert any(exchange.mistake for record in at.service.journal.records() for exchange in record.exchanges)


def test_codes_of_nobody_never_fit():
    at = Place()
    at.call("ForgotPassword", **named(at, "nobody"))
    stranger = next(entry.value for entry in at.service._state.strangers._entries.values())
    for code in stranger.codes.values():
        assert not code.digits.isdigit()
    with pytest.raises(ServiceError):
        at.call("ConfirmForgotPassword", **named(at, "nobody"), ConfirmationCode="123456", Password=PASSWORD)
