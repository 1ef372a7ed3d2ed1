"""Tracked sessions of users: how many there may be, listing them, and ending one."""

from __future__ import annotations

from typing import Any

import pytest

from cognito_challenges.pool import ServiceError


def track(at, most: int = 20, *, on: bool = True) -> None:
    tracking = {"UserSessionTracking": "ENABLED" if on else "DISABLED", "TokenSession": {"MaxPerUser": most}}
    at.service.call("SetUserPoolSessionConfiguration", {"UserPoolId": at.pool_id, **tracking})


def sign_in(at) -> dict[str, str]:
    at.clock.now += 1
    return at.initiate("USER_PASSWORD_AUTH", USERNAME="alice", PASSWORD="Correct-1-horse")["AuthenticationResult"]


def sessions(at) -> list[dict[str, Any]]:
    named = {"UserPoolId": at.pool_id, "Username": "alice"}
    return at.service.call("AdminListUserSessions", named)["Sessions"]


def code(act) -> str:
    with pytest.raises(ServiceError) as caught:
        act()
    return caught.value.code


def alive(at, result: dict[str, str]) -> bool:
    try:
        at.service.call("GetUser", {"AccessToken": result["AccessToken"]})
        at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=result["RefreshToken"])
    except Exception:  # noqa: BLE001 - refused by either of two interfaces
        return False
    return True


def test_configuration(bench):
    at = bench()
    pool, client = {"UserPoolId": at.pool_id}, {"UserPoolId": at.pool_id, "ClientId": at.client_id}
    get = at.service.call
    assert get("GetUserPoolSessionConfiguration", pool) == {
        **pool,
        "UserSessionTracking": "DISABLED",
        "TokenSession": {"MaxPerUser": 20},
    }
    assert get("GetUserPoolClientSessionConfiguration", client) == {**client, "SSOSession": {"MaxValidityMinutes": 60}}
    sso = {**client, "SSOSession": {"MaxValidityMinutes": 5}}
    assert code(lambda: get("SetUserPoolClientSessionConfiguration", sso)) == "OperationNotEnabledException"
    track(at, 7)
    assert get("SetUserPoolClientSessionConfiguration", sso) == sso
    track(at, 7, on=False)
    assert get("GetUserPoolClientSessionConfiguration", client) == sso
    assert get("GetUserPoolSessionConfiguration", pool)["TokenSession"] == {"MaxPerUser": 7}


def test_sessions_are_listed_and_revoked(bench):
    at = bench()
    assert code(lambda: sessions(at)) == "OperationNotEnabledException"
    before = sign_in(at)
    track(at)
    assert sessions(at) == []
    one, two = sign_in(at), sign_in(at)
    first, second = sessions(at)
    assert len(first["SessionId"]) == 28
    assert first["SessionId"].startswith("tkn")
    assert (first["SessionType"], first["ClientId"], first["IsCurrentSession"]) == ("TOKEN", at.client_id, False)
    assert first["CreateDate"] == first["LastActiveDate"] == at.clock.now - 1
    own = at.service.call("ListUserSessions", {"AccessToken": two["AccessToken"]})["Sessions"]
    assert [session["IsCurrentSession"] for session in own] == [False, True]
    at.clock.now += 5
    assert alive(at, one)
    assert sessions(at)[0]["LastActiveDate"] == at.clock.now
    revoke = lambda session: at.service.call(  # noqa: E731
        "RevokeUserSession", {"AccessToken": two["AccessToken"], "SessionId": session["SessionId"]}
    )
    assert code(lambda: revoke(second)) == "InvalidParameterException"
    revoke(first)
    assert not alive(at, one)
    assert code(lambda: revoke(first)) == "ResourceNotFoundException"
    assert sessions(at) == [second]
    named = {"UserPoolId": at.pool_id, "Username": "alice", "SessionId": second["SessionId"]}
    at.service.call("AdminRevokeUserSession", {**named, "RevokeAssociatedSessions": "LINKED"})
    assert not alive(at, two)
    assert sessions(at) == []
    # What was not tracked is not touched.
    assert alive(at, before)


def test_the_least_recently_used_session_makes_room(bench):
    at = bench()
    track(at, 2)
    one, two = sign_in(at), sign_in(at)
    at.clock.now += 1
    assert alive(at, one)
    three = sign_in(at)
    assert [alive(at, result) for result in (one, two, three)] == [True, False, True]
    # A lower limit holds from the next sign-in on.
    track(at, 1)
    assert len(sessions(at)) == 2
    four = sign_in(at)
    assert [alive(at, result) for result in (one, three, four)] == [False, False, True]


def test_sessions_end_with_their_tokens(bench):
    at = bench()
    track(at)
    one, two, _ = sign_in(at), sign_in(at), sign_in(at)
    at.aws.revoke_token(Token=one["RefreshToken"], ClientId=at.client_id)
    assert len(sessions(at)) == 2
    at.aws.global_sign_out(AccessToken=two["AccessToken"])
    assert sessions(at) == []
    sign_in(at)
    at.clock.now += 30 * 86_400
    assert sessions(at) == []


def test_a_sign_in_that_a_trigger_refuses_ends_no_session(bench):
    at = bench()
    track(at, 1)
    one = sign_in(at)

    def deny(event):
        raise ValueError("not today")

    at.service.connect(at.pool_id, "PreTokenGeneration", deny)
    with pytest.raises(Exception, match="not today"):
        sign_in(at)
    at.service.connect(at.pool_id, "PreTokenGeneration", lambda event: event)
    assert alive(at, one)
    assert len(sessions(at)) == 1


def test_revocation_of_a_token_takes_the_newer_member(bench):
    at = bench()
    token = sign_in(at)["RefreshToken"]
    request = {"Token": token, "ClientId": at.client_id, "RevokeAssociatedSessions": "LINKED"}
    at.service.call("RevokeToken", request)
    assert code(lambda: at.service.call("RevokeToken", {**request, "RevokeAssociatedSessions": "ALL"})) == (
        "InvalidParameterException"
    )
