"""The team's own copy of what it handed in: every field and salt, so that it can prove its rows to anybody.

One JSON object a line (a spreadsheet would change the digits); made while it is sent, never a file of ours.
"""

import io
import json
from collections.abc import Iterator

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.errors import Conflict
from foundation.readings.kinds import Kind
from foundation.readings.models import Reading
from foundation.readings.operations import record_reading
from foundation.workflow import engine
from supports.handing_in.merkle import Tree
from supports.handing_in.reading import hash_rows, open_portion, read_portions, sealing_of
from supports.handing_in.rows import FIELDS
from supports.handing_in.verify import ROWS_FORMAT
from supports.locks import OPEN
from supports.models import Receipt, Submission, Support
from supports.privacy.marks import hidden_niks


def download_rows(receipt: Receipt, *, by: User) -> Iterator[bytes]:
    """The rows of a receipt as pieces of JSON lines; that they were fetched is an Event.

    Refuses (Conflict) when the round has been open since. The pieces raise Conflict at the end when the rows are no
    longer those of the receipt: no copy looks whole that is not.
    """
    refuse_changed(receipt)
    submission = receipt.hand_in.submission
    sealing_of(submission)
    rows = receipt.body["rows"]
    with transaction.atomic():
        engine.record("rows_downloaded", receipt, by=by, rows=rows, number=receipt.number)
        reading = record_reading(
            Kind.ROWS, receipt, by=by, rows=rows, submission=submission.pk, receipt=receipt.number
        )
    return _pieces(receipt, submission, reading=reading)


def refuse_changed(receipt: Receipt) -> None:
    """Refuses (Conflict) rows that are no longer those of the receipt: the round is, or was, open again."""
    submission = receipt.hand_in.submission
    later = Receipt.objects.filter(hand_in__submission=submission, pk__gt=receipt.pk)
    if submission.status in OPEN or later.exists():
        message = _(
            "Putaran ini dibuka kembali setelah tanda terima %(number)s, sehingga salinan baris menurut tanda terima "
            "itu tidak tersedia lagi. Gunakan salinan yang diunduh sebelumnya, atau tanda terima yang terbaru."
        )
        raise Conflict("round_open_again", message % {"number": receipt.number})


def _pieces(receipt: Receipt, submission: Submission, *, reading: Reading) -> Iterator[bytes]:
    about = {"format": ROWS_FORMAT, "receipt": receipt.number, "root": receipt.body["root"]}
    yield json.dumps(about).encode() + b"\n"
    keys, tree, without = sealing_of(submission), Tree(), _hidden(submission)
    for portion in read_portions(submission):
        opened = open_portion(portion, keys)
        leaves = hash_rows(opened)
        numbers = pl.Series("no", range(tree.size + 1, tree.size + 1 + len(leaves)), dtype=pl.Int64)
        tree.extend(leaves)
        copied = opened.select(numbers, "salt", pl.Series("leaf", leaves).bin.encode("hex"), *FIELDS)
        yield _lines(_withheld(copied, without))
    if tree.root().hex() != receipt.body["root"]:
        raise Conflict(
            "rows_changed", _("Baris yang tersimpan bukan lagi yang diserahkan. Sampaikan ke help desk.")
        )


def _hidden(submission: Submission) -> list[str]:
    """The ids of the rows whose people asked that they be used no more."""
    niks = hidden_niks(submission.pair.election_id)
    rows = Support.objects.filter(nik__in=niks, submission=submission) if niks else Support.objects.none()
    return [str(pk) for pk in rows.values_list("pk", flat=True)]


def _withheld(rows: pl.DataFrame, without: list[str]) -> pl.DataFrame:
    """Of those rows the leaf alone: the root can still be proved, and nobody is named."""
    if not without:
        return rows
    hidden = pl.col("id").is_in(without)
    secret = [name for name in ("salt", *FIELDS) if name not in ("id", "area")]
    blank = (pl.when(hidden).then(pl.lit("")).otherwise(pl.col(name)).alias(name) for name in secret)
    return rows.with_columns(*blank, withheld=hidden)


def _lines(rows: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    rows.write_ndjson(out)
    return out.getvalue()
