"""Immutable values that may hold secrets. The standard dataclasses would add 9 ms to every cold start."""

from __future__ import annotations

from functools import partial


class Record:
    """An immutable value of named fields, equal to another of its class with equal fields.

    A subclass names its fields in __match_args__ and __slots__ and takes each of them as a keyword argument.
    repr_fields: the fields that repr shows. It hides the others.
    """

    __slots__ = ()
    __match_args__: tuple[str, ...] = ()
    repr_fields: tuple[str, ...] = ()

    def _set(self, **fields: object) -> None:
        """Give the fields their values. Only __init__ may call it."""
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
        # A debugger or a traceback may show an object whose __init__ has raised: it has no fields yet.
        shown = [f"{name}={getattr(self, name)!r}" for name in self.repr_fields if hasattr(self, name)]
        return f"{type(self).__name__}({', '.join(shown)})"

    def __reduce__(self) -> tuple[object, ...]:
        return partial(type(self), **dict(zip(self.__match_args__, self._values(), strict=True))), ()
