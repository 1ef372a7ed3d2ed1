"""What can go wrong with a call: the service refuses it, or no answer comes back."""

from __future__ import annotations

from typing import Final

MAX_CODE_CHARACTERS: Final = 128
MAX_MESSAGE_CHARACTERS: Final = 2_000


class ServiceError(Exception):
    """The service answered with an error: HTTP 400 with `__type` and `message`.

    code: the service's name of the error, such as "NotAuthorizedException"; message: the service's own words. Both
    come from outside: characters that cannot be printed are replaced, and what is longer than 128 and 2,000
    characters is cut.
    earlier_tries: how often the same request was sent before without an answer that arrived. When it is not 0, the
    service may have accepted one of those, and refused this one only because it was the second.
    """

    def __init__(self, code: str, message: str = "", *, earlier_tries: int = 0) -> None:
        self.code = printable(code, MAX_CODE_CHARACTERS)
        self.message = printable(message, MAX_MESSAGE_CHARACTERS)
        self.earlier_tries = earlier_tries
        super().__init__(self.code, self.message)

    def __str__(self) -> str:
        text = f"{self.code}: {self.message}" if self.message else self.code
        if not self.earlier_tries:
            return text
        return f"{text} (an earlier try of this request may have been accepted)"

    @property
    def says_device_is_gone(self) -> bool:
        """Whether the pool does not know the device of DEVICE_KEY, or has forgotten it."""
        return self.code == "ResourceNotFoundException" and "device does not exist" in self.message.lower()


class TransportError(Exception):
    """No answer came back: the connection failed, timed out, or was closed too early.

    The transports of this package raise it from their library's own error, which is its `__cause__`. The attempt is
    left as it was: its step is still the `Call` that was not answered.
    """


def printable(text: str, limit: int) -> str:
    """A text from outside, fit for a terminal or a log: unprintable characters replaced, cut at `limit`."""
    shown = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text[:limit])
    return shown if len(text) <= limit else f"{shown}..."
