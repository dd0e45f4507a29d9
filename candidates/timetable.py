"""Windows and rulings as pages show them: by round, each with its state in words, an icon and a tone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from candidates import windows, zones
from candidates.models import Election, Ruling, Window
from candidates.queries import as_window, rules_of
from candidates.templatetags.wording import span


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
    begun: bool
    ahead: bool  # its end
    countdown: str


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
    tag = _tag_of_window(row, zone, moment)
    return Row(
        row, opens, closes, tag, row.opens_at <= moment, row.closes_at > moment, _countdown(row, moment)
    )


def _countdown(row: Window, moment: datetime) -> str:
    """How long until it opens, or until it ends; nothing once it is over."""
    if moment < row.opens_at:
        return _("dibuka %(time)s lagi") % {"time": span(row.opens_at - moment)}
    if moment < row.closes_at:
        return _("berakhir %(time)s lagi") % {"time": span(row.closes_at - moment)}
    return ""


@dataclass(frozen=True)
class Headline:
    """What of a schedule matters now, in a sentence."""

    sentence: str
    tag: Tag


def headline(election: Election, rows: Iterable[Window], moment: datetime) -> Headline:
    """What is open, else what comes next, with the time that is left."""
    found = list(rows)
    titles = {one.key: one.title for one in rules_of(election).rounds}
    now_open = [row for row in found if row.opens_at <= moment < row.closes_at]
    coming = [row for row in found if moment < row.opens_at]
    if now_open:
        row = min(now_open, key=lambda one: one.closes_at)
        sentence, at = (
            _("%(what)s sampai %(at)s, %(countdown)s."),
            zones.say_end(row.closes_at, election.zone),
        )
    elif coming:
        row = min(coming, key=lambda one: one.opens_at)
        sentence, at = (
            _("%(what)s mulai %(at)s, %(countdown)s."),
            zones.say_start(row.opens_at, election.zone),
        )
    elif found:
        return Headline(_("Semua masa sudah berakhir."), Tag("lock", "quiet", _("Berakhir")))
    else:
        return Headline(_("Jadwal belum ditetapkan."), Tag("hourglass", "quiet", _("Belum ada")))
    what = f"{row.get_kind_display()} · {titles.get(row.stage, row.stage)}"
    words = {"what": what, "at": at, "countdown": _countdown(row, moment)}
    return Headline(sentence % words, _tag_of_window(row, election.zone, moment))


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
    if ruling.refused:
        return Tag("x", "bad", _("Ditolak KPU RI"))
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
    if ruling.attachment_id is None:
        return Tag("paperclip", "warn", _("Menunggu dokumen surat"))
    if ruling.first_approved_at:
        return Tag("hourglass", "warn", _("Menunggu persetujuan kedua KPU RI"))
    return Tag("hourglass", "warn", _("Menunggu persetujuan pertama KPU RI"))
