"""Each formula by itself, with its arguments and every intermediate value, and RFC 5054's published numbers."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import Any

from cognito_srp import formulas
from cognito_srp.encoding import integer_bytes
from cognito_srp.group import G, K, N

from .claims import NOW, POOL_NAME, Identity, Numbers, search, secret_block
from .document import Document, case, group
from .password_claim import USER_ID
from .server import MOMENT

_BRANCHES: list[set[str]] = [
    set(),
    {"TopBitA", "TopBitB"},
    {"LeadingZeroA", "LeadingZeroTopBitB"},
    {"TopBitS", "TopBitU"},
    {"LeadingZeroS"},
    {"LeadingZeroTopBitS", "OddNibbleU"},
    {"LeadingZeroU", "OddNibbleS"},
    {"LeadingZeroX", "TopBitSalt"},
    {"TopBitX", "LeadingZeroSalt"},
    {"LeadingZeroInnerHash"},
    {"LeadingZeroPrk"},
    {"LeadingZeroKey"},
]


def make() -> Document:
    """The file formula."""
    numbers = [
        search(f"formula {i}", Identity(POOL_NAME, USER_ID, ""), flags, lambda n: f"staple {n}")
        for i, flags in enumerate(_BRANCHES)
    ]
    kinds = {
        "public-ephemeral": _public_ephemeral,
        "scrambler": _scrambler,
        "private-key": _private_key,
        "verifier": _verifier,
        "server-public-ephemeral": _server_public,
        "client-premaster": _client_premaster,
        "server-premaster": _server_premaster,
        "session-key": _session_key,
        "signature": _signature,
    }
    multiplier = case(
        "k = SHA256(bytes(N) | bytes(g))",
        {"Ordinary"},
        {"n": f"{N:x}", "g": f"{G:x}"},
        expected={"k": f"{K:x}"},
        trace={"hashed": (integer_bytes(N) + integer_bytes(G)).hex()},
    )
    groups = [group("multiplier", [multiplier])]
    for kind, of in kinds.items():
        tests = []
        for each, flags in zip(numbers, _BRANCHES, strict=True):
            given, expected, trace = of(each)
            comment = ", ".join(sorted(flags)) or "no rare branch"
            tests.append(case(comment, flags or {"Ordinary"}, given, expected=expected, trace=trace))
        groups.append(group(kind, tests))
    return {
        "title": "formulas: one at a time",
        "description": ["Integers are minimal hex; what was hashed or keyed stands in trace, byte for byte."],
        "schema": "formula",
        "groups": groups,
    }


Values = tuple[dict[str, Any], dict[str, str], dict[str, str]]


def _public_ephemeral(n: Numbers) -> Values:
    return {"a": f"{n.a:x}"}, {"A": f"{n.public_a:x}"}, {"bytes": integer_bytes(n.public_a).hex()}


def _scrambler(n: Numbers) -> Values:
    hashed = integer_bytes(n.public_a) + integer_bytes(n.public_b)
    return {"A": f"{n.public_a:x}", "B": f"{n.public_b:x}"}, {"u": f"{n.u:x}"}, {"hashed": hashed.hex()}


def _private_key(n: Numbers) -> Values:
    given = {"salt": f"{n.salt:x}", "group": n.who.group, "identity": n.who.identity, "password": n.who.password}
    trace = {"inner": n.who.inner().hex(), "hashed": (integer_bytes(n.salt) + n.who.inner()).hex()}
    return given, {"x": f"{n.x:x}"}, trace


def _verifier(n: Numbers) -> Values:
    return {"x": f"{n.x:x}"}, {"v": f"{n.v:x}"}, {"bytes": integer_bytes(n.v).hex()}


def _server_public(n: Numbers) -> Values:
    assert n.b is not None
    g_b = formulas.public_ephemeral(n.b)
    return {"v": f"{n.v:x}", "b": f"{n.b:x}"}, {"B": f"{n.public_b:x}"}, {"g_b": f"{g_b:x}"}


def _client_premaster(n: Numbers) -> Values:
    given = {"a": f"{n.a:x}", "B": f"{n.public_b:x}", "x": f"{n.x:x}", "u": f"{n.u:x}"}
    base, exponent = (n.public_b - K * n.v) % N, n.a + n.u * n.x
    return given, {"S": f"{n.s:x}"}, {"base": f"{base:x}", "exponent": f"{exponent:x}"}


def _server_premaster(n: Numbers) -> Values:
    assert n.b is not None
    given = {"b": f"{n.b:x}", "A": f"{n.public_a:x}", "v": f"{n.v:x}", "u": f"{n.u:x}"}
    base = n.public_a * pow(n.v, n.u, N) % N
    s = formulas.server_premaster(n.b, n.public_a, n.v, n.u)
    if s != n.s:
        raise AssertionError
    return given, {"S": f"{s:x}"}, {"base": f"{base:x}"}


def _session_key(n: Numbers) -> Values:
    trace = {"salt": integer_bytes(n.u).hex(), "ikm": integer_bytes(n.s).hex(), "prk": n.prk.hex()}
    return {"S": f"{n.s:x}", "u": f"{n.u:x}"}, {"key": n.key.hex()}, trace


def _signature(n: Numbers) -> Values:
    block = secret_block(f"formula {NOW}")
    given = {
        "key": n.key.hex(),
        "group": n.who.group,
        "identity": n.who.identity,
        "secret_block": b64encode(block).decode(),
        "timestamp": MOMENT,
    }
    message = f"{n.who.group}{n.who.identity}".encode() + block + MOMENT.encode()
    signature = formulas.claim_signature(
        n.key,
        group_name=n.who.group.encode(),
        identity=n.who.identity.encode(),
        secret_block=block,
        timestamp=MOMENT.encode(),
    )
    return given, {"signature": signature}, {"message": message.hex()}


def rfc5054() -> Document:
    """The file rfc5054: appendix B, checked while it is written."""
    n = int(_RFC["N"], 16)
    given = {name: f"{int(_RFC[name], 16):x}" for name in ("N", "s", "a", "b")}
    expected = {name: f"{int(_RFC[name], 16):x}" for name in ("k", "x", "v", "A", "B", "u", "S")}
    x = hashlib.sha1(bytes.fromhex(_RFC["s"]) + hashlib.sha1(b"alice:password123").digest()).hexdigest()
    if int(x, 16) != int(_RFC["x"], 16) or pow(2, int(x, 16), n) != int(_RFC["v"], 16):
        raise AssertionError
    test = case(
        "SHA-1, the 1024-bit group, fixed width (PAD)",
        {"PublishedVector"},
        {"I": "alice", "P": "password123", "g": "2", **given},
        expected=expected,
    )
    return {
        "title": "RFC 5054, appendix B",
        "description": [
            "Checks modular arithmetic and the structure of SRP-6a. Cognito's group, hash and bytes differ."
        ],
        "schema": "rfc5054",
        "groups": [group("rfc5054", [test], source={"name": "RFC 5054, appendix B", "version": "November 2007"})],
    }


_RFC = {
    "N": "EEAF0AB9ADB38DD69C33F80AFA8FC5E86072618775FF3C0B9EA2314C9C256576D674DF7496EA81D3383B4813D692C6E0"
    "E0D5D8E250B98BE48E495C1D6089DAD15DC7D7B46154D6B6CE8EF4AD69B15D4982559B297BCF1885C529F566660E57EC68EDBC3C"
    "05726CC02FD4CBF4976EAA9AFD5138FE8376435B9FC61D2FC0EB06E3",
    "s": "BEB25379D1A8581EB5A727673A2441EE",
    "k": "7556AA045AEF2CDD07ABAF0F665C3E818913186F",
    "x": "94B7555AABE9127CC58CCF4993DB6CF84D16C124",
    "v": "7E273DE8696FFC4F4E337D05B4B375BEB0DDE1569E8FA00A9886D8129BADA1F1822223CA1A605B530E379BA4729FDC59"
    "F105B4787E5186F5C671085A1447B52A48CF1970B4FB6F8400BBF4CEBFBB168152E08AB5EA53D15C1AFF87B2B9DA6E04E058AD51"
    "CC72BFC9033B564E26480D78E955A5E29E7AB245DB2BE315E2099AFB",
    "a": "60975527035CF2AD1989806F0407210BC81EDC04E2762A56AFD529DDDA2D4393",
    "b": "E487CB59D31AC550471E81F00F6928E01DDA08E974A004F49E61F5D105284D20",
    "A": "61D5E490F6F1B79547B0704C436F523DD0E560F0C64115BB72557EC44352E8903211C04692272D8B2D1A5358A2CF1B6E"
    "0BFCF99F921530EC8E39356179EAE45E42BA92AEACED825171E1E8B9AF6D9C03E1327F44BE087EF06530E69F66615261EEF54073"
    "CA11CF5858F0EDFDFE15EFEAB349EF5D76988A3672FAC47B0769447B",
    "B": "BD0C61512C692C0CB6D041FA01BB152D4916A1E77AF46AE105393011BAF38964DC46A0670DD125B95A981652236F99D9"
    "B681CBF87837EC996C6DA04453728610D0C6DDB58B318885D7D82C7F8DEB75CE7BD4FBAA37089E6F9C6059F388838E7A00030B33"
    "1EB76840910440B1B27AAEAEEB4012B7D7665238A8E3FB004B117B58",
    "u": "CE38B9593487DA98554ED47D70A7AE5F462EF019",
    "S": "B0DC82BABCF30674AE450C0287745E7990A3381F63B387AAF271A10D233861E359B48220F7C4693C9AE12B0A6F67809F"
    "0876E2D013800D6C41BB59B6D5979B5C00A172B4A2A5903A0BDCAF8A709585EB2AFAFA8F3499B200210DCC1F10EB33943CD67FC8"
    "8A2F39A4BE5BEC4EC0A3212DC346D7E474B29EDE8A469FFECA686E5A",
}
