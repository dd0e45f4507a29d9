"""A list that says which file is whose, for teams whose files are named otherwise. Pure: no Django.

``manifest.csv`` in the ZIP, or a list sent beside the scans: the columns ``berkas`` (the file's name, with or without
its folder), one of ``nik``, ``rujukan``, ``lembar`` and ``id baris``, and ``jenis``. Comma, semicolon or tab; what a
line does not say, the file's name says. A name is only compared, never a path that anything is read from.
"""

import csv
import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from supports.scans.names import NIK, Named, read_name, token_of

NAMES = ("manifest.csv", "daftar.csv", "daftar-pindaian.csv")
COLUMNS = {
    "file": ("berkas", "file", "nama berkas", "nama file", "filename"),
    "nik": ("nik",),
    "ref": ("rujukan", "ref", "nomor rujukan", "referensi tim", "lembar", "sheet", "nomor lembar"),
    "row": ("id baris", "row", "support"),
    "kind": ("jenis", "kind", "jenis dokumen"),
}
KINDS = {
    "bundle": "bundle", "berkas": "bundle", "statement": "statement", "pernyataan": "statement", "b1": "statement",
    "b.1": "statement", "ktp": "ktp", "ktp-el": "ktp", "suket": "suket", "identity": "identity",
    "identitas": "identity",
}  # fmt: skip
MOST_BYTES = 20 * 1024 * 1024
LIKE_A_NIK = 10
NOTHING = Named("", "", "", several=False)


class Line(NamedTuple):
    """What one line says of one file; ``row`` is a row's id as it stands there, ``fault`` a code of words.LINES."""

    number: int
    file: str
    named: Named = NOTHING
    row: str = ""
    fault: str = ""

    @property
    def tells_whose(self) -> bool:
        """Whether it says whose the file is; else only what it shows."""
        return bool(self.named.nik or self.named.token or self.row)


Manifest = dict[str, Line]


def is_manifest(name: str) -> bool:
    """Whether an entry of a ZIP is the list."""
    return base_of(plain(name)) in NAMES


def read_manifest(content: bytes) -> Manifest:
    """What the list in a ZIP says of each file, by its name. A list that cannot be read says nothing."""
    return {line.file: line for line in lines_of(content) or () if line.file}


def lines_of(content: bytes) -> Iterator[Line] | None:
    """The lines of a list, numbered as an editor does; None without a column for files and one that tells of them.

    Each line is taken apart by itself: a quote that is not closed spoils one line.
    """
    texts = io.StringIO(content.decode("utf-8-sig", "replace"), newline=None)
    head = texts.readline()
    delimiter = max(",;\t", key=head.count)
    columns = _columns(_cells(head, delimiter) or [])
    if "file" not in columns or len(columns) == 1:
        return None
    return (
        _line(at, text, delimiter, columns) for at, text in enumerate(texts, 2) if text.strip(" ,;\t\r\n")
    )


def said_of(manifest: Manifest, path: str) -> Line | None:
    """The line about a file: the one with its folder, else the one with its name alone."""
    name = plain(path)
    return manifest.get(name) or manifest.get(base_of(name))


def named_by(manifest: Manifest, path: str) -> Named:
    """Whose a file is and what it shows: by the list where it says so, else by its name."""
    own, line = read_name(path), said_of(manifest, path)
    if line is None:
        return own
    said = line.named if line.tells_whose else own
    return said._replace(kind=line.named.kind or own.kind)


def plain(name: str) -> str:
    """A file's name as names are compared."""
    return name.replace("\\", "/").strip().casefold()


def base_of(name: str) -> str:
    """The name without its folders."""
    return name.rpartition("/")[2]


def _line(number: int, text: str, delimiter: str, columns: dict[str, int]) -> Line:
    cells = _cells(text, delimiter)
    if cells is None:
        return Line(number, "", fault="quote")
    cell = {name: cells[at].strip() if at < len(cells) else "" for name, at in columns.items()}
    line = Line(number, plain(cell["file"]), _named(cell), cell.get("row", ""))
    return line._replace(fault=_fault(line, cell))


def _cells(text: str, delimiter: str) -> list[str] | None:
    """The cells of one line; None where a quote is not closed, or a cell is endless."""
    if text.count('"') % 2:
        return None
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return None


def _named(cell: dict[str, str]) -> Named:
    nik, ref = re.sub(r"\D", "", cell.get("nik", "")), cell.get("ref", "")
    if len(nik) != 16:
        # A NIK in the column of the team's numbers is one all the same.
        nik = ref if NIK.fullmatch(ref) else ""
    # What was meant as a NIK is no number of the team's, and is not kept as one.
    own = cell.get("nik", "") if sum(map(str.isdigit, cell.get("nik", ""))) < LIKE_A_NIK else ""
    token = "" if nik else token_of(ref or own)
    return Named(nik, token, KINDS.get(cell.get("kind", "").casefold(), ""), several=False)


def _fault(line: Line, cell: dict[str, str]) -> str:
    if not line.file:
        return "no_file"
    if cell.get("nik") and not line.named.nik:
        return "nik"
    if cell.get("kind") and not line.named.kind:
        return "kind"
    return "" if line.tells_whose or line.named.kind else "nothing"


def _columns(headings: list[str]) -> dict[str, int]:
    known = [heading.strip().casefold().replace("_", " ") for heading in headings]
    return {
        field: known.index(found)
        for field, names in COLUMNS.items()
        if (found := next((name for name in names if name in known), None))
    }
