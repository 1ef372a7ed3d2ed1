"""TIMESTAMP: one spelling, whatever the process's locale and time zone."""

import calendar
import datetime
import locale
import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cognito_srp import PeerError, UsageError, timestamp
from cognito_srp.timestamps import parse_timestamp
from support import oracle

KNOWN = {
    0: "Thu Jan 1 00:00:00 UTC 1970",
    1772841909: "Sat Mar 7 00:05:09 UTC 2026",
    1772884800: "Sat Mar 7 12:00:00 UTC 2026",
    1772928000: "Sun Mar 8 00:00:00 UTC 2026",
    1709164800: "Thu Feb 29 00:00:00 UTC 2024",
    951782400: "Tue Feb 29 00:00:00 UTC 2000",
    4107542400: "Mon Mar 1 00:00:00 UTC 2100",
    1798761599: "Thu Dec 31 23:59:59 UTC 2026",
    1773187199: "Tue Mar 10 23:59:59 UTC 2026",
    -1: "Wed Dec 31 23:59:59 UTC 1969",
    -62135596800: "Mon Jan 1 00:00:00 UTC 0001",
    253402300799: "Fri Dec 31 23:59:59 UTC 9999",
}


MOMENT = datetime.datetime(2026, 3, 7, tzinfo=datetime.UTC)


@pytest.mark.parametrize(("now", "text"), KNOWN.items())
def test_known_moments_are_written_and_read(now: int, text: str) -> None:
    assert timestamp(now) == text
    assert parse_timestamp(text) == now


def test_every_hour_of_a_leap_year_agrees_with_the_oracle() -> None:
    start = calendar.timegm((2024, 1, 1, 0, 0, 0))
    texts = {timestamp(now): now for now in range(start, start + 366 * 86400, 3600)}
    assert len(texts) == 366 * 24
    for text, now in texts.items():
        assert text == oracle.timestamp(now)
        assert parse_timestamp(text) == now
    assert {text[:3] for text in texts} == {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
    assert len({text[4:7] for text in texts}) == 12


@given(st.floats(-62135596800, 253402300799.5))
@example(1772841909.999999)
@example(-0.5)
@example(1.9999999)
def test_any_moment_agrees_with_the_oracle_and_is_read_back(now: float) -> None:
    text = timestamp(now)
    assert text == oracle.timestamp(now)
    assert parse_timestamp(text) == now // 1


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (value, "type")
        for value in (None, "1772841909", b"0", [0], datetime.datetime(2026, 3, 7, tzinfo=datetime.UTC), 1j)
    ]
    + [(value, "range") for value in (float("nan"), float("inf"), float("-inf"), 1e300, 10**400, -(10**30))]
    + [(253402300800, "range"), (-62135596801, "range"), (1772841909000, "range")],  # the last in milliseconds
    ids=repr,
)
def test_anything_but_a_time_raises_usage_error(now, reason: str) -> None:
    with pytest.raises(UsageError) as caught:
        timestamp(now)
    assert (caught.value.parameter, caught.value.reason) == ("now", reason)
    assert not re.search(r"\d{5}", str(caught.value))


REFUSED = (
    "Sat Mar 07 00:05:09 UTC 2026",
    "Sat Mar  7 00:05:09 UTC 2026",
    "Fri Mar 7 00:05:09 UTC 2026",  # a Saturday
    "Sat Mar 7 12:05:09 AM UTC 2026",
    "Sat Mar 7 0:05:09 UTC 2026",
    "Sat Mar 7 24:00:00 UTC 2026",
    "Sun Mar 8 24:00:00 UTC 2026",
    "Sat Mar 7 00:60:09 UTC 2026",
    "Sat Mar 7 00:05:60 UTC 2026",
    "Thu Dec 31 23:59:60 UTC 2026",
    "2026-03-07T00:05:09Z",
    "Sat, 07 Mar 2026 00:05:09 GMT",
    "sat mar 7 00:05:09 utc 2026",
    "SAT MAR 7 00:05:09 UTC 2026",
    "Sa Mär 7 00:05:09 UTC 2026",
    "sam. mars 7 00:05:09 UTC 2026",
    "Sat March 7 00:05:09 UTC 2026",
    "Sat Mar 7 00:05:09 GMT 2026",
    "Sat Mar 7 00:05:09 +0000 2026",
    "Sat Mar 7 00:05:09 2026",
    "Sat Mar 7 00:05:09 UTC 26",
    "Sat Mar 7 00:05:09 UTC 02026",
    "Sat Mar 7 00:05:09 UTC 2026\n",
    " Sat Mar 7 00:05:09 UTC 2026",
    "Sat Mar 7 00:05:09 UTC 2026 ",
    "Sat\tMar 7 00:05:09 UTC 2026",
    "Sat Mar ٧ 00:05:09 UTC 2026",
    "Sat Mar 7 ００:05:09 UTC 2026",
    "Sat Mar 7 00:05:09 UTC ２０２６",
    "Sat Feb 29 00:05:09 UTC 2026",
    "Sun Mar 1 00:05:09 UTC 2026\0",
    "Sun Jun 31 00:05:09 UTC 2026",
    "Wed Jul 0 00:05:09 UTC 2026",
    "Sat Jan 1 00:00:00 UTC 0000",
    "1772841909",
    "x" * 10_000_000,
)


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text)[:40])
def test_any_other_spelling_is_refused(text: str) -> None:
    with pytest.raises(PeerError) as caught:
        parse_timestamp(text)
    assert (caught.value.parameter, caught.value.reason) == ("TIMESTAMP", "syntax")
    assert caught.value.__context__ is None


@pytest.mark.parametrize("value", [None, 1772841909, b"Sat Mar 7 00:05:09 UTC 2026", [], ""], ids=repr)
def test_anything_but_a_string_is_refused(value) -> None:
    with pytest.raises(PeerError) as caught:
        parse_timestamp(value)
    assert caught.value.parameter == "TIMESTAMP"


@pytest.fixture
def _foreign_locale() -> Iterator[None]:
    """Foreign names of days and months: by a locale where one is installed, by the module's own tables in any case."""
    before = locale.setlocale(locale.LC_TIME)
    for name in ("de_DE.UTF-8", "fr_FR.UTF-8", "ja_JP.UTF-8", "ar_EG.UTF-8", before):
        try:
            locale.setlocale(locale.LC_TIME, name)
            break
        except locale.Error:
            continue
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calendar, "day_abbr", ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"])
        patch.setattr(calendar, "month_abbr", ["", "Jän", "Feb", "Mär"] + ["?"] * 9)
        yield
    locale.setlocale(locale.LC_TIME, before)


@pytest.mark.usefixtures("_foreign_locale")
def test_the_locale_does_not_matter() -> None:
    for now, text in KNOWN.items():
        assert timestamp(now) == text
        assert parse_timestamp(text) == now


def test_no_function_that_depends_on_the_locale_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """They obey LC_TIME; where no foreign locale is installed this is the proof that none can matter."""
    import time

    def refuse(*_: object) -> None:
        raise AssertionError

    for name in ("strftime", "strptime", "localtime", "ctime", "asctime", "mktime"):
        monkeypatch.setattr(time, name, refuse)
    assert timestamp(1772841909) == "Sat Mar 7 00:05:09 UTC 2026"
    assert parse_timestamp("Sat Mar 7 00:05:09 UTC 2026") == 1772841909


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/St_Johns", "XYZ+11:30"])
def test_the_time_zone_does_not_matter(zone: str) -> None:
    program = (
        "import time; time.tzset()\n"
        "from cognito_srp import timestamp; from cognito_srp.timestamps import parse_timestamp\n"
        "print(timestamp(1772841909)); print(parse_timestamp('Sat Mar 7 00:05:09 UTC 2026'))"
    )
    environment = {**os.environ, "TZ": zone, "LC_ALL": "de_DE.UTF-8", "PYTHONUTF8": "1"}
    answer = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert answer.stdout.split("\n") == ["Sat Mar 7 00:05:09 UTC 2026", "1772841909", ""]
