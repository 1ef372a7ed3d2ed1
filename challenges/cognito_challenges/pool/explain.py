"""Placeholder."""

from __future__ import annotations
from .errors import Explanation


def timestamp_mistake(*a: object) -> Explanation | None:
    return None


def skew_mistake(*a: object) -> Explanation | None:
    return None


def proof_mistake(*a: object) -> Explanation | None:
    return None


def secret_hash_mistake(*a: object) -> Explanation | None:
    return None
