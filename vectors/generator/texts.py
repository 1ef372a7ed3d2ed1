"""secret-hash and timestamp."""

from __future__ import annotations

from calendar import timegm

from cognito_srp import secret_hash, timestamp

from .document import Case, Document, case, group

CLIENT_ID = "4qk2v0c3h8n7m5j1d9s6f0t2ra"
CLIENT_SECRET = "1hs8o3v0q7c5n2m9k4j6d1f8g3a5s7p0w2e4r6t8y1u3i5o7"


def secret_hashes() -> Document:
    """The file secret_hash."""
    sub = "7d1f2c3a-54be-4c0f-9a4e-0b1c2d3e4f50"
    named = [
        ("login name, in InitiateAuth", {"SecretHashLoginName"}, "alice"),
        ("e-mail address, in InitiateAuth", {"SecretHashLoginName"}, "alice@example.com"),
        ("e-mail address with a tag and capitals", {"SecretHashLoginName"}, "Alice+tag@Example.com"),
        ("telephone number, in InitiateAuth", {"SecretHashLoginName"}, "+15551234567"),
        ("USERNAME of the challenge, in a response", {"SecretHashUsername"}, sub),
        ("the same in upper case is another name", {"SecretHashUsername"}, sub.upper()),
        ("user of an identity provider", {"SecretHashUsername"}, "Google_1234567890"),
        ("umlaut, composed", {"NonAscii", "Normalisation"}, "j\u00fcrgen"),
        ("umlaut, decomposed", {"NonAscii", "Normalisation"}, "ju\u0308rgen"),
        ("outside the basic plane", {"NonAscii", "OutsideBmp"}, "\U0001f9d1"),
        ("space at the end", {"WhitespaceKept"}, "alice "),
        ("longest user name", {"LongText"}, "u" * 128),
        ("longest user name, two bytes each", {"LongText", "NonAscii"}, "\u00fc" * 128),
        ("colon", {"Colon"}, "a:b"),
    ]
    cases = [_hash(comment, flags, name) for comment, flags, name in named]
    cases += [
        _hash("user name and client id are joined without a separator", {"Ordinary"}, "a", client_id="bc"),
        _hash("so that another split of the same characters is the same", {"Ordinary"}, "ab", client_id="c"),
        _hash("secret longer than a block of the hash", {"LongText"}, "alice", client_secret="s3cr3t" * 20),
        _hash("secret of one block", {"LongText"}, "alice", client_secret="k" * 64),
        _hash("secret with plus, slash and underscore", {"Ordinary"}, "alice", client_secret="a+b/c_d-e="),
    ]
    for field in ("username", "client_id", "client_secret"):
        given = {"username": "alice", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, field: ""}
        cases.append(case(f"empty {field}", {"EmptyText"}, given, result="invalid", kind="usage", stage="arguments"))
    return {
        "title": "secret-hash: SECRET_HASH of an app client with a secret",
        "description": ["Which user name is meant in which request is told by the transcripts."],
        "groups": [group("secret-hash", cases)],
    }


def _hash(
    comment: str, flags: set[str], username: str, client_id: str = CLIENT_ID, client_secret: str = CLIENT_SECRET
) -> Case:
    return case(
        comment,
        flags,
        {"username": username, "client_id": client_id, "client_secret": client_secret},
        expected={"secret_hash": secret_hash(username, client_id=client_id, client_secret=client_secret)},
    )


Moment = tuple[int, int, int, int, int, int]


def timestamps() -> Document:
    """The file timestamp."""
    cases = [
        _at("midnight", {"Midnight"}, (2026, 3, 17, 0, 0, 0)),
        _at("the last second before midnight", {"TimeZone"}, (2026, 3, 17, 23, 59, 59)),
        _at("half past midnight", {"Midnight"}, (2026, 11, 22, 0, 30, 0)),
        _at("noon", {"Noon"}, (2026, 3, 17, 12, 0, 0)),
        _at("half past noon", {"Noon"}, (2026, 3, 17, 12, 30, 45)),
        _at("one in the afternoon", {"Noon"}, (2026, 3, 17, 13, 10, 10)),
        _at("ten at night", {"Noon"}, (2026, 3, 17, 22, 10, 10)),
        _at("single digits in every place", {"SingleDigitTime", "SingleDigitDay"}, (2026, 3, 7, 1, 2, 3)),
        _at("midnight on a single-digit day", {"Midnight", "SingleDigitDay"}, (2026, 3, 7, 0, 5, 9)),
        _at("leap day", {"LeapDay"}, (2028, 2, 29, 12, 34, 56)),
        _at("the first second of a leap day", {"LeapDay", "Midnight"}, (2028, 2, 29, 0, 0, 0)),
        _at("the day after a leap day", {"LeapDay", "SingleDigitDay"}, (2028, 3, 1, 10, 10, 10)),
        _at("28 February of a year without a leap day", {"LeapDay"}, (2027, 2, 28, 10, 10, 10)),
        _at("leap day of 2000", {"LeapDay"}, (2000, 2, 29, 10, 10, 10)),
        _at("1 March 2100, which has no leap day", {"LeapDay", "SingleDigitDay"}, (2100, 3, 1, 10, 10, 10)),
        _at("the epoch", {"YearEnd", "Midnight", "SingleDigitDay"}, (1970, 1, 1, 0, 0, 0)),
        _at("beyond 32 bits", {"Ordinary"}, (2038, 1, 19, 13, 14, 18)),
        _at("the largest signed 32-bit time", {"SingleDigitTime"}, (2038, 1, 19, 3, 14, 7)),
        _at("beyond unsigned 32 bits", {"SingleDigitDay"}, (2106, 2, 7, 16, 28, 16)),
    ]
    for year in (2024, 2025, 2026, 2027, 2028, 2032):
        cases.append(_at("last second of a year", {"YearEnd"}, (year, 12, 31, 23, 59, 59)))
        first = {"YearEnd", "Midnight", "SingleDigitDay"}
        cases.append(_at("first second of a year", first, (year + 1, 1, 1, 0, 0, 0)))
    cases += [_at(f"month {month}", {"Month"}, (2026, month, 15, 15, 16, 17)) for month in range(1, 13)]
    cases += [_at(f"day {day}", {"Weekday"}, (2026, 6, day, 15, 16, 17)) for day in range(14, 21)]
    cases += [_at(f"day {day}", {"SingleDigitDay"}, (2026, 5, day, 15, 16, 17)) for day in range(1, 10)]
    cases += [_at(f"hour {hour}", {"SingleDigitTime"}, (2026, 5, 11, hour, 16, 17)) for hour in range(1, 10)]
    cases += [
        _at("another day nearly everywhere else", {"TimeZone", "YearEnd"}, (2026, 12, 31, 23, 30, 0)),
        _at("another month west of Greenwich", {"TimeZone", "SingleDigitDay"}, (2026, 5, 1, 1, 30, 0)),
        _at("the hour that daylight saving skips in Berlin", {"TimeZone", "SingleDigitTime"}, (2026, 3, 29, 1, 30, 0)),
        _at(
            "the hour that daylight saving repeats in New York", {"TimeZone", "SingleDigitDay"}, (2026, 11, 1, 5, 30, 0)
        ),
    ]
    for fraction in (0.25, 0.5, 0.999):
        now = 1_772_841_909 + fraction
        cases.append(
            case(f"{fraction} seconds past", {"FractionalSecond"}, {"now": now}, expected={"timestamp": timestamp(now)})
        )
    return {
        "title": "timestamp: TIMESTAMP of a moment",
        "description": [
            "now is in Unix seconds. English names, UTC, a 24-hour clock, the day of the month not padded.",
            "Run them under a foreign locale and time zone too: LC_ALL=de_DE.UTF-8 TZ=Asia/Kolkata.",
        ],
        "groups": [group("timestamp", cases)],
    }


def _at(comment: str, flags: set[str], moment: Moment) -> Case:
    now = timegm(moment)
    return case(comment, flags, {"now": now}, expected={"timestamp": timestamp(now)})
