"""Rows of a repair round go: what they replaced may be replaced again, by a row that waits for it or a later one."""

from foundation import sql
from supports.models import Submission
from supports.repairs.models import Replacement
from supports.rules import BY_CODE
from supports.standards import Standards

CHANGED = BY_CODE["ROW_ID_CHANGED"].number


def forget_gone(submission_id: int) -> bool:
    """Forget what was replaced by rows that are no longer in the round; whether the round replaces anything."""
    if not Replacement.objects.filter(submission=submission_id).exists():
        return False
    sql.run("repairs/forget_gone", submission=submission_id)
    return True


def forget_row(support_id: int) -> bool:
    """Forget what one row replaced that goes; whether it replaced anything."""
    gone, _each = Replacement.objects.filter(support_id=support_id).delete()
    return bool(gone)


def accept_waiting(submission: Submission, standards: Standards, but: set[int]) -> list[str]:
    """Rows that came too late take places that were given up. Returns their sealed NIKs, to be judged anew.

    ``but`` are the numbers of the rules that are looked at anew with those NIKs.
    """
    blocking = sorted(standards.blocking - {CHANGED} - but)
    accepted = sql.rows("repairs/accept_waiting", submission=submission.pk, code=CHANGED, blocking=blocking)
    return [nik.replace("-", "") for (nik,) in accepted]
