"""Giving the rows that a ruling names back to the team: the round is reopened at once, a job takes the decisions back.

The rows, their decisions and the job are those of a correction, which has the ruling's document and its two approvals
(docs/adr/0040).
"""

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import refusals, zones
from candidates.models import Ruling
from foundation import sql
from foundation.accounts.models import User
from foundation.errors import Conflict
from foundation.workflow import engine
from supports.models import Submission
from supports.reopening import VERIFIED, later_rounds, refuse_reopening
from verification.corrections import operations as corrections
from verification.corrections.choosing import chosen_by
from verification.corrections.models import Correction
from verification.models import Review
from verification.reopening.waiting import end_what_waits

REASON = "Putaran dibuka kembali berdasarkan putusan: tim membenahi baris yang disebut di dalamnya."


def reopen_round(ruling: Ruling) -> Correction:
    """Reopen the round of a ruling in force for the rows it names; what waits in its verification ends, and says so.

    Refuses a pair that has withdrawn or begun a later round; Conflict when the round is neither in verification nor
    closed. A later round that nobody has touched goes: it begins again when this one is closed.
    """
    pair = ruling.pair
    refusals.refuse_withdrawn(pair)
    with transaction.atomic():
        review = Review.objects.select_related("submission__rule_set").get(
            submission__pair=pair, submission__stage=ruling.stage
        )
        submission = review.submission
        submission.pair = pair
        _hold(submission)
        refuse_reopening(pair, ruling.stage, ruling.covers)
        _take_untouched_away(submission)
        ended = end_what_waits(review, ruling)
        correction = _corrected(review, ruling)
        data = {
            "ruling": ruling.pk,
            "correction": correction.pk,
            "rows": correction.rows,
            "was": submission.result,
        }
        engine.move(submission, "reopen", by=None, data=data | ended, result="")
        corrections.queue(correction, by=None)
    return correction


def _hold(submission: Submission) -> None:
    """Alone: who decides, deals or carries a part out is waited for, and finds it reopened."""
    sql.value(corrections.HELD_ALONE, [submission.pk])
    submission.refresh_from_db(fields=["status", "result"])
    if submission.status not in VERIFIED:
        message = _(
            "Putaran ini tidak sedang diverifikasi dan belum selesai, sehingga tidak ada yang dibuka kembali. Muat "
            "ulang halaman."
        )
        raise Conflict("not_verified", message)


def _take_untouched_away(submission: Submission) -> None:
    for later in later_rounds(submission).select_for_update(of=("self",)):
        engine.record("round_taken_away", later, by=None, stage=later.stage, reopened=submission.stage)
        later.delete()


def _corrected(review: Review, ruling: Ruling) -> Correction:
    submission = review.submission
    chosen = chosen_by(submission, ruling)
    correction = Correction.objects.create(
        review=review,
        number=ruling.document,
        dated=zones.local(ruling.second_approved_at, submission.pair.election.zone).date(),
        reason=REASON,
        document=ruling.attachment,
        ruling=ruling,
        reopens=True,
        wanted={"ruling": ruling.pk},
        rows=chosen.rows,
        stood=chosen.stood,
        token=chosen.token,
        proposed_by=_answerable(review, ruling),
        first_approved_by=ruling.first_approved_by,
        first_approved_at=ruling.first_approved_at,
    )
    corrections.keep_rows(correction, chosen)
    approved = {
        "second_approved_by": ruling.second_approved_by,
        "second_approved_at": ruling.second_approved_at,
    }
    engine.move(correction, "approve", by=None, data=corrections.told(correction), **approved)
    return correction


def _answerable(review: Review, ruling: Ruling) -> User:
    """Who entered the ruling; of one entered by a command, who opened it, or the verification."""
    opened = [window.created_by for window in ruling.windows.select_related("created_by")]
    for person in (ruling.created_by, *opened, review.opened_by):
        if person and person.pk not in (ruling.first_approved_by_id, ruling.second_approved_by_id):
            return person
    message = _(
        "Putusan ini tidak diusulkan siapa pun selain yang menyetujuinya, sehingga barisnya tidak dibuka kembali."
    )
    raise Conflict("nobody_answers", message)
