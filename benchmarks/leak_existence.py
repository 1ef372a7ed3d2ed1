"""Does time, or the shape of an answer, tell whether a user exists where the app client hides it?

    python benchmarks/leak_existence.py

Each request is made for a user that exists and for a name that nobody has, in random order, and the times are compared
by Welch's t (see `leak`). Each request also has to be answered in the same shape. A control, an app client that does
not hide users, has to be caught in every try. The exit status is 1 when something tells, or the control is missed.
"""

from __future__ import annotations

import gc
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import welch
from cognito_challenges.pool import PoolService, ServiceError
from cognito_srp import PasswordSession, timestamp, warm

TRIES = 4
TOLERANCE = 6_000.0
SAMPLES = 1500
PASSWORD = "Correct-1-horse"
NOBODY = "nemo--0123456789abcdef"
KNOWN, PASSWORDLESS = "alice-0123456789abcdef", "peter-0123456789abcdef"
Outcome = tuple[str, ...]


class Pool:
    """A pool with one user that has a password and one that has none, and the requests that are compared."""

    def __init__(self, *, hides: bool) -> None:
        self.now = time.time()
        self.service = PoolService(clock=lambda: self.now)
        factors = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}
        made: Any = self.service.call("CreateUserPool", {"PoolName": "p", "Policies": factors})
        self.pool_id = made["UserPool"]["Id"]
        flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        settings = {"ExplicitAuthFlows": flows, "PreventUserExistenceErrors": "ENABLED" if hides else "LEGACY"}
        made = self.service.call("CreateUserPoolClient", {"UserPoolId": self.pool_id, "ClientName": "c", **settings})
        self.client_id = made["UserPoolClient"]["ClientId"]
        for name in (KNOWN, PASSWORDLESS):
            attributes = [
                {"Name": "email", "Value": f"{name}@example.org"},
                {"Name": "email_verified", "Value": "true"},
            ]
            user = {"UserPoolId": self.pool_id, "Username": name}
            self.service.call("AdminCreateUser", {**user, "UserAttributes": attributes, "MessageAction": "SUPPRESS"})
        password = {"UserPoolId": self.pool_id, "Username": KNOWN, "Password": PASSWORD, "Permanent": True}
        self.service.call("AdminSetUserPassword", password)
        self.session = PasswordSession(self.pool_id, username=KNOWN, password=PASSWORD)

    def call(self, operation: str, **request: Any) -> Any:
        return self.service.call(operation, {"ClientId": self.client_id, **request})

    def initiate(self, flow: str, name: str, **parameters: str) -> Any:
        return self.call("InitiateAuth", AuthFlow=flow, AuthParameters={"USERNAME": name, **parameters})

    def srp(self, name: str) -> Any:
        return self.initiate("USER_SRP_AUTH", name, SRP_A=self.session.srp_a)

    def prepared_proof(self, name: str) -> Callable[[], Any]:
        """A wrong proof: what is timed is the answer to it."""
        parameters = self.srp(name)["ChallengeParameters"]
        responses = {
            "USERNAME": parameters["USERNAME"],
            "PASSWORD_CLAIM_SECRET_BLOCK": parameters["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": "A" * 43 + "=",
            "TIMESTAMP": timestamp(self.now),
        }
        return lambda: self.call(
            "RespondToAuthChallenge", ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=responses
        )

    def prepared(self, request: str, name: str) -> Callable[[], Any]:
        """The request for a name, ready to be timed, a day after the last one: nobody is locked out."""
        self.now += 86_400
        match request:
            case "SRP_A":
                return lambda: self.srp(name)
            case "wrong proof":
                return self.prepared_proof(name)
            case "wrong password":
                return lambda: self.initiate("USER_PASSWORD_AUTH", name, PASSWORD="Wrong-1-horse")
            case "choice":
                return lambda: self.initiate("USER_AUTH", name)
            case "forgotten password":
                return lambda: self.call("ForgotPassword", Username=name)
            case "reset code":
                self.call("ForgotPassword", Username=name)
                return lambda: self.call(
                    "ConfirmForgotPassword", Username=name, ConfirmationCode="123456", Password="Other-2-horse"
                )
            case "weak password for a reset":
                return lambda: self.call(
                    "ConfirmForgotPassword", Username=name, ConfirmationCode="123456", Password="weak"
                )
        raise ValueError(request)


@dataclass(frozen=True)
class Comparison:
    """A request that is made for one user who exists and for a name that nobody has.

    tolerance: the difference of the means, in nanoseconds, that is not claimed to be hidden: look-ups in tables, which
        find something or do not. None where only the shape is judged.
    """

    request: str
    user: str = KNOWN
    samples: int = SAMPLES
    tolerance: float | None = TOLERANCE


COMPARISONS = [
    Comparison("SRP_A"),
    Comparison("wrong proof"),
    Comparison("wrong password"),
    Comparison("wrong password", PASSWORDLESS),
    Comparison("SRP_A", PASSWORDLESS),
    Comparison("choice"),
    # To somebody who exists a message goes out, which the service sends when it has answered; and a weak password is
    # refused sooner: of these two only the shape is hidden.
    Comparison("forgotten password", samples=50, tolerance=None),
    Comparison("reset code"),
    Comparison("weak password for a reset", samples=50, tolerance=None),
]


def outcome(act: Callable[[], Any]) -> tuple[int, Outcome]:
    """The time of a request in nanoseconds, and the shape of its answer: names, types and lengths."""
    start = time.perf_counter_ns()
    try:
        answer = act()
    except ServiceError as error:
        return time.perf_counter_ns() - start, (error.code, error.message)
    taken = time.perf_counter_ns() - start
    return taken, tuple(shape_of(answer))


def shape_of(value: Any, path: str = "") -> list[str]:
    if isinstance(value, dict):
        return [line for name in sorted(value) for line in shape_of(value[name], f"{path}/{name}")]
    if isinstance(value, list):
        return [f"{path}: {sorted(map(str, value))}"]
    # Numbers of random length differ by a digit or two from sign-in to sign-in.
    length = (len(value) + 8) // 16 if isinstance(value, str) else 0
    return [f"{path}: {type(value).__name__} of {length}"]


def measure(pool: Pool, comparison: Comparison) -> tuple[list[welch.Difference], set[Outcome], set[Outcome]]:
    times: tuple[list[int], list[int]] = ([], [])
    shapes: tuple[set[Outcome], set[Outcome]] = (set(), set())
    order = [0, 1] * comparison.samples
    random.shuffle(order)
    gc.disable()
    try:
        for kind in order:
            act = pool.prepared(comparison.request, NOBODY if kind else comparison.user)
            taken, shape = outcome(act)
            times[kind].append(taken)
            shapes[kind].add(shape)
    finally:
        gc.enable()
    return welch.cropped_differences(*times), *shapes


def tells(pool: Pool, comparison: Comparison) -> str | None:
    """What tells of the user in every try, or None."""
    told = None
    for number in range(1, TRIES + 1):
        differences, known, unknown = measure(pool, comparison)
        found = None if comparison.tolerance is None else welch.leak(differences, comparison.tolerance)
        seen = max(comparison.tolerance or 0, min(d.error for d in differences) * welch.THRESHOLD)
        told = (
            f"none above {seen / 1000:.1f} us" if found is None else f"{found.mean / 1000:+.1f} us, t = {found.t:.1f}"
        )
        if not known & unknown:
            told = f"shapes differ: {sorted(known)[0]} and {sorted(unknown)[0]}"
        print(f"{comparison.request:28}{comparison.user[:5]:8}try {number}: {told}", flush=True)
        if found is None and known & unknown:
            return None
    return told


def main() -> int:
    warm()
    wrong = [
        f"{comparison.request} tells of {comparison.user[:5]}: {told}"
        for comparison in COMPARISONS
        if (told := tells(Pool(hides=True), comparison))
    ]
    if tells(Pool(hides=False), Comparison("wrong password")) is None:
        wrong.append("the control was not caught")
    for line in wrong:
        print(line)
    print("an answer tells whether a user exists" if wrong else "no answer tells whether a user exists")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
