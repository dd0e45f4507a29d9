"""Which heading of a voter list means which of its few fields. Pure.

A list has the headings of the election's forms (Model A), most of which a team's list has too; the few others stand
here. Whatever else is in it (nomor KK, status kawin, TPS) is not taken over.
"""

from collections.abc import Sequence
from dataclasses import replace

from supports.ingest.columns import PARTS, TITLES, HeadingMap, compact, map_headings, words

# "birth" is one heading for place and date of birth.
FIELDS = ("nik", "name", "birth_date", "birth", "village", "district", "regency")
COMPARED = ("name", "birth_date")
OF_VOTERS: dict[str, tuple[str, ...]] = {
    "nik": words("nik pemilih, no nik pemilih, nik penduduk"),
    "name": words("nama pemilih, nama lengkap pemilih, nama pemilih sesuai ktp el"),
    "birth_date": words("tanggal lahir pemilih, tgl lahir pemilih, lahir tanggal"),
}


def map_roll(headings: Sequence[str]) -> HeadingMap:
    """What each heading is taken for; ``missing`` names of nik, name and birth date those without a heading."""
    known = {compact(word): field for field, said in OF_VOTERS.items() for word in said}
    own = {known[compact(heading)]: heading for heading in headings if compact(heading) in known}
    mapped = map_headings(headings, own)
    fields = {field: index for field, index in mapped.fields.items() if field in FIELDS}
    held = set(fields) | {part for pair in fields if pair in PARTS for part in PARTS[pair]}
    used = set(fields.values())
    return replace(
        mapped,
        fields=fields,
        ignored=[heading for i, heading in enumerate(headings) if heading and i not in used],
        missing=[field for field in ("nik", *COMPARED) if field not in held],
        # The cells of no field are not kept: this is nobody's list of supporters.
        silent=frozenset(range(len(headings))) - used,
    )


def described(mapped: HeadingMap) -> dict[str, object]:
    """What was taken for what, for the list's page and the API."""
    named = {
        TITLES.get(field, "Tempat, tanggal lahir"): mapped.headings[i] for field, i in mapped.fields.items()
    }
    return {"fields": named, "ignored": mapped.ignored, "missing": [TITLES[one] for one in mapped.missing]}
