"""Every formula against the second implementation, and against the RFCs where their vectors apply."""

import base64
import hashlib
import hmac as standard_hmac

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cognito_srp import arithmetic, formulas, group, secret_hash
from support import oracle
from support.oracle import N

EXPONENTS = st.integers(1, 2**256 - 1)
RESIDUES = st.integers(2, N - 2)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
SALTS = st.integers(-(2**127), 2**128 - 1)
maths = settings(max_examples=15, deadline=None)


def test_the_group_is_rfc_3526s_with_cognitos_generator() -> None:
    assert group.N == oracle.N  # derived from the digits of pi
    assert group.N.bit_length() == 3072
    assert group.G == 2
    assert oracle.k == group.K
    assert f"{group.K:064x}" == "538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6"


def test_the_prime_is_safe() -> None:
    """By Fermat: 2**(p-1) == 1 and 3**(p-1) == 1 for both N and (N - 1) / 2."""
    for p in (group.N, (group.N - 1) // 2):
        assert pow(2, p - 1, p) == pow(3, p - 1, p) == 1


@maths
@given(EXPONENTS)
@example(1)
@example(2**1024 - 1)
def test_public_ephemeral_agrees_with_int(a: int) -> None:
    assert formulas.public_ephemeral(a) == pow(2, a, N)


@given(RESIDUES, RESIDUES)
@example(1, 1)
@example(0x7F, 0x80)
@example(2**3071, 2**3071 - 1)
def test_scrambler_agrees_with_the_oracle(public_a: int, public_b: int) -> None:
    assert formulas.scrambler(public_a, public_b) == oracle.scrambler(public_a, public_b)


@given(SALTS, TEXTS, TEXTS, TEXTS)
@example(0, "Ab1", "user", "e\u0301")
@example(-1, "Ab1", "user", "\u00e9")
@example(2**127, "-group", "us-east-1_device", "p:q")
def test_private_key_agrees_with_the_oracle(salt: int, group_name: str, identity: str, password: str) -> None:
    x = formulas.private_key(
        salt, group_name=group_name.encode(), identity=identity.encode(), password=password.encode()
    )
    assert x == oracle.private_key(salt, group_name, identity, password)
    assert 0 < x < 2**256


def test_private_key_equals_hashes_by_hand() -> None:
    inner = hashlib.sha256(b"Ab1alice:secret").digest()
    expected = hashlib.sha256(b"\x00\x80" + inner).hexdigest()
    x = formulas.private_key(0x80, group_name=b"Ab1", identity=b"alice", password=b"secret")
    assert f"{x:064x}" == expected


@maths
@given(EXPONENTS)
def test_verifiers_agree_with_the_oracle(x: int) -> None:
    assert formulas.password_verifier(x) == formulas.device_verifier(x) == oracle.verifier(x)


@maths
@given(EXPONENTS, EXPONENTS, EXPONENTS)
def test_both_roles_reach_the_oracles_premaster(a: int, b: int, x: int) -> None:
    v = oracle.verifier(x)
    public_a, public_b = pow(2, a, N), oracle.server_public(x, b)
    assert formulas.server_public_ephemeral(v, b) == public_b
    u = oracle.scrambler(public_a, public_b)
    expected = oracle.client_premaster(a, public_b, x, u)
    assert formulas.client_premaster(a, public_b, v, x, u) == expected
    assert formulas.server_premaster(b, public_a, v, u) == expected


@pytest.mark.parametrize("name", arithmetic.PREFERENCE)
def test_every_arithmetic_gives_the_same_numbers(name: arithmetic.Name) -> None:
    by = arithmetic.load(name)
    a, b, x, u = 3**150, 5**100, 7**80, 11**70
    v = oracle.verifier(x)
    public_b = oracle.server_public(x, b)
    assert formulas.public_ephemeral(a, by) == pow(2, a, N)
    assert formulas.password_verifier(x, by) == formulas.device_verifier(x, by) == v
    assert formulas.server_public_ephemeral(v, b, by) == public_b
    expected = oracle.client_premaster(a, public_b, x, u)
    assert formulas.client_premaster(a, public_b, v, x, u, by) == expected
    assert formulas.server_premaster(b, pow(2, a, N), v, u, by) == expected


@given(RESIDUES, EXPONENTS)
@example(1 << 3064, 1 << 248)  # both with a leading zero byte
@example(0x80, 0x80)
@example(0x7F, 0x7F)
def test_session_key_is_hkdf(premaster: int, u: int) -> None:
    key = formulas.session_key(premaster, u)
    assert key == oracle.session_key(premaster, u)
    second_opinion = HKDF(hashes.SHA256(), 16, salt=oracle.java_bytes(u), info=b"Caldera Derived Key")
    assert key == second_opinion.derive(oracle.java_bytes(premaster))


# RFC 5869, appendix A, the SHA-256 cases: input key, salt, info, and the output's first 16 bytes.
RFC_5869 = {
    "A.1": ("0b" * 22, "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9", "3cb25f25faacd57a90434f64d0362f2a"),
    "A.2": (
        bytes(range(0x50)).hex(),
        bytes(range(0x60, 0xB0)).hex(),
        bytes(range(0xB0, 0x100)).hex(),
        "b11e398dc80327a1c8e7f78c596a4934",
    ),
}


@pytest.mark.parametrize(("ikm", "salt", "info", "output"), RFC_5869.values(), ids=RFC_5869)
def test_session_key_has_the_structure_of_rfc_5869(
    ikm: str, salt: str, info: str, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the RFC's label, and its octet strings where the numbers stand, the formula gives the RFC's first block."""
    monkeypatch.setattr(formulas, "_INFO", bytes.fromhex(info) + b"\x01")
    monkeypatch.setattr(formulas, "integer_bytes", bytes.fromhex)
    assert formulas.session_key(ikm, salt).hex() == output


# RFC 5054, appendix B: the 1024-bit group with SHA-1 and PAD().
RFC_5054 = {
    "N": "EEAF0AB9ADB38DD69C33F80AFA8FC5E86072618775FF3C0B9EA2314C9C256576D674DF7496EA81D3383B4813D692C6E0"
    "E0D5D8E250B98BE48E495C1D6089DAD15DC7D7B46154D6B6CE8EF4AD69B15D4982559B297BCF1885C529F566660E57EC"
    "68EDBC3C05726CC02FD4CBF4976EAA9AFD5138FE8376435B9FC61D2FC0EB06E3",
    "k": "7556AA045AEF2CDD07ABAF0F665C3E818913186F",
    "s": "BEB25379D1A8581EB5A727673A2441EE",
    "x": "94B7555AABE9127CC58CCF4993DB6CF84D16C124",
    "a": "60975527035CF2AD1989806F0407210BC81EDC04E2762A56AFD529DDDA2D4393",
    "b": "E487CB59D31AC550471E81F00F6928E01DDA08E974A004F49E61F5D105284D20",
    "A": "61D5E490F6F1B79547B0704C436F523DD0E560F0C64115BB72557EC44352E8903211C04692272D8B2D1A5358A2CF1B6E"
    "0BFCF99F921530EC8E39356179EAE45E42BA92AEACED825171E1E8B9AF6D9C03E1327F44BE087EF06530E69F66615261"
    "EEF54073CA11CF5858F0EDFDFE15EFEAB349EF5D76988A3672FAC47B0769447B",
    "B": "BD0C61512C692C0CB6D041FA01BB152D4916A1E77AF46AE105393011BAF38964DC46A0670DD125B95A981652236F99D9"
    "B681CBF87837EC996C6DA04453728610D0C6DDB58B318885D7D82C7F8DEB75CE7BD4FBAA37089E6F9C6059F388838E7A"
    "00030B331EB76840910440B1B27AAEAEEB4012B7D7665238A8E3FB004B117B58",
    "u": "CE38B9593487DA98554ED47D70A7AE5F462EF019",
    "S": "B0DC82BABCF30674AE450C0287745E7990A3381F63B387AAF271A10D233861E359B48220F7C4693C9AE12B0A6F67809F"
    "0876E2D013800D6C41BB59B6D5979B5C00A172B4A2A5903A0BDCAF8A709585EB2AFAFA8F3499B200210DCC1F10EB3394"
    "3CD67FC88A2F39A4BE5BEC4EC0A3212DC346D7E474B29EDE8A469FFECA686E5A",
}


class Rfc5054Arithmetic(arithmetic.Arithmetic):
    """Exponentiation in the RFC's group."""

    modulus = int(RFC_5054["N"], 16)

    def __init__(self) -> None: ...

    def power(self, base: int, exponent: int) -> int:
        return pow(base, exponent, self.modulus)

    def generator_power(self, exponent: int) -> int:
        return pow(2, exponent, self.modulus)

    password_power = generator_power


def test_the_formulas_have_the_structure_of_rfc_5054(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the RFC's group, hash and PAD in place of Cognito's, the same formulas give the RFC's numbers."""
    rfc = {name: int(text, 16) for name, text in RFC_5054.items()}
    monkeypatch.setattr(formulas, "N", rfc["N"])
    monkeypatch.setattr(formulas, "K", rfc["k"])
    monkeypatch.setattr(formulas, "sha256", hashlib.sha1)
    by = Rfc5054Arithmetic()
    monkeypatch.setattr(formulas, "integer_bytes", lambda value: value.to_bytes(16, "big"))
    x = formulas.private_key(rfc["s"], group_name=b"al", identity=b"ice", password=b"password123")
    assert x == rfc["x"]
    v = formulas.password_verifier(x, by)
    assert formulas.public_ephemeral(rfc["a"], by) == rfc["A"]
    assert formulas.server_public_ephemeral(v, rfc["b"], by) == rfc["B"]
    monkeypatch.setattr(formulas, "integer_bytes", lambda value: value.to_bytes(128, "big"))
    u = formulas.scrambler(rfc["A"], rfc["B"])
    assert u == rfc["u"]
    assert formulas.client_premaster(rfc["a"], rfc["B"], v, x, u, by) == rfc["S"]
    assert formulas.server_premaster(rfc["b"], rfc["A"], v, u, by) == rfc["S"]


@given(st.binary(min_size=16, max_size=16), TEXTS, TEXTS, st.binary(max_size=300))
def test_claim_signature_agrees_with_the_oracle(key: bytes, group_name: str, identity: str, block: bytes) -> None:
    stamp = "Sat Mar 7 00:05:09 UTC 2026"
    signature = formulas.claim_signature(
        key, group_name=group_name.encode(), identity=identity.encode(), secret_block=block, timestamp=stamp.encode()
    )
    assert signature == oracle.signature(key, group_name, identity, block, stamp)


def test_claim_signature_equals_an_hmac_by_hand() -> None:
    message = b"Ab1alice\x00\xffSat Mar 7 00:05:09 UTC 2026"
    expected = base64.b64encode(standard_hmac.new(b"k" * 16, message, "sha256").digest()).decode()
    assert (
        formulas.claim_signature(
            b"k" * 16,
            group_name=b"Ab1",
            identity=b"alice",
            secret_block=b"\x00\xff",
            timestamp=b"Sat Mar 7 00:05:09 UTC 2026",
        )
        == expected
    )


@given(TEXTS, TEXTS, TEXTS)
@example("ada@example.com", "1h57kf5cpq17m0eml12EXAMPLE", "s" * 64)
def test_secret_hash_agrees_with_the_oracle(username: str, client_id: str, client_secret: str) -> None:
    assert secret_hash(username, client_id=client_id, client_secret=client_secret) == oracle.secret_hash(
        username, client_id, client_secret
    )


def test_secret_hash_is_keyed_with_the_secret() -> None:
    mac = standard_hmac.new(b"the secret", b"aliceclient", "sha256").digest()
    assert secret_hash("alice", client_id="client", client_secret="the secret") == base64.b64encode(mac).decode()
