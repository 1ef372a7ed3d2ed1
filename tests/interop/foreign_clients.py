"""Sign-ins by clients that share no code with ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pycognito import AWSSRP, Cognito

from interop.user_pools import boto3_arguments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from interop.node_adapter import NodeAdapter
    from interop.user_pools import UserPool


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


@dataclass(frozen=True)
class AmazonCognitoIdentityJs:
    """The library, whose memory of devices lasts as long as the process of its adapter."""

    adapter: NodeAdapter

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
        order = {
            "endpoint": pool.service.endpoint_url,
            "userPoolId": pool.pool_id,
            "clientId": pool.client_id,
            "username": username,
            "password": password,
            **order,
        }
        step, asked = self.adapter.call("signIn", order), {}
        calls = list(self.adapter.requests)
        while "challenge" in step:
            name, parameters = step["challenge"], step["parameters"]
            asked[name] = parameters
            answer = (answers or {})[name]
            step = self.adapter.call("answer", answer(parameters) if callable(answer) else answer)
            calls += self.adapter.requests
        return Outcome(step["signedIn"], step["error"], calls, asked)
