"""The report of an upload: the file as it was given, the findings in front; to be mended and uploaded again.

It streams in pages of row numbers, so that neither a transaction nor more than one page is held.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from foundation import seal, sql
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Conflict
from foundation.keys.keyring import Keys, keyring
from foundation.workflow import engine
from supports.ingest.columns import TITLES, map_headings
from supports.ingest.normalise import EXTRA_SEPARATOR
from supports.ingest.prepare import FIELD_END, SEALED_FIELDS
from supports.models import Support, Upload, first_id
from supports.queries import places_read_by
from supports.row_ids import key_of_rows, write_row_ids
from supports.rules import BY_NUMBER, COMMISSION, RULES
from supports.standards import key_scope

BOM = b"\xef\xbb\xbf"
OUR_HEADINGS = ("Temuan", "Penjelasan", "ID baris")
PAGE = 10_000  # row numbers read at once
ROW_SCHEMA = {
    "id": pl.Int64,
    "codes": pl.String,
    **dict.fromkeys(("nik", "birth_date", "phone", "name", "sex", "marital", "village"), pl.String),
    **dict.fromkeys(("district", "regency", "occupation", "document"), pl.String),
    "statement": pl.Boolean,
    **dict.fromkeys(("sheet", "ref", "sealed"), pl.String),
    "revision": pl.Int16,
    "submission": pl.Int64,
}
# As the import reads them back (supports.ingest.words).
MARITAL = {"B": "Belum kawin", "S": "Sudah kawin", "P": "Pernah kawin"}
# What a spreadsheet would run as a formula, or change: codes that begin with 0, long numbers, "1/2".
_CHANGED_BY_SPREADSHEETS = r"(?s)^(?:[=+\-@\t\r].*|0\d+|\d{12,}|\d{1,4}/\d{1,4})$"
# Always text, whatever they look like: their column must keep one type.
_ALWAYS_TEXT = ("nik", "phone")


@dataclass(frozen=True)
class Column:
    """One column of the file: its heading, and the field it holds; without one, how many like it came before."""

    heading: str
    field: str | None
    earlier: int = 0


def download_report(upload: Upload, *, by: User, audience: str, everything: bool = False) -> Iterator[bytes]:
    """The report as pieces of CSV, by default of the rows with findings; that it was fetched is an Event.

    What the audience may not know is neither shown nor makes a row appear. Refuses (Conflict) an upload that is
    not loaded; the pieces raise Conflict when it is thrown away meanwhile, so that no short file looks whole.
    """
    refuse_unready(upload)
    engine.record("report_downloaded", upload, by=by, rows="all" if everything else "findings")
    return _pieces(upload, shown_places(upload, by), shown_codes(audience), everything)


def refuse_unready(upload: Upload) -> None:
    """Refuse (Conflict) a report of an upload that is not loaded."""
    if upload.status != "loaded":
        raise Conflict(
            "report_not_ready",
            _(
                "Laporan belum tersedia: unggahan “%(name)s” berstatus “%(status)s”. "
                "Laporan dapat diunduh setelah unggahan selesai dimuat."
            )
            % {"name": upload.name, "status": upload.get_status_display()},
        )


def shown_places(upload: Upload, by: User) -> list[int]:
    """The ids of the rounds of which this reader may see rows; of the pool only the own team."""
    places = places_read_by(by, upload.submission.pair, Permission.VIEW_REPORT)
    return list(places.values_list("pk", flat=True))


def shown_codes(audience: str) -> list[int]:
    """The numbers of the rules whose findings this audience may know."""
    return [rule.number for rule in RULES if audience == COMMISSION or rule.audience != COMMISSION]


def columns_of(upload: Upload) -> list[Column]:
    """The columns of the upload's file, in its order, without those of a report that came back."""
    headings = upload.columns.get("headings") or list(TITLES.values())
    fields = upload.columns.get("fields") or TITLES
    field_of = {heading: name for name, heading in fields.items()}
    ours = map_headings(headings).silent
    columns: list[Column] = []
    for at, heading in enumerate(headings):
        field = field_of.pop(heading, None)
        if at in ours or field == "row_id":
            continue
        title = heading or f"Kolom {at + 1}"
        earlier = sum(one.field is None and one.heading == title for one in columns)
        columns.append(Column(title, field, earlier))
    return columns


def _pieces(upload: Upload, places: list[int], codes: list[int], everything: bool) -> Iterator[bytes]:
    columns = columns_of(upload)
    yield BOM + _line([*OUR_HEADINGS, *(_safe(column.heading) for column in columns)])
    for page in open_pages(upload, places, codes, everything):
        yield _lines(page, columns)


def open_pages(
    upload: Upload, places: list[int], codes: list[int], everything: bool
) -> Iterator[pl.DataFrame]:
    """The rows in clear, page by page. Raises Conflict at the end when the upload was thrown away meanwhile."""
    scope = key_scope(upload.submission.pair.election)
    for first, last in _pages(upload.pk):
        rows = sql.rows(
            "supports/list_report_rows",
            submissions=places,
            first=first,
            last=last,
            codes=codes,
            everything=everything,
        )
        if rows:
            frame = pl.DataFrame(rows, schema=ROW_SCHEMA, orient="row")
            yield _open(frame, keyring(scope))
    if not Upload.objects.filter(pk=upload.pk, status="loaded").exists():
        raise Conflict("report_not_ready", _("Unggahan ini dibuang ketika laporannya sedang diunduh."))


def _pages(upload_id: int) -> Iterator[tuple[int, int]]:
    """Half-open ranges of ids that together hold every row of the upload."""
    rows = Support.objects.filter(pk__gte=first_id(upload_id), pk__lt=first_id(upload_id + 1))
    ends = rows.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["last"] is not None:
        for first in range(ends["first"], ends["last"] + 1, PAGE):
            yield first, min(first + PAGE, ends["last"] + 1)


def _open(rows: pl.DataFrame, keys: Keys) -> pl.DataFrame:
    """The rows with every sealed column in clear, the blob taken apart, and their ids signed. Raises SealBroken."""
    texts = seal.open_texts(rows["sealed"], rows["id"], keys.text)
    parts = texts.str.split_exact(FIELD_END, len(SEALED_FIELDS) - 1).struct.rename_fields(SEALED_FIELDS)
    fields = parts.struct.unnest()
    return rows.drop("sealed").with_columns(
        seal.open_niks(rows["nik"], keys.nik),
        seal.open_phones(rows["phone"], keys.phone),
        seal.open_birth_dates(rows["birth_date"], keys.birth_date),
        *(fields[name].replace("", None) for name in SEALED_FIELDS),
        row_id=write_row_ids(rows["id"], rows["revision"], rows["submission"], key_of_rows(keys.digest)),
    )


def _line(cells: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue().encode()


def _safe(heading: str) -> str:
    return f"'{heading}" if heading[0] in "=+-@" else heading


def _lines(opened: pl.DataFrame, columns: Sequence[Column]) -> bytes:
    """One page as lines of CSV."""
    cells = [
        _kept_as_text(text, column.field) for text, column in zip(cells_of(columns), columns, strict=True)
    ]
    ours = [
        pl.lit(_said(opened["codes"])),
        pl.lit(explained(opened["codes"], opened["raw"])),
        pl.col("row_id"),
    ]
    shown = opened.select(cell.alias(str(at)) for at, cell in enumerate([*ours, *cells]))
    return shown.write_csv(include_header=False).encode()


def cells_of(columns: Sequence[Column]) -> list[pl.Expr]:
    """The text of each column's cells, as the import reads them back."""
    texts = _texts()
    return [_extra(column) if column.field is None else texts[column.field] for column in columns]


def _kept_as_text(text: pl.Expr, field: str | None = None) -> pl.Expr:
    """The cell with an apostrophe in front where a spreadsheet would run or change it; the import takes it off."""
    marked = pl.lit("'") + text
    if field in _ALWAYS_TEXT:
        return marked
    return pl.when(text.str.contains(_CHANGED_BY_SPREADSHEETS)).then(marked).otherwise(text)


def _texts() -> dict[str, pl.Expr]:
    """Every field as text that the import reads back to the same value."""
    day = pl.coalesce(pl.col("birth_date").dt.strftime("%d-%m-%Y"), "birth_date_given")
    return {name: pl.col(name) for name in TITLES} | {
        "nik": pl.coalesce("nik", "nik_given"),
        "birth_date": day,
        "birth": pl.concat_str("birth_place", day, separator=", ", ignore_nulls=True),
        "rt_rw": pl.concat_str("rt", "rw", separator="/", ignore_nulls=True),
        "sex": pl.coalesce("sex", "sex_given"),
        "marital": pl.coalesce(pl.col("marital").replace(MARITAL), "marital_given"),
        "phone": pl.coalesce("0" + pl.col("phone").str.strip_prefix("+62"), "phone_given"),
        "statement": pl.when("statement").then(pl.lit("ya")).when(~pl.col("statement")).then(pl.lit("tidak")),
    }


def _extra(column: Column) -> pl.Expr:
    """A column that belongs to no field: its cell out of the sealed "Heading: value" texts of the row."""
    mark = f"{column.heading}: "
    cells = pl.col("extra").str.split(EXTRA_SEPARATOR)
    own = cells.list.eval(pl.element().filter(pl.element().str.starts_with(mark)))
    return own.list.get(column.earlier, null_on_oob=True).str.strip_prefix(mark)


def _said(codes: pl.Series) -> pl.Series:
    """The codes of each row's findings."""
    return for_each_set(codes, lambda numbers: ", ".join(BY_NUMBER[one].code for one in numbers))


def explained(codes: pl.Series, raw: pl.Series) -> pl.Series:
    """What is wrong with each row and what to do; beside a line that could not be taken apart, the line."""
    sentences = for_each_set(
        codes,
        lambda numbers: " ".join(f"{BY_NUMBER[one].message} {BY_NUMBER[one].remedy}" for one in numbers),
    )
    whole = pl.concat_str(sentences, "Isi baris: " + raw, separator=" ", ignore_nulls=True)
    return pl.select(whole).to_series()


def for_each_set(codes: pl.Series, say: Callable[[list[int]], str]) -> pl.Series:
    """``say`` called once for each set of rules that occurs together, not once a row."""
    sets = codes.drop_nulls().unique()
    said = [say([int(number) for number in one.split()]) for one in sets]
    return codes.replace_strict(sets, said, default=None, return_dtype=pl.String)
