"""What a request says beside the challenge itself: metadata for triggers and analytics, and the user's surroundings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cognito_srp import UsageError
from cognito_srp.encoding import utf8, wrong_type
from cognito_srp.unpicklable import Unpicklable

from .app_client import MAX_MEMBER_CHARACTERS, AppClient


@dataclass(frozen=True, slots=True, kw_only=True)
class UserContext(Unpicklable):
    """UserContextData of the public operations: what threat protection may know of the user's device.

    ip_address: IPv4 or IPv6 as text. encoded_data: what the service's own front-end library collected.
    Raises UsageError for a member that is not a string or is empty.
    """

    ip_address: str | None = None
    encoded_data: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name, value in self.members().items():
            utf8(name, value, limit=MAX_MEMBER_CHARACTERS)

    def members(self) -> dict[str, str]:
        """The members of UserContextData."""
        named = {"IpAddress": self.ip_address, "EncodedData": self.encoded_data}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminContext(Unpicklable):
    """ContextData of the Admin operations, whose first four members the service requires.

    headers: the HTTP headers of the user's own request, as pairs of name and value, in their order.
    Raises UsageError for a member that is not a string or, values of headers aside, is empty.
    """

    ip_address: str
    server_name: str
    server_path: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    encoded_data: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name, value in self._texts().items():
            utf8(name, value, limit=MAX_MEMBER_CHARACTERS)
        if not isinstance(self.headers, tuple):
            raise UsageError("HttpHeaders", "type", "must be a tuple of pairs of strings")
        for header in self.headers:
            if not isinstance(header, tuple) or len(header) != 2 or not all(isinstance(part, str) for part in header):
                raise UsageError("HttpHeaders", "type", "must be a tuple of pairs of strings")

    def members(self) -> dict[str, object]:
        """The members of ContextData."""
        headers = [{"headerName": name, "headerValue": value} for name, value in self.headers]
        return {**self._texts(), "HttpHeaders": headers}

    def _texts(self) -> dict[str, str]:
        texts = {"IpAddress": self.ip_address, "ServerName": self.server_name, "ServerPath": self.server_path}
        return texts if self.encoded_data is None else texts | {"EncodedData": self.encoded_data}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMetadata(Unpicklable):
    """What each InitiateAuth and RespondToAuthChallenge of an attempt says beside the challenge itself.

    client_metadata: handed to the pool's Lambda triggers; the service neither stores nor encrypts it.
    analytics_endpoint_id: of Amazon Pinpoint.
    context: a UserContext with the public operations, an AdminContext with the Admin ones.
    Raises UsageError for a member of another type.
    """

    client_metadata: Mapping[str, str] | None = field(default=None, repr=False)
    analytics_endpoint_id: str | None = None
    context: UserContext | AdminContext | None = None

    def __post_init__(self) -> None:
        check_client_metadata(self.client_metadata)
        if self.analytics_endpoint_id is not None:
            utf8("AnalyticsEndpointId", self.analytics_endpoint_id)
        if self.context is not None and not isinstance(self.context, UserContext | AdminContext):
            raise wrong_type("context", self.context, "a UserContext or an AdminContext")

    def members(self, app_client: AppClient) -> dict[str, object]:
        """The members that go into the request. Raises UsageError when context and operation do not match."""
        members: dict[str, object] = {}
        if self.client_metadata:
            members["ClientMetadata"] = dict(self.client_metadata)
        if self.analytics_endpoint_id is not None:
            members["AnalyticsMetadata"] = {"AnalyticsEndpointId": self.analytics_endpoint_id}
        if self.context is not None:
            if isinstance(self.context, AdminContext) != app_client.admin:
                expected = "an AdminContext" if app_client.admin else "a UserContext"
                raise UsageError("context", "type", f"must be {expected} with admin={app_client.admin}")
            members["ContextData" if app_client.admin else "UserContextData"] = self.context.members()
        return members


def check_client_metadata(client_metadata: Mapping[str, str] | None) -> None:
    """Raise UsageError when ClientMetadata is not a mapping of strings to strings."""
    if client_metadata is None:
        return
    if not isinstance(client_metadata, Mapping):
        raise wrong_type("ClientMetadata", client_metadata, "a mapping of strings to strings")
    for name, value in client_metadata.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise UsageError("ClientMetadata", "type", "must map strings to strings")
