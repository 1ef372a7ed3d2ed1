"""Why a proof was refused: the known mistakes of clients, recomputed one by one.

What can be told from one proof is every mistake that leaves the verifier as it is: how numbers became bytes, and what
went into the signed message. A mistake in x (name, pool, password, salt) changes g^x, and SRP lets whoever plays the
server test exactly one g^x a run: the client's key is (B - k g^x)^(a + u x), and only for the g^x that B was made with
does the server know that power. So `probes` tests those mistakes one challenge at a time.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import product

from cognito_challenges.pool.errors import Explanation
from cognito_challenges.pool.store.attempt import Attempt, SrpChallenge
from cognito_srp import PeerError, formulas
from cognito_srp.encoding import integer_bytes, parse_base64

SENTENCES: Mapping[str, str] = {
    "unpadded-A": "A went into the hash without the 00 byte that its top bit asks for.",
    "unpadded-B": "B went into the hash without the 00 byte that its top bit asks for.",
    "unpadded-S": "S went into the key derivation without the 00 byte that its top bit asks for.",
    "unpadded-u": "u went into the key derivation without the 00 byte that its top bit asks for.",
    "fixed-width-A": "A was padded to 384 bytes; it goes into the hash as minimal two's complement.",
    "fixed-width-B": "B was padded to 384 bytes; it goes into the hash as minimal two's complement.",
    "fixed-width-S": "S was padded to 384 bytes; it goes into the key derivation as minimal two's complement.",
    "fixed-width-u": "u was used as its 32 hash bytes; leading zeros go, and the top bit asks for a 00 byte.",
    "login-name": "The login name was used where USER_ID_FOR_SRP belongs.",
    "whole-pool-id": "The whole pool id was used; only the part after its last underscore counts.",
    "undecoded-secret-block": "SECRET_BLOCK was signed as text; its Base64 has to be decoded first.",
    "signed-timestamp-padded-day": "The signed TIMESTAMP had a zero-padded day; the one that was sent had not.",
    "device-keys-swapped": "The device key and the device group key were swapped.",
    "user-names-for-device": "The device proof was signed over the pool and user instead of the device's keys.",
    "another-attempt": "The proof belongs to another attempt: its A, B or secret block was answered.",
    "unpadded-salt": "The salt went into the hash without the 00 byte that its top bit asks for.",
    "fixed-width-salt": "The salt was used in its full width of bytes; it is hashed as minimal two's complement.",
    "salt-padded-as-text": "The salt's hex text was decoded as it came; its leading zeros are no part of the number.",
    "salt-as-text": "The salt's hex digits were hashed as text.",
    "nfc-password": "The password was normalised to NFC; its characters have to stay as they were set.",
    "nfd-password": "The password was normalised to NFD; its characters have to stay as they were set.",
    "space-around-password": "The password had spaces or a line end around it.",
    "password-of-another-attempt": "An earlier password of this user was used.",
}
_WIDTHS = {"A": 384, "B": 384, "S": 384, "u": 32}


@dataclass(frozen=True, slots=True)
class Message:
    """What was signed: the two names, the secret block's bytes and the timestamp, and the mistake in it if any."""

    mistake: str
    group_name: str
    identity: str
    secret_block: bytes
    timestamp: str


def proof_mistakes(
    attempt: Attempt, given: Mapping[str, str], earlier: tuple[SrpChallenge, ...]
) -> frozenset[str] | None:
    """The smallest set of mistakes under which the given proof fits; None when no set does.

    given: PASSWORD_CLAIM_SIGNATURE, PASSWORD_CLAIM_SECRET_BLOCK and TIMESTAMP.
    earlier: the user's other challenges, one of which the proof may have been meant for.
    """
    srp = attempt.srp
    if srp is None or srp.b is None or srp.verifier is None:
        return None
    try:
        signature = parse_base64("PASSWORD_CLAIM_SIGNATURE", given["PASSWORD_CLAIM_SIGNATURE"])
    except PeerError:
        return None
    messages = list(_messages(attempt, srp, given))
    found: list[frozenset[str]] = []
    for mistakes, key in _keys(srp):
        fitting = [message.mistake for message in messages if _signs(key, message, signature)]
        found.extend(mistakes | ({mistake} - {""}) for mistake in fitting)
    if found:
        return min(found, key=len)
    others = tuple(other for other in earlier if other is not srp)
    return _of_another_attempt(srp, messages[0], signature, others)


def explanation(mistakes: frozenset[str]) -> Explanation:
    """The mistakes in words, in a fixed order."""
    names = [name for name in SENTENCES if name in mistakes]
    return Explanation("+".join(names), " ".join(SENTENCES[name] for name in names))


def _keys(srp: SrpChallenge) -> Iterator[tuple[frozenset[str], bytes]]:
    """The session key under each combination of encodings, the fewest mistakes first."""
    if srp.b is None or srp.verifier is None:
        return
    b, verifier = int.from_bytes(srp.b, "big"), srp.verifier.value
    public_a, public_b = int(srp.srp_a, 16), int(srp.srp_b, 16)
    premasters: dict[int, int] = {}
    seen: set[bytes] = set()
    encodings = [_encodings("A", public_a), _encodings("B", public_b)]
    for (mistake_a, bytes_a), (mistake_b, bytes_b) in product(*encodings):
        u = int.from_bytes(sha256(bytes_a + bytes_b).digest(), "big")
        if u not in premasters:
            premasters[u] = formulas.server_premaster(b, public_a, verifier, u)
        for (mistake_s, bytes_s), (mistake_u, bytes_u) in product(_encodings("S", premasters[u]), _encodings("u", u)):
            key = hmac.digest(hmac.digest(bytes_u, bytes_s, "sha256"), b"Caldera Derived Key\x01", "sha256")[:16]
            if key not in seen:
                seen.add(key)
                yield frozenset({mistake_a, mistake_b, mistake_s, mistake_u} - {""}), key


def _encodings(name: str, value: int) -> list[tuple[str, bytes]]:
    """bytes(i) first, then the ways in which clients get it wrong, as far as they differ for this value."""
    right = integer_bytes(value)
    wrong = {
        f"unpadded-{name}": value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"),
        f"fixed-width-{name}": value.to_bytes(_WIDTHS[name], "big"),
    }
    return [("", right), *((mistake, encoded) for mistake, encoded in wrong.items() if encoded != right)]


def _messages(attempt: Attempt, srp: SrpChallenge, given: Mapping[str, str]) -> Iterator[Message]:
    pool, user = attempt.pool, attempt.user
    if srp.device is None:
        group, identity = pool.pool_id.rpartition("_")[2], user.username
    else:
        group, identity = pool.device_group_key, srp.device.key
    text, stamp = srp.secret_block, given["TIMESTAMP"]
    block = parse_base64("SECRET_BLOCK", text)
    yield Message("", group, identity, block, stamp)
    yield Message("undecoded-secret-block", group, identity, text.encode(), stamp)
    if srp.device is not None:
        yield Message("device-keys-swapped", identity, group, block, stamp)
        yield Message("user-names-for-device", pool.pool_id.rpartition("_")[2], user.username, block, stamp)
    else:
        yield Message("whole-pool-id", pool.pool_id, identity, block, stamp)
        for name in other_names(attempt):
            yield Message("login-name", group, name, block, stamp)
    words = stamp.split(" ")
    if len(words) == 6 and len(words[2]) == 1:
        words[2] = f"0{words[2]}"
        yield Message("signed-timestamp-padded-day", group, identity, block, " ".join(words))


def other_names(attempt: Attempt) -> list[str]:
    """Every name of the user that a client might take for USER_ID_FOR_SRP."""
    user = attempt.user
    names = [attempt.login_name, attempt.login_name.lower(), user.username.lower(), user.sub]
    names += [user.attributes.get(name, "") for name in ("email", "phone_number", "preferred_username")]
    return [name for name in dict.fromkeys(names) if name and name != user.username]


def _of_another_attempt(
    srp: SrpChallenge, message: Message, signature: bytes, earlier: tuple[SrpChallenge, ...]
) -> frozenset[str] | None:
    """A proof made from an earlier challenge's numbers, or signed over an earlier secret block."""
    own = next(_keys(srp))[1]
    for other in earlier:
        block = parse_base64("SECRET_BLOCK", other.secret_block)
        for key in (own, next(_keys(other))[1]):
            for secret_block in (message.secret_block, block):
                tried = Message("", message.group_name, message.identity, secret_block, message.timestamp)
                if _signs(key, tried, signature):
                    return frozenset({"another-attempt"})
    return None


def _signs(key: bytes, message: Message, signature: bytes) -> bool:
    signed = message.group_name.encode() + message.identity.encode() + message.secret_block + message.timestamp.encode()
    return hmac.compare_digest(hmac.digest(key, signed, "sha256"), signature)
