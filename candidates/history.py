"""Riwayat perubahan of an election: who changed what, when, from which value to which."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from candidates import thresholds, zones
from candidates.elections import TITLES
from candidates.models import Election, ScheduleVersion, Window
from candidates.queries import rules_of
from foundation.accounts.models import User
from foundation.workflow.models import Event

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MOST = 200
PAIR_TITLES = {"name": "nama pasangan", "head": "bakal calon", "deputy": "bakal calon wakil"}


@dataclass(frozen=True)
class Entry:
    """One change: when, by whom ("Sistem" for none), what it was, its details, and the document it rests on."""

    at: datetime
    by: str
    title: str
    lines: list[str]
    decree: str = ""


def history(election: Election, pair_ids: Iterable[int]) -> list[Entry]:
    """The latest changes first: of the election, its schedule and its pairs. Four queries."""
    own = list(Event.objects.filter(subject_kind="election", subject_id=election.pk).order_by("-id")[:MOST])
    pairs = Event.objects.filter(
        subject_kind="pair", subject_id__in=list(pair_ids), name__in=("pair_created", "pair_renamed")
    )
    events = [*own, *pairs.order_by("-id")[:MOST]]
    versions = list(ScheduleVersion.objects.filter(election=election)[:MOST])
    ids = {one.by_id for one in events} | {one.created_by_id for one in versions}
    names = dict(User.objects.filter(pk__in=ids - {None}).values_list("pk", "name"))
    entries = [_of_event(one, names) for one in events]
    entries += [_of_version(election, one, names) for one in versions if one.changes]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:MOST]


def _of_event(event: Event, names: dict[int, str]) -> Entry:
    titles = {
        "election_created": _("Pemilihan dibuat"),
        "election_changed": _("Pemilihan diubah"),
        "pair_created": _("Pasangan didaftarkan"),
        "pair_renamed": _("Nama pasangan dibetulkan"),
    }
    words = TITLES | PAIR_TITLES if event.subject_kind == "pair" else TITLES
    lines = [
        f"{words.get(name, name)}: {said(before)} → {said(after)}"
        for name, (before, after) in event.data.get("changes", {}).items()
    ]
    return Entry(event.at, _who(event.by_id, names), titles.get(event.name, event.name), lines)


def _of_version(election: Election, version: ScheduleVersion, names: dict[int, str]) -> Entry:
    title = _("Jadwal versi %(number)s") % {"number": version.number}
    lines = said_changes(election, version)
    return Entry(version.created_at, _who(version.created_by_id, names), title, lines, version.decree)


def said_changes(election: Election, version: ScheduleVersion) -> list[str]:
    """What made a version, one sentence a change."""
    return [_change(election, one) for one in version.changes]


def _change(election: Election, change: dict[str, Any]) -> str:
    if change["what"] == "voting_day":
        return _("Hari pemungutan suara: %(before)s → %(after)s") % {
            "before": said(change["before"]), "after": said(change["after"]),
        }  # fmt: skip
    before, after = change.get("before"), change.get("after")
    subject = _subject(election, after or before)
    if not before:
        return _("%(what)s dijadwalkan: %(span)s") % {"what": subject, "span": _span(election, after)}
    if not after:
        return _("%(what)s dibatalkan, semula %(span)s") % {"what": subject, "span": _span(election, before)}
    words = {"what": subject, "before": _span(election, before), "after": _span(election, after)}
    return _("%(what)s: semula %(before)s, menjadi %(after)s") % words


def _subject(election: Election, window: dict[str, Any]) -> str:
    titles = {one.key: one.title for one in rules_of(election).rounds}
    kind = Window.Kind(window["kind"]).label
    return f"{kind} · {titles.get(window['stage'], window['stage'])}"


def _span(election: Election, window: dict[str, Any]) -> str:
    start, end = (datetime.fromisoformat(window[name]) for name in ("opens_at", "closes_at"))
    span = f"{zones.say_start(start, election.zone)} – {zones.say_end(end, election.zone)}"
    hours = "–".join(clock.replace(":", ".") for clock in window["daily"])
    return _("%(span)s, setiap hari %(hours)s") % {"span": span, "hours": hours} if hours else span


def said(value: Any) -> str:
    """A stored value as people read it."""
    if value in (None, "", []):
        return "–"
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, int):
        return thresholds.digits(value)
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        return zones.say_day(date.fromisoformat(value))
    if isinstance(value, list):
        return ", ".join(str(one[1] if isinstance(one, list) else one) for one in value)
    return str(value)


def _who(pk: int | None, names: dict[int, str]) -> str:
    return names.get(pk, _("Sistem")) if pk else _("Sistem")
