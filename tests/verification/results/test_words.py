"""The result of a round in words: numbers as minutes spell them out, the sum, and what follows."""

from dataclasses import replace

import pytest

from candidates.rule_sets import SHIPPED
from candidates.thresholds import Requirement
from tests.verification.results.made import AWAL, BARAT, PERBAIKAN_1, SELATAN, UTARA
from verification.results.numerals import in_words
from verification.results.sums import Earlier, add_up
from verification.results.words import conservation, spelled_out, sum_lines

NAMES = {UTARA: "Bontang Utara", SELATAN: "Bontang Selatan", BARAT: "Bontang Barat"}
ASKED = Requirement(100, 13_160, 2)
FIRST, SECOND = SHIPPED["pkpu8-2024"].rounds[:2]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (1, "satu"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (100, "seratus"),
        (111, "seratus sebelas"),
        (1_000, "seribu"),
        (1_001, "seribu satu"),
        (2_000, "dua ribu"),
        (11_000, "sebelas ribu"),
        (14_073, "empat belas ribu tujuh puluh tiga"),
        (101_000, "seratus satu ribu"),
        (840_640, "delapan ratus empat puluh ribu enam ratus empat puluh"),
        (1_000_000, "satu juta"),
        (1_001_100, "satu juta seribu seratus"),
        (1_229_777, "satu juta dua ratus dua puluh sembilan ribu tujuh ratus tujuh puluh tujuh"),
        (2_000_000_000, "dua miliar"),
    ],
)
def test_numbers_are_spelled_out(number, words):
    assert in_words(number) == words


@pytest.mark.parametrize("number", [-1, 10**12])
def test_other_numbers_are_refused(number):
    with pytest.raises(ValueError, match=str(number)):
        in_words(number)


def ms(counts):
    return {area: each.get("MS", 0) for area, each in counts.items()}


def test_a_round_that_is_short_says_how_many_are_missing():
    said = add_up(ASKED, FIRST, NAMES, {}, {UTARA: 10_011}).as_json()
    assert sum_lines(said, "walikota") == [
        "10.011 MS dari putaran ini.",
        "Diminta paling sedikit 13.160 MS: kurang 3.149.",
        "Sebaran paling sedikit 2 kecamatan: kurang 1, baru ada MS di 1 kecamatan. Belum ada di Bontang Selatan, "
        "Bontang Barat.",
    ]


def test_a_second_round_is_added_to_the_first():
    added = add_up(ASKED, SECOND, NAMES, ms(AWAL), ms(PERBAIKAN_1))
    said = replace(added, rounds=(Earlier("awal", "Awal", 10_011),)).as_json()
    assert sum_lines(said, "walikota") == [
        "10.011 MS dari putaran Awal + 4.062 MS dari putaran ini = 14.073 MS.",
        "Diminta paling sedikit 13.160 MS: tercapai, lebih 913.",
        "Sebaran paling sedikit 2 kecamatan: tercapai, ada MS di 3 kecamatan.",
    ]
    assert spelled_out(said) == "14.073 (empat belas ribu tujuh puluh tiga)"


def test_what_was_handed_in_is_what_came_of_each_row():
    numbers = {"submitted": 16_395, "ms": 10_011, "bms": 1_324, "tms": 5_060, "unverified": 0}
    assert (
        conservation(numbers) == "16.395 diserahkan = 10.011 MS + 1.324 BMS + 5.060 TMS + 0 belum diperiksa"
    )
