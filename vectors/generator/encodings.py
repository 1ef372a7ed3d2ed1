"""bytes(i), hex, Base64 and pool ids: the rules by themselves, for an implementation's own unit tests."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode

from cognito_srp.encoding import integer_bytes, parse_base64, parse_hex, pool_name
from cognito_srp.group import G, N

from .claims import shape
from .document import Case, Document, case, group
from .drbg import draw, integer


def make() -> Document:
    """The file encoding."""
    return {
        "title": "encodings: integers, hex, Base64 and pool ids",
        "description": [
            "integer-bytes: bytes(i), minimal big-endian two's complement, as Java's BigInteger.toByteArray().",
            "wire-hex, wire-base64: what SALT, SRP_B and SECRET_BLOCK may look like. pool-name: what is hashed of a "
            "pool id.",
        ],
        "schema": "encoding",
        "groups": [
            group("integer-bytes", _integers()),
            group("wire-hex", _hex()),
            group("wire-base64", _base64()),
            group("pool-name", _pools()),
        ],
    }


def _integers() -> list[Case]:
    cases = []
    edges = (0, 1, 0x7F, 0x80, 0x81, 0xFF, 0x100, 0x101, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFF, 0x800000)
    for value in (*edges, (1 << 127) - 1, 1 << 127, (1 << 128) - 1):
        cases.append(_bytes(f"{value:x}", {"SaltEdge"}, value))
        if value:
            cases.append(_bytes(f"-{value:x}", {"SaltEdge", "SaltNegative"}, -value))
    for i in range(4):
        cases.append(_bytes("negative of 16 bytes", {"SaltNegative"}, -integer(f"enc negative {i}", 16)))
    cases.append(_bytes("N", {"TopBitB"}, N))
    cases.append(_bytes("N - 1", {"TopBitB"}, N - 1))
    cases.append(_bytes("g", {"SmallB"}, G))
    for name, width in (("A", 384), ("U", 32), ("Salt", 16)):
        for kind in (None, "TopBit", "OddNibble", "LeadingZero", "LeadingZeroTopBit"):
            value = next(v for i in range(1 << 16) if shape(v := integer(f"enc {kind} {i}", width), width) == kind)
            flags = {f"{kind}{name}"} if kind else {"Ordinary"}
            cases.append(_bytes(f"{width} bytes, {kind or 'ordinary'}", flags, value))
    return cases


def _bytes(comment: str, flags: set[str], value: int) -> Case:
    return case(comment, flags, {"integer": f"{value:x}"}, expected={"bytes": integer_bytes(value).hex()})


def _hex() -> list[Case]:
    taken = [
        ("lower case", {"Ordinary"}, "1f2e3d"),
        ("upper case", {"SaltUpperCase"}, "1F2E3D"),
        ("mixed case", {"SaltUpperCase"}, "1f2E3d"),
        ("odd length", {"SaltOddLength"}, "f2e3d"),
        ("one zero in front", {"SaltZeroPadded"}, "0f2e3d"),
        ("many zeros in front", {"SaltZeroPadded"}, "0000001f2e3d"),
        ("zero", {"SaltEdge"}, "0"),
        ("zeros", {"SaltZeroPadded", "SaltEdge"}, "0000"),
        ("top bit", {"TopBitSalt"}, "ff2e3d"),
        ("negative", {"SaltNegative"}, "-16e4"),
        ("negative, upper case", {"SaltNegative", "SaltUpperCase"}, "-16E4"),
        ("negative, zeros in front", {"SaltNegative", "SaltZeroPadded"}, "-0016e4"),
        ("negative zero", {"SaltNegative", "SaltEdge"}, "-0"),
        ("N with a 00 in front", {"SrpBZeroPadded"}, f"00{N:x}"),
    ]
    cases = [
        case(c, flags, {"text": text}, expected={"integer": f"{parse_hex('text', text):x}"}) for c, flags, text in taken
    ]
    refused = (
        "",
        "-",
        "+1",
        "0x1f",
        "0X1F",
        "1_0",
        " 1",
        "1 ",
        "1\n",
        "1\r",
        "\t1",
        "1f\x00",
        "g",
        "--1",
        "1-",
        "1.0",
        "\uff11",
        "\u0661",
        "\u00b2",
    )
    for text in refused:
        flag = "NotHex" if text else "MissingParameter"
        cases.append(case(f"{text!a}", {flag}, {"text": text}, result="invalid", kind="peer", stage="parameter"))
    return cases


def _base64() -> list[Case]:
    cases = []
    for size in (48, 47, 49, 1, 2, 3, 4):
        block = b"\xfb\xef\xff\xbf"[:size] + draw(f"enc block {size}", max(0, size - 4))
        standard, url = b64encode(block).decode(), urlsafe_b64encode(block).decode()
        forms = {standard: set[str](), url: {"SecretBlockUrlSafe"}}
        forms.setdefault(standard.rstrip("="), {"SecretBlockUnpadded"})
        forms.setdefault(url.rstrip("="), {"SecretBlockUrlSafe", "SecretBlockUnpadded"})
        for text, flags in forms.items():
            found = parse_base64("text", text).hex()
            cases.append(case(f"{size} bytes", flags or {"Ordinary"}, {"text": text}, expected={"bytes": found}))
    for text in ("A", "AAAAA", "AA A", "AAAA\n", "AA=A", "=AAA", "AAA==", "====", "AA*A", "\u0410\u0410", "A+-A", ""):
        flag = "SecretBlockNotBase64" if text else "MissingParameter"
        cases.append(case(f"{text!a}", {flag}, {"text": text}, result="invalid", kind="peer", stage="parameter"))
    return cases


def _pools() -> list[Case]:
    cases = []
    for pool_id, flag in (
        ("us-east-1_Ab1Cd2Ef3", "Ordinary"),
        ("us-gov-west-1_000000000", "Ordinary"),
        ("local_x", "Ordinary"),
        ("eu-west-1_ABCDEFGHI", "PoolNameCase"),
        ("eu-west-1_abcdefghi", "PoolNameCase"),
        ("my_own_region_Pool9", "PoolIdLastUnderscore"),
        ("a__b", "PoolIdLastUnderscore"),
    ):
        cases.append(case(pool_id, {flag}, {"pool_id": pool_id}, expected={"pool_name": pool_name(pool_id)}))
    for pool_id in (
        "",
        "_",
        "_Ab1",
        "us-east-1",
        "us-east-1_",
        "us-east-1_Ab-1",
        "us east_Ab1",
        "us-east-1_Ab1\n",
        "us-east-1_\u00c4b1",
    ):
        cases.append(
            case(
                f"{pool_id!a}",
                {"PoolIdMalformed"},
                {"pool_id": pool_id},
                result="invalid",
                kind="usage",
                stage="arguments",
            )
        )
    return cases
