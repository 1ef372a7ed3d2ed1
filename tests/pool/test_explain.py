"""Broken clients, one for each mistake that the pool can name."""

from __future__ import annotations

import base64
import hmac
import locale
import logging
import os
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import gmpy2
import pytest
from pycognito.aws_srp import AWSSRP

from cognito_challenges.pool import Options
from cognito_srp import Device, secret_hash
from cognito_srp.group import K, N
from cognito_srp.timestamps import timestamp

EXPLAINS = Options(explain=True)
PASSWORD = "Correct-1-horse"


def right(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


def unpadded(value: int) -> bytes:
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big")


def wide(size: int) -> Callable[[int], bytes]:
    return lambda value: value.to_bytes(size, "big")


@dataclass
class Client:
    """A client written for these tests alone, with a place for each mistake."""

    bytes_a: Callable[[int], bytes] = right
    bytes_b: Callable[[int], bytes] = right
    bytes_u: Callable[[int], bytes] = right
    bytes_s: Callable[[int], bytes] = right
    salt: Callable[[str], bytes] = lambda text: right(int(text, 16))
    identity: Callable[[str, str], str] = lambda user_id, login_name: user_id
    pool_name: Callable[[str], str] = lambda pool_id: pool_id.rpartition("_")[2]
    secret_block: Callable[[str], bytes] = base64.b64decode
    password: Callable[[str], str] = lambda password: password
    signed_stamp: Callable[[str], str] = lambda stamp: stamp
    sent_stamp: Callable[[float], str] = timestamp
    a: int = field(default_factory=lambda: int.from_bytes(os.urandom(32), "big"))

    @property
    def srp_a(self) -> int:
        return int(gmpy2.powmod(2, self.a, N))

    def claim(self, at: Any, parameters: dict[str, str], login_name: str, password: str) -> dict[str, str]:
        group, name = self.pool_name(at.pool_id), self.identity(parameters["USER_ID_FOR_SRP"], login_name)
        return self.sign(at, parameters, group, name, self.password(password))

    def sign(
        self,
        at: Any,
        parameters: dict[str, str],
        group: str,
        name: str,
        password: str,
        signed: tuple[str, str] | None = None,
    ) -> dict[str, str]:
        srp_b = int(parameters["SRP_B"], 16)
        u = int.from_bytes(sha256(self.bytes_a(self.srp_a) + self.bytes_b(srp_b)).digest(), "big")
        inner = sha256(f"{group}{name}:{password}".encode()).digest()
        x = int.from_bytes(sha256(self.salt(parameters["SALT"]) + inner).digest(), "big")
        s = int(gmpy2.powmod(srp_b - K * int(gmpy2.powmod(2, x, N)), self.a + u * x, N))
        extracted = hmac.digest(self.bytes_u(u), self.bytes_s(s), "sha256")
        key = hmac.digest(extracted, b"Caldera Derived Key\x01", "sha256")[:16]
        stamp = self.sent_stamp(at.clock())
        block = self.secret_block(parameters["SECRET_BLOCK"])
        message = "".join(signed or (group, name)).encode() + block + self.signed_stamp(stamp).encode()
        return {
            "USERNAME": parameters["USERNAME"],
            "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(hmac.digest(key, message, "sha256")).decode(),
            "PASSWORD_CLAIM_SECRET_BLOCK": parameters["SECRET_BLOCK"],
            "TIMESTAMP": stamp,
        }


def attempt(at: Any, client: Client, login_name: str = "alice", password: str = PASSWORD) -> Any:
    client.a = int.from_bytes(os.urandom(32), "big")
    answer = at.initiate("USER_SRP_AUTH", USERNAME=login_name, SRP_A=f"{client.srp_a:x}")
    claim = client.claim(at, answer["ChallengeParameters"], login_name, password)
    return at.respond("PASSWORD_VERIFIER", **claim)


def named_after(at: Any, refused: Any, client: Client, most: int, *names: str) -> tuple[str, int]:
    """What the pool calls a client's mistake, and how many refusals it took to say so."""
    for count in range(1, most + 1):
        code, message, why = refused(lambda: attempt(at, client, *names))
        assert (code, message) == ("NotAuthorizedException", "Incorrect username or password.")
        if why != "unexplained":
            return why, count
    raise AssertionError("the mistake was never named")


def until_it_shows(at: Any, refused: Any, client: Client) -> str:
    """Sign in with a client whose mistake shows in some attempts only, until one is refused."""
    for _ in range(60):
        try:
            attempt(at, client)
        except Exception:  # noqa: BLE001
            pass
        else:
            continue
        record = at.service.journal.records()[0].exchanges[-1]
        assert record.refused
        return record.mistake
    raise AssertionError("the mistake never showed")


def test_the_client_without_a_mistake(bench):
    at = bench(EXPLAINS)
    for _ in range(20):
        assert "AuthenticationResult" in attempt(at, Client())


@pytest.mark.parametrize(
    ("mistake", "client"),
    [
        ("unpadded-A", Client(bytes_a=unpadded)),
        ("unpadded-B", Client(bytes_b=unpadded)),
        ("unpadded-S", Client(bytes_s=unpadded)),
        ("unpadded-u", Client(bytes_u=unpadded)),
        ("fixed-width-A", Client(bytes_a=wide(384))),
        ("fixed-width-B", Client(bytes_b=wide(384))),
        ("fixed-width-S", Client(bytes_s=wide(384))),
        ("fixed-width-u", Client(bytes_u=wide(32))),
    ],
)
def test_bytes_of_numbers(bench, refused, mistake, client):
    # An encoding that is wrong for a top bit looks like one of fixed width whenever the number is that long.
    same = {mistake, mistake.replace("fixed-width", "unpadded")}
    assert until_it_shows(bench(EXPLAINS), refused, client) in same


@pytest.mark.parametrize(
    ("mistake", "client"),
    [
        ("undecoded-secret-block", Client(secret_block=str.encode)),
        ("signed-timestamp-padded-day", Client(signed_stamp=lambda stamp: stamp.replace(" 7 ", " 07 "))),
    ],
)
def test_signed_message(bench, refused, mistake, client):
    assert named_after(bench(EXPLAINS), refused, client, 1) == (mistake, 1)


def test_several_mistakes_at_once(bench, refused):
    client = Client(bytes_u=wide(32), bytes_s=wide(384), secret_block=str.encode)
    named = set()
    at = bench(EXPLAINS)
    for _ in range(12):
        named |= set(named_after(at, refused, client, 1)[0].split("+"))
    assert "undecoded-secret-block" in named
    assert named <= {"undecoded-secret-block", "unpadded-u", "fixed-width-u", "unpadded-S", "fixed-width-S"}


@pytest.mark.parametrize(
    ("mistake", "client"),
    [
        ("login-name", Client(identity=lambda user_id, login_name: login_name)),
        ("whole-pool-id", Client(pool_name=lambda pool_id: pool_id)),
        ("space-around-password", Client(password=lambda password: f"{password}\n")),
        ("space-around-password", Client(password=lambda password: f" {password}")),
        ("salt-as-text", Client(salt=str.encode)),
    ],
)
def test_mistakes_in_x_are_tested_one_a_challenge(bench, refused, mistake, client):
    at = bench(EXPLAINS, pool={"AliasAttributes": ["preferred_username"]}, user={"preferred_username": "ally"})
    named, count = named_after(at, refused, client, 20, "ally")
    assert named == mistake
    assert count > 2
    assert "AuthenticationResult" in attempt(at, Client(), "ally")


@pytest.mark.parametrize(
    ("mistake", "salt", "client"),
    [
        ("unpadded-salt", "f0" * 16, Client(salt=lambda text: unpadded(int(text, 16)))),
        ("fixed-width-salt", "7f" * 12, Client(salt=lambda text: int(text, 16).to_bytes(16, "big"))),
        ("salt-padded-as-text", "00" + "7f" * 15, Client(salt=bytes.fromhex)),
    ],
)
def test_bytes_of_the_salt(bench, refused, mistake, salt, client):
    at = bench(Options(explain=True, forced_salt=salt))
    assert at.start()[1]["ChallengeParameters"]["SALT"] == salt
    assert named_after(at, refused, client, 20)[0] == mistake
    assert "AuthenticationResult" in attempt(at, Client())


@pytest.mark.parametrize(("mistake", "kept", "form"), [("nfc-password", "NFD", "NFC"), ("nfd-password", "NFC", "NFD")])
def test_normalised_password(bench, refused, mistake, kept, form):
    password = unicodedata.normalize(kept, "Crème-1-brûlée")
    at = bench(EXPLAINS, users=False)
    at.add_user("alice", password)
    client = Client(password=lambda password: unicodedata.normalize(form, password))
    assert named_after(at, refused, client, 20, "alice", password)[0] == mistake
    assert "AuthenticationResult" in attempt(at, Client(), "alice", password)


def test_password_of_another_attempt(bench, refused):
    at = bench(EXPLAINS)
    at.aws.admin_set_user_password(UserPoolId=at.pool_id, Username="alice", Password="Correct-2-horse", Permanent=True)
    assert named_after(at, refused, Client(), 20)[0] == "password-of-another-attempt"
    assert "AuthenticationResult" in attempt(at, Client(), "alice", "Correct-2-horse")


def test_proof_of_another_attempt(bench, refused):
    at = bench(EXPLAINS)
    first, second = at.start(), at.start()
    mixed = {**second[1]["ChallengeParameters"], "SECRET_BLOCK": first[1]["ChallengeParameters"]["SECRET_BLOCK"]}
    claim = at.claim(second[0], {"ChallengeParameters": mixed})
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **claim))[2] == "another-attempt"


@pytest.mark.parametrize(
    ("mistake", "stamp"),
    [
        ("zero-padded-day", lambda now: timestamp(now).replace(" 7 ", " 07 ")),
        ("12-hour-clock", lambda now: timestamp(now + 43_200)),
        ("12-hour-clock", lambda now: timestamp(now + 43_200).replace(" UTC", " AM UTC")),
        ("local-time-zone", lambda now: timestamp(now + 3600)),
        ("local-time-zone", lambda now: timestamp(now - 16_200)),
        ("local-time-zone", lambda now: timestamp(now).replace("UTC", "CET")),
        ("foreign-locale", lambda now: timestamp(now).replace("Sat Mar", "sam. mars")),
        ("foreign-locale", lambda now: timestamp(now).replace("Sat Mar", "Sa Mär")),
        ("wrong-weekday", lambda now: timestamp(now).replace("Sat", "Fri")),
        ("iso-timestamp", lambda now: "2026-03-07T00:20:00Z"),
        ("malformed-timestamp", lambda now: str(now)),
        ("malformed-timestamp", lambda now: timestamp(now).replace("Mar 7", "Feb 30")),
        ("skewed-clock", lambda now: timestamp(now - 2 * 365 * 86_400)),
        ("skewed-clock", lambda now: timestamp(now + 400)),
    ],
)
def test_timestamps(bench, refused, mistake, stamp):
    at = bench(EXPLAINS)
    assert refused(lambda: attempt(at, Client(sent_stamp=stamp)))[2] == mistake


def test_secret_hashes(bench, refused):
    at = bench(
        EXPLAINS,
        app={"GenerateSecret": True},
        pool={"AliasAttributes": ["preferred_username"]},
        user={"preferred_username": "ally"},
    )
    secret, client_id = at.secret, at.client_id

    def why(given: str, name: str = "ally") -> str:
        code, message, mistake = refused(lambda: at.start(name, SECRET_HASH=given))
        assert (code, message) == ("NotAuthorizedException", f"Unable to verify secret hash for client {client_id}")
        return mistake

    assert why(secret_hash("alice", client_id=client_id, client_secret=secret)) == "secret-hash"
    assert why(secret_hash("ally", client_id=client_id, client_secret=secret), "alice") == "secret-hash"
    raw = hmac.digest(secret.encode(), f"ally{client_id}".encode(), "sha256")
    assert why(raw.hex()) == "secret-hash"
    assert why(base64.b64encode(hmac.digest(secret.encode(), f"{client_id}ally".encode(), "sha256")).decode()) == (
        "secret-hash"
    )
    assert why("bm90IGtub3du") == ""


def test_wrong_password_is_not_explained_away(bench, refused):
    at = bench(EXPLAINS)
    for _ in range(30):
        assert refused(lambda: attempt(at, Client(), "alice", "Wrong-1-horse"))[2] == "unexplained"


def test_right_password_after_one_wrong(bench, refused):
    at = bench(EXPLAINS)
    for _ in range(5):
        assert refused(lambda: attempt(at, Client(), "alice", "Wrong-1-horse"))[2] == "unexplained"
        assert "AuthenticationResult" in attempt(at, Client())


def test_probes_can_be_turned_off(bench, refused):
    at = bench(Options(explain=True, probe_after=0))
    for _ in range(20):
        assert refused(lambda: attempt(at, Client(pool_name=lambda pool_id: pool_id)))[2] == "unexplained"
    assert "AuthenticationResult" in attempt(at, Client())


def test_plain_password(bench, refused):
    at = bench(EXPLAINS)
    given = refused(lambda: at.initiate("USER_PASSWORD_AUTH", USERNAME="alice", PASSWORD=f"{PASSWORD} "))
    assert given[2] == "space-around-password"


def test_a_pool_that_does_not_explain(bench, refused):
    at = bench()
    for client in (Client(secret_block=str.encode), Client(sent_stamp=lambda now: "2026-03-07")):
        assert refused(lambda client=client: attempt(at, client))[2] == ""
    assert at.service._state.pools[at.pool_id].users["alice"].passwords == []


@pytest.fixture
def owned(bench, remembers):
    at = bench(EXPLAINS, pool=remembers)
    return at, at.confirm_device(at.srp()["AuthenticationResult"])


def device_attempt(
    at: Any, device: Device, client: Client, group: str, name: str, password: str, signed: Any = None
) -> Any:
    answer = at.srp(DEVICE_KEY=device.key)
    challenge = at.respond(
        "DEVICE_SRP_AUTH", answer["Session"], USERNAME="alice", DEVICE_KEY=device.key, SRP_A=f"{client.srp_a:x}"
    )
    claim = client.sign(at, challenge["ChallengeParameters"], group, name, password, signed)
    return at.respond("DEVICE_PASSWORD_VERIFIER", **{**claim, "USERNAME": "alice", "DEVICE_KEY": device.key})


def test_device_keys_swapped(bench, refused, remembers):
    """A client that swaps the two keys does so when it registers the device as well."""
    at = bench(EXPLAINS, pool=remembers)
    result = at.srp()["AuthenticationResult"]
    new = result["NewDeviceMetadata"]
    swapped, verifier = Device.register(key=new["DeviceGroupKey"], group_key=new["DeviceKey"])
    at.aws.confirm_device(
        AccessToken=result["AccessToken"], DeviceKey=new["DeviceKey"], DeviceSecretVerifierConfig=verifier.config()
    )
    device = Device.register(key=new["DeviceKey"], group_key=new["DeviceGroupKey"])[0]
    act = lambda: device_attempt(at, device, Client(), new["DeviceKey"], new["DeviceGroupKey"], swapped.password)  # noqa: E731
    assert refused(act)[2] == "device-keys-swapped"


@pytest.mark.parametrize("swapped", [True, False])
def test_names_in_a_device_proof(owned, refused, swapped):
    at, device = owned
    signed = (device.key, device.group_key) if swapped else (at.pool_id.rpartition("_")[2], "alice")
    keys = (device.group_key, device.key, device.password)
    act = lambda: device_attempt(at, device, Client(), *keys, signed=signed)  # noqa: E731
    assert refused(act)[2] == ("device-keys-swapped" if swapped else "user-names-for-device")


@pytest.mark.parametrize("mistake", ["login-name", "whole-pool-id"])
def test_names_in_the_signed_message_alone(bench, refused, mistake):
    at, client = (
        bench(EXPLAINS, pool={"AliasAttributes": ["preferred_username"]}, user={"preferred_username": "ally"}),
        Client(),
    )
    answer = at.initiate("USER_SRP_AUTH", USERNAME="ally", SRP_A=f"{client.srp_a:x}")
    pool_name = at.pool_id.rpartition("_")[2]
    signed = (pool_name, "ally") if mistake == "login-name" else (at.pool_id, "alice")
    claim = client.sign(at, answer["ChallengeParameters"], pool_name, "alice", PASSWORD, signed)
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **claim))[2] == mistake


def test_device_bytes(owned, refused):
    at, device = owned
    client = Client(secret_block=str.encode)
    act = lambda: device_attempt(at, device, client, device.group_key, device.key, device.password)  # noqa: E731
    assert refused(act)[2] == "undecoded-secret-block"
    act = lambda: device_attempt(at, device, Client(), device.group_key, device.key, "another")  # noqa: E731
    assert refused(act)[2] == "unexplained"


def pycognito(at: Any, **device: str) -> AWSSRP:
    return AWSSRP("alice", PASSWORD, at.pool_id, at.client_id, client=at.aws, **device)


@pytest.fixture
def real_time(bench):
    """pycognito reads the machine's clock, and so the bench does."""

    def make(*args: Any, **kwargs: Any) -> Any:
        import time

        at = bench(*args, **kwargs)
        at.service._state.clock = time.time
        at.clock = time.time
        return at

    return make


def test_pycognito_and_a_salt_of_00(real_time, refused):
    at = real_time(Options(explain=True, forced_salt="00" + "7b" * 15))
    for _ in range(20):
        code, _, why = refused(lambda: pycognito(at).authenticate_user())
        assert code == "NotAuthorizedException"
        if why != "unexplained":
            break
    assert why == "salt-padded-as-text"


def test_pycognito_device_under_a_foreign_locale(real_time, refused, remembers, monkeypatch):
    at = real_time(EXPLAINS, pool=remembers)
    device = at.confirm_device(at.srp()["AuthenticationResult"])
    keys = {"device_key": device.key, "device_group_key": device.group_key, "device_password": device.password}
    assert "AuthenticationResult" in pycognito(at, **keys).authenticate_user()
    before = locale.setlocale(locale.LC_TIME)
    for name in ("de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8", "fr_FR.utf8"):
        try:
            locale.setlocale(locale.LC_TIME, name)
            break
        except locale.Error:
            continue
    else:
        # No foreign locale is installed here: let strftime answer as under one.
        foreign_strftime(monkeypatch)
    try:
        given = refused(lambda: pycognito(at, **keys).authenticate_user())
    finally:
        locale.setlocale(locale.LC_TIME, before)
    assert given[0] == "InvalidParameterException"
    assert given[2] == "foreign-locale"


def foreign_strftime(monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime

    import pycognito.aws_srp

    class French(datetime.datetime):
        def strftime(self, form: str) -> str:
            days = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
            months = (
                "janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
            )  # fmt: skip
            form = form.replace("%a", days[self.weekday()]).replace("%b", months[self.month - 1])
            return super().strftime(form)

    module = type("datetime", (), {"datetime": French})
    monkeypatch.setattr(pycognito.aws_srp, "datetime", module)


def test_nothing_secret_is_said(bench, refused, caplog):
    canary = "Canary-7-password"
    at = bench(EXPLAINS, users=False, app={"GenerateSecret": True})
    at.add_user("alice", canary)
    with caplog.at_level(logging.DEBUG):
        client = Client(password=lambda password: f"{password} ")
        assert named_after(at, refused, client, 20, "alice", canary)[0] == "space-around-password"
        refused(lambda: at.initiate("USER_PASSWORD_AUTH", USERNAME="alice", PASSWORD=f"{canary} "))
        result = at.srp("alice", canary)["AuthenticationResult"]
    seen = caplog.text + repr(at.service) + repr(at.service._state)
    seen += "".join(repr(exchange) for record in at.service.journal.records() for exchange in record.exchanges)
    own = [record for record in caplog.records if record.name.startswith("cognito_challenges")]
    assert any("space-around-password" in record.getMessage() for record in own)
    for secret in (canary, at.secret, result["RefreshToken"], result["AccessToken"], result["IdToken"]):
        said = "".join(record.getMessage() for record in own) + seen.replace(caplog.text, "")
        assert secret not in said
