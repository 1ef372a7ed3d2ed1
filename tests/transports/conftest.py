"""What the tests of the transports share."""

from __future__ import annotations

import pytest
from botocore.retries.standard import ExponentialBackoff

from cognito_challenges.transports import retrying


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every library wait only a moment before the next try, where the server does not ask for more."""
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0.01)
    monkeypatch.setattr(retrying, "_BACKOFF_SECONDS", 0.01)
