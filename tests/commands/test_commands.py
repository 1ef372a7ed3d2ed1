"""The command line, run as a person or a program runs it."""

import json
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import termios
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from cognito_challenges import totp
from cognito_challenges.pool import PoolService, running
from cognito_srp import PasswordSession

COMMAND = [sys.executable, "-c", "from cognito_challenges.cli import main; main()"]
PASSWORD = "Correct-horse-1"


def client_for(url: str) -> Any:
    return boto3.client(
        "cognito-idp", region_name="us-east-1", endpoint_url=url, aws_access_key_id="t", aws_secret_access_key="t"
    )


def test_demo_shows_every_step_and_holds() -> None:
    done = subprocess.run([*COMMAND, "demo"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    shown = [line.strip() for line in done.stdout.splitlines() if "->" in line]
    assert shown == [
        "InitiateAuth USER_SRP_AUTH -> PASSWORD_VERIFIER",
        "RespondToAuthChallenge PASSWORD_VERIFIER -> NotAuthorizedException: Incorrect username or password.",
        "InitiateAuth USER_SRP_AUTH -> PASSWORD_VERIFIER",
        "RespondToAuthChallenge PASSWORD_VERIFIER -> AuthenticationResult",
        "InitiateAuth USER_SRP_AUTH -> PASSWORD_VERIFIER",
        "RespondToAuthChallenge PASSWORD_VERIFIER -> SOFTWARE_TOKEN_MFA",
        "RespondToAuthChallenge SOFTWARE_TOKEN_MFA -> AuthenticationResult",
        "ConfirmDevice -> ok",
        "UpdateDeviceStatus -> ok",
        "InitiateAuth USER_SRP_AUTH -> PASSWORD_VERIFIER",
        "RespondToAuthChallenge PASSWORD_VERIFIER -> DEVICE_SRP_AUTH",
        "RespondToAuthChallenge DEVICE_SRP_AUTH -> DEVICE_PASSWORD_VERIFIER",
        "RespondToAuthChallenge DEVICE_PASSWORD_VERIFIER -> AuthenticationResult",
    ]
    assert done.stdout.splitlines()[-1] == "All of it held."


def test_demo_fails_when_the_pool_accepts_any_proof() -> None:
    broken = """
from cognito_srp import ServerSession
ServerSession.verify = lambda self, **claim: None
from cognito_challenges.cli import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", broken, "demo"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "the pool accepts a wrong password" in done.stdout


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_pool_prints_its_url_first_and_stops_cleanly(ending: signal.Signals) -> None:
    process = subprocess.Popen([*COMMAND, "pool"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        pool_id = client_for(url).create_user_pool(PoolName="p")["UserPool"]["Id"]
        with urllib.request.urlopen(f"{url}/{pool_id}/.well-known/jwks.json") as keys:
            assert json.load(keys)["keys"]
        process.send_signal(ending)
        assert process.wait(10) == 0
        assert process.stdout.read() == ""
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("issuer", [None, "http://pool.test:8000/"])
def test_pool_names_its_address_or_another_as_the_issuer(issuer: str | None) -> None:
    process = subprocess.Popen(
        [*COMMAND, "pool", *(["--issuer", issuer] if issuer else [])], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        pool_id = client_for(url).create_user_pool(PoolName="p")["UserPool"]["Id"]
        with urllib.request.urlopen(f"{url}/{pool_id}/.well-known/openid-configuration") as document:
            assert json.load(document)["issuer"] == f"{(issuer or url).rstrip('/')}/{pool_id}"
    finally:
        process.terminate()
        process.communicate(timeout=10)


def test_pool_logs_who_was_refused_and_when() -> None:
    options = ["--probe", "--allow-host", "pool.test", "--allow-origin", "https://app.example"]
    process = subprocess.Popen([*COMMAND, "pool", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        aws = client_for(url)
        pool = {"UserPoolId": aws.create_user_pool(PoolName="p")["UserPool"]["Id"]}
        client_id = aws.create_user_pool_client(**pool, ClientName="c")["UserPoolClient"]["ClientId"]
        aws.admin_create_user(**pool, Username="alice")
        aws.admin_set_user_password(**pool, Username="alice", Password="Correct-1-horse", Permanent=True)
        for password in ("Wrong-1-horse", "Wrong-1-horse", "Correct-1-horse"):
            session = PasswordSession(pool["UserPoolId"], username="alice", password=password)
            put = aws.initiate_auth(
                ClientId=client_id,
                AuthFlow="USER_SRP_AUTH",
                AuthParameters={"USERNAME": "alice", "SRP_A": session.srp_a},
            )
            claim = {"USERNAME": "alice", **session.prove(put["ChallengeParameters"]).responses()}
            with pytest.raises(ClientError):
                aws.respond_to_auth_challenge(
                    ClientId=client_id, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=claim
                )
        page = urllib.request.Request(
            f"{url}/x_y/.well-known/jwks.json", headers={"Host": "pool.test", "Origin": "https://app.example"}
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(page)
        assert refused.value.headers["access-control-allow-origin"] == "https://app.example"
    finally:
        process.terminate()
        _, log = process.communicate(timeout=10)
    lines = log.splitlines()
    place = rf"\d{{4}}-\d\d-\d\d [\d:,]+ refused, pool {pool['UserPoolId']}, client {client_id}, user 'alice': "
    assert [re.match(place + "([a-z]+)", line)[1] for line in lines] == ["unexplained", "unexplained", "probe"]
    assert "a right password would have been refused too" in lines[2]


def test_pool_refuses_an_issuer_that_is_no_url() -> None:
    done = subprocess.run(
        [*COMMAND, "pool", "--issuer", "pool.test"], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 2
    assert "http or https URL" in done.stderr


def test_testee_answers_on_standard_input_and_output() -> None:
    request = {"id": 7, "op": "timestamp", "now": 1772842509}
    done = subprocess.run(
        [*COMMAND, "testee"], input=json.dumps(request) + "\n", capture_output=True, text=True, timeout=30, check=True
    )
    assert json.loads(done.stdout) == {"id": 7, "ok": {"timestamp": "Sat Mar 7 00:15:09 UTC 2026"}}


class Terminal:
    """A command with a terminal of its own, typed at by the test."""

    def __init__(self, *arguments: str, environment: dict[str, str]) -> None:
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=slave,
            stderr=slave,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env=os.environ | {"COLUMNS": "200"} | environment,
        )
        os.close(slave)
        self.seen = ""

    def until(self, prompt: str) -> None:
        deadline = time.monotonic() + 30
        while prompt not in self.seen:
            assert time.monotonic() < deadline, f"{prompt!r} did not come; seen: {self.seen!r}"
            if select.select([self.master], [], [], 0.2)[0]:
                self.seen += os.read(self.master, 4096).decode()
        self.seen = self.seen.partition(prompt)[2]

    def type(self, prompt: str, text: str) -> None:
        self.until(prompt)
        os.write(self.master, text.encode() + b"\n")

    def type_unseen(self, prompt: str, text: str) -> None:
        """Type a secret once the command has turned the echo off: what is typed before that is discarded."""
        self.until(prompt)
        deadline = time.monotonic() + 30
        while termios.tcgetattr(self.master)[3] & termios.ECHO:
            assert time.monotonic() < deadline, f"{prompt!r} echoes what is typed"
            time.sleep(0.01)
        os.write(self.master, text.encode() + b"\n")

    def end(self) -> tuple[int, str]:
        output, _ = self.process.communicate(timeout=30)
        os.close(self.master)
        return self.process.returncode, output


def test_sign_in_asks_on_the_terminal_and_prints_tokens(tmp_path: Path) -> None:
    device_file = tmp_path / "device.json"
    with running(PoolService()) as url:
        admin = client_for(url)
        pool_id = admin.create_user_pool(
            PoolName="p",
            DeviceConfiguration={"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True},
        )["UserPool"]["Id"]
        client = admin.create_user_pool_client(
            UserPoolId=pool_id,
            ClientName="c",
            GenerateSecret=True,
            ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )["UserPoolClient"]
        admin.set_user_pool_mfa_config(
            UserPoolId=pool_id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="ON"
        )
        admin.admin_create_user(
            UserPoolId=pool_id, Username="alice", TemporaryPassword="Temporary-1", MessageAction="SUPPRESS"
        )
        arguments = [
            *("sign-in", "--pool-id", pool_id, "--client-id", client["ClientId"], "--username", "alice"),
            *("--endpoint-url", url, "--secret-client", "--device-file", str(device_file)),
        ]

        terminal = Terminal(*arguments, environment={})
        terminal.type_unseen("Client secret", client["ClientSecret"])
        terminal.type_unseen("Password", "Temporary-1")
        terminal.type_unseen("New password", PASSWORD)
        terminal.type("Second factor to set up", "SOFTWARE_TOKEN_MFA")
        terminal.until("secret=")
        terminal.until("&issuer")
        terminal.process.kill()
        terminal.end()

        # Enrolment goes on in a second run: the new password is set, the authenticator app is not.
        terminal = Terminal(*arguments, environment={"COGNITO_CLIENT_SECRET": client["ClientSecret"]})
        terminal.type_unseen("Password", PASSWORD)
        terminal.type("Second factor to set up", "SOFTWARE_TOKEN_MFA")
        terminal.until("secret=")
        while "&" not in terminal.seen:
            terminal.seen += os.read(terminal.master, 4096).decode()
        secret = terminal.seen.partition("&")[0]
        terminal.type("Code that the app shows", "000000")
        terminal.type("Code that the app shows", totp.code(secret, time.time()))
        terminal.type("Remember this device?", "y")
        status, output = terminal.end()
        assert status == 0, output
        assert json.loads(output).keys() == {"AccessToken", "IdToken", "RefreshToken", "ExpiresIn", "TokenType"}
        assert device_file.stat().st_mode & 0o777 == 0o600

        # The remembered device needs no code.
        terminal = Terminal(*arguments, environment={"COGNITO_CLIENT_SECRET": client["ClientSecret"]})
        terminal.type_unseen("Password", PASSWORD)
        status, output = terminal.end()
        assert status == 0
        assert json.loads(output)["TokenType"] == "Bearer"
        assert PASSWORD not in terminal.seen

        terminal = Terminal(*arguments, environment={"COGNITO_CLIENT_SECRET": client["ClientSecret"]})
        terminal.type_unseen("Password", "wrong")
        terminal.until("NotAuthorizedException: Incorrect username or password.")
        assert terminal.end() == (1, "")


SIGN_IN = ("sign-in", "--pool-id", "us-east-1_Ab1", "--client-id", "client", "--username", "alice")


def test_sign_in_without_a_network_says_so_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
    terminal = Terminal(*SIGN_IN, "--endpoint-url", url, environment={})
    terminal.type_unseen("Password", PASSWORD)
    terminal.until("no answer came (EndpointConnectionError: Connection refused)")
    assert terminal.end() == (1, "")
    assert "Traceback" not in terminal.seen


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--flow", "FOO"), 2, "must be one of USER_SRP_AUTH"),
        (("--pool-id", "nonsense"), 1, "pool_id: is not a user pool id"),
        ((), 1, "an answer was needed, and the input has ended"),
    ],
    ids=["flow", "pool", "no input"],
)
def test_sign_in_refuses_before_it_asks(arguments: tuple[str, ...], status: int, words: str) -> None:
    done = subprocess.run(
        [*COMMAND, *SIGN_IN, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == status
    assert words in " ".join(done.stderr.replace("\u2502", " ").split())
    assert "Traceback" not in done.stderr
    assert not (arguments and "Password" in done.stderr)


def test_ctrl_c_at_the_device_keeps_the_tokens(tmp_path: Path) -> None:
    with running(PoolService()) as url:
        admin = client_for(url)
        pool_id = admin.create_user_pool(
            PoolName="p",
            DeviceConfiguration={"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True},
        )["UserPool"]["Id"]
        client_id = admin.create_user_pool_client(
            UserPoolId=pool_id, ClientName="c", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        )["UserPoolClient"]["ClientId"]
        admin.admin_create_user(UserPoolId=pool_id, Username="alice", MessageAction="SUPPRESS")
        admin.admin_set_user_password(UserPoolId=pool_id, Username="alice", Password=PASSWORD, Permanent=True)
        names = ("sign-in", "--pool-id", pool_id, "--client-id", client_id, "--username", "alice")
        device_file = tmp_path / "device.json"
        terminal = Terminal(*names, "--endpoint-url", url, "--device-file", str(device_file), environment={})
        terminal.type_unseen("Password", PASSWORD)
        terminal.until("Remember this device?")
        os.kill(terminal.process.pid, signal.SIGINT)
        status, output = terminal.end()
    assert status == 0
    assert json.loads(output)["TokenType"] == "Bearer"
    assert not device_file.exists()


def test_pool_names_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        done = subprocess.run(
            [*COMMAND, "pool", "--port", port], capture_output=True, text=True, timeout=30, check=False
        )
    assert done.returncode == 1
    assert done.stderr.strip() == f"cannot listen on 127.0.0.1, port {port}: Address already in use"
