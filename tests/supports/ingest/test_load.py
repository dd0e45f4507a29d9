"""A file that goes to the tables in several portions is one upload like any other."""

import pytest

from candidates.models import RuleSet
from supports.ingest import load, pipeline
from supports.ingest.copies import IDENTICAL, SAME_NIK
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


@pytest.mark.parametrize("portion", [2, 1000])
def test_duplicates_of_a_file_alone_are_those_found_beside_others(portions, monkeypatch, portion):
    """Alone they are told in memory, beside other rows by the database."""
    monkeypatch.setattr(load, "PORTION_ROWS", portion)
    faulty = person(1, sex="?")
    rows = [faulty, *ROWS, faulty, person(8), person(9, address="Jl. Lain 8"), person(9), person(1)]
    alone, beside = pair(), pair()
    of_two = operator(beside, "operator2")
    loaded(beside, of_two, [person(20)], name="lain.csv")

    told_alone, told_beside = told(loaded(alone, operator(alone), rows)), told(loaded(beside, of_two, rows))

    assert told_alone == told_beside
    copies = {(no, code) for no, code in told_alone[1] if code in (IDENTICAL, SAME_NIK)}
    assert copies == {
        (2, SAME_NIK),
        (6, SAME_NIK),
        (9, IDENTICAL),
        (11, IDENTICAL),
        (14, SAME_NIK),
        (15, IDENTICAL),
    }


@pytest.fixture
def strict_race():
    """A shared phone is a warning in the shipped sets; in this election's one it keeps a row from counting."""
    strict = RuleSet.objects.get(code="pkpu8-2024")
    strict.pk, strict.version = None, strict.version + 1
    strict.body["effects"]["PHONE_SHARED"] = "BMS"
    strict.save()
    race = election()
    type(race).objects.filter(pk=race.pk).update(rule_set=strict)
    race.refresh_from_db()
    return race


def test_a_rule_of_the_whole_file_takes_rows_back_where_it_blocks(portions, strict_race):
    team = pair(strict_race)

    made = loaded(team, operator(team), ROWS)

    _names, _found, standing, counts = told(made)
    shared = {no for no, row in enumerate(ROWS, 2) if row["phone"] == "081234567890"}
    assert {no for no, (_area, sound, _clean, _vermin) in standing.items() if not sound} == shared | {4}
    assert {no for no, (_area, _sound, clean, _vermin) in standing.items() if clean} == {2, 3}
    assert counts["clean"] == 2
    assert sum(Tally.objects.filter(key="clean").values_list("n", flat=True)) == 2


@pytest.mark.parametrize("others", [[], [person(20)]])
def test_copy_of_a_row_that_was_taken_back_is_the_one_that_counts(strict_race, others):
    """The first of two was sound when both were stored; only the whole file shows what is wrong with it."""
    team = pair(strict_race)
    of_team = operator(team)
    if others:
        loaded(team, of_team, others, name="lain.csv")
    shared = {"phone": "081234567890"}
    rows = [person(1, **shared), person(1), person(2, **shared), person(3, **shared), person(3), person(3)]

    _names, found, standing, counts = told(loaded(team, of_team, rows))

    assert {no for no, (_area, _sound, clean, _vermin) in standing.items() if clean} == {3, 6}
    copies = {(no, code) for no, code in found if code in (IDENTICAL, SAME_NIK)}
    assert copies == {(2, IDENTICAL), (5, IDENTICAL), (7, IDENTICAL)}
    assert counts["clean"] == 2


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
