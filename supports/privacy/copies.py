"""The export about one person as a file, and who may have it; that it was made is an Event."""

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from candidates.models import Election
from candidates.queries import now
from candidates.refusals import refuse_outside
from candidates.territory import elections_governed_by
from candidates.zones import say_start
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Conflict, NotAllowed
from foundation.readings.kinds import Kind
from foundation.readings.operations import record_reading
from foundation.workflow import engine
from supports.papers.typeset import typeset
from supports.privacy.export import held_about
from supports.privacy.models import DataRequest
from supports.privacy.people import rows_of_person, seal_everywhere
from supports.privacy.sealing import person_behind

JSON, PDF = "json", "pdf"


@dataclass(frozen=True)
class Copy:
    """One file."""

    name: str
    content: bytes


def own_copy(request: DataRequest, form: str) -> Copy:
    """What is held about whoever asked, in every election, for whoever holds the link of the request.

    Refuses while it was not granted, a request for something else, and after seven days.
    """
    moment = now()
    if request.kind != DataRequest.Kind.ACCESS or request.status != "fulfilled":
        message = _("Salinan data belum tersedia. Salinan dapat diunduh setelah KPU memenuhi permohonannya.")
        raise Conflict("copy_not_ready", message)
    if request.readable_until <= moment:
        message = _(
            "Salinan data hanya dapat diunduh selama 7 hari dan sudah berakhir. Ajukan permohonan baru."
        )
        raise NotAllowed("copy_expired", message)
    return _copied(request, _held(request, Election.objects.all(), form, by=None), form, by=None)


def office_copy(request: DataRequest, form: str, *, by: User) -> Copy:
    """What is held about the person of a request in the officer's territory, rows of another birth date whole, too."""
    refuse_outside(by, Permission.HANDLE_DATA_REQUESTS, request.election.region_id)
    elections = elections_governed_by(by, Permission.HANDLE_DATA_REQUESTS)
    return _copied(request, _held(request, elections, form, by=by), form, by=by)


def _held(
    request: DataRequest, elections: QuerySet[Election], form: str, *, by: User | None
) -> dict[str, Any]:
    """What is held, and on record that it was read: by an officer, or (None) by its person."""
    person = person_behind(request)
    sealed = seal_everywhere(person, elections)
    rows = rows_of_person(sealed)
    reading = record_reading(Kind.PERSON, request, by=by, rows=len(rows), form=form, request=request.pk)
    return held_about(person, sealed, rows, reading=reading, moment=now(), whole=by is not None)


def _copied(request: DataRequest, held: dict[str, Any], form: str, *, by: User | None) -> Copy:
    engine.record("person_exported", request, by=by, form=form, rows=len(held["rows"]))
    name = f"data-pribadi-{request.pk}.{form}"
    if form == PDF:
        return Copy(name, typeset("person", _paper(request, held)))
    return Copy(name, json.dumps(held, ensure_ascii=False, indent=1).encode())


def _paper(request: DataRequest, held: dict[str, Any]) -> dict[str, Any]:
    zone = request.election.zone
    return {
        "title": _("Data yang disimpan tentang satu orang"),
        "code": _("Permohonan %(number)s") % {"number": request.pk},
        "official": False,
        "note": _("Salinan data pribadi menurut UU 27/2022, dari Silon."),
        "source": _("Dibuat %(at)s") % {"at": say_start(now(), zone)},
        "facts": [
            {"label": "NIK", "value": held["nik"]},
            {"label": _("Tanggal lahir"), "value": held["birth_date"]},
            {"label": _("Baris yang disimpan"), "value": str(len(held["rows"]))},
        ],
        "rows": [_row(row) for row in held["rows"]],
        "none": _("Tidak ada baris dengan NIK ini."),
        "requests_title": _("Permohonan"),
        "requests": [
            f"{one['number']} · {one['kind']} · {one['election']} · {one['status']} · {one['received_at']}"
            for one in held["requests"]
        ],
    }


def _row(row: dict[str, Any]) -> dict[str, Any]:
    facts = {
        _("Bakal pasangan calon"): row["pair"],
        _("Putaran"): f"{row['round']} ({row['round_status']})",
        _("Diunggah"): f"{row['uploaded_at'] or '–'} ({row['source'] or '–'})",
        _("Status"): row["status"] or "–",
        **(row["data"] or {}),
    }
    if row["data"] is None:
        facts[_("Isi")] = _("Tanggal lahir di baris ini lain, sehingga isinya mungkin data orang lain.")
    lists = {
        _("Temuan"): [f"{one['title']}: {one['message']}" for one in row["findings"]],
        _("Tanda"): row["marks"],
        _("Peristiwa"): [f"{one['at']}: {one['what']}" for one in row["events"]],
        _("Dibaca oleh"): [
            f"{one['at']}: {one['what']} ({one['by'] or _('pemilik data')})" for one in row["readings"]
        ],
    }
    return {
        "title": _("%(election)s, baris %(row)s") % {"election": row["election"], "row": row["row"]},
        "facts": [{"label": label, "value": value} for label, value in facts.items()],
        "lists": [{"label": label, "lines": lines} for label, lines in lists.items() if lines],
    }
