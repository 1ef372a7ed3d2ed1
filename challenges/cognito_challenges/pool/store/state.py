"""Everything that one pool service knows, in one object that its operations share."""

from __future__ import annotations

import hmac
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field

from cognito_challenges.pool.errors import not_found
from cognito_challenges.pool.options import Options
from cognito_challenges.pool.store.attempt import Attempt
from cognito_challenges.pool.store.expiring import Expiring
from cognito_challenges.pool.store.journal import Journal
from cognito_challenges.pool.store.outbox import Outbox
from cognito_challenges.pool.store.records import AppClient, User, UserPool
from cognito_challenges.pool.store.suspicion import Suspicion

Trigger = Callable[[dict[str, object]], object]
"""A Lambda trigger: takes the event document and returns it with its response filled in."""

SIGN_INS_UNDER_WAY = 10_000
"""Most Sessions and SRP challenges kept at a time."""

USERS_IN_DOUBT = 1_000
"""Most users whose refused proofs are remembered at a time, and most stand-ins for users that do not exist."""


@dataclass(slots=True)
class State:
    """Pools and clients by id, sign-ins under way, and the sources of time and randomness that the service was given.

    sessions: attempts by the text that finds them again: a Session, or the secret block of an SRP challenge.
    device_sessions: the Session of a DEVICE_SRP_AUTH by client, user and device, for clients that do not echo it.
    revoked: when a refresh token was used up by rotation, or a sign-in revoked, in Unix seconds.
    suspicions: refused proofs by client and user, in a pool that explains.
    strangers: stand-ins for names that nobody has, by pool and name.
    triggers: Python callables by the ARN that a pool's LambdaConfig names.
    address: the URL that a server of this pool listens on, if there is one.
    """

    options: Options
    clock: Callable[[], float]
    entropy: Callable[[int], bytes]
    pools: dict[str, UserPool] = field(default_factory=dict[str, UserPool])
    clients: dict[str, AppClient] = field(default_factory=dict[str, AppClient])
    sessions: Expiring[Attempt] = field(
        default_factory=lambda: Expiring[Attempt](SIGN_INS_UNDER_WAY, owner=_user_of), repr=False
    )
    device_sessions: Expiring[str] = field(default_factory=lambda: Expiring[str](SIGN_INS_UNDER_WAY), repr=False)
    revoked: Expiring[float] = field(default_factory=Expiring[float], repr=False)
    suspicions: Expiring[Suspicion] = field(default_factory=lambda: Expiring[Suspicion](USERS_IN_DOUBT), repr=False)
    strangers: Expiring[User] = field(default_factory=lambda: Expiring[User](USERS_IN_DOUBT), repr=False)
    triggers: dict[str, Trigger] = field(default_factory=dict[str, Trigger])
    outbox: Outbox = field(default_factory=Outbox)
    journal: Journal = field(default_factory=Journal)
    address: str | None = None
    secret: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        self.secret = self.secret or self.entropy(32)

    def pool(self, pool_id: str) -> UserPool:
        """A user pool by id. Raises ResourceNotFoundException."""
        pool = self.pools.get(pool_id)
        if pool is None:
            raise not_found(f"User pool {pool_id} does not exist.")
        return pool

    def client(self, client_id: str, pool_id: str | None = None) -> AppClient:
        """An app client by id, and of that pool when one is given. Raises ResourceNotFoundException."""
        client = self.clients.get(client_id)
        if client is None or pool_id not in (None, client.pool_id):
            raise not_found(f"User pool client {client_id} does not exist.")
        return client

    def uuid(self) -> str:
        """A random UUID from the pool's own entropy."""
        return str(uuid.UUID(bytes=self.entropy(16), version=4))

    def token(self, size: int = 48) -> str:
        """An unguessable text of `size` random bytes."""
        return urlsafe_b64encode(self.entropy(size)).decode().rstrip("=")

    def digits(self, count: int = 6) -> str:
        """A random code of decimal digits."""
        return f"{int.from_bytes(self.entropy(16), 'big') % 10**count:0{count}}"

    def drawn(self, count: int, alphabet: str) -> str:
        """A random text of so many characters, each as likely as any other."""
        # 64 bits more than the text needs keep the bias of the division below notice.
        number = int.from_bytes(self.entropy(count + 8), "big")
        characters: list[str] = []
        for _ in range(count):
            number, digit = divmod(number, len(alphabet))
            characters.append(alphabet[digit])
        return "".join(characters)

    def derived(self, purpose: str, text: str) -> bytes:
        """32 bytes that stay the same for a text as long as this state lives, and that nobody else can tell."""
        return hmac.digest(self.secret, f"{purpose}\0{text}".encode(), "sha256")


def _user_of(attempt: Attempt) -> str:
    """Whose sign-in it is: names of nobody count as one user's, since there is no end of them."""
    return "" if attempt.user.status == "UNKNOWN" else attempt.user.sub
