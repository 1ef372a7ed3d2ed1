"""A caller's mistakes: each ends in one UsageError that says what was expected, before anything is sent or changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cognito_challenges import (
    AdminContext,
    AppClient,
    Call,
    Device,
    NewPasswordRequired,
    RequestMetadata,
    Response,
    SelectMfaType,
    ServiceError,
    SignIn,
    SmsMfa,
    SoftwareTokenMfa,
    State,
    StepUp,
    TotpEnrolment,
    UsageError,
    UserContext,
    WebAuthn,
    confirm_device,
    drive,
    drive_async,
    forget_device,
    update_device_status,
)
from support.right_answers import PASSWORD
from support.scripted import CLIENT_ID, LOGIN, POOL_ID, ScriptedService, app_client

GIVEN: dict[str, Any] = {"username": LOGIN, "password": PASSWORD}


def sign_in(**given: Any) -> SignIn:
    return SignIn(app_client(), **GIVEN | given)


MISTAKES: dict[str, tuple[Callable[[], object], str]] = {
    "one ACR value without its tuple": (
        lambda: StepUp(target_acr_values="urn:high"),  # type: ignore[arg-type]
        "TARGET_ACR_VALUES: must be a tuple of strings, not str",
    ),
    "an ACR value that is a number": (
        lambda: StepUp(target_acr_values=(1,)),  # type: ignore[arg-type]
        "TARGET_ACR_VALUES: must be",
    ),
    "a list of ACR values": (
        lambda: StepUp(target_acr_values=["urn:high"]),  # type: ignore[arg-type]
        "TARGET_ACR_VALUES: must be a tuple of strings, not list",
    ),
    "MAX_AGE as text": (
        lambda: StepUp(target_acr_values=("a",), max_age="300"),  # type: ignore[arg-type]
        "MAX_AGE: must be a whole number of seconds, not str",
    ),
    "MAX_AGE true": (lambda: StepUp(max_age=True), "MAX_AGE: must be a whole number of seconds, not bool"),
    "admin as text": (
        lambda: AppClient(POOL_ID, CLIENT_ID, admin="no"),  # type: ignore[arg-type]
        "admin: must be True or False, not str",
    ),
    "pool id and client id swapped": (lambda: AppClient(CLIENT_ID, POOL_ID), "pool_id: is not a user pool id"),
    "a device's name instead of a Device": (
        lambda: sign_in(device="dev"),
        "device: must be a Device, not str",
    ),
    "a pool id instead of an AppClient": (
        lambda: SignIn(POOL_ID, **GIVEN),  # type: ignore[arg-type]
        "app_client: must be an AppClient, not str",
    ),
    "metadata as a dict": (
        lambda: sign_in(metadata={"a": "b"}),
        "metadata: must be a RequestMetadata, not dict",
    ),
    "ClientMetadata as text": (
        lambda: RequestMetadata(client_metadata="a=b"),  # type: ignore[arg-type]
        "ClientMetadata: must be a mapping of strings to strings, not str",
    ),
    "ClientMetadata with a number": (
        lambda: RequestMetadata(client_metadata={"a": 1}),  # type: ignore[dict-item]
        "ClientMetadata: must map strings to strings",
    ),
    "an empty AnalyticsEndpointId": (
        lambda: RequestMetadata(analytics_endpoint_id=""),
        "AnalyticsEndpointId: is empty",
    ),
    "a context that is a dict": (
        lambda: RequestMetadata(context={"IpAddress": "::1"}),  # type: ignore[arg-type]
        "context: must be a UserContext or an AdminContext, not dict",
    ),
    "a user's context for an admin client": (
        lambda: SignIn(app_client(admin=True), metadata=RequestMetadata(context=UserContext()), **GIVEN),
        "context: must be an AdminContext with admin=True",
    ),
    "headers as a dict": (
        lambda: AdminContext(ip_address="::1", server_name="s", server_path="/", headers={"a": "b"}),  # type: ignore[arg-type]
        "HttpHeaders: must be a tuple of pairs of strings",
    ),
    "a flow by a wrong name": (lambda: sign_in(flow="FOO"), "flow: must be one of USER_SRP_AUTH"),
    "a flow that is a list": (lambda: sign_in(flow=["USER_AUTH"]), "flow: must be one of USER_SRP_AUTH"),
    "the public flow for an admin client": (
        lambda: SignIn(app_client(admin=True), flow="USER_PASSWORD_AUTH", **GIVEN),
        "flow: use ADMIN_USER_PASSWORD_AUTH with admin=True",
    ),
    "step-up by text": (
        lambda: sign_in(flow="USER_AUTH", step_up="urn:high"),
        "step_up: must be a StepUp, not str",
    ),
    "a Session of other length": (lambda: sign_in(flow="USER_AUTH", session="short"), "session: must have 20 to 4096"),
    "a clock that is a number": (lambda: sign_in(clock=5), "clock: must be a function, not int"),
    "entropy that is None": (lambda: sign_in(entropy=None), "entropy: must be a function, not NoneType"),
    "arithmetic by name": (lambda: sign_in(arithmetic="gmpy2"), "arithmetic: must be an Arithmetic, not str"),
    "follow_date as text": (lambda: sign_in(follow_date="yes"), "follow_date: must be True or False, not str"),
    "a code that is a number": (lambda: SmsMfa().response(123456), "code: must be a string, not int"),  # type: ignore[arg-type]
    "a code of spaces": (lambda: SoftwareTokenMfa().response("  "), "code: is empty"),
    "a first code of five digits": (lambda: TotpEnrolment().response("12345"), "code: must be six digits"),
    "a first code of other digits": (lambda: TotpEnrolment().response("١٢٣٤٥٦"), "code: must be six digits"),
    "attributes as text": (
        lambda: NewPasswordRequired().response("New 1!", "name=A"),  # type: ignore[arg-type]
        "attributes: must be a mapping of strings to strings, not str",
    ),
    "a credential that is a list": (
        lambda: WebAuthn().response([]),  # type: ignore[arg-type]
        "credential: must be a JSON object or its text, not list",
    ),
    "a credential that JSON cannot hold": (
        lambda: WebAuthn().response({"id": b"raw"}),
        "credential: must be a JSON object",
    ),
    "ConfirmDevice with its two values swapped": (
        lambda: confirm_device("token", *reversed(Device.register(key="key", group_key="group"))),  # type: ignore[arg-type]
        "device: must be a Device, not DeviceVerifier",
    ),
    "an unnamed device to forget": (lambda: forget_device("token", device_key=""), "device_key: is empty"),
    "a token that is no token": (
        lambda: update_device_status("", device_key="key", remembered=True),
        "access_token: is empty",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named(mistake: str) -> None:
    make, message = MISTAKES[mistake]
    with pytest.raises(UsageError) as refusal:
        make()
    assert str(refusal.value).startswith(message)


POSITIONAL: dict[str, Callable[[], object]] = {
    "AppClient": lambda: AppClient(POOL_ID, CLIENT_ID, "secret"),  # type: ignore[misc]
    "SignIn": lambda: SignIn(app_client(), LOGIN, PASSWORD),  # type: ignore[misc]
    "StepUp": lambda: StepUp(("urn:high",)),  # type: ignore[misc]
    "UserContext": lambda: UserContext("::1", "encoded"),  # type: ignore[misc]
    "AdminContext": lambda: AdminContext("::1", "server", "/", ()),  # type: ignore[misc]
    "RequestMetadata": lambda: RequestMetadata({"a": "b"}),  # type: ignore[misc]
    "update_device_status": lambda: update_device_status("token", "key", remembered=True),  # type: ignore[misc]
    "forget_device": lambda: forget_device("token", "key"),  # type: ignore[misc]
    "Response": lambda: Response("PASSWORD", {}, "password"),  # type: ignore[misc]
}


@pytest.mark.parametrize("name", POSITIONAL)
def test_what_could_be_swapped_is_given_by_name(name: str) -> None:
    with pytest.raises(TypeError, match="positional"):
        POSITIONAL[name]()


def waiting() -> SignIn:
    attempt = sign_in()
    attempt.start()
    attempt.receive({"ChallengeName": "SMS_MFA", "ChallengeParameters": {}})
    return attempt


@pytest.mark.parametrize("answer", ["123456", None, 5, {"SMS_MFA_CODE": "123456"}], ids=repr)
def test_an_answer_that_is_not_a_response_is_refused_and_the_challenge_waits_on(answer: Any) -> None:
    attempt = waiting()
    with pytest.raises(UsageError, match=r"response: must be what the challenge's `response\(\.\.\.\)` returned"):
        attempt.answer(answer)
    assert attempt.state is State.ASKING
    assert isinstance(attempt.answer(SmsMfa().response("123 456")), Call)


@pytest.mark.parametrize(
    "responses", [{"SMS_MFA_CODE": 5}, {"ANSWER": "x"}, {5: "x"}, {"SMS_MFA_CODE": ""}, "123456", None], ids=repr
)
def test_responses_made_by_hand_are_checked(responses: Any) -> None:
    attempt = waiting()
    with pytest.raises(UsageError):
        attempt.answer(Response("SMS_MFA", responses))
    assert attempt.state is State.ASKING


@pytest.mark.parametrize("error", [None, "NotAuthorizedException", ValueError("x")], ids=repr)
def test_only_an_error_of_the_service_is_taken_for_one(error: Any) -> None:
    attempt = sign_in()
    attempt.start()
    with pytest.raises(UsageError, match="error: must be a ServiceError"):
        attempt.receive_error(error)
    assert attempt.state is State.INITIATING


@pytest.mark.parametrize("device", ["dev", 5, {}], ids=repr)
def test_a_device_that_is_none_is_refused_on_resuming(device: Any) -> None:
    with pytest.raises(UsageError, match="device: must be a Device"):
        SignIn.resume(app_client(), waiting().save(), device=device)


def test_an_async_transport_is_not_for_drive() -> None:
    service = ScriptedService()

    async def send(call: Call) -> Any:
        return service.call(call.operation, call.parameters)

    attempt = sign_in()
    with pytest.raises(UsageError, match="send: must not be an async transport: use drive_async"):
        drive(attempt, send)  # type: ignore[arg-type]
    assert attempt.state is State.INITIATING
    assert service.calls == []


@pytest.mark.anyio
async def test_a_plain_transport_is_not_for_drive_async() -> None:
    service = ScriptedService()
    attempt = sign_in()
    with pytest.raises(UsageError, match="send: must be an async transport: use drive for a plain one"):
        await drive_async(attempt, lambda call: service.call(call.operation, call.parameters))  # type: ignore[arg-type,return-value]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_an_attempt_that_is_over_cannot_be_driven() -> None:
    attempt = sign_in()
    attempt.start()
    with pytest.raises(ServiceError):
        attempt.receive_error(ServiceError("NotAuthorizedException"))
    with pytest.raises(UsageError, match="cannot start: it is refused by the service"):
        drive(attempt, lambda call: {})


def test_the_repr_of_an_attempt_that_was_not_made() -> None:
    """Debuggers and error reports show the locals of a constructor that raised."""
    assert repr(SignIn.__new__(SignIn)) == "SignIn(not made)"
    assert repr(sign_in()) == "SignIn(not started)"


def test_a_choice_by_e_mail_goes_by_either_name() -> None:
    """The service's enumerations say EMAIL_OTP, its texts EMAIL_MFA."""
    challenge = SelectMfaType(choices=("EMAIL_OTP", "SMS_MFA"))
    assert challenge.response("EMAIL_MFA").responses == {"ANSWER": "EMAIL_MFA"}
    assert challenge.response("EMAIL_OTP").responses == {"ANSWER": "EMAIL_OTP"}
    with pytest.raises(UsageError, match="ANSWER"):
        challenge.response("SOFTWARE_TOKEN_MFA")
