"""Messages that the service would have sent by SMS or e-mail, kept for tests to read."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock

CAPACITY = 1_000


@dataclass(frozen=True, slots=True)
class Message:
    """One message: medium is "SMS" or "EMAIL", reason the trigger source it went through, code what the user types."""

    medium: str
    destination: str
    username: str
    reason: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    code: str = field(repr=False)
    sent: float = 0.0


class Outbox:
    """The latest messages, oldest first; at most 1,000 are kept. Any thread may write and read."""

    __slots__ = ("_lock", "_messages")

    def __init__(self) -> None:
        self._messages: deque[Message] = deque(maxlen=CAPACITY)
        self._lock = Lock()

    def __iter__(self) -> Iterator[Message]:
        with self._lock:
            return iter(tuple(self._messages))

    def __len__(self) -> int:
        return len(self._messages)

    def add(self, message: Message) -> None:
        """Keep one more message."""
        with self._lock:
            self._messages.append(message)

    def latest(self, destination: str | None = None) -> Message:
        """The newest message, or the newest to one address or number. Raises LookupError when there is none."""
        for message in reversed(tuple(self)):
            if destination in (None, message.destination):
                return message
        raise LookupError("no message has been sent there" if destination else "no message has been sent")

    def code(self, destination: str | None = None) -> str:
        """The code in the newest message."""
        return self.latest(destination).code
