"""SECRET_HASH and the raw client secret: who has to send which, and whether it is right."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from cognito_srp import secret_hash

from . import explain
from .errors import ServiceError, not_authorized
from .records import AppClient, User
from .state import State


def check_secret_hash(
    state: State, client: AppClient, given: str | None, names: Iterable[str], user: User | None = None
) -> None:
    """Refuse a missing, wrong or uncalled-for SECRET_HASH.

    names: the usernames that the hash may be over; user: whom an explanation looks for other names at.
    """
    if client.secret is None:
        if given is not None:
            raise not_authorized(f"Client {client.client_id} is not configured for secret but secret hash was received")
        return
    if given is None:
        raise not_authorized(f"Client {client.client_id} is configured for secret but secret hash was not received")
    names = [name for name in names if name]
    expected = [secret_hash(name, client.client_id, client.secret) for name in names]
    if not any([hmac.compare_digest(hashed.encode(), given.encode()) for hashed in expected]):
        why = explain.secret_hash_mistake(client, given, names, user) if state.options.explain else None
        raise ServiceError(
            "NotAuthorizedException", f"Unable to verify secret hash for client {client.client_id}", explanation=why
        )


def check_secret(client: AppClient, given: str | None) -> None:
    """Refuse a missing, wrong or uncalled-for raw ClientSecret."""
    expected = client.secret or ""
    if not hmac.compare_digest(expected.encode(), (given or "").encode()):
        raise not_authorized("Invalid client secret.")
