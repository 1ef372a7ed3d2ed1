"""What the service's published model (botocore's cognito-idp) knows and neither client nor pool does.

python challenges/service_model.py             compares with the botocore that is installed
python challenges/service_model.py --newest    fetches the newest botocore and compares with that

Exits with 1 when there is a difference that `KNOWN_GAPS` does not list, and with --newest also when an entry of that
list is no difference any more.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

from botocore.session import get_session

from cognito_challenges import pool
from cognito_challenges.catalogue import CHALLENGES, PROOFS
from cognito_challenges.pool.operations.unserved import NOT_SERVED
from cognito_challenges.pool.requests.members import MEMBERS
from cognito_challenges.pool.requests.shapes import NotServed, Shape, Structure, Text, Whole, walk
from cognito_challenges.pool.service import OPERATIONS
from cognito_challenges.sign_in.flows import FLOWS

Model = Mapping[str, Mapping[str, Mapping[str, object]]]
_LONGEST = Text().most
_PLACE = ("cognito-idp/", "service-2.json")

_AUTH_ANSWER = ("ChallengeName", "Session", "ChallengeParameters", "AuthenticationResult", "AvailableChallenges")
_EVERY = ("ClientId", "ClientMetadata", "AnalyticsMetadata", "Session")
CLIENT_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "InitiateAuthRequest": (*_EVERY, "AuthFlow", "AuthParameters", "UserContextData"),
    "AdminInitiateAuthRequest": (*_EVERY, "AuthFlow", "AuthParameters", "ContextData", "UserPoolId"),
    "RespondToAuthChallengeRequest": (*_EVERY, "ChallengeName", "ChallengeResponses", "UserContextData"),
    "AdminRespondToAuthChallengeRequest": (
        *_EVERY, "ChallengeName", "ChallengeResponses", "ContextData", "UserPoolId",
    ),
    "GetTokensFromRefreshTokenRequest": ("RefreshToken", "ClientId", "ClientSecret", "DeviceKey", "ClientMetadata"),
    "ConfirmDeviceRequest": ("AccessToken", "DeviceKey", "DeviceName", "DeviceSecretVerifierConfig"),
    "AssociateSoftwareTokenRequest": ("Session",),
    "VerifySoftwareTokenRequest": ("Session", "UserCode", "FriendlyDeviceName"),
    "InitiateAuthResponse": _AUTH_ANSWER,
    "AdminInitiateAuthResponse": _AUTH_ANSWER,
    "RespondToAuthChallengeResponse": _AUTH_ANSWER,
    "AdminRespondToAuthChallengeResponse": _AUTH_ANSWER,
    "AuthenticationResultType": (
        "AccessToken", "ExpiresIn", "TokenType", "RefreshToken", "IdToken", "NewDeviceMetadata",
    ),
    "NewDeviceMetadataType": ("DeviceKey", "DeviceGroupKey"),
    "GetTokensFromRefreshTokenResponse": ("AuthenticationResult",),
}  # fmt: skip
"""The members of the shapes that the client sends and reads."""

_WHY: Mapping[str, tuple[str, ...]] = {
    "the client enrols TOTP within a sign-in, by its Session": (
        "client: member AssociateSoftwareTokenRequest.AccessToken",
        "client: member VerifySoftwareTokenRequest.AccessToken",
    ),
    "no longer used by the service": (
        "answer member GetUserResponse.MFAOptions",
        "answer member AdminGetUserResponse.MFAOptions",
        "answer member UserType.MFAOptions",
        "answer member UserPoolType.EmailConfigurationFailure",
    ),
    "messages always reach the outbox": ("answer member UserPoolType.SmsConfigurationFailure",),
    "the pool has no domain": ("answer member UserPoolType.Domain", "answer member UserPoolType.CustomDomain"),
    "the pool has no replicas": ("answer member UserPoolDescriptionType.ReplicaRegions",),
    "the pool publishes no secrets": ("answer member UserPoolClientType.ClientSecretArn",),
    "the pool does not know where a request comes from": (
        "answer member SessionDescriptionType.DeviceType",
        "answer member SessionDescriptionType.LastIPAddress",
        "answer member SessionDescriptionType.LastLocation",
    ),
    "the pool has no SSO sessions": ("answer member SessionDescriptionType.OriginSessionId",),
}
KNOWN_GAPS: Mapping[str, str] = {name: why for why, names in _WHY.items() for name in names}
"""Differences that are known, and why they are there."""


def installed_model() -> Model:
    """The model of the botocore in this environment, or of the folder that AWS_DATA_PATH names."""
    return cast("Model", get_session().get_service_data("cognito-idp"))


def newest_model() -> tuple[str, Model]:
    """The newest botocore's version and model. Nothing of it is installed."""
    with tempfile.TemporaryDirectory() as scratch:
        fetch = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-cache-dir", "--no-deps"]
        subprocess.run([sys.executable, *fetch, "--dest", scratch, "botocore"], check=True)  # noqa: S603 - no input
        (wheel,) = Path(scratch).glob("botocore-*.whl")
        with zipfile.ZipFile(wheel) as opened:
            names = [name for name in opened.namelist() if all(part in name for part in _PLACE)]
            return wheel.name.split("-")[1], _parsed(opened.read(max(names)))


def differences(model: Model) -> list[str]:
    """What the model has and neither side knows, each as one name: an operation, or its member, or a value."""
    found = [f"operation {name}" for name in model["operations"] if name not in OPERATIONS and name not in NOT_SERVED]
    for name in [name for name in model["operations"] if name in MEMBERS]:
        if not _fits(MEMBERS[name], _request(model, name)):
            found.append(f"members that {name} requires")
        ours = dict(walk(MEMBERS[name]))
        refused = tuple(f"{path}." for path, shape in ours.items() if isinstance(shape, NotServed))
        for path, shape in model_members(model, name):
            if path.startswith(refused):
                continue
            if path not in ours:
                found.append(f"member {name}: {path}")
                continue
            known = ours[path]
            if not _fits(known, shape):
                found.append(f"limits of {name}: {path}")
            missing = [value for value in _enum(shape) if isinstance(known, Text) and value not in known.values]
            found += [f"value {name}: {path}={value}" for value in missing]
    found += _unanswered(model)
    refreshes = ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN")
    flows, challenges = (_enum(model["shapes"][name]) for name in ("AuthFlowType", "ChallengeNameType"))
    found += [f"client: flow {name}" for name in flows if name not in FLOWS and name not in refreshes]
    found += [f"client: challenge {name}" for name in challenges if name not in CHALLENGES and name not in PROOFS]
    for sent_or_read, names in CLIENT_MEMBERS.items():
        members = cast("Mapping[str, object]", model["shapes"][sent_or_read]["members"])
        found += [f"client: member {sent_or_read}.{name}" for name in members if name not in names]
    return found


def model_members(model: Model, operation: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Every member of an operation's request by its path, with its shape in the model."""
    given = cast("Mapping[str, str] | None", model["operations"][operation].get("input"))
    if given is not None:
        yield from _members(model, given["shape"], "")


def main(arguments: list[str]) -> int:
    """Print the differences that are not known; the exit status."""
    newest = arguments == ["--newest"]
    version, model = newest_model() if newest else ("that is installed", installed_model())
    found = differences(model)
    new = [name for name in found if name not in KNOWN_GAPS]
    stale = [name for name in KNOWN_GAPS if name not in found] if newest else []
    lines = [f"botocore {version}: {len(model['operations'])} operations, {len(found) - len(new)} known differences"]
    lines += [f"not known: {name}" for name in new]
    lines += [f"no difference any more, take it out of KNOWN_GAPS: {name}" for name in stale]
    sys.stdout.write("\n".join([*lines, ""]))
    return 1 if new or stale else 0


def _parsed(content: bytes) -> Model:
    return cast("Model", json.loads(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content))


def _enum(shape: Mapping[str, object]) -> list[str]:
    return cast("list[str]", shape.get("enum") or [])


def _unanswered(model: Model) -> list[str]:
    """The members of answers that the pool's code does not even name, but for what it refuses to be set."""
    source = "".join(file.read_text(encoding="utf-8") for file in Path(pool.__file__).parent.rglob("*.py"))
    refused = {
        path.rpartition(".")[2]
        for members in MEMBERS.values()
        for path, shape in walk(members)
        if isinstance(shape, NotServed)
    }
    found: list[str] = []
    served = [name for name in OPERATIONS if name in model["operations"]]
    waiting = [cast("Mapping[str, str]", model["operations"][name].get("output") or {}) for name in served]
    names = [target["shape"] for target in waiting if target]
    seen: set[str] = set()
    while names:
        name = names.pop(0)
        shape = model["shapes"][name]
        if name in seen:
            continue
        seen.add(name)
        if shape["type"] == "list":
            names.append(cast("Mapping[str, str]", shape["member"])["shape"])
        for member, target in cast("Mapping[str, Mapping[str, str]]", shape.get("members") or {}).items():
            if f'"{member}"' not in source:
                found.append(f"answer member {name}.{member}")
            elif member not in refused:
                names.append(target["shape"])
    return found


def _request(model: Model, operation: str) -> Mapping[str, object]:
    given = cast("Mapping[str, str] | None", model["operations"][operation].get("input"))
    return {} if given is None else model["shapes"][given["shape"]]


def _fits(known: Shape, shape: Mapping[str, object]) -> bool:
    """The pool has the model's limits of a text or number, and requires the same members of a structure."""
    match known:
        case Text() if not known.values:
            return (known.least, known.most) == (shape.get("min", 0), shape.get("max", _LONGEST))
        case Whole():
            return (known.least, known.most) == (shape.get("min", Whole().least), shape.get("max", Whole().most))
        case Structure():
            return set(known.required) == set(cast("list[str]", shape.get("required") or []))
        case _:
            return True


def _members(model: Model, name: str, path: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    shape = model["shapes"][name]
    match shape["type"]:
        case "structure":
            for member, target in cast("Mapping[str, Mapping[str, str]]", shape.get("members") or {}).items():
                here = f"{path}.{member}" if path else member
                content = model["shapes"][target["shape"]]
                yield here, _item(model, content)
                yield from _members(model, target["shape"], here)
        case "list":
            yield from _members(model, cast("Mapping[str, str]", shape["member"])["shape"], path)
        case "map":
            value = cast("Mapping[str, str]", shape["value"])["shape"]
            if model["shapes"][value]["type"] == "structure":
                keys = _enum(model["shapes"][cast("Mapping[str, str]", shape["key"])["shape"]])
                for key in keys:
                    yield f"{path}.{key}", model["shapes"][value]
                    yield from _members(model, value, f"{path}.{key}")
        case _:
            pass


def _item(model: Model, shape: Mapping[str, object]) -> Mapping[str, object]:
    """What a list is of, so that its values are compared too."""
    if shape["type"] != "list":
        return shape
    return _item(model, model["shapes"][cast("Mapping[str, str]", shape["member"])["shape"]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
