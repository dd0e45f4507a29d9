"""A pair asks, KPU answers, both write until it is closed; each step is an Event without a word of what was written.

``by=None`` is the citizen who came by the mailed link (``citizens``).
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candidates.models import Pair
from candidates.queries import now
from foundation.accounts.access import scopes
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.attachments.operations import Document, keep_document
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.workflow import engine
from supports.help_desk import letters, queries, refusals
from supports.help_desk.models import Message, Thread
from supports.help_desk.sealing import seal_message


@transaction.atomic
def ask(
    pair: Pair,
    *,
    by: User,
    subject: str,
    text: str,
    kind: str = "pair",
    thing: int | None = None,
    document: Document | None = None,
) -> Thread:
    """Ask KPU about the pair, one of its uploads or one of its rows (``kind``, ``thing``).

    Refuses what is empty or too long, a NIK in the subject, and a thing that is not the asker's to see.
    """
    if pair.pk not in scopes(by, Permission.ASK_HELP).pairs:
        raise NotAllowed("not_the_asker", _("Anda tidak bekerja untuk pasangan ini."))
    subject, text = refusals.tidy_subject(subject), refusals.tidy_text(text)
    thing = pair.pk if kind == "pair" else thing
    title = refusals.refuse_foreign_thing(kind, thing or 0, pair, by)
    election = pair.election
    thread = Thread.objects.create(
        election=election,
        pair=pair,
        region=election.region_id,
        desk=election.region_id,
        subject=subject,
        attached_kind=kind,
        attached_id=thing,
        attached_title=title,
        created_by=by,
        waiting_since=now(),
    )
    engine.record("help_thread_asked", thread, by=by, attached=kind, desk=thread.desk)
    add_message(thread, text, by=by, office=False, document=document)
    return thread


@transaction.atomic
def write(
    thread: Thread, *, by: User | None, text: str, seen: int | None = None, document: Document | None = None
) -> Message:
    """The asker writes more, and KPU's answer is waited for; a closed thread is opened again.

    ``seen`` is how many messages the writer had before them: Conflict when there is one more by now. Refuses a thread
    that was closed too long ago.
    """
    text = refusals.tidy_text(text)
    if by is None:
        refusals.refuse_nik(text, "text")
    current = _locked(thread)
    refusals.refuse_stranger(current, by)
    if seen is not None:
        refusals.refuse_unread(current, seen)
    moment = now()
    refusals.refuse_long_closed(current, moment)
    step = "reopen" if current.status == "closed" else "write"
    _move_unless_there(current, step, by=by, unseen=False, waiting_since=moment, closed_at=None)
    return add_message(current, text, by=by, office=False, document=document)


@transaction.atomic
def answer(
    thread: Thread,
    *,
    by: User,
    text: str,
    seen: int,
    document: Document | None = None,
    close: bool = False,
) -> Message:
    """KPU answers, or asks back; with ``close`` the thread ends with it. The asker is told that there is an answer.

    Conflict when something was written since ``seen`` messages, or when a colleague holds it. Refuses another desk.
    """
    text = refusals.tidy_text(text)
    current = _locked(thread)
    refusals.refuse_other_office(current, by)
    refusals.refuse_unread(current, seen)
    refusals.refuse_held(current, by)
    _move_unless_there(current, "answer", by=by, unseen=True, waiting_since=None, holder=by)
    message = add_message(current, text, by=by, office=True, document=document)
    if close:
        _close(current, by=by)
    letters.tell_answered(current)
    return message


@transaction.atomic
def take_thread(thread: Thread, *, by: User, held_by: int | None) -> None:
    """Take a thread to answer it, from nobody or from the colleague ``held_by`` that one has seen there.

    Conflict when somebody else took it meanwhile.
    """
    current = _locked(thread)
    refusals.refuse_other_office(current, by)
    if current.holder_id == by.pk:
        return
    if current.holder_id != held_by:
        message = _("%(name)s baru saja mengambil pertanyaan ini. Ambil alih bila tetap Anda yang menjawab.")
        raise Conflict("taken_meanwhile", message % {"name": current.holder or _("Seorang petugas")})
    _give(current, by)
    engine.record("help_thread_taken", current, by=by, held_before=held_by)


@transaction.atomic
def release_thread(thread: Thread, *, by: User) -> None:
    """Give a thread back, so that a colleague can take it. Conflict when one does not hold it."""
    current = _locked(thread)
    if current.holder_id != by.pk:
        message = _("Pertanyaan ini tidak (lagi) Anda pegang. Muat ulang halaman.")
        raise Conflict("not_held", message)
    _give(current, None)
    engine.record("help_thread_released", current, by=by)


@transaction.atomic
def hand_on(thread: Thread, *, by: User, desk: int) -> None:
    """Give a thread to another office that is concerned: of the region, its province, or KPU RI.

    Refuses an office that is none of these; Conflict when it does not wait for an answer.
    """
    current = _locked(thread)
    refusals.refuse_other_office(current, by)
    if desk == current.desk or desk not in queries.offices_above_and_at(current.region):
        message = _("Pertanyaan ini tidak dapat diteruskan ke kantor itu. Pilih salah satu dari daftar.")
        raise Refused("desk_unknown", message, "desk")
    if current.status != "waiting":
        message = _("Yang diteruskan hanya pertanyaan yang menunggu jawaban KPU. Muat ulang halaman.")
        raise Conflict("thread_not_waiting", message)
    before = current.desk
    region = current.region or desk
    Thread.objects.filter(pk=current.pk).update(desk=desk, holder=None, region=region, last_at=now())
    engine.record("help_thread_handed_on", current, by=by, before=before, desk=desk)


@transaction.atomic
def close_thread(thread: Thread, *, by: User | None) -> None:
    """Close a thread: its asker at any time, KPU once it has answered. Conflict when it is closed already."""
    current = _locked(thread)
    if by is not None and queries.answers_at(by, current.desk):
        if current.status == "waiting":
            message = _("Pertanyaan ini belum dijawab. Jawab dahulu, atau kirim jawaban lalu tutup.")
            raise Conflict("not_answered", message)
    else:
        refusals.refuse_stranger(current, by)
    _close(current, by=by)


def mark_seen(thread: Thread, *, by: User | None) -> None:
    """Whoever asked has the answer before them: it is no news any more. No change of the question, so no Event."""
    if not thread.unseen:
        return
    if by is None or queries.threads_of_team(by, Permission.ASK_HELP).filter(pk=thread.pk).exists():
        Thread.objects.filter(pk=thread.pk, written=thread.written).update(unseen=False)


def _locked(thread: Thread) -> Thread:
    """The thread as it is now; whoever else writes to it waits."""
    related = Thread.objects.select_related("election", "pair", "holder", "created_by")
    return related.select_for_update(of=("self",)).get(pk=thread.pk)


def _move_unless_there(thread: Thread, step: str, *, by: User | None, unseen: bool, **changes: Any) -> None:
    """Make a move with what is written; what is written beside what was written already changes no state."""
    moment = now()
    if thread.status == Thread.machine.move(step).target:
        Thread.objects.filter(pk=thread.pk).update(last_at=moment, unseen=unseen)
        engine.record("help_thread_added_to", thread, by=by)
    else:
        engine.move(thread, step, by=by, last_at=moment, unseen=unseen, **changes)


def _close(thread: Thread, *, by: User | None) -> None:
    moment = now()
    engine.move(thread, "close", by=by, closed_at=moment, last_at=moment, waiting_since=None)


def _give(thread: Thread, holder: User | None) -> None:
    Thread.objects.filter(pk=thread.pk).update(holder=holder)


def add_message(
    thread: Thread, text: str, *, by: User | None, office: bool, document: Document | None
) -> Message:
    """Write one message of a locked thread."""
    refusals.refuse_full(thread)
    number = thread.written + 1
    message = Message.objects.create(
        thread=thread,
        number=number,
        office=office,
        sealed=seal_message(thread, number, text),
        attachment=keep_document(document, by=by) if document else None,
        created_by=by,
    )
    Thread.objects.filter(pk=thread.pk).update(written=number)
    thread.written = number
    return message
