"""TIMESTAMPs as clients really write them wrongly, with what a pool should call each."""

# ruff: noqa: E501 - a table reads best with one client a line

from __future__ import annotations

import calendar
import time
from collections.abc import Callable

from support import oracle

Stamp = Callable[[float], str]


def at(text: str) -> float:
    """Unix seconds of a date and time in UTC."""
    return float(calendar.timegm(time.strptime(text, "%Y-%m-%d %H:%M:%S")))


SATURDAY = at("2026-03-07 00:20:00")
TUESDAY = at("2026-03-10 15:04:05")
SEPTEMBER = at("2026-09-05 09:03:02")
DECEMBER = at("2025-12-16 23:59:58")
AUGUST = at("2026-08-05 18:30:00")


def form(text: str) -> Stamp:
    """strftime in the C locale, with {d} and {h} for a day and an hour without padding, {e} padded with a space."""

    def write(now: float) -> str:
        moment = time.gmtime(now)
        filled = text.replace("{d}", str(moment.tm_mday)).replace("{e}", f"{moment.tm_mday:2}")
        twelve = (moment.tm_hour + 11) % 12 + 1
        half = "AM" if moment.tm_hour < 12 else "PM"
        filled = filled.replace("{h}", str(moment.tm_hour)).replace("{12}", str(twelve)).replace("{p}", half)
        return time.strftime(filled, moment)

    return write


def off(seconds: float) -> Stamp:
    """A right form of a time that is off."""
    return lambda now: oracle.timestamp(now + seconds)


def said(text: str) -> Stamp:
    return lambda now: text


def named(days: str, months: str) -> Stamp:
    """The right form with the abbreviations of a locale, Monday and January first."""

    def write(now: float) -> str:
        moment = time.gmtime(now)
        day, month = days.split("|")[moment.tm_wday], months.split("|")[moment.tm_mon - 1]
        return f"{day} {month} {moment.tm_mday} {moment.tm_hour:02}:{moment.tm_min:02}:{moment.tm_sec:02} UTC {moment.tm_year}"

    return write


GERMAN = named("Mo|Di|Mi|Do|Fr|Sa|So", "Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez")
FRENCH = named("lun.|mar.|mer.|jeu.|ven.|sam.|dim.", "janv.|févr.|mars|avril|mai|juin|juil.|août|sept.|oct.|nov.|déc.")
SPANISH = named("lun|mar|mié|jue|vie|sáb|dom", "ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic")
ITALIAN = named("lun|mar|mer|gio|ven|sab|dom", "gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic")
PORTUGUESE = named("seg|ter|qua|qui|sex|sáb|dom", "jan|fev|mar|abr|mai|jun|jul|ago|set|out|nov|dez")
DUTCH = named("ma|di|wo|do|vr|za|zo", "jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec")
JAPANESE = named("月|火|水|木|金|土|日", " 1月| 2月| 3月| 4月| 5月| 6月| 7月| 8月| 9月|10月|11月|12月")
CHINESE = named("周一|周二|周三|周四|周五|周六|周日", "1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月")
RUSSIAN = named("Пн|Вт|Ср|Чт|Пт|Сб|Вс", "янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек")
POLISH = named("pon|wto|śro|czw|pią|sob|nie", "sty|lut|mar|kwi|maj|cze|lip|sie|wrz|paź|lis|gru")
SWEDISH = named("mån|tis|ons|tor|fre|lör|sön", "jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec")
TURKISH = named("Pzt|Sal|Çar|Per|Cum|Cmt|Paz", "Oca|Şub|Mar|Nis|May|Haz|Tem|Ağu|Eyl|Eki|Kas|Ara")
GOOD = "%a %b {d} %H:%M:%S UTC %Y"

STAMPS: list[tuple[str, float, Stamp, str]] = [
    ("zero-padded day", SATURDAY, form("%a %b %d %H:%M:%S UTC %Y"), "zero-padded-day"),
    ("space-padded day", SEPTEMBER, form("%a %b {e} %H:%M:%S UTC %Y"), "space-padded-day"),
    ("asctime", SEPTEMBER, form("%a %b {e} %H:%M:%S %Y"), "space-padded-day+missing-zone"),
    ("asctime of a two-digit day", TUESDAY, form("%a %b {e} %H:%M:%S %Y"), "missing-zone"),
    ("no zone", SATURDAY, form("%a %b {d} %H:%M:%S %Y"), "missing-zone"),
    ("no zone, padded day", SATURDAY, form("%a %b %d %H:%M:%S %Y"), "zero-padded-day+missing-zone"),
    ("milliseconds", TUESDAY, form("%a %b {d} %H:%M:%S.123 UTC %Y"), "fractional-seconds"),
    ("microseconds", TUESDAY, form("%a %b {d} %H:%M:%S.123456 UTC %Y"), "fractional-seconds"),
    ("GMT", TUESDAY, form("%a %b {d} %H:%M:%S GMT %Y"), "zone-spelling"),
    ("Z", TUESDAY, form("%a %b {d} %H:%M:%S Z %Y"), "zone-spelling"),
    ("+0000", TUESDAY, form("%a %b {d} %H:%M:%S +0000 %Y"), "zone-spelling"),
    ("UTC+00:00", TUESDAY, form("%a %b {d} %H:%M:%S UTC+00:00 %Y"), "zone-spelling"),
    ("lower-case utc", TUESDAY, form("%a %b {d} %H:%M:%S utc %Y"), "zone-spelling"),
    ("zone in words", TUESDAY, form("%a %b {d} %H:%M:%S Coordinated Universal Time %Y"), "zone-spelling"),
    ("GMT and padded day", SATURDAY, form("%a %b %d %H:%M:%S GMT %Y"), "zero-padded-day+zone-spelling"),
    ("CET", TUESDAY, form("%a %b {d} %H:%M:%S CET %Y"), "local-time-zone"),
    ("PST", TUESDAY, form("%a %b {d} %H:%M:%S PST %Y"), "local-time-zone"),
    ("+0530", TUESDAY, form("%a %b {d} %H:%M:%S +0530 %Y"), "local-time-zone"),
    ("GMT+1", TUESDAY, form("%a %b {d} %H:%M:%S GMT+1 %Y"), "local-time-zone"),
    ("AM", SATURDAY, form("%a %b {d} %I:%M:%S {p} UTC %Y"), "12-hour-clock"),
    ("PM, one digit", TUESDAY, form("%a %b {d} {12}:%M:%S {p} UTC %Y"), "unpadded-hour+12-hour-clock"),
    ("PM after a narrow space", TUESDAY, form("%a %b {d} %I:%M:%S\u202f{p} UTC %Y"), "12-hour-clock"),
    ("hour of one digit", SEPTEMBER, form("%a %b {d} {h}:%M:%S UTC %Y"), "unpadded-hour"),
    ("hour 24", SATURDAY, form("%a %b {d} 24:%M:%S UTC %Y"), "24th-hour"),
    ("year of two digits", TUESDAY, form("%a %b {d} %H:%M:%S UTC %y"), "two-digit-year"),
    ("names in full", TUESDAY, form("%A %B {d} %H:%M:%S UTC %Y"), "long-names"),
    ("Sept", SEPTEMBER, said("Sat Sept 5 09:03:02 UTC 2026"), "long-names"),
    ("full stops", TUESDAY, said("Tue. Mar. 10 15:04:05 UTC 2026"), "long-names"),
    ("upper case", TUESDAY, said("TUE MAR 10 15:04:05 UTC 2026"), "letter-case"),
    ("lower case", TUESDAY, said("tue mar 10 15:04:05 UTC 2026"), "letter-case"),
    ("wrong weekday", SATURDAY, said("Fri Mar 7 00:20:00 UTC 2026"), "wrong-weekday"),
    ("wrong weekday and padded day", SATURDAY, said("Fri Mar 07 00:20:00 UTC 2026"), "zero-padded-day+wrong-weekday"),
    ("ISO with Z", TUESDAY, form("%Y-%m-%dT%H:%M:%SZ"), "iso-timestamp"),
    ("ISO with milliseconds", TUESDAY, form("%Y-%m-%dT%H:%M:%S.123Z"), "iso-timestamp"),
    ("ISO with an offset", TUESDAY, form("%Y-%m-%dT%H:%M:%S+00:00"), "iso-timestamp"),
    ("ISO basic", TUESDAY, form("%Y%m%dT%H%M%SZ"), "iso-timestamp"),
    ("SQL", TUESDAY, form("%Y-%m-%d %H:%M:%S"), "iso-timestamp"),
    ("seconds", TUESDAY, lambda now: str(int(now)), "unix-timestamp"),
    ("milliseconds since 1970", TUESDAY, lambda now: str(int(now * 1000)), "unix-timestamp"),
    ("a float", TUESDAY, str, "unix-timestamp"),
    ("HTTP date", TUESDAY, form("%a, %d %b %Y %H:%M:%S GMT"), "http-date"),
    ("e-mail date", TUESDAY, form("%a, %d %b %Y %H:%M:%S +0000"), "http-date"),
    ("JavaScript's toString", TUESDAY, form("%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)"), "javascript-date"),
    ("German in March", SATURDAY, GERMAN, "foreign-locale"),
    ("German in December", DECEMBER, GERMAN, "foreign-locale"),
    ("German on a day with an English month", SEPTEMBER, GERMAN, "foreign-locale"),
    ("French on a Tuesday", TUESDAY, FRENCH, "foreign-locale"),
    ("French in August", AUGUST, FRENCH, "foreign-locale"),
    ("Spanish on a Tuesday in March", TUESDAY, SPANISH, "foreign-locale"),
    ("Spanish in August", AUGUST, SPANISH, "foreign-locale"),
    ("Italian", SEPTEMBER, ITALIAN, "foreign-locale"),
    ("Portuguese", DECEMBER, PORTUGUESE, "foreign-locale"),
    ("Dutch", SATURDAY, DUTCH, "foreign-locale"),
    ("Japanese", SATURDAY, JAPANESE, "foreign-locale"),
    ("Chinese", TUESDAY, CHINESE, "foreign-locale"),
    ("Russian", AUGUST, RUSSIAN, "foreign-locale"),
    ("Polish", SEPTEMBER, POLISH, "foreign-locale"),
    ("Swedish", TUESDAY, SWEDISH, "foreign-locale"),
    ("Turkish", DECEMBER, TURKISH, "foreign-locale"),
    ("Arabic digits", SATURDAY, said("السبت مارس ٧ ٠٠:٢٠:٠٠ UTC ٢٠٢٦"), "foreign-locale"),
    ("Spanish and padded", SATURDAY, said("sáb mar 07 00:20:00 UTC 2026"), "foreign-locale+zero-padded-day"),
    ("no such date", SATURDAY, said("Sat Feb 30 00:20:00 UTC 2026"), "malformed-timestamp"),
    ("no such name", SATURDAY, said("Xyz Mar 7 00:20:00 UTC 2026"), "malformed-timestamp"),
    ("day before month", SATURDAY, said("Sat 7 Mar 00:20:00 UTC 2026"), "malformed-timestamp"),
    ("words", SATURDAY, said("now"), "malformed-timestamp"),
    ("two spaces before 10", TUESDAY, said("Tue Mar  10 15:04:05 UTC 2026"), "malformed-timestamp"),
    ("a space at the end", TUESDAY, said("Tue Mar 10 15:04:05 UTC 2026 "), "malformed-timestamp"),
    ("an hour ahead", TUESDAY, off(3600), "local-time-zone"),
    ("India", TUESDAY, off(19_800), "local-time-zone"),
    ("Nepal, and half a minute slow", TUESDAY, off(20_700 - 30), "local-time-zone"),
    ("California", TUESDAY, off(-25_200), "local-time-zone"),
    ("New Zealand in the morning", SEPTEMBER, off(43_200), "local-time-zone"),
    ("New Zealand after midnight", SATURDAY, off(43_200), "12-hour-clock-or-zone"),
    ("twelve hours behind in the afternoon", TUESDAY, off(-43_200), "12-hour-clock"),
    ("ten minutes slow", TUESDAY, off(-600), "skewed-clock"),
    ("ten minutes fast", TUESDAY, off(600), "skewed-clock"),
    ("a quarter of an hour slow", TUESDAY, off(-900), "skewed-clock"),
    ("half an hour fast", TUESDAY, off(1800), "skewed-clock"),
    ("fifty-five minutes fast", TUESDAY, off(3300), "skewed-clock"),
    ("just outside the window", TUESDAY, off(301), "skewed-clock"),
    ("a day late", TUESDAY, off(-86_400), "skewed-clock"),
    ("in 1970", TUESDAY, lambda now: oracle.timestamp(5), "skewed-clock"),
    ("the Buddhist calendar", TUESDAY, said("Tue Mar 10 15:04:05 UTC 2569"), "foreign-calendar"),
]  # fmt: skip
