"""Groups of users, and who is in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cognito_challenges.pool.errors import ServiceError, not_found
from cognito_challenges.pool.operations.users import described_user
from cognito_challenges.pool.requests.paging import page
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.store.records import Group, User, UserPool
from cognito_challenges.pool.store.state import State


def create_group(state: State, request: Request) -> dict[str, object]:
    """CreateGroup."""
    pool, name, now = state.pool(request.text("UserPoolId")), request.text("GroupName"), state.clock()
    if name in pool.groups:
        raise ServiceError("GroupExistsException", "A group with the name already exists.")
    group = Group(name, None, None, None, now, now)
    _set(group, request)
    pool.groups[name] = group
    return {"Group": _described(pool, group)}


def get_group(state: State, request: Request) -> dict[str, object]:
    """GetGroup."""
    return {"Group": _described(*_group(state, request))}


def update_group(state: State, request: Request) -> dict[str, object]:
    """UpdateGroup: members that are left out stay as they are."""
    pool, group = _group(state, request)
    _set(group, request)
    group.modified = state.clock()
    return {"Group": _described(pool, group)}


def delete_group(state: State, request: Request) -> dict[str, object]:
    """DeleteGroup: its users stay, without it."""
    pool, group = _group(state, request)
    for user in _members(pool, group):
        user.groups.remove(group.name)
    del pool.groups[group.name]
    return {}


def list_groups(state: State, request: Request) -> dict[str, object]:
    """ListGroups."""
    pool = state.pool(request.text("UserPoolId"))
    groups, rest = page(list(pool.groups.values()), request)
    return {"Groups": [_described(pool, group) for group in groups], **rest}


def add_user(state: State, request: Request) -> dict[str, object]:
    """AdminAddUserToGroup."""
    pool, group = _group(state, request)
    user = pool.user(request.text("Username"))
    if group.name not in user.groups:
        user.groups.append(group.name)
    return {}


def remove_user(state: State, request: Request) -> dict[str, object]:
    """AdminRemoveUserFromGroup."""
    pool, group = _group(state, request)
    user = pool.user(request.text("Username"))
    if group.name in user.groups:
        user.groups.remove(group.name)
    return {}


def list_groups_for_user(state: State, request: Request) -> dict[str, object]:
    """AdminListGroupsForUser, the one that takes precedence first."""
    pool = state.pool(request.text("UserPoolId"))
    groups, rest = page(pool.memberships(pool.user(request.text("Username"))), request)
    return {"Groups": [_described(pool, group) for group in groups], **rest}


def list_users_in_group(state: State, request: Request) -> dict[str, object]:
    """ListUsersInGroup."""
    users, rest = page(_members(*_group(state, request)), request)
    return {"Users": [described_user(user) for user in users], **rest}


def _group(state: State, request: Request) -> tuple[UserPool, Group]:
    pool = state.pool(request.text("UserPoolId"))
    group = pool.groups.get(request.text("GroupName"))
    if group is None:
        raise not_found("Group not found.")
    return pool, group


def _members(pool: UserPool, group: Group) -> list[User]:
    return [user for user in pool.users.values() if group.name in user.groups]


def _set(group: Group, request: Request) -> None:
    if "Description" in request:
        group.description = request.text("Description")
    if "RoleArn" in request:
        group.role = request.text("RoleArn")
    if "Precedence" in request:
        group.precedence = request.whole("Precedence")


def _described(pool: UserPool, group: Group) -> dict[str, object]:
    optional = {"Description": group.description, "RoleArn": group.role, "Precedence": group.precedence}
    return {
        "GroupName": group.name,
        "UserPoolId": pool.pool_id,
        **{name: value for name, value in optional.items() if value is not None},
        "CreationDate": group.created,
        "LastModifiedDate": group.modified,
    }


OPERATIONS: Mapping[str, Callable[[State, Request], dict[str, object]]] = {
    "CreateGroup": create_group,
    "GetGroup": get_group,
    "UpdateGroup": update_group,
    "DeleteGroup": delete_group,
    "ListGroups": list_groups,
    "AdminAddUserToGroup": add_user,
    "AdminRemoveUserFromGroup": remove_user,
    "AdminListGroupsForUser": list_groups_for_user,
    "ListUsersInGroup": list_users_in_group,
}
