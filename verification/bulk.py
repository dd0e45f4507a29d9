"""One decision about many rows: looked at with examples, proposed, approved by a second person, carried out by a job.

What is approved is exactly what was looked at: the rows are kept when it is proposed (``BulkRow``). Never a silent
mass change: every row has its Decision, and the whole can be undone.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import Count, Value
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from candidates import refusals
from candidates.templatetags.wording import number
from foundation import sql
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.jobs import operations as jobs
from foundation.workflow import engine
from supports.bulk_removal import fingerprint, in_words
from supports.listing import Filter, Row, matching, rows_of, standings_matching
from supports.models import Standing, Submission
from supports.rules import COMMISSION
from verification.dealing import hold_in_review
from verification.deciding import checked_reasons
from verification.models import Bulk, BulkRow, Review

CARRY, UNDO = "verification.carry_bulk", "verification.undo_bulk"
EXAMPLES = 10
MOST_DIGITS = 19  # a token comes from outside, and begins with a number
WANTED = ("finding", "area", "upload")


@dataclass(frozen=True)
class Preview:
    """What a bulk decision would be about: ``waiting`` rows, how the others that fit stand, and some examples."""

    waiting: int
    others: dict[str, int]
    token: str
    examples: list[Row]


def preview_bulk(submission: Submission, wanted: Filter) -> Preview:
    """Look at the rows that a filter shows. Refuses when no filter is set, or an unknown one."""
    _refuse_everything(wanted)
    ids = matching(submission, _waiting(wanted)).order_by("support_id").values_list("support_id", flat=True)
    count, token = fingerprint(submission, _waiting(wanted))
    stands = standings_matching(submission, _all_eyes(wanted)).order_by().values_list("vermin")
    others = Counter(dict(stands.annotate(n=Count("pk"))))
    del others["unverified"]
    return Preview(count, dict(others), token, rows_of(list(ids[:EXAMPLES]), submission, COMMISSION))


def propose_bulk(
    review: Review,
    wanted: Filter,
    *,
    by: User,
    status: str,
    token: str,
    reasons: Sequence[str] = (),
    note: str = "",
) -> Bulk:
    """Propose to decide all rows that were looked at (``token`` of the preview) and that nobody has decided yet.

    The same proposal again, while it waits, is the same proposal.
    Refuses without a filter, with reasons that are missing or of another status, and nothing to decide; Conflict when
    the rows are others meanwhile, or the round is no longer in verification.
    """
    submission = review.submission
    refusals.refuse_outside(by, Permission.DEAL_WORK, submission.pair.election.region_id)
    _refuse_everything(wanted)
    given = checked_reasons(submission, status, reasons, note)
    with transaction.atomic():
        hold_in_review(submission)
        count, seen = fingerprint(submission, _waiting(wanted))
        if token != seen:
            raise rows_changed(token, count)
        if not count:
            raise Refused(
                "nothing_to_decide", _("Tidak ada baris yang menunggu keputusan dengan saringan ini.")
            )
        told = {
            "wanted": {name: getattr(wanted, name) for name in WANTED},
            "after": status,
            "reasons": [one.number for one in given],
            "note": note.strip(),
            "token": seen,
            "proposed_by": by,
        }
        if same := review.bulks.filter(**told, status="proposed").first():
            return same
        bulk = Bulk.objects.create(review=review, rows=count, **told)
        if (kept := _keep(bulk, submission, wanted)) != count:
            raise rows_changed(token, kept)
        engine.record("bulk_proposed", bulk, by=by, rows=count, digest=seen, after=status, filter=bulk.wanted)
    return bulk


def approve_bulk(bulk: Bulk, *, by: User) -> None:
    """Approve exactly what was proposed; a job carries it out.

    Refuses the one who proposed it; Conflict when some of the rows were decided meanwhile (how many is said), when it
    was ruled on already, or the round is no longer in verification.
    """
    _refuse_ruling(bulk, by)
    with transaction.atomic():
        hold_in_review(bulk.review.submission)
        waiting = Standing.objects.filter(
            pk__in=bulk.waiting.values("support_id"), vermin="unverified"
        ).count()
        if waiting != bulk.rows:
            message = _(
                "%(gone)s dari %(rows)s baris sudah diputus sejak diusulkan, sehingga usulan ini tidak dapat "
                "disetujui. Tolak, lihat lagi barisnya, lalu usulkan yang baru."
            )
            words = {"gone": number(bulk.rows - waiting), "rows": number(bulk.rows)}
            raise Conflict("rows_changed", message % words)
        engine.move(bulk, "approve", by=by, data=_told(bulk), ruled_by=by, ruled_at=Now())
        _queue(bulk, CARRY, by)


def refuse_bulk(bulk: Bulk, *, by: User) -> None:
    """Refuse it, or take one's own proposal back; no row changes. Conflict when it was ruled on already."""
    refusals.refuse_outside(by, Permission.DEAL_WORK, bulk.review.submission.pair.election.region_id)
    second = {} if by.pk == bulk.proposed_by_id else {"ruled_by": by, "ruled_at": Now()}
    with transaction.atomic():
        engine.move(bulk, "refuse", by=by, data=_told(bulk), **second)
        BulkRow.objects.filter(bulk=bulk).delete()


def undo_bulk(bulk: Bulk, *, by: User) -> None:
    """Undo it as a whole, by a job; what somebody decided anew since stays.

    Conflict when it is not done, or the round is no longer in verification.
    """
    refusals.refuse_outside(by, Permission.DEAL_WORK, bulk.review.submission.pair.election.region_id)
    with transaction.atomic():
        hold_in_review(bulk.review.submission)
        engine.move(bulk, "undo", by=by, data=_told(bulk))
        _queue(bulk, UNDO, by)


def resume_bulk(bulk: Bulk, *, by: User) -> None:
    """Go on with one whose job was stopped. Conflict when nothing of it is left to do, or its job is at work."""
    refusals.refuse_outside(by, Permission.DEAL_WORK, bulk.review.submission.pair.election.region_id)
    kinds = {"approved": CARRY, "undoing": UNDO}
    if bulk.status not in kinds or (bulk.job and bulk.job.state in ("queued", "running")):
        message = _(
            "Keputusan massal ini tidak sedang berhenti. Muat ulang halaman untuk melihat keadaannya."
        )
        raise Conflict("not_stopped", message)
    with transaction.atomic():
        engine.record("bulk_resumed", bulk, by=by, **_told(bulk))
        _queue(bulk, kinds[bulk.status], by)


def words_of(bulk: Bulk) -> list[str]:
    """What its filter shows, as people say it."""
    return in_words(bulk.review.submission, Filter(**bulk.wanted, audience=COMMISSION))


def rows_changed(token: str, count: int) -> Conflict:
    """The rows that were looked at (``token``) are others by now, ``count`` of them: nothing is proposed."""
    seen = token.partition("-")[0]
    message = _(
        "Barisnya sudah berubah sejak dilihat: tadi %(seen)s, sekarang %(count)s. Tidak ada yang diusulkan. Lihat "
        "lagi, lalu usulkan."
    )
    before = number(int(seen)) if seen.isascii() and seen.isdigit() and len(seen) < MOST_DIGITS else "–"
    return Conflict("rows_changed", message % {"seen": before, "count": number(count)})


def _keep(bulk: Bulk, submission: Submission, wanted: Filter) -> int:
    """In the order in which they are decided, so that what is decided together lies together."""
    rows = standings_matching(submission, _waiting(wanted)).order_by("area", "support_id")
    kept = rows.annotate(of=Value(bulk.pk)).values_list("of", "area", "support_id")
    return sql.insert_found("verification_bulkrow", ("bulk_id", "area", "support_id"), kept)


def _queue(bulk: Bulk, kind: str, by: User) -> None:
    lane = f"pair:{bulk.review.submission.pair_id}"
    bulk.job = jobs.enqueue(kind, lane=lane, subject_id=bulk.pk, by=by)
    Bulk.objects.filter(pk=bulk.pk).update(job=bulk.job)


def _waiting(wanted: Filter) -> Filter:
    return replace(_all_eyes(wanted), status="unverified")


def _all_eyes(wanted: Filter) -> Filter:
    return replace(wanted, audience=COMMISSION, reach=None, own=None)


def _told(bulk: Bulk) -> dict[str, Any]:
    return {"rows": bulk.rows, "digest": bulk.token, "after": bulk.after, "filter": bulk.wanted}


def _refuse_everything(wanted: Filter) -> None:
    if not any(getattr(wanted, name) not in (None, "") for name in WANTED):
        message = _("Belum ada saringan. Pilih temuan, wilayah, atau berkas yang barisnya hendak diputus.")
        raise Refused("filter_missing", message, "finding")


def _refuse_ruling(bulk: Bulk, by: User) -> None:
    refusals.refuse_outside(by, Permission.DEAL_WORK, bulk.review.submission.pair.election.region_id)
    if by.pk == bulk.proposed_by_id:
        message = _("Usulan ini Anda ajukan sendiri, sehingga harus disetujui orang lain.")
        raise NotAllowed("own_proposal", message)
