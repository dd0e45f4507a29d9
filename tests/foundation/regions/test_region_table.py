"""The table that ships with the project."""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from foundation.regions.codes import DISTRICT, PROVINCE, REGENCY, VILLAGE, kind_of, level_of, parent_of
from foundation.regions.table import (
    DATA,
    PREFIXES_FILE,
    REGIONS_FILE,
    all_rows,
    kecamatan_codes,
    known_prefixes,
    longest_known_prefix,
)

NIKS = Path(__file__).parents[2] / "data" / "nik.csv"


@cache
def by_code():
    return {row.code: row for row in all_rows()}


def test_the_list_in_force_is_whole():
    count = Counter(level_of(row.code) for row in all_rows() if row.current)
    assert count == {PROVINCE: 38, REGENCY: 514, DISTRICT: 7285, VILLAGE: 83762}


def test_former_codes_are_kept():
    count = Counter(level_of(row.code) for row in all_rows() if not row.current)
    assert count == {REGENCY: 26, DISTRICT: 594, VILLAGE: 6915}


def test_kota_and_kelurahan_are_as_many_as_the_decree_says():
    kinds = Counter(kind_of(row.code) for row in all_rows() if row.current)
    assert kinds == {"kabupaten": 416, "kota": 98, "kelurahan": 8496, "desa": 75266, "": 38 + 7285}


@pytest.mark.parametrize(
    ("code", "name", "edition"),
    [
        (9101, "Kabupaten Merauke", 2021),  # Papua Selatan since 2022: 93.01
        (9201, "Kabupaten Sorong", 2022),  # Papua Barat Daya: 96.01
        (910121, "Padua", 2021),  # founded and renumbered between two decrees: in one list only
    ],
)
def test_a_former_region_has_its_name_and_last_list(code, name, edition):
    row = by_code()[code]
    assert (row.name, row.edition, row.current) == (name, edition, False)


def test_every_code_is_there_once_in_order_and_below_its_parent():
    codes = [row.code for row in all_rows()]
    assert codes == sorted(set(codes))
    assert {parent_of(code) for code in codes} <= {None, *codes}


@pytest.mark.parametrize(
    ("regency", "kecamatan"),
    [(6471, 6), (6472, 10), (6474, 3), (5371, 6), (3522, 28), (1703, 19), (1372, 2), (9503, 51)],
)
def test_kecamatan_are_as_many_as_the_press_counted(regency, kecamatan):
    assert sum(parent_of(row.code) == regency and row.current for row in all_rows()) == kecamatan


def test_names_are_free_of_what_transcription_did():
    for row in all_rows():
        for name in (row.name, *row.earlier):
            assert name
            assert name == " ".join(name.split()).strip(" *,;")
            assert not set(name) & set('"\\’‘|*'), row
            assert "''" not in name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (1101022018, "Pasi Kuala Ba'u"),  # doubled in some lists
        (352922, "Ra'as"),  # a double quote in the list in force
        (5307012021, "Regapu'u"),  # typographic in the list in force
        (3172, "Kota Administrasi Jakarta Utara"),  # a blank at its end in some lists
        (9120072005, "Teuw"),  # a star at its end in the list in force
    ],
)
def test_known_traps_are_mended(code, name):
    assert by_code()[code].name == name


def test_the_names_of_earlier_days_are_kept_where_they_differ():
    assert by_code()[1212].earlier == ("Kabupaten Toba Samosir",)
    assert by_code()[6474].earlier == ()


def test_prefixes_are_the_codes_that_a_nik_can_begin_with():
    assert known_prefixes() == {row.code for row in all_rows() if level_of(row.code) < VILLAGE}
    assert kecamatan_codes() == {row.code for row in all_rows() if level_of(row.code) == DISTRICT}


@pytest.mark.parametrize(
    ("digits", "prefix"),
    [
        ("6474010101909001", "647401"),
        ("6474990101909001", "6474"),
        ("6499010101909001", "64"),
        ("9901010101909001", ""),
        ("9101010101909001", "910101"),  # Merauke before 2022
        ("6474", "6474"),
        ("6", ""),
        ("", ""),
        ("64 401", "64"),
        ("0064740117089090", ""),  # as a number this would begin with Kota Bontang
        ("٦٤٧٤٠١", ""),
    ],
)
def test_the_longest_known_prefix_is_found(digits, prefix):
    assert longest_known_prefix(digits) == prefix


def niks_with_a_region():
    with NIKS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            digits = row["nik"].replace(".", "").replace("-", "").replace(" ", "")
            if row["expected_region_code"]:
                yield pytest.param(digits, row["expected_region_code"], id=row["nik"])


@pytest.mark.parametrize(("digits", "region"), list(niks_with_a_region()))
def test_the_region_of_published_niks_is_found(digits, region):
    assert longest_known_prefix(digits) == region


def test_the_table_is_small():
    assert (DATA / REGIONS_FILE).stat().st_size < 1_500_000
    assert (DATA / PREFIXES_FILE).stat().st_size < 20_000
