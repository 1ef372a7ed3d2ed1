"""SECRET_HASH and the raw client secret: who has to send which, and whether it is right."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterable

from cognito_challenges.pool.errors import Explanation, ServiceError, not_authorized
from cognito_challenges.pool.store.records import AppClient, User
from cognito_challenges.pool.store.state import State
from cognito_srp import secret_hash


def check_secret_hash(
    state: State, client: AppClient, given: str | None, names: Iterable[str], user: User | None = None
) -> None:
    """Refuse a missing, wrong or uncalled-for SECRET_HASH.

    names: the usernames that the hash may be over; user: whom an explanation looks for other names at.
    """
    if not client.secrets:
        if given is not None:
            raise not_authorized(f"Client {client.client_id} is not configured for secret but secret hash was received")
        return
    if given is None:
        raise not_authorized(f"Client {client.client_id} is configured for secret but secret hash was not received")
    names = [name for name in names if name]
    expected = [
        secret_hash(name, client_id=client.client_id, client_secret=secret.value)
        for secret in client.secrets
        for name in names
    ]
    if not any(hmac.compare_digest(hashed.encode(), given.encode()) for hashed in expected):
        why = secret_hash_mistake(client, given, names, user) if state.options.explain else None
        raise ServiceError(
            "NotAuthorizedException", f"Unable to verify secret hash for client {client.client_id}", explanation=why
        )


def check_secret(client: AppClient, given: str | None) -> None:
    """Refuse a missing, wrong or uncalled-for raw ClientSecret."""
    expected = [secret.value for secret in client.secrets] or [""]
    if not any(hmac.compare_digest(value.encode(), (given or "").encode()) for value in expected):
        raise not_authorized("Invalid client secret.")


def secret_hash_mistake(client: AppClient, given: str, names: list[str], user: User | None) -> Explanation | None:
    """What a wrong SECRET_HASH was computed over; None when it is none of the known mistakes."""
    client_id = client.client_id
    others = [] if user is None else [user.username, user.sub, *user.attributes.values()]
    others += [name.lower() for name in names]
    tries = [(name, "over another of the user's names") for name in dict.fromkeys(others) if name and name not in names]
    messages = [(f"{name}{client_id}", what) for name, what in tries]
    for name in names:
        messages += [(f"{client_id}{name}", "with the client id in front"), (name, "without the client id")]
    messages.append((client_id, "without a username"))
    for secret in [secret.value.encode() for secret in client.secrets]:
        for message, what in messages:
            if hmac.compare_digest(b64encode(hmac.digest(secret, message.encode(), "sha256")), given.encode()):
                return Explanation(
                    "secret-hash", f"SECRET_HASH was computed {what}; it takes the USERNAME sent beside it."
                )
        for name in names:
            written = hmac.digest(secret, f"{name}{client_id}".encode(), "sha256").hex()
            if hmac.compare_digest(written.encode(), given.lower().encode()):
                return Explanation("secret-hash", "SECRET_HASH was written in hex; it takes Base64.")
    return None
