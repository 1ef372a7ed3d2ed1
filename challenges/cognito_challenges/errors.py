"""What can go wrong with a call: the service refuses it, or no answer of the service comes back."""

from __future__ import annotations

from typing import Final

MAX_CODE_CHARACTERS: Final = 128
MAX_MESSAGE_CHARACTERS: Final = 2_000


class ServiceError(Exception):
    """The service answered with an error: HTTP 400 with `__type` and `message`.

    code: the service's name of the error, such as "NotAuthorizedException"; message: the service's own words. Both
    come from outside: characters that cannot be printed are replaced, and what is longer than 128 and 2,000
    characters is cut.
    earlier_tries: how often the same request was tried before without an answer of the service, or with a 5xx. When it
    is not 0, the service may have accepted one of those, and refused this one only because it was the second.
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
    """No answer of the service came back.

    The connection was refused, reset or closed too early, or timed out; TLS, DNS or a proxy failed; the answer was a
    redirect, an error status without an error of the service, or larger or later than the transport's bounds allow.

    Its `__cause__` is the operating system's error where there is one (an OSError such as ConnectionRefusedError,
    socket.gaierror or ssl.SSLCertVerificationError), whatever the library. The attempt is left as it was: its step is
    still the `Call` that was not answered, and `drive` goes on from it.
    """


def printable(text: str, limit: int) -> str:
    """A text from outside, fit for a terminal or a log: unprintable characters replaced, cut at `limit`."""
    shown = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text[:limit])
    return shown if len(text) <= limit else f"{shown}..."
