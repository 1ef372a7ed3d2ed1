"""What servers refuse, as (code, message)."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator

WRONG_PROOF = ("NotAuthorizedException", "Incorrect username or password.")


@contextlib.contextmanager
def refused(code: str, message: str | None = None) -> Iterator[None]:
    """The block has to end in this error of the service; any message will do when none is given."""
    with pytest.raises(ClientError) as refusal:
        yield
    error = refusal.value.response["Error"]
    assert error["Code"] == code
    if message is not None:
        assert error["Message"] == message
