"""Finding supporters of a round by NIK, phone or name. What is typed goes nowhere but into the question.

A NIK or phone is sealed and compared with what is stored. A name is found by the beginnings of its words: "bud san"
finds Budi Santoso. The number of queries is constant; nothing is counted beyond a few thousand rows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext as _

from candidates.territory import area_range
from foundation import seal, sql
from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.readings.kinds import Kind
from foundation.readings.operations import record_reading
from supports import nik as niks
from supports.ingest.normalise import clean, normal_phone
from supports.listing import PAGE, Page, read_cursor, rows_of, written_cursor
from supports.models import Submission, first_id
from supports.rules import TEAM
from supports.standards import standards_of

# Of more rows than these the page is read in the order of the round instead of collecting all of them first.
MOST_COLLECTED = 5_000
# Codes from here on are of kecamatan and kelurahan: all rows of one are fewer than those of a frequent name.
SMALL_REGION = 100_000
LAST = (1 << 63) - 1
LOOKS_LIKE_A_NUMBER = 6  # digits


@dataclass(frozen=True)
class Sought:
    """What is looked for: all that is given must fit. ``reach`` and ``own`` as in ``listing.Filter``."""

    nik: str = ""
    name: str = ""
    phone: str = ""
    reach: Sequence[int] | None = None
    audience: str = TEAM
    own: Sequence[int] | None = None


def sought_in(
    text: str,
    reach: Sequence[int] | None = None,
    audience: str = TEAM,
    own: Sequence[int] | None = None,
) -> Sought:
    """One text as people type it into one box: a NIK, a phone number, or the words of a name.

    Refuses what looks like a number and is neither.
    """
    whose = {"reach": reach, "audience": audience, "own": own}
    text = _cleaned(text)
    digits = re.sub(r"\D", "", text)
    if len(digits) < LOOKS_LIKE_A_NUMBER:
        return Sought(name=text, **whose)
    if normal_phone(text):
        return Sought(phone=text, **whose)
    return Sought(nik=text, **whose)


def search_supports(submission: Submission, sought: Sought, *, cursor: str = "", limit: int = PAGE) -> Page:
    """One page of a round, in the order of the files. Refuses a NIK, phone or name that cannot be looked for."""
    forward, position = read_cursor(cursor)
    start = _single(position)
    keys = standards_of(submission).keys()
    sealed = {
        "nik": str(seal.seal_nik(_digits_of(sought.nik), keys.nik)) if sought.nik else None,
        "phone": str(seal.seal_phone(_number_of(sought.phone), keys.phone)) if sought.phone else None,
        "name": _words_of(sought.name) if sought.name else None,
    }
    if not any(sealed.values()):
        raise Refused(
            "search_empty",
            _("Belum ada yang dicari. Ketik NIK, nama, atau nomor telepon, lalu cari lagi."),
        )
    ids = _ids(submission, sealed, sought, forward, start, limit + 1)
    more = len(ids) > limit
    ids = ids[:limit] if forward else ids[:limit][::-1]
    rows = rows_of(ids, submission, sought.audience)
    return Page(
        # Being found would tell whose row it is.
        rows=[row for row in rows if not row.restricted],
        next=written_cursor(">", (ids[-1],)) if ids and (more or not forward) else None,
        previous=written_cursor("<", (ids[0],)) if ids and (bool(cursor) if forward else more) else None,
    )


def find_supports(
    submission: Submission, sought: Sought, *, by: User, cursor: str = "", limit: int = PAGE
) -> Page:
    """``search_supports`` for a person, on record as a reading: of what was typed only the sealed NIK."""
    page = search_supports(submission, sought, cursor=cursor, limit=limit)
    nik = (
        str(seal.seal_nik(_digits_of(sought.nik), standards_of(submission).keys().nik)) if sought.nik else ""
    )
    only = page.rows[0].id if len(page.rows) == 1 and not page.next and not page.previous else None
    record_reading(
        Kind.SEARCH,
        submission,
        by=by,
        rows=len(page.rows),
        row=only,
        submission=submission.pk,
        by_what=[name for name in ("nik", "phone", "name") if getattr(sought, name)],
        **({"nik": nik} if nik else {}),
    )
    return page


def _ids(
    submission: Submission,
    sealed: dict[str, str | None],
    sought: Sought,
    forward: bool,
    start: int | None,
    limit: int,
) -> list[int]:
    """The ids of a page and one more, from where the page begins."""
    reach = None if sought.own is not None else sought.reach
    ranges = [area_range(code) for code in reach or ()]
    lowest, highest = _span(sought.own)
    asked = {
        "submission": submission.pk,
        "everywhere": reach is None,
        "areas": [first for first, _end in ranges],
        "area_ends": [end for _first, end in ranges],
        "uploads": None if sought.own is None else list(sought.own),
        "after": max(lowest, start) if forward and start is not None else lowest,
        "before": min(highest, start) if not forward and start is not None else highest,
        **sealed,
    }
    by = next(name for name in ("nik", "phone", "name") if sealed[name])
    page = {"direction": 1 if forward else -1, "limit": limit}
    most = MOST_COLLECTED + 1 if by == "name" else LAST
    ((found, ids),) = sql.rows("supports/find_supports", by=by, most=most, **page, **asked)
    if found < most:
        return ids
    if reach is not None and min(reach, default=0) >= SMALL_REGION:
        return [pk for (pk,) in sql.rows("supports/find_in_areas", **page, **asked)]
    onwards, backwards = (limit, 0) if forward else (0, limit)
    return [pk for (pk,) in sql.rows("supports/walk_supports", onwards=onwards, backwards=backwards, **asked)]


def _span(uploads: Sequence[int] | None) -> tuple[int, int]:
    """Between which ids the rows of these uploads lie: a typist's search walks past no others."""
    if uploads is None:
        return -1, LAST
    return (first_id(min(uploads)) - 1, first_id(max(uploads) + 1)) if uploads else (-1, 0)


def _single(position: tuple[int, ...] | None) -> int | None:
    if position is None:
        return None
    if len(position) != 1:
        raise Refused(
            "cursor_unknown",
            _("Penanda halaman tidak dikenal. Mulai lagi dari halaman pertama."),
            field="cursor",
        )
    return position[0]


def _cleaned(text: str) -> str:
    return clean(pl.Series([text]), code=True)[0] or ""


def _digits_of(text: str) -> str:
    """The 16 digits of a NIK. Refuses, saying what is wrong with it, where there are none."""
    parsed = niks.parse(text)
    if parsed.digits:
        return parsed.digits
    typed = re.sub(r"[\s.\-/]", "", text)
    if typed.isascii() and typed.isdigit():
        message = _(
            "NIK terdiri atas 16 angka, sedangkan yang diketik %(length)s angka. Lengkapi NIK-nya, atau cari dengan "
            "nama. Baris yang NIK-nya memang tidak 16 angka ada pada saringan temuan “NIK tidak 16 angka”."
        ) % {"length": len(typed)}
    else:
        message = _(
            "NIK hanya terdiri atas angka, sedangkan yang diketik memuat huruf atau tanda lain. Ketik ulang 16 "
            "angkanya, atau cari dengan nama atau nomor telepon saja."
        )
    raise Refused("nik_incomplete", message, field="nik")


def _number_of(text: str) -> str:
    """The phone number in E.164, as a file's would be. Refuses what is none."""
    number = normal_phone(_cleaned(text))
    if number is None:
        raise Refused(
            "phone_incomplete",
            _(
                "Nomor telepon tidak lengkap atau bukan nomor seluler Indonesia. Ketik seluruhnya, misalnya "
                "0812 3456 7890 atau +62 812 3456 7890."
            ),
            field="phone",
        )
    return number


def _words_of(text: str) -> str:
    """The name as typed. Refuses one without a word."""
    if not re.search(r"[^\W_]", text):
        raise Refused(
            "name_without_words",
            _("Nama yang dicari tidak memuat huruf. Ketik awal satu atau beberapa kata namanya."),
            field="name",
        )
    return text
