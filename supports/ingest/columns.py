"""Which heading of a file means which field: a table of synonyms, the team's own mapping first.

Pure: no Django, no I/O. To teach the product one more heading, add it to ``FIELDS``.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from foundation.errors import Refused


@dataclass(frozen=True)
class Field:
    """One field of a supporter's row: its title for people and the headings that mean it."""

    name: str
    title: str
    synonyms: tuple[str, ...]
    required: bool = False


def words(text: str) -> tuple[str, ...]:
    """A list as people write it, separated by commas."""
    return tuple(text.split(", "))


FIELDS: tuple[Field, ...] = (
    Field(
        "nik",
        "NIK",
        words(
            "nik ktp, nik ktp el, nik e ktp, no nik, nomor nik, no ktp, nomor ktp, no e ktp, no ktp "
            "el, nomor ktp el, nomor e ktp, no induk kependudukan, nomor induk kependudukan, nomor "
            "induk penduduk, nik no ktp, no ktp nik, nomor ktp nik, nik nomor ktp, ktp"
        ),
        required=True,
    ),
    Field(
        "name",
        "Nama",
        words(
            "nama lengkap, nama pendukung, nama lengkap pendukung, nama penduduk, nama warga, nama "
            "sesuai ktp, nama ktp, nama lkp, name"
        ),
        required=True,
    ),
    Field(
        "birth_place",
        "Tempat lahir",
        words("tmpt lahir, tmp lahir, tpt lahir, tempat kelahiran, kota lahir, birth place"),
    ),
    Field(
        "birth_date",
        "Tanggal lahir",
        words(
            "tgl lahir, tggl lahir, tgllahir, tanggal kelahiran, tgl kelahiran, tanggal bulan tahun "
            "lahir, tgl bln thn lahir, lahir, birth date, date of birth, dob"
        ),
    ),
    Field(
        "sex",
        "Jenis kelamin",
        words(
            "jns kelamin, jenis kel, jk, j k, jkel, kelamin, l p, lk pr, gender, jenis kelamin l p, "
            "jk l p, p l, sex, laki laki perempuan"
        ),
    ),
    Field(
        "marital",
        "Status perkawinan",
        words(
            "status kawin, status pernikahan, status nikah, perkawinan, stts kawin, sts kawin, status "
            "perkawinan b s p, status kawin b s p, b s p, kawin, marital, marital status"
        ),
    ),
    Field(
        "address",
        "Alamat",
        words(
            "alamat lengkap, alamat ktp, alamat sesuai ktp, alamat jalan, alamat rumah, alamat tempat "
            "tinggal, jalan dukuh, jalan dusun, jalan, address"
        ),
    ),
    Field(
        "rt",
        "RT",
        words("no rt, nomor rt"),
    ),
    Field(
        "rw",
        "RW",
        words("no rw, nomor rw"),
    ),
    Field(
        "village",
        "Kelurahan/Desa",
        words(
            "kelurahan desa, desa kelurahan, kel desa, desa kel, kelurahan, desa, kel, kel ds, ds "
            "kel, nama kelurahan, nama desa, nama kelurahan desa, nama desa kelurahan, kampung, "
            "gampong, nagari, pekon, village"
        ),
    ),
    Field(
        "district",
        "Kecamatan",
        words("kec, nama kecamatan, kecamatan distrik, distrik, nama distrik, district"),
    ),
    Field(
        "regency",
        "Kabupaten/Kota",
        words(
            "kabupaten kota, kota kabupaten, kab kota, kota kab, kabupaten, kota, kab, kabkot, kab "
            "kot, nama kabupaten kota, nama kabupaten, nama kota, regency"
        ),
    ),
    Field(
        "occupation",
        "Pekerjaan",
        words("jenis pekerjaan, profesi, mata pencaharian, pekerjaan profesi, kerja, occupation"),
    ),
    Field(
        "phone",
        "Nomor HP",
        words(
            "no hp, hp, no hp wa, no wa, nomor wa, wa, whatsapp, no whatsapp, nomor whatsapp, nomor "
            "hp wa, no hp whatsapp, no telepon, nomor telepon, no telp, no tlp, no telp hp, no "
            "telepon hp, telp hp, telepon, telp, telp wa, tlp, handphone, no handphone, nomor "
            "handphone, nomor ponsel, no ponsel, ponsel, kontak, no kontak, phone"
        ),
    ),
    Field(
        "email",
        "Surel",
        words("e mail, email, alamat email, alamat e mail, pos el"),
    ),
    Field(
        "document",
        "Jenis dokumen identitas",
        words(
            "jenis identitas, jenis kartu identitas, jenis dokumen, dokumen identitas, bukti "
            "identitas, jenis bukti identitas, ktp suket, ktp el suket, jenis ktp, document"
        ),
    ),
    # Only the statement about identity: the statement of support (B.1) has another meaning.
    Field(
        "statement",
        "Surat pernyataan identitas",
        words(
            "pernyataan identitas, ada surat pernyataan identitas, surat pernyataan identitas ya "
            "tidak, pernyataan identitas ya tidak, statement"
        ),
    ),
    Field(
        "sheet",
        "Nomor lembar/berkas",
        words(
            "nomor lembar berkas, no lembar berkas, nomor lembar, no lembar, lembar, nomor berkas, no "
            "berkas, berkas, nomor bundel, no bundel, bundel, no map, nomor map, no formulir, nomor "
            "formulir, no form, nomor form, no b 1, nomor b 1, no b 1 kwk, nomor b 1 kwk, lembar ke, "
            "sheet"
        ),
    ),
    Field(
        "ref",
        "Referensi tim",
        words(
            "referensi, ref, no referensi, nomor referensi, kode referensi, id tim, kode tim, id "
            "internal, id pendukung, kode pendukung"
        ),
    ),
)

# In a team's own mapping beside the fields: headings that shall mean nothing, whatever the synonyms say.
IGNORE = "ignore"

# One heading for two fields; normalise takes it apart.
COMBINED: dict[str, tuple[str, ...]] = {
    "rt_rw": words("rt rw, rt dan rw, rt rw no, no rt rw, rtrw"),
    "birth": words(
        "tempat tanggal lahir, tempat tgl lahir, tempat dan tanggal lahir, tempat dan tgl lahir, ttl, "
        "t t l, tmpt tgl lahir, tmp tgl lahir, tpt tgl lahir, tempat tanggal bulan tahun lahir, "
        "kelahiran"
    ),
}
PARTS: dict[str, tuple[str, str]] = {"rt_rw": ("rt", "rw"), "birth": ("birth_place", "birth_date")}

# A report of ours that comes back: its own columns are no data of the team. "ID baris" says which row it was.
OURS: dict[str, tuple[str, ...]] = {
    "row_id": ("id baris", "row id"),
    "": ("temuan", "kode temuan", "penjelasan", "penjelasan temuan", "alasan bms", "catatan kpu"),
}

# Taken only when no clearer heading claims the field: "Status" may stand beside "Status Perkawinan".
WEAK: dict[str, str] = {
    "status": "marital",
    "nomoridentitas": "nik",
    "noidentitas": "nik",
    "identitas": "document",
    "dokumen": "document",
}

# Known to be no field of ours. They help to see that a row is the heading row.
USUAL_OTHERS = frozenset(
    words(
        "no, nomor, nourut, nomorurut, nokk, nomorkk, nomorkartukeluarga, agama, keterangan, ket, provinsi, "
        "propinsi, prov, goldarah, golongandarah, kewarganegaraan, disabilitas, umur, usia, tps, dusun"
    )
)

TITLES: dict[str, str] = {f.name: f.title for f in FIELDS}
REQUIRED: tuple[str, ...] = tuple(f.name for f in FIELDS if f.required)
NOISE = frozenset(
    words(
        "pendukung, dukungan, sesuai, ktp, el, e, ektp, ktpel, wajib, diisi, isi, harus, dd, mm, yyyy, hh, "
        "bb, tttt, contoh, pada, di"
    )
)


def compact(text: str) -> str:
    """Letters and digits only, lower case: what is left of a heading when layout is taken away."""
    return re.sub(r"[^0-9a-z]+", "", unicodedata.normalize("NFKC", text).casefold())


def _synonym_table() -> dict[str, str]:
    table = {compact(f.name): f.name for f in FIELDS} | {compact(f.title): f.name for f in FIELDS}
    table |= {compact(word): f.name for f in FIELDS for word in f.synonyms}
    table |= {compact(word): name for name, words in COMBINED.items() for word in words}
    return table


_FIELD_OF = _synonym_table()
_OURS_OF = {compact(word): name for name, words in OURS.items() for word in words}


def _spellings(heading: str) -> Iterable[str]:
    """The heading as it is, then without brackets, then without words that add nothing."""
    bare = compact(heading)
    yield bare
    outside = re.sub(r"\([^)]*\)|\[[^]]*\]", " ", heading)
    if outside != heading:
        bare = compact(outside)
        yield bare
    if bare in ("", "no", "nomor"):
        yield compact(" ".join(re.findall(r"\(([^)]*)\)", heading)))
    words = re.findall(r"[0-9a-z]+", unicodedata.normalize("NFKC", outside).casefold())
    yield "".join(word for word in words if word not in NOISE)


def recognise(heading: str) -> str | None:
    """The field (or combined pair of fields) that a heading means, or None."""
    return next((_FIELD_OF[key] for key in _spellings(heading) if key in _FIELD_OF), None)


def known_headings(cells: Iterable[str], own: Iterable[str] = ()) -> set[str]:
    """What of a row's cells is known as a heading, to us or to the team's ``own`` mapping."""
    wanted = {compact(heading) for heading in own}
    meant = ((cell, recognise(cell)) for cell in cells)
    return {field or compact(cell) for cell, field in meant if field or _is_familiar(cell, wanted)}


def is_heading_row(cells: Iterable[str], own: Iterable[str] = ()) -> bool:
    """Whether this row of a file names its columns.

    At least three headings are known, or both required ones, or every one that the team's mapping names.
    """
    known = known_headings(cells, own)
    wanted = {compact(heading) for heading in own if heading}
    return len(known) >= 3 or set(REQUIRED) <= known or (bool(wanted) and wanted <= known)


def _is_familiar(heading: str, wanted: set[str]) -> bool:
    key = compact(heading)
    return key != "" and (key in wanted or key in WEAK or key in _OURS_OF or key in USUAL_OTHERS)


@dataclass(frozen=True)
class HeadingMap:
    """What each heading of a file was taken for.

    ``fields``: field (or a key of ``COMBINED``, or "row_id") → index of its heading. ``ignored``: headings
    that mean no field, ``duplicates``: headings of a field that an earlier heading already has, ``silent``:
    indexes of our own report's columns, ``missing``: required fields without a heading, ``not_found``:
    headings that the team's mapping names and the file lacks.
    """

    headings: tuple[str, ...]
    fields: dict[str, int]
    ignored: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    not_found: list[str] = field(default_factory=list)
    silent: frozenset[int] = frozenset()

    @property
    def complete(self) -> bool:
        """Whether rows can be read with it."""
        return not self.missing

    def extra(self) -> list[tuple[str, int]]:
        """Title and index of every column that belongs to no field, in the file's order."""
        used = set(self.fields.values()) | self.silent
        return [(h or f"Kolom {i + 1}", i) for i, h in enumerate(self.headings) if i not in used]


def named(own: Mapping[str, Any]) -> list[str]:
    """The headings that a team's mapping gives a field."""
    return [heading for name, heading in own.items() if name != IGNORE and heading]


def map_headings(headings: Sequence[str], own: Mapping[str, Any] | None = None) -> HeadingMap:
    """Map headings to fields: ``own`` ({field: heading}) first, then clear synonyms, then weak ones.

    ``own`` may name under IGNORE a list of headings that mean no field. Refuses when it names a field that does not
    exist.
    """
    fields, not_found = _map_own(headings, own or {})
    silent = {i for i, h in enumerate(headings) if _OURS_OF.get(compact(h)) == ""}
    left_out = set(map(compact, (own or {}).get(IGNORE, ())))
    unused = {i for i, h in enumerate(headings) if h and compact(h) in left_out}
    duplicates = _map_synonyms(headings, fields, silent | unused)
    _map_weak(headings, fields, unused)
    used = set(fields.values()) | silent | duplicates
    return HeadingMap(
        headings=tuple(headings),
        fields=fields,
        ignored=[h for i, h in enumerate(headings) if i not in used and h],
        duplicates=[headings[i] for i in sorted(duplicates)],
        missing=[name for name in REQUIRED if name not in fields],
        not_found=not_found,
        silent=frozenset(silent),
    )


def _map_own(headings: Sequence[str], own: Mapping[str, Any]) -> tuple[dict[str, int], list[str]]:
    """The team's mapping as indexes, and its headings that the file does not have."""
    fields: dict[str, int] = {}
    not_found = []
    keys = [compact(h) for h in headings]
    for name, heading in own.items():
        if name == IGNORE:
            continue
        if name not in TITLES and name not in COMBINED:
            raise Refused(
                "MAPPING_FIELD_UNKNOWN",
                f"Pemetaan kolom memuat isian “{name}” yang tidak dikenal. Pilih dari daftar yang tersedia.",
                field="mapping",
            )
        if not heading:
            continue
        if heading in headings:
            fields[name] = headings.index(heading)
        elif compact(heading) in keys:
            fields[name] = keys.index(compact(heading))
        else:
            not_found.append(heading)
    return _join_pairs(fields), not_found


def _join_pairs(fields: dict[str, int]) -> dict[str, int]:
    """Two fields of a pair on one heading mean that the heading holds both."""
    for combined, (first, second) in PARTS.items():
        if first in fields and fields[first] == fields.get(second):
            fields[combined] = fields.pop(first)
            del fields[second]
    return fields


def _map_synonyms(headings: Sequence[str], fields: dict[str, int], silent: set[int]) -> set[int]:
    """Add to ``fields`` what the synonyms say; return the headings whose field was taken already."""
    taken = set(fields.values()) | silent
    duplicates = set()
    for i, heading in enumerate(headings):
        name = recognise(heading) or _OURS_OF.get(compact(heading))
        if i in taken or not name:
            continue
        if name in fields:
            duplicates.add(i)
        else:
            fields[name] = i
    return duplicates


def _map_weak(headings: Sequence[str], fields: dict[str, int], unused: set[int]) -> None:
    taken = set(fields.values()) | unused
    for i, heading in enumerate(headings):
        name = WEAK.get(compact(heading))
        if name and i not in taken and name not in fields:
            fields[name] = i
