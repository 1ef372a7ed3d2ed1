"""What a pool that explains remembers of refused proofs."""

from __future__ import annotations

from dataclasses import dataclass, field

from cognito_challenges.pool.store.attempt import Probe, SrpChallenge


@dataclass(slots=True)
class Suspicion:
    """One user's refused proofs through one client.

    refusals: how many in a row nothing explained; tested: the mistakes that challenges have tested since, in vain;
    candidates: all that can be tested, for the login name and g^x in candidates_of; challenges: the latest ones that
    were put; at: when this was last looked at.
    """

    refusals: int = 0
    tested: set[Probe] = field(default_factory=set[Probe], repr=False)
    candidates: tuple[Probe, ...] = field(default=(), repr=False)
    candidates_of: tuple[str, int] | None = field(default=None, repr=False)
    challenges: tuple[SrpChallenge, ...] = field(default=(), repr=False)
    at: float = 0.0
