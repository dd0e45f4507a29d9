"""Bawaslu files a recommendation; the KPU of the election's territory answers it, once."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from candidates import refusals
from candidates.models import Election, Pair
from candidates.queries import now, pairs_visible_to, rules_of
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.attachments.operations import Document, keep_document
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.workflow import engine
from supports.models import Support, Upload
from supports.queries import supports_visible_to, uploads_visible_to
from supports.recommendations.models import Recommendation
from supports.recommendations.queries import elections_open_to, territory_for

EARLIEST = date(2015, 1, 1)


def file_recommendation(
    election: Election,
    *,
    by: User,
    number: str,
    dated: date,
    text: str,
    document: Document,
    pair_id: int | None = None,
    upload_id: int | None = None,
    support_id: int | None = None,
) -> Recommendation:
    """File a recommendation about an election, or about a pair, an upload or a row of it, with its letter.

    KPU has the days of the rule set to answer, by the database's clock. Refuses what is outside the territory or not
    to be seen, a number the office has used for the election, and a letter dated in the future.
    """
    if not elections_open_to(by).filter(pk=election.pk).exists():
        message = _("Pemilihan ini di luar wilayah pengawasan Anda, sehingga saran tidak dapat disampaikan.")
        raise NotAllowed("outside_your_region", message)
    pair, upload, support = about(by, election, pair_id, upload_id, support_id)
    moment = now()
    made = Recommendation(
        election=election, pair=pair, upload=upload, support_id=support and support.pk,
        region=territory_for(by, election), number=_tidy(number), dated=dated, text=text.strip(), created_by=by,
        due_at=moment + timedelta(days=rules_of(election).recommendation_days),
    )  # fmt: skip
    _refuse_letter(made, moment.date())
    refusals.refuse_misfit(made)
    with transaction.atomic():
        made.document = keep_document(document, by=by)
        _save_once(made)
        facts = {"number": made.number, "region": made.region, "sha256": document.sha256}
        rows = {"upload": upload and upload.pk, "support": made.support_id}
        engine.record("recommendation_filed", made, by=by, due_at=made.due_at.isoformat(), **facts, **rows)
    return made


def about(
    by: User, election: Election, pair_id: int | None, upload_id: int | None, support_id: int | None
) -> tuple[Pair | None, Upload | None, Support | None]:
    """What a recommendation is about. Refuses what the user may not see; a row names its upload, an upload its pair."""
    support = upload = pair = None
    if support_id is not None:
        rows = supports_visible_to(by).select_related("submission__pair")
        support = rows.filter(submission__pair__election=election, pk=support_id).first()
        if support is None:
            raise _unknown(_("Baris"), "support")
        upload_id, pair_id = upload_id or support.upload_id, support.submission.pair_id
        upload = Upload.objects.get(pk=support.upload_id)
    if upload_id is not None and upload is None:
        uploads = uploads_visible_to(by).select_related("submission")
        upload = uploads.filter(submission__pair__election=election, pk=upload_id).first()
        if upload is None:
            raise _unknown(_("Unggahan"), "upload")
        pair_id = upload.submission.pair_id
    if pair_id is not None:
        pair = pairs_visible_to(by).filter(election=election, pk=pair_id).first()
        if pair is None:
            raise _unknown(_("Bakal pasangan calon"), "pair")
    return pair, upload, support


def answer_recommendation(
    recommendation: Recommendation, *, by: User, followed: bool, answer: str
) -> Recommendation:
    """Answer: followed, with the act that does it, or not, with the reason. Late answers count as late, not as none.

    Refuses without words and who has no say over the election; Conflict when it was answered already.
    """
    refusals.refuse_outside(by, Permission.ANSWER_RECOMMENDATIONS, recommendation.election.region_id)
    words = answer.strip()
    if not words:
        message = _(
            "Jawaban belum diisi. Tulis tindakan yang diambil, atau alasan mengapa tidak ditindaklanjuti."
        )
        raise Refused("answer_missing", message, "answer")
    proposed = Recommendation(answer=words)
    proposed.clean_fields(exclude=[one.name for one in proposed._meta.fields if one.name != "answer"])
    moment = now()
    late = moment > recommendation.due_at
    engine.move(
        recommendation,
        "follow" if followed else "decline",
        by=by,
        data={"answer": words, "late": late},
        answer=words,
        answered_at=moment,
        answered_by=by,
    )
    return recommendation


def _refuse_letter(made: Recommendation, today: date) -> None:
    if not made.number:
        raise Refused(
            "number_missing", _("Nomor surat belum diisi. Salin dari surat saran perbaikan."), "number"
        )
    if not made.text:
        raise Refused("text_missing", _("Isi saran belum diisi. Tulis apa yang perlu diperbaiki."), "text")
    if not EARLIEST <= made.dated <= today + timedelta(days=1):
        message = _("Tanggal surat ini belum terjadi atau terlalu lama. Periksa tanggal pada surat.")
        raise Refused("strange_date", message, "dated")


def _save_once(made: Recommendation) -> None:
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        message = _(
            "Saran nomor “%(number)s” sudah disampaikan pada pemilihan ini. Buka daftar saran perbaikan."
        )
        raise Conflict("recommendation_filed_before", message % {"number": made.number}, "number") from error


def _unknown(what: str, field: str) -> Refused:
    message = _(
        "%(what)s itu tidak ada pada pemilihan ini atau tidak dapat Anda lihat. Pilih dari halamannya."
    )
    return Refused("subject_unknown", message % {"what": what}, field)


def _tidy(text: str) -> str:
    return " ".join(text.split())
