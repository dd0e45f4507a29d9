"""The same report as a workbook: a cell is coloured where a finding speaks of it, and the text in front says which.

XlsxWriter makes everything but the rows. Those are written as XML by whole columns, a page at a time, straight into
the packed sheet: nothing loops over rows, nothing touches a disk, and memory holds one page beside the packed bytes.
Every cell is a text, so nothing in it is ever run as a formula.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import xlsxwriter
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.workflow import engine
from supports.findings import GRAVITY, effects_by_code
from supports.ingest.columns import PARTS
from supports.ingest.ours import KEY_MARK
from supports.models import Submission, Upload
from supports.report import (
    OUR_HEADINGS,
    Column,
    Front,
    cells_of,
    columns_of,
    explained,
    for_each_set,
    hidden,
    open_pages,
    record_report,
    refuse_unready,
    report_rows,
    shown_codes,
    shown_places,
)
from supports.rules import BY_CODE, BY_NUMBER
from supports.template import AS_TEXT, ENTRIES, NO_OFFERS

MOST_ROWS = 100_000
SHEET, KEY = "Dukungan", "Keterangan"
PART = "xl/worksheets/sheet1.xml"
PLAIN = "PLAIN"
# By effect: what is said, and the colours of text and ground (as on the pages).
LOOKS: dict[str, tuple[str, str, str]] = {
    "TMS": ("berpotensi TMS", "#A8201A", "#FBE9E7"),
    "BMS": ("berpotensi BMS", "#7D5200", "#FBF0D9"),
    "WARN": ("catatan", "#1C578C", "#E6EFF8"),
}
MEANINGS = {
    "TMS": "Temuan yang, bila benar, membuat dukungan tidak memenuhi syarat.",
    "BMS": "Temuan yang dapat dibenahi; barisnya belum terhitung.",
    "WARN": "Perlu dicermati; barisnya tetap terhitung.",
}
REMEDIES = (
    "Kolom Temuan memuat kode temuan dan akibatnya; kolom Penjelasan menyebut apa yang salah dan cara membenahinya.",
    "Benahi sel yang berwarna sesuai KTP-el. Jangan mengubah kolom ID baris dan judul kolom.",
    "Simpan, lalu unggah berkas ini kembali. Kolom Temuan dan Penjelasan serta lembar ini tidak dibaca.",
    "Temuan bukan keputusan: status dukungan ditetapkan oleh KPU.",
)
OUR_WIDTHS = (36, 60, 14)
USUAL_WIDTH = 18
PACKING = 4  # of 9: twice as fast as the usual 6, and hardly larger
PIECE = 2_000  # rows written as XML at once: ten times the size of their texts
_UNWRITABLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{FFFE}\x{FFFF}]"  # XML cannot hold it
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}


@dataclass(frozen=True)
class Frame:
    """A workbook without its rows: all of it, what stands around the rows, and the number of each effect's style."""

    book: bytes
    head: bytes
    tail: bytes
    styles: Mapping[str, str]


def download_workbook(upload: Upload, *, by: User, audience: str, everything: bool = False) -> bytes:
    """The report as a workbook, by default of the rows with findings; that it was fetched is an Event.

    Refuses (Conflict) an upload that is not loaded, and more than MOST_ROWS rows: those are for the CSV.
    """
    refuse_unready(upload)
    codes = shown_codes(audience)
    places = shown_places(upload, by)
    rows = report_rows(upload, places, codes, everything, most=MOST_ROWS + 1)
    if rows > MOST_ROWS:
        raise Refused(
            "report_too_long",
            _(
                "Laporan ini lebih dari 100.000 baris, terlalu banyak untuk satu buku kerja. "
                "Unduh laporan CSV: isinya sama dan jumlah barisnya tidak dibatasi."
            ),
        )
    kind = "all" if everything else "findings"
    with transaction.atomic():
        engine.record("report_downloaded", upload, by=by, rows=kind, form="workbook")
        reading = record_report(upload, by=by, rows=rows, everything=everything, form="workbook")
    pages = open_pages(upload, places, codes, everything, hidden(upload, audience), reading=reading)
    effects = effects_by_number(upload.submission)
    front = Front(OUR_HEADINGS, lambda page: _found(page, effects))
    return as_workbook(pages, columns_of(upload), rows, front, effects, REMEDIES)


def effects_by_number(submission: Submission) -> dict[int, str]:
    """What each rule suggests in this round."""
    return {BY_CODE[code].number: effect for code, effect in effects_by_code(submission).items()}


def as_workbook(
    pages: Iterable[pl.DataFrame],
    columns: Sequence[Column],
    rows: int,
    front: Front,
    effects: Mapping[int, str],
    remedies: Sequence[str],
) -> bytes:
    """Pages of opened rows as a workbook; ``remedies`` stand on the sheet beside them. At most MOST_ROWS rows."""
    frame = _frame(columns, rows, front.headings, remedies)
    return _packed(frame, _rows_as_xml(pages, columns, front, effects, frame.styles))


# ---- the frame ---------------------------------------------------------------------------------------


def _frame(columns: Sequence[Column], rows: int, ours: Sequence[str], remedies: Sequence[str]) -> Frame:
    """The workbook with headings, widths, filter and key; a sample row tells the numbers of the styles."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet(SHEET)
    styles = _styles(book)
    heading = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#EFEEEA", "border": 1}
    )
    titles = [*ours, *(column.heading for column in columns)]
    for at, (title, width) in enumerate(zip(titles, _widths(columns), strict=True)):
        sheet.write_string(0, at, title, heading)
        sheet.set_column(at, at, width, styles[PLAIN])
    for at, style in enumerate(styles.values()):
        sheet.write_blank(1, at, None, style)
    sheet.freeze_panes(1, 0)
    sheet.ignore_errors(NO_OFFERS)
    sheet.autofilter(0, 0, max(rows, 1), len(titles) - 1)
    _write_key(book, styles, remedies)
    book.close()
    return _cut(out.getvalue(), list(styles))


def _styles(book: xlsxwriter.Workbook) -> dict[str, Any]:
    text = {"num_format": AS_TEXT, "valign": "top"}
    made = {PLAIN: book.add_format(text)}
    for effect, (_words, ink, ground) in LOOKS.items():
        made[effect] = book.add_format(text | {"font_color": ink, "bg_color": ground})
    return made


def _widths(columns: Sequence[Column]) -> list[int]:
    return [
        *OUR_WIDTHS,
        *(ENTRIES[one.field].width if one.field in ENTRIES else USUAL_WIDTH for one in columns),
    ]


def _write_key(book: xlsxwriter.Workbook, styles: Mapping[str, Any], remedies: Sequence[str]) -> None:
    """What the colours mean and what to do: a sheet that the import passes over."""
    sheet = book.add_worksheet(KEY)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, KEY_MARK, book.add_format({"bold": True, "font_size": 14}))
    for row, (effect, (words, _ink, _ground)) in enumerate(LOOKS.items(), 2):
        sheet.write_string(row, 0, words, styles[effect])
        sheet.write_string(row, 1, MEANINGS[effect])
    for row, sentence in enumerate(remedies, 3 + len(LOOKS)):
        sheet.write_string(row, 0, f"{row - 2 - len(LOOKS)}.")
        sheet.write_string(row, 1, sentence)


def _cut(book: bytes, names: Sequence[str]) -> Frame:
    """The frame of a workbook whose second row is a sample of every style."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheet = parts.read(PART)
    # The size of the table is written before its rows are known; it may be left out.
    sheet = re.sub(rb"<dimension [^>]*/>", b"", sheet)
    head, sample, tail = re.split(rb'(<row r="2".*?</row>)', sheet, maxsplit=1)
    numbers = re.findall(r' s="(\d+)"', sample.decode())
    return Frame(book, head, tail, dict(zip(names, numbers, strict=True)))


def _packed(frame: Frame, rows: Iterable[bytes]) -> bytes:
    """The workbook with its rows."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(frame.book)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=PACKING) as made,
    ):
        for name in given.namelist():
            if name != PART:
                made.writestr(name, given.read(name))
                continue
            with made.open(name, "w", force_zip64=True) as part:
                part.write(frame.head)
                for piece in rows:
                    part.write(piece)
                part.write(frame.tail)
    return out.getvalue()


# ---- the rows ----------------------------------------------------------------------------------------


def _rows_as_xml(
    pages: Iterable[pl.DataFrame],
    columns: Sequence[Column],
    front: Front,
    effects: Mapping[int, str],
    styles: Mapping[str, str],
) -> Iterator[bytes]:
    """The rows of all pages as XML, piece by piece."""
    first = 2
    for page in (piece for whole in pages for piece in whole.iter_slices(PIECE)):
        codes = page["codes"]
        texts = [*front.texts(page), *cells_of(columns)]
        looks = [
            _style(codes, effects, styles, None),
            *[pl.repeat(styles[PLAIN], page.height, dtype=pl.String, eager=True)] * (len(front.headings) - 1),
            *(_style(codes, effects, styles, _fields(column)) for column in columns),
        ]
        number = pl.int_range(first, first + page.height).cast(pl.String)
        cells = [
            _cell(text, look, number, place)
            for place, (text, look) in enumerate(zip(texts, looks, strict=True))
        ]
        row = pl.concat_str(pl.lit('<row r="'), number, pl.lit('">'), *cells, pl.lit("</row>"))
        yield page.select(row.str.replace_all(_UNWRITABLE, "").str.join("")).item().encode()
        first += page.height


def _found(page: pl.DataFrame, effects: Mapping[int, str]) -> list[pl.Expr]:
    """What was found about each row, and its signed id."""
    codes = page["codes"]
    return [pl.lit(_said(codes, effects)), pl.lit(explained(codes, page["raw"])), pl.col("row_id")]


def _fields(column: Column) -> frozenset[str]:
    """The fields that a column holds: one, the two of a pair, or none."""
    return frozenset({column.field, *PARTS.get(column.field, ())} - {None})


def _said(codes: pl.Series, effects: Mapping[int, str]) -> pl.Series:
    """The codes of each row's findings, with what each suggests."""
    return for_each_set(
        codes,
        lambda numbers: ", ".join(f"{BY_NUMBER[one].code} ({LOOKS[effects[one]][0]})" for one in numbers),
    )


def _style(
    codes: pl.Series, effects: Mapping[int, str], styles: Mapping[str, str], fields: frozenset[str] | None
) -> pl.Series:
    """The style of a column's cell in each row: the gravest finding that speaks of these fields (None: of any)."""

    def gravest(numbers: Sequence[int]) -> str:
        found = [effects[one] for one in numbers if fields is None or BY_NUMBER[one].field in fields]
        return styles[min(found, key=GRAVITY.__getitem__, default=PLAIN)]

    return for_each_set(codes, gravest).fill_null(styles[PLAIN])


def _cell(text: pl.Expr, look: pl.Series, number: pl.Expr, place: int) -> pl.Expr:
    """A cell of the sheet's XML: a text, or only its colour."""
    start = pl.concat_str(
        pl.lit(f'<c r="{_letters(place)}'), number, pl.lit('" s="'), pl.lit(look), pl.lit('"')
    )
    plain = text.str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))
    full = pl.concat_str(
        start, pl.lit(' t="inlineStr"><is><t xml:space="preserve">'), plain, pl.lit("</t></is></c>")
    )
    return pl.coalesce(full, pl.concat_str(start, pl.lit("/>")))


def _letters(place: int) -> str:
    """The letters of a column, counted from 0."""
    first, last = divmod(place, 26)
    return (_letters(first - 1) if first else "") + chr(ord("A") + last)
