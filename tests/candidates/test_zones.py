"""Which zone a province lies in, and how a moment is written there."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from candidates import zones
from candidates.models import Zone
from foundation.regions.table import known_prefixes


def test_every_province_of_any_edition_lies_in_a_zone():
    provinces = {code for code in known_prefixes() if code < 100}
    assert provinces == set(zones.ZONE_OF_PROVINCE)


def test_labels_are_those_of_the_model():
    assert dict(zones.LABELS) == dict(Zone.choices)


@pytest.mark.parametrize(
    ("region", "label"),
    [
        (31, "WIB"), (3171, "WIB"), (6171, "WIB"), (6271, "WIB"), (1107, "WIB"), (2171, "WIB"),
        (6474, "WITA"), (647401, "WITA"), (6474011001, "WITA"), (5371, "WITA"), (7371, "WITA"), (51, "WITA"),
        (81, "WIT"), (8271, "WIT"), (91, "WIT"), (9671, "WIT"),
    ],
)  # fmt: skip
def test_a_region_lies_in_the_zone_of_its_province(region, label):
    assert zones.LABELS[zones.zone_of(region)] == label


@pytest.mark.parametrize(
    ("moment", "start", "end"),
    [
        # 15.59 UTC is 23.59 in Bontang; midnight ends the day before.
        (
            datetime(2024, 5, 12, 15, 59, tzinfo=UTC),
            "12 Mei 2024 pukul 23.59 WITA",
            "12 Mei 2024 pukul 23.59 WITA",
        ),
        (
            datetime(2024, 5, 12, 16, 0, tzinfo=UTC),
            "13 Mei 2024 pukul 00.00 WITA",
            "12 Mei 2024 pukul 23.59 WITA",
        ),
        (
            datetime(2024, 5, 12, 8, 0, tzinfo=UTC),
            "12 Mei 2024 pukul 16.00 WITA",
            "12 Mei 2024 pukul 16.00 WITA",
        ),
    ],
)
def test_moments_are_written_in_the_zone(moment, start, end):
    assert zones.say_start(moment, "Asia/Makassar") == start
    assert zones.say_end(moment, "Asia/Makassar") == end


@pytest.mark.parametrize("zone", list(zones.LABELS))
@pytest.mark.parametrize("seconds", [0, 1, 59])
def test_2359_as_an_end_lasts_to_the_end_of_the_day(zone, seconds):
    last_minute = datetime(2024, 5, 12, 23, 59, seconds, tzinfo=ZoneInfo(zone))
    end = zones.whole_last_minute(last_minute, zone)
    assert zones.local(end, zone).isoformat()[:19] == "2024-05-13T00:00:00"
    assert zones.whole_last_minute(end, zone) == end


def test_2359_elsewhere_is_not_the_end_of_this_day():
    """23.59 in Jakarta is 00.59 in Bontang: an ordinary minute there."""
    moment = datetime(2024, 5, 12, 16, 59, tzinfo=UTC)
    assert zones.whole_last_minute(moment, "Asia/Makassar") == moment
    assert zones.whole_last_minute(moment, "Asia/Jakarta") != moment


WITA = "Asia/Makassar"


@pytest.mark.parametrize(
    "text",
    [
        "12-05-2024 23.59",
        " 12/5/2024 23:59 ",
        "12.05.2024 23.59",
        "12 Mei 2024 pukul 23.59 WITA",
        "12 mei 2024, 23.59 wita",
        "12 Mei 2024 jam 23.59",
    ],
)
def test_a_moment_is_read_as_people_write_it(text):
    assert zones.read(text, WITA) == datetime(2024, 5, 12, 15, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "", "besok", "12-05-2024", "23.59", "2024-05-12 23.59", "31-02-2024 08.00", "12-13-2024 08.00",
        "12-05-2024 24.00", "12-05-2024 08.60", "12 May 2024 08.00", "12-05-2024 23.59 WIB", "12-05-24 08.00",
    ],
)  # fmt: skip
def test_what_is_no_moment_of_that_zone_is_not_read(text):
    with pytest.raises(ValueError):
        zones.read(text, WITA)


def test_what_is_written_is_read_again():
    moment = datetime(2024, 5, 12, 15, 59, tzinfo=UTC)
    for zone in zones.LABELS:
        assert zones.read(zones.write(moment, zone), zone) == moment
    assert zones.write(moment, WITA) == "12-05-2024 23.59"


def test_since_names_the_day_unless_it_is_today():
    moment = datetime(2024, 5, 12, 14, 10, tzinfo=UTC)
    assert zones.say_since(moment, datetime(2024, 5, 12, 15, 59, tzinfo=UTC), WITA) == "22.10 WITA"
    later = datetime(2024, 5, 12, 16, 0, tzinfo=UTC)
    assert zones.say_since(moment, later, WITA) == "12 Mei 2024 pukul 22.10 WITA"
