"""The transcripts: well-formed by the service's own API model, and what the state machine does."""

from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from cognito_challenges import (
    AdminContext,
    AppClient,
    Call,
    Device,
    OtherChallenge,
    RequestMetadata,
    ServiceError,
    SignedIn,
    SignIn,
    confirm_device,
    get_tokens_from_refresh_token,
    update_device_status,
)
from vectors.fields import documents

TESTS = documents()["transcript.json"]["testGroups"][0]["tests"]
MODEL = botocore.session.get_session().get_service_model("cognito-idp")
UNKNOWN_TO_THE_MODEL = {"EMAIL_MFA", "PALM_READING", "PASSWORD"}


def named(test: dict[str, Any]) -> str:
    return f"{test['tcId']} {test['comment']}"


@pytest.mark.parametrize("test", TESTS, ids=named)
def test_documents_are_well_formed(test: dict[str, Any]) -> None:
    for step in test["steps"]:
        operation = MODEL.operation_model(step["request"]["operation"])
        report = ParamValidator().validate(step["request"]["parameters"], operation.input_shape)
        assert not report.has_errors(), report.generate_report()
        if "__type" in step["answer"]:
            assert step["answer"]["__type"] in {shape.name for shape in operation.error_shapes}
        else:
            report = ParamValidator().validate(step["answer"], operation.output_shape)
            assert not report.has_errors(), report.generate_report()


def test_every_challenge_of_the_model_is_there() -> None:
    enumerated = set(MODEL.shape_for("ChallengeNameType").enum) - {"ADMIN_NO_SRP_AUTH"}
    answered = {
        step["request"]["parameters"]["ChallengeName"]
        for test in TESTS
        for step in test["steps"]
        if "ChallengeName" in step["request"]["parameters"]
    }
    assert answered >= enumerated - {"DEVICE_SRP_AUTH"}
    assert answered - enumerated <= UNKNOWN_TO_THE_MODEL


class Entropy:
    """The exponents of a transcript, in the order of use."""

    def __init__(self, exponents: list[str]) -> None:
        self.left = [bytes.fromhex(text.zfill(64)) for text in exponents]

    def __call__(self, size: int) -> bytes:
        assert size == 32
        return self.left.pop(0)


def attempt_of(test: dict[str, Any], entropy: Entropy) -> SignIn:
    given, first = test["input"], test["steps"][0]["request"]
    sent = first["parameters"]["AuthParameters"]
    admin = first["operation"].startswith("Admin")
    context = first["parameters"].get("ContextData")
    parts = RequestMetadata(
        client_metadata=first["parameters"].get("ClientMetadata"),
        context=context
        and AdminContext(
            ip_address=context["IpAddress"],
            server_name=context["ServerName"],
            server_path=context["ServerPath"],
            headers=tuple((each["headerName"], each["headerValue"]) for each in context["HttpHeaders"]),
            encoded_data=context["EncodedData"],
        ),
    )
    device = given["device"] and Device(
        key=given["device"]["key"], group_key=given["device"]["group_key"], password=given["device"]["password"]
    )
    offset = next(
        (step["given"]["clock_offset"] for step in test["steps"] if "clock_offset" in step.get("given", {})), 0
    )
    return SignIn(
        AppClient(given["pool_id"], given["client_id"], client_secret=given["client_secret"], admin=admin),
        username=given["username"],
        password=given["password"],
        device=device,
        flow=first["parameters"]["AuthFlow"],
        preferred_challenge=sent.get("PREFERRED_CHALLENGE"),
        metadata=parts,
        entropy=entropy,
        clock=lambda: given["now"] + offset,
    )


def answered(attempt: SignIn, step: Any, given: dict[str, Any]) -> Any:
    """What the caller does about a challenge, until there is something to send."""
    if isinstance(step, OtherChallenge):
        return attempt.answer(step.response(given["responses"]))
    name = type(step).__name__
    if name == "MfaSetup":
        return attempt.answer(step.email(given["email"]) if "email" in given else step.totp())
    if name == "TotpEnrolment":
        return attempt.answer(step.response(given["code"], friendly_device_name=given.get("friendly_name")))
    if name == "NewPasswordRequired":
        return attempt.answer(step.response(given["password"], given["attributes"]))
    if name in ("Password", "PasswordSrp"):
        return attempt.answer(step.response())
    return attempt.answer(step.response(given[next(key for key in ("code", "answer", "credential") if key in given)]))


def replayed(test: dict[str, Any]) -> list[Call]:
    """The requests that the machine makes of this transcript's answers."""
    entropy = Entropy(test["input"]["a"])
    attempt = attempt_of(test, entropy)
    calls: list[Call] = []
    step: Any = attempt.start()
    done: SignedIn | None = None
    for entry in test["steps"]:
        given, answer = entry.get("given", {}), entry["answer"]
        if isinstance(step, SignedIn):
            step = after_sign_in(step, entry["request"]["operation"], given)
        elif not isinstance(step, Call):
            step = answered(attempt, step, given)
        calls.append(step)
        if step.operation in ("ConfirmDevice", "UpdateDeviceStatus"):
            step = done
            continue
        if "__type" in answer:
            try:
                step = attempt.receive_error(ServiceError(answer["__type"], answer["message"]))
            except ServiceError:
                step = attempt.challenge
        else:
            step = attempt.receive(answer)
        if isinstance(step, SignedIn):
            done = step
    assert entropy.left == []
    return calls


def after_sign_in(step: SignedIn, operation: str, given: dict[str, Any]) -> Call:
    assert step.new_device
    if operation == "UpdateDeviceStatus":
        return update_device_status(step.tokens.access, device_key=step.new_device.key, remembered=given["remember"])
    device = Device(key=step.new_device.key, group_key=step.new_device.group_key, password=given["device_password"])
    return confirm_device(
        step.tokens.access, device, device.verifier(int(given["salt"], 16)), name=given["device_name"]
    )


REPLAYED = [
    test
    for test in TESTS
    if "AuthFlow" in test["steps"][0]["request"]["parameters"] and "SecondProof" not in test["flags"]
]


@pytest.mark.parametrize("test", REPLAYED, ids=named)
def test_the_machine_sends_these_requests(test: dict[str, Any]) -> None:
    calls = replayed(test)
    wanted = [step["request"] for step in test["steps"]]
    assert [call.operation for call in calls] == [request["operation"] for request in wanted]
    for call, request in zip(calls, wanted, strict=True):
        assert call.parameters == request["parameters"]


def test_refresh() -> None:
    tests = [test for test in TESTS if test["steps"][0]["request"]["operation"] == "GetTokensFromRefreshToken"]
    assert len(tests) == 2
    for test in tests:
        given, step = test["input"], test["steps"][0]
        client = AppClient(given["pool_id"], given["client_id"], client_secret=given["client_secret"])
        call = get_tokens_from_refresh_token(client, step["given"]["refresh_token"])
        assert call.parameters == step["request"]["parameters"]


def test_what_is_not_replayed_is_known() -> None:
    left = {test["comment"] for test in TESTS if test not in REPLAYED}
    assert left == {
        "a second proof for the same challenge",
        "refresh, public client",
        "refresh, the raw client secret",
    }
