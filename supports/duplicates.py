"""Duplicates inside a pair: found by set-based SQL, always possible to run again while the round is open."""

from collections.abc import Sequence
from uuid import UUID

from foundation import sql
from supports.models import Submission, first_id
from supports.rules import BY_CODE
from supports.standards import Standards

IDENTICAL = BY_CODE["DUPLICATE_IDENTICAL"].number
SAME_NIK = BY_CODE["DUPLICATE_NIK"].number
GIVEN_BEFORE = BY_CODE["DUPLICATE_ROUND"].number
CODES = [IDENTICAL, SAME_NIK, GIVEN_BEFORE]


def find_duplicates(
    submission: Submission, standards: Standards, *, upload_id: int | None = None, niks: Sequence[UUID] = ()
) -> None:
    """Find the duplicates among the NIKs of an upload and those named, and settle what is clean.

    What was said about these NIKs before is taken back first, so that running it twice says it once.
    """
    touched = {
        "submission": submission.pk,
        "first": first_id(upload_id) if upload_id else 0,
        "last": first_id(upload_id + 1) if upload_id else 0,
        "niks": list(niks),
    }
    sql.run("supports/forget_copies_inside", codes=CODES, **touched)
    sql.run("supports/find_copies_inside", identical=IDENTICAL, same_nik=SAME_NIK, **touched)
    earlier = earlier_rounds(submission)
    if earlier:
        sql.run("supports/find_given_before", earlier=earlier, code=GIVEN_BEFORE, **touched)
    blocking = [code for code in CODES if code in standards.blocking]
    sql.run("supports/settle_clean", codes=blocking, **touched)


def earlier_rounds(submission: Submission) -> list[int]:
    """Ids of the rounds of the same pair that came before this one."""
    if submission.kind == Submission.Kind.POOL:
        return []
    rounds = Submission.objects.filter(pair_id=submission.pair_id, kind=Submission.Kind.ROUND)
    return list(rounds.filter(pk__lt=submission.pk).values_list("pk", flat=True))
