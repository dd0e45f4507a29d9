"""Duplicates inside a pair: found by set-based SQL, always possible to run again while the round is open."""

from collections.abc import Sequence

import polars as pl
from django.db.models import Sum

from foundation import seal, sql
from supports.ingest.copies import IDENTICAL, SAME_NIK
from supports.locks import lock_counts
from supports.models import Submission, Tally, Upload, first_id
from supports.repairs.judging import GIVEN_BEFORE, TMS_BEFORE, judge_mended
from supports.standards import Standards, standards_of

CODES = [IDENTICAL, SAME_NIK, GIVEN_BEFORE, TMS_BEFORE]
# An empty range of ids.
NOBODY = {"but_first": 0, "but_last": 0}


def find_duplicates(submission: Submission, standards: Standards, niks: Sequence[str]) -> None:
    """Judge all rows of the round that have one of these (sealed) NIKs: duplicates, and what is clean.

    What was said about these NIKs before is taken back first, so that running it twice says it once. Rows of the
    pair's pool are judged with them: they tell whose person is already in a round.
    """
    if not niks:
        return
    _judge(submission, standards, niks)
    pool = pool_beside(submission)
    if pool:
        lock_counts(pool)
        _judge(pool, standards_of(pool), niks)


def _judge(submission: Submission, standards: Standards, niks: Sequence[str]) -> None:
    touched = {"submission": submission.pk, "niks": list(niks)}
    blocking = sorted(standards.blocking)
    sql.run("supports/forget_copies", codes=CODES, **touched)
    sql.run(
        "supports/find_copies_inside", identical=IDENTICAL, same_nik=SAME_NIK, blocking=blocking, **touched
    )
    earlier = earlier_rounds(submission)
    if earlier and standards.mended:
        judge_mended(submission, standards, niks, earlier=earlier, copies=CODES)
    elif earlier:
        sql.run(
            "supports/find_given_before", earlier=earlier, code=GIVEN_BEFORE, blocking=blocking, **touched
        )


def rounds_beside(submission: Submission, rows: int) -> list[int]:
    """The rounds of the pair, its pool and this one among them, that may hold other rows than these of an upload."""
    rounds = [*earlier_rounds(submission), *pools_with_rows(submission)]
    return [*rounds, submission.pk] if rows_of(submission) > rows else rounds


def niks_to_judge(
    upload: Upload, submission: Submission, again: pl.Series, rounds: Sequence[int], key: bytes
) -> list[str]:
    """The sealed NIKs of a loaded upload that come more than once: in the file itself, or elsewhere in the pair.

    ``again`` are the numbers of those that the file has more than once, ``rounds`` where else they may be. Most rows
    of most files are seen once, and cost nothing more.
    """
    digits = again.unique().cast(pl.String).str.zfill(16)
    niks = set(seal.as_hex(seal.seal_niks(digits, key)))
    return sorted(niks | set(niks_given_elsewhere(upload, submission, rounds)))


def niks_given_elsewhere(
    upload: Upload, submission: Submission, rounds: Sequence[int], *, but: Upload | None = None
) -> list[str]:
    """The sealed NIKs of an upload that other rows of these rounds also have, ``but`` those of one more upload."""
    if not rounds:
        return []
    span = {"first": first_id(upload.pk), "last": first_id(upload.pk + 1)}
    left_out = {"but_first": first_id(but.pk), "but_last": first_id(but.pk + 1)} if but else NOBODY
    found = sql.rows(
        "supports/list_niks_given_elsewhere",
        submission=submission.pk,
        rounds=list(rounds),
        **span,
        **left_out,
    )
    return [nik.replace("-", "") for (nik,) in found]


def earlier_rounds(submission: Submission) -> list[int]:
    """Ids of the rounds of the same pair that came before this one; for the pool all of them."""
    rounds = Submission.objects.filter(pair_id=submission.pair_id, kind=Submission.Kind.ROUND)
    if submission.kind == Submission.Kind.ROUND:
        rounds = rounds.filter(pk__lt=submission.pk)
    return list(rounds.values_list("pk", flat=True))


def pool_beside(submission: Submission) -> Submission | None:
    """The pool of the same pair; None for the pool itself, and while the pair has none."""
    if submission.kind == Submission.Kind.POOL:
        return None
    pools = Submission.objects.select_related("pair__election", "rule_set")
    return pools.filter(pair_id=submission.pair_id, kind=Submission.Kind.POOL).first()


def pools_with_rows(submission: Submission) -> list[int]:
    """The id of the pool beside a round when it holds rows; held, so that nobody adds any meanwhile."""
    pool = pool_beside(submission)
    if pool is None:
        return []
    lock_counts(pool)
    return [pool.pk] if rows_of(pool) else []


def rows_of(submission: Submission) -> int:
    """How many rows a round holds, by its counts."""
    statuses = Tally.objects.filter(submission=submission, key__in=("unverified", "MS", "BMS", "TMS"))
    return statuses.aggregate(n=Sum("n"))["n"] or 0


def count_repeats(upload: Upload, submission: Submission, niks: Sequence[str]) -> None:
    """Write down what the upload has in common with each other one of its round, by the NIKs that come repeatedly."""
    if niks:
        sql.run("supports/count_repeats", upload=upload.pk, submission=submission.pk, niks=list(niks))
