"""What a Kemendagri region code says by itself. Pure: no Django.

A code is an integer: province 64, kabupaten/kota 6474, kecamatan 647401, desa/kelurahan 6474011001. No
province code begins with 0, so nothing is lost. An ``area`` is a code filled up with zeros to ten digits
(6474010000 = somewhere in kecamatan 647401), so that "inside a region" is always a range.
"""

from typing import Final

PROVINCE: Final = 1
REGENCY: Final = 2
DISTRICT: Final = 3
VILLAGE: Final = 4

# What a code of a level is multiplied with to become an area.
_WIDTH = {PROVINCE: 100_000_000, REGENCY: 1_000_000, DISTRICT: 10_000, VILLAGE: 1}


def level_of(code: int) -> int:
    """PROVINCE, REGENCY, DISTRICT or VILLAGE, by the number of digits."""
    if code < 100:
        return PROVINCE
    if code < 10_000:
        return REGENCY
    return DISTRICT if code < 1_000_000 else VILLAGE


def parent_of(code: int) -> int | None:
    """The code one level up; None for a province."""
    level = level_of(code)
    if level == PROVINCE:
        return None
    return code // (10_000 if level == VILLAGE else 100)


def kind_of(code: int) -> str:
    """What the code makes of its region: "kabupaten", "kota", "kelurahan", "desa"; "" on other levels.

    Kabupaten are numbered 01-69 in their province, kota 71-99; the village number begins with 1 for a
    kelurahan, 2 for a desa and 3 for a desa adat (Permendagri 72/2019, and true of every code in the table).
    """
    level = level_of(code)
    if level == REGENCY:
        return "kota" if code % 100 > 70 else "kabupaten"
    if level == VILLAGE:
        return "kelurahan" if code % 10_000 // 1000 == 1 else "desa"
    return ""


def area_of(code: int) -> int:
    """The ten-digit area of a region: 647401 -> 6474010000."""
    return code * _WIDTH[level_of(code)]


def code_of(area: int) -> int:
    """The region an area stands for: 6474010000 -> 647401. A shorter code stands for itself."""
    if level_of(area) == VILLAGE:
        for width in (_WIDTH[PROVINCE], _WIDTH[REGENCY], _WIDTH[DISTRICT]):
            if area % width == 0:
                return area // width
    return area


def area_range(code: int) -> tuple[int, int]:
    """First and last area inside a region, both included."""
    first = area_of(code)
    return first, first + _WIDTH[level_of(code)] - 1


def parse_code(text: str) -> int:
    """The integer of a code as lists print it: "64.74.01.1001" -> 6474011001. Raises ValueError."""
    digits = text.replace(".", "")
    if len(digits) not in (2, 4, 6, 10) or not (digits.isascii() and digits.isdigit()) or digits[0] == "0":
        raise ValueError(f"not a region code: {text!r}")
    return int(digits)
