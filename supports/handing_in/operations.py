"""Handing a round in: asked for at a moment that counts, carried out once by a job; and taken back when returned."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from candidates.models import Pair, Window
from candidates.queries import now, window_state
from foundation import sql
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused
from foundation.jobs import operations as jobs
from foundation.workflow import engine
from foundation.workflow.table import SUBMISSION
from supports.handing_in.requirement import refuse_short
from supports.handing_in.waiting import files_on_their_way, loading_uploads, pending_hand_in
from supports.models import HandIn, Submission
from supports.progress import counts_by_area
from supports.reopening import was_reopened
from supports.rounds import latest_round, refuse_inactive

JOB = "supports.hand_in"
OPEN_TO_HAND_IN = SUBMISSION.move("submit").sources
DONE = ("submitted", "accepted", "completing", "in_review", "closed")


@dataclass(frozen=True)
class Asked:
    """A handing-in, and whether this request was the one that began it."""

    hand_in: HandIn
    new: bool


def hand_in(pair: Pair, *, by: User, expected: int | None = None) -> Asked:
    """Hand the pair's current round in. Asked for again, or by two people at once: the same handing-in.

    The moment of asking, by the database's clock, is the receipt's. Files that are being loaded then, and declared
    ones within the grace, still belong to it; everything else is refused from then on.

    Refuses when the pair no longer stands, the window for handing in is not open, there is nothing to hand in, or
    what is required is not reached (with everything that is missing); Conflict when the round no longer has the
    ``expected`` number of rows.
    """
    asked_at = now()
    refuse_inactive(pair)
    submission = latest_round(pair)
    if submission is None:
        raise _nothing()
    submission.pair = pair
    known = _known(submission)
    if known:
        return Asked(known, new=False)
    _refuse_closed(submission, asked_at)
    try:
        with transaction.atomic():
            return Asked(_begin(submission, by, asked_at, expected), new=True)
    except IntegrityError:
        # Somebody else asked at the same moment and was first.
        return Asked(_known(submission), new=False)


def redraft(submission: Submission, *, by: User) -> None:
    """Go on filling a round that was returned. Refuses when its window for filling is not open."""
    refuse_inactive(submission.pair)
    state = window_state(submission.pair, Window.Kind.FILLING, submission.stage)
    if not state.open:
        raise Refused("window_closed", state.reason)
    with transaction.atomic():
        if pending_hand_in(submission):
            raise Conflict(
                "hand_in_under_way", _("Putaran ini sedang diserahkan, sehingga tidak dapat diisi lagi.")
            )
        engine.move(submission, "mend_again" if was_reopened(submission) else "redraft", by=by)


def queue_hand_in(asked: HandIn) -> None:
    """Let a worker carry it out, in turn with the other work on the pair: what was begun before comes before."""
    lane = f"pair:{asked.submission.pair_id}"
    job = jobs.enqueue(JOB, lane=lane, subject_id=asked.pk, by=asked.requested_by)
    HandIn.objects.filter(pk=asked.pk).update(job=job)
    asked.job = job


def end_hand_in(asked: HandIn, refusal: Refused) -> None:
    """It comes to nothing: the round is open again, and the team reads why."""
    HandIn.objects.filter(pk=asked.pk, ended_at=None).update(
        ended_at=Now(), error_code=refusal.code, error_message=refusal.message
    )
    engine.record("hand_in_refused", asked.submission, by=None, code=refusal.code)


def _known(submission: Submission) -> HandIn | None:
    """The handing-in that is under way, or the one that was carried out."""
    pending = pending_hand_in(submission)
    if pending is None and submission.status in DONE:
        pending = HandIn.objects.filter(submission=submission, receipt__isnull=False).order_by("-id").first()
    if pending:
        pending.submission = submission
    return pending


def _refuse_closed(submission: Submission, at: datetime) -> None:
    state = window_state(submission.pair, Window.Kind.HANDING_IN, submission.stage, at=at)
    if not state.open:
        raise Refused("window_closed", state.reason)


def _begin(submission: Submission, by: User, asked_at: datetime, expected: int | None) -> HandIn:
    # Shared, as a load or an edit holds it: nobody waits for it here, and no sweep closes the round meanwhile.
    sql.value("SELECT id FROM supports_submission WHERE id = %s FOR SHARE", [submission.pk])
    submission.refresh_from_db(fields=["status"])
    if submission.status == "lapsed":
        engine.move(submission, "revive", by=None)
    refusal = engine.why_not(SUBMISSION, SUBMISSION.move("submit"), submission.status, by)
    if refusal:
        raise refusal
    if not loading_uploads(submission) and not files_on_their_way(submission, asked_at):
        refuse_wrong(submission, expected)
    asked = HandIn.objects.create(submission=submission, requested_at=asked_at, requested_by=by)
    engine.record("hand_in_requested", submission, by=by, at=asked_at.isoformat(), expected=expected)
    queue_hand_in(asked)
    return asked


def refuse_wrong(submission: Submission, expected: int | None = None) -> None:
    """Refuses a round without a row, with another number of rows than was looked at, or short of what is asked."""
    rows = sum(area.submitted for area in counts_by_area(submission.pair, [submission]))
    if not rows:
        raise _nothing()
    if expected is not None and expected != rows:
        message = _(
            "Jumlah baris berubah sejak halaman ini dibuka: semula %(expected)d, sekarang %(rows)d. Belum ada yang "
            "diserahkan; periksa lagi, lalu serahkan."
        )
        raise Conflict("rows_changed", message % {"expected": expected, "rows": rows})
    refuse_short(submission)


def _nothing() -> Refused:
    message = _(
        "Belum ada dukungan yang diunggah, sehingga tidak ada yang diserahkan. Unggah dukungan dahulu."
    )
    return Refused("nothing_to_hand_in", message)
