"""Windows and rulings as pages show them: by round, each with its state in words, an icon and a tone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from candidates import windows, zones
from candidates.models import Election, Ruling, Window
from candidates.queries import as_window, rules_of


@dataclass(frozen=True)
class Tag:
    """What a badge shows."""

    icon: str
    tone: str
    text: str


@dataclass(frozen=True)
class Row:
    """One window with its ends in words."""

    window: Window
    opens: str
    closes: str
    tag: Tag


@dataclass(frozen=True)
class Round:
    """One round of the rule set and its windows."""

    title: str
    rows: list[Row]


def timetable(election: Election, rows: Iterable[Window], moment: datetime) -> list[Round]:
    """The windows by round, in the order of the rule set; rounds without any are left out."""
    found = list(rows)
    by_round = [
        Round(one.title, [_row(row, election.zone, moment) for row in found if row.stage == one.key])
        for one in rules_of(election).rounds
    ]
    return [one for one in by_round if one.rows]


def _row(row: Window, zone: str, moment: datetime) -> Row:
    opens, closes = zones.say_start(row.opens_at, zone), zones.say_end(row.closes_at, zone)
    return Row(row, opens, closes, _tag_of_window(row, zone, moment))


def _tag_of_window(row: Window, zone: str, moment: datetime) -> Tag:
    if moment < row.opens_at:
        return Tag("hourglass", "info", _("Belum dibuka"))
    opening = windows.span_from(as_window(row), moment, zone)
    if opening is None:
        return Tag("lock", "quiet", _("Berakhir"))
    if opening[0] > moment:
        return Tag("pause", "warn", _("Di luar jam harian"))
    return Tag("lock-open", "good", _("Sedang dibuka"))


def tag_of_ruling(ruling: Ruling, moment: datetime) -> Tag:
    """How far a ruling is: what it waits for, or what became of it."""
    opened = list(ruling.windows.all())
    if ruling.withdrawn_at:
        return Tag("undo-2", "quiet", _("Ditarik"))
    if any(row.opens_at <= moment < row.closes_at for row in opened):
        return Tag("lock-open", "good", _("Sedang dibuka"))
    if any(moment < row.opens_at for row in opened):
        return Tag("calendar-clock", "info", _("Dijadwalkan dibuka"))
    if opened:
        return Tag("lock", "quiet", _("Masa berakhir"))
    if ruling.approved:
        return Tag("hourglass", "info", _("Disetujui, menunggu dibuka"))
    if ruling.first_approved_at:
        return Tag("hourglass", "warn", _("Menunggu persetujuan kedua KPU RI"))
    return Tag("hourglass", "warn", _("Menunggu persetujuan pertama KPU RI"))
