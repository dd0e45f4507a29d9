"""What was read on the scans of cards, compared with their rows: two findings that warn, never a decision."""

from collections.abc import Sequence

from foundation import sql
from supports.locks import lock_counts
from supports.models import Standing, Submission
from supports.rules import BY_CODE

MISMATCH, UNREADABLE = BY_CODE["SCAN_NIK_MISMATCH"].number, BY_CODE["SCAN_UNREADABLE"].number


def compare_cards(supports: Sequence[int]) -> None:
    """Say anew of these rows, inside the caller's transaction, what their cards say; sealed against sealed."""
    if not supports:
        return
    held = Standing.objects.filter(support_id__in=supports).order_by().values("submission")
    for submission in Submission.objects.filter(pk__in=held).order_by("-kind", "id"):
        lock_counts(submission)
    sql.run("scans/compare_cards", supports=list(supports), mismatch=MISMATCH, unreadable=UNREADABLE)
