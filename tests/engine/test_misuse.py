"""The mistakes of callers: each is refused where it is made, and the error says what was expected."""

import inspect
import traceback
from collections.abc import Callable
from typing import Any

import pytest

import cognito_srp
from cognito_srp import (
    Arithmetic,
    Claim,
    Device,
    DeviceSession,
    DeviceVerifier,
    PasswordSession,
    ServerSession,
    UsageError,
    Verifier,
    formulas,
    load_arithmetic,
    parse_timestamp,
    secret_hash,
    timestamp,
)

DEVICE = Device(key="k", group_key="g", password="p")
VERIFIER = Verifier(salt=1, value=4)
PROVEN = {"SALT": "1", "SRP_B": "2", "SECRET_BLOCK": "AAAA", "USER_ID_FOR_SRP": "u"}


def password_session(**changes: object) -> PasswordSession:
    return PasswordSession(**{"pool_id": "a_b", "username": "u", "password": "p"} | changes)


def device_session(**changes: object) -> DeviceSession:
    return DeviceSession(**{"device": DEVICE} | changes)


def proved(challenge_parameters: object) -> Claim:
    return password_session().prove(challenge_parameters)


def device(**changes: object) -> Device:
    return Device(**{"key": "k", "group_key": "g", "password": "p"} | changes)


def registered(**changes: object) -> tuple[Device, DeviceVerifier]:
    return Device.register(**{"key": "k", "group_key": "g"} | changes)


def device_verifier(**changes: object) -> DeviceVerifier:
    return DeviceVerifier(**{"password_verifier": "BA==", "salt": "AQ=="} | changes)


def verifier(**changes: object) -> Verifier:
    return Verifier(**{"salt": 1, "value": 4} | changes)


def user_verifier(**changes: object) -> Verifier:
    return Verifier.for_user(**{"pool_id": "a_b", "user_id": "u", "password": "p"} | changes)


def user_challenge(**changes: object) -> ServerSession:
    return ServerSession.for_user(**{"pool_id": "a_b", "user_id": "u", "verifier": VERIFIER, "srp_a": "2"} | changes)


def device_challenge(**changes: object) -> ServerSession:
    return ServerSession.for_device(**{"group_key": "g", "key": "k", "verifier": VERIFIER, "srp_a": "2"} | changes)


def hashed(**changes: object) -> str:
    return secret_hash(**{"username": "u", "client_id": "c", "client_secret": "s"} | changes)


# Two texts of one kind are named, so that they cannot be exchanged


def signatures() -> dict[str, inspect.Signature]:
    """Every public function, constructor and method of the package, and every formula."""
    public = {name: getattr(cognito_srp, name) for name in cognito_srp.__all__}
    found = {
        name: inspect.signature(value)
        for name, value in {**public, **vars(formulas)}.items()
        if inspect.isfunction(value) and (name in public or value.__module__ == formulas.__name__)
    }
    for name, value in public.items():
        # Errors take parameter, reason and detail by position, as exceptions do.
        if inspect.isclass(value) and not issubclass(value, BaseException):
            found[name] = inspect.signature(value.__init__)
            methods = inspect.getmembers(value, callable)
            found |= {f"{name}.{part}": inspect.signature(member) for part, member in methods if part[0] != "_"}
    return found


SIGNATURES = signatures()


@pytest.mark.parametrize("name", SIGNATURES)
def test_no_two_texts_are_taken_by_position(name: str) -> None:
    texts = [
        parameter.name
        for parameter in SIGNATURES[name].parameters.values()
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD and parameter.annotation in ("str", "bytes")
    ]
    assert len(texts) <= 1, f"{name} takes {texts} by position"


def test_every_constructor_method_and_formula_is_looked_at() -> None:
    assert {"Device", "Device.register", "Verifier.for_device", "Claim.responses", "warm"} <= set(SIGNATURES)
    assert {"private_key", "claim_signature", "secret_hash"} <= set(SIGNATURES)


EXCHANGED: dict[str, Callable[[], object]] = {
    "Device": lambda: Device("key", "group key", "password"),
    "Device.register": lambda: Device.register("key", "group key"),
    "DeviceVerifier": lambda: DeviceVerifier("verifier", "salt"),
    "Verifier": lambda: Verifier(1, 4),
    "Verifier.for_user": lambda: Verifier.for_user("a_b", "user id", "password"),
    "Verifier.for_device": lambda: Verifier.for_device("salt", "verifier"),
    "Claim": lambda: Claim("signature", "block", "timestamp"),
    "PasswordSession": lambda: PasswordSession("a_b", "username", "password"),
    "ServerSession.for_user": lambda: ServerSession.for_user("a_b", "user id", VERIFIER, "2"),
    "ServerSession.for_device": lambda: ServerSession.for_device("group key", "key", VERIFIER, "2"),
    "ServerSession.verify": lambda: user_challenge().verify("block", "timestamp", "signature"),
    "secret_hash": lambda: secret_hash("username", "client id", "client secret"),
    "private_key": lambda: formulas.private_key(1, b"group", b"identity", b"password"),
    "claim_signature": lambda: formulas.claim_signature(b"key", b"group", b"identity", b"block", b"timestamp"),
}


@pytest.mark.parametrize("call", EXCHANGED.values(), ids=EXCHANGED)
def test_arguments_without_their_names_are_refused(call: Callable[[], object]) -> None:
    with pytest.raises(TypeError, match=r"positional argument"):
        call()


# Wrong types


Call = Callable[..., object]
Case = tuple[Call, str, object, str]
"""A callable, one of its parameters, a value of a wrong type for it, and the type that the error has to name."""


def wrong(expected: str, parameters: str, values: list[object], *calls: Call) -> list[Case]:
    """The cases of every parameter with every value in every call."""
    return [(call, name, value, expected) for call in calls for name in parameters.split() for value in values]


SESSIONS = (password_session, device_session)
ALL_THAT_DRAW = (*SESSIONS, registered, user_verifier, user_challenge, device_challenge)
CANARY = "canary of a text"
WRONG_TYPES = [
    *wrong("a function that returns random bytes", "entropy", [None, 5, CANARY, b"random bytes"], *ALL_THAT_DRAW),
    *wrong("a function that returns Unix seconds", "clock", [None, 5, 1772841909.5, CANARY], *SESSIONS),
    *wrong(
        "an Arithmetic, as load_arithmetic returns it", "arithmetic", ["gmpy2", "", False, 5, CANARY], *ALL_THAT_DRAW
    ),
    *wrong("a Device", "device", [None, "dev", 5, CANARY, {"key": "k"}, Device], device_session),
    *wrong("a Verifier", "verifier", [None, 5, CANARY, (1, 4), DEVICE.verifier(1)], user_challenge, device_challenge),
    *wrong("an integer", "salt value", [None, CANARY, 1.5, b"1"], verifier),
    *wrong("an integer", "salt", [CANARY, 1.5, b"1"], user_verifier),
    *wrong("an integer", "salt", [None, CANARY, 1.5, b"1"], DEVICE.verifier),
    *wrong("a string", "key group_key password", [None, 5, b"canary"], device),
    *wrong("a string", "key group_key", [None, 5, b"canary"], registered),
    *wrong("a string", "password_verifier salt", [None, 5, b"canary"], device_verifier),
    *wrong("a string", "pool_id username password", [None, 5, b"canary"], password_session),
    *wrong("a string", "pool_id user_id password", [None, 5, b"canary"], user_verifier),
    *wrong("a string", "username client_id client_secret", [None, 5, b"canary"], hashed),
    *wrong("a mapping", "challenge_parameters", [None, 5, CANARY, list(PROVEN.items())], proved),
    *wrong("a number of seconds", "now", [None, "1772841909", b"1"], timestamp),
]


@pytest.mark.parametrize(
    ("call", "parameter", "value", "expected"),
    WRONG_TYPES,
    ids=[f"{call.__name__}({parameter}={value!r})"[:60] for call, parameter, value, _ in WRONG_TYPES],
)
def test_a_wrong_type_is_refused_and_the_error_says_what_was_expected(
    call: Call, parameter: str, value: object, expected: str
) -> None:
    with pytest.raises(UsageError) as caught:
        call(**{parameter: value})
    error = caught.value
    assert (error.parameter, error.reason) == (parameter, "type")
    assert error.detail == f"must be {expected}, not {type(value).__name__}"
    assert "canary" not in str(error)
    reprs_of_frames(error)


def test_none_asks_for_the_preferred_arithmetic() -> None:
    assert formulas.public_ephemeral(5, None) == 32


@pytest.mark.parametrize("name", [None, 5, "OpenSSL", ["gmpy2"], {}], ids=repr)
def test_an_arithmetic_is_loaded_by_one_of_its_names(name: Any) -> None:
    with pytest.raises(UsageError, match=r"^arithmetic: must be one of openssl, gmpy2, int$"):
        load_arithmetic(name)


# Objects that were made in another way than they should, or not to the end


@pytest.mark.parametrize(
    "call",
    [
        ServerSession,
        lambda: ServerSession("us-east-1_Ab1", "u", VERIFIER, "2"),
        lambda: ServerSession(group_name="us-east-1_Ab1", identity="u", verifier=VERIFIER, srp_a="2"),
    ],
    ids=["nothing", "by position", "by name"],
)
def test_a_server_session_says_how_it_is_made(call: Callable[[], object]) -> None:
    with pytest.raises(UsageError, match=r"is made by ServerSession\.for_user or ServerSession\.for_device$") as caught:
        call()
    reprs_of_frames(caught.value)


def reprs_of_frames(error: BaseException) -> None:
    """What a debugger does: show every local variable of every frame, half-made objects included."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        for value in list(frame.f_locals.values()):
            assert isinstance(repr(value), str)


HOLDERS = [PasswordSession, DeviceSession, Device, Claim, Verifier, DeviceVerifier, ServerSession, Arithmetic]


@pytest.mark.parametrize("kind", HOLDERS, ids=lambda kind: kind.__name__)
def test_the_repr_of_an_object_without_its_fields_does_not_raise(kind: type) -> None:
    assert repr(kind.__new__(kind)).startswith(f"{kind.__name__}(")


def test_every_public_class_is_tried_without_its_fields() -> None:
    public = {value for name in cognito_srp.__all__ if inspect.isclass(value := getattr(cognito_srp, name))}
    assert {kind for kind in public if not issubclass(kind, BaseException)} == set(HOLDERS)


# Texts are checked once


def test_a_sign_in_checks_each_text_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each text that is given or received is measured once, and nothing that was made here is checked again."""
    checked: list[str] = []
    real = cognito_srp.encoding.check_text

    def watched(name: str, *arguments: Any) -> None:
        checked.append(name)
        real(name, *arguments)

    monkeypatch.setattr(cognito_srp.encoding, "check_text", watched)
    session = password_session()
    assert sorted(checked) == ["password", "pool_id", "username"]
    checked.clear()
    session.prove(PROVEN)
    assert sorted(checked) == ["SALT", "SECRET_BLOCK", "SRP_B", "USER_ID_FOR_SRP"]
    checked.clear()
    user_challenge()
    assert sorted(checked) == ["SRP_A", "pool_id", "user_id"]


def test_a_timestamp_is_read_as_it_is_written() -> None:
    assert parse_timestamp(timestamp(1772841909)) == 1772841909
