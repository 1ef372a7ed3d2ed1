"""What must be refused, with the stage at which it must: nothing is signed or answered."""

from __future__ import annotations

from typing import Any

from cognito_srp import formulas
from cognito_srp.group import K, N

from .claims import (
    DEVICE_GROUP,
    POOL_ID,
    POOL_NAME,
    Identity,
    Numbers,
    device_input,
    outcome,
    password_input,
    secret_block,
)
from .devices import DEVICE_KEY, device_password
from .document import Case, Document, case, group
from .drbg import integer
from .password_claim import USER_ID, ordinary
from .server import PARAMETERS, found, given

# A value, or the absence of one.
ABSENT = object()


def make() -> Document:
    """The file hostile."""
    block = secret_block("hostile")
    password = password_input(ordinary("hostile"), block)
    who = Identity(DEVICE_GROUP, DEVICE_KEY, device_password("hostile"))
    device = device_input(Numbers.of(who, integer("hs", 16), integer("ha"), integer("hB", 384) % N), block)
    server = given(found("hostile server", set()))
    proof = {
        **server,
        "secret_block": password["secret_block"],
        "timestamp": "Sat Mar 7 00:05:09 UTC 2026",
        "signature": "A" * 43 + "=",
    }
    return {
        "title": "hostile: values that must be refused",
        "description": [
            "stage is where: arguments (before anything is sent), parameter (while reading a value), public-value "
            "(the check of A or B), premaster (the base of S).",
            "Where the result is acceptable an implementation may refuse, or answer exactly what expected holds.",
            "A u of zero cannot be constructed: it would be a preimage of SHA-256. Test the formula by itself.",
        ],
        "schema": "hostile",
        "groups": [
            group("password-claim", _challenges(password, "user_id") + _weak(), {"pool_id": POOL_ID}),
            group("password-claim", _arguments(password, "password"), {"pool_id": POOL_ID}),
            *(
                group("password-claim", [_usage(f"pool id {text!r}", "PoolIdMalformed", password)], {"pool_id": text})
                for text in ("", "us-east-1", "us-east-1_", "us-east-1_Ab-1", "us east_Ab1", "us-east-1_Ab1\n", "_Ab1")
            ),
            group(
                "device-claim",
                _challenges(device) + _arguments(device, "device_password"),
                {"device_group_key": DEVICE_GROUP},
            ),
            group("server-challenge", _public_a(server), PARAMETERS),
            group("server-verify", _public_a(proof), PARAMETERS),
        ],
    }


def _refused(comment: str, flag: str, fields: dict[str, Any], stage: str, **change: Any) -> Case:
    changed = {name: value for name, value in {**fields, **change}.items() if value is not ABSENT}
    return case(comment, {flag}, changed, result="invalid", kind="peer", stage=stage)


def _usage(comment: str, flag: str, fields: dict[str, Any], **change: Any) -> Case:
    return case(comment, {flag}, {**fields, **change}, result="invalid", kind="usage", stage="arguments")


def _challenges(fields: dict[str, Any], *names: str) -> list[Case]:
    """Hostile SALT, SRP_B and SECRET_BLOCK."""
    cases = []
    for comment, text in (
        ("0", "0"),
        ("many zeros", "0" * 768),
        ("N", f"{N:x}"),
        ("N in upper case", f"{N:X}"),
        ("N with zeros in front", f"00{N:x}"),
        ("2 N", f"{2 * N:x}"),
        ("3 N", f"{3 * N:x}"),
        ("15 N", f"{15 * N:x}"),
    ):
        cases.append(_refused(f"B is {comment}", "BZero", fields, "public-value", srp_b=text))
    for comment, value in (
        ("-1", -1),
        ("-N", -N),
        ("-2 N", -2 * N),
        ("an ordinary B, negative", -int(fields["srp_b"], 16)),
    ):
        cases.append(_refused(f"B is {comment}", "BNegative", fields, "public-value", srp_b=f"{value:x}"))
    cases.append(_refused("B is -0", "BZero", fields, "public-value", srp_b="-0"))
    for comment, text in (("N squared", f"{N * N:x}"), ("4,096 digits", "f" * 4096), ("20,000 digits", "7" * 20_000)):
        cases.append(_refused(f"B is {comment}", "Oversized", fields, "parameter", srp_b=text))
    cases.append(_refused("salt of 4,096 digits", "Oversized", fields, "parameter", salt="7" * 4096))
    cases.append(
        _refused("secret block of 20,000 characters", "Oversized", fields, "parameter", secret_block="A" * 20_000)
    )
    for text in (
        "0x1f",
        "1_000",
        " 1f",
        "1f ",
        "1f\n",
        "+1f",
        "--1f",
        "-",
        "1g",
        "1.5",
        "1e+3",
        "\uff11\uff12",
        "\u0661\u0662",
        "1f\u0000",
        "1f,2e",
    ):
        for field in ("salt", "srp_b"):
            cases.append(_refused(f"{field} is {text!a}", "NotHex", fields, "parameter", **{field: text}))
    for field in ("salt", "srp_b", "secret_block", *names):
        cases.append(_refused(f"{field} is absent", "MissingParameter", fields, "parameter", **{field: ABSENT}))
        cases.append(_refused(f"{field} is null", "MissingParameter", fields, "parameter", **{field: None}))
        cases.append(_refused(f"{field} is empty", "MissingParameter", fields, "parameter", **{field: ""}))
        for comment, value in (("a number", 17), ("a list", ["17"]), ("an object", {"17": "17"}), ("true", True)):
            cases.append(_refused(f"{field} is {comment}", "WrongType", fields, "parameter", **{field: value}))
    for text in (
        "A",
        "AAAAA",
        "AA A",
        "AAAA\n",
        "AA=A",
        "=AAA",
        "AAA==",
        "====",
        "AA*A",
        "\u0410\u0410\u0410\u0410",
        "A+-A",
    ):
        cases.append(
            _refused(f"secret block is {text!a}", "SecretBlockNotBase64", fields, "parameter", secret_block=text)
        )
    return cases


def _weak() -> list[Case]:
    """B above N, and B that leaves a base of 0, 1 or N - 1: refuse, or compute exactly this."""
    cases = []
    block = secret_block("weak")
    who = Identity(POOL_NAME, USER_ID, "Tr0ub4dor&3")
    salt, a = integer("weak salt", 16), integer("weak a")
    v = formulas.password_verifier(who.x(salt))
    for comment, flag, public_b in (
        ("B - k g^x is 0", "WeakBase", K * v % N),
        ("B - k g^x is 1", "WeakBase", (K * v + 1) % N),
        ("B - k g^x is N - 1", "WeakBase", (K * v - 1) % N),
        ("B is N + 1", "BOutOfRange", N + 1),
        ("B is N + 5", "BOutOfRange", N + 5),
        ("B is 2 N + 7", "BOutOfRange", 2 * N + 7),
    ):
        numbers = _unchecked(who, salt, a, public_b)
        fields = password_input(numbers, block)
        stage = "premaster" if flag == "WeakBase" else "public-value"
        test = case(
            comment, {flag}, fields, result="acceptable", kind="peer", stage=stage, **outcome(numbers, block, fields)
        )
        cases.append(test)
    return cases


def _unchecked(who: Identity, salt: int, a: int, public_b: int) -> Numbers:
    public_a, x = formulas.public_ephemeral(a), who.x(salt)
    u, v = formulas.scrambler(public_a, public_b), formulas.password_verifier(x)
    s = pow((public_b - K * v) % N, a + u * x, N)
    return Numbers(who, salt, a, public_a, None, public_b, x, v, u, s)


def _arguments(fields: dict[str, Any], password: str) -> list[Case]:
    cases = [
        _usage("empty password", "EmptyText", fields, **{password: ""}),
        _usage("a lone surrogate in the password", "LoneSurrogate", fields, **{password: "a\ud800b"}),
    ]
    for comment, text in (
        ("0", "0"),
        ("negative", "-5"),
        ("257 bits", f"{1 << 256:x}"),
        ("no number", "zz"),
        ("empty", ""),
    ):
        cases.append(_usage(f"a is {comment}", "EphemeralRange", fields, a=text))
    return cases


def _public_a(fields: dict[str, Any]) -> list[Case]:
    cases = []
    for comment, text in (
        ("0", "0"),
        ("many zeros", "0" * 768),
        ("N", f"{N:x}"),
        ("N in upper case", f"{N:X}"),
        ("2 N", f"{2 * N:x}"),
        ("15 N", f"{15 * N:x}"),
    ):
        cases.append(_refused(f"A is {comment}", "AZero", fields, "public-value", srp_a=text))
    for comment, value in (("-N", -N), ("-1", -1), ("N + 2", N + 2)):
        flag = "AOutOfRange"
        cases.append(_refused(f"A is {comment}", flag, fields, "public-value", srp_a=f"{value:x}"))
    for comment, text in (("N squared", f"{N * N:x}"), ("20,000 digits", "7" * 20_000)):
        cases.append(_refused(f"A is {comment}", "Oversized", fields, "parameter", srp_a=text))
    for text in ("0x1f", "1_000", " 1f", "1f\n", "+1f", "-", "1g", "\uff11\uff12"):
        cases.append(_refused(f"A is {text!a}", "NotHex", fields, "parameter", srp_a=text))
    cases.append(_refused("A is absent", "MissingParameter", fields, "parameter", srp_a=ABSENT))
    cases.append(_refused("A is null", "MissingParameter", fields, "parameter", srp_a=None))
    cases.append(_refused("A is empty", "MissingParameter", fields, "parameter", srp_a=""))
    cases.append(_refused("A is a number", "WrongType", fields, "parameter", srp_a=17))
    cases.append(_usage("b is 0", "EphemeralRange", fields, b="0"))
    cases.append(_usage("b of 257 bits", "EphemeralRange", fields, b=f"{1 << 256:x}"))
    return cases
