"""bytes(i), and the parsers that stand between the wire and the big integers."""

import base64
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cognito_srp import PeerError, UsageError, encoding
from support import oracle

# What java.math.BigInteger.toByteArray() answers, by its documentation.
JAVA_BYTES = {
    0: "00",
    1: "01",
    127: "7f",
    128: "0080",
    255: "00ff",
    256: "0100",
    32767: "7fff",
    32768: "008000",
    -1: "ff",
    -127: "81",
    -128: "80",
    -129: "ff7f",
    -255: "ff01",
    -256: "ff00",
    -32768: "8000",
    -32769: "ff7fff",
    2**64 - 1: "00ffffffffffffffff",
    -(2**63): "8000000000000000",
}


@pytest.mark.parametrize(("value", "expected"), JAVA_BYTES.items())
def test_integer_bytes_equal_javas_to_byte_array(value: int, expected: str) -> None:
    assert encoding.integer_bytes(value).hex() == expected


def test_integer_bytes_of_the_prime_have_a_sign_byte() -> None:
    assert len(encoding.integer_bytes(oracle.N)) == 385
    assert encoding.integer_bytes(oracle.N)[:2] == b"\x00\xff"


@given(st.integers(-(1 << 3080), 1 << 3080))
@example(1 << 3071)
@example((1 << 3071) - 1)
@example(-(1 << 3071))
def test_integer_bytes_are_minimal_and_lossless(value: int) -> None:
    data = encoding.integer_bytes(value)
    assert int.from_bytes(data, "big", signed=True) == value
    assert data == oracle.java_bytes(value)
    if len(data) > 1:
        assert int.from_bytes(data[1:], "big", signed=True) != value


@given(st.integers(-(1 << 3080), 1 << 3080), st.integers(0, 100), st.booleans())
def test_hex_is_read_back_padded_or_not_in_either_case(value: int, zeros: int, upper: bool) -> None:
    text = encoding.integer_hex(value)
    assert re.fullmatch("0|-?[1-9a-f][0-9a-f]*", text)
    sign, digits = ("-", text[1:]) if value < 0 else ("", text)
    wire = sign + "0" * zeros + digits
    assert encoding.parse_hex("SALT", wire.upper() if upper else wire) == value


NOT_HEX = [
    "0x1f",
    "0X1F",
    "-0x1f",
    "1_0",
    "_10",
    " 1",
    "1 ",
    "1\n",
    "\n1",
    "1\r",
    "1\0",
    "+1",
    "--1",
    "-",
    "1-",
    "g",
    "1.0",
    "１２",
    "٣",
    "𝟏",
    "−1",
    "ａ",
    "\ufeff1",
    "\ud800",
]


@pytest.mark.parametrize("text", NOT_HEX, ids=ascii)
def test_hex_is_strict(text: str) -> None:
    with pytest.raises(PeerError) as caught:
        encoding.parse_hex("SRP_B", text)
    assert (caught.value.parameter, caught.value.reason) == ("SRP_B", "syntax")
    assert str(caught.value).startswith("SRP_B: ")


NO_TEXT = [(None, "type"), (1, "type"), (b"1f", "type"), (["1f"], "type"), (True, "type"), ("", "empty")]


@pytest.mark.parametrize(("value", "reason"), NO_TEXT, ids=repr)
@pytest.mark.parametrize(
    "parse", [encoding.parse_hex, encoding.parse_base64, encoding.parse_base64_integer, encoding.utf8]
)
def test_parsers_accept_only_strings(parse, value, reason: str) -> None:
    with pytest.raises(PeerError) as caught:
        parse("X", value, error=PeerError)
    assert (caught.value.parameter, caught.value.reason) == ("X", reason)


@pytest.mark.parametrize(
    ("parse", "limit", "digit"),
    [
        (encoding.parse_hex, encoding.MAX_HEX_DIGITS, "f"),
        (encoding.parse_base64, encoding.MAX_BASE64_CHARACTERS, "A"),
        (encoding.utf8, encoding.MAX_TEXT_CHARACTERS, "é"),
    ],
)
def test_limits_are_exact_and_come_before_the_syntax(parse, limit: int, digit: str) -> None:
    parse("X", digit * limit, error=PeerError)
    for text in (digit * (limit + 1), "~" * (limit + 1)):
        with pytest.raises(PeerError) as caught:
            parse("X", text, error=PeerError)
        assert caught.value.reason == "length"
        assert str(caught.value) == f"X: has {limit + 1} characters, more than {limit}"


@given(st.binary(min_size=1, max_size=200))
def test_base64_is_read_in_both_alphabets_padded_or_not(data: bytes) -> None:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        text = encode(data).decode()
        assert encoding.parse_base64("SECRET_BLOCK", text) == data
        assert encoding.parse_base64("SECRET_BLOCK", text.rstrip("=")) == data


NOT_BASE64 = (
    *("A", "AAAAA", "=", "==", "AA=", "AAA==", "AAAA=", "AAAA==", "AAAA====", "AA==AA==", "A==="),
    *("AA AA", "AAAA\n", " AAAA", "AA\nAA", "AA.A", "+-==", "/_AA", "ＡＡＡＡ", "AAA\ud800", "AA\0="),
)


@pytest.mark.parametrize(
    "text",
    NOT_BASE64,
    ids=ascii,
)
def test_base64_is_strict(text: str) -> None:
    with pytest.raises(PeerError) as caught:
        encoding.parse_base64("SECRET_BLOCK", text)
    assert (caught.value.parameter, caught.value.reason) == ("SECRET_BLOCK", "syntax")


@given(st.integers(-(1 << 3080), 1 << 3080))
def test_base64_integers_are_twos_complement(value: int) -> None:
    text = base64.b64encode(oracle.java_bytes(value)).decode()
    assert encoding.parse_base64_integer("Salt", text) == value


def test_a_base64_integer_has_512_bytes_at_most() -> None:
    encoding.parse_base64_integer("Salt", base64.b64encode(bytes(512)).decode())
    with pytest.raises(PeerError, match=r"^Salt: has 513 bytes, more than 512$"):
        encoding.parse_base64_integer("Salt", base64.b64encode(bytes(513)).decode())


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=50))
@example("e\u0301")  # NFD and NFC stay two passwords
@example("\u00e9")
@example(" \t\n\0 ")
def test_text_is_encoded_without_normalisation(text: str) -> None:
    assert encoding.utf8("password", text) == bytes(text, "utf-8")


@pytest.mark.parametrize("text", ["\ud800", "a\udfff", "\ud83d\ude00", "\udc80b"], ids=ascii)
def test_lone_surrogates_are_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        encoding.utf8("password", text)
    assert (caught.value.parameter, caught.value.reason) == ("password", "syntax")
    assert caught.value.__context__ is None  # a UnicodeEncodeError would carry the text


@pytest.mark.parametrize(
    ("pool_id", "name"),
    [("us-east-1_Ab1", "Ab1"), ("eu_west_2_x", "x"), ("a_0", "0"), ("us-gov-west-1_ZZ9", "ZZ9"), ("__1", "1")],
)
def test_the_pool_name_follows_the_last_underscore(pool_id: str, name: str) -> None:
    assert encoding.pool_name(pool_id) == name


NOT_POOL_IDS = (
    *("us-east-1", "Ab1", "_Ab1", "us-east-1_", "us-east-1_Ab1\n", "us-east-1_Ab-1", "us-east-1_Äb", "_", "__"),
    *("us-east-1_Ab1 ", " us-east-1_Ab1", "us.east_Ab1", "üs_Ab1", "us-east-1_Ab1\0", "us-east-1_１"),
)


@pytest.mark.parametrize(
    ("pool_id", "reason"),
    [
        *((text, "syntax") for text in NOT_POOL_IDS),
        (None, "type"),
        (b"us-east-1_Ab1", "type"),
        ("", "empty"),
        ("a_" + "b" * 4095, "length"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_other_pool_ids_raise_usage_error(pool_id, reason: str) -> None:
    with pytest.raises(UsageError) as caught:
        encoding.pool_name(pool_id)
    assert (caught.value.parameter, caught.value.reason) == ("pool_id", reason)


def test_zeros_are_drawn_again_once() -> None:
    drawn = [bytes(32), b"\x01" * 32]
    assert encoding.draw(lambda _: drawn.pop(0), 32) == b"\x01" * 32
    calls: list[int] = []
    with pytest.raises(UsageError) as caught:
        encoding.draw(lambda n: (calls.append(n), bytes(n))[1], 32)
    assert (caught.value.parameter, caught.value.reason, calls) == ("entropy", "zero", [32, 32])


def test_an_exponent_has_all_of_its_256_bits() -> None:
    assert encoding.draw_exponent(lambda n: bytes(range(n))) == int.from_bytes(bytes(range(32)), "big")
    assert encoding.draw_exponent(lambda n: b"\xff" * n) == 2**256 - 1
    assert encoding.draw_exponent(lambda n: bytes(n - 1) + b"\x01") == 1
