"""Names as people write them, against the whole table in force."""

import csv
from functools import cache
from pathlib import Path

import pytest

from foundation.regions.codes import REGENCY, kind_of, level_of, parent_of
from foundation.regions.names import AMBIGUOUS, NameIndex, name_key, regency_key
from foundation.regions.table import all_rows

VECTORS = Path(__file__).parents[2] / "data" / "region_names.csv"
SPELLED = {"unknown": None, "ambiguous": AMBIGUOUS}


@cache
def nation():
    return NameIndex((row.code, row.name, row.earlier) for row in all_rows() if row.current)


def vectors(*, regencies):
    with VECTORS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            expected = SPELLED.get(row["expected"]) if row["expected"] in SPELLED else int(row["expected"])
            if regencies == (row["parent"] == "regency"):
                yield pytest.param(
                    row["parent"], row["prefer"], row["text"], expected, id=row["text"] or "blank"
                )


@pytest.mark.parametrize(("parent", "prefer", "text", "expected"), list(vectors(regencies=False)))
def test_a_name_is_found_inside_its_parent_or_not_at_all(parent, prefer, text, expected):
    assert nation().find(int(parent), text) == expected


@pytest.mark.parametrize(("parent", "prefer", "text", "expected"), list(vectors(regencies=True)))
def test_a_regency_is_found_in_the_nation_or_not_at_all(parent, prefer, text, expected):
    assert nation().find_regency(text, prefer=set(map(int, prefer.split()))) == expected


def spoilt(rows, spell):
    """Codes whose own name, spelled so, leads to another region or to none."""
    for row in rows:
        if level_of(row.code) == REGENCY:
            found = nation().find_regency(spell(row.name))
        else:
            found = nation().find(parent_of(row.code) or 0, spell(row.name))
        if found != row.code:
            yield row.code, found


@cache
def twins():
    """Regions in force that share parent and name with another."""
    seen = {}
    for row in all_rows():
        if row.current and level_of(row.code) != REGENCY:
            seen.setdefault((parent_of(row.code), row.name.upper()), []).append(row.code)
    return {code for codes in seen.values() if len(codes) > 1 for code in codes}


@pytest.mark.parametrize(
    "spell",
    [
        str,
        str.upper,
        str.lower,
        lambda name: name.replace(" ", "-"),
        lambda name: f"  {name.replace(' ', '   ')}. ",
        lambda name: name.replace("'", "’"),
        lambda name: name.replace("'", "''"),
    ],
    ids=["as it is", "capitals", "small", "hyphens", "blanks", "typographic", "doubled"],
)
def test_every_region_answers_to_its_own_name(spell):
    rows = [row for row in all_rows() if row.current]
    assert dict(spoilt(rows, spell)) == dict.fromkeys(twins(), AMBIGUOUS)


@pytest.mark.parametrize("title", ["Kelurahan", "Desa", "KEL.", "Ds."])
def test_a_title_leads_to_no_other_region_than_the_twin_of_that_kind(title):
    rows = [row for row in all_rows() if row.current and level_of(row.code) == 4]
    kind = "kelurahan" if title.lower().startswith("kel") else "desa"
    for code, found in spoilt(rows, lambda name: f"{title} {name}"):
        assert code in twins()
        assert found is AMBIGUOUS or (kind_of(found) == kind and kind_of(code) != kind)


def test_there_are_sixteen_pairs_of_one_name():
    assert len(twins()) == 32


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Kec. Bontang Utara", "BONTANGUTARA"),
        ("Gampong Baro", "BARO"),
        ("Desa", "DESA"),
        ("Ba'u", "BAU"),
        ("Sei Raya", "SUNGAIRAYA"),
        ("Ensem Dua", "ENSEM2"),
        ("Dua Koto", "DUAKOTO"),
        ("", ""),
    ],
)
def test_the_key_forgives_titles_blanks_and_abbreviations(text, key):
    assert name_key(text) == key


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("KAB. KUTAI KARTANEGARA", "kabupaten", "KUTAIKARTANEGARA"),
        ("Kota Adm. Jakarta Utara", "kota", "JAKARTAUTARA"),
        ("Kabupaten Administrasi Kep. Seribu", "kabupaten", "KEPULAUANSERIBU"),
        ("Bontang", "", "BONTANG"),
        ("Kotabaru", "", "KOTABARU"),
        ("KOTA", "", "KOTA"),
    ],
)
def test_the_key_of_a_regency_keeps_its_kind_apart(text, kind, key):
    assert regency_key(text) == (kind, key)


def test_two_names_of_one_key_are_told_apart_by_how_they_are_written():
    index = NameIndex([(6474019001, "Lalai I/II"), (6474019002, "Lalai III")])
    assert index.find(647401, "LALAI I / II") == 6474019001
    assert index.find(647401, "Lalai III") == 6474019002


def test_an_earlier_name_that_two_bore_is_ambiguous():
    index = NameIndex([(6474019001, "Makmur", ["Blok"]), (6474019002, "Sentosa", ["Blok"])])
    assert index.find(647401, "Blok") is AMBIGUOUS
    assert index.find(647401, "Makmur") == 6474019001
