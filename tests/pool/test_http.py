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

from cognito_challenges.pool import Options, PoolService, running
from cognito_challenges.pool.serving import http

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


@pytest.mark.parametrize(
    "origin", ["http://localhost:3000", "http://127.0.0.1:8080", "https://app.localhost", "http://[::1]"]
)
def test_local_pages_may_call(url, origin):
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-amz-target,x-amz-user-agent,cache-control",
    }
    allowed = httpx.options(url, headers=asked)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == origin
    assert "POST" in allowed.headers["access-control-allow-methods"]
    answer = httpx.post(url, headers={**TARGET, "Origin": origin}, json={"MaxResults": 1})
    assert answer.headers["access-control-allow-origin"] == origin
    assert answer.headers["vary"] == "origin"
    assert "x-cognito-srp-explanation" in answer.headers["access-control-expose-headers"]


FOREIGN = [
    "https://evil.example", "http://localhost.evil.example", "http://evil.example:80", "null", "", "file://",
    "http://127.0.0.1.evil.example", "http://localhost:1@evil.example", "http://[::1", "http://192.168.0.1",
]  # fmt: skip
FOREIGN_HOSTS = [
    "evil.example", "evil.example:80", "localhost.evil.example", "0.0.0.0", "a b", "[::", "", "192.168.0.1",
]  # fmt: skip
LOCAL_HOSTS = ["localhost", "LOCALHOST:1", "127.0.0.1:9", "127.8.8.8", "[::1]:80", "pool.localhost.", "localhost."]


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize("path", ["/", "/_outbox", "/_inspector", "/_inspector/1"])
def test_foreign_pages_may_not(url, origin, path):
    for method in ("POST", "OPTIONS") if path == "/" else ("GET", "OPTIONS"):
        answer = httpx.request(method, url + path, headers={**TARGET, "Origin": origin}, content=b'{"MaxResults": 1}')
        refused(answer, 403, "ForbiddenException")
        assert "access-control-allow-origin" not in answer.headers


def test_what_a_page_embeds_from_elsewhere_is_refused(url):
    """An image or script has no Origin, and a browser says where it was asked for."""
    embedded = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    refused(httpx.get(f"{url}/_outbox", headers=embedded), 403, "ForbiddenException")
    assert httpx.get(f"{url}/_outbox", headers={**embedded, "Sec-Fetch-Site": "same-origin"}).status_code == 200
    assert httpx.get(f"{url}/_inspector", headers={**embedded, "Sec-Fetch-Mode": "navigate"}).status_code == 200


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
@pytest.mark.parametrize("path", ["/", "/_outbox", "/_inspector"])
def test_foreign_hosts(url, host, path):
    """DNS rebinding: a page of evil.example reaches this pool under its own name, and so has no foreign Origin."""
    answer = httpx.request(
        "POST" if path == "/" else "GET", url + path, headers={**TARGET, "Host": host}, content=b"{}"
    )
    assert answer.status_code in (400, 403)
    assert answer.json()["__type"] == ("ForbiddenException" if answer.status_code == 403 else "SerializationException")


@pytest.mark.parametrize("host", LOCAL_HOSTS)
def test_local_hosts(url, host):
    assert httpx.post(url, headers={**TARGET, "Host": host}, json={"MaxResults": 1}).status_code == 200


def test_hosts_and_origins_that_are_allowed():
    options = Options(allowed_hosts=("Pool.test",), allowed_origins=("https://app.example",))
    with running(PoolService(options)) as url:
        for host in ("pool.test", "pool.test:80", "localhost"):
            assert httpx.post(url, headers={**TARGET, "Host": host}, json={"MaxResults": 1}).status_code == 200
        refused(httpx.post(url, headers={**TARGET, "Host": "other.test"}, json={}), 403, "ForbiddenException")
        page = {"Origin": "https://app.example"}
        assert httpx.options(url, headers=page).headers["access-control-allow-origin"] == "https://app.example"
        sign_in = {"X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth", **page}
        answer = httpx.post(url, headers=sign_in, json={"ClientId": "none", "AuthFlow": "USER_SRP_AUTH"})
        refused(answer, 400, "ResourceNotFoundException")
        assert answer.headers["access-control-allow-origin"] == "https://app.example"
        assert httpx.get(f"{url}/x_y/.well-known/jwks.json", headers=page).status_code == 400
        # Only what takes no AWS credentials: no administrator's operations, no codes.
        refused(httpx.post(url, headers={**TARGET, **page}, json={"MaxResults": 1}), 403, "ForbiddenException")
        for path in ("/_outbox", "/_inspector"):
            refused(httpx.get(url + path, headers=page), 403, "ForbiddenException")
        refused(
            httpx.post(url, headers={**sign_in, "Origin": "https://app.example.evil"}, json={}),
            403,
            "ForbiddenException",
        )


def test_any_host_and_origin():
    with running(PoolService(Options(allowed_hosts=("*",), allowed_origins=("*",)))) as url:
        headers = {
            "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
            "Host": "a.b",
            "Origin": "http://c",
        }
        answer = httpx.post(url, headers=headers, json={"ClientId": "none", "AuthFlow": "USER_SRP_AUTH"})
        refused(answer, 400, "ResourceNotFoundException")
        refused(httpx.post(url, headers={**headers, **TARGET}, json={"MaxResults": 1}), 403, "ForbiddenException")


def exchange(url: str, raw: bytes, *, half_close: bool = False) -> bytes:
    """What comes back for some bytes, until the server closes the connection."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        connection.sendall(raw)
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    return answer


HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AWSCognitoIdentityProviderService.ListUserPools\r\n"


def test_a_body_that_stalls(monkeypatch):
    monkeypatch.setattr(http, "BODY_SECONDS", 0.05)
    with running(PoolService()) as url:
        head, _, body = exchange(url, HEAD + b"Content-Length: 100\r\n\r\n{").partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert json.loads(body)["__type"] == "RequestTimeoutException"


@pytest.mark.parametrize("raw", [b"", b"POST / HT", HEAD])
def test_a_head_that_stalls(monkeypatch, raw):
    monkeypatch.setattr(http, "HEAD_SECONDS", 0.05)
    with running(PoolService()) as url:
        assert exchange(url, raw) == b""


def test_a_body_that_is_cut(capfd):
    with running(PoolService()) as url:
        place = urlsplit(url)
        for _ in range(3):
            with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
                connection.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")
        assert httpx.post(url, headers=TARGET, json={"MaxResults": 1}).status_code == 200
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 20, "-1", "x", "%D9%A7", "1/2", "0"])
def test_no_such_sign_in(url, number):
    assert httpx.get(f"{url}/_inspector/{number}").status_code == 404


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
