"""App clients' secrets, and the tags of a pool."""

from __future__ import annotations

import pytest

from cognito_srp import secret_hash

OWN = "aSecretOfTwentyFourChars"


def secrets(at) -> list[dict[str, object]]:
    return at.aws.list_user_pool_client_secrets(UserPoolId=at.pool_id, ClientId=at.client_id)["ClientSecrets"]


def test_two_secrets_at_once(bench, refused):
    at = bench(app={"GenerateSecret": True})
    named = {"UserPoolId": at.pool_id, "ClientId": at.client_id}
    (first,) = secrets(at)
    assert first["ClientSecretId"].startswith(f"{at.client_id}--")
    added = at.aws.add_user_pool_client_secret(**named)["ClientSecretDescriptor"]
    old, new = at.secret, added.pop("ClientSecretValue")
    assert old != new
    assert secrets(at) == [first, added]
    assert old not in str(secrets(at))
    # The third is one too many.
    assert refused(lambda: at.aws.add_user_pool_client_secret(**named))[0] == "LimitExceededException"
    tokens = []
    for secret in (old, new):
        at.secret = secret
        result = at.srp()["AuthenticationResult"]
        hashed = secret_hash("alice", client_id=at.client_id, client_secret=secret)
        at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=result["RefreshToken"], SECRET_HASH=hashed)
        at.aws.get_tokens_from_refresh_token(
            RefreshToken=result["RefreshToken"], ClientId=at.client_id, ClientSecret=secret
        )
        tokens.append(result["RefreshToken"])
    at.aws.delete_user_pool_client_secret(**named, ClientSecretId=first["ClientSecretId"])
    assert secrets(at) == [added]
    assert "AuthenticationResult" in at.srp()
    at.secret = old
    assert refused(at.srp)[0] == "NotAuthorizedException"
    revoke = lambda secret: at.aws.revoke_token(Token=tokens[0], ClientId=at.client_id, ClientSecret=secret)  # noqa: E731
    assert refused(lambda: revoke(old))[0] == "UnauthorizedException"
    revoke(new)
    last = lambda identifier: at.aws.delete_user_pool_client_secret(**named, ClientSecretId=identifier)  # noqa: E731
    assert refused(lambda: last(first["ClientSecretId"]))[0] == "ResourceNotFoundException"
    assert refused(lambda: last(added["ClientSecretId"]))[0] == "InvalidParameterException"


def test_a_secret_of_ones_own(bench, refused):
    at = bench(app={"ClientSecret": OWN})
    assert at.secret == OWN
    assert "AuthenticationResult" in at.srp()
    named = {"UserPoolId": at.pool_id, "ClientId": at.client_id}
    added = at.aws.add_user_pool_client_secret(**named, ClientSecret=OWN.swapcase())["ClientSecretDescriptor"]
    assert "ClientSecretValue" not in added
    at.secret = OWN.swapcase()
    assert "AuthenticationResult" in at.srp()
    public = at.add_client()
    to_public = lambda: at.aws.add_user_pool_client_secret(**{**named, "ClientId": public})  # noqa: E731
    assert refused(to_public)[0] == "InvalidParameterException"


def test_a_secret_sent_to_a_public_client(bench, refused):
    at = bench(app={"RefreshTokenRotation": {"Feature": "DISABLED"}})
    token = at.srp()["AuthenticationResult"]["RefreshToken"]
    for act in (at.aws.get_tokens_from_refresh_token, at.aws.revoke_token):
        name = "RefreshToken" if act == at.aws.get_tokens_from_refresh_token else "Token"
        assert refused(lambda act=act, name=name: act(ClientId=at.client_id, ClientSecret=OWN, **{name: token}))[0] in (
            "NotAuthorizedException",
            "UnauthorizedException",
        )
    at.aws.get_tokens_from_refresh_token(ClientId=at.client_id, RefreshToken=token)


def test_tags(bench, refused):
    at = bench(pool={"UserPoolTags": {"team": "red"}}, users=False)
    described = lambda: at.aws.describe_user_pool(UserPoolId=at.pool_id)["UserPool"]  # noqa: E731
    arn = described()["Arn"]
    at.aws.tag_resource(ResourceArn=arn, Tags={"stage": "test", "team": "blue"})
    assert at.aws.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"team": "blue", "stage": "test"}
    assert described()["UserPoolTags"] == {"team": "blue", "stage": "test"}
    at.aws.untag_resource(ResourceArn=arn, TagKeys=["team", "absent"])
    assert at.aws.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"stage": "test"}
    many = {str(number): "" for number in range(50)}
    assert refused(lambda: at.aws.tag_resource(ResourceArn=arn, Tags=many))[0] == "InvalidParameterException"
    assert at.aws.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"stage": "test"}
    absent = lambda: at.aws.list_tags_for_resource(ResourceArn=f"{arn}x")  # noqa: E731
    assert refused(absent)[0] == "ResourceNotFoundException"


@pytest.mark.parametrize("kind", ["DCR", "REGULAR"])
def test_clients_by_their_origin(bench, kind):
    at = bench(users=False)
    listed = at.service.call("ListUserPoolClients", {"UserPoolId": at.pool_id, "ClientType": kind})
    assert len(listed["UserPoolClients"]) == (1 if kind == "REGULAR" else 0)
