"""Papers of a round, printed at any moment: which, of what area, by whom. Each print is an Event."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from candidates.queries import now
from candidates.territory import area_range
from foundation import sql
from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.keys.keyring import keyring
from foundation.readings.kinds import Kind
from foundation.readings.models import Reading
from foundation.readings.operations import record_reading
from foundation.workflow import engine
from supports.handing_in.hashing import root_now
from supports.handing_in.receipts import receipt_of
from supports.models import Submission
from supports.papers.catalogue import LIST, Paper, paper_of, papers_of
from supports.papers.contents import NOT_HANDED_IN, Data, Source, list_contents, summary_contents
from supports.papers.counts import LAST_AREA, Place, places_of
from supports.papers.people import FIELDS, pages_of, people_of
from supports.papers.typeset import MOST_ROWS, typeset
from supports.report import BOM, kept_as_text
from supports.standards import key_scope

# A round up to this size is hashed while somebody waits for a paper: half a second.
MOST_ROWS_HASHED = 50_000
CSV_HEADINGS = (
    "Kode wilayah", "Kabupaten/Kota", "Kecamatan", "Kelurahan/Desa", "NIK", "Nama", "Jenis Kelamin", "Tempat Lahir",
    "Tanggal Lahir", "Status Perkawinan", "Alamat", "RT", "RW", "Pekerjaan",
)  # fmt: skip


@dataclass(frozen=True)
class Printed:
    """A paper as a file."""

    name: str
    content: bytes


def papers_of_round(submission: Submission) -> list[Paper]:
    """The papers that the rules of this round know."""
    return papers_of(submission.rule_set.body["form_set"])


def paper_or_refuse(submission: Submission, purpose: str) -> Paper:
    """The paper for a purpose. Refuses one that these rules do not know."""
    try:
        return paper_of(submission.rule_set.body["form_set"], purpose)
    except KeyError as unknown:
        message = _(
            "Aturan putaran ini tidak mengenal formulir “%(purpose)s”. Pilih formulir dari daftarnya."
        )
        raise Refused("form_unknown", message % {"purpose": purpose}, "form") from unknown


def source_of(submission: Submission, area: int = 0, *, thorough: bool = False) -> Source:
    """The round (or what lies in a region of it) as it is now, for printing.

    With the root of its rows: the receipt's once it was handed in, else computed here, for a long round only when
    that is to be ``thorough``: it takes seconds.
    """
    places = places_of(submission, area)
    receipt = receipt_of(submission) if submission.status not in NOT_HANDED_IN else None
    if receipt:
        return Source(submission, places, now(), receipt.body["root"])
    rows = sum(place.rows for place in (places_of(submission) if area else places))
    if not thorough and rows > MOST_ROWS_HASHED:
        return Source(submission, places, now())
    held = root_now(submission)
    return Source(submission, places, held.at, held.root)


def parts_of(rows: int) -> int:
    """On how many papers a list of so many rows stands."""
    return -(-rows // MOST_ROWS)


def print_summary(submission: Submission, purpose: str, *, by: User) -> Printed:
    """A covering letter, number form or recap. Refuses an empty round, the list, and a form of other rules."""
    paper = paper_or_refuse(submission, purpose)
    if purpose == LIST:
        raise Refused(
            "area_missing", _("Daftar pendukung dicetak per desa/kelurahan. Pilih wilayahnya."), "area"
        )
    source = source_of(submission)
    _refuse_empty(source.places)
    template, data = summary_contents(paper, source)
    sql.rest()
    content = typeset(template, data)
    engine.record(
        "paper_printed", submission, by=by, form=purpose, rows=source.rows, areas=len(source.places)
    )
    return Printed(file_name(paper), content)


def print_list(submission: Submission, area: int, *, by: User, part: int = 1) -> Printed:
    """The list of one desa/kelurahan, or one part of a long one: with NIKs. Refuses an area or part without rows."""
    paper = paper_or_refuse(submission, LIST)
    source = source_of(submission)
    place = next((one for one in source.places if one.area == area), None)
    if place is None or not 1 <= part <= parts_of(place.rows):
        raise Refused(
            "area_empty",
            _(
                "Tidak ada pendukung di wilayah atau bagian ini, jadi tidak ada yang dicetak. Pilih dari daftarnya."
            ),
            "area",
        )
    shown = min(MOST_ROWS, place.rows - (part - 1) * MOST_ROWS)
    reading = record_list(submission, by=by, rows=shown, area=area_range(area), form="pdf", part=part)
    data = list_data(paper, source, place, part, reading=reading)
    sql.rest()
    content = typeset("list", data, tags=False)
    engine.record("paper_printed", submission, by=by, form=LIST, area=area, part=part, rows=place.rows)
    return Printed(file_name(paper, place, part), content)


def record_list(
    submission: Submission, *, by: User, rows: int, area: tuple[int, int] | None, form: str, **more: int
) -> Reading:
    """Record that somebody gets a list of so many people of a round, or of its ``area``. Refuses without its keys."""
    keyring(key_scope(submission.pair.election))
    return record_reading(
        Kind.LIST, submission, by=by, rows=rows, submission=submission.pk, area=area, form=form, **more
    )


def list_data(paper: Paper, source: Source, place: Place, part: int, *, reading: Reading | None) -> Data:
    """What stands on one part of a desa's list. Set it without tags: they would make it twenty times as heavy."""
    skip = (part - 1) * MOST_ROWS
    people = people_of(source.submission, place.area, skip=skip, limit=MOST_ROWS, reading=reading)
    return list_contents(paper, source, place, people, part, parts_of(place.rows), skip + 1)


def stream_list(submission: Submission, *, by: User, area: int = 0) -> Iterator[bytes]:
    """The list of the round, or of a region's code in it, as pieces of CSV with NIKs; that it was fetched is an Event.

    Refuses a region without rows.
    """
    places = places_of(submission, area)
    _refuse_empty(places)
    rows = sum(place.rows for place in places)
    with transaction.atomic():
        engine.record("paper_printed", submission, by=by, form="csv", area=area, rows=rows)
        bounds = area_range(area) if area else None
        reading = record_list(submission, by=by, rows=rows, area=bounds, form="csv")
    return _csv(submission, places, area, reading)


def _csv(submission: Submission, places: Sequence[Place], area: int, reading: Reading) -> Iterator[bytes]:
    heading = io.StringIO()
    csv.writer(heading, lineterminator="\n").writerow(CSV_HEADINGS)
    yield BOM + heading.getvalue().encode()
    names = pl.DataFrame(
        {
            "area": [place.area for place in places],
            "regency": [place.regency for place in places],
            "district": [place.district for place in places],
            "village": [place.village for place in places],
        },
        schema_overrides={"area": pl.Int64},
    )
    first, end = area_range(area) if area else (0, LAST_AREA + 1)
    for page in pages_of(submission, first, end, reading=reading):
        shown = page.join(names, on="area", how="left", maintain_order="left").select(
            "area",
            "regency",
            "district",
            "village",
            *(kept_as_text(pl.col(field), field).alias(field) for field in FIELDS),
        )
        yield shown.write_csv(include_header=False).encode()


def file_name(paper: Paper, place: Place | None = None, part: int = 1) -> str:
    """What a paper is called as a file: no slash, no blank, no name of a person."""
    words = [paper.name]
    if place:
        words += [
            f"{place.area:010d}",
            place.title,
            *([f"bagian {part}"] if parts_of(place.rows) > 1 else []),
        ]
    kept = "".join(letter if letter.isalnum() or letter in ".-" else " " for letter in " ".join(words))
    return "-".join(kept.split()) + ".pdf"


def _refuse_empty(places: Sequence[Place]) -> None:
    if not places:
        raise Refused(
            "nothing_to_print",
            _("Belum ada baris dukungan untuk dicetak. Unggah atau ketik dukungan, lalu cetak kembali."),
        )
