"""Requests of the service's operations: the one place that writes their members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cognito_srp.encoding import utf8

from .app_client import MAX_MEMBER_CHARACTERS, AppClient, RequestParts
from .unpicklable import Unpicklable


@dataclass(frozen=True, slots=True)
class Call(Unpicklable):
    """A request to be sent: an operation of the service and its parameters, as boto3 takes them.

    The parameters may hold passwords, codes and tokens: repr hides them.
    """

    operation: str
    parameters: Mapping[str, Any] = field(repr=False)

    @property
    def signed(self) -> bool:
        """Whether the operation takes IAM credentials; all others are plain HTTPS."""
        return self.operation.startswith("Admin")


def initiate_auth(
    client: AppClient,
    flow: str,
    auth_parameters: Mapping[str, str],
    parts: RequestParts,
    session: str | None = None,
) -> Call:
    """InitiateAuth, or AdminInitiateAuth for an admin client."""
    members: dict[str, Any] = {"AuthFlow": flow, "AuthParameters": dict(auth_parameters)}
    return _auth(client, "InitiateAuth", members, parts, session)


def respond_to_auth_challenge(
    client: AppClient,
    challenge: str,
    responses: Mapping[str, str],
    parts: RequestParts,
    session: str | None,
) -> Call:
    """RespondToAuthChallenge, or AdminRespondToAuthChallenge; Session if and only if one was received."""
    members: dict[str, Any] = {"ChallengeName": challenge, "ChallengeResponses": dict(responses)}
    return _auth(client, "RespondToAuthChallenge", members, parts, session)


def check_token(name: str, value: str) -> None:
    """Raise UsageError when an access or refresh token is no text, empty or too long."""
    utf8(name, value, limit=MAX_MEMBER_CHARACTERS)


def associate_software_token(session: str | None) -> Call:
    """AssociateSoftwareToken within a sign-in."""
    return Call("AssociateSoftwareToken", {} if session is None else {"Session": session})


def verify_software_token(session: str | None, responses: Mapping[str, str]) -> Call:
    """VerifySoftwareToken within a sign-in. responses: UserCode and, if wanted, FriendlyDeviceName."""
    return Call("VerifySoftwareToken", {**responses, **({} if session is None else {"Session": session})})


def _auth(client: AppClient, operation: str, members: dict[str, Any], parts: RequestParts, session: str | None) -> Call:
    members["ClientId"] = client.client_id
    members |= parts.document(client)
    if session is not None:
        members["Session"] = session
    if client.admin:
        return Call("Admin" + operation, {"UserPoolId": client.pool_id} | members)
    return Call(operation, members)
