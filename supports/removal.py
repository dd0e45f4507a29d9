"""Rows go: a whole upload, or single rows by their ids. Set-based; the caller holds the round's counts."""

from collections.abc import Collection, Iterable
from typing import Any

from foundation import sql
from foundation.accounts.models import User
from foundation.seal import spans
from foundation.workflow import engine
from supports.duplicates import CODES, niks_given_elsewhere, pools_with_rows
from supports.locks import places_of
from supports.models import ROW_BITS, Submission, Upload, UploadTally, first_id
from supports.repairs.freeing import accept_waiting, forget_gone
from supports.rules import BY_CODE, RULES
from supports.searchable import forget_rows, hold_uploads
from supports.standards import Standards

CHANGED = BY_CODE["ROW_ID_CHANGED"].number
NUMBERS = [rule.number for rule in RULES]


def remove_upload(
    upload: Upload, submission: Submission, standards: Standards, *, successor: Upload | None = None
) -> tuple[int, list[str]]:
    """Take away an upload's rows of one round. Returns how many, and the sealed NIKs whose rows are to be judged anew.

    The NIKs of its ``successor``, which is being loaded, are left out: they are judged with it.
    """
    rows = {"submission": submission.pk, "first": first_id(upload.pk), "last": first_id(upload.pk + 1)}
    rounds = [submission.pk, *pools_with_rows(submission)]
    niks = niks_given_elsewhere(upload, submission, rounds, but=successor)
    hold_uploads([upload.pk])
    sql.run("supports/remove_findings", codes=NUMBERS, **rows)
    sql.run("supports/remove_standings", **rows)
    removed = sql.run("supports/remove_supports", **rows)
    forget_rows(submission, rows["first"], rows["last"])
    blocking = sorted(standards.blocking - {CHANGED, *CODES})
    accepted = sql.rows("supports/accept_late_mends", code=CHANGED, blocking=blocking, **rows)
    sql.run("supports/remove_mends", first=rows["first"], last=rows["last"])
    niks += [nik.replace("-", "") for (nik,) in accepted if nik]
    if forget_gone(submission.pk) and successor is None:
        niks += accept_waiting(submission, standards, set(CODES))
    return removed, niks


def end_upload(
    upload: Upload, *, by: User | None, removed: int, successor: Upload | None = None, **more: Any
) -> None:
    """An upload whose rows were taken away is discarded, unless some were moved to a round and are still there."""
    data = {"rows": removed, **more}
    if UploadTally.objects.filter(upload=upload, key="rows", n__gt=0).exists():
        rounds = [place.stage for place in places_of(upload)]
        engine.record("upload_discarded_in_part", upload, by=by, **data, rows_left_in=rounds)
    else:
        engine.move(upload, "discard", by=by, data=data, successor=successor)


def erase_rows(submission_id: int, upload_id: int) -> int:
    """Take away what a round has of an upload, and all that is kept about it; nothing is judged anew. The rows."""
    span = {"submission": submission_id, "first": first_id(upload_id), "last": first_id(upload_id + 1)}
    sql.run("supports/remove_findings", codes=NUMBERS, **span)
    sql.run("supports/remove_standings", **span)
    removed = sql.run("supports/remove_supports", **span)
    sql.run("supports/forget_searchable", **span)
    sql.run("supports/remove_mends", first=span["first"], last=span["last"])
    forget_gone(submission_id)
    return removed


def remove_rows(ids: Collection[int], submission: Submission) -> int:
    """Take away the rows of a round that have these ids. Returns how many."""
    rows = {"submission": submission.pk, "ids": as_array(ids)}
    hold_uploads({pk >> ROW_BITS for pk in ids})
    sql.run("supports/remove_findings_of_rows", codes=NUMBERS, **rows)
    sql.run("supports/remove_standings_of_rows", **rows)
    sql.run("supports/forget_searchable_of_rows", **rows)
    removed = sql.run("supports/remove_supports_of_rows", **rows)
    forget_gone(submission.pk)
    return removed


def as_array(ids: Iterable[object]) -> str:
    """Ids as one value that PostgreSQL reads at once; half a million as a list would be that many values."""
    return f"{{{','.join(map(str, ids))}}}"


def erase_voters(election_id: int) -> int:
    """Erase what the voter lists of an election hold; how many entries.

    The lists belong to an app above (verification.rolls); its statement is called by name, as jobs are.
    """
    ((first, last),) = spans(1)
    return sql.run(
        "rolls/erase_entries", election=election_id, roll=None, first_nik=first.hex, last_nik=last.hex
    )
