"""A file that goes to the tables in several portions is one upload like any other."""

import pytest

from candidates.models import RuleSet
from supports.ingest import load, pipeline
from supports.models import Finding, Standing, Support, Tally, UploadTally, first_id
from supports.rules import BY_CODE
from tests.factories import election, loaded, operator, pair, person, upload, work

pytestmark = pytest.mark.usefixtures("committed")

ROWS = [
    person(1),
    person(2, village="Loktuan"),
    person(3, nik="123"),
    person(1, address="Jl. Lain 9"),
    person(4, phone="081234567890"),
    person(5, phone="081234567890", village="Loktuan"),
    person(2, village="Loktuan"),
    person(6, phone="081234567890"),
]


@pytest.fixture
def portions(monkeypatch):
    """Two rows a portion, one a frame."""
    monkeypatch.setattr(pipeline, "FRAME_ROWS", 1)
    monkeypatch.setattr(load, "PORTION_ROWS", 2)


def told(made):
    """Everything stored about an upload's rows, by their numbers in the file."""
    rows = {row.row_no: row for row in Support.objects.all() if row.upload_id == made.pk}
    found = {
        (row.support_id & 0xFFFFFF, row.code)
        for row in Finding.objects.all()
        if row.support_id >> 24 == made.pk
    }
    standing = {
        row.support_id & 0xFFFFFF: (row.area, row.sound, row.clean, row.vermin)
        for row in Standing.objects.all()
        if row.support_id >> 24 == made.pk
    }
    counts = dict(UploadTally.objects.filter(upload=made).values_list("key", "n"))
    return {no: row.name for no, row in rows.items()}, found, standing, counts


def test_portions_and_one_piece_store_the_same(portions, monkeypatch):
    first, second = pair(), pair()
    in_portions = told(loaded(first, operator(first), ROWS))
    monkeypatch.setattr(load, "PORTION_ROWS", 1000)
    whole = told(loaded(second, operator(second, "operator2"), ROWS))

    assert in_portions == whole
    assert len(whole[0]) == len(whole[2]) == whole[3]["rows"] == len(ROWS)
    assert whole[3][str(BY_CODE["PHONE_SHARED"].number)] == 3


def test_a_rule_of_the_whole_file_takes_rows_back_where_it_blocks(portions):
    """A shared phone is a warning in the shipped sets; in this one it keeps a row from counting."""
    strict = RuleSet.objects.get(code="pkpu8-2024")
    strict.pk, strict.version = None, strict.version + 1
    strict.body["effects"]["PHONE_SHARED"] = "BMS"
    strict.save()
    race = election()
    type(race).objects.filter(pk=race.pk).update(rule_set=strict)
    race.refresh_from_db()
    team = pair(race)

    made = loaded(team, operator(team), ROWS)

    _names, _found, standing, counts = told(made)
    shared = {no for no, row in enumerate(ROWS, 2) if row["phone"] == "081234567890"}
    assert {no for no, (_area, sound, _clean, _vermin) in standing.items() if not sound} == shared | {4}
    assert {no for no, (_area, _sound, clean, _vermin) in standing.items() if clean} == {2, 3}
    assert counts["clean"] == 2
    assert sum(Tally.objects.filter(key="clean").values_list("n", flat=True)) == 2


def test_a_portion_that_fails_leaves_nothing_of_those_before(portions):
    """All rows or none, wherever in the file it breaks."""
    team = pair()
    waiting = upload(team, operator(team), ROWS)
    occupied = Support.objects.create(id=first_id(waiting.pk) + 6, submission_id=waiting.submission_id)
    work()
    waiting.refresh_from_db()

    assert (waiting.status, waiting.error_code) == ("failed", "INTERNAL")
    assert list(Support.objects.values_list("pk", flat=True)) == [occupied.pk]
    assert (Standing.objects.count(), Finding.objects.count()) == (0, 0)
    assert not Tally.objects.filter(n__gt=0).exists()
