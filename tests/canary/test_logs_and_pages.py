"""What is told beside our own objects: the logs of the libraries below us, the pool's pages, and a crash."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import traceback
from typing import Any

import httpx
import pytest

from cognito_challenges import AppClient, SignedIn, SignIn, drive, get_tokens_from_refresh_token
from cognito_challenges.pool import Options, PoolService, running
from cognito_challenges.transports.boto3 import boto3_client, boto3_transport
from cognito_challenges.transports.memory import memory_transport
from support.right_answers import CODE, NEW_PASSWORD, PASSWORD, response_to
from support.scripted import CLIENT_SECRET, DEVICE, LOGIN, TOKENS, ScriptedService, app_client
from transports.loopback import TRANSPORTS, aws_session, serving

SECRETS = {
    "the password": PASSWORD,
    "the new password": NEW_PASSWORD,
    "the client secret": CLIENT_SECRET,
    "the device password": DEVICE.password,
    "a code": CODE,
    **{f"the {name}": str(TOKENS[name]) for name in ("AccessToken", "IdToken", "RefreshToken")},
}


def told(text: str) -> set[str]:
    return {name for name, secret in SECRETS.items() if secret in text}


def texts_of(records: list[logging.LogRecord]) -> str:
    return "\n".join(f"{record.name} {record.getMessage()} {record.args!r} {record.exc_text}" for record in records)


def test_the_judge_hears() -> None:
    assert told(json.dumps({"PASSWORD": PASSWORD, "Code": CODE})) == {"the password", "a code"}


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("flow", ["USER_SRP_AUTH", "USER_PASSWORD_AUTH"])
def test_no_library_logs_a_secret(transport: str, flow: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Every logger at DEBUG, during a sign-in with a code, a new password and tokens."""
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        if name.startswith(("boto", "aio", "urllib3", "http", "anyio", "asyncio", "cognito")):
            caplog.set_level(logging.DEBUG, logger=name)
    client = app_client(secret=True)
    first = ("PASSWORD_VERIFIER",) if flow == "USER_SRP_AUTH" else ()
    service = ScriptedService(*first, "SMS_MFA", "NEW_PASSWORD_REQUIRED")
    attempt = SignIn(client, username=LOGIN, password=PASSWORD, flow=flow)
    with serving({"/": service}) as url:
        signed_in, asked = TRANSPORTS[transport](client, url + "/", service, attempt, response_to)
    assert signed_in.tokens.access == TOKENS["AccessToken"]
    assert asked == ["SMS_MFA", "NEW_PASSWORD_REQUIRED"]
    assert told(texts_of(caplog.get_records("call"))) == set()


def test_no_library_logs_the_raw_client_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = app_client(secret=True)

    def service(operation: str, _: Any) -> dict[str, Any]:
        return {"AuthenticationResult": TOKENS} if operation == "GetTokensFromRefreshToken" else {}

    with serving({"/": service}) as url:
        aws = boto3_client(client, endpoint_url=url + "/", session=aws_session())
        boto3_transport(aws)(get_tokens_from_refresh_token(client, TOKENS["RefreshToken"]))
        aws.close()
    assert told(texts_of(caplog.get_records("call"))) == set()


@pytest.mark.parametrize("explain", [False, True])
def test_pages_of_the_pool(explain: bool) -> None:
    """The inspector shows no secret at all; the outbox shows codes, which is what it is for, and nothing else."""
    service = PoolService(Options(explain=explain))
    made: Any = service.call("CreateUserPool", {"PoolName": "p"})
    pool_id = made["UserPool"]["Id"]
    flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    settings = {"ClientName": "c", "GenerateSecret": True, "ExplicitAuthFlows": flows}
    made = service.call("CreateUserPoolClient", {"UserPoolId": pool_id, **settings})["UserPoolClient"]
    client = AppClient(pool_id, made["ClientId"], client_secret=made["ClientSecret"])
    user = {"UserPoolId": pool_id, "Username": "alice"}
    service.call("AdminCreateUser", {**user, "MessageAction": "SUPPRESS"})
    service.call("AdminSetUserPassword", {**user, "Password": PASSWORD, "Permanent": True})
    secrets = [PASSWORD, PASSWORD + "x", made["ClientSecret"]]
    for flow in ("USER_SRP_AUTH", "USER_PASSWORD_AUTH"):
        for password in (PASSWORD, PASSWORD + "x"):
            attempt = SignIn(client, username="alice", password=password, flow=flow)
            seen: list[Any] = []

            def call(operation: str, parameters: Any, seen: list[Any] = seen) -> Any:
                seen.append(parameters)
                return service.call(operation, parameters)

            try:
                step = drive(attempt, memory_transport(call))
            except Exception:  # noqa: BLE001 - refused, as it should be
                pass
            else:
                assert isinstance(step, SignedIn)
                secrets += [step.tokens.access, str(step.tokens.id), str(step.tokens.refresh)]
            for parameters in seen:
                given = parameters.get("AuthParameters", {}) | parameters.get("ChallengeResponses", {})
                names = ("PASSWORD_CLAIM_SIGNATURE", "SECRET_HASH", "PASSWORD")
                secrets += [given[name] for name in names if name in given]
    with running(service) as url, httpx.Client(trust_env=False) as http:
        pages = [http.get(f"{url}/_inspector").text, http.get(f"{url}/_outbox").text]
        pages += [http.get(f"{url}/_inspector/{number}").text for number in range(1, 5)]
    assert "alice" in pages[0]
    assert "PASSWORD_VERIFIER" in "".join(pages)
    for page in pages:
        assert not [secret for secret in secrets if secret in page]


CRASH = """
import os, sys
from cognito_challenges.cli import main
from cognito_challenges.cli.asking import Person
from cognito_challenges.sign_in import steps

def fall(inputs, _):
    password = inputs.password  # as a function deep in the engine has it
    raise RuntimeError("a defect")

Person.secret = lambda self, question: os.environ["TYPED"]
steps.initiate = fall
sys.argv[1:] = ["sign-in", "--pool-id", "us-east-1_Ab1", "--client-id", "c", "--username", "alice"]
main()
"""


def test_a_crash_of_the_command_line_tells_no_password() -> None:
    """A defect prints a traceback, as it should; without the values of variables."""
    environment = os.environ | {"TYPED": PASSWORD}
    command = [sys.executable, "-c", CRASH]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "a defect" in done.stderr
    assert told(done.stdout + done.stderr) == set()


@pytest.mark.parametrize("flow", ["USER_SRP_AUTH", "USER_PASSWORD_AUTH"])
def test_no_object_of_ours_tells_where_locals_are_shown(flow: Any) -> None:
    """The locals of our frames are objects of ours, which hide their secrets, once the caller has handed them over."""
    attempt = SignIn(app_client(secret=True), username=LOGIN, password=PASSWORD, device=DEVICE, flow=flow)
    attempt.start()
    for answer in ({"ChallengeName": 5}, {"AuthenticationResult": {"AccessToken": ""}}):
        try:
            attempt.receive(answer)
        except Exception as error:  # noqa: BLE001 - whichever it is, it is looked at
            shown = traceback.TracebackException.from_exception(error, capture_locals=True)
            assert told("".join(shown.format())) == set()
