"""What is kept for a short time and answered once: sessions and challenges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Generic, TypeVar

T = TypeVar("T")

MEMORY_SECONDS = 600
"""How long an entry that is past its end is kept, where there is room, to be told from one that never was."""


@dataclass(slots=True)
class Entry(Generic[T]):
    """A value with its end in Unix seconds, how often it was answered wrongly, and whether it is spent."""

    value: T | None
    expires: float
    failures: int = 0
    owner: str = ""

    @property
    def spent(self) -> bool:
        """The entry was answered; only the memory of it is left, to tell a replay from an invention."""
        return self.value is None

    def spend(self) -> None:
        """Drop the value, so that nothing can be answered a second time."""
        self.value = None

    def take(self) -> T | None:
        """Spend the entry and return what it held, to be put back when it was not answered after all."""
        value, self.value = self.value, None
        return value


class Expiring(Generic[T]):
    """Entries by key, in the order in which they came.

    capacity: most entries held; None keeps every entry until its end. owner: whose an entry is, for entries that
    anybody can bring about: each owner has at most a tenth of the capacity, and when there are too many entries after
    all, the owner with the most gives up the oldest. So nobody can crowd out the others.
    """

    __slots__ = ("_capacity", "_ends", "_entries", "_owner", "_owners")

    def __init__(self, capacity: int | None = None, owner: Callable[[T], str] | None = None) -> None:
        self._capacity = capacity
        self._owner = owner
        self._entries: dict[str, Entry[T]] = {}
        self._owners: dict[str, dict[str, None]] = {}
        self._ends: list[tuple[float, str]] = []

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, key: str, value: T, *, now: float, expires: float) -> None:
        """Keep a value until its end, and give up what is past its own."""
        self._drop(key)
        owner = "" if self._owner is None else self._owner(value)
        self._entries[key] = Entry(value, expires, owner=owner)
        own = self._owners.setdefault(owner, {})
        own[key] = None
        heappush(self._ends, (expires, key))
        if len(self._ends) > 2 * len(self._entries) + 64:
            self._ends = sorted((entry.expires, key) for key, entry in self._entries.items())
        self._give_up(now - MEMORY_SECONDS)
        if self._capacity is None:
            return
        share = self._capacity if self._owner is None else max(self._capacity // 10, 1)
        if len(own) > share or len(self._entries) > self._capacity:
            self._give_up(now)
        while len(own) > share:
            self._drop(next(iter(own)))
        while len(self._entries) > self._capacity:
            most = max(self._owners, key=lambda name: len(self._owners[name]))
            self._drop(next(iter(self._owners[most])))

    def get(self, key: str) -> Entry[T] | None:
        """The entry of a key, spent and expired ones included."""
        return self._entries.get(key)

    def _give_up(self, end: float) -> None:
        """Drop the entries whose end came no later."""
        while self._ends and self._ends[0][0] <= end:
            expires, key = heappop(self._ends)
            entry = self._entries.get(key)
            if entry is not None and entry.expires == expires:
                self._drop(key)

    def _drop(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            keys = self._owners[entry.owner]
            del keys[key]
            if not keys:
                del self._owners[entry.owner]
