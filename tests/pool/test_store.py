"""What the pool keeps in memory is bounded, shared out fairly, and may be read while it is written."""

from __future__ import annotations

import sys
import threading
from typing import Any

import pytest

from cognito_challenges.pool import Options, PoolService, ServiceError
from cognito_challenges.pool.serving import inspector
from cognito_challenges.pool.store import expiring, journal, outbox, state
from cognito_challenges.pool.store.expiring import Expiring
from cognito_challenges.pool.store.journal import Journal
from cognito_challenges.pool.store.outbox import Message, Outbox

BULLETS = "\N{BULLET}" * 4


def test_nobody_crowds_out_others():
    kept: Expiring[str] = Expiring(100, owner=lambda value: value)
    kept.put("alice", "alice", now=0, expires=60)
    for number in range(1_000):
        kept.put(f"m{number}", "mallory", now=0, expires=60)
    assert kept.get("alice") is not None
    assert len(kept) == 1 + 10
    # With many names, the owner with the most of them gives up the oldest.
    for number in range(1_000):
        kept.put(f"n{number}", f"mallory {number % 50}", now=0, expires=60)
    assert kept.get("alice") is not None
    assert kept.get("n999") is not None
    assert len(kept) == 100


def test_what_is_past_its_end_goes_before_what_is_live():
    kept: Expiring[str] = Expiring(3)
    kept.put("long", "x", now=0, expires=1_000)
    kept.put("short", "x", now=0, expires=10)
    kept.put("middle", "x", now=0, expires=100)
    kept.put("new", "x", now=20, expires=1_000)
    assert [kept.get(key) is not None for key in ("long", "short", "middle", "new")] == [True, False, True, True]


def test_what_is_past_its_end_goes():
    kept: Expiring[str] = Expiring()
    kept.put("long", "x", now=0, expires=10_000)
    for number in range(5_000):
        kept.put(str(number), "x", now=number, expires=number + 10)
    # For a while it is still told from what never was.
    assert kept.get("4998") is not None
    assert len(kept) <= expiring.MEMORY_SECONDS + 12
    assert len(kept._ends) <= 2 * len(kept) + 65


def test_an_entry_that_is_put_again_lasts_anew():
    kept: Expiring[str] = Expiring(10)
    kept.put("a", "x", now=0, expires=10)
    kept.put("a", "y", now=5, expires=5_000)
    kept.put("b", "x", now=2_000, expires=3_000)
    assert kept.get("a").value == "y"


@pytest.fixture
def small(monkeypatch):
    """A pool that keeps 20 sign-ins under way, with alice in it."""
    monkeypatch.setattr(state, "SIGN_INS_UNDER_WAY", 20)
    service = PoolService(Options(explain=True))
    call: Any = service.call
    pool = {"UserPoolId": call("CreateUserPool", {"PoolName": "p"})["UserPool"]["Id"]}
    settings = {"ExplicitAuthFlows": ["ALLOW_USER_AUTH"], "PreventUserExistenceErrors": "ENABLED"}
    made = call("CreateUserPoolClient", {**pool, "ClientName": "c", **settings})["UserPoolClient"]
    for name in ("alice", "bob"):
        call("AdminCreateUser", {**pool, "Username": name})
        call("AdminSetUserPassword", {**pool, "Username": name, "Password": "Correct-1-horse", "Permanent": True})
    return service, {"ClientId": made["ClientId"]}


def start(service: PoolService, client: dict[str, str], name: str) -> str:
    parameters = {"AuthFlow": "USER_AUTH", "AuthParameters": {"USERNAME": name}}
    return str(service.call("InitiateAuth", {**client, **parameters})["Session"])


def finish(service: PoolService, client: dict[str, str], name: str, session: str) -> dict[str, object]:
    responses = {"USERNAME": name, "ANSWER": "PASSWORD", "PASSWORD": "Correct-1-horse"}
    step = {"ChallengeName": "SELECT_CHALLENGE", "Session": session, "ChallengeResponses": responses}
    return service.call("RespondToAuthChallenge", {**client, **step})


@pytest.mark.parametrize("name", ["bob", "nobody-{}"])
def test_sign_ins_that_are_only_started(small, name):
    service, client = small
    session = start(service, client, "alice")
    sessions = [start(service, client, name.format(number)) for number in range(500)]
    assert "AuthenticationResult" in finish(service, client, "alice", session)
    assert len(service._state.sessions) <= 20
    with pytest.raises(ServiceError, match="Invalid session"):
        finish(service, client, name.format(0), sessions[0])


def test_every_store_that_grows_by_requests_has_a_capacity():
    kept = PoolService()._state
    assert kept.sessions._capacity == kept.device_sessions._capacity == state.SIGN_INS_UNDER_WAY == 10_000
    assert kept.suspicions._capacity == state.USERS_IN_DOUBT == 1_000
    for _ in range(outbox.CAPACITY + 5):
        kept.outbox.add(Message("SMS", "+1", "alice", "x", "x", "x", "1"))
    assert len(kept.outbox) == outbox.CAPACITY == 1_000
    for _ in range(journal.CAPACITY + 5):
        kept.journal.open("alice", "pool", "client", 0)
    assert len(kept.journal.records()) == journal.CAPACITY == 200


def test_one_record_of_the_journal_is_bounded(small):
    service, client = small
    texts = {f"{number}{'n' * 900}": "v" * 1_000 for number in range(150)}
    for _ in range(300):
        responses = {"USERNAME": "x" * 4_000, **texts}
        step = {"ChallengeName": "SMS_MFA", "Session": "x" * 40, "ChallengeResponses": responses}
        with pytest.raises(ServiceError):
            service.call("RespondToAuthChallenge", {**client, **step})
    number = service.journal.open("alice", "pool", "client", 0)
    for _ in range(2_001):
        service.journal.note(number, "RespondToAuthChallenge", "CUSTOM_CHALLENGE", texts, {"Session": "x"}, 0)
    record = service.journal.record(number)
    assert len(record.exchanges) == journal.EXCHANGES
    assert len(record.exchanges[0].sent) == journal.FIELDS + 1
    assert len(inspector.sign_in(service, number)) < 1_000_000
    assert len(inspector.overview(service)) < 1_000_000
    assert max(len(repr(record)) for record in service.journal.records()[1:]) < 20_000


def test_only_known_fields_are_shown():
    shown = Journal()
    number = shown.open("alice", "pool", "client", 0)
    secret = "canary-secret"
    sent = dict.fromkeys(
        ("password", "Password", "PASSWORD", "SECRET_HASH", "secret_hash", "ANSWER", "CREDENTIAL", "x", "EMAIL",
         "NEW_PASSWORD", "userAttributes.email", "PASSWORD_CLAIM_SIGNATURE", "ACCESS_TOKEN", "REFRESH_TOKEN"), secret,
    )  # fmt: skip
    answered = {
        "Session": secret,
        "ChallengeName": "CUSTOM_CHALLENGE",
        "ChallengeParameters": {"captcha": secret, "userAttributes": secret, "USERNAME": "alice"},
        "AuthenticationResult": {
            "AccessToken": secret,
            "IdToken": secret,
            "RefreshToken": secret,
            "TokenType": "Bearer",
        },
    }
    known = {"USERNAME": "alice", "SRP_A": "ab12", "TIMESTAMP": "now", "DEVICE_KEY": "key"}
    shown.note(number, "RespondToAuthChallenge", "CUSTOM_CHALLENGE", {**sent, **known}, answered, 0)
    shown.note(number, "RespondToAuthChallenge", "SELECT_CHALLENGE", {"ANSWER": "PASSWORD_SRP"}, answered, 0)
    exchange, choice = shown.record(number).exchanges
    assert secret not in repr(exchange)
    assert exchange.sent == {**dict.fromkeys(sent, f"{BULLETS} (13 characters)"), **known}
    assert exchange.received["USERNAME"] == "alice"
    assert exchange.received["TokenType"] == "Bearer"
    assert choice.sent == {"ANSWER": "PASSWORD_SRP"}


def test_the_outcome_is_that_of_the_latest_exchange():
    shown = Journal()
    number = shown.open("alice", "pool", "client", 0)
    outcomes = []
    for answer in (
        {"ChallengeName": "PASSWORD_VERIFIER"},
        ServiceError("InvalidParameterException", "TIMESTAMP format should be ..."),
        {"ChallengeName": "SMS_MFA"},
        ServiceError("CodeMismatchException", "no"),
        {"AuthenticationResult": {}},
    ):
        shown.note(number, "RespondToAuthChallenge", "x", {}, answer, 0)
        outcomes.append(shown.record(number).outcome)
    assert outcomes == ["under way", "refused", "under way", "refused", "signed in"]


def test_pools_and_clients_are_kept_apart_and_nothing_breaks_the_page():
    service = PoolService()
    for place in ("one", "two", "one"):
        number = service.journal.open("<b>\ud800", f"pool-{place}", f"client-{place}", 0)
        sent = {"\ud800": "\ud800", "<i>": "<i>", "USERNAME": "\ud800<i>"}
        service.journal.note(number, "InitiateAuth", "<i>", sent, ServiceError("<i>", "\ud800<i>"), 0)
        page = inspector.sign_in(service, number)
        page.encode()
        assert "<i>" not in page
        assert f"pool-{place}" in page
    page = inspector.overview(service)
    page.encode()
    assert "<b>" not in page
    assert page.count("app client client-one") == page.count("app client client-two") == 1


def in_threads(*jobs: Any) -> list[BaseException]:
    """Run jobs beside one another until the first is done, others again and again; what they raised."""
    raised: list[BaseException] = []
    done = threading.Event()

    def run(job: Any, once: bool) -> None:
        try:
            while not done.is_set():
                job()
                if once:
                    done.set()
        except BaseException as error:  # noqa: BLE001 - looked at by the test
            raised.append(error)
            done.set()

    threads = [threading.Thread(target=run, args=(job, at == 0)) for at, job in enumerate(jobs)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    return raised


def test_the_outbox_is_read_while_messages_arrive():
    box = Outbox()

    def write() -> None:
        for number in range(20_000):
            box.add(Message("SMS", "+1", "alice", "x", "x", "x", str(number)))

    def read() -> None:
        assert len(list(box)) <= outbox.CAPACITY
        if len(box):
            assert box.code("+1").isdigit()

    assert in_threads(write, read, read) == []


def test_the_journal_is_read_while_sign_ins_happen(monkeypatch):
    monkeypatch.setattr(journal, "CAPACITY", 2_000)
    kept = Journal()

    def write() -> None:
        for _ in range(3_000):
            number = kept.open("alice", "pool", "client", 0)
            kept.note(number, "InitiateAuth", "x", {"USERNAME": "alice"}, {"AuthenticationResult": {}}, 0)

    def read() -> None:
        for record in kept.records():
            assert len(record.exchanges) <= 1

    assert in_threads(write, read, read) == []


def test_one_request_at_a_time():
    """A second request waits until the first is through, its triggers included, which may call the pool themselves."""
    service = PoolService()
    call: Any = service.call
    pool = {"UserPoolId": call("CreateUserPool", {"PoolName": "p"})["UserPool"]["Id"]}
    client = call("CreateUserPoolClient", {**pool, "ClientName": "c"})["UserPoolClient"]["ClientId"]
    inside, release, after = threading.Event(), threading.Event(), threading.Event()

    def pre_sign_up(event: dict[str, object]) -> dict[str, object]:
        service.call("DescribeUserPool", pool)
        inside.set()
        assert release.wait(20)
        return event

    service.connect(pool["UserPoolId"], "PreSignUp", pre_sign_up)

    def second() -> None:
        service.call("DescribeUserPool", pool)
        after.set()

    request = {"ClientId": client, "Username": "alice", "Password": "Correct-1-horse"}
    first = threading.Thread(target=service.call, args=("SignUp", request))
    first.start()
    assert inside.wait(20)
    waiting = threading.Thread(target=second)
    waiting.start()
    waited = not after.wait(0.2)
    release.set()
    first.join()
    waiting.join()
    assert waited
    assert after.is_set()


@pytest.mark.parametrize("salt", ["", "xyz", "0x12", "-1", "a" * 129, "é"])
def test_a_forced_salt_is_checked_when_the_options_are_made(salt):
    with pytest.raises(ValueError, match="forced_salt"):
        Options(forced_salt=salt)


def test_attribute_values_have_a_longest():
    service = PoolService()
    pool: Any = service.call("CreateUserPool", {"PoolName": "p"})
    user = {"UserPoolId": pool["UserPool"]["Id"], "Username": "alice"}
    service.call("AdminCreateUser", {**user, "UserAttributes": [{"Name": "name", "Value": "x" * 2048}]})
    with pytest.raises(ServiceError, match="2048"):
        service.call("AdminUpdateUserAttributes", {**user, "UserAttributes": [{"Name": "name", "Value": "x" * 2049}]})


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({f"n{number}": "x" for number in range(201)}, "InvalidParameterException"),
        ({"n" * 1_025: "x"}, "InvalidParameterException"),
        ({"n": "x" * 131_073}, "InvalidParameterException"),
        ({"\ud800": "x"}, "SerializationException"),
        ({"n": "\ud800"}, "SerializationException"),
    ],
)
def test_maps_are_bounded(small, texts, code):
    service, client = small
    parameters = {"AuthFlow": "USER_AUTH", "AuthParameters": {"USERNAME": "alice"}}
    for member in ("ClientMetadata", "AuthParameters"):
        with pytest.raises(ServiceError) as caught:
            service.call("InitiateAuth", {**client, **parameters, member: texts})
        assert caught.value.code == code
