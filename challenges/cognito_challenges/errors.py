"""What the service itself refused."""

from __future__ import annotations


class ServiceError(Exception):
    """The service answered with an error: HTTP 400 with `__type` and `message`.

    code: the service's name of it, such as "NotAuthorizedException"; message: the service's own words.
    """

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code
        self.message = message

    @property
    def says_device_is_gone(self) -> bool:
        """Whether the pool does not know the device of DEVICE_KEY, or has forgotten it."""
        return self.code == "ResourceNotFoundException" and "device does not exist" in self.message.lower()

    def __reduce__(self) -> tuple[type[ServiceError], tuple[str, str]]:
        return type(self), (self.code, self.message)
