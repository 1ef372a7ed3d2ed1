"""GetDerivedToken: which tokens may be exchanged by which client, and what the new one says."""

from __future__ import annotations

from typing import Any

import jwt
import pytest

from cognito_challenges.pool import ServiceError
from pool.conftest import FLOWS

IMPERSONATES, DELEGATES = "ALLOW_TOKEN_EXCHANGE_IMPERSONATION", "ALLOW_TOKEN_EXCHANGE_DELEGATION"
SCOPE = "aws.cognito.signin.user.admin"
SUBJECTS = {"ACCESS_TOKEN": "AccessToken", "ID_TOKEN": "IdToken"}


def claims(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def derive(at, subject: str, **request: Any) -> Any:
    sent = {"ClientId": at.client_id, "SubjectToken": subject, "SubjectTokenType": "ACCESS_TOKEN", **request}
    return at.service.call("GetDerivedToken", sent)


def refused(act) -> tuple[str, str]:
    with pytest.raises(ServiceError) as caught:
        act()
    return caught.value.code, caught.value.message


@pytest.fixture
def exchange(bench):
    return bench(app={"ExplicitAuthFlows": [*FLOWS, IMPERSONATES, DELEGATES]})


@pytest.mark.parametrize("kind", SUBJECTS)
@pytest.mark.parametrize("wanted", SUBJECTS)
def test_a_derived_token(exchange, kind, wanted):
    at = exchange
    result = at.srp()["AuthenticationResult"]
    subject = claims(result[SUBJECTS[kind]])
    at.clock.now += 600
    answer = derive(
        at,
        result[SUBJECTS[kind]],
        SubjectTokenType=kind,
        RequestedTokenType=wanted,
        Audiences=["orders"],
    )
    made = claims(answer["IssuedToken"])
    assert answer["IssuedTokenType"] == wanted
    assert answer["TokenType"] == ("Bearer" if wanted == "ACCESS_TOKEN" else "N_A")
    assert answer["ExpiresIn"] == 3000
    assert made["exp"] == subject["exp"]
    assert made["aud"] == "orders"
    assert made["token_use"] == ("access" if wanted == "ACCESS_TOKEN" else "id")
    assert [made[name] for name in ("sub", "origin_jti", "auth_time", "amr")] == [
        subject[name] for name in ("sub", "origin_jti", "auth_time", "amr")
    ]
    assert made["jti"] != subject["jti"]
    assert "act" not in made
    # It can be exchanged in turn where it is for nobody in particular, and ends with the sign-in that it comes of.
    plain = derive(at, result[SUBJECTS[kind]], SubjectTokenType=kind, RequestedTokenType=wanted)["IssuedToken"]
    again = lambda: derive(at, plain, SubjectTokenType=wanted)  # noqa: E731
    again()
    at.aws.revoke_token(Token=result["RefreshToken"], ClientId=at.client_id)
    word = "Access" if wanted == "ACCESS_TOKEN" else "ID"
    assert refused(again) == ("NotAuthorizedException", f"{word} Token has been revoked")


def test_an_actor(exchange):
    at = exchange
    at.add_user("service")
    subject = at.access_token()
    actor = at.access_token("service")
    made = claims(derive(at, subject, ActorToken=actor, ActorTokenType="ACCESS_TOKEN")["IssuedToken"])
    assert made["sub"] == claims(subject)["sub"]
    assert made["act"] == {"sub": claims(actor)["sub"], "client_id": at.client_id}
    assert refused(lambda: derive(at, subject, ActorToken=actor))[0] == "InvalidParameterException"
    assert refused(lambda: derive(at, subject, ActorTokenType="ACCESS_TOKEN"))[0] == "InvalidParameterException"
    bent = refused(lambda: derive(at, subject, ActorToken=actor[:-4] + "AAAA", ActorTokenType="ACCESS_TOKEN"))
    assert bent == ("NotAuthorizedException", "Invalid Access Token")


@pytest.mark.parametrize(("allowed", "delegates"), [(IMPERSONATES, False), (DELEGATES, True)])
def test_each_kind_of_exchange_has_to_be_enabled(exchange, allowed, delegates):
    at = exchange
    token = at.access_token()
    acting = {"ActorToken": token, "ActorTokenType": "ACCESS_TOKEN"}
    at.client_id = at.add_client(ExplicitAuthFlows=[allowed])
    derive(at, token, **(acting if delegates else {}))
    code, message = refused(lambda: derive(at, token, **({} if delegates else acting)))
    assert code == "NotAuthorizedException"
    assert (IMPERSONATES if delegates else DELEGATES) in message


def test_scopes_of_a_derived_token(exchange):
    at = exchange
    token = at.access_token()
    assert derive(at, token)["Scopes"] == [SCOPE]
    assert claims(derive(at, token, Scopes=[SCOPE, "x/y"])["IssuedToken"])["scope"] == SCOPE
    assert refused(lambda: derive(at, token, Scopes=["x/y"]))[0] == "InvalidParameterException"
    at.client_id = at.add_client(ExplicitAuthFlows=[IMPERSONATES], AllowedOAuthScopes=["openid"])
    assert derive(at, token)["Scopes"] == []
    assert refused(lambda: derive(at, token, Scopes=[SCOPE]))[0] == "InvalidParameterException"


def test_tokens_that_cannot_be_exchanged(exchange, bench):
    at = exchange
    result = at.srp()["AuthenticationResult"]
    access = result["AccessToken"]
    assert refused(lambda: derive(at, result["IdToken"])) == ("NotAuthorizedException", "Invalid Access Token")
    assert refused(lambda: derive(at, access, SubjectTokenType="ID_TOKEN"))[1] == "Invalid ID Token"
    assert "not served" in refused(lambda: derive(at, access, SubjectTokenType="SAML2"))[1]
    assert "not served" in refused(lambda: derive(at, access, Resources=["x"]))[1]
    assert refused(lambda: derive(at, access, ClientSecret="x" * 24))[0] == "NotAuthorizedException"
    other = at.aws.create_user_pool(PoolName="other")["UserPool"]["Id"]
    made = at.aws.create_user_pool_client(UserPoolId=other, ClientName="c", ExplicitAuthFlows=[IMPERSONATES])
    elsewhere = made["UserPoolClient"]["ClientId"]
    foreign = refused(lambda: derive(at, access, ClientId=elsewhere))
    assert foreign == ("NotAuthorizedException", "SubjectToken was not issued by the client's user pool.")
    at.clock.now += 3600
    assert refused(lambda: derive(at, access))[1] == "Access Token has expired"
