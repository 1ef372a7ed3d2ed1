"""Every flag: what a client gets wrong, and how often that strikes in the field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# The shapes of an integer of fixed size, by its first bytes. Each says what goes wrong and how often it happens.
SHAPES = {
    "TopBit": "1 in 2",
    "OddNibble": "1 in 17",
    "LeadingZero": "1 in 512",
    "LeadingZeroTopBit": "1 in 512",
}

_SHAPE_TEXT = {
    "TopBit": "The top bit of {q} is set, so that bytes({q}) starts with an extra 00. Left out, {harm}.",
    "OddNibble": "{q} has an odd number of hex digits. Decoded without a 0 in front, {harm}.",
    "LeadingZero": "The first byte of {q} is 00 and the next below 80, so that bytes({q}) is shorter. "
    "Padded to full width as RFC 5054 does, {harm}.",
    "LeadingZeroTopBit": "The first byte of {q} is 00 and the next 80 or above, so that bytes({q}) keeps exactly one "
    "00. Stripped without a look at the next byte, {harm}.",
}

# x is a digest that becomes an exponent: bytes(x) is never taken, but its way from digest to number may go wrong.
_X_TEXT = {
    "TopBit": "The top bit of x is set. Read as a signed number x is negative, and the user can never sign in.",
    "OddNibble": "The digest that becomes x starts with a zero digit. Carried as text it may lose it, and with it its "
    "place: the user can never sign in.",
    "LeadingZero": "The digest that becomes x starts with 00. Carried in fewer bytes than 32, it must stay the same "
    "number.",
    "LeadingZeroTopBit": "The digest that becomes x starts with 00 and a set bit. Stripped and read as a signed number "
    "x is negative, and the user can never sign in.",
}

# What a quantity is called, what is lost with it, and in what the frequency counts.
QUANTITIES = {
    "A": ("A", "u differs and the proof is refused", "sign-ins"),
    "B": ("B", "u differs and the proof is refused", "sign-ins"),
    "S": ("S", "the session key differs and the proof is refused", "sign-ins"),
    "U": ("u", "the HKDF's salt differs and the proof is refused", "sign-ins"),
    "Salt": ("the salt", "x differs and the user can never sign in", "users"),
}


@dataclass(frozen=True)
class Flag:
    """kind: a family of faults. decision: the number in the list of known disagreements between clients."""

    kind: str
    description: str
    frequency: str
    decision: int | None = None

    def note(self) -> dict[str, Any]:
        """The flag's entry in a file's notes."""
        note: dict[str, Any] = {"kind": self.kind, "description": self.description, "frequency": self.frequency}
        if self.decision is not None:
            note["decision"] = self.decision
        return note


def _sentence(text: str) -> str:
    """With a capital, unless it starts with a symbol."""
    return f"T{text[1:]}" if text.startswith("the ") else text


def _shape_flags() -> dict[str, Flag]:
    made = {}
    for shape, frequency in SHAPES.items():
        for name, (quantity, harm, unit) in QUANTITIES.items():
            text = _SHAPE_TEXT[shape].format(q=quantity, harm=harm)
            made[shape + name] = Flag("RareBranch", _sentence(text), f"{frequency} {unit}")
        made[f"{shape}X"] = Flag("RareBranch", _X_TEXT[shape], f"{frequency} users")
    return made


_ALWAYS = "every sign-in"
_WIRE = "whenever the service sends it so"
_HOSTILE = "only from a hostile or broken service"
_CALLER = "only through a caller's mistake"
_UNSETTLED = "unsettled: only a live pool can tell"

FLAGS: dict[str, Flag] = {
    "Ordinary": Flag("Basic", "No rare branch: every quantity has full width and a clear top bit.", _ALWAYS),
    **_shape_flags(),
    "LeadingZeroInnerHash": Flag(
        "RareBranch",
        "SHA256(group | identity | ':' | password) starts with 00. Carried as a number instead of 32 bytes, it loses "
        "the byte, and the user can never sign in.",
        "1 in 256 users",
    ),
    "LeadingZeroPrk": Flag(
        "RareBranch",
        "The HKDF's pseudorandom key starts with 00. Carried as a number it loses the byte and the proof is refused.",
        "1 in 256 sign-ins",
    ),
    "LeadingZeroKey": Flag(
        "RareBranch",
        "The session key starts with 00. Carried as a number it loses the byte; only because HMAC pads its key with "
        "zeros at the end, not in front, does that change the signature.",
        "1 in 256 sign-ins",
    ),
    "LeadingZeroVerifier": Flag(
        "RareBranch",
        "The first byte of g^x is 00, so that bytes(g^x) is shorter or keeps exactly one 00. In full width it is "
        "another text than the reference clients send.",
        "1 in 256 devices",
    ),
    "TopBitVerifier": Flag(
        "RareBranch",
        "The top bit of g^x is set. Sent without the extra 00 it reads as a negative number in two's complement.",
        "1 in 2 devices",
    ),
    # What comes over the wire, in each form that is an integer or Base64 all the same.
    "SaltZeroPadded": Flag(
        "WireForm",
        "SALT has zeros in front. It is an integer: hashed as it stands, x differs and the user can never sign in.",
        "1 in 256 users where the salt is sent in full width",
        1,
    ),
    "SaltOddLength": Flag("WireForm", "SALT has an odd number of hex digits.", "1 in 17 users", 1),
    "SaltUpperCase": Flag("WireForm", "SALT is in upper or mixed case.", _WIRE, 1),
    "SaltNegative": Flag(
        "WireForm",
        "SALT is negative, as some pools send it for users that do not exist. bytes(salt) is two's complement.",
        "every unknown user of a pool that hides which users exist",
        1,
    ),
    "SaltEdge": Flag("WireForm", "SALT is one of the integers at which bytes(i) grows by a byte.", "very rare", 1),
    "SaltUnusualLength": Flag("WireForm", "SALT has more or fewer than 16 bytes.", _WIRE, 1),
    "SrpBZeroPadded": Flag(
        "WireForm", "SRP_B has zeros in front. Hashed as the text stands, u differs.", _WIRE + "; 1 in 256 sign-ins", 1
    ),
    "SrpBOddLength": Flag("WireForm", "SRP_B has an odd number of hex digits.", "1 in 17 sign-ins", 1),
    "SrpBUpperCase": Flag("WireForm", "SRP_B is in upper or mixed case.", _WIRE, 1),
    "SrpAZeroPadded": Flag("WireForm", "SRP_A has zeros in front.", "whenever a client sends it so", 1),
    "SrpAUpperCase": Flag("WireForm", "SRP_A is in upper or mixed case.", "whenever a client sends it so", 1),
    "SmallB": Flag("WireForm", "SRP_B is a very small or a very large member of the group.", "never by chance"),
    "UserIdForSrp": Flag(
        "Identity",
        "USER_ID_FOR_SRP is not the login name. x and the signature hash it, never the login name or USERNAME.",
        "every sign-in by e-mail, telephone number or alias",
        2,
    ),
    "UsernameCarried": Flag(
        "Identity",
        "ChallengeParameters.USERNAME differs from the login name and is sent in every later response.",
        "every sign-in by e-mail, telephone number or alias",
        3,
    ),
    "SecretHashLoginName": Flag(
        "Identity", "SECRET_HASH of InitiateAuth is over the login name.", "every sign-in with a client secret", 4
    ),
    "SecretHashUsername": Flag(
        "Identity",
        "SECRET_HASH of a response is over the USERNAME sent in that response, DEVICE_SRP_AUTH included.",
        "every sign-in by alias with a client secret",
        4,
    ),
    "SessionReceived": Flag("State", "An answer brought a Session, and the next request carries it.", _WIRE, 5),
    "SessionAbsent": Flag(
        "State",
        "An answer brought no Session, and the next request carries none. Whether a pool sends one with "
        "PASSWORD_VERIFIER is unsettled.",
        _UNSETTLED,
        5,
    ),
    "FreshDeviceEphemeral": Flag(
        "State", "The device step draws an a of its own; SRP_A is not the user's.", "every sign-in with a device", 6
    ),
    "DeviceKeySent": Flag(
        "State", "DEVICE_KEY goes with every request when a device is known.", "every sign-in with a device", 7
    ),
    "DeviceForgotten": Flag(
        "State",
        "ResourceNotFoundException 'Device does not exist.': start once more without DEVICE_KEY, never an empty one.",
        "every sign-in after a device was forgotten",
        7,
    ),
    "SecretBlockUrlSafe": Flag(
        "WireForm", "SECRET_BLOCK is in the URL-safe alphabet; it is echoed as it came.", _WIRE, 8
    ),
    "SecretBlockUnpadded": Flag("WireForm", "SECRET_BLOCK has no padding; it is echoed as it came.", _WIRE, 8),
    "SecretBlockLength": Flag("WireForm", "SECRET_BLOCK is much shorter or longer than usual.", _WIRE, 8),
    "SecretBlockTrailingBits": Flag(
        "WireForm", "The unused bits of SECRET_BLOCK's last character are set. Strict decoders refuse it.", _WIRE, 8
    ),
    # Hostile or broken.
    "BZero": Flag("Hostile", "B mod N is 0, where RFC 5054 has the client stop.", _HOSTILE, 9),
    "BOutOfRange": Flag(
        "Hostile", "B is above N and no multiple of it. Refuse it, or reduce it in the base only.", _HOSTILE, 9
    ),
    "BNegative": Flag("Hostile", "B is negative, also where it is a multiple of N.", _HOSTILE, 9),
    "AZero": Flag(
        "Hostile", "A mod N is 0 on the server: S would be 0 without any password.", "every attacker's first try", 9
    ),
    "AOutOfRange": Flag("Hostile", "A is negative or above N on the server.", "only from a hostile client", 9),
    "WeakBase": Flag(
        "Hostile", "B - k g^x is 0, 1 or N - 1, which only who knows g^x can send. Refusing it is prudent.", _HOSTILE, 9
    ),
    "Oversized": Flag(
        "Hostile", "A value far longer than N. Bound the length before any big-integer work.", _HOSTILE, 9
    ),
    "NotHex": Flag(
        "Hostile",
        "No hexadecimal number, though lenient parsers take it: 0x, underscores, spaces, a plus, other digits.",
        _HOSTILE,
        9,
    ),
    "SecretBlockNotBase64": Flag(
        "Hostile", "SECRET_BLOCK is no Base64. Lenient decoders skip what they do not know.", _HOSTILE, 9
    ),
    "MissingParameter": Flag("Hostile", "A parameter is absent or empty.", _HOSTILE, 9),
    "WrongType": Flag("Hostile", "A parameter is not a string.", _HOSTILE, 9),
    "SkewedClock": Flag(
        "Clock",
        "The client's clock is wrong, and the Date header of InitiateAuth shows by how much. How wide an interval the "
        "service takes is unsettled.",
        _UNSETTLED,
        10,
    ),
    "SecondProof": Flag(
        "State", "A second proof for the same challenge. Whether the service takes it is unsettled.", _UNSETTLED, 11
    ),
    # Text.
    "NonAscii": Flag("Text", "Text is hashed as UTF-8.", "every user with such a name or password"),
    "Normalisation": Flag(
        "Text",
        "Nobody normalises Unicode: composed and decomposed forms are different.",
        "every user with such a password",
    ),
    "OutsideBmp": Flag(
        "Text",
        "Characters above U+FFFF have four bytes in UTF-8, not two surrogates of three.",
        "every user with such a password",
    ),
    "WhitespaceKept": Flag(
        "Text", "Spaces and control characters are hashed as they are.", "every user with such a password"
    ),
    "Colon": Flag("Text", "A colon in name or password has no meaning.", "every user with such a password"),
    "LongText": Flag("Text", "The longest user name and a password of 256 characters.", "very rare"),
    "PoolNameCase": Flag("Text", "The pool's name is hashed in the case it has.", _ALWAYS),
    "PoolIdLastUnderscore": Flag(
        "Identity", "The pool's name is what follows the last underscore.", "no region that is known today"
    ),
    "PoolIdMalformed": Flag("Caller", "No pool id: the caller's own mistake, before anything is sent.", _CALLER),
    "EmptyText": Flag("Caller", "An empty password, name or secret: the caller's own mistake.", _CALLER),
    "LoneSurrogate": Flag("Caller", "A lone surrogate cannot be UTF-8: the caller's own mistake.", _CALLER),
    "EphemeralRange": Flag("Caller", "a or b is 0, negative, too long or no number.", _CALLER),
    # Time.
    "Midnight": Flag("Clock", "The first hour is 00; a 12-hour clock writes 12.", "1 in 24 sign-ins"),
    "Noon": Flag("Clock", "Noon is 12 and the afternoon 13 to 23.", "1 in 2 sign-ins"),
    "SingleDigitDay": Flag(
        "Clock", "The day of the month is not padded, neither with 0 nor with a space.", "1 in 3 sign-ins"
    ),
    "SingleDigitTime": Flag("Clock", "Hours, minutes and seconds have two digits.", "3 in 5 sign-ins"),
    "LeapDay": Flag("Clock", "29 February.", "1 day in 4 years"),
    "YearEnd": Flag(
        "Clock", "The last and first seconds of a year; week-based years differ from calendar years.", "1 day a year"
    ),
    "Month": Flag("Clock", "Each month in English, whatever the locale.", "every sign-in in another locale"),
    "Weekday": Flag("Clock", "Each weekday in English, whatever the locale.", "every sign-in in another locale"),
    "TimeZone": Flag(
        "Clock", "UTC, also where the local day, month or year is another one.", "every sign-in outside UTC"
    ),
    "FractionalSecond": Flag("Clock", "Fractions of a second are cut off, not rounded.", "every sign-in"),
    # Server side.
    "WrongProof": Flag("Proof", "A well-formed proof of something else.", "every wrong password"),
    "ForeignByteRule": Flag("Proof", "A proof by a client with another rule of bytes.", "see the rule's own flag"),
    "MalformedProof": Flag(
        "Proof", "A proof, secret block or timestamp that is malformed.", "only from a broken client"
    ),
    # Files that no testee is driven through.
    "PublishedVector": Flag(
        "Basic", "RFC 5054, appendix B: checks the generic arithmetic.", "not Cognito's group, hash or bytes"
    ),
    "Accumulated": Flag("Basic", "Many sign-ins, hashed to one constant.", _ALWAYS),
    "Challenge": Flag("Transcript", "The parameters that come and the responses that go back.", _ALWAYS),
    "UnknownChallenge": Flag(
        "Transcript",
        "A challenge that nobody knows reaches the caller whole, with a way to answer it.",
        "with each new feature of the service",
    ),
    "UnknownUser": Flag(
        "Transcript",
        "The service hides that a user does not exist, and sends a challenge all the same.",
        "every mistyped name",
    ),
}
