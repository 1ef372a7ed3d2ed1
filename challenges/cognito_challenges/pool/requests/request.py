"""A checked request, read by its members' types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast


class Request:
    """The members of one request, or of one structure inside it, after `shapes.checked`.

    Each reader gives a member in its own type and falls back to the default when the member is absent. A required
    member is always there, so its default never shows.
    """

    __slots__ = ("_members",)

    def __init__(self, members: Mapping[str, object]) -> None:
        self._members = members

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def text(self, name: str, default: str = "") -> str:
        """A string member."""
        return cast("str", self._members.get(name, default))

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean member."""
        return cast("bool", self._members.get(name, default))

    def whole(self, name: str, default: int = 0) -> int:
        """An integer member."""
        return cast("int", self._members.get(name, default))

    def texts(self, name: str) -> dict[str, str]:
        """A map of strings to strings."""
        return cast("dict[str, str]", self._members.get(name, {}))

    def strings(self, name: str) -> list[str]:
        """A list of strings."""
        return cast("list[str]", self._members.get(name, []))

    def structure(self, name: str) -> Request:
        """A structure; an empty one when it is absent."""
        return Request(cast("dict[str, object]", self._members.get(name, {})))

    def structures(self, name: str) -> list[Request]:
        """A list of structures."""
        return [Request(item) for item in cast("list[dict[str, object]]", self._members.get(name, []))]

    def attributes(self, name: str) -> dict[str, str]:
        """A list of {Name, Value} as a mapping; a missing value is the empty string."""
        return {item.text("Name"): item.text("Value") for item in self.structures(name)}

    def document(self, name: str) -> dict[str, object]:
        """A JSON object."""
        return cast("dict[str, object]", self._members.get(name, {}))

    def members(self) -> dict[str, object]:
        """All members that came, by name."""
        return dict(self._members)
