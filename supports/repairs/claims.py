"""Rows of a repair round that name rows of earlier rounds by their signed ids: who takes whose place, and who waits.

Part of the transaction that loads or removes the rows; the caller holds the counts of the round.
"""

import polars as pl

from foundation import sql
from supports.ingest.mends import marked
from supports.models import Submission, Upload, first_id
from supports.removal import as_array
from supports.repairs.models import Replacement
from supports.rules import BY_CODE
from supports.standards import Standards

CHANGED = BY_CODE["ROW_ID_CHANGED"].number
DECIDED = BY_CODE["ROW_ID_DECIDED"].number


def take_places(
    upload: Upload, submission: Submission, standards: Standards, named: pl.DataFrame, earlier: list[int]
) -> pl.DataFrame:
    """Let the rows of a loaded upload take the places of those they name in ``earlier`` rounds. Returns findings.

    Only rows that the round lets be mended can be replaced, and each once: the others are told.
    """
    found = []
    if named.height:
        origins, ids = as_array(named["origin_id"]), as_array(named["support_id"])
        sql.run("repairs/free_origins", origins=origins)
        others = sql.rows(
            "repairs/claim_rows",
            submission=submission.pk,
            earlier=earlier,
            origins=origins,
            ids=ids,
            mended=list(standards.mended),
        )
        found.append(marked(DECIDED, pl.Series([pk for (pk,) in others], dtype=pl.Int64)))
    own = {"support_id__gte": first_id(upload.pk), "support_id__lt": first_id(upload.pk + 1)}
    waiting = Replacement.objects.filter(submission=submission, stands=False, **own)
    late = list(waiting.order_by("support_id").values_list("support_id", flat=True))
    found.append(marked(CHANGED, pl.Series(late, dtype=pl.Int64)))
    return pl.concat(found)


def pass_on(upload: Upload, submission: Submission) -> None:
    """What rows of the round were sent for goes on to the upload's rows that take their places; before they go."""
    span = {"first": first_id(upload.pk), "last": first_id(upload.pk + 1)}
    sql.run("repairs/pass_claims_on", submission=submission.pk, **span)
