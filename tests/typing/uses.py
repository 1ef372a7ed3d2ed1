"""Typical uses, for the type checkers alone: nothing here is run."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, assert_never, assert_type

import httpx

from cognito_challenges import (
    AdminContext,
    AdminNoSrpAuth,
    AppClient,
    AsyncTransport,
    Call,
    Challenge,
    CustomChallenge,
    Device,
    EmailMfa,
    EmailOtp,
    MfaSetup,
    NewPasswordRequired,
    OtherChallenge,
    Password,
    PasswordSrp,
    PeerError,
    RequestMetadata,
    Response,
    SelectChallenge,
    SelectMfaType,
    ServiceError,
    SignedIn,
    SignIn,
    SmsMfa,
    SmsOtp,
    SoftwareTokenMfa,
    SrpError,
    Step,
    StepUp,
    Tokens,
    TotpEnrolment,
    Transport,
    UsageError,
    UserContext,
    WebAuthn,
    confirm_device,
    drive,
    drive_async,
    get_tokens_from_refresh_token,
    read_refreshed,
    revoke_token,
    update_device_status,
    user_must_agree,
)
from cognito_challenges.transports.aiobotocore import aiobotocore_client, aiobotocore_transport
from cognito_challenges.transports.boto3 import boto3_client, boto3_transport
from cognito_challenges.transports.bounds import Bounds
from cognito_challenges.transports.httpx import async_httpx_client, async_httpx_transport, httpx_client, httpx_transport
from cognito_challenges.transports.memory import memory_transport

Ask = Callable[[str], str]


def answer(challenge: Challenge, ask: Ask) -> Response:
    """Each challenge has its case: leaving one out is an error for the type checkers."""
    match challenge:
        case SmsMfa() | EmailMfa() | EmailOtp() | SmsOtp():
            assert_type(challenge.destination, str | None)
            return challenge.response(ask(f"Code sent to {challenge.destination}"))
        case SoftwareTokenMfa():
            return challenge.response(ask("Code of your app"))
        case SelectMfaType(choices=choices):
            assert_type(choices, tuple[str, ...])
            return challenge.response(choices[0])
        case MfaSetup(can_setup=can_setup):
            return challenge.totp() if "SOFTWARE_TOKEN_MFA" in can_setup else challenge.email(ask("E-mail"))
        case TotpEnrolment():
            assert_type(challenge.uri("Example"), str)
            return challenge.response(ask("Code of your app"), friendly_device_name="Phone")
        case NewPasswordRequired():
            return challenge.response(ask("New password"), {name: ask(name) for name in challenge.required_attributes})
        case CustomChallenge(parameters=parameters):
            return challenge.response(ask(parameters["question"]))
        case SelectChallenge(available=available):
            return challenge.response(available[0], password=ask("Password"))
        case Password() | PasswordSrp() | AdminNoSrpAuth():
            return challenge.response(ask("Password"))
        case WebAuthn(options=options):
            return challenge.response(ask(json.dumps(dict(options))))
        case OtherChallenge():
            return challenge.response({"ANSWER": ask(challenge.challenge_name)})
        case _:
            assert_never(challenge)


def describe(step: Step) -> str:
    match step:
        case Call(operation=operation):
            return operation
        case SignedIn(tokens=tokens):
            assert_type(tokens, Tokens)
            return tokens.token_type
        case _:
            assert_type(answer(step, str), Response)
            return step.name


def sign_in(client: AppClient, send: Transport, ask: Ask) -> SignedIn:
    attempt = SignIn(client, username="alice", password=ask("Password"))
    step = drive(attempt, send)
    while not isinstance(step, SignedIn):
        attempt.answer(answer(step, ask))
        step = drive(attempt, send)
    assert_type(step, SignedIn)
    return step


async def sign_in_async(client: AppClient, send: AsyncTransport, ask: Ask) -> SignedIn:
    attempt = SignIn(client, username="alice", password=ask("Password"))
    step = await drive_async(attempt, send)
    while not isinstance(step, SignedIn):
        attempt.answer(answer(step, ask))
        step = await drive_async(attempt, send)
    return step


def own_loop(attempt: SignIn, post: Callable[[str, dict[str, Any]], dict[str, Any]]) -> Step:
    """The machine embedded without drive()."""
    step = attempt.start()
    while isinstance(step, Call):
        try:
            received = post(step.operation, dict(step.parameters))
        except ServiceError as error:
            step = attempt.receive_error(error)
        else:
            step = attempt.receive(received)
    return step


def web(client: AppClient, send: Transport, saved: str, code: str) -> str | None:
    attempt = SignIn.resume(client, json.loads(saved))
    if not isinstance(attempt.challenge, SmsMfa):
        return None
    attempt.answer(attempt.challenge.response(code))
    step = drive(attempt, send)
    return None if isinstance(step, SignedIn) else json.dumps(attempt.save())


def remember(signed_in: SignedIn, send: Transport) -> Device | None:
    if signed_in.new_device is None:
        return None
    device, verifier = Device.register(key=signed_in.new_device.key, group_key=signed_in.new_device.group_key)
    access = signed_in.tokens.access
    if user_must_agree(send(confirm_device(access, device, verifier, name="Laptop"))):
        send(update_device_status(access, device_key=device.key, remembered=True))
    return Device.from_json(device.to_json())


def renew(client: AppClient, tokens: Tokens, send: Transport) -> Tokens:
    if tokens.refresh is None:
        return tokens
    renewed = read_refreshed(send(get_tokens_from_refresh_token(client, tokens.refresh)), tokens.refresh)
    assert_type(renewed.refresh, str | None)
    send(revoke_token(client, tokens.refresh))
    return renewed


def transports(client: AppClient) -> list[Transport]:
    with httpx_client() as http:
        return [
            boto3_transport(boto3_client(client), bounds=Bounds(seconds=5, answer_bytes=65_536)),
            httpx_transport(client, http, url="http://127.0.0.1:8000"),
            memory_transport(lambda operation, parameters: {operation: parameters}),
        ]


async def async_transports(client: AppClient) -> list[AsyncTransport]:
    async with aiobotocore_client(client) as aws, async_httpx_client() as http, httpx.AsyncClient() as other:
        return [
            aiobotocore_transport(aws),
            async_httpx_transport(client, http),
            async_httpx_transport(client, other),
        ]


def _admin_context() -> AdminContext:
    return AdminContext(
        ip_address="192.0.2.1", server_name="example.com", server_path="/", headers=(("User-Agent", "x"),)
    )


def everything_given(client: AppClient, device: Device) -> SignIn:
    context = _admin_context() if client.admin else UserContext()
    return SignIn(
        client,
        username="alice",
        password="...",
        device=device,
        totp_secret="JBSWY3DPEHPK3PXP",
        flow="USER_AUTH",
        preferred_challenge="PASSWORD_SRP",
        step_up=StepUp(target_acr_values=("urn:high",), max_age=300, access_token="..."),
        metadata=RequestMetadata(client_metadata={"source": "web"}, analytics_endpoint_id="analytics", context=context),
        follow_date=True,
    )


def errors(error: SrpError | ServiceError) -> str:
    match error:
        case PeerError() | UsageError():
            return f"{error.parameter} {error.reason}"
        case ServiceError():
            return error.code
        case _:
            return str(error)
