"""The three time zones of Indonesia: which province lies where, and how a moment is written. Pure: no Django.

Keppres 41/1987 divides the country by province; there is no daylight saving.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

LABELS: Mapping[str, str] = MappingProxyType(
    {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
)

# Provinces by the first two digits of a region code, the six of Papua included.
_WIB = (*range(11, 20), 21, *range(31, 37), 61, 62)
_WITA = (51, 52, 53, 63, 64, 65, *range(71, 77))
_WIT = (81, 82, *range(91, 97))
ZONE_OF_PROVINCE: Mapping[int, str] = MappingProxyType(
    {
        **dict.fromkeys(_WIB, "Asia/Jakarta"),
        **dict.fromkeys(_WITA, "Asia/Makassar"),
        **dict.fromkeys(_WIT, "Asia/Jayapura"),
    }
)

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
MIDNIGHT = time(0, 0)
# 27-11-2024, 27/11/2024, 27 November 2024.
DAY = re.compile(r"(?P<day>\d{1,2})[\s./-]+(?P<month>\d{1,2}|[a-z]+)[\s./-]+(?P<year>\d{4})", re.IGNORECASE)
# 12-05-2024 23.59, 12/5/2024 23:59, 12 Mei 2024 pukul 23.59 WITA.
WRITTEN = re.compile(
    r"(?P<day>\d{1,2})[\s./-]+(?P<month>\d{1,2}|[a-z]+)[\s./-]+(?P<year>\d{4})"
    r",?\s+(?:pukul\s+|jam\s+)?(?P<hour>\d{1,2})[.:](?P<minute>\d{2})(?:\s+(?P<label>[a-z]+))?",
    re.IGNORECASE,
)


def zone_of(region: int) -> str:
    """The zone of a province or of anything inside it, by region code. KeyError for an unknown province."""
    return ZONE_OF_PROVINCE[int(str(region)[:2])]


def local(moment: datetime, zone: str) -> datetime:
    """The same moment on the clocks of that zone."""
    return moment.astimezone(ZoneInfo(zone))


def at(day: date, clock: time, zone: str) -> datetime:
    """The moment of a local day and clock time."""
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def on_clock(moment: datetime, zone: str) -> datetime:
    """The moment at which the clocks of that zone say what ``moment``, which carries no zone, says."""
    return moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def whole_last_minute(end: datetime, zone: str) -> datetime:
    """An end said as "23.59" lasts until 23.59.59, so the half-open end is 24.00; others stay."""
    on_clock = local(end, zone)
    if (on_clock.hour, on_clock.minute) != (23, 59):
        return end
    return at(on_clock.date() + timedelta(days=1), MIDNIGHT, zone)


def read(text: str, zone: str) -> datetime:
    """The moment that is written as a day and a time of that zone, the day first. Raises ValueError."""
    found = WRITTEN.fullmatch(text.strip())
    if not found or (found["label"] or LABELS[zone]).upper() != LABELS[zone]:
        raise ValueError(text)
    clock = time(int(found["hour"]), int(found["minute"]))
    return at(_day(found), clock, zone)


def read_day(text: str) -> date:
    """The day that is written, the day before the month. Raises ValueError."""
    found = DAY.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    return _day(found)


def _day(found: re.Match[str]) -> date:
    names = {name.lower(): number for number, name in enumerate(MONTHS, 1)}
    month = found["month"].lower()
    number = int(month) if month.isdigit() else names.get(month, 0)
    return date(int(found["year"]), number, int(found["day"]))


def write(moment: datetime, zone: str) -> str:
    """12-05-2024 23.59: as ``read`` takes it."""
    return f"{local(moment, zone):%d-%m-%Y %H.%M}"


def say_day(day: date) -> str:
    """12 Mei 2024."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def say_time(moment: datetime, zone: str) -> str:
    """pukul 08.00 WITA."""
    return f"pukul {local(moment, zone):%H.%M} {LABELS[zone]}"


def say_start(moment: datetime, zone: str) -> str:
    """8 Mei 2024 pukul 08.00 WITA."""
    return f"{say_day(local(moment, zone).date())} {say_time(moment, zone)}"


def say_since(moment: datetime, now: datetime, zone: str) -> str:
    """22.10 WITA for a moment of today, else 12 Mei 2024 pukul 22.10 WITA."""
    if local(moment, zone).date() == local(now, zone).date():
        return say_time(moment, zone).removeprefix("pukul ")
    return say_start(moment, zone)


def say_end(moment: datetime, zone: str) -> str:
    """12 Mei 2024 pukul 23.59 WITA: an end at midnight is written as the last minute of the day before."""
    return say_start(last_minute(moment, zone), zone)


def say_end_time(moment: datetime, zone: str) -> str:
    """pukul 16.00 WITA, and pukul 23.59 WITA for an end at midnight."""
    return say_time(last_minute(moment, zone), zone)


def last_minute(end: datetime, zone: str) -> datetime:
    """An end as people say it: of one at midnight the last minute of the day before."""
    at_midnight = local(end, zone).time() == MIDNIGHT
    return end - timedelta(minutes=1) if at_midnight else end
