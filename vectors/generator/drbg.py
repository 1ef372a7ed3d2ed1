"""Deterministic bytes: SHA256(label | 00 | counter as 4 bytes), block after block."""

from hashlib import sha256


def draw(label: str, size: int) -> bytes:
    """`size` bytes that depend on the label only."""
    blocks = (sha256(label.encode() + b"\0" + i.to_bytes(4, "big")).digest() for i in range(-(-size // 32)))
    return b"".join(blocks)[:size]


def integer(label: str, size: int = 32) -> int:
    """An unsigned integer of `size` bytes."""
    return int.from_bytes(draw(label, size), "big")
