"""Lists that come in pages: how many items at a time, and the token that the next page starts from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from cognito_challenges.pool.errors import invalid_parameter
from cognito_challenges.pool.requests.request import Request

T = TypeVar("T")
MOST = 60


def page(
    items: Sequence[T], request: Request, *, limit: str = "Limit", key: str = "NextToken"
) -> tuple[Sequence[T], dict[str, object]]:
    """The page that a request asks for, and the member with the next one's token when there are more.

    limit, key: the names of the request's members. A limit that is 0 or absent is 60.
    """
    given = request.text(key, "0")
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise invalid_parameter("Invalid pagination token given.")
    start = int(given)
    end = start + (request.whole(limit) or MOST)
    return items[start:end], {key: str(end)} if end < len(items) else {}
