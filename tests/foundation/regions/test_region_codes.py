"""What a code says by itself."""

import pytest

from foundation.regions import codes


@pytest.mark.parametrize(
    ("code", "level", "parent", "kind", "area"),
    [
        (64, codes.PROVINCE, None, "", 6400000000),
        (6474, codes.REGENCY, 64, "kota", 6474000000),
        (6401, codes.REGENCY, 64, "kabupaten", 6401000000),
        (647401, codes.DISTRICT, 6474, "", 6474010000),
        (6474011001, codes.VILLAGE, 647401, "kelurahan", 6474011001),
        (6401012001, codes.VILLAGE, 640101, "desa", 6401012001),
        (9103013007, codes.VILLAGE, 910301, "desa", 9103013007),
    ],
)
def test_a_code_says_its_level_parent_kind_and_area(code, level, parent, kind, area):
    found = (codes.level_of(code), codes.parent_of(code), codes.kind_of(code), codes.area_of(code))
    assert found == (level, parent, kind, area)
    assert codes.code_of(area) == code
    first, last = codes.area_range(code)
    assert first == area <= last < codes.area_of(code + 1)


def test_the_unknown_area_is_no_region():
    assert codes.code_of(0) == 0


@pytest.mark.parametrize("text", ["64", "64.74", "64.74.01", "64.74.01.1001", "6474011001"])
def test_a_printed_code_is_read(text):
    assert codes.parse_code(text) == int(text.replace(".", ""))


@pytest.mark.parametrize("text", ["", "6", "647", "04.74", "64.74.1", "64.74.01.10011", "64.74.0I", "६४"])
def test_anything_else_is_no_code(text):
    with pytest.raises(ValueError, match="not a region code"):
        codes.parse_code(text)
