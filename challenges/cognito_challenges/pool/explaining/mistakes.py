"""The names of the mistakes that a proof can show, each with its sentence. A name claims no more than is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cognito_challenges.pool.errors import Explanation

_NUMBERS = {
    "A": "went into the hash",
    "B": "went into the hash",
    "S": "went into the key derivation",
    "u": "went into the key derivation",
}
_ENCODINGS: Mapping[str, str] = {
    "missing-sign-byte": "without the 00 byte that its top bit asks for (as unsigned bytes or in fixed width)",
    "unpadded": "as unsigned bytes, without the 00 byte that its top bit asks for",
    "fixed-width": "in fixed width; it is minimal two's complement, so leading zero bytes go",
    "odd-hex": "without the last digit of its hex text, whose number of digits is odd",
}
SENTENCES: Mapping[str, str] = {
    **{
        f"{encoding}-{number}": f"{number} {place} {how}."
        for encoding, how in _ENCODINGS.items()
        for number, place in _NUMBERS.items()
    },
    "scrambler-order": "u was hashed over B and A; A comes first.",
    "scrambler-of-hex": "u was hashed over the hex text of A and B; it takes their bytes.",
    "scrambler-hash": "u was hashed with another hash; it takes SHA-256.",
    "scrambler-cut": "u was cut to 32 bits; it takes all of the hash.",
    "negated-premaster": "S has the wrong sign: B - k g^x was taken negative before it was raised.",
    "premaster-as-hex": "S went into the key derivation as hex text; it takes its bytes.",
    "scrambler-as-hex": "u went into the key derivation as hex text; it takes its bytes.",
    "hkdf-info": "The key was derived with another info than 'Caldera Derived Key' and the byte 01.",
    "hkdf-hash": "The key was derived with another hash; HKDF takes SHA-256 here.",
    "hkdf-swapped": "u and S changed places in the key derivation; u is its salt, S its secret.",
    "hkdf-without-salt": "The key was derived without a salt; u is the salt.",
    "hkdf-extract-only": "The key is what HKDF extracts; the expansion with the info is missing.",
    "no-hkdf": "The key is a plain hash of S; it takes HKDF.",
    "key-length": "The key has another length than the first 16 bytes of HKDF's output.",
    "key-as-text": "The key was used as hex or Base64 text; it takes its bytes.",
    "hex-signature": "PASSWORD_CLAIM_SIGNATURE is written in hex; it takes Base64 of the bytes.",
    "double-base64-signature": "PASSWORD_CLAIM_SIGNATURE is Base64 of Base64; it takes Base64 of the bytes.",
    "base64-of-hex-signature": "PASSWORD_CLAIM_SIGNATURE is Base64 of hex text; it takes Base64 of the bytes.",
    "signature-hash": "The signature was made with another hash; it takes HMAC-SHA256.",
    "no-hmac": "The signature is a plain hash of key and message; it takes HMAC-SHA256.",
    "hmac-swapped": "Key and message changed places in the HMAC.",
    "login-name": "Another name of the user was used where USER_ID_FOR_SRP belongs.",
    "whole-pool-id": "The whole pool id was used; only the part after its last underscore counts.",
    "other-text-encoding": "Names or password were turned into bytes otherwise than as UTF-8.",
    "undecoded-secret-block": "SECRET_BLOCK was signed as text; its Base64 has to be decoded first.",
    "signed-timestamp-form": "The signed TIMESTAMP was written differently from the one that was sent.",
    "signed-timestamp-time": "The signed TIMESTAMP is of another time than the one that was sent.",
    "message-order": "The signed message has its parts in another order than pool, user, secret block, TIMESTAMP.",
    "message-part-missing": "The signed message lacks one of pool, user, secret block and TIMESTAMP.",
    "message-separators": "The signed message has separators between its parts; it takes none.",
    "device-keys-swapped": "The device key and the device group key were swapped.",
    "user-names-for-device": "The device proof was signed over the pool and user instead of the device's keys.",
    "another-attempt": "The proof belongs to another attempt: its a, B or secret block was used.",
    "unpadded-salt": "The salt went into the hash without the 00 byte that its top bit asks for.",
    "fixed-width-salt": "The salt was used in its full width of bytes; it is hashed as minimal two's complement.",
    "salt-padded-as-text": "The salt's hex text was decoded as it came; its leading zeros are no part of the number.",
    "salt-as-text": "The salt's hex digits were hashed as text.",
    "salt-last": "The salt was hashed after the inner hash; it comes first.",
    "inner-hash-as-hex": "The inner hash of x went into the outer one as hex text; it takes its bytes.",
    "no-inner-hash": "x was hashed once; pool, user and password are hashed before the salt is put in front.",
    "no-pool-in-x": "The pool's name is missing from x.",
    "no-user-in-x": "The user's name is missing from x.",
    "no-colon-in-x": "The colon before the password is missing from x.",
    "x-hash": "x was hashed with another hash; it takes SHA-256.",
    "nfc-password": "The password was normalised to NFC; its characters have to stay as they were set.",
    "nfd-password": "The password was normalised to NFD; its characters have to stay as they were set.",
    "nfkc-password": "The password was normalised to NFKC; its characters have to stay as they were set.",
    "letter-case-of-password": "The password was used with its letters in another case.",
    "space-around-password": "The password had spaces or a line end around it.",
    "former-password": "An earlier password of this user was used.",
    "generator": "g is not 2, for which k may be another one too.",
    "multiplier": "k is not SHA-256 over the bytes of N, with the 00 that its top bit asks for, and g.",
}


def explanation(mistakes: Iterable[str], note: str = "") -> Explanation:
    """The mistakes in words, in the order of the table, and a note after them."""
    names = [name for name in SENTENCES if name in frozenset(mistakes)]
    sentences = [SENTENCES[name] for name in names]
    return Explanation("+".join(names), " ".join([*sentences, note] if note else sentences))
