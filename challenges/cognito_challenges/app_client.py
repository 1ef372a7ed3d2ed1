"""Whose sign-in it is: one app client of one user pool."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Final

from cognito_srp import secret_hash
from cognito_srp.encoding import pool_name, utf8, wrong_type
from cognito_srp.unpicklable import Unpicklable

MAX_MEMBER_CHARACTERS: Final = 131_072
"""Longest member sent: the service's limit for its longer strings."""


@dataclass(frozen=True, slots=True)
class AppClient(Unpicklable):
    """One app client of one user pool.

    pool_id: "us-east-1_Ab1Cd2Ef3"; client_id: 1 to 128 characters; client_secret: None for a public app client.
    admin: use AdminInitiateAuth and AdminRespondToAuthChallenge, which take IAM credentials, instead of the public
        operations.

    Raises UsageError for a malformed argument. A well-formed id of another pool is not noticed here: the pool name is
    part of what is hashed, so the service answers "Incorrect username or password."
    """

    pool_id: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False, kw_only=True)
    admin: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        pool_name(self.pool_id)
        utf8("client_id", self.client_id, limit=128)
        if self.client_secret is not None:
            utf8("client_secret", self.client_secret)
        if not isinstance(self.admin, bool):
            raise wrong_type("admin", self.admin, "True or False")

    @property
    def region(self) -> str:
        """The part of the pool id before its last underscore: "us-east-1" of "us-east-1_Ab1Cd2Ef3"."""
        return self.pool_id.rpartition("_")[0]

    def secret_hash(self, username: str) -> str | None:
        """SECRET_HASH over a username, or None for a public app client."""
        if self.client_secret is None:
            return None
        return secret_hash(username, client_id=self.client_id, client_secret=self.client_secret)

    def fingerprint(self) -> str:
        """Eight hex digits that differ for another pool, client id, client secret or `admin`; they reveal no secret."""
        identity = f"{self.pool_id}|{self.client_id}|{self.admin}"
        return hmac.digest((self.client_secret or "").encode(), identity.encode(), "sha256").hex()[:8]
