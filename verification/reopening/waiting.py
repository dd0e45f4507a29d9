"""What waits in a verification that a ruling ends for the time being: nothing is dealt, read or proposed any more."""

from typing import Any

from candidates.models import Ruling
from foundation.workflow import engine
from verification.corrections.models import CorrectionRow
from verification.duplicates.grouping import forget_groups
from verification.models import Bulk, BulkRow, Review, SecondReading, Work

# How a proposal, and what is being carried out, ends: what was done stays, the rest is passed over.
BULK_ENDS = {"proposed": "refuse", "approved": "finish", "undoing": "end_undo"}
CORRECTION_ENDS = {"proposed": "refuse", "approved": "finish"}


def end_what_waits(review: Review, ruling: Ruling) -> dict[str, int]:
    """End all of it, each with its Event. The caller holds the round alone. Returns how much of what there was."""
    submission, told = review.submission, {"ruling": ruling.pk}
    bulks = _end_bulks(review, told)
    ended = _end_corrections(review, told)
    held, _each = Work.objects.filter(submission=submission).delete()
    read, _each = SecondReading.objects.filter(submission=submission).delete()
    forget_groups(submission)
    return {"rows_given_back": held, "readings_ended": read, "bulks_ended": bulks, "corrections_ended": ended}


def _end_bulks(review: Review, told: dict[str, Any]) -> int:
    waiting = list(Bulk.objects.filter(review=review, status__in=BULK_ENDS))
    for bulk in waiting:
        left = {"passed_over": bulk.rows - bulk.decided - bulk.doubled} if bulk.status == "approved" else {}
        engine.move(bulk, BULK_ENDS[bulk.status], by=None, data=told, **left)
    BulkRow.objects.filter(bulk__in=waiting).delete()
    return len(waiting)


def _end_corrections(review: Review, told: dict[str, Any]) -> int:
    waiting = list(review.corrections.filter(status__in=CORRECTION_ENDS))
    for one in waiting:
        left = {"passed_over": one.rows - one.taken_back} if one.status == "approved" else {}
        engine.move(one, CORRECTION_ENDS[one.status], by=None, data=told, **left)
    CorrectionRow.objects.filter(correction__in=waiting).delete()
    return len(waiting)
