"""Whose sign-in it is: the user pool's app client, and what a request tells about the user's surroundings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cognito_srp import UsageError, secret_hash
from cognito_srp.encoding import pool_name, utf8

from .unpicklable import Unpicklable

MAX_MEMBER_CHARACTERS: Final = 131_072
"""Longest member sent: the service's limit for its longer texts."""


@dataclass(frozen=True, slots=True)
class AppClient(Unpicklable):
    """One app client of one user pool.

    pool_id: "us-east-1_Ab1"; client_id: 1 to 128 characters; client_secret: None for a public app client.
    admin: use AdminInitiateAuth and AdminRespondToAuthChallenge, which take IAM credentials, instead of the public
        operations.

    Raises UsageError for a malformed argument.
    """

    pool_id: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    admin: bool = False

    def __post_init__(self) -> None:
        pool_name(self.pool_id)
        utf8("client_id", self.client_id)
        if self.client_secret is not None:
            utf8("client_secret", self.client_secret)

    @property
    def region(self) -> str:
        """The part of the pool id before its last underscore: "us-east-1" of "us-east-1_Ab1"."""
        return self.pool_id.rpartition("_")[0]

    def secret_hash(self, username: str) -> str | None:
        """SECRET_HASH over a username, or None for a public app client."""
        return (
            None
            if self.client_secret is None
            else secret_hash(username, client_id=self.client_id, client_secret=self.client_secret)
        )


@dataclass(frozen=True, slots=True)
class UserContext(Unpicklable):
    """UserContextData of the public operations: what threat protection may know of the user's device."""

    ip_address: str | None = None
    encoded_data: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name, value in (("IpAddress", self.ip_address), ("EncodedData", self.encoded_data)):
            if value is not None:
                utf8(name, value, limit=MAX_MEMBER_CHARACTERS)

    def document(self) -> dict[str, object]:
        """The UserContextData that goes into the request."""
        return {
            name: value
            for name, value in (("IpAddress", self.ip_address), ("EncodedData", self.encoded_data))
            if value is not None
        }


@dataclass(frozen=True, slots=True)
class AdminContext(Unpicklable):
    """ContextData of the Admin operations, whose first four members the service requires.

    headers: the HTTP headers of the user's own request, in their order.

    Raises UsageError for a member that is no text or, headers' values aside, empty.
    """

    ip_address: str
    server_name: str
    server_path: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    encoded_data: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name, value in (
            ("IpAddress", self.ip_address),
            ("ServerName", self.server_name),
            ("ServerPath", self.server_path),
        ):
            utf8(name, value, limit=MAX_MEMBER_CHARACTERS)
        if self.encoded_data is not None:
            utf8("EncodedData", self.encoded_data, limit=MAX_MEMBER_CHARACTERS)
        for header in self.headers:
            if not isinstance(header, tuple) or not all(isinstance(part, str) for part in header) or len(header) != 2:
                raise UsageError("HttpHeaders", "type", "must be pairs of text")

    def document(self) -> dict[str, object]:
        """The ContextData that goes into the request."""
        context: dict[str, object] = {
            "IpAddress": self.ip_address,
            "ServerName": self.server_name,
            "ServerPath": self.server_path,
            "HttpHeaders": [{"headerName": name, "headerValue": value} for name, value in self.headers],
        }
        return context if self.encoded_data is None else context | {"EncodedData": self.encoded_data}


@dataclass(frozen=True, slots=True)
class RequestParts(Unpicklable):
    """What each InitiateAuth and RespondToAuthChallenge of an attempt carries beside the challenge itself.

    client_metadata: handed to the pool's Lambda triggers, not stored and not encrypted by the service.
    analytics_endpoint_id: of Amazon Pinpoint.
    context: UserContext with the public operations, AdminContext with the Admin ones.
    """

    client_metadata: Mapping[str, str] | None = field(default=None, repr=False)
    analytics_endpoint_id: str | None = None
    context: UserContext | AdminContext | None = None

    def document(self, client: AppClient) -> dict[str, object]:
        """The members that go into the request. Raises UsageError when context and operation do not fit."""
        members: dict[str, object] = {}
        if self.client_metadata:
            for name, value in self.client_metadata.items():
                if not isinstance(name, str) or not isinstance(value, str):
                    raise UsageError("ClientMetadata", "type", "must map text to text")
            members["ClientMetadata"] = dict(self.client_metadata)
        if self.analytics_endpoint_id is not None:
            utf8("AnalyticsEndpointId", self.analytics_endpoint_id)
            members["AnalyticsMetadata"] = {"AnalyticsEndpointId": self.analytics_endpoint_id}
        if self.context is not None:
            if isinstance(self.context, AdminContext) != client.admin:
                raise UsageError("context", "type", "is an AdminContext with Admin operations, a UserContext otherwise")
            members["ContextData" if client.admin else "UserContextData"] = self.context.document()
        return members
