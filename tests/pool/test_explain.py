"""When the pool explains and when it probes; the clients of one proof each are in `test_broken_clients`."""

from __future__ import annotations

import base64
import hmac
import locale
import logging
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import resources
from typing import Any

import gmpy2
import pytest
from botocore.exceptions import ClientError
from pycognito.aws_srp import AWSSRP

from cognito_challenges.pool import Options
from cognito_challenges.pool.explaining.mistakes import SENTENCES
from cognito_srp import Device, secret_hash
from cognito_srp.group import K, N
from cognito_srp.timestamps import timestamp
from support.broken_clocks import STAMPS

EXPLAINS = Options(explain=True)
PROBES = Options(explain=True, probe=True)
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
        if why not in ("unexplained", "probe"):
            return why, count
    raise AssertionError("the mistake was never named")


def test_the_client_without_a_mistake(bench):
    at = bench(EXPLAINS)
    for _ in range(20):
        assert "AuthenticationResult" in attempt(at, Client())


def test_proof_of_another_attempt(bench, refused):
    at = bench(EXPLAINS)
    first, second = at.start(), at.start()
    mixed = {**second[1]["ChallengeParameters"], "SECRET_BLOCK": first[1]["ChallengeParameters"]["SECRET_BLOCK"]}
    claim = at.claim(second[0], {"ChallengeParameters": mixed})
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **claim))[2] == "another-attempt"


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
    """Without probes a right password always signs in, however many wrong ones came before."""
    at = bench(EXPLAINS)
    for _ in range(8):
        assert refused(lambda: attempt(at, Client(), "alice", "Wrong-1-horse"))[2] == "unexplained"
    assert "AuthenticationResult" in attempt(at, Client())


def test_probes_need_a_pool_that_explains():
    with pytest.raises(ValueError, match="explain"):
        Options(probe=True)


@pytest.mark.parametrize("after", [1, 2, 4])
def test_first_probe(bench, refused, after):
    """The right password after so many wrong ones is refused, and is told why; after one less it signs in."""
    at = bench(Options(explain=True, probe=True, probe_after=after))
    for _ in range(after - 1):
        assert refused(lambda: attempt(at, Client(), "alice", "Wrong-1-horse"))[2] == "unexplained"
    assert "AuthenticationResult" in attempt(at, Client())
    for _ in range(after):
        assert refused(lambda: attempt(at, Client(), "alice", "Wrong-1-horse"))[2] == "unexplained"
    code, message, why = refused(lambda: attempt(at, Client()))
    assert (code, message, why) == ("NotAuthorizedException", "Incorrect username or password.", "probe")


def test_a_probe_says_that_it_was_one(bench, caplog):
    at = bench(PROBES)
    for _ in range(3):
        with pytest.raises(ClientError) as caught:
            attempt(at, Client(), "alice", "Wrong-1-horse")
    said = caught.value.response["ResponseMetadata"]["HTTPHeaders"]["x-cognito-srp-explanation"]
    sentence = "This challenge was a probe, which is always refused: a right password would have been refused too."
    assert said.startswith(f"probe; {sentence}")
    record = at.service.journal.records()[0]
    assert record.exchanges[-1].sentence.startswith(sentence)
    line = caplog.records[-1].getMessage()
    assert f"pool {at.pool_id}, client {at.client_id}, user 'alice'" in line
    assert sentence in line


def test_when_all_probes_were_in_vain(bench, refused):
    """It says so, makes no more of them, and takes the right password again."""
    at = bench(PROBES)
    heard = [refused(lambda: attempt(at, Client(), "alice", "Wrong-1-horse"))[2] for _ in range(3)]
    assert heard == ["unexplained", "unexplained", "probe"]
    while heard[-1] == "probe":
        assert len(heard) < 100, "the probes do not end"
        heard.append(refused(lambda: attempt(at, Client(), "alice", "Wrong-1-horse"))[2])
    sentences = [record.exchanges[-1].sentence for record in at.service.journal.records()]
    assert "No more probes will be made" in sentences[0]
    assert "It was the last one: no known mistake fits" in sentences[1]
    for _ in range(4):
        assert refused(lambda: attempt(at, Client(), "alice", "Wrong-1-horse"))[2] == "unexplained"
    assert "AuthenticationResult" in attempt(at, Client())


def test_a_proof_that_holds_ends_the_suspicion(bench, refused):
    at = bench(PROBES)
    for _ in range(5):
        assert refused(lambda: attempt(at, Client(), "alice", "Wrong-1-horse"))[2] == "unexplained"
        assert "AuthenticationResult" in attempt(at, Client())


def test_suspicion_ends_after_ten_quiet_minutes(bench, refused):
    at = bench(PROBES)
    for _ in range(2):
        refused(lambda: attempt(at, Client(), "alice", "Wrong-1-horse"))
    at.clock.now += 601
    assert "AuthenticationResult" in attempt(at, Client())


def test_probes_are_a_users_own(bench, refused):
    at = bench(PROBES)
    at.add_user("bob")
    for _ in range(3):
        refused(lambda: attempt(at, Client(), "alice", "Wrong-1-horse"))
    assert "AuthenticationResult" in attempt(at, Client(), "bob")


def test_an_explanation_does_not_tell_who_exists(bench, refused, caplog):
    """Where users are hidden, the log and the inspector have the explanation, and the answer has not."""
    at = bench(EXPLAINS, app={"PreventUserExistenceErrors": "ENABLED"})
    client = Client(secret_block=str.encode)
    answers = [refused(lambda name=name: attempt(at, client, name)) for name in ("alice", "nobody")]
    assert answers[0] == answers[1] == ("NotAuthorizedException", "Incorrect username or password.", "")
    mistakes = [record.exchanges[-1].mistake for record in at.service.journal.records()]
    assert mistakes == ["unexplained", "undecoded-secret-block"]
    assert "user 'alice': undecoded-secret-block" in caplog.text


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
    at = real_time(Options(explain=True, probe=True, forced_salt="00" + "7b" * 15))
    for _ in range(20):
        code, _, why = refused(lambda: pycognito(at).authenticate_user())
        assert code == "NotAuthorizedException"
        if why not in ("unexplained", "probe"):
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
    at = bench(PROBES, users=False, app={"GenerateSecret": True})
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


def test_the_readme_has_every_name():
    text = (resources.files("cognito_challenges.pool") / "README.md").read_text()
    named = set(re.findall(r"`([a-z0-9-]+)`", text))
    encoded = re.compile(r"(missing-sign-byte|unpadded|fixed-width|odd-hex)-[ABSu]")
    forms = {name for _, _, _, names in STAMPS for name in names.split("+")}
    expected = {encoded.sub(r"\1", name) for name in SENTENCES} | forms | {"secret-hash", "unexplained", "probe"}
    assert expected - named == set()
