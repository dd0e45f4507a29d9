"""A file takes the place of rows that were there: those its row ids name, or a whole upload.

Part of the transaction that loads it: either all of it happens or nothing. The caller holds the round's counts.
"""

from dataclasses import dataclass

import polars as pl
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from candidates.thresholds import digits
from foundation import sql
from foundation.errors import Refused
from foundation.workflow import engine
from supports.duplicates import CODES, pools_with_rows
from supports.ingest.load import CopyStream
from supports.ingest.mends import Mends, marked
from supports.matching import queue_recheck
from supports.models import ROW_BITS, Repeat, Standing, Submission, Upload, first_id
from supports.removal import as_array, end_upload, remove_rows, remove_upload
from supports.reopening import refuse_unnamed
from supports.repairs.claims import pass_on, take_places
from supports.repairs.freeing import accept_waiting
from supports.repairs.succession import title_of
from supports.rules import BY_CODE
from supports.rulings.coverage import refuse_decided
from supports.standards import Standards

CHANGED = BY_CODE["ROW_ID_CHANGED"].number
GONE = BY_CODE["ROW_ID_GONE"].number
MEND_COLUMNS = ("origin_id", "support_id", "revision")
# From so many on, the planner must know how many there are.
ANALYZE_FROM = 10_000


@dataclass(frozen=True)
class Settled:
    """What taking the place of others came to: findings of the new rows, and NIKs to be judged anew."""

    findings: pl.DataFrame
    niks: list[str]


def replaces_anything(upload: Upload, mends: Mends) -> bool:
    """Whether rows that were there before may have to go, or rows of earlier rounds are named."""
    return bool(upload.replaces_id) or mends.names_any()


def settle(upload: Upload, submission: Submission, standards: Standards, mends: Mends) -> Settled:
    """Take away what the upload replaces; its own rows are stored already, without findings.

    Refuses a file for the pool that names rows of rounds.
    """
    in_pool = submission.kind == Submission.Kind.POOL
    if in_pool:
        _refuse_rows_of_rounds(mends)
    findings, niks = [mends.findings()], []
    named = mends.named()
    if named.height:
        late, ids = _too_late(upload, submission, named)
        findings.append(late)
        niks += _replace_rows(upload, submission, ids)
    if upload.replaces_id:
        niks += _replace_upload(upload, submission, standards)
    if niks or replaces_anything(upload, mends):
        queue_recheck(submission)
    if mends.earlier and not in_pool:
        findings.append(take_places(upload, submission, standards, mends.named_before(), mends.earlier))
        niks += accept_waiting(submission, standards, set(CODES))
    return Settled(pl.concat(findings), niks)


def _refuse_rows_of_rounds(mends: Mends) -> None:
    """In the pool no row takes the place of one that was handed in: the file belongs into the round."""
    named = mends.named_before()
    if not named.height:
        return
    rounds = Submission.objects.filter(pk__in=named["round"].unique().to_list()).select_related("rule_set")
    message = _(
        "%(rows)s baris berkas ini memuat ID baris putaran %(titles)s. Baris seperti itu hanya mengganti baris aslinya "
        "di dalam putaran, sehingga berkas ini tidak dimuat ke Cadangan. Unggah lagi dengan tujuan “Putaran yang "
        "sedang diisi” begitu masa pengisiannya dibuka; untuk pendukung baru, kosongkan sel ID barisnya."
    )
    titles = ", ".join(title_of(one) for one in rounds.order_by("pk"))
    raise Refused("rows_of_a_round", message % {"rows": digits(named.height), "titles": titles})


def _too_late(upload: Upload, submission: Submission, named: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Write down which row names which. Returns the findings of those that came too late, and the ids that may go."""
    rows = named.select(MEND_COLUMNS)
    text = rows.write_csv(include_header=False).encode()
    sql.copy_rows("supports_mend", MEND_COLUMNS, CopyStream(iter([text])))
    if rows.height >= ANALYZE_FROM:
        sql.execute("ANALYZE (SKIP_LOCKED) supports_mend")
    listed = sql.rows("supports/list_late_mends", submission=submission.pk, **_span(upload))
    late = pl.DataFrame(listed, schema={"support_id": pl.Int64, "held": pl.Boolean}, orient="row")
    findings = [
        marked(CHANGED, late.filter("held")["support_id"]),
        marked(GONE, late.filter(~pl.col("held"))["support_id"]),
    ]
    return pl.concat(findings), named.join(late, on="support_id", how="anti")["origin_id"]


def _replace_rows(upload: Upload, submission: Submission, ids: pl.Series) -> list[str]:
    """The rows with these ids go, the upload's are in their place. Returns the NIKs that others of theirs keep."""
    if not ids.len():
        return []
    refuse_unnamed(upload, submission, ids)
    named = RawSQL("SELECT unnest(%s::bigint[])", [as_array(ids)])
    refuse_decided(submission, Standing.objects.filter(pk__in=named))
    counts = pl.DataFrame({"other": ids // (1 << ROW_BITS)}).group_by("other").len().sort("other").rows()
    of = {"submission": submission.pk, **_span(upload)}
    sql.run("supports/pass_mends_on", **of)
    pass_on(upload, submission)
    rounds = [submission.pk, *pools_with_rows(submission)]
    niks = sql.rows("supports/list_niks_left", ids=as_array(ids), rounds=rounds, **of)
    remove_rows(ids, submission)
    Repeat.objects.bulk_create(
        Repeat(upload=upload, other_id=other, replaced=replaced) for other, replaced in counts
    )
    engine.record(
        "rows_replaced", upload, by=upload.received_by, rows=ids.len(), uploads={str(k): n for k, n in counts}
    )
    return [nik.replace("-", "") for (nik,) in niks]


def _replace_upload(upload: Upload, submission: Submission, standards: Standards) -> list[str]:
    """The rows of the upload that this one replaces go, unless they went meanwhile."""
    old = Upload.objects.select_related("submission__pair").get(pk=upload.replaces_id)
    if old.status != "loaded":
        return []
    removed, niks = remove_upload(old, submission, standards, successor=upload)
    end_upload(old, by=upload.received_by, removed=removed, successor=upload, replaced_by=upload.pk)
    return niks


def _span(upload: Upload) -> dict[str, int]:
    return {"first": first_id(upload.pk), "last": first_id(upload.pk + 1)}
