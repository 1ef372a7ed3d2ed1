"""password-claim: what a client answers to PASSWORD_VERIFIER."""

from __future__ import annotations

import unicodedata
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable
from typing import Any

from cognito_srp.group import N

from .claims import (
    POOL_ID,
    POOL_NAME,
    Identity,
    Numbers,
    outcome,
    password_input,
    rare_branches,
    search,
    secret_block,
    shapes,
)
from .document import Case, Document, case, group
from .drbg import draw, integer

USER_ID = "7d1f2c3a-54be-4c0f-9a4e-0b1c2d3e4f50"
Wire = dict[str, Any]


def claim(comment: str, flags: Iterable[str], numbers: Numbers, block: bytes, **wire: Any) -> Case:
    """A valid case; `wire` says what to send in another form than the usual one."""
    given = {**password_input(numbers, block), **wire}
    return case(comment, set(flags) or {"Ordinary"}, given, **outcome(numbers, block, given))


def ordinary(label: str, user_id: str = USER_ID, password: str = "Tr0ub4dor&3", group_name: str = POOL_NAME) -> Numbers:
    """Numbers without any rare branch, for a given identity and password: only the salt is searched."""
    who = Identity(group_name, user_id, password)
    for i in range(1 << 20):
        salt = integer(f"{label} {i}", 16) >> 1
        numbers = Numbers.of(who, salt, integer(f"{label} a {i}"), integer(f"{label} B {i}", 384) % N)
        if not numbers.flags() - {"LeadingZeroInnerHash"}:
            return numbers
    raise AssertionError


def with_salt(label: str, salt: int) -> Numbers:
    """Numbers under a salt of one's choice, without a rare branch elsewhere."""
    who = Identity(POOL_NAME, USER_ID, "Tr0ub4dor&3")
    for i in range(1 << 20):
        who.password = f"Tr0ub4dor&{i}"
        numbers = Numbers.of(who, salt, integer(f"{label} a {i}"), integer(f"{label} B {i}", 384) % N)
        if not {flag for flag in numbers.flags() if not flag.endswith("Salt")}:
            return numbers
    raise AssertionError


def with_b(label: str, public_b: int) -> Numbers:
    """Numbers under a B of one's choice, which no server has drawn, without a rare branch elsewhere."""
    who = Identity(POOL_NAME, USER_ID, "Tr0ub4dor&3")
    for i in range(1 << 20):
        numbers = Numbers.of(who, integer(f"{label} salt {i}", 16) >> 1, integer(f"{label} a {i}"), public_b)
        if not {flag for flag in numbers.flags() if not flag.endswith("B")}:
            return numbers
    raise AssertionError


def make() -> Document:
    """The file."""
    return {
        "title": "password-claim: the answer to PASSWORD_VERIFIER",
        "description": [
            "From the fields of input and the group's pool_id, SRP_A, PASSWORD_CLAIM_SIGNATURE and TIMESTAMP follow.",
            "trace holds every intermediate value; b, where it is there, is the exponent from which the server made "
            "srp_b.",
        ],
        "schema": "claim",
        "groups": [
            group("password-claim", _branches(), {"pool_id": POOL_ID}),
            group("password-claim", _salts() + _publics() + _blocks(), {"pool_id": POOL_ID}),
            group("password-claim", _texts(), {"pool_id": POOL_ID}),
            *_pools(),
        ],
    }


def _branches() -> list[Case]:
    cases = []
    for i in range(3):
        label = f"password ordinary {i}"
        cases.append(claim("no rare branch", (), _found(label, set()), secret_block(label, 1500 if i == 0 else 48)))
    for i, (comment, flags) in enumerate(rare_branches()):
        # Two instances of each branch that is taken by itself: one may pass by luck.
        for instance in range(2 if len(flags) == 1 else 1):
            label = f"password branch {i} {instance}"
            cases.append(claim(comment, flags, _found(label, flags), secret_block(label)))
    return cases


def _found(label: str, flags: set[str]) -> Numbers:
    return search(label, Identity(POOL_NAME, USER_ID, ""), flags, lambda i: f"correct horse {i}")


def _salts() -> list[Case]:
    cases = []
    block = secret_block("salts")
    for top in ("007f", "0001", "00ff", "0000", "000f", "0f80", "0101"):
        salt = int(top + draw(f"salt {top}", 14).hex(), 16)
        flags = {"SaltZeroPadded"} | _salt_flags(salt)
        numbers = with_salt(f"salt {top}", salt)
        cases.append(claim(f"salt in full width, starting with {top}", flags, numbers, block, salt=f"{salt:032x}"))
    ordinary_salt = integer("salt padded", 16) >> 2 | 1 << 125
    numbers = with_salt("salt padded", ordinary_salt)
    for zeros in ("0", "00", "000", "00000000"):
        cases.append(
            claim(
                f"{len(zeros)} zeros in front of an ordinary salt",
                {"SaltZeroPadded"},
                numbers,
                block,
                salt=f"{zeros}{ordinary_salt:x}",
            )
        )
    top_bit = integer("salt top bit", 16) | 1 << 127
    cases.append(
        claim(
            "00 in front of a salt with its top bit set",
            {"SaltZeroPadded", "TopBitSalt"},
            with_salt("salt tb", top_bit),
            block,
            salt=f"00{top_bit:x}",
        )
    )
    for i in range(3):
        odd = int(f"{i + 3:x}" + draw(f"odd {i}", 15).hex(), 16)
        cases.append(
            claim("salt of 31 hex digits", {"SaltOddLength", "OddNibbleSalt"}, with_salt(f"odd {i}", odd), block)
        )
    upper = int("5afe" + draw("upper", 14).hex(), 16)
    numbers = with_salt("upper", upper)
    cases.append(claim("salt in upper case", {"SaltUpperCase"}, numbers, block, salt=f"{upper:X}"))
    cases.append(claim("salt in mixed case", {"SaltUpperCase"}, numbers, block, salt=f"{upper:x}".replace("a", "A", 1)))
    big = int("f00d" + draw("upper", 14).hex(), 16)
    cases.append(
        claim(
            "salt in upper case, top bit set",
            {"SaltUpperCase", "TopBitSalt"},
            with_salt("upper top", big),
            block,
            salt=f"{big:X}",
        )
    )
    for i in range(4):
        salt = -integer(f"negative {i}", 16) >> i
        cases.append(claim("negative salt of 16 bytes", {"SaltNegative"}, with_salt(f"negative {i}", salt), block))
    for magnitude in (
        1,
        0x7F,
        0x80,
        0x81,
        0xFF,
        0x100,
        0x7FFF,
        0x8000,
        0x8001,
        1 << 127,
        (1 << 127) + 1,
        (1 << 128) - 1,
    ):
        numbers = with_salt(f"edge -{magnitude}", -magnitude)
        cases.append(claim(f"negative salt -{magnitude:x}", {"SaltNegative", "SaltEdge"}, numbers, block))
    numbers = with_salt("edge -80", -0x80)
    cases.append(claim("negative salt, zero-padded", {"SaltNegative", "SaltZeroPadded"}, numbers, block, salt="-0080"))
    numbers = with_salt("negative upper", -int("abcdef", 16))
    cases.append(
        claim("negative salt in upper case", {"SaltNegative", "SaltUpperCase"}, numbers, block, salt="-ABCDEF")
    )
    for value in (0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, (1 << 127) - 1, 1 << 127, (1 << 128) - 1):
        flags = {"SaltEdge"} | _salt_flags(value)
        cases.append(claim(f"salt {value:x}", flags, with_salt(f"edge {value}", value), block))
    for size in (8, 17, 32, 64):
        salt = integer(f"long {size}", size)
        cases.append(claim(f"salt of {size} bytes", {"SaltUnusualLength"}, with_salt(f"long {size}", salt), block))
    return cases


def _salt_flags(salt: int) -> set[str]:
    """Shapes mean something in 16 bytes only: a salt of a few bytes is short, not padded."""
    if salt < 1 << 104:
        return {"SaltUnusualLength"}
    return shapes(Salt=salt)


def _publics() -> list[Case]:
    cases = []
    block = secret_block("publics")
    for name in ("LeadingZeroB", "LeadingZeroTopBitB", "OddNibbleB"):
        label = f"padded {name}"
        numbers = _found(label, {name})
        flags = {name, "SrpBZeroPadded"}
        cases.append(claim(f"{name}, sent in full width", flags, numbers, block, srp_b=f"{numbers.public_b:0768x}"))
    numbers = _found("padded ordinary", set())
    for zeros in ("0", "00", "0000"):
        cases.append(
            claim(
                "zeros in front of an ordinary B",
                {"SrpBZeroPadded"},
                numbers,
                block,
                srp_b=f"{zeros}{numbers.public_b:x}",
            )
        )
    numbers = _found("padded top bit", {"TopBitB"})
    cases.append(
        claim(
            "00 in front of a B with its top bit set",
            {"SrpBZeroPadded", "TopBitB"},
            numbers,
            block,
            srp_b=f"00{numbers.public_b:x}",
        )
    )
    numbers = _found("odd B", {"OddNibbleB"})
    cases.append(claim("B of 767 hex digits", {"SrpBOddLength", "OddNibbleB"}, numbers, block))
    numbers = _found("upper B", set())
    cases.append(claim("B in upper case", {"SrpBUpperCase"}, numbers, block, srp_b=f"{numbers.public_b:X}"))
    cases.append(
        claim("B in mixed case", {"SrpBUpperCase"}, numbers, block, srp_b=f"{numbers.public_b:x}".replace("b", "B", 9))
    )
    for name, value in (("1", 1), ("2", 2), ("7f", 0x7F), ("80", 0x80), ("N - 1", N - 1), ("N - 2", N - 2)):
        flags = {"SmallB"} | ({"TopBitB"} if value > N // 2 else set())
        cases.append(claim(f"B is {name}", flags, with_b(f"small {name}", value), block))
    return cases


def _blocks() -> list[Case]:
    cases = []
    for size in (46, 47, 48, 49):
        label = f"block {size}"
        numbers = ordinary(label)
        block = b"\xfb\xff\xbf" + secret_block(label, size - 3)
        standard, url = b64encode(block).decode(), urlsafe_b64encode(block).decode()
        cases.append(claim(f"standard alphabet, {size} bytes", (), numbers, block))
        cases.append(claim("URL-safe alphabet", {"SecretBlockUrlSafe"}, numbers, block, secret_block=url))
        if standard.endswith("="):
            cases.append(
                claim("no padding", {"SecretBlockUnpadded"}, numbers, block, secret_block=standard.rstrip("="))
            )
            cases.append(
                claim(
                    "URL-safe, no padding",
                    {"SecretBlockUrlSafe", "SecretBlockUnpadded"},
                    numbers,
                    block,
                    secret_block=url.rstrip("="),
                )
            )
    numbers = ordinary("block lengths")
    for size in (1, 2, 3, 1024, 3000):
        label = f"block length {size}"
        cases.append(claim(f"secret block of {size} bytes", {"SecretBlockLength"}, numbers, secret_block(label, size)))
    cases.append(claim("secret block of zeros", {"SecretBlockLength"}, numbers, bytes(16)))
    trailing = claim(
        "unused bits of the last character are set", {"SecretBlockTrailingBits"}, numbers, b"\x00", secret_block="AB=="
    )
    cases.append({**trailing, "result": "acceptable"})
    return cases


def _texts() -> list[Case]:
    composed = "Zürich-Ångström"
    decomposed = unicodedata.normalize("NFD", composed)
    texts: list[tuple[str, set[str], str, str]] = [
        ("user id is a UUID, the login name is not hashed", {"UserIdForSrp"}, USER_ID, "Tr0ub4dor&3"),
        ("user id is a login name", {"UserIdForSrp"}, "alice", "Tr0ub4dor&3"),
        ("user id is an e-mail address", {"UserIdForSrp"}, "alice+tag@example.com", "Tr0ub4dor&3"),
        ("user id in mixed case", {"UserIdForSrp"}, "Alice", "Tr0ub4dor&3"),
        ("umlauts", {"NonAscii"}, "jürgen", "größe-ß"),
        ("Greek and Cyrillic", {"NonAscii"}, "αλίκη", "пароль"),
        ("Chinese and Japanese", {"NonAscii"}, "用户", "パスワード"),
        ("right to left", {"NonAscii"}, "משתמש", "كلمة السر"),
        ("composed form", {"NonAscii", "Normalisation"}, USER_ID, composed),
        ("decomposed form of the same password", {"NonAscii", "Normalisation"}, USER_ID, decomposed),
        ("compatibility characters", {"NonAscii", "Normalisation"}, USER_ID, "ﬁ①Ａ"),
        ("emoji", {"NonAscii", "OutsideBmp"}, USER_ID, "\U0001f511\U0001f9d1\u200d\U0001f4bb"),
        ("Gothic letters in the user id", {"NonAscii", "OutsideBmp"}, "\U00010330\U00010331", "Tr0ub4dor&3"),
        ("spaces around the password", {"WhitespaceKept"}, USER_ID, "  padded  "),
        ("a tab and a line end in the password", {"WhitespaceKept"}, USER_ID, "a\tb\r\n"),
        ("a NUL in the password", {"WhitespaceKept"}, USER_ID, "a\x00b"),
        ("a space alone", {"WhitespaceKept"}, USER_ID, " "),
        ("a no-break space and a byte order mark", {"WhitespaceKept", "NonAscii"}, USER_ID, "\ufeffa\u00a0b"),
        ("a colon in the password", {"Colon"}, USER_ID, "a:b:c"),
        ("a colon in the user id", {"Colon"}, "a:b", "c"),
        ("the same characters, the colon elsewhere", {"Colon"}, "a", "b:c"),
        ("longest user name", {"LongText"}, "u" * 128, "Tr0ub4dor&3"),
        ("password of 256 characters", {"LongText"}, USER_ID, draw("long", 128).hex()),
        (
            "password of 256 characters, four bytes each",
            {"LongText", "NonAscii", "OutsideBmp"},
            USER_ID,
            "\U0001f511" * 256,
        ),
        ("quotes and backslashes", {"Ordinary"}, "o'brien\\\"", "\\\"'`$(x)%s{}"),
    ]
    cases = []
    for comment, flags, user_id, password in texts:
        numbers = ordinary(f"text {comment}", user_id, password)
        found = flags | numbers.flags()
        cases.append(claim(comment, found, numbers, secret_block("text")))
    return cases


def _pools() -> list[dict[str, Any]]:
    pools = [
        ("us-east-1_ABCDEFGHI", "ABCDEFGHI", {"PoolNameCase"}),
        ("us-east-1_abcdefghi", "abcdefghi", {"PoolNameCase"}),
        ("us-gov-west-1_000000000", "000000000", {"PoolNameCase"}),
        ("local_9", "9", {"PoolNameCase"}),
        ("us-east-1_a_B1", "B1", {"PoolIdLastUnderscore"}),
        ("my_own_region_Pool9", "Pool9", {"PoolIdLastUnderscore"}),
    ]
    groups = []
    for pool_id, name, flags in pools:
        numbers = ordinary(f"pool {pool_id}", group_name=name)
        found = flags | numbers.flags()
        groups.append(
            group(
                "password-claim",
                [claim(f"pool id {pool_id}", found, numbers, secret_block("pool"))],
                {"pool_id": pool_id},
            )
        )
    return groups
