"""Minutes of mixed load on the pool over HTTP: every flow, wrong answers, cut connections, users that change meanwhile.

    python tests/fire/soak.py [--seconds 600]

64 clients sign in with the engine and the machine of this package. 5 % of the sign-ins give a wrong password, code or
answer, 5 % are cut off in the middle of a request. It ends with status 1 when the pool answered with 5xx, accepted
what is wrong, refused what is right, lost a Session or kept one, or when its memory or descriptors grew.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import statistics
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from cognito_challenges import AppClient, Call, Challenge, ServiceError, SignedIn, SignIn, drive_async, totp
from cognito_challenges.devices import confirm_device
from cognito_challenges.pool.store.state import SIGN_INS_UNDER_WAY
from cognito_challenges.refresh import get_tokens_from_refresh_token, refresh_token_auth, revoke_token
from cognito_srp import Device

HERE = Path(__file__).resolve().parent
CLIENTS, WRONG, CUT = 64, 0.05, 0.05
PASSWORD, OTHER = "Correct-1-horse", "Another-2-horse"
MOST_GROWTH = 16 * 2**20
TARGET = "AWSCognitoIdentityProviderService."
SETTINGS = {
    "ExplicitAuthFlows": [*(f"ALLOW_{name}_AUTH" for name in ("USER_SRP", "USER_PASSWORD", "CUSTOM", "USER")),
        "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    "GenerateSecret": True,
}  # fmt: skip


class WrongError(Exception):
    """The pool did what it must not do."""


class CutError(Exception):
    """The connection was cut, as it was meant to be."""


class Bench:
    """The pool under attack, and how it is spoken to."""

    def __init__(self, url: str, http: httpx.AsyncClient) -> None:
        self.url = url
        self._http = http
        self.requests = 0

    async def call(self, operation: str, **request: Any) -> Any:
        """One request. Raises ServiceError for a refusal and WrongError for a 5xx."""
        self.requests += 1
        answer = await self._http.post(self.url, headers={"X-Amz-Target": TARGET + operation}, json=request)
        if answer.status_code >= 500:
            raise WrongError(f"{operation} was answered with {answer.status_code}: {answer.text[:200]}")
        document = answer.json()
        if answer.status_code != 200:
            raise ServiceError(document["__type"], document["message"])
        return document

    async def send(self, call: Call) -> Mapping[str, Any]:
        return await self.call(call.operation, **call.parameters)  # type: ignore[no-any-return]

    async def cut(self, call: Call, draw: random.Random) -> None:
        """Send a request, whole or in part, and close the connection without reading."""
        host, port = self.url.removeprefix("http://").split(":")
        body = json.dumps(call.parameters).encode()
        lines = [f"POST / HTTP/1.1\r\nHost: {host}:{port}", f"X-Amz-Target: {TARGET}{call.operation}"]
        data = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(data[: draw.choice((len(data), draw.randrange(1, len(data))))])
        await writer.drain()
        writer.close()
        self.requests += 1


@dataclass
class Person:
    """One client: a user, what the user has, and a source of chance."""

    bench: Bench
    client: AppClient
    name: str
    draw: random.Random
    secret: str | None = None
    device: Device | None = None

    async def sign_in(self, *, wrong: bool, cut: bool, before_proof: Any = None, **given: Any) -> SignedIn | None:
        """Sign in; None when the connection was cut. A wrong answer has to be refused."""
        name = given.pop("username", self.name)
        password = given.pop("password", PASSWORD)
        asks = given.get("flow") == "CUSTOM_AUTH" and given.pop("without_password", False)
        if not asks:
            given["password"] = password + ("x" if wrong else "")
        at = self.draw.randrange(3) if cut else -1
        attempt = SignIn(self.client, username=name, **given)
        sent = 0

        async def send(call: Call) -> Mapping[str, Any]:
            nonlocal sent
            if sent == at:
                await self.bench.cut(call, self.draw)
                raise CutError
            if sent == 1 and before_proof is not None:
                await before_proof()
            sent += 1
            return await self.bench.send(call)

        try:
            step = await drive_async(attempt, send)
            while not isinstance(step, SignedIn):
                attempt.answer(await self.response(step, wrong=wrong))
                step = await drive_async(attempt, send)
        except CutError:
            return None
        return step

    async def response(self, challenge: Challenge, *, wrong: bool) -> Any:
        """What the person answers."""
        challenge_: Any = challenge
        match challenge.name:
            case "SOFTWARE_TOKEN_MFA":
                code = totp.code(self.secret or "", time.time())
                return challenge_.response(f"{(int(code) + wrong) % 10**6:06}")
            case "EMAIL_OTP":
                code = await self.code()
                return challenge_.response(f"{(int(code) + wrong) % 10 ** len(code):0{len(code)}}")
            case "SELECT_CHALLENGE":
                # Users who have turned a second factor on are not offered a code as the first one.
                offered = [name for name in ("PASSWORD", "PASSWORD_SRP", "EMAIL_OTP") if name in challenge_.available]
                choice = self.draw.choice(offered)
                return challenge_.response(choice)
            case "CUSTOM_CHALLENGE":
                return challenge_.response("Nineveh" + "x" * wrong)
            case "NEW_PASSWORD_REQUIRED":
                return challenge_.response(OTHER)
        raise WrongError(f"{challenge.name} was not to be expected")

    async def code(self) -> str:
        """The code in the latest message to this person."""
        answer = await self.bench._http.get(f"{self.bench.url}/_outbox", params={"destination": f"{self.name}@e.org"})
        return str(answer.json()[-1]["code"])


Scenario = Callable[[Person, bool, bool], Awaitable[None]]


def check_refused(step: SignedIn | None, *, wrong: bool) -> None:
    if wrong and step is not None:
        raise WrongError("what is wrong was accepted")


async def srp(person: Person, wrong: bool, cut: bool) -> None:
    check_refused(await person.sign_in(wrong=wrong, cut=cut), wrong=wrong)


async def shared_user(person: Person, wrong: bool, cut: bool) -> None:
    check_refused(await person.sign_in(wrong=wrong, cut=cut, username="shared"), wrong=wrong)


async def plain(person: Person, wrong: bool, cut: bool) -> None:
    check_refused(await person.sign_in(wrong=wrong, cut=cut, flow="USER_PASSWORD_AUTH"), wrong=wrong)


async def admin(person: Person, wrong: bool, cut: bool) -> None:
    client = person.client
    theirs = Person(
        person.bench,
        AppClient(client.pool_id, client.client_id, client_secret=client.client_secret, admin=True),
        person.name, person.draw, person.secret, person.device,
    )  # fmt: skip
    check_refused(await theirs.sign_in(wrong=wrong, cut=cut, flow="ADMIN_USER_PASSWORD_AUTH"), wrong=wrong)


async def choice(person: Person, wrong: bool, cut: bool) -> None:
    check_refused(await person.sign_in(wrong=wrong, cut=cut, flow="USER_AUTH"), wrong=wrong)


async def custom(person: Person, wrong: bool, cut: bool) -> None:
    without = person.draw.random() < 0.5
    step = await person.sign_in(wrong=wrong, cut=cut, flow="CUSTOM_AUTH", without_password=without)
    check_refused(step, wrong=wrong)


async def remembered(person: Person, wrong: bool, cut: bool) -> None:
    """Confirm a device, then sign in with it."""
    if person.device is None:
        step = await person.sign_in(wrong=wrong, cut=cut)
        check_refused(step, wrong=wrong)
        if step is None or step.new_device is None:
            return
        device, verifier = Device.register(key=step.new_device.key, group_key=step.new_device.group_key)
        await person.bench.send(confirm_device(step.tokens.access, device, verifier))
        person.device = device
        return
    step = await person.sign_in(wrong=wrong, cut=cut, device=person.device)
    check_refused(step, wrong=wrong)
    if step is not None and step.forgotten_device:
        raise WrongError("a device was forgotten")


async def refreshed(person: Person, wrong: bool, cut: bool) -> None:
    """New tokens, then their end."""
    step = await person.sign_in(wrong=wrong, cut=cut)
    check_refused(step, wrong=wrong)
    if step is None:
        return
    token = str(step.tokens.refresh)
    if person.draw.random() < 0.5:
        await person.bench.send(refresh_token_auth(person.client, token, username=step.username))
    else:
        await person.bench.send(get_tokens_from_refresh_token(person.client, token))
    await person.bench.send(revoke_token(person.client, token))
    await expect_refusal(person.bench.send(refresh_token_auth(person.client, token, username=step.username)))


async def expect_refusal(doing: Awaitable[Any]) -> None:
    try:
        await doing
    except ServiceError:
        return
    raise WrongError("what has to be refused was accepted")


async def deleted_meanwhile(person: Person, wrong: bool, cut: bool) -> None:
    """A new user replaces the temporary password, is deleted in the middle of a sign-in, and is not let in."""
    name = f"brief-{person.name}-{person.draw.getrandbits(40)}"
    user = {"UserPoolId": person.client.pool_id, "Username": name}
    await person.bench.call("AdminCreateUser", **user, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
    await person.sign_in(wrong=False, cut=cut, username=name)

    async def delete() -> None:
        await person.bench.call("AdminDeleteUser", **user)

    if cut:  # the connection would end before the user does
        await delete()
    else:
        again = person.sign_in(wrong=wrong, cut=False, username=name, password=OTHER, before_proof=delete)
        await expect_refusal(again)
    await expect_refusal(person.sign_in(wrong=False, cut=False, username=name, password=OTHER))


async def changed_meanwhile(person: Person, wrong: bool, cut: bool) -> None:
    """The password changes in the middle of a sign-in: the old one is of no use afterwards."""
    name = f"changing-{person.name}"
    user = {"UserPoolId": person.client.pool_id, "Username": name}
    setting = {**user, "Permanent": True}

    async def change() -> None:
        await person.bench.call("AdminSetUserPassword", **setting, Password=OTHER)

    await person.bench.call("AdminSetUserPassword", **setting, Password=PASSWORD)
    # Whether a challenge of before the change still holds is the pool's own choice.
    with contextlib.suppress(ServiceError):
        check_refused(await person.sign_in(wrong=wrong, cut=cut, username=name, before_proof=change), wrong=wrong)
    await change()
    await expect_refusal(person.sign_in(wrong=False, cut=False, username=name, password=PASSWORD))
    if await person.sign_in(wrong=False, cut=False, username=name, password=OTHER) is None:
        raise WrongError("the new password was not taken")


SCENARIOS: list[Scenario] = [
    srp, shared_user, plain, admin, choice, custom, remembered, refreshed, deleted_meanwhile, changed_meanwhile,
]  # fmt: skip


async def set_up(bench: Bench, connect: Callable[[str], None]) -> list[Person]:
    """Two pools' worth of settings in one: devices, optional TOTP, first factors; and the people."""
    factors = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}
    devices = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False}
    made = await bench.call("CreateUserPool", PoolName="soak", Policies=factors, DeviceConfiguration=devices)
    pool_id = made["UserPool"]["Id"]
    mfa = {"SoftwareTokenMfaConfiguration": {"Enabled": True}, "MfaConfiguration": "OPTIONAL"}
    await bench.call("SetUserPoolMfaConfig", UserPoolId=pool_id, **mfa)
    made = await bench.call("CreateUserPoolClient", UserPoolId=pool_id, ClientName="soak", **SETTINGS)
    client = AppClient(
        pool_id, made["UserPoolClient"]["ClientId"], client_secret=made["UserPoolClient"]["ClientSecret"]
    )
    connect(pool_id)

    async def add(name: str) -> None:
        attributes = [{"Name": "email", "Value": f"{name}@e.org"}, {"Name": "email_verified", "Value": "true"}]
        user = {"UserPoolId": pool_id, "Username": name}
        await bench.call("AdminCreateUser", **user, MessageAction="SUPPRESS", UserAttributes=attributes)
        await bench.call("AdminSetUserPassword", **user, Password=PASSWORD, Permanent=True)

    await add("shared")
    people = []
    for number in range(CLIENTS):
        person = Person(bench, client, f"user-{number}", random.Random(number))
        await add(person.name)
        await add(f"changing-{person.name}")
        if number % 4 == 0:  # a quarter has a second factor
            step = await person.sign_in(wrong=False, cut=False)
            assert step is not None
            named = {"AccessToken": step.tokens.access}
            person.secret = (await bench.call("AssociateSoftwareToken", **named))["SecretCode"]
            code = totp.code(str(person.secret), time.time())
            await bench.call("VerifySoftwareToken", **named, UserCode=code)
            await bench.call("SetUserMFAPreference", **named, SoftwareTokenMfaSettings={"Enabled": True})
        people.append(person)
    return people


async def soak(url: str, ask: Callable[[str], dict[str, int]], seconds: float) -> list[str]:
    """Load the pool for so long, print what was done, and return what is wrong."""
    problems: list[str] = []
    outcomes: Counter[str] = Counter()
    seen: list[dict[str, int]] = []
    limits = httpx.Limits(max_connections=CLIENTS, max_keepalive_connections=CLIENTS)
    async with httpx.AsyncClient(timeout=60, limits=limits, trust_env=False) as http:
        bench = Bench(url, http)
        people = await set_up(bench, lambda pool_id: void(ask(f"connect {pool_id}")))
        users = ask("held")["users"]
        end = time.monotonic() + seconds

        async def go_on(person: Person) -> None:
            while time.monotonic() < end and len(problems) < 20:
                scenario = person.draw.choice(SCENARIOS)
                wrong = person.draw.random() < WRONG
                cut = not wrong and person.draw.random() < CUT
                told = f"{scenario.__name__}{', wrong' * wrong}{', cut' * cut}"
                try:
                    await scenario(person, wrong, cut)
                except ServiceError as error:
                    outcomes["refused"] += 1
                    if not wrong:
                        problems.append(f"{told}: refused with {error}")
                except Exception as error:
                    problems.append(f"{told}: {''.join(traceback.format_exception(error))[-900:]}")
                else:
                    outcomes[f"held{', cut' * cut}"] += 1

        async def watch() -> None:
            while time.monotonic() < end:
                seen.append(await asyncio.to_thread(ask, "held"))
                await asyncio.sleep(max(seconds / 120, 0.5))

        async with asyncio.TaskGroup() as group:
            group.create_task(watch())
            for person in people:
                group.create_task(go_on(person))
        # All that was abandoned is past its end now; one more sign-in sweeps it out.
        await asyncio.sleep(31)
        await people[1].sign_in(wrong=False, cut=False)
        requests = bench.requests
    last = await asyncio.to_thread(ask, "held")
    print(f"{sum(outcomes.values())} sign-ins ({dict(outcomes)}), {requests} requests in {seconds:.0f} s")
    return problems + leaks(seen, last, users)


def void(_: object) -> None: ...


def leaks(seen: list[dict[str, int]], last: dict[str, int], users: int) -> list[str]:
    """What is left behind, and what grew between the second and the last quarter of the run."""
    quarters = seen[len(seen) // 4 : len(seen) // 2], seen[-len(seen) // 4 :]
    problems = []
    for name, most in (("memory", MOST_GROWTH), ("descriptors", CLIENTS), ("threads", 2)):
        before, after = (statistics.median(held[name] for held in quarter) for quarter in quarters)
        print(f"{name}: {before:,.0f}, then {after:,.0f}")
        if after - before > most:
            problems.append(f"{name} grew by {after - before:,.0f}")
    # A connection for each client, and what the process has anyway.
    if last["descriptors"] > CLIENTS + 32:
        problems.append(f"{last['descriptors']} descriptors are open at the end")
    print(f"at the end: {last['live']} live sessions, {last['kept']} remembered, {last['users']} users")
    if last["live"] > 0:
        problems.append(f"{last['live']} sessions are live after all have ended")
    if last["kept"] > SIGN_INS_UNDER_WAY:
        problems.append(f"{last['kept']} sessions are remembered, more than {SIGN_INS_UNDER_WAY}")
    if last["users"] != users:
        problems.append(f"there are {last['users']} users, not {users}")
    return problems


def main() -> int:
    """Start the pool, load it, end it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=600)
    seconds = parser.parse_args().seconds
    process = subprocess.Popen(
        [sys.executable, str(HERE / "soak_pool.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None
    assert stdout is not None

    def ask(line: str) -> dict[str, int]:
        stdin.write(line + "\n")
        stdin.flush()
        return json.loads(stdout.readline())  # type: ignore[no-any-return]

    try:
        problems = asyncio.run(soak(stdout.readline().strip(), ask, seconds))
    finally:
        process.terminate()
        status = process.wait(timeout=30)
    if status:
        problems.append(f"the pool ended with status {status}")
    for problem in problems[:20]:
        print(problem)
    print("the pool did not hold" if problems else "the pool held")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
