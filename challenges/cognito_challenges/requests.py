"""Requests of the service's operations, and what a transport is: a function that sends one.

A transport needs nothing above this file.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from cognito_srp.encoding import utf8
from cognito_srp.unpicklable import Unpicklable

from .app_client import MAX_MEMBER_CHARACTERS, AppClient
from .metadata import RequestMetadata

_SAFE_TO_REPEAT: Final = frozenset({"InitiateAuth", "AdminInitiateAuth", "UpdateDeviceStatus", "RevokeToken"})


@dataclass(frozen=True, slots=True)
class Call(Unpicklable):
    """A request to be sent: an operation of the service and its parameters, as boto3 takes them.

    The parameters may hold passwords, codes and tokens: repr hides them.
    unanswered: how often `drive` has sent it without an answer that could be used; `mark_unanswered` counts.
    """

    operation: str
    parameters: Mapping[str, Any] = field(repr=False)
    unanswered: int = field(default=0, init=False, repr=False, compare=False)

    @property
    def signed(self) -> bool:
        """Whether the operation takes IAM credentials; all others are plain HTTPS."""
        return self.operation.startswith("Admin")

    @property
    def safe_to_repeat(self) -> bool:
        """Whether the request means the same when it is sent twice.

        False for what the service takes once: an answer to a challenge (a proof, a code, a Session), a refresh token
        that rotates, a new device. When the answer to such a call was lost, the service may have accepted it; sent
        again, it is then refused, and the sign-in has to begin anew.
        """
        return self.operation in _SAFE_TO_REPEAT

    def mark_unanswered(self) -> None:
        """Count one more time that it was sent without an answer that could be used."""
        object.__setattr__(self, "unanswered", self.unanswered + 1)


class Transport(Protocol):
    """Sends one call to the service and returns its answer.

    Returns the answer's JSON object, as boto3 returns it. The HTTP headers, where they are known, stand under
    ["ResponseMetadata"]["HTTPHeaders"], their names in lower case: `SignIn(follow_date=True)` reads "date" there.

    Raises, and nothing else:

    - ServiceError when the service refuses the call. `earlier_tries` says how often the same request was tried before,
      by the transport itself, without an answer.
    - TransportError when no answer of the service came: no connection, a time-out, TLS, DNS, a proxy, a redirect, an
      answer cut short or too large.
    - PeerError when the answer is not one of the service: not a JSON object, members of wrong types.
    - UsageError for what its caller gave: a call that it cannot send, a client that is closed.

    `drive` hands a ServiceError to the attempt. All others come out of it as they are and leave the attempt at the same
    step. So does any exception of a transport of your own; map what its library raises to these, so that callers have
    four classes to catch.

    It never follows a redirect: the call may hold a password or a proof, meant for one host only. It bounds the time of
    the whole call and the size of the answer. No error, log record or repr of it holds a parameter of the call.
    `transports.json11` writes and reads the service's protocol for a transport over any HTTP library.
    """

    def __call__(self, call: Call, /) -> Mapping[str, Any]:
        """Send the call."""
        ...


class AsyncTransport(Protocol):
    """`Transport` for async code: the same contract, awaited."""

    def __call__(self, call: Call, /) -> Awaitable[Mapping[str, Any]]:
        """Send the call."""
        ...


def initiate_auth(
    app_client: AppClient,
    flow: str,
    auth_parameters: Mapping[str, str],
    metadata: RequestMetadata,
    session: str | None = None,
) -> Call:
    """InitiateAuth, or AdminInitiateAuth for an admin client."""
    members: dict[str, Any] = {"AuthFlow": flow, "AuthParameters": dict(auth_parameters)}
    return _auth(app_client, "InitiateAuth", members, metadata, session)


def respond_to_auth_challenge(
    app_client: AppClient,
    challenge: str,
    responses: Mapping[str, str],
    metadata: RequestMetadata,
    session: str | None,
) -> Call:
    """RespondToAuthChallenge, or AdminRespondToAuthChallenge; Session if and only if one was received."""
    members: dict[str, Any] = {"ChallengeName": challenge, "ChallengeResponses": dict(responses)}
    return _auth(app_client, "RespondToAuthChallenge", members, metadata, session)


def associate_software_token(session: str | None) -> Call:
    """AssociateSoftwareToken within a sign-in."""
    return Call("AssociateSoftwareToken", _session(session))


def verify_software_token(session: str | None, responses: Mapping[str, str]) -> Call:
    """VerifySoftwareToken within a sign-in. responses: UserCode and, if wanted, FriendlyDeviceName."""
    return Call("VerifySoftwareToken", {**responses, **_session(session)})


def check_token(name: str, value: str) -> None:
    """Raise UsageError when an access or refresh token is not a string, or is empty or too long."""
    utf8(name, value, limit=MAX_MEMBER_CHARACTERS)


def _auth(
    app_client: AppClient, operation: str, members: dict[str, Any], metadata: RequestMetadata, session: str | None
) -> Call:
    members["ClientId"] = app_client.client_id
    members |= metadata.members(app_client)
    members |= _session(session)
    if app_client.admin:
        return Call("Admin" + operation, {"UserPoolId": app_client.pool_id} | members)
    return Call(operation, members)


def _session(session: str | None) -> dict[str, str]:
    return {} if session is None else {"Session": session}
