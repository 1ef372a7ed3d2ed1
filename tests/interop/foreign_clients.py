"""Sign-ins by clients that share no code with ours."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pycognito import AWSSRP, Cognito

from interop.user_pools import boto3_arguments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from interop.user_pools import UserPool

FOLDER = Path(__file__).parent


def pycognito_srp(pool: UserPool, username: str, password: str, **device: str) -> AWSSRP:
    """pycognito's SRP client; one object for each attempt."""
    return AWSSRP(
        username,
        password,
        pool.pool_id,
        pool.client_id,
        client=pool.client,
        client_secret=pool.client_secret,
        **device,
    )


def pycognito(pool: UserPool, username: str) -> Cognito:
    """pycognito's whole client, which also verifies the tokens against the pool's JWKS and issuer."""
    client = Cognito(
        pool.pool_id,
        pool.client_id,
        username=username,
        client_secret=pool.client_secret,
        boto3_client_kwargs=boto3_arguments(pool.service.endpoint_url),
    )
    if pool.service.name == "ministack":
        # It serves the keys itself, but names the real service as the issuer of its tokens.
        client.get_keys()
        client.pool_domain_url = None
    return client


@dataclass(frozen=True)
class Outcome:
    """How one sign-in of amazon-cognito-identity-js ended."""

    tokens: Mapping[str, Any] | None
    error: Mapping[str, str] | None
    calls: list[str]
    asked: Mapping[str, Any]


class AmazonCognitoIdentityJs:
    """The node process that signs in; its memory of devices lasts as long as it does."""

    def __init__(self, node: str) -> None:
        self._process = subprocess.Popen(
            [node, FOLDER / "adapters" / "amazon-cognito-identity-js.mjs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._process.communicate(timeout=10)
        finally:
            self._process.kill()

    def sign_in(
        self,
        pool: UserPool,
        username: str,
        password: str,
        *,
        answers: Mapping[str, Any] | None = None,
        **order: Any,
    ) -> Outcome:
        """Sign in, taking each challenge's answer from `answers` by name: a value, or a function of the parameters."""
        self._write(
            {
                "endpoint": pool.service.endpoint_url,
                "userPoolId": pool.pool_id,
                "clientId": pool.client_id,
                "username": username,
                "password": password,
                **order,
            }
        )
        asked: dict[str, Any] = {}
        while "challenge" in (message := self._read()):
            name, parameters = message["challenge"], message["parameters"]
            asked[name] = parameters
            answer = (answers or {})[name]
            self._write(answer(parameters) if callable(answer) else answer)
        return Outcome(message["signedIn"], message["error"], message["calls"], asked)

    def _write(self, message: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the node process ended before it answered"
        return json.loads(line)
