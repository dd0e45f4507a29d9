"""The report of an upload: the file as it was given, the findings in front; to be mended and uploaded again.

It streams in pages of row numbers, so that neither a transaction nor more than one page is held.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import polars as pl
from django.db import transaction
from django.db.models import Max, Min, Sum
from django.utils.translation import gettext as _

from foundation import seal, sql
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Conflict
from foundation.keys.keyring import Keys, keyring
from foundation.readings.kinds import Kind
from foundation.readings.models import Reading
from foundation.readings.operations import record_reading
from foundation.workflow import engine
from supports.ingest.columns import TITLES, map_headings
from supports.ingest.normalise import EXTRA_SEPARATOR
from supports.ingest.prepare import FIELD_END, SEALED_FIELDS
from supports.models import Support, Upload, UploadTally, first_id
from supports.privacy.marks import hidden_niks
from supports.queries import places_read_by
from supports.row_ids import key_of_rows, write_row_ids
from supports.rules import BY_NUMBER, COMMISSION, RULES, TEAM
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
class Front:
    """The columns that we put before those of the file: headings, and what they say of a page of rows."""

    headings: tuple[str, ...]
    texts: Callable[[pl.DataFrame], list[pl.Expr]]


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
    places, codes = shown_places(upload, by), shown_codes(audience)
    rows = report_rows(upload, places, codes, everything)
    with transaction.atomic():
        engine.record("report_downloaded", upload, by=by, rows="all" if everything else "findings")
        reading = record_report(upload, by=by, rows=rows, everything=everything, form="csv")
    return _pieces(upload, places, codes, everything, hidden(upload, audience), reading)


def record_report(upload: Upload, *, by: User, rows: int, everything: bool, form: str) -> Reading:
    """Record that somebody fetches a report of so many rows."""
    return record_reading(
        Kind.REPORT, upload, by=by, rows=rows, upload=upload.pk, form=form, findings_only=not everything
    )


def report_rows(
    upload: Upload, places: list[int], codes: list[int], everything: bool, *, most: int | None = None
) -> int:
    """How many rows the report has; with ``most`` not more are counted than that."""
    if everything:
        tally = UploadTally.objects.filter(upload=upload, submission__in=places, key="rows")
        return tally.aggregate(n=Sum("n"))["n"] or 0
    span = {"first": first_id(upload.pk), "last": first_id(upload.pk + 1)}
    ((found,),) = sql.rows("supports/count_report_rows", submissions=places, codes=codes, limit=most, **span)
    return found


def refuse_unready(upload: Upload) -> None:
    """Refuse (Conflict) a report of an upload that is not loaded; refuse one whose people can be opened no longer."""
    if upload.status != "loaded":
        raise Conflict(
            "report_not_ready",
            _(
                "Laporan belum tersedia: unggahan “%(name)s” berstatus “%(status)s”. "
                "Laporan dapat diunduh setelah unggahan selesai dimuat."
            )
            % {"name": upload.name, "status": upload.get_status_display()},
        )
    keyring(key_scope(upload.submission.pair.election))


def shown_places(upload: Upload, by: User) -> list[int]:
    """The ids of the rounds of which this reader may see rows; of the pool only the own team."""
    places = places_read_by(by, upload.submission.pair, Permission.VIEW_REPORT)
    return list(places.values_list("pk", flat=True))


def shown_codes(audience: str) -> list[int]:
    """The numbers of the rules whose findings this audience may know."""
    return [rule.number for rule in RULES if audience == COMMISSION or rule.audience != COMMISSION]


def hidden(upload: Upload, audience: str) -> list[UUID]:
    """The sealed NIKs of people whose rows the report of this reader leaves out: they asked for it."""
    return hidden_niks(upload.submission.pair.election_id) if audience == TEAM else []


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


def _pieces(
    upload: Upload,
    places: list[int],
    codes: list[int],
    everything: bool,
    without: list[UUID],
    reading: Reading,
) -> Iterator[bytes]:
    pages = open_pages(upload, places, codes, everything, without, reading=reading)
    yield from as_csv(pages, columns_of(upload), Front(OUR_HEADINGS, _found))


def as_csv(pages: Iterable[pl.DataFrame], columns: Sequence[Column], front: Front) -> Iterator[bytes]:
    """Pages of opened rows as pieces of CSV, with their heading."""
    yield BOM + _line([*front.headings, *(_safe(column.heading) for column in columns)])
    for page in pages:
        yield _lines(page, columns, front)


def _found(opened: pl.DataFrame) -> list[pl.Expr]:
    """What was found about each row, and its signed id."""
    return [
        pl.lit(_said(opened["codes"])),
        pl.lit(explained(opened["codes"], opened["raw"])),
        pl.col("row_id"),
    ]


def open_pages(
    upload: Upload,
    places: list[int],
    codes: list[int],
    everything: bool,
    without: list[UUID],
    *,
    reading: Reading,
) -> Iterator[pl.DataFrame]:
    """The rows in clear for the ``reading`` on record, page by page, but for those with the NIKs of ``without``.

    Raises Conflict at the end when the upload was thrown away meanwhile.
    """
    scope = key_scope(upload.submission.pair.election)
    left_out = pl.col("nik").is_in([str(nik) for nik in without]).fill_null(False)
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
            frame = pl.DataFrame(rows, schema=ROW_SCHEMA, orient="row").filter(~left_out)
            yield open_rows(frame, keyring(scope))
    if not Upload.objects.filter(pk=upload.pk, status="loaded").exists():
        raise Conflict("report_not_ready", _("Unggahan ini dibuang ketika laporannya sedang diunduh."))


def _pages(upload_id: int) -> Iterator[tuple[int, int]]:
    """Half-open ranges of ids that together hold every row of the upload."""
    rows = Support.objects.filter(pk__gte=first_id(upload_id), pk__lt=first_id(upload_id + 1))
    ends = rows.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["last"] is not None:
        for first in range(ends["first"], ends["last"] + 1, PAGE):
            yield first, min(first + PAGE, ends["last"] + 1)


def open_rows(rows: pl.DataFrame, keys: Keys) -> pl.DataFrame:
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


def _lines(opened: pl.DataFrame, columns: Sequence[Column], front: Front) -> bytes:
    """One page as lines of CSV."""
    cells = [
        kept_as_text(text, column.field) for text, column in zip(cells_of(columns), columns, strict=True)
    ]
    shown = opened.select(cell.alias(str(at)) for at, cell in enumerate([*front.texts(opened), *cells]))
    return shown.write_csv(include_header=False).encode()


def cells_of(columns: Sequence[Column]) -> list[pl.Expr]:
    """The text of each column's cells, as the import reads them back."""
    texts = _texts()
    return [_extra(column) if column.field is None else texts[column.field] for column in columns]


def kept_as_text(text: pl.Expr, field: str | None = None) -> pl.Expr:
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
