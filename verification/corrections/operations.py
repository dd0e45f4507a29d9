"""Proposing a correction with its document, two approvals by other people, refusing it, and going on after a stop.

What is approved is exactly what was looked at: the rows are kept with how they stood (``CorrectionRow``).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from candidates import refusals
from candidates.queries import now
from candidates.templatetags.wording import number as said
from foundation import sql
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.attachments.operations import Document, keep_document
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.jobs import operations as jobs
from foundation.readings.kinds import Kind
from foundation.readings.operations import record_reading
from foundation.workflow import engine
from supports.models import Submission
from verification.bulk import rows_changed
from verification.corrections.choosing import Chosen, Wanted, choose, ruling_of
from verification.corrections.models import Correction, CorrectionRow
from verification.models import Review
from verification.rolls.matching import queue_matching

CARRY = "verification.carry_correction"
CORRECTABLE = ("in_review", "closed")
# What a ruling has given back to the team goes on also while it is the team's.
REOPENED = (*CORRECTABLE, "reopened")
HELD = "SELECT status FROM supports_submission WHERE id = %s FOR SHARE"
HELD_ALONE = "SELECT status FROM supports_submission WHERE id = %s FOR UPDATE"
EARLIEST = date(2015, 1, 1)


def preview_correction(submission: Submission, wanted: Wanted, *, by: User) -> Chosen:
    """Look at the decided rows that would be taken back. Refuses when nothing chooses them, and a withdrawn pair.

    A list is on record as a reading, for it tells whose rows there are.
    """
    _refuse_here(submission, by)
    chosen = choose(submission, wanted)
    if chosen.named:
        record_reading(Kind.SEARCH, submission.pair, by=by, rows=len(chosen.named.ids), by_what=["list"])
    return chosen


def propose_correction(
    review: Review,
    wanted: Wanted,
    *,
    by: User,
    number: str,
    dated: date,
    reason: str,
    token: str,
    document: Document | None,
) -> Correction:
    """Propose to take exactly the rows that were looked at (``token``) back to unverified, by a document.

    Refuses a pair that has withdrawn, no document, number or reason, and nothing chosen; Conflict when the rows are
    others meanwhile, or the round is neither in verification nor closed.
    """
    submission = review.submission
    _refuse_here(submission, by)
    letter = {"number": " ".join(number.split()), "dated": dated, "reason": reason.strip()}
    _refuse_letter(letter, document)
    with transaction.atomic():
        _hold(submission)
        chosen = choose(submission, wanted)
        _refuse_rows(chosen, token)
        correction = Correction(
            review=review,
            **letter,
            ruling=ruling_of(submission, wanted.ruling) if wanted.ruling else None,
            wanted=wanted.kept(),
            rows=chosen.rows,
            stood=chosen.stood,
            token=chosen.token,
            proposed_by=by,
        )
        refusals.refuse_misfit(correction)
        correction.document = keep_document(document, by=by)
        correction.save()
        if (kept := keep_rows(correction, chosen)) != chosen.rows:
            raise rows_changed(token, kept)
        engine.record("correction_proposed", correction, by=by, sha256=document.sha256, **told(correction))
    return correction


def approve_correction(correction: Correction, *, by: User) -> Correction:
    """The first or the second approval of exactly what was proposed; after the second a job takes the rows back.

    Refuses who proposed or approved it before; Conflict when some of the rows changed since it was proposed (how many
    is said), when it was ruled on already, or when the round is neither in verification nor closed.
    """
    submission = correction.review.submission
    _refuse_here(submission, by)
    with transaction.atomic():
        _hold(submission)
        current = Correction.objects.select_for_update(of=("self",)).get(pk=correction.pk)
        current.review = correction.review
        _refuse_approver(current, by)
        _refuse_changed(current)
        if current.status == "proposed" and current.first_approved_by_id is None:
            Correction.objects.filter(pk=current.pk).update(first_approved_by=by, first_approved_at=Now())
            engine.record("correction_first_approved", current, by=by, **told(current))
        else:
            step = {"second_approved_by": by, "second_approved_at": Now()}
            engine.move(current, "approve", by=by, data=told(current), **step)
            _reopen(submission, current, by)
            queue(current, by=by)
    return Correction.objects.select_related("first_approved_by", "second_approved_by").get(pk=current.pk)


def refuse_correction(correction: Correction, *, by: User) -> None:
    """Refuse it, or take one's own proposal back; no row changes. Conflict when it was ruled on already."""
    _refuse_outside(correction.review.submission, by)
    with transaction.atomic():
        engine.move(correction, "refuse", by=by, data=told(correction), refused_by=by, refused_at=Now())
        CorrectionRow.objects.filter(correction=correction).delete()


def resume_correction(correction: Correction, *, by: User) -> None:
    """Go on with one whose job was stopped. Conflict when its job is at work, or nothing of it is left to do."""
    submission = correction.review.submission
    _refuse_here(submission, by)
    if not is_stopped(correction):
        message = _("Koreksi ini tidak sedang berhenti. Muat ulang halaman untuk melihat keadaannya.")
        raise Conflict("not_stopped", message)
    with transaction.atomic():
        _hold(submission, REOPENED if correction.reopens else CORRECTABLE)
        _reopen(submission, correction, by)
        engine.record("correction_resumed", correction, by=by, **told(correction))
        queue(correction, by=by)


def is_stopped(correction: Correction) -> bool:
    """Whether it was approved and nothing carries it out."""
    job = correction.job
    return correction.status == "approved" and (job is None or job.state not in ("queued", "running"))


def _reopen(submission: Submission, correction: Correction, by: User) -> None:
    """A closed round has no result until it is closed again; what was written about the last one stays."""
    if submission.status == "closed":
        data = {"correction": correction.pk, "was": submission.result}
        engine.move(submission, "correct", by=by, data=data, result="")
        queue_matching(submission, by=by)


def keep_rows(correction: Correction, chosen: Chosen) -> int:
    """Write down which rows it is about and how each stands, in the order in which they are taken back; how many."""
    kept = chosen.found.order_by("area", "support_id").annotate(of=Value(correction.pk))
    columns = ("correction_id", "area", "support_id", "stood")
    return sql.insert_found(
        "corrections_correctionrow", columns, kept.values_list("of", "area", "support_id", "vermin")
    )


def queue(correction: Correction, *, by: User | None) -> None:
    """Have a job take its rows back, in turn with the other work on the pair."""
    lane = f"pair:{correction.review.submission.pair_id}"
    correction.job = jobs.enqueue(CARRY, lane=lane, subject_id=correction.pk, by=by)
    Correction.objects.filter(pk=correction.pk).update(job=correction.job)


def _hold(submission: Submission, states: Sequence[str] = CORRECTABLE) -> None:
    """Keep the round where it is until this transaction ends: alone where it is to be opened again, else beside those
    who decide in it. Conflict when nothing of it can be corrected.
    """
    sql.value(HELD_ALONE if submission.status == "closed" else HELD, [submission.pk])
    submission.refresh_from_db(fields=["status", "result"])
    if submission.status not in states:
        message = _(
            "Putaran ini tidak sedang diverifikasi dan belum selesai, sehingga tidak ada yang dapat dikoreksi. Muat "
            "ulang halaman."
        )
        raise Conflict("not_correctable", message)


def told(correction: Correction) -> dict[str, Any]:
    """What its Events say of it."""
    return {
        "number": correction.number,
        "rows": correction.rows,
        "digest": correction.token,
        "stood": correction.stood,
        "filter": correction.wanted,
    }


def _refuse_outside(submission: Submission, by: User) -> None:
    refusals.refuse_outside(by, Permission.CORRECT_DECISIONS, submission.pair.election.region_id)


def _refuse_here(submission: Submission, by: User) -> None:
    _refuse_outside(submission, by)
    submission.pair.refresh_from_db(fields=["status"])
    if submission.pair.status == "withdrawn":
        message = _(
            "Pasangan “%(name)s” telah mengundurkan diri, sehingga keputusan atas dukungannya tidak dikoreksi lagi."
        )
        raise Refused("pair_withdrawn", message % {"name": submission.pair.name})


def _refuse_letter(letter: dict[str, Any], document: Document | None) -> None:
    if not letter["number"]:
        message = _("Nomor surat belum diisi. Salin dari keputusan atau putusannya.")
        raise Refused("number_missing", message, "number")
    if not letter["reason"]:
        message = _("Alasan belum diisi. Tulis mengapa baris ini diperiksa lagi.")
        raise Refused("reason_missing", message, "reason")
    if not EARLIEST <= letter["dated"] <= now().date() + timedelta(days=1):
        message = _("Tanggal surat ini belum terjadi atau terlalu lama. Periksa tanggal pada surat.")
        raise Refused("strange_date", message, "dated")
    if document is None:
        message = _("Dokumen surat belum dipilih. Pilih PDF, JPG, atau PNG.")
        raise Refused("document_missing", message, "letter")


def _refuse_rows(chosen: Chosen, token: str) -> None:
    if token != chosen.token:
        raise rows_changed(token, chosen.rows)
    if not chosen.rows:
        message = _(
            "Tidak ada baris yang sudah diputus dengan pilihan ini, sehingga tidak ada yang dikoreksi."
        )
        raise Refused("nothing_to_correct", message)


def _refuse_approver(correction: Correction, by: User) -> None:
    if by.pk == correction.proposed_by_id:
        message = _("Koreksi ini Anda usulkan sendiri, sehingga harus disetujui dua orang lain.")
        raise NotAllowed("own_proposal", message)
    if by.pk == correction.first_approved_by_id:
        message = _("Koreksi ini sudah Anda setujui. Persetujuan kedua diberikan orang lain.")
        raise NotAllowed("approved_by_you", message)


def _refuse_changed(correction: Correction) -> None:
    """Conflict when one of its rows no longer stands as it stood."""
    if correction.status != "proposed":
        return
    (same,) = sql.rows("corrections/count_unchanged", correction=correction.pk)[0]
    if same != correction.rows:
        message = _(
            "%(gone)s dari %(rows)s baris sudah berubah sejak diusulkan, sehingga koreksi ini tidak dapat disetujui. "
            "Tolak, lihat lagi barisnya, lalu usulkan yang baru."
        )
        words = {"gone": said(correction.rows - same), "rows": said(correction.rows)}
        raise Conflict("rows_changed", message % words)
