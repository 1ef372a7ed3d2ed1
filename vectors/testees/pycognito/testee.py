"""pycognito behind the testee protocol: its own code, with the random a and the clock handed to it."""

from __future__ import annotations

import base64
import datetime
import json
import re
import sys
from collections.abc import Callable
from typing import Any
from unittest import mock

from pycognito import aws_srp

Fields = dict[str, Any]
POOL_ID = re.compile(r"[\w-]+_[0-9a-zA-Z]+", re.ASCII)
CALLERS = ("password", "device_password", "username", "client_id", "client_secret")


class UnsupportedError(Exception):
    """The client has no such operation, or the protocol's value cannot be handed to it."""


def ephemeral(fields: Fields) -> int:
    """The client draws a by itself: what is no exponent cannot be handed to it."""
    text = fields["a"]
    if not re.fullmatch("[0-9a-f]{1,64}", text) or int(text, 16) == 0:
        raise UnsupportedError("an ephemeral out of range cannot be injected")
    return int(text, 16)


def challenge(fields: Fields) -> Fields:
    """ChallengeParameters: what is absent stays absent."""
    wire = {"salt": "SALT", "srp_b": "SRP_B", "secret_block": "SECRET_BLOCK", "user_id": "USER_ID_FOR_SRP"}
    return {"USERNAME": "testee", **{name: fields[key] for key, name in wire.items() if key in fields}}


def session(fields: Fields, **arguments: Any) -> aws_srp.AWSSRP:
    """The client's object with a for its random number. The AWS client is never called."""
    with mock.patch.object(aws_srp, "get_random", return_value=ephemeral(fields)):
        return aws_srp.AWSSRP("testee", client_id="client", client=object(), **arguments)


def at(now: float) -> Any:
    """The module's clock, standing at `now`."""
    clock = mock.MagicMock(wraps=datetime)
    clock.datetime.utcnow.return_value = datetime.datetime.fromtimestamp(now, datetime.UTC).replace(tzinfo=None)
    return mock.patch.object(aws_srp, "datetime", clock)


def claim(srp: aws_srp.AWSSRP, responses: Fields) -> Fields:
    """What the client would send."""
    return {
        "srp_a": srp.get_auth_params()["SRP_A"],
        "signature": responses["PASSWORD_CLAIM_SIGNATURE"],
        "secret_block": responses["PASSWORD_CLAIM_SECRET_BLOCK"],
        "timestamp": responses["TIMESTAMP"],
    }


def password_claim(fields: Fields) -> Fields:
    srp = session(fields, password=fields["password"], pool_id=fields["pool_id"])
    with at(fields["now"]):
        return claim(srp, srp.process_challenge(challenge(fields), {"USERNAME": "testee"}))


def device_claim(fields: Fields) -> Fields:
    device = {name: fields[name] for name in ("device_key", "device_group_key", "device_password")}
    srp = session(fields, password="x", pool_id="local_x", **device)
    with at(fields["now"]):
        return claim(srp, srp.process_device_challenge(challenge(fields)))


def device_verifier(fields: Fields) -> Fields:
    drawn = {40: base64.b64decode(fields["device_password"]), 16: bytes.fromhex(fields["salt"])}
    with mock.patch.object(aws_srp.os, "urandom", side_effect=drawn.__getitem__):
        password, config = aws_srp.generate_hash_device(fields["device_group_key"], fields["device_key"])
    if password != fields["device_password"]:
        raise UnsupportedError("a device password of another form cannot be injected")
    return {"password_verifier": config["PasswordVerifier"], "salt": config["Salt"]}


def secret_hash(fields: Fields) -> Fields:
    names = (fields["username"], fields["client_id"], fields["client_secret"])
    return {"secret_hash": aws_srp.AWSSRP.get_secret_hash(*names)}


def timestamp(fields: Fields) -> Fields:
    now = datetime.datetime.fromtimestamp(fields["now"], datetime.UTC)
    return {"timestamp": aws_srp.AWSSRP.get_cognito_formatted_timestamp(now)}


OPERATIONS: dict[str, Callable[[Fields], Fields]] = {
    "password-claim": password_claim,
    "device-claim": device_claim,
    "device-verifier": device_verifier,
    "secret-hash": secret_hash,
    "timestamp": timestamp,
}


def kind(fields: Fields) -> str:
    """Whose fault a refusal was: the client raises one like the other."""
    pool_id = fields.get("pool_id", "local_x")
    mistaken = not POOL_ID.fullmatch(pool_id) or any(
        not fields[name] or re.search("[\ud800-\udfff]", fields[name]) for name in CALLERS if name in fields
    )
    return "usage" if mistaken else "peer"


def answer(request: Fields) -> Fields:
    """Any exception of the client is a refusal."""
    op = request.pop("op")
    if op not in OPERATIONS:
        return {"error": {"kind": "unsupported", "reason": "the client has no such operation"}}
    try:
        return {"ok": OPERATIONS[op](request)}
    except UnsupportedError as error:
        return {"error": {"kind": "unsupported", "reason": str(error)}}
    except Exception as error:  # noqa: BLE001  whatever it raises
        return {"error": {"kind": kind(request), "reason": type(error).__name__}}


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        identifier = request.pop("id")
        print(json.dumps({"id": identifier, **answer(request)}), flush=True)


if __name__ == "__main__":
    main()
