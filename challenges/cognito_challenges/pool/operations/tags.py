"""Tags of a user pool, which are its setting UserPoolTags."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cognito_challenges.pool.errors import not_found
from cognito_challenges.pool.operations.pools import check_tags
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.store.records import UserPool
from cognito_challenges.pool.store.state import State


def tag_resource(state: State, request: Request) -> dict[str, object]:
    """TagResource: adds tags, and gives those that there are a new value."""
    pool = _pool(state, request)
    _set(pool, {**pool.settings.texts("UserPoolTags"), **request.texts("Tags")})
    return {}


def untag_resource(state: State, request: Request) -> dict[str, object]:
    """UntagResource: keys that there are not are passed over."""
    pool, keys = _pool(state, request), request.strings("TagKeys")
    _set(pool, {key: value for key, value in pool.settings.texts("UserPoolTags").items() if key not in keys})
    return {}


def list_tags(state: State, request: Request) -> dict[str, object]:
    """ListTagsForResource."""
    return {"Tags": _pool(state, request).settings.texts("UserPoolTags")}


def _pool(state: State, request: Request) -> UserPool:
    arn = request.text("ResourceArn")
    for pool in state.pools.values():
        if pool.arn == arn:
            return pool
    raise not_found("There is no user pool of that ARN.")


def _set(pool: UserPool, tags: Mapping[str, str]) -> None:
    check_tags(tags)
    pool.settings = Request({**pool.settings.members(), "UserPoolTags": dict(tags)})


OPERATIONS: Mapping[str, Callable[[State, Request], dict[str, object]]] = {
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
    "ListTagsForResource": list_tags,
}
