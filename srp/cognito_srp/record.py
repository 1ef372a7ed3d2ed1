"""Immutable values that may hold secrets. The standard dataclasses would take 9 ms of every cold start."""

from __future__ import annotations


class Record:
    """An immutable value of named fields, equal to another of its class with equal fields.

    A subclass names its fields, in the order of its __init__, in __match_args__ and __slots__, and those that may be
    seen in `shown`: repr hides the others.
    """

    __slots__ = ()
    __match_args__: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def _set(self, **fields: object) -> None:
        """Give the fields their values, for __init__ alone."""
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__match_args__)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __eq__(self, other: object) -> bool:
        return self._values() == other._values() if isinstance(other, type(self)) else NotImplemented

    def __hash__(self) -> int:
        return hash((type(self), self._values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self.shown)})"

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), self._values()
