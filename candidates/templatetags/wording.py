"""How numbers, days and times are written on the pages: 1.229.777 · 8,5 % · 27 November 2024 · 23.59 WITA."""

from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone

from candidates import thresholds, zones
from candidates.models import Zone

register = template.Library()

# Between a number and its unit, so that a line never breaks there.
NARROW = "\N{NO-BREAK SPACE}"
NOTHING = "–"
BYTE_UNITS = ("B", "KB", "MB", "GB")


@register.filter
def number(value: int | None) -> str:
    """1229777 → "1.229.777"; nothing known → "–"."""
    return NOTHING if value is None else thresholds.digits(value)


@register.filter
def signed(value: int) -> str:
    """A change: 12 → "+12", -1229 → "−1.229"."""
    return f"+{number(value)}" if value > 0 else f"−{number(-value)}" if value else number(0)


@register.filter
def figure(value: int | str) -> str:
    """A number, or the words in place of one that is not published."""
    return value if isinstance(value, str) else number(value)


@register.filter
def permille(value: int) -> str:
    """A share in thousandths as a percentage: 85 → "8,5 %", 100 → "10 %"."""
    return thresholds.percent(value).replace(" ", NARROW)


@register.simple_tag
def share(part: int, whole: int) -> str:
    """How much of the whole is there, rounded down: 100 % is written only when all of it is there."""
    return f"{percent_of(part, whole)}{NARROW}%"


def percent_of(part: int, whole: int) -> int:
    """Whole percent between 0 and 100, rounded down; a whole of zero is reached."""
    return 100 if whole <= 0 else max(0, min(100, part * 100 // whole))


@register.filter
def day(value: date | None) -> str:
    """27 November 2024."""
    return NOTHING if value is None else zones.say_day(value)


@register.filter
def moment(value: datetime | None, zone: str = Zone.WIB) -> str:
    """12 Mei 2024 pukul 23.59 WITA, on the clocks of that zone."""
    return NOTHING if value is None else zones.say_start(value, zone)


@register.filter
def ending(value: datetime, zone: str = Zone.WIB) -> str:
    """An end as people say it: at midnight 12 Mei 2024 pukul 23.59 WITA, of the day before."""
    return zones.say_end(value, zone)


@register.filter
def until(value: datetime) -> str:
    """How long from now until then: "1 hari 4 jam", "35 menit"; nothing left: "kurang dari 1 menit"."""
    return span(value - timezone.now())


def span(length: timedelta) -> str:
    """The two largest units of a length of time, in words."""
    minutes = int(length.total_seconds()) // 60
    if minutes < 1:
        return "kurang dari 1 menit"
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(days, "hari"), (hours, "jam"), (minutes, "menit")]
    while not parts[0][0]:
        parts.pop(0)
    return " ".join(f"{number(count)} {unit}" for count, unit in parts[:2] if count)


@register.filter
def size(value: int) -> str:
    """A number of bytes: 4301123 → "4,1 MB"."""
    amount, unit = float(value), 0
    while amount >= 1024 and unit < len(BYTE_UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    text = (
        f"{amount:.0f}"
        if unit == 0 or amount >= 100
        else f"{amount:.1f}".removesuffix(".0").replace(".", ",")
    )
    return f"{text}{NARROW}{BYTE_UNITS[unit]}"
