"""Whether what somebody wants to change is covered by what is open: where a ruling names rows one by one, each row."""

from collections.abc import Iterable

import polars as pl
from django.db.models import BigIntegerField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from candidates.models import RulingRow
from candidates.windows import Rows
from foundation import sql
from foundation.errors import Refused
from supports.models import ROW_BITS, Standing, Submission, Upload, first_id
from supports.removal import as_array


def rows_asked_for(submission: Submission, upload: Upload, row: int | None = None) -> QuerySet:
    """One row that shall be changed, or all of an upload's in a round; each with its ``support_id``."""
    if row is not None:
        return Standing.objects.filter(support_id=row)
    span = {"support_id__gte": first_id(upload.pk), "support_id__lt": first_id(upload.pk + 1)}
    return Standing.objects.filter(submission=submission, **span)


def first_uncovered(rows: Rows, uploads: Iterable[Upload], asked: QuerySet) -> Upload | None:
    """An upload of which a row that is ``asked`` for may not change now, if any; one query for all of them."""
    closed = {one.pk: one for one in uploads if not rows.may_change(one.pk, one.received_at)}
    if not closed or not rows.rulings:
        return next(iter(closed.values()), None)
    named = RulingRow.objects.filter(ruling__in=list(rows.rulings), support_id=OuterRef("support_id"))
    came_with = ExpressionWrapper(F("support_id").bitrightshift(ROW_BITS), BigIntegerField())
    strangers = asked.annotate(came_with=came_with).filter(~Exists(named), came_with__in=list(closed))
    found = strangers.order_by().values_list("came_with", flat=True)[:1]
    return closed[found[0]] if found else None


def count_uncovered(rows: Rows, ids: pl.Series) -> int:
    """How many of the rows with these ids may not change now; two queries."""
    came_with = ids // (1 << ROW_BITS)
    uploads = Upload.objects.filter(pk__in=came_with.unique().to_list())
    free = [one.pk for one in uploads if rows.may_change(one.pk, one.received_at)]
    rest = ids.filter(~came_with.is_in(free))
    rulings = as_array(sorted(rows.rulings))
    return sql.rows("supports/count_unnamed_rows", ids=as_array(rest), rulings=rulings)[0][0]


def refuse_decided(submission: Submission, rows: QuerySet) -> None:
    """Refuse to change rows of a reopened round (each with its ``support_id``) that were decided and are not named."""
    if submission.status != "reopened":
        return
    decided = Standing.objects.filter(pk__in=rows.order_by().values("support_id")).exclude(
        vermin="unverified"
    )
    if decided.exists():
        message = _(
            "Baris yang sudah diputus KPU tidak dapat diubah atau dihapus. Putusan hanya membuka baris yang disebut di "
            "dalamnya, yang berstatus “Belum diperiksa”; bila putaran ini baru saja dibuka kembali, coba lagi sebentar."
        )
        raise Refused("row_decided", message)
