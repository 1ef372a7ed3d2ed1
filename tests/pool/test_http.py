"""The pool over HTTP: what is malformed gets the service's own errors, and signals end it cleanly."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import httpx
import pytest

from cognito_challenges.pool import PoolService, running

TARGET = {"X-Amz-Target": "AWSCognitoIdentityProviderService.ListUserPools"}
SERVE = """
from cognito_challenges.pool import PoolService, serve
serve(PoolService(), on_listening=lambda url: print(url, flush=True))
print("stopped", flush=True)
"""


@pytest.fixture(scope="module")
def url():
    with running(PoolService()) as url:
        yield url


def refused(response: httpx.Response, status: int, code: str) -> None:
    assert response.status_code == status
    assert response.json()["__type"] == code
    assert response.json()["message"]
    assert response.headers["x-amzn-errortype"] == f"{code}:"
    assert response.headers["content-type"] == "application/x-amz-json-1.1"
    assert response.headers["x-amzn-requestid"]
    assert response.headers["date"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"x"', b"null", b"\xff\xfe", b"[" * 100_000, b'{"MaxResults": ' + b"9" * 5000 + b"}"],
)
def test_json(url, body):
    refused(httpx.post(url, headers=TARGET, content=body), 400, "SerializationException")


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "ListUserPools",
        "AWSCognitoIdentityProviderService.",
        "AWSCognitoIdentityProviderService.Nothing",
        "A.B",
    ],
)
def test_operation(url, target):
    headers = {} if target is None else {"X-Amz-Target": target}
    refused(httpx.post(url, headers=headers, content=b"{}"), 400, "UnknownOperationException")


@pytest.mark.parametrize(
    ("operation", "request_", "code"),
    [
        ("ListUserPools", {}, "InvalidParameterException"),
        ("ListUserPools", {"MaxResults": 0}, "InvalidParameterException"),
        ("ListUserPools", {"MaxResults": 61}, "InvalidParameterException"),
        ("ListUserPools", {"MaxResults": "1"}, "SerializationException"),
        ("ListUserPools", {"MaxResults": True}, "SerializationException"),
        ("ListUserPools", {"MaxResults": 1.5}, "SerializationException"),
        ("CreateUserPool", {"PoolName": "x" * 129}, "InvalidParameterException"),
        ("CreateUserPool", {"PoolName": ["x"]}, "SerializationException"),
        ("CreateUserPool", {"PoolName": "x", "MfaConfiguration": "MAYBE"}, "InvalidParameterException"),
        ("CreateUserPool", {"PoolName": "x", "Policies": []}, "SerializationException"),
        ("InitiateAuth", {"ClientId": "x", "AuthFlow": "TELEPATHY"}, "InvalidParameterException"),
        ("InitiateAuth", {"AuthFlow": "USER_SRP_AUTH"}, "InvalidParameterException"),
        (
            "InitiateAuth",
            {"ClientId": "x", "AuthFlow": "USER_SRP_AUTH", "AuthParameters": {"USERNAME": 1}},
            "SerializationException",
        ),
        (
            "InitiateAuth",
            {"ClientId": "x", "AuthFlow": "USER_SRP_AUTH", "AuthParameters": {"USERNAME": "\ud800"}},
            "SerializationException",
        ),
        ("InitiateAuth", {"ClientId": "x", "AuthFlow": "USER_SRP_AUTH"}, "ResourceNotFoundException"),
        (
            "RespondToAuthChallenge",
            {"ClientId": "x", "ChallengeName": "SMS_MFA", "Session": "short"},
            "InvalidParameterException",
        ),
        (
            "RespondToAuthChallenge",
            {"ClientId": "x", "ChallengeName": "SMS_MFA", "Session": "x" * 4097},
            "InvalidParameterException",
        ),
        (
            "AdminInitiateAuth",
            {"UserPoolId": "a_b", "ClientId": "x", "AuthFlow": "USER_SRP_AUTH", "ContextData": {"IpAddress": "::1"}},
            "InvalidParameterException",
        ),
    ],
)
def test_members(url, operation, request_, code):
    headers = {"X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}"}
    refused(httpx.post(url, headers=headers, content=json.dumps(request_).encode()), 400, code)


def test_values_are_not_repeated(url):
    headers = {"X-Amz-Target": "AWSCognitoIdentityProviderService.AdminSetUserPassword"}
    request = {"UserPoolId": "not a pool", "Username": "a b", "Password": "canary canary "}
    answer = httpx.post(url, headers=headers, json=request)
    assert answer.json()["message"].startswith("3 validation errors detected: Value at 'userPoolId' failed to satisfy")
    assert "canary" not in answer.text


def test_size(url):
    refused(httpx.post(url, headers=TARGET, content=b" " * (1_048_576 + 1)), 413, "RequestEntityTooLargeException")
    assert httpx.post(url, headers=TARGET, content=b'{"MaxResults": 1}' + b" " * 1_000_000).status_code == 200


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("PUT", "/"), ("POST", "/elsewhere"), ("GET", "/x")])
def test_elsewhere(url, method, path):
    refused(httpx.request(method, url + path), 404, "UnknownOperationException")


def test_key_set_of_no_pool(url):
    refused(httpx.get(f"{url}/us-east-1_none/.well-known/jwks.json"), 400, "ResourceNotFoundException")


@pytest.mark.parametrize(
    "raw", [b"\0\0\0\0", b"GET\r\n\r\n", b"POST / HTTP/9.9\r\n\r\n", b"POST / HTTP/1.1\r\nHost\r\n\r\n"]
)
def test_malformed_http(url, raw):
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        connection.sendall(raw)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["__type"] == "SerializationException"


def test_browsers_may_call(url):
    asked = {
        "Origin": "http://localhost:3000",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-amz-target,x-amz-user-agent,cache-control",
    }
    allowed = httpx.options(url, headers=asked)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert "POST" in allowed.headers["access-control-allow-methods"]
    answer = httpx.post(url, headers={**TARGET, "Origin": "http://localhost:3000"}, json={"MaxResults": 1})
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert "x-cognito-srp-explanation" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals(number):
    process = subprocess.Popen([sys.executable, "-c", SERVE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        first = process.stdout.readline().strip()
        assert first.startswith("http://127.0.0.1:")
        with httpx.Client() as client:
            # A connection that stays open must not keep the server from ending.
            assert client.post(first, headers=TARGET, json={"MaxResults": 1}).json() == {"UserPools": []}
            process.send_signal(number)
            out, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (0, "stopped\n", "")


def test_outbox(cognito_pool):
    cognito_pool.client.admin_update_user_attributes(
        UserPoolId=cognito_pool.pool_id,
        Username="alice",
        UserAttributes=[{"Name": "email", "Value": "a@example.org"}, {"Name": "email_verified", "Value": "true"}],
    )
    cognito_pool.client.forgot_password(ClientId=cognito_pool.client_id, Username="alice")
    sent = httpx.get(f"{cognito_pool.endpoint_url}/_outbox", params={"destination": "a@example.org"}).json()
    assert [message["code"] for message in sent] == [cognito_pool.service.outbox.code()]
    assert httpx.get(f"{cognito_pool.endpoint_url}/_outbox", params={"destination": "b@example.org"}).json() == []
