"""What is fuzzed: one function for each place where bytes come in from outside. Each takes bytes and must not raise.

`fuzz.py` runs them under a coverage-guided fuzzer, `test_corpus.py` replays what it has found.
"""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from cognito_challenges import ServiceError, TransportError, totp
from cognito_challenges.answers import read_tokens, username_in_token
from cognito_challenges.catalogue.base import read_list, read_object
from cognito_challenges.conformance.testee import serve
from cognito_challenges.devices import user_must_agree
from cognito_challenges.pool import Options, PoolService
from cognito_challenges.pool.serving import wire
from cognito_challenges.sign_in.clock import MAX_CORRECTION_SECONDS, correction
from cognito_challenges.transports import json11
from cognito_srp import PeerError, SrpError, timestamp
from cognito_srp.encoding import (
    integer_bytes,
    integer_hex,
    parse_base64,
    parse_base64_integer,
    parse_hex,
    pool_name,
    utf8,
)
from cognito_srp.timestamps import parse_timestamp
from support.judging import judge, judge_saved
from support.recorded import SCENARIOS, Point, Saved, record

NOW = 1_772_842_800.0
USER = {"USERNAME": "alice", "PASSWORD": "Correct-1-horse"}


def parsers(data: bytes) -> None:
    """Each parser of one text, and what must be true of what it reads."""
    text = data.decode("utf-8", "surrogateescape")
    for parse, check in PARSERS:
        try:
            value = parse(text)
        except SrpError as error:
            _check_message(error)
        else:
            check(text, value)


def receive(data: bytes) -> None:
    """An answer of the service: one byte says which sign-in waits for it, the rest is JSON."""
    points = _recorded()[0]
    document = _json(data[1:])
    if document is not _NOT_JSON:
        judge(points[data[0] % len(points)], document)


def resume(data: bytes) -> None:
    """A saved document: one byte says whose, the rest is JSON."""
    saves = _recorded()[1]
    document = _json(data[1:])
    if document is not _NOT_JSON:
        judge_saved(saves[data[0] % len(saves)], document)


def http(data: bytes) -> None:
    """A response over HTTP: its status, a header, and the body behind the first line."""
    head, _, body = data.partition(b"\n")
    status = 200 + int.from_bytes(head[:2], "big") % 400
    try:
        answer = json11.read(status, {"x-amzn-errortype": head[2:].decode("latin-1")}, body)
    except (ServiceError, PeerError, TransportError) as error:
        _check_message(error)
        return
    for read in (read_tokens, user_must_agree):
        try:
            read(answer)
        except PeerError as error:
            _check_message(error)


def pool(data: bytes) -> None:
    """A request to the pool: the operation in the first line, then the body, in which `$POOL` and the like are real."""
    head, _, body = data.partition(b"\n")
    service, names = _pool(pool.runs // 500)  # type: ignore[attr-defined]
    pool.runs += 1  # type: ignore[attr-defined]
    if b"$SESSION" in body:
        request = {"ClientId": names["$CLIENT"], "AuthFlow": "USER_AUTH", "AuthParameters": {"USERNAME": "alice"}}
        names["$SESSION"] = str(service.call("InitiateAuth", request)["Session"])
    for name, value in names.items():
        body = body.replace(name.encode(), value.encode())
    answer = wire.respond(service, wire.TARGET + head.decode("latin-1"), body)
    assert answer.status in (200, 400), answer.body
    json.loads(answer.body)


pool.runs = 0  # type: ignore[attr-defined]


def testee(data: bytes) -> None:
    """A line of the testee protocol."""
    out = io.StringIO()
    serve(io.StringIO(data.decode("utf-8", "surrogateescape").replace("\n", " ")), out)
    lines = out.getvalue().splitlines()
    assert len(lines) == (1 if data else 0)
    for line in lines:
        answer = json.loads(line)
        assert answer.keys() in ({"id", "ok"}, {"id", "error"})
        assert "error" not in answer or answer["error"]["kind"] in ("peer", "usage", "unsupported")


TARGETS: dict[str, Callable[[bytes], None]] = {
    "parsers": parsers,
    "receive": receive,
    "resume": resume,
    "http": http,
    "pool": pool,
    "testee": testee,
}


def seeds(target: str) -> Iterator[bytes]:
    """What a target's corpus begins with, so that the fuzzer need not find out what an answer looks like."""
    draw = random.Random(target)
    points, saves = _recorded()
    match target:
        case "parsers":
            texts = ["-16e4", "0F", "c2VjcmV0", "_-Y=", "us-east-1_Ab1", timestamp(NOW), "JBSWY3DPEHPK3PXPJBSWY3DP"]
            texts += ['["SMS_MFA"]', '{"a": 1}', "Sat, 07 Mar 2026 00:20:00 GMT", "a.eyJ1c2VybmFtZSI6ImEifQ.b"]
            yield from (text.encode() for text in texts)
        case "receive":
            yield from (bytes([at]) + json.dumps(point.answer).encode() for at, point in enumerate(points))
        case "resume":
            yield from (bytes([at]) + json.dumps(saved.document).encode() for at, saved in enumerate(saves))
        case "http":
            yield from (b"\0\0\n" + json.dumps(point.answer).encode() for point in draw.sample(points, 8))
            yield b"\0\xc8NotAuthorizedException:\n" + b'{"__type": "a#b", "message": "No."}'
        case "pool":
            yield from (f"{name}\n{json.dumps(request)}".encode() for name, request in _REQUESTS)
        case "testee":
            yield from (json.dumps(request).encode() for request in _TESTED)


def _check_hex(text: str, value: int) -> None:
    assert integer_hex(value).lstrip("-") == (text.lstrip("-").lower().lstrip("0") or "0")
    assert int.from_bytes(integer_bytes(value), "big", signed=True) == value


def _check_correction(_: str, value: float) -> None:
    assert abs(value) <= MAX_CORRECTION_SECONDS


def _nothing(_: str, __: object) -> None: ...


PARSERS: list[tuple[Callable[[str], Any], Callable[[str, Any], None]]] = [
    (lambda text: parse_hex("x", text), _check_hex),
    (lambda text: parse_base64("x", text), lambda text, value: _equal(len(value), len(text.rstrip("=")) * 3 // 4)),
    (lambda text: parse_base64_integer("x", text), _nothing),
    (lambda text: utf8("x", text), lambda text, value: _equal(value.decode(), text)),
    (pool_name, lambda text, value: _equal(text.endswith("_" + value) and value.isalnum(), True)),
    (parse_timestamp, lambda text, value: _equal(timestamp(value), text)),
    (totp.secret_bytes, _nothing),
    (username_in_token, _nothing),
    (lambda text: read_list("x", text), _nothing),
    (lambda text: read_object("x", text), _nothing),
    (lambda text: correction(text, NOW), _check_correction),
]


def _check_message(error: Exception) -> None:
    assert len(str(error)) < 3_000
    assert str(error).isprintable()


def _equal(one: object, other: object) -> None:
    assert one == other


_NOT_JSON = object()


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return _NOT_JSON


@cache
def _recorded() -> tuple[list[Point], list[Saved]]:
    points: list[Point] = []
    saves: list[Saved] = []
    for name, scenario in SCENARIOS.items():
        there, kept = record(name, scenario)
        points += there
        saves += kept
    return points, saves


_POOLS: dict[int, tuple[PoolService, dict[str, str]]] = {}


def _pool(number: int) -> tuple[PoolService, dict[str, str]]:
    """A pool with a user, made anew now and then, and what its placeholders stand for."""
    if number not in _POOLS:
        _POOLS.clear()
        service = PoolService(Options(explain=True), clock=lambda: NOW)
        made: Any = service.call("CreateUserPool", {"PoolName": "p"})
        named = {"UserPoolId": made["UserPool"]["Id"]}
        flows = ["ALLOW_USER_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_CUSTOM_AUTH"]
        flows += ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"]
        client: Any = service.call("CreateUserPoolClient", {**named, "ClientName": "c", "ExplicitAuthFlows": flows})
        service.call("AdminCreateUser", {**named, "Username": "alice", "MessageAction": "SUPPRESS"})
        password = {"Username": "alice", "Password": USER["PASSWORD"], "Permanent": True}
        service.call("AdminSetUserPassword", {**named, **password})
        client_id = client["UserPoolClient"]["ClientId"]
        request = {"ClientId": client_id, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": USER}
        tokens: Any = service.call("InitiateAuth", request)["AuthenticationResult"]
        names = {"$POOL": named["UserPoolId"], "$CLIENT": client_id, "$REFRESH": tokens["RefreshToken"]}
        _POOLS[number] = service, names | {"$ACCESS": tokens["AccessToken"]}
    return _POOLS[number]


def _initiate(flow: str, **parameters: str) -> tuple[str, dict[str, Any]]:
    return "InitiateAuth", {"ClientId": "$CLIENT", "AuthFlow": flow, "AuthParameters": parameters}


_SRP_A = {"USERNAME": "alice", "SRP_A": "abc123"}
_REQUESTS: list[tuple[str, dict[str, Any]]] = [
    _initiate("USER_SRP_AUTH", **_SRP_A),
    _initiate("USER_PASSWORD_AUTH", **USER),
    _initiate("CUSTOM_AUTH", **_SRP_A, CHALLENGE_NAME="SRP_A"),
    _initiate("USER_AUTH", **_SRP_A, PREFERRED_CHALLENGE="PASSWORD_SRP"),
    _initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN="$REFRESH"),
    (
        "AdminInitiateAuth",
        {"UserPoolId": "$POOL", "ClientId": "$CLIENT", "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": USER},
    ),
    *(
        (
            "RespondToAuthChallenge",
            {
                "ClientId": "$CLIENT",
                "ChallengeName": name,
                "Session": "$SESSION",
                "ChallengeResponses": {"USERNAME": "alice", **responses},
            },
        )
        for name, responses in {
            "SELECT_CHALLENGE": {"ANSWER": "PASSWORD", "PASSWORD": USER["PASSWORD"]},
            "PASSWORD_VERIFIER": {"PASSWORD_CLAIM_SIGNATURE": "AAAA", "TIMESTAMP": timestamp(NOW)},
            "SMS_MFA": {"SMS_MFA_CODE": "123456"},
        }.items()
    ),
    ("GetUser", {"AccessToken": "$ACCESS"}),
    ("ChangePassword", {"AccessToken": "$ACCESS", "PreviousPassword": "a", "ProposedPassword": "b"}),
    ("ConfirmDevice", {"AccessToken": "$ACCESS", "DeviceKey": "k", "DeviceSecretVerifierConfig": {"Salt": "AAAA"}}),
    ("SignUp", {"ClientId": "$CLIENT", "Username": "bob", "Password": "Correct-1-horse"}),
    ("ListUsers", {"UserPoolId": "$POOL", "Filter": 'username = "alice"', "Limit": 3}),
    ("AdminCreateUser", {"UserPoolId": "$POOL", "Username": "carol", "TemporaryPassword": "Correct-1-horse"}),
    ("CreateUserPool", {"PoolName": "q", "Policies": {"PasswordPolicy": {"MinimumLength": 8}}}),
    ("UpdateUserPool", {"UserPoolId": "$POOL", "MfaConfiguration": "OFF"}),
    ("AssociateSoftwareToken", {"AccessToken": "$ACCESS"}),
    ("GetTokensFromRefreshToken", {"ClientId": "$CLIENT", "RefreshToken": "$REFRESH"}),
]
_PROOF = {"secret_block": "AAAA", "timestamp": timestamp(NOW), "signature": "AAAA"}
_CLAIMED = {"a": "5", "salt": "0f", "srp_b": "1234567", "secret_block": "AAAA", "now": 0, "password": "p"}
_SERVER = {"pool_id": "us-east-1_Ab1", "user_id": "alice", "password": "p", "salt": "0f", "b": "5", "srp_a": "20"}
_DEVICE = {"device_group_key": "g", "device_key": "k", "device_password": "p"}
_TESTED: list[dict[str, Any]] = [
    {"id": 1, "op": "password-claim", "pool_id": "us-east-1_Ab1", "user_id": "alice", **_CLAIMED},
    {"op": "device-claim", **_DEVICE, **{name: value for name, value in _CLAIMED.items() if name != "password"}},
    {"op": "device-verifier", **_DEVICE, "salt": "0f"},
    {"op": "secret-hash", "username": "u", "client_id": "c", "client_secret": "s"},
    {"op": "timestamp", "now": 0},
    {"op": "server-challenge", **_SERVER},
    {"op": "server-verify", **_SERVER, **_PROOF},
]
