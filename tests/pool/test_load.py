"""Many clients at a time: no error, and memory that stays where it is.

Two seconds here; COGNITO_SRP_LOAD_SECONDS=60 makes it the long run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import anyio
import httpx
import psutil
import pytest

from cognito_srp import PasswordSession

CLIENTS = 64
SECONDS = float(os.environ.get("COGNITO_SRP_LOAD_SECONDS", "2"))
SERVE = """
from cognito_challenges.pool import PoolService, serve
serve(PoolService(), on_listening=lambda url: print(url, flush=True))
"""


@pytest.fixture
def server():
    """The URL of a pool in a process of its own, and the process."""
    process = subprocess.Popen([sys.executable, "-c", SERVE], stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip(), psutil.Process(process.pid)
    finally:
        process.terminate()
        assert process.wait(timeout=20) == 0


async def load(url: str, process: psutil.Process) -> tuple[int, list[int]]:
    """Sign in with all clients until the time is up; the number of sign-ins, and the memory seen on the way."""
    signed_in, memory, end = 0, [], time.monotonic() + SECONDS
    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=CLIENTS)) as http:

        async def call(operation: str, **request: object) -> dict:
            target = {"X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}"}
            answer = await http.post(url, headers=target, json=request)
            assert answer.status_code == 200, answer.text
            return answer.json()

        pool_id = (await call("CreateUserPool", PoolName="load"))["UserPool"]["Id"]
        client = await call("CreateUserPoolClient", UserPoolId=pool_id, ClientName="load")
        named = {"ClientId": client["UserPoolClient"]["ClientId"]}
        user = {"UserPoolId": pool_id, "Username": "alice"}
        await call("AdminCreateUser", **user, MessageAction="SUPPRESS")
        await call("AdminSetUserPassword", **user, Password="Correct-1-horse", Permanent=True)

        async def sign_in() -> None:
            nonlocal signed_in
            while time.monotonic() < end:
                session = PasswordSession(pool_id, username="alice", password="Correct-1-horse")
                parameters = {"USERNAME": "alice", "SRP_A": session.srp_a}
                answer = await call("InitiateAuth", **named, AuthFlow="USER_SRP_AUTH", AuthParameters=parameters)
                claim = {"USERNAME": "alice", **session.prove(answer["ChallengeParameters"]).responses()}
                answer = await call(
                    "RespondToAuthChallenge", **named, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=claim
                )
                assert "AuthenticationResult" in answer
                signed_in += 1

        async def watch() -> None:
            while time.monotonic() < end:
                memory.append(process.memory_info().rss)
                await anyio.sleep(SECONDS / 20)

        async with anyio.create_task_group() as group:
            group.start_soon(watch)
            for _ in range(CLIENTS):
                group.start_soon(sign_in)
    return signed_in, memory


def test_many_clients(server):
    signed_in, memory = anyio.run(load, *server)
    assert signed_in >= CLIENTS
    # The records of the latest 10,000 sign-ins are kept; they take their room in the first part of a run.
    assert memory[-1] - memory[len(memory) // 2] < 8 * 2**20
    assert memory[-1] - memory[0] < 32 * 2**20
