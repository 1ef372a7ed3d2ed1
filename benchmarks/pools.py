"""Full sign-ins a second over loopback HTTP on one core: the reference pool against ministack.

A sign-in is InitiateAuth and RespondToAuthChallenge, with the proof checked and three tokens issued. The rate is
that of the server's own processor time, so that neither the client nor a busy machine counts.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

import peers
from cognito_srp import PasswordSession

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from interop import servers
from interop.user_pools import Service, UserPool


@contextlib.contextmanager
def reference_pool() -> Iterator[str]:
    """The URL of the reference pool, served by a process of its own."""
    command = [str(Path(sys.executable).with_name("cognito-srp")), "pool", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        servers.end(process)


@contextlib.contextmanager
def ministack() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as scratch, servers.ministack(Path(scratch)) as url:
        yield url


class Client:
    """Signs one user in, again and again, over one connection."""

    def __init__(self, url: str) -> None:
        self._pool = UserPool.create(Service("benchmark", url))
        self._pool.add_user(peers.USERNAME, peers.PASSWORD)
        self._connection = HTTPConnection(urlsplit(url).netloc)

    def _call(self, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
        }
        self._connection.request("POST", "/", json.dumps(parameters), headers)
        answer = json.loads(self._connection.getresponse().read())
        if "message" in answer:
            raise RuntimeError(f"{operation} was refused: {answer['message']}")
        return answer

    def sign_in(self) -> dict[str, Any]:
        session = PasswordSession(self._pool.pool_id, username=peers.USERNAME, password=peers.PASSWORD)
        challenge = self._call(
            "InitiateAuth",
            {
                "AuthFlow": "USER_SRP_AUTH",
                "ClientId": self._pool.client_id,
                "AuthParameters": {"USERNAME": peers.USERNAME, "SRP_A": session.srp_a},
            },
        )
        parameters = challenge["ChallengeParameters"]
        answer = self._call(
            "RespondToAuthChallenge",
            {
                "ChallengeName": challenge["ChallengeName"],
                "ClientId": self._pool.client_id,
                "ChallengeResponses": {"USERNAME": parameters["USERNAME"]} | session.prove(parameters).responses(),
            }
            | ({"Session": challenge["Session"]} if "Session" in challenge else {}),
        )
        return answer["AuthenticationResult"]


def server_of(url: str) -> psutil.Process:
    """The child process that listens on the port of a URL."""
    port = urlsplit(url).port
    for process in psutil.Process().children(recursive=True):
        if any(connection.laddr.port == port for connection in process.net_connections(kind="tcp")):
            return process
    raise RuntimeError("no child process listens there")


def rate(url: str, sign_ins: int) -> float:
    """Sign-ins for each second of the server's processor time."""
    client, server = Client(url), server_of(url)
    client.sign_in()
    before = server.cpu_times()
    for _ in range(sign_ins):
        client.sign_in()
    after = server.cpu_times()
    return sign_ins / (after.user + after.system - before.user - before.system)


def rates(sign_ins: int) -> tuple[float, float]:
    """Of the reference pool, and of ministack."""
    with reference_pool() as ours, ministack() as theirs:
        return rate(ours, 10 * sign_ins), rate(theirs, sign_ins)
