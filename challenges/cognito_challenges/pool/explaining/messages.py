"""What was signed: the right message, and the messages of clients with a mistake in it."""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode
from calendar import timegm
from collections.abc import Iterator
from itertools import permutations, product

from cognito_challenges.pool.explaining.locales import MONTHS, WEEKDAYS, ZONE_MINUTES
from cognito_challenges.pool.store.attempt import Attempt, SrpChallenge
from cognito_srp import PeerError
from cognito_srp.encoding import parse_base64
from cognito_srp.timestamps import parse_timestamp, timestamp

Message = tuple[frozenset[str], bytes]
"""The mistakes in a message and its bytes."""

SECONDS_BETWEEN_CLOCKS = 5
"""How far the signed time may be from the one that was sent, for the difference to be found."""

OTHER_TEXT_ENCODINGS = ("latin-1", "cp1252", "utf-16-le", "utf-16-be")
_FORMS = (
    "%a %b %d %H:%M:%S UTC %Y", "%a %b %e %H:%M:%S UTC %Y", "%a %b {day} %I:%M:%S UTC %Y",
    "%a %b {day} %I:%M:%S %p UTC %Y", "%a %b {day} %H:%M:%S %Y", "%a %b %e %H:%M:%S %Y", "%a %b {day} %H:%M:%S GMT %Y",
    "%a %b %d %H:%M:%S GMT %Y", "%a %b {day} %H:%M:%S Z %Y", "%a %b {day} %H:%M:%S +0000 %Y",
    "%a %b {day} %H:%M:%S.000 UTC %Y", "%A %B {day} %H:%M:%S UTC %Y", "%a, %d %b %Y %H:%M:%S GMT",
    "%a, %d %b %Y %H:%M:%S +0000", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S+00:00", "%Y-%m-%dT%H:%M:%S.000Z",
    "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S UTC", "%Y%m%dT%H%M%SZ", "{unix}", "{unix}000",
)  # fmt: skip


class Signed:
    """The parts of the message of one proof."""

    def __init__(self, attempt: Attempt, srp: SrpChallenge, stamp: str) -> None:
        self.attempt, self.srp, self.stamp = attempt, srp, stamp
        self.pool_name = attempt.pool.pool_id.rpartition("_")[2]
        device = srp.device
        self.group, self.identity = (
            (self.pool_name, attempt.user.username) if device is None else (attempt.pool.device_group_key, device.key)
        )
        self.block = parse_base64("SECRET_BLOCK", srp.secret_block)

    def right(self, block: bytes | None = None) -> bytes:
        """The message of a client without a mistake, over another secret block if one is given."""
        return _joined(self.group, self.identity, self.block if block is None else block, self.stamp)

    def usual(self) -> Iterator[Message]:
        """The right message and the mistakes that come together with others and with one another."""
        blocks = (("", self.block), ("undecoded-secret-block", self.srp.secret_block.encode()))
        padded = _with_day(self.stamp, "0")
        stamps = [("", self.stamp)] if padded is None else [("", self.stamp), ("signed-timestamp-form", padded)]
        for (names, named), (block, blocked), (stamp, stamped) in product(self._names(), blocks, stamps):
            yield frozenset({names, block, stamp} - {""}), named + blocked + stamped.encode()

    def unusual(self) -> Iterator[Message]:
        """The mistakes that are looked for one at a time."""
        for mistake, message in self._unusual():
            yield frozenset({mistake}), message

    def _names(self) -> Iterator[tuple[str, bytes]]:
        group, identity = self.group, self.identity
        yield "", f"{group}{identity}".encode()
        if self.srp.device is not None:
            yield "device-keys-swapped", f"{identity}{group}".encode()
            yield "user-names-for-device", f"{self.pool_name}{self.attempt.user.username}".encode()
        else:
            yield "whole-pool-id", f"{self.attempt.pool.pool_id}{identity}".encode()
            for name in other_names(self.attempt):
                yield "login-name", f"{group}{name}".encode()
        for encoding in OTHER_TEXT_ENCODINGS:
            yield "other-text-encoding", encoded(f"{group}{identity}", encoding)

    def _unusual(self) -> Iterator[tuple[str, bytes]]:
        group, identity, block, stamp = self.group, self.identity, self.block, self.stamp
        parts = (group.encode(), identity.encode(), block, stamp.encode())
        for order in permutations(parts):
            yield "message-order", b"".join(order)
        for left_out in range(len(parts)):
            yield "message-part-missing", b"".join(part for at, part in enumerate(parts) if at != left_out)
        for separator in (b":", b"|", b" ", b"\n", b"_", b"\x00", b","):
            yield "message-separators", separator.join(parts)
            yield "message-separators", parts[0] + separator + b"".join(parts[1:])
        for text in (
            block.hex(),
            block.hex().upper(),
            urlsafe_b64encode(block).decode(),
            self.srp.secret_block.rstrip("="),
        ):
            yield "undecoded-secret-block", _joined(group, identity, text.encode(), stamp)
        for encoding in OTHER_TEXT_ENCODINGS:
            yield "other-text-encoding", encoded(f"{group}{identity}", encoding) + block + encoded(stamp, encoding)
        for mistake, other in _other_stamps(stamp):
            yield mistake, _joined(group, identity, block, other)


def other_names(attempt: Attempt) -> list[str]:
    """Every name of the user that a client might take for USER_ID_FOR_SRP."""
    user = attempt.user
    names = [attempt.login_name, attempt.login_name.lower(), user.username.lower(), user.username.upper(), user.sub]
    names += [user.attributes.get(name, "") for name in ("email", "phone_number", "preferred_username")]
    return [name for name in dict.fromkeys(names) if name and name != user.username]


def encoded(text: str, encoding: str) -> bytes:
    """A text in another encoding than UTF-8, with a question mark for what it does not have."""
    return text.encode(encoding, "replace")


def _other_stamps(stamp: str) -> Iterator[tuple[str, str]]:
    try:
        sent = parse_timestamp(stamp)
    except PeerError:
        return
    for distance in range(1, SECONDS_BETWEEN_CLOCKS + 1):
        for off in (distance, -distance):
            yield "signed-timestamp-time", timestamp(sent + off)
    for minutes in ZONE_MINUTES:
        yield "signed-timestamp-time", timestamp(sent + 60 * minutes)
    moment = time.gmtime(sent)
    english = stamp.split(" ")
    names = {"%a": english[0], "%b": english[1], "%e": f"{moment.tm_mday:2}", "{day}": english[2]}
    for form in _FORMS:
        yield "signed-timestamp-form", _written(form, names, moment)
    yield "signed-timestamp-form", stamp.lower()
    yield "signed-timestamp-form", stamp.upper()


def _written(form: str, names: dict[str, str], moment: time.struct_time) -> str:
    """A moment in a form of strftime, with the English names of days and months whatever the process's locale is."""
    longer = {
        "%A": WEEKDAYS[moment.tm_wday],
        "%B": MONTHS[moment.tm_mon - 1],
        "%p": "AM" if moment.tm_hour < 12 else "PM",
    }
    for code, text in {**names, **longer, "{unix}": str(timegm(moment))}.items():
        form = form.replace(code, text)
    return time.strftime(form, moment)


def _with_day(stamp: str, padding: str) -> str | None:
    words = stamp.split(" ")
    if len(words) != 6 or len(words[2]) != 1:
        return None
    return " ".join([*words[:2], f"{padding}{words[2]}", *words[3:]])


def _joined(group: str, identity: str, block: bytes, stamp: str) -> bytes:
    return group.encode() + identity.encode() + block + stamp.encode()
