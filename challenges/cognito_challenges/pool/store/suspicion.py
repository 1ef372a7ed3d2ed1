"""What a pool that explains remembers of refused proofs."""

from __future__ import annotations

from dataclasses import dataclass, field

from cognito_challenges.pool.store.attempt import SrpChallenge


@dataclass(slots=True)
class Suspicion:
    """One user's refused proofs through one client.

    refusals: how many in a row nothing explained; tested: the mistakes in x tried since; challenges: the latest ones
    that were answered wrongly; at: when this was last looked at.
    """

    refusals: int = 0
    tested: set[str] = field(default_factory=set[str], repr=False)
    challenges: tuple[SrpChallenge, ...] = field(default=(), repr=False)
    at: float = 0.0
