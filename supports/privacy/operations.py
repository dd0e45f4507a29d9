"""Requests about personal data are filed, taken up, fulfilled or refused; each change is an Event.

``by=None`` stands for somebody without an account (the public page). What a request changes is a Mark beside the
person's rows: of a round that was handed in nothing is edited, and every count stays.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from candidates.models import Election
from candidates.queries import now
from candidates.refusals import refuse_outside
from foundation import seal
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.attachments.operations import Document, keep_document
from foundation.errors import Conflict, Refused
from foundation.readings.kinds import Kind as Kinds
from foundation.readings.operations import record_reading
from foundation.workflow import engine
from supports.privacy import letters
from supports.privacy.links import make_link
from supports.privacy.models import DataRequest, Mark
from supports.privacy.people import Person
from supports.privacy.sealing import (
    keys_of,
    open_answer,
    open_note,
    open_told,
    person_behind,
    seal_answer,
    seal_note,
    seal_told,
)

ANSWERED_WITHIN = timedelta(hours=72)  # UU 27/2022: 3 × 24 hours
COPY_READABLE = timedelta(days=7)
LONGEST_TEXT = 2_000
Kind = DataRequest.Kind
MARKS = {
    Kind.CORRECTION: Mark.Kind.CORRECTION,
    Kind.RESTRICTION: Mark.Kind.RESTRICTION,
    Kind.OBJECTION: Mark.Kind.OBJECTION,
}


@dataclass(frozen=True)
class Wish:
    """What somebody asks for, as typed; shows no identity in a repr."""

    kind: str
    person: Person
    name: str = field(repr=False)
    email: str = field(repr=False, default="")
    told: str = field(repr=False, default="")


@dataclass(frozen=True)
class Opened:
    """A request in clear, for the officer who handles it; shows nothing in a repr."""

    person: Person = field(repr=False)
    wish: dict[str, str] = field(repr=False)
    answer: str = field(repr=False)
    note: str = field(repr=False)


@transaction.atomic
def file_request(
    election: Election, wish: Wish, *, by: User | None, document: Document | None
) -> tuple[DataRequest, str]:
    """Take a request in: its 3 × 24 hours begin now. Returns it with the secret of its link.

    Refuses a correction that does not say what is wrong, and without an account a request without address or document.
    Conflict for the same document and kind while the first one waits.
    """
    if by:
        refuse_outside(by, Permission.HANDLE_DATA_REQUESTS, election.region_id)
    _refuse_incomplete(wish, by, document)
    # Two that file the same at once wait for each other here.
    Election.objects.select_for_update().get(pk=election.pk)
    keys, moment = keys_of(election), now()
    nik = seal.seal_nik(wish.person.nik, keys.nik)
    _refuse_again(election, wish.kind, nik, document)
    request = DataRequest.objects.create(
        election=election,
        kind=wish.kind,
        nik=nik,
        birth_date=seal.seal_birth_date(wish.person.born, nik, keys.birth_date),
        document=keep_document(document, by=by) if document else None,
        received_at=moment,
        due_at=moment + ANSWERED_WITHIN,
        created_by=by,
    )
    told = {"name": _tidy(wish.name), "email": wish.email.strip(), "told": wish.told.strip()}
    request.sealed = seal_told(request, told)
    request.save(update_fields=["sealed"])
    engine.record("data_request_received", request, by=by, kind=wish.kind)
    secret = make_link(request, moment)
    letters.tell_received(request, secret)
    return request, secret


@transaction.atomic
def take_request(request: DataRequest, *, by: User) -> DataRequest:
    """Say that somebody works on it. Conflict when somebody does already, or it was decided."""
    _refuse_out_of_reach(request, by)
    engine.move(request, "take", by=by)
    return request


@transaction.atomic
def open_request(request: DataRequest, *, by: User) -> Opened:
    """Who asks and what for, in clear, to be compared with the KTP-el; that it was opened is an Event and a Reading."""
    _refuse_out_of_reach(request, by)
    engine.record("data_request_opened", request, by=by)
    record_reading(Kinds.PERSON, request, by=by, rows=0, form="request", request=request.pk)
    mark = getattr(request, "mark", None)
    return Opened(
        person=person_behind(request),
        wish=open_told(request),
        answer=open_answer(request),
        note=open_note(mark) if mark else "",
    )


@transaction.atomic
def fulfil_request(
    request: DataRequest, *, by: User, identity_confirmed: bool, answer: str, note: str = ""
) -> str:
    """Grant it to a person whose identity the officer has compared; returns the secret of a new link.

    Access: the copy can be fetched by the link for seven days. Correction: ``note`` says what should change, kept
    beside the rows and told to the pair. Restriction and objection: the pair's team sees those rows no more.
    Refuses without the comparison, without an answer, and a correction without its note.
    """
    _refuse_out_of_reach(request, by)
    answer, note = answer.strip()[:LONGEST_TEXT], note.strip()[:LONGEST_TEXT]
    _refuse_unfounded(request, identity_confirmed, answer, note)
    moment = now()
    engine.move(
        request,
        "fulfil",
        by=by,
        data={"kind": request.kind},
        identity_confirmed_at=moment,
        identity_confirmed_by=by,
        readable_until=moment + COPY_READABLE if request.kind == Kind.ACCESS else None,
        **_decision(request, answer, by),
    )
    if request.kind in MARKS:
        _mark(request, note, by)
    return _tell(request)


@transaction.atomic
def refuse_request(request: DataRequest, *, by: User, reason: str) -> str:
    """Refuse it with the reason for whoever asked; returns the secret of a new link."""
    _refuse_out_of_reach(request, by)
    reason = reason.strip()[:LONGEST_TEXT]
    if not reason:
        message = _("Alasan belum diisi. Tulis mengapa permohonan ini tidak dapat dipenuhi.")
        raise Refused("reason_missing", message, "reason")
    engine.move(request, "refuse", by=by, data={"kind": request.kind}, **_decision(request, reason, by))
    return _tell(request)


def mark_of(request: DataRequest) -> Mark:
    """What the request left at its person's rows. Conflict when it left nothing."""
    mark = Mark.objects.select_related("election").filter(request=request).first()
    if mark is None:
        raise Conflict("no_mark", _("Permohonan ini tidak meninggalkan tanda pada baris pemohon."))
    return mark


@transaction.atomic
def end_mark(mark: Mark, *, by: User) -> Mark:
    """Lift a restriction, or say that a correction was made. Conflict when somebody did already."""
    refuse_outside(by, Permission.HANDLE_DATA_REQUESTS, mark.election.region_id)
    ended = Mark.objects.filter(pk=mark.pk, ended_at=None).update(ended_at=now(), ended_by=by)
    if not ended:
        message = _("Tanda ini sudah diakhiri. Muat ulang halaman untuk melihat keadaan terakhir.")
        raise Conflict("mark_ended", message)
    engine.record("mark_ended", mark, by=by, kind=mark.kind, request=mark.request_id)
    mark.refresh_from_db()
    return mark


def _mark(request: DataRequest, note: str, by: User) -> Mark:
    mark = Mark.objects.create(
        request=request,
        election=request.election,
        nik=request.nik,
        kind=MARKS[Kind(request.kind)],
        note=seal_note(request, note) if note else None,
        made_by=by,
    )
    engine.record("mark_made", mark, by=by, kind=mark.kind, request=request.pk)
    return mark


def _tell(request: DataRequest) -> str:
    secret = make_link(request, now())
    letters.tell_decided(request, secret)
    return secret


def _decision(request: DataRequest, text: str, by: User) -> dict[str, object]:
    return {"decided_at": now(), "decided_by": by, "answer": seal_answer(request, text)}


def _refuse_out_of_reach(request: DataRequest, by: User) -> None:
    refuse_outside(by, Permission.HANDLE_DATA_REQUESTS, request.election.region_id)


def _refuse_incomplete(wish: Wish, by: User | None, document: Document | None) -> None:
    if wish.kind not in Kind.values:
        message = _("Jenis permohonan “%(kind)s” tidak dikenal. Pilih salah satu: %(known)s.")
        raise Refused("kind_unknown", message % {"kind": wish.kind, "known": ", ".join(Kind.values)}, "kind")
    if not _tidy(wish.name):
        raise Refused("name_missing", _("Nama belum diisi. Tulis seperti pada KTP-el."), "name")
    if wish.kind == Kind.CORRECTION and not wish.told.strip():
        message = _("Yang harus diperbaiki belum ditulis. Sebutkan isian yang salah dan isi yang benar.")
        raise Refused("correction_missing", message, "told")
    if by is None and not wish.email.strip():
        message = _("Surel belum diisi. Jawaban dan tautannya dikirim ke sana.")
        raise Refused("email_missing", message, "email")
    if by is None and document is None:
        message = _("Foto KTP-el belum dilampirkan. Pilih berkas PDF, JPG, atau PNG.")
        raise Refused("document_missing", message, "document")


def _refuse_again(election: Election, kind: str, nik: object, document: Document | None) -> None:
    waiting = DataRequest.objects.filter(election=election, kind=kind, nik=nik)
    waiting = waiting.filter(status__in=("received", "in_progress"))
    if document and waiting.filter(document__stored_file__sha256=document.sha256).exists():
        message = _(
            "Permohonan yang sama sudah diterima dan sedang menunggu jawaban, sehingga tidak dicatat dua kali. Buka "
            "tautan di surel yang Anda terima."
        )
        raise Conflict("already_requested", message)


def _refuse_unfounded(request: DataRequest, identity_confirmed: bool, answer: str, note: str) -> None:
    if not identity_confirmed:
        message = _(
            "Identitas belum dicocokkan, sehingga permohonan tidak dapat dipenuhi. Cocokkan KTP-el dengan NIK dan "
            "tanggal lahir yang diketik, atau tolak dengan alasannya."
        )
        raise Refused("identity_not_confirmed", message, "identity_confirmed")
    if not answer:
        raise Refused("answer_missing", _("Jawaban belum diisi. Tulis apa yang dilakukan KPU."), "answer")
    if request.kind == Kind.CORRECTION and not note:
        message = _("Perbaikan belum ditulis. Sebutkan isian dan isinya yang benar; tim pasangan membacanya.")
        raise Refused("note_missing", message, "note")


def _tidy(text: str) -> str:
    return " ".join(text.split())[:150]
