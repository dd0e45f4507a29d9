"""The BMS list: rows of a closed round that the pair may mend, in the template, with the reasons of their decisions.

It streams in pages, as the report of an upload does; what comes back is read by the signed id of each row.
"""

from collections.abc import Iterator

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from candidates.queries import key_scope
from foundation import sql
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused
from foundation.keys.keyring import keyring
from foundation.readings.kinds import Kind
from foundation.readings.models import Reading
from foundation.readings.operations import record_reading
from foundation.workflow import engine
from supports.ingest.columns import TITLES
from supports.models import Submission, Tally
from supports.privacy.marks import hidden_niks
from supports.repairs.models import ReplacedCount
from supports.report import ROW_SCHEMA, Column, Front, as_csv, for_each_set, open_rows, shown_codes
from supports.report_workbook import MOST_ROWS, as_workbook, effects_by_number
from supports.rules import TEAM
from verification.reasons import BY_NUMBER

PAGE = 10_000
SCHEMA = ROW_SCHEMA | {"reasons": pl.String, "note": pl.String}
HEADINGS = ("Alasan BMS", "Catatan KPU", "ID baris")
REMEDIES = (
    "Kolom Alasan BMS dan Catatan KPU memuat alasan keputusan KPU; sel berwarna memuat temuan pemeriksaan.",
    "Benahi isian sesuai KTP-el dan lengkapi dokumennya. Jangan mengubah kolom ID baris dan judul kolom.",
    "Simpan, lalu unggah berkas ini pada putaran perbaikan. Setiap baris menjadi baris baru yang mengganti baris lama.",
    "Pendukung baru boleh ditambahkan di bawahnya dengan kolom ID baris kosong.",
)


def download_csv(
    submission: Submission, *, by: User, audience: str, everything: bool = False
) -> Iterator[bytes]:
    """The list as pieces of CSV; by default without rows that were replaced. That it was fetched is an Event.

    Refuses (Conflict) a round that is not closed.
    """
    reading, codes = _begin(submission, by, audience, everything, "csv")
    pages = _pages(submission, codes, audience, everything, reading=reading)
    return as_csv(pages, _columns(), Front(HEADINGS, _said))


def download_workbook(submission: Submission, *, by: User, audience: str, everything: bool = False) -> bytes:
    """The same as a workbook with coloured cells. Refuses more than MOST_ROWS rows: those are for the CSV."""
    if rows_listed(submission, everything) > MOST_ROWS:
        message = _(
            "Daftar BMS ini lebih dari 100.000 baris, terlalu banyak untuk satu buku kerja. "
            "Unduh sebagai CSV: isinya sama dan jumlah barisnya tidak dibatasi."
        )
        raise Refused("list_too_long", message)
    reading, codes = _begin(submission, by, audience, everything, "workbook")
    pages = _pages(submission, codes, audience, everything, reading=reading)
    effects = effects_by_number(submission)
    return as_workbook(pages, _columns(), reading.rows, Front(HEADINGS, _said), effects, REMEDIES)


def rows_listed(submission: Submission, everything: bool = True) -> int:
    """How many BMS rows the round has, or how many of them nothing replaces yet; by the counts."""
    found = Tally.objects.filter(submission=submission, key="BMS").values_list("n", flat=True)
    return sum(found) - (0 if everything else rows_replaced(submission))


def rows_replaced(submission: Submission) -> int:
    """How many rows of the round are replaced by rows of later ones; by the counts."""
    return ReplacedCount.objects.filter(pk=submission.pk).values_list("rows", flat=True).first() or 0


def name_of(submission: Submission, form: str) -> str:
    """What the file is called."""
    return f"daftar-bms-{submission.stage}-{submission.pair_id}.{form}"


def _begin(
    submission: Submission, by: User, audience: str, everything: bool, form: str
) -> tuple[Reading, list[int]]:
    if submission.status != "closed":
        message = _("Daftar BMS tersedia setelah putaran ini ditutup; sekarang berstatus “%(status)s”.")
        raise Conflict("round_not_closed", message % {"status": submission.get_status_display()})
    keyring(key_scope(submission.pair.election))  # Refuses when its people can be opened no longer
    rows = rows_listed(submission, everything)
    with transaction.atomic():
        engine.record("bms_list_downloaded", submission, by=by, rows=rows, form=form)
        reading = record_reading(
            Kind.LIST, submission, by=by, rows=rows, submission=submission.pk, form=form, list="BMS"
        )
    return reading, shown_codes(audience)


def _pages(
    submission: Submission, codes: list[int], audience: str, everything: bool, *, reading: Reading
) -> Iterator[pl.DataFrame]:
    """The rows in clear for the ``reading`` on record, page by page."""
    election = submission.pair.election
    without = hidden_niks(election.pk) if audience == TEAM else []
    left_out = pl.col("nik").is_in([str(nik) for nik in without]).fill_null(False)
    of = {"submission": submission.pk, "codes": codes, "everything": everything, "limit": PAGE}
    after = 0
    while rows := sql.rows("verification/list_bms_rows", after=after, **of):
        frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
        after = frame["id"][-1]
        yield open_rows(frame.filter(~left_out), keyring(key_scope(election)))


def _columns() -> list[Column]:
    return [Column(title, name) for name, title in TITLES.items()]


def _said(opened: pl.DataFrame) -> list[pl.Expr]:
    """The reasons in words, the note, and the signed id of each row."""
    reasons = for_each_set(
        opened["reasons"].replace("", None),
        lambda numbers: "; ".join(BY_NUMBER[one].title for one in numbers),
    )
    return [pl.lit(reasons), pl.col("note"), pl.col("row_id")]
