"""The testee: the engine behind the testee protocol, one JSON object a line in and one out.

A fault in a field of a request is a usage error, except in those marked `_PEER`: they stand for what came over the
wire, go to the engine as they are, absent or of any type, and a fault in them is the peer's.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn, TextIO

from cognito_srp import (
    Claim,
    Device,
    DeviceSession,
    PasswordSession,
    PeerError,
    ProofMismatch,
    ServerSession,
    SrpError,
    UsageError,
    Verifier,
    formulas,
    secret_hash,
    timestamp,
)
from cognito_srp.encoding import EPHEMERAL_BYTES, integer_hex, parse_hex, pool_name

MAX_LINE_CHARACTERS: Final = 1 << 20
"""Longest request read; what is left of a longer line is skipped."""

Request = Mapping[str, Any]
Answer = dict[str, Any]

_CHALLENGE: Final = {"salt": "SALT", "srp_b": "SRP_B", "secret_block": "SECRET_BLOCK", "user_id": "USER_ID_FOR_SRP"}


def serve(lines: TextIO, out: TextIO) -> None:
    """Answer each line of `lines` with one line on `out`, flushed, in order, until the input ends."""
    while line := lines.readline(MAX_LINE_CHARACTERS + 1):
        out.write(json.dumps(_answer_line(line, lines)) + "\n")
        out.flush()


def answer(request: object) -> Answer:
    """The answer to one decoded request: {"id", "ok"} or {"id", "error": {"kind", "reason"}}.

    Pure but for arithmetic's caches. The reason names parameters, lengths and limits, never a value.
    """
    identifier: object = None
    try:
        if not isinstance(request, dict):
            raise UsageError("request", "type", "is not a JSON object")
        fields: dict[str, Any] = dict(request)  # pyright: ignore[reportUnknownArgumentType]
        identifier = _identifier(fields)
        return {"id": identifier, "ok": _dispatch(fields)}
    except _UnsupportedError as error:
        kind, reason = "unsupported", str(error)
    except SrpError as error:
        kind, reason = ("peer" if isinstance(error, PeerError) else "usage"), str(error)
    return {"id": identifier, "error": {"kind": kind, "reason": reason}}


class _UnsupportedError(Exception):
    pass


def _answer_line(line: str, lines: TextIO) -> Answer:
    if len(line) > MAX_LINE_CHARACTERS:
        while line and not line.endswith("\n"):
            line = lines.readline(MAX_LINE_CHARACTERS)
        return _refusal(f"request: has more than {MAX_LINE_CHARACTERS} characters")
    try:
        return answer(json.loads(line, parse_constant=_not_json))
    except (ValueError, RecursionError):
        return _refusal("request: is not JSON")


def _not_json(_constant: str) -> NoReturn:
    """NaN and Infinity, which Python reads and JSON does not know."""
    raise ValueError


def _refusal(reason: str) -> Answer:
    return {"id": None, "error": {"kind": "usage", "reason": reason}}


def _identifier(fields: dict[str, Any]) -> str | int | None:
    identifier = fields.pop("id", None)
    if identifier is not None and (isinstance(identifier, bool) or not isinstance(identifier, str | int)):
        raise UsageError("id", "type", "must be a string or an integer")
    return identifier


def _dispatch(fields: dict[str, Any]) -> Answer:
    op = fields.pop("op", None)
    if not isinstance(op, str):
        raise UsageError("op", "missing" if op is None else "type", "must be a string")
    if op not in _OPERATIONS:
        raise _UnsupportedError(f"op: must be one of {', '.join(_OPERATIONS)}")
    operation, required = _OPERATIONS[op]
    unknown = len(fields.keys() - required)
    if unknown:
        raise UsageError("request", "syntax", f"has {unknown} unknown fields; {op} takes {', '.join(required)}")
    for name, kinds in required.items():
        if kinds is _PEER:
            continue
        if name not in fields:
            raise UsageError(name, "missing", f"is missing from {op}")
        if isinstance(fields[name], bool) or not isinstance(fields[name], kinds):
            raise UsageError(name, "type", f"must be {'a string' if kinds is str else 'a number'}")
    return operation(fields)


def _password_claim(fields: Request) -> Answer:
    session = PasswordSession(
        fields["pool_id"],
        username="testee",  # not hashed: x is made from USER_ID_FOR_SRP
        password=fields["password"],
        entropy=_ephemeral("a", fields),
        clock=lambda: fields["now"],
    )
    claim = session.prove(_challenge(fields))
    return _claim(session, claim, fields, pool_name(fields["pool_id"]), fields["user_id"], fields["password"])


def _device_claim(fields: Request) -> Answer:
    device = Device(key=fields["device_key"], group_key=fields["device_group_key"], password=fields["device_password"])
    session = DeviceSession(device, entropy=_ephemeral("a", fields), clock=lambda: fields["now"])
    claim = session.prove(_challenge(fields))
    return _claim(session, claim, fields, device.group_key, device.key, device.password)


def _claim(
    session: PasswordSession | DeviceSession, claim: Claim, fields: Request, group: str, identity: str, password: str
) -> Answer:
    return {
        "srp_a": session.srp_a,
        "signature": claim.signature,
        "secret_block": claim.secret_block,
        "timestamp": claim.timestamp,
        "trace": _trace(session.srp_a, fields, group, identity, password),
    }


def _trace(srp_a: str, fields: Request, group: str, identity: str, password: str) -> Answer:
    """u, x, S and K of an accepted challenge, from the formulas: a session reveals none of them."""
    public_b = parse_hex("SRP_B", fields["srp_b"])
    u = formulas.scrambler(parse_hex("SRP_A", srp_a), public_b)
    x = formulas.private_key(
        parse_hex("SALT", fields["salt"]),
        group_name=group.encode(),
        identity=identity.encode(),
        password=password.encode(),
    )
    premaster = formulas.client_premaster(parse_hex("a", fields["a"]), public_b, formulas.password_verifier(x), x, u)
    key = formulas.session_key(premaster, u)
    return {"u": integer_hex(u), "x": integer_hex(x), "s": integer_hex(premaster), "key": key.hex()}


def _device_verifier(fields: Request) -> Answer:
    device = Device(key=fields["device_key"], group_key=fields["device_group_key"], password=fields["device_password"])
    verifier = device.verifier(parse_hex("salt", fields["salt"], error=UsageError))
    return {"password_verifier": verifier.password_verifier, "salt": verifier.salt}


def _secret_hash(fields: Request) -> Answer:
    return {
        "secret_hash": secret_hash(
            fields["username"], client_id=fields["client_id"], client_secret=fields["client_secret"]
        )
    }


def _timestamp(fields: Request) -> Answer:
    return {"timestamp": timestamp(fields["now"])}


def _server_challenge(fields: Request) -> Answer:
    return {"srp_b": _server_session(fields).srp_b}


def _server_verify(fields: Request) -> Answer:
    session = _server_session(fields)
    proof = {name: _wire(fields, name) for name in ("secret_block", "timestamp", "signature")}
    try:
        session.verify(**proof)
    except ProofMismatch:
        return {"accepted": False}
    return {"accepted": True}


def _server_session(fields: Request) -> ServerSession:
    pool_id, user_id = fields["pool_id"], fields["user_id"]
    salt = parse_hex("salt", fields["salt"], error=UsageError)
    verifier = Verifier.for_user(pool_id, user_id=user_id, password=fields["password"], salt=salt)
    return ServerSession.for_user(
        pool_id, user_id=user_id, verifier=verifier, srp_a=_wire(fields, "srp_a"), entropy=_ephemeral("b", fields)
    )


def _ephemeral(name: str, fields: Request) -> Callable[[int], bytes]:
    """An entropy source that returns the request's own exponent."""
    exponent = parse_hex(name, fields[name], error=UsageError)
    if not 1 <= exponent < 1 << 8 * EPHEMERAL_BYTES:
        raise UsageError(name, "range", f"is not between 1 and 2**{8 * EPHEMERAL_BYTES} - 1")
    return lambda size: exponent.to_bytes(size, "big")


def _challenge(fields: Request) -> dict[str, str]:
    """ChallengeParameters as the request has them: what it leaves out is left out."""
    return {wire: fields[name] for name, wire in _CHALLENGE.items() if name in fields}


def _wire(fields: Request, name: str) -> str:
    if name not in fields:
        raise PeerError(name, "missing", "is missing")
    value: str = fields[name]
    return value


Kinds = type[str] | tuple[type, ...]

_NUMBER: Final = (int, float)
_PEER: Final = (object,)
_CLAIM: Final[dict[str, Kinds]] = {"a": str, "salt": _PEER, "srp_b": _PEER, "secret_block": _PEER, "now": _NUMBER}
_DEVICE: Final[dict[str, Kinds]] = {"device_group_key": str, "device_key": str, "device_password": str}
_SERVER: Final[dict[str, Kinds]] = {
    "pool_id": str,
    "user_id": str,
    "password": str,
    "salt": str,
    "b": str,
    "srp_a": _PEER,
}
_PROOF: Final[dict[str, Kinds]] = {"secret_block": _PEER, "timestamp": _PEER, "signature": _PEER}

_OPERATIONS: Final[dict[str, tuple[Callable[[Request], Answer], dict[str, Kinds]]]] = {
    "password-claim": (_password_claim, {"pool_id": str, "user_id": _PEER, "password": str, **_CLAIM}),
    "device-claim": (_device_claim, {**_DEVICE, **_CLAIM}),
    "device-verifier": (_device_verifier, {**_DEVICE, "salt": str}),
    "secret-hash": (_secret_hash, {"username": str, "client_id": str, "client_secret": str}),
    "timestamp": (_timestamp, {"now": _NUMBER}),
    "server-challenge": (_server_challenge, _SERVER),
    "server-verify": (_server_verify, {**_SERVER, **_PROOF}),
}


def main() -> None:
    """Serve standard input and output. Bytes that are not UTF-8 reach the engine, which refuses them by name."""
    descriptor = sys.stdin.fileno()
    with open(descriptor, encoding="utf-8", errors="surrogateescape", newline="\n", closefd=False) as lines:
        serve(lines, sys.stdout)


if __name__ == "__main__":
    main()
