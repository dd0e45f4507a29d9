"""Everything that is held about one person, in all elections at once: for the person, and for who answers for it.

The rows are found by index; what belongs to them is read in a constant number of queries, however many elections and
rows there are. Of a row with the same NIK and another birth date a citizen is told only that it is there: its content
may be another person's.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from candidates.queries import rules_of
from candidates.zones import say_start
from foundation.accounts.matrix import Role
from foundation.readings.kinds import Kind
from foundation.readings.models import Reading
from foundation.readings.queries import readings_covering
from foundation.workflow.models import Event
from foundation.workflow.table import VERMIN
from supports.ingest.columns import TITLES
from supports.ingest.normalise import EXTRA_SEPARATOR
from supports.models import Finding, Standing, Submission, Support, Upload
from supports.opening import open_blob, open_row
from supports.privacy.models import DataRequest, Mark
from supports.privacy.people import Held, Person, Sealed
from supports.rules import BY_NUMBER, TEAM
from supports.standards import standards_of

FORMAT = "silon-person-1"
MOST_READINGS = 200
# What happened to a row, as its person is told; who did it is the office's or the team's own matter.
HAPPENED = {
    "support_edited": "Isi baris diubah oleh tim pasangan",
    "support_removed": "Baris dihapus oleh tim pasangan",
    "identity_opened": "Identitas dibuka",
}


@dataclass(frozen=True)
class _Around:
    """What stands around the rows, each by the id of its row."""

    standings: dict[int, Standing]
    findings: dict[int, list[int]]
    events: dict[int, list[Event]]
    uploads: dict[int, Upload]
    marks: dict[UUID, list[str]]


def held_about(
    person: Person,
    sealed: Sealed,
    held: Sequence[Held],
    *,
    reading: Reading,
    moment: datetime,
    whole: bool = False,
) -> dict[str, Any]:
    """The export of these rows, as JSON says it, for the ``reading`` on record.

    ``whole``: of rows with another birth date, too (for an office).
    """
    ids = [one.support for one in held]
    supports = _supports(ids)
    around = _around(ids, supports.values())
    rows = [
        _row(one, supports[one.support], around, whole, reading=reading)
        for one in held
        if one.support in supports
    ]
    return {
        "format": FORMAT,
        "made_at": moment.isoformat(),
        "nik": person.nik,
        "birth_date": person.born.isoformat(),
        "rows": rows,
        "requests": _requests(sealed),
    }


def _supports(ids: Sequence[int]) -> dict[int, Support]:
    related = ("submission__pair__election__rule_set", "submission__rule_set")
    return Support.objects.select_related(*related).in_bulk(ids)


def _around(ids: Sequence[int], supports: Iterable[Support]) -> _Around:
    findings: dict[int, list[int]] = defaultdict(list)
    rounds = {row.submission_id for row in supports}
    codes = list(BY_NUMBER)
    found = Finding.objects.filter(submission__in=rounds, code__in=codes, support_id__in=ids)
    for support, code in found.order_by("code").values_list("support_id", "code"):
        findings[support].append(code)
    events: dict[int, list[Event]] = defaultdict(list)
    for event in Event.objects.filter(subject_kind="support", subject_id__in=ids):
        events[event.subject_id].append(event)
    marks: dict[UUID, list[str]] = defaultdict(list)
    # A NIK is sealed differently in each election: no mark of another one is found.
    for mark in Mark.objects.filter(nik__in={row.nik for row in supports}, ended_at=None).order_by("id"):
        marks[mark.nik].append(mark.get_kind_display())
    return _Around(
        marks=marks,
        standings=Standing.objects.in_bulk(ids),
        findings=findings,
        events=events,
        uploads=Upload.objects.in_bulk({pk >> 24 for pk in ids}),
    )


def _row(held: Held, support: Support, around: _Around, whole: bool, *, reading: Reading) -> dict[str, Any]:
    pair = support.submission.pair
    zone, upload = pair.election.zone, around.uploads.get(support.upload_id)
    standing = around.standings.get(support.pk)
    known = held.same or whole
    return {
        "election": pair.election.name,
        "practice": pair.election.practice,
        "pair": pair.name,
        "round": _round_title(support.submission),
        "round_status": support.submission.get_status_display(),
        "uploaded_at": say_start(upload.received_at, zone) if upload else None,
        "source": upload.get_source_display() if upload else None,
        "row": support.row_no,
        "same_birth_date": held.same,
        "status": VERMIN.states[standing.vermin] if standing else None,
        "counted": bool(standing and standing.clean),
        "data": _data(support, reading=reading) if known else None,
        "findings": [_finding(code) for code in around.findings[support.pk] if known and _told(code)],
        "marks": around.marks[support.nik],
        "events": [
            {"at": say_start(event.at, zone), "what": HAPPENED.get(event.name, event.name)}
            for event in around.events[support.pk]
        ],
        "readings": [_read(one, zone) for one in _readings(support, standing)],
    }


def _readings(support: Support, standing: Standing | None) -> Iterable[Reading]:
    """Who read the row, the newest first: it alone, or in a list or file that covered it."""
    found = readings_covering(
        support.pk,
        pair=support.submission.pair_id,
        submission=support.submission_id,
        upload=support.upload_id,
        area=standing.area if standing else 0,
        nik=str(support.nik),
    )
    return found[:MOST_READINGS]


def _read(reading: Reading, zone: str) -> dict[str, str]:
    """One of them: when, how, and in which role; the name of whoever read it is the office's own."""
    roles = [Role(role).title for role in reading.roles.split(",") if role in set(Role)]
    return {"at": say_start(reading.at, zone), "what": Kind(reading.kind).title, "by": ", ".join(roles)}


def _round_title(submission: Submission) -> str:
    if submission.kind == Submission.Kind.POOL:
        return submission.get_kind_display()
    return rules_of(submission.pair.election).round(submission.stage).title


def _data(support: Support, *, reading: Reading) -> dict[str, str]:
    """For a ``reading`` on record: every field of the row by its title, those of columns that nobody recognised too."""
    keys = standards_of(support.submission).keys()
    opened = open_row(support, keys)
    data = {title: str(opened[name]) for name, title in TITLES.items() if opened.get(name) is not None}
    extra = open_blob(support, keys)["extra"]
    return data | ({_("Kolom lain"): extra.replace(EXTRA_SEPARATOR, "; ")} if extra else {})


def _told(code: int) -> bool:
    return BY_NUMBER[code].audience == TEAM


def _finding(code: int) -> dict[str, str]:
    rule = BY_NUMBER[code]
    return {"code": rule.code, "title": rule.title, "message": rule.message}


def _requests(sealed: Sealed) -> list[dict[str, Any]]:
    """What was asked about the person so far."""
    found = DataRequest.objects.filter(nik__in=sealed.niks, birth_date__in=sealed.births)
    found = found.select_related("election").order_by("id")
    return [
        {
            "number": one.pk,
            "election": one.election.name,
            "kind": one.get_kind_display(),
            "status": one.get_status_display(),
            "received_at": say_start(one.received_at, one.election.zone),
            "decided_at": say_start(one.decided_at, one.election.zone) if one.decided_at else None,
        }
        for one in found
    ]
