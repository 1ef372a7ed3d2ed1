"""What is kept for a short time and answered once: sessions and challenges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Entry(Generic[T]):
    """A value with its end in Unix seconds, how often it was answered wrongly, and whether it is spent."""

    value: T | None
    expires: float
    failures: int = 0

    @property
    def spent(self) -> bool:
        """The entry was answered; only the memory of it is left, to tell a replay from an invention."""
        return self.value is None

    def spend(self) -> None:
        """Drop the value, so that nothing can be answered a second time."""
        self.value = None


class Expiring(Generic[T]):
    """Entries by key, in the order in which they came.

    capacity: most entries held; beyond it the oldest is given up, so that abandoned sign-ins cannot fill the memory.
    None keeps every entry until its end.
    """

    __slots__ = ("_capacity", "_entries")

    def __init__(self, capacity: int | None = None) -> None:
        self._capacity = capacity
        self._entries: dict[str, Entry[T]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, key: str, value: T, *, now: float, expires: float) -> None:
        """Keep a value until its end, and give up those at the front that are past theirs."""
        self._entries.pop(key, None)
        self._entries[key] = Entry(value, expires)
        while self._entries:
            oldest = next(iter(self._entries))
            crowded = self._capacity is not None and len(self._entries) > self._capacity
            if not crowded and self._entries[oldest].expires > now:
                break
            del self._entries[oldest]

    def get(self, key: str) -> Entry[T] | None:
        """The entry of a key, spent and expired ones included."""
        return self._entries.get(key)
