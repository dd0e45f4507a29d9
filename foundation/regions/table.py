"""The project's own table of regions, read from its compressed files. Pure: no Django.

``data/regions.csv.xz`` holds every region of the current Kemendagri list and those of earlier lists that it
lacks, because a NIK keeps the code of the day it was given; ``data/prefixes.txt.xz`` holds only the codes
that a NIK can begin with, to be read in milliseconds. Both are written by ``foundation.regions.build``;
``data/PROVENANCE.md`` says from what, ``data/NOTICE.md`` under which licence.
"""

import csv
import lzma
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from foundation.regions.codes import DISTRICT, level_of

DATA = Path(__file__).parent / "data"
REGIONS_FILE: Final = "regions.csv.xz"
PREFIXES_FILE: Final = "prefixes.txt.xz"

# The year of the list in force: Kepmendagri 300.2.2-2138/2025.
CURRENT_EDITION: Final = 2025


class RegionRow(NamedTuple):
    """One region: its code, its name, and the year of the newest list that has it."""

    code: int
    name: str
    edition: int
    earlier: tuple[str, ...]  # other names it bore in earlier lists, newest first

    @property
    def current(self) -> bool:
        """Whether the list in force has it."""
        return self.edition == CURRENT_EDITION


@cache
def all_rows() -> tuple[RegionRow, ...]:
    """Every region of any edition, in the order of the codes."""
    with lzma.open(DATA / REGIONS_FILE, "rt", encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        next(lines)
        return tuple(
            RegionRow(
                int(code), name, int(edition or CURRENT_EDITION), tuple(earlier.split("|")) if earlier else ()
            )
            for code, name, edition, earlier in lines
        )


@cache
def known_prefixes() -> frozenset[int]:
    """The codes of every province, kabupaten/kota and kecamatan of any edition."""
    with lzma.open(DATA / PREFIXES_FILE, "rt", encoding="ascii") as file:
        return frozenset(map(int, file.read().split()))


@cache
def kecamatan_codes() -> frozenset[int]:
    """The codes of every kecamatan of any edition (the first six digits of a NIK)."""
    return frozenset(code for code in known_prefixes() if level_of(code) == DISTRICT)


def longest_known_prefix(digits: str) -> str:
    """The longest beginning of ``digits`` that is a region of some edition: 6, 4 or 2 digits, or ""."""
    known = known_prefixes()
    for length in (6, 4, 2):
        prefix = digits[:length]
        whole = len(prefix) == length and prefix.isascii() and prefix.isdigit()
        # No code begins with 0: "006474" is not Kota Bontang.
        if whole and prefix[0] != "0" and int(prefix) in known:
            return prefix
    return ""
