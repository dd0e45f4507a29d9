"""Spellings of places: what one frame taught is known in the next, and forgetting changes nothing."""

import polars as pl
import pytest

from foundation.regions.queries import full_names, name_index
from supports.ingest import places
from supports.ingest.places import Territory

pytestmark = pytest.mark.usefixtures("committed")

WRITTEN = [
    ("Kota Bontang", "Bontang Utara", "Loktuan"),
    ("Kota Bontang", "BONTANG-UTARA", "Lok Tuan"),
    (None, "Bontang Selatan", "Berbas Tengah"),
    ("Kota Bontang", None, None),
    ("Kota Samarinda", "Bontang Utara", "Loktuan"),
    ("Kota Bontang", "Bontang Utara", "Tidak Ada"),
    ("", "Tidak Ada", "Loktuan"),
]


def frame_of(rows):
    return pl.DataFrame(rows, schema=dict.fromkeys(places.KEYS, pl.String), orient="row").with_row_index(
        "row"
    )


def located(territory, rows):
    return territory.locate(frame_of(rows)).select("row", "area", "place_fault").rows()


@pytest.mark.parametrize("remembered", [200_000, 2, 0])
def test_frames_one_after_the_other_are_located_like_each_alone(monkeypatch, remembered):
    monkeypatch.setattr(places, "MOST_KNOWN", remembered)
    index = name_index([6474])
    together = Territory(6474, index)

    for rows in (WRITTEN[:3], WRITTEN, WRITTEN[::-1], WRITTEN[2:] * 2):
        assert located(together, rows) == located(Territory(6474, index), rows)


def test_who_knows_the_official_names_locates_like_who_does_not():
    index = name_index([6474])
    official = Territory(6474, index).learnt(full_names(6474))
    assert official.height == 15
    assert official["place_fault"].null_count() == 15

    knowing = Territory(6474, index).knowing(official)
    for rows in (WRITTEN, WRITTEN[::-1], full_names(6474)):
        assert located(knowing, rows) == located(Territory(6474, index), rows)
    assert official.height == 15


def test_every_row_keeps_its_place_and_order():
    found = located(Territory(6474, name_index([6474])), WRITTEN)

    assert [row for row, _area, _fault in found] == list(range(len(WRITTEN)))
    assert [fault for _row, _area, fault in found] == [
        None,
        None,
        None,
        "DISTRICT_UNKNOWN",
        "OUTSIDE_AREA",
        "VILLAGE_UNKNOWN",
        "DISTRICT_UNKNOWN",
    ]
    assert found[0][1] == found[1][1] == 6474011003
