"""One walk over every public object with canaries for secrets: none may sing in a repr, an error, a log or a pickle.

To bring a new public class into the walk, add how it is made to EXHIBITS. The walk knows the rest: it shows the object
in every way that text is made of it, pickles it, calls each of its public methods with bad arguments, and makes it
again with one bad argument after another.
"""

import base64
import inspect
import itertools
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

import cognito_challenges as challenges
import cognito_srp as srp
from support import oracle

PASSWORD = "canary-password"
DEVICE_PASSWORD = "canary-device-password"
CLIENT_SECRET = "canary-client-secret"
TOTP_SECRET = "CANARYTOTPSECRETCANARYTOTPSECRET"
TOKEN = "canary-token"
SESSION = "canary-session-of-twenty-characters"
CODE = "canary-code"
A = b"canary: the client's exponent a."
B = b"canary: the server's exponent b."
SALT = 0x1234567890ABCDEF1234567890ABCDEF
NOW = 1772841909
POOL, USER, KEY, GROUP = "us-east-1_Ab1", "user-id", "device-key", "group-key"


def by_a(size: int) -> bytes:
    return A[:size].ljust(size, b"a")


def by_b(size: int) -> bytes:
    return B[:size].ljust(size, b"b")


@cache
def numbers() -> dict[str, int | bytes]:
    """a, b, x, S, K and v of the password's and the device's sign-in, from the oracle."""
    secret: dict[str, int | bytes] = {"a": int.from_bytes(A, "big"), "b": int.from_bytes(B, "big")}
    for who, group, identity, password in (("user", "Ab1", USER, PASSWORD), ("device", GROUP, KEY, DEVICE_PASSWORD)):
        x = oracle.private_key(SALT, group, identity, password)
        numbers = oracle.claim(
            group, identity, password, secret["a"], SALT, oracle.server_public(x, secret["b"]), b"", 0
        )
        secret |= {f"{name} of the {who}": numbers[name] for name in "xSK"} | {f"v of the {who}": oracle.verifier(x)}
    return secret


@cache
def spellings() -> dict[str, str]:
    """Each spelling of each secret, to its name."""
    found = {}
    texts = (PASSWORD, DEVICE_PASSWORD, CLIENT_SECRET, TOTP_SECRET, TOKEN, SESSION, CODE)
    for text in texts:
        data = text.encode()
        # A third of Base64's alignments suffices: what prints a secret prints it from its start.
        found |= dict.fromkeys((text, data.hex(), base64.b64encode(data).decode().rstrip("=")[:-1]), text)
    for name, value in numbers().items():
        number = int.from_bytes(value, "big") if isinstance(value, bytes) else value
        data = oracle.java_bytes(number).removeprefix(b"\0")
        spelled = (str(number), f"{number:x}", f"{number:X}", repr(data)[2:-1], base64.b64encode(data).decode()[:20])
        # Pickles hold numbers as bytes, the last one first.
        spelled += (data.decode("latin-1"), data[::-1].decode("latin-1"))
        found |= dict.fromkeys(spelled, name)
    return found


def sings(text: str) -> set[str]:
    """The names of the secrets that a text tells."""
    return {name for spelling, name in spellings().items() if spelling in text}


# --- The exhibits: how each public object is made ----------------------------------------------------------------

Make = tuple[Callable[..., Any], dict[str, Any]]
"""A callable and the arguments that make an object."""


def password_session(**changes: Any) -> srp.PasswordSession:
    arguments = {"username": "login", "password": PASSWORD, "entropy": by_a, "clock": lambda: NOW} | changes
    return srp.PasswordSession(POOL, **arguments)


def device() -> srp.Device:
    return srp.Device(key=KEY, group_key=GROUP, password=DEVICE_PASSWORD)


def device_session() -> srp.DeviceSession:
    return srp.DeviceSession(device(), entropy=by_a, clock=lambda: NOW)


def server_session(srp_a: str | None = None) -> srp.ServerSession:
    verifier = srp.Verifier.for_user(POOL, user_id=USER, password=PASSWORD, salt=SALT)
    return srp.ServerSession.for_user(
        POOL, user_id=USER, verifier=verifier, srp_a=srp_a or password_session().srp_a, entropy=by_b
    )


def challenge_parameters(srp_a: str | None = None) -> dict[str, str]:
    server = server_session(srp_a)
    return {
        "SALT": server.salt,
        "SRP_B": server.srp_b,
        "SECRET_BLOCK": "AAAA",
        "USER_ID_FOR_SRP": USER,
        "USERNAME": USER,
    }


def used_session() -> srp.PasswordSession:
    session = password_session()
    session.prove(challenge_parameters())
    return session


def client() -> challenges.AppClient:
    return challenges.AppClient(POOL, "client-id", client_secret=CLIENT_SECRET)


def tokens() -> challenges.Tokens:
    return challenges.Tokens(access=TOKEN, id=TOKEN, refresh=TOKEN, expires_in=3600, token_type="Bearer")


def opened(**changes: Any) -> challenges.SignIn:
    arguments = {"username": "login", "password": PASSWORD, "device": device(), "totp_secret": TOTP_SECRET}
    return challenges.SignIn(client(), **arguments | {"entropy": by_a, "clock": lambda: NOW} | changes)


def initiated() -> challenges.SignIn:
    attempt = opened()
    attempt.start()
    return attempt


def asked(name: str, **parameters: str) -> dict[str, Any]:
    return {"ChallengeName": name, "ChallengeParameters": parameters, "Session": SESSION}


def proving() -> challenges.SignIn:
    attempt = initiated()
    attempt.receive(asked("PASSWORD_VERIFIER", **challenge_parameters()))
    return attempt


def asking(name: str = "SMS_MFA", **parameters: str) -> challenges.SignIn:
    attempt = opened(totp_secret=None)
    attempt.start()
    attempt.receive(asked(name, **parameters))
    return attempt


def enrolling() -> challenges.SignIn:
    attempt = asking("MFA_SETUP", MFAS_CAN_SETUP='["SOFTWARE_TOKEN_MFA"]')
    attempt.answer(attempt.challenge.totp())
    attempt.receive({"SecretCode": TOTP_SECRET, "Session": SESSION})
    return attempt


def signed_in() -> challenges.SignedIn:
    result = {"AccessToken": TOKEN, "IdToken": TOKEN, "RefreshToken": TOKEN, "ExpiresIn": 3600, "TokenType": "Bearer"}
    metadata = {"DeviceKey": KEY, "DeviceGroupKey": GROUP}
    return proving().receive({"AuthenticationResult": result | {"NewDeviceMetadata": metadata}})


def finished() -> challenges.SignIn:
    attempt = proving()
    attempt.receive({"AuthenticationResult": {"AccessToken": TOKEN, "ExpiresIn": 3600, "TokenType": "Bearer"}})
    return attempt


def plain_call() -> challenges.Call:
    return opened(flow="USER_PASSWORD_AUTH").start()


EXHIBITS: dict[str, Make] = {
    # cognito_srp
    "PasswordSession": (
        srp.PasswordSession,
        {"pool_id": POOL, "username": "login", "password": PASSWORD, "entropy": by_a, "clock": lambda: NOW},
    ),
    "PasswordSession, used": (used_session, {}),
    "DeviceSession": (srp.DeviceSession, {"device": device(), "entropy": by_a, "clock": lambda: NOW}),
    "Claim": (lambda: password_session().prove(challenge_parameters()), {}),
    "Device": (srp.Device, {"key": KEY, "group_key": GROUP, "password": DEVICE_PASSWORD}),
    "Device.register": (
        lambda **arguments: srp.Device.register(**arguments)[0],
        {"key": KEY, "group_key": GROUP, "entropy": by_a},
    ),
    "Device.from_json": (srp.Device.from_json, {"text": device().to_json()}),
    "DeviceVerifier": (device().verifier, {"salt": SALT}),
    "Verifier": (srp.Verifier, {"salt": SALT, "value": numbers()["v of the user"]}),
    "Verifier.for_user": (
        srp.Verifier.for_user,
        {"pool_id": POOL, "user_id": USER, "password": PASSWORD, "salt": SALT, "entropy": by_b},
    ),
    "Verifier.for_device": (
        srp.Verifier.for_device,
        {"salt": device().verifier(SALT).salt, "password_verifier": device().verifier(SALT).password_verifier},
    ),
    "ServerSession": (
        srp.ServerSession.for_user,
        {
            "pool_id": POOL,
            "user_id": USER,
            "verifier": srp.Verifier.for_user(POOL, user_id=USER, password=PASSWORD, salt=SALT),
            "srp_a": password_session().srp_a,
            "entropy": by_b,
        },
    ),
    "warm": (srp.warm, {}),
    "timestamp": (srp.timestamp, {"now": NOW}),
    "secret_hash": (srp.secret_hash, {"username": "u", "client_id": "c", "client_secret": CLIENT_SECRET}),
    # cognito_challenges: what is given and what comes out
    "AppClient": (challenges.AppClient, {"pool_id": POOL, "client_id": "c", "client_secret": CLIENT_SECRET}),
    "UserContext": (challenges.UserContext, {"ip_address": "::1", "encoded_data": "opaque"}),
    "AdminContext": (
        challenges.AdminContext,
        {"ip_address": "::1", "server_name": "s", "server_path": "/", "headers": (("Authorization", TOKEN),)},
    ),
    "RequestMetadata": (challenges.RequestMetadata, {"client_metadata": {"secret": TOKEN}}),
    "StepUp": (challenges.StepUp, {"target_acr_values": ("urn:acr",), "max_age": 5, "access_token": TOKEN}),
    "Tokens": (tokens, {}),
    "NewDevice": (challenges.NewDevice, {"key": KEY, "group_key": GROUP}),
    "SignedIn": (signed_in, {}),
    "Call": (plain_call, {}),
    "Call, with a proof": (lambda: initiated().receive(asked("PASSWORD_VERIFIER", **challenge_parameters())), {}),
    "Call, refresh": (challenges.refresh_token_auth, {"app_client": client(), "refresh_token": TOKEN, "username": "u"}),
    "Call, rotation": (challenges.get_tokens_from_refresh_token, {"app_client": client(), "refresh_token": TOKEN}),
    "Call, revoke": (challenges.revoke_token, {"app_client": client(), "refresh_token": TOKEN}),
    "Call, confirm": (
        challenges.confirm_device,
        {"access_token": TOKEN, "device": device(), "verifier": device().verifier(SALT), "name": "laptop"},
    ),
    "Call, forget": (challenges.forget_device, {"access_token": TOKEN, "device_key": KEY}),
    "Call, status": (challenges.update_device_status, {"access_token": TOKEN, "device_key": KEY, "remembered": True}),
    "Tokens, refreshed": (
        challenges.read_refreshed,
        {"answer": {"AuthenticationResult": {"AccessToken": TOKEN, "ExpiresIn": 1}}, "refresh_token": TOKEN},
    ),
    # cognito_challenges: a sign-in in each of its states
    "SignIn": (
        challenges.SignIn,
        {
            "app_client": client(),
            "username": "login",
            "password": PASSWORD,
            "device": device(),
            "totp_secret": TOTP_SECRET,
            "entropy": by_a,
            "clock": lambda: NOW,
        },
    ),
    "SignIn, initiated": (initiated, {}),
    "SignIn, proving": (proving, {}),
    "SignIn, asking": (asking, {}),
    "SignIn, enrolling": (enrolling, {}),
    "SignIn, signed in": (finished, {}),
    "SignIn, resumed": (
        challenges.SignIn.resume,
        {"app_client": client(), "saved": asking().save(), "password": PASSWORD, "device": device()},
    ),
    # cognito_challenges: the challenges themselves
    **{
        kind.__name__: (lambda name=kind.name: asking(name, SECRET=TOKEN).challenge, {})
        for kind in (
            challenges.SmsMfa,
            challenges.EmailMfa,
            challenges.EmailOtp,
            challenges.SmsOtp,
            challenges.SoftwareTokenMfa,
            challenges.SelectMfaType,
            challenges.MfaSetup,
            challenges.NewPasswordRequired,
            challenges.CustomChallenge,
            challenges.SelectChallenge,
            challenges.Password,
            challenges.AdminNoSrpAuth,
            challenges.WebAuthn,
        )
    },
    "PasswordSrp": (lambda: challenges.PasswordSrp(parameters={"SECRET": TOKEN}), {}),
    "OtherChallenge": (lambda: asking("NEVER_HEARD_OF", SECRET=TOKEN).challenge, {}),
    "TotpEnrolment": (lambda: enrolling().challenge, {}),
    "Response": (lambda: challenges.SmsMfa().response(CODE), {}),
    "Response, password": (lambda: challenges.Password().response(PASSWORD), {}),
    "Response, new password": (lambda: challenges.NewPasswordRequired().response(PASSWORD, {"name": TOKEN}), {}),
}

HOLD_NO_SECRET = {
    *("SrpError", "UsageError", "PeerError", "ProofMismatch", "ServiceError", "TransportError"),
    *("State", "CodeChallenge"),
}
"""Public classes that are no exhibits: errors are walked wherever they are raised, State is an enumeration, and
CodeChallenge is what several challenges have in common."""


def make(name: str) -> Any:
    call, arguments = EXHIBITS[name]
    return call(**arguments)


# --- The walk ----------------------------------------------------------------------------------------------------


def texts_of(exhibit: object) -> Iterator[str]:
    """Every way to make text of an object, alone and in company."""
    yield from (repr(exhibit), str(exhibit), ascii(exhibit), f"{exhibit}", f"{exhibit!r:>9}", format(exhibit))
    yield from (repr([exhibit]), repr({"key": exhibit}), repr((exhibit, exhibit)), pprint.pformat([exhibit] * 3))


def texts_of_error(error: BaseException) -> Iterator[str]:
    """All that an error and its chain can tell: message, arguments, attributes, traceback."""
    yield "".join(traceback.format_exception(error))
    seen: set[int] = set()
    chain: list[BaseException | None] = [error]
    while chain:
        link = chain.pop()
        if link is None or id(link) in seen:
            continue
        seen.add(id(link))
        chain += [link.__cause__, link.__context__]
        yield from (str(link), repr(link), repr(link.args), repr(vars(link)), repr(getattr(link, "__notes__", None)))
        # The standard library's errors that carry the text they stumbled over: Unicode's, and json's.
        yield from (repr(getattr(link, name, None)) for name in ("object", "doc"))


def bad_values(secret: str = PASSWORD) -> list[Any]:
    """What no argument should be: each one that can carries a secret, as a careless caller's would."""
    return [
        None,
        "",
        7,
        -1,
        1.5,
        secret.encode(),
        [secret],
        {secret: secret},
        {"SALT": secret, "SRP_B": secret, "SECRET_BLOCK": secret, "USER_ID_FOR_SRP": USER},
        asked("PASSWORD_VERIFIER", SALT=secret, SRP_B=secret, SECRET_BLOCK=secret, USER_ID_FOR_SRP=USER),
        asked("MFA_SETUP", MFAS_CAN_SETUP=secret),
        {"AuthenticationResult": {"AccessToken": 7, "IdToken": TOKEN}},
        {"ChallengeName": 7, "Session": SESSION, "ChallengeParameters": [secret]},
        secret,
        secret + "\ud800",
        secret * 20_000,
        '{"key": "k", "password": "' + secret,
        lambda *_: secret,
        lambda *_: secret.encode(),
        Exception(),
    ]


def errors_of(call: Callable[..., Any], *arguments: Any, **named: Any) -> Iterator[BaseException]:
    try:
        call(*arguments, **named)
    except Exception as error:  # noqa: BLE001 (each error is looked at, whichever it is)
        yield error


def abuse(call: Callable[..., Any], good: dict[str, Any]) -> Iterator[BaseException]:
    """The errors of a call with good arguments but one."""
    for name, secret in itertools.product(good, (PASSWORD, DEVICE_PASSWORD)):
        for value in bad_values(secret):
            yield from errors_of(call, **good | {name: value})


def abuse_methods(name: str) -> Iterator[BaseException]:
    """The errors of each public method of an exhibit, fresh for each call, with nothing but bad arguments."""
    kind = type(make(name))
    for method, member in inspect.getmembers(kind):
        if method.startswith("_") or not callable(member) or not kind.__module__.startswith("cognito_"):
            continue
        for value in bad_values():
            exhibit = make(name)
            bound = getattr(exhibit, method)
            required = [
                item
                for item in inspect.signature(bound).parameters.values()
                if item.default is item.empty and item.kind not in (item.VAR_POSITIONAL, item.VAR_KEYWORD)
            ]
            positional = [value for item in required if item.kind is not item.KEYWORD_ONLY]
            named = {item.name: value for item in required if item.kind is item.KEYWORD_ONLY}
            yield from errors_of(bound, *positional, **named)
            assert_silent(name, texts_of(exhibit))
            if not required:
                break


def assert_silent(where: str, texts: Iterator[str]) -> None:
    for text in texts:
        assert not sings(text), f"{where} tells {', '.join(sorted(sings(text)))}"


@pytest.fixture(autouse=True)
def _silent_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No test of this file may leave a secret in a log record, at any level."""
    caplog.set_level(logging.DEBUG)
    yield
    for record in caplog.get_records("call"):
        assert_silent("a log record", iter((record.getMessage(), repr(record.args), repr(vars(record)))))


def test_every_public_class_is_in_the_walk() -> None:
    public = {
        name
        for package in (srp, challenges)
        for name in package.__all__
        if inspect.isclass(value := getattr(package, name)) and not getattr(value, "_is_protocol", False)
    }
    shown = {type(make(name)).__name__ for name in EXHIBITS}
    assert public - shown - HOLD_NO_SECRET == set()


def test_the_canaries_sing(caplog: pytest.LogCaptureFixture) -> None:
    """The judge hears each secret in each of its spellings, else its silence would prove nothing."""
    for spelling, name in spellings().items():
        assert name in sings(f"...{spelling}...")
    assert sings(repr({"password": PASSWORD})) == {PASSWORD}
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert "a" in sings(pickle.dumps(numbers()["a"], protocol).decode("latin-1"))
    logging.getLogger("canary").debug("%s", PASSWORD)
    assert sings(caplog.get_records("call")[0].getMessage()) == {PASSWORD}
    caplog.clear()


@pytest.mark.parametrize("name", EXHIBITS)
def test_texts_are_silent(name: str) -> None:
    exhibit = make(name)
    if name == "secret_hash":
        assert isinstance(exhibit, str)
    logging.getLogger("canary").debug("%s %r", exhibit, exhibit)
    assert_silent(name, texts_of(exhibit))


@pytest.mark.parametrize("name", EXHIBITS)
def test_pickles_are_refused_or_silent(name: str) -> None:
    exhibit = make(name)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        try:
            pickled = pickle.dumps(exhibit, protocol)
        except Exception as error:  # noqa: BLE001 (the same)
            assert_silent(name, texts_of_error(error))
        else:
            assert_silent(name, iter((pickled.decode("latin-1"), repr(pickled))))


@pytest.mark.parametrize("name", EXHIBITS)
def test_errors_at_the_making_are_silent(name: str) -> None:
    call, arguments = EXHIBITS[name]
    for error in abuse(call, arguments):
        assert_silent(name, texts_of_error(error))


@pytest.mark.parametrize("name", EXHIBITS)
def test_errors_of_methods_are_silent(name: str) -> None:
    for error in abuse_methods(name):
        assert_silent(name, texts_of_error(error))


def test_a_refusal_by_the_service_is_silent() -> None:
    for attempt in (initiated(), proving(), asking()):
        for error in errors_of(attempt.receive_error, challenges.ServiceError("NotAuthorizedException", "Incorrect.")):
            assert_silent("refuse", texts_of_error(error))
        assert_silent("SignIn", texts_of(attempt))


def test_the_saved_document_holds_no_password() -> None:
    """Session and challenge are in it, as it says; what the caller gives again on resuming is not."""
    for attempt in (asking(), enrolling()):
        told = sings(repr(attempt.save()))
        assert told <= {SESSION, TOTP_SECRET}
