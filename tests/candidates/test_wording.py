"""How numbers, days and times are written on the pages."""

from datetime import UTC, date, datetime, timedelta

import pytest

from candidates.templatetags import wording

MOMENT = datetime(2024, 5, 12, 15, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (999, "999"), (1_000, "1.000"), (1_229_777, "1.229.777"), (None, "–")],
)
def test_number_is_grouped_by_dots(value, text):
    assert wording.number(value) == text


@pytest.mark.parametrize(("value", "text"), [(85, "8,5\u00a0%"), (100, "10\u00a0%"), (65, "6,5\u00a0%")])
def test_permille_is_a_percentage_with_a_comma(value, text):
    assert wording.permille(value) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 13_160, "0"),
        (13_159, 13_160, "99"),
        (13_160, 13_160, "100"),
        (20_000, 13_160, "100"),
        (5, 0, "100"),
    ],
)
def test_share_is_100_only_when_all_is_there(part, whole, text):
    assert wording.share(part, whole) == f"{text}\u00a0%"


def test_day_is_in_indonesian():
    assert wording.day(date(2024, 11, 27)) == "27 November 2024"
    assert wording.day(date(2024, 8, 1)) == "1 Agustus 2024"


def test_moment_is_on_the_clocks_of_the_zone():
    assert wording.moment(MOMENT, "Asia/Makassar") == "12 Mei 2024 pukul 23.59 WITA"
    assert wording.moment(MOMENT, "Asia/Jayapura") == "13 Mei 2024 pukul 00.59 WIT"
    assert wording.moment(None, "Asia/Jakarta") == "–"


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(days=1, hours=4, minutes=30), "1 hari 4 jam"),
        (timedelta(days=2, minutes=5), "2 hari"),
        (timedelta(hours=1, minutes=35), "1 jam 35 menit"),
        (timedelta(minutes=35), "35 menit"),
        (timedelta(seconds=59), "kurang dari 1 menit"),
        (timedelta(seconds=-5), "kurang dari 1 menit"),
    ],
)
def test_span_says_the_two_largest_units(length, text):
    assert wording.span(length) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0 B"), (1023, "1023 B"), (4_301_123, "4,1 MB"), (314_572_800, "300 MB"), (5 << 30, "5 GB")],
)
def test_size_has_a_unit(value, text):
    assert wording.size(value) == text.replace(" ", "\u00a0")
