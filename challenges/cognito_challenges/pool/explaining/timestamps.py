"""What is wrong with a TIMESTAMP: its form, or the clock behind it."""

from __future__ import annotations

import re
from time import gmtime

from cognito_challenges.pool.errors import Explanation
from cognito_challenges.pool.explaining.locales import FOREIGN_MONTHS, FOREIGN_WEEKDAYS, MONTHS, WEEKDAYS, ZONE_MINUTES
from cognito_srp import PeerError
from cognito_srp.timestamps import parse_timestamp

_FORM = "it reads EEE MMM d HH:mm:ss UTC yyyy."
_LOOSE = re.compile(
    r"(?P<names>\S.*?\S)(?P<gap> {1,2})(?P<day>\d{1,2}) "
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d):(?P<second>\d\d)(?P<fraction>[.,]\d{1,9})?"
    r"(?:[ \u202f\xa0]?(?P<half>[AaPp]\.?[Mm]\.?))?(?: (?P<zone>[^\d\s].*?|[+-]\d.*?))? (?P<year>\d{4}|\d\d)",
    re.ASCII,
)
_OTHER_FORMS = (
    (re.compile(r"\d{4}-\d\d-\d\d([T ].*)?|\d{8}T.*", re.ASCII), "iso-timestamp", "TIMESTAMP is an ISO date;"),
    (
        re.compile(r"\d{9,10}([.,]\d+)?|\d{12,13}|\d{16}|\d{19}", re.ASCII),
        "unix-timestamp",
        "TIMESTAMP is a number of seconds or milliseconds;",
    ),
    (
        re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d( \S+)?", re.ASCII),
        "http-date",
        "TIMESTAMP is a date as HTTP and e-mail write it;",
    ),
    (
        re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d{4} \d\d:\d\d:\d\d GMT.*", re.ASCII),
        "javascript-date",
        "TIMESTAMP is a date as JavaScript's Date writes it;",
    ),
)
_SENTENCES = {
    "foreign-locale": "TIMESTAMP has the weekday or month of another language; it takes English abbreviations.",
    "long-names": "TIMESTAMP has the weekday or month in full or otherwise abbreviated; each has three letters.",
    "letter-case": "TIMESTAMP has the weekday or month in another letter case; it reads Mon and Jan.",
    "space-padded-day": "TIMESTAMP has a day padded with a space; single digits stand alone.",
    "zero-padded-day": "TIMESTAMP has a zero-padded day; single digits stand alone.",
    "unpadded-hour": "TIMESTAMP has an hour of one digit; it takes two.",
    "fractional-seconds": "TIMESTAMP has a fraction of a second; it takes whole seconds.",
    "12-hour-clock": "TIMESTAMP has a 12-hour clock; it takes 24 hours.",
    "24th-hour": "TIMESTAMP has the hour 24; midnight is 00.",
    "missing-zone": "TIMESTAMP has no time zone; it takes UTC.",
    "zone-spelling": "TIMESTAMP does not write its time zone as UTC.",
    "local-time-zone": "TIMESTAMP names another time zone; it takes UTC.",
    "two-digit-year": "TIMESTAMP has a year of two digits; it takes four.",
    "foreign-calendar": "TIMESTAMP counts its years as the Buddhist calendar does, 543 ahead.",
    "wrong-weekday": "TIMESTAMP has a weekday that its date does not fall on.",
}
_UTC_SPELLINGS = {"gmt", "ut", "utc", "z", "zulu", "etc/utc", "coordinated universal time", "greenwich mean time"}
_NO_OFFSET = re.compile(r"(utc|gmt)?[+-]0?0(:?00)?", re.ASCII)

_HALF_DAY = 43_200
_SLACK_SECONDS = 60
"""How far from a zone's offset a time may be and still be called local time."""


def form_mistake(text: str) -> Explanation:
    """What keeps a text from being a TIMESTAMP: every mistake in its form, or that it is no date at all."""
    text = text if len(text) <= 100 else ""
    for form, mistake, sentence in _OTHER_FORMS:
        if form.fullmatch(text):
            return Explanation(mistake, f"{sentence} {_FORM}")
    parts = _LOOSE.fullmatch(text)
    if parts is None:
        # Digits and words of another writing system fit no form above, but are known for what they are.
        if any(not char.isascii() and char.isalnum() for char in text):
            return _explanation(["foreign-locale"])
        return Explanation("malformed-timestamp", f"TIMESTAMP has another form; {_FORM}")
    mistakes, day, month = _names_mistakes(parts["names"])
    mistakes += _other_mistakes(parts)
    if not day or not month:
        return (
            _explanation(mistakes)
            if mistakes
            else Explanation("malformed-timestamp", f"TIMESTAMP has a weekday or month that is none; {_FORM}")
        )
    year = parts["year"] if len(parts["year"]) == 4 else f"20{parts['year']}"
    hour = "00" if parts["hour"] == "24" else f"{int(parts['hour']):02}"
    rest = f"{month} {int(parts['day'])} {hour}:{parts['minute']}:{parts['second']} UTC"
    weekdays = [name[:3] for name in WEEKDAYS if _is_timestamp(f"{name[:3]} {rest} {year}")]
    if not weekdays or (mistakes == [] and day in weekdays):
        return Explanation("malformed-timestamp", f"TIMESTAMP is no date of the calendar, or has other spaces; {_FORM}")
    if day not in weekdays:
        buddhist = _is_timestamp(f"{day} {rest} {int(year) - 543:04}")
        mistakes.append("foreign-calendar" if buddhist else "wrong-weekday")
    return _explanation(mistakes)


def clock_mistake(signed_at: float, now: float, window: float) -> Explanation:
    """Which clock is that far off: a 12-hour one, a local one, or one that is wrong."""
    off, hour = signed_at - now, gmtime(now).tm_hour
    minutes = round(off / 60)
    slack = min(window, _SLACK_SECONDS)
    if abs(abs(off) - _HALF_DAY) <= slack:
        if off < 0 and hour >= 13:
            return Explanation("12-hour-clock", "TIMESTAMP is twelve hours behind: it takes a 24-hour clock.")
        if off > 0 and hour == 0:
            return Explanation(
                "12-hour-clock-or-zone", "TIMESTAMP is twelve hours ahead: a 12-hour clock or a local time, not UTC."
            )
    for offset in ZONE_MINUTES:
        if abs(off - 60 * offset) <= slack:
            return Explanation(
                "local-time-zone",
                f"TIMESTAMP is {offset} minutes off, as a local time is; it takes UTC.",
            )
    return Explanation("skewed-clock", f"TIMESTAMP is {round(off)} seconds off the pool's clock, {minutes} minutes.")


def _names_mistakes(names: str) -> tuple[list[str], str, str]:
    """What is wrong with the weekday and month, and both in English where they can be told."""
    words = names.split()
    plain = [word.lower().rstrip(".,") for word in words]
    known = [*zip(plain, (FOREIGN_WEEKDAYS, FOREIGN_MONTHS), strict=False)]
    if not names.isascii() or (not _english(words) and any(word in foreign for word, foreign in known)):
        return ["foreign-locale"], "", ""
    if len(words) != 2:
        return [], "", ""
    day, month = _found(words[0], WEEKDAYS), _found(words[1], MONTHS)
    if not day or not month:
        return [], "", ""
    mistakes: list[str] = []
    if any(len(word) != 3 for word in words):
        mistakes.append("long-names")
    if any(word[:1].upper() + word[1:].lower() != word for word in words):
        mistakes.append("letter-case")
    return mistakes, day, month


def _other_mistakes(parts: re.Match[str]) -> list[str]:
    day, hour, zone = parts["day"], parts["hour"], parts["zone"]
    found = {
        "space-padded-day": parts["gap"] == "  " and len(day) == 1,
        "zero-padded-day": day.startswith("0"),
        "unpadded-hour": len(hour) == 1,
        "24th-hour": hour == "24",
        "fractional-seconds": parts["fraction"] is not None,
        "12-hour-clock": parts["half"] is not None,
        "two-digit-year": len(parts["year"]) == 2,
        "missing-zone": zone is None,
        "zone-spelling": zone is not None and zone != "UTC" and _is_utc(zone),
        "local-time-zone": zone is not None and not _is_utc(zone),
    }
    return [mistake for mistake, holds in found.items() if holds]


def _is_utc(zone: str) -> bool:
    plain = zone.lower().strip("()")
    return plain in _UTC_SPELLINGS or _NO_OFFSET.fullmatch(plain) is not None


def _english(words: list[str]) -> bool:
    return len(words) == 2 and bool(_found(words[0], WEEKDAYS)) and bool(_found(words[1], MONTHS))


def _found(word: str, names: tuple[str, ...]) -> str:
    """The three letters of the English name that a word is, in full or cut, in any letter case; "" for another word."""
    plain = word.rstrip(".,").lower()
    return next((name[:3] for name in names if len(plain) >= 3 and name.lower().startswith(plain)), "")


def _is_timestamp(text: str) -> bool:
    try:
        parse_timestamp(text)
    except PeerError:
        return False
    return True


def _explanation(mistakes: list[str]) -> Explanation:
    names = [name for name in _SENTENCES if name in mistakes]
    return Explanation("+".join(names), " ".join(_SENTENCES[name] for name in names))
