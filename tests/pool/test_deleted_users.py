"""A user who is deleted in the middle of a sign-in gets no tokens, not even when another has the name by then."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("made_anew", [False, True], ids=["gone", "made anew"])
@pytest.mark.parametrize("hides", ["LEGACY", "ENABLED"])
def test_between_challenge_and_proof(bench, refused, made_anew: bool, hides: str) -> None:
    at = bench(app={"PreventUserExistenceErrors": hides})
    session, answer = at.start()
    claim = at.claim(session, answer)
    at.aws.admin_delete_user(UserPoolId=at.pool_id, Username="alice")
    if made_anew:
        at.add_user("alice")
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **claim))[0] == "NotAuthorizedException"


def test_between_the_factors(bench, refused, totp_optional) -> None:
    at = bench(mfa=totp_optional)
    code = at.enrol_totp()
    at.clock.now += 60
    answer = at.srp()
    at.aws.admin_delete_user(UserPoolId=at.pool_id, Username="alice")
    responses = {"USERNAME": "alice", "SOFTWARE_TOKEN_MFA_CODE": code()}
    assert refused(lambda: at.respond("SOFTWARE_TOKEN_MFA", answer["Session"], **responses))[0] in (
        "UserNotFoundException",
        "NotAuthorizedException",
    )


def test_tokens_end_with_their_user(bench, refused) -> None:
    at = bench()
    tokens = at.srp()["AuthenticationResult"]
    at.aws.admin_delete_user(UserPoolId=at.pool_id, Username="alice")
    at.add_user("alice")
    assert refused(lambda: at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=tokens["RefreshToken"]))[0] in (
        "UserNotFoundException",
        "NotAuthorizedException",
    )
    assert refused(lambda: at.aws.get_user(AccessToken=tokens["AccessToken"]))[0] in (
        "UserNotFoundException",
        "NotAuthorizedException",
    )
