"""One person counts once: which of several rows stays, whatever their order, and what comes back on discarding."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.operations import open_window
from candidates.queries import now
from supports import operations
from supports.models import Finding, Standing, Submission, Support
from supports.rules import BY_NUMBER
from tests.factories import loaded, operator, pair, person, work

pytestmark = pytest.mark.usefixtures("committed")

IDENTICAL, SAME_NIK, GIVEN_BEFORE = "DUPLICATE_IDENTICAL", "DUPLICATE_NIK", "DUPLICATE_ROUND"
DUPLICATES = {IDENTICAL, SAME_NIK, GIVEN_BEFORE}


@pytest.fixture
def team():
    """A pair and its operator."""
    made = pair()
    return made, operator(made)


def rows_of(upload):
    """{row number: (its duplicate codes, whether it is clean)} of an upload."""
    codes = {}
    for code, support in Finding.objects.values_list("code", "support_id"):
        codes.setdefault(support, set()).add(BY_NUMBER[code].code)
    found = {}
    for standing in Standing.objects.all():
        if standing.support_id >> 24 == upload.pk:
            said = codes.get(standing.support_id, set()) & DUPLICATES
            found[standing.support_id & 0xFFFFFF] = ("+".join(sorted(said)) or "", standing.clean)
    return found


def marks(upload):
    """The duplicate codes of the rows of an upload, in file order; "" where the row stays."""
    return [code for _row, (code, _clean) in sorted(rows_of(upload).items())]


def clean(upload):
    """Which rows of an upload count, in file order."""
    return [counts for _row, (_code, counts) in sorted(rows_of(upload).items())]


def test_copies_are_marked_and_the_first_stays(team):
    upload = loaded(*team, [person(1), person(1), person(2), person(1)])
    assert marks(upload) == ["", IDENTICAL, "", IDENTICAL]
    assert clean(upload) == [True, False, True, False]


def test_same_nik_with_other_data_is_another_kind(team):
    upload = loaded(*team, [person(1), person(1, name="Sari Misal"), person(1, address="Jl. Lain 9")])
    assert marks(upload) == ["", SAME_NIK, SAME_NIK]
    assert clean(upload) == [True, False, False]


def test_how_a_row_is_written_makes_no_other_person(team):
    written = {
        "name": " budi  CONTOH Bb ",
        "sex": "Laki-laki",
        "marital": "Menikah",
        "address": "JL. CONTOH 1",
    }
    day = {"birth_date": "2 Januari 1960", "nik": "64.74.01.020160.9001", "phone": "0811-9999-111"}
    upload = loaded(*team, [person(1, name="Budi Contoh Bb"), person(1, **written, **day)])
    assert marks(upload) == ["", IDENTICAL]


@pytest.mark.parametrize("change", ["name", "birth_date", "sex", "marital", "address"])
def test_each_part_of_the_identity_makes_the_rows_differ(team, change):
    other = {"name": "Sari", "birth_date": "03-01-1960", "sex": "P", "marital": "B", "address": "Jl. Lain"}
    upload = loaded(*team, [person(1), person(1, **{change: other[change]})])
    assert marks(upload) == ["", SAME_NIK]


def test_copies_of_the_other_kind_are_copies_of_each_other(team):
    other = person(1, name="Sari Misal")
    upload = loaded(*team, [person(1), other, other])
    assert marks(upload) == ["", SAME_NIK, IDENTICAL]


def test_rows_without_a_readable_nik_are_nobodys_copy(team):
    upload = loaded(*team, [person(1, nik=""), person(1, nik=""), person(1, nik="123"), person(1, nik="123")])
    assert marks(upload) == ["", "", "", ""]


def test_sound_row_stays_where_the_first_is_faulty(team):
    upload = loaded(*team, [person(1, sex="?"), person(1, district="Entah"), person(1), person(1)])
    assert marks(upload) == [SAME_NIK, IDENTICAL, "", IDENTICAL]
    assert clean(upload) == [False, False, True, False]


def test_first_stays_where_all_are_faulty(team):
    upload = loaded(*team, [person(1, sex="?"), person(1, district="Entah")])
    assert marks(upload) == ["", SAME_NIK]
    assert clean(upload) == [False, False]


def test_survivor_does_not_depend_on_the_order_of_the_file(team):
    """Whatever the order, the same data survives where only one row is sound."""
    rows = [person(1, sex="?"), person(1), person(1, marital="?"), person(1, district="Entah")]
    for start in range(4):
        upload = loaded(*team, rows[start:] + rows[:start], name=f"{start}.csv")
        kept = [row for row, mark in zip(rows[start:] + rows[:start], marks(upload), strict=True) if not mark]
        assert kept == [person(1)]
        operations.discard_upload(upload, by=team[1])
        work()


def test_person_of_an_earlier_upload_is_a_copy_in_the_later(team):
    first = loaded(*team, [person(1), person(2)])
    second = loaded(*team, [person(3), person(1), person(2, name="Sari Misal")])
    assert marks(first) == ["", ""]
    assert marks(second) == ["", IDENTICAL, SAME_NIK]


def test_sound_row_of_a_later_upload_takes_over(team):
    first = loaded(*team, [person(1, sex="?")])
    second = loaded(*team, [person(1)])
    assert (marks(first), clean(first)) == ([SAME_NIK], [False])
    assert (marks(second), clean(second)) == ([""], [True])


def test_discarding_gives_back_what_was_marked_because_of_it(team):
    first = loaded(*team, [person(1), person(2)])
    second = loaded(*team, [person(1), person(2), person(2), person(3)])
    third = loaded(*team, [person(3)])
    operations.discard_upload(first, by=team[1])
    work()
    assert rows_of(first) == {}
    assert marks(second) == ["", "", IDENTICAL, ""]
    assert clean(second) == [True, True, False, True]
    assert marks(third) == [IDENTICAL]
    operations.discard_upload(second, by=team[1])
    work()
    assert (marks(third), clean(third)) == ([""], [True])


def test_discarded_file_may_be_loaded_again_with_the_same_result(team):
    rows = [person(1), person(1), person(2)]
    first = loaded(*team, rows)
    before = marks(first)
    operations.discard_upload(first, by=team[1])
    work()
    again = loaded(*team, rows)
    assert again.pk != first.pk
    assert marks(again) == before
    assert Support.objects.count() == 3


def test_ten_thousand_copies_of_one_nik_are_one_person(team):
    rows = [person(1, address=f"Jl. Contoh {i % 5000}") for i in range(10_000)]
    with CaptureQueriesContext(connection) as few:
        loaded(*team, [person(2), person(2)])
    with CaptureQueriesContext(connection) as many:
        upload = loaded(*team, rows)
    assert (upload.status, upload.rows) == ("loaded", 10_000)
    assert Standing.objects.filter(clean=True).count() == 2
    found = marks(upload)
    assert (found.count(""), found.count(SAME_NIK), found.count(IDENTICAL)) == (1, 4_999, 5_000)
    assert len(many) <= len(few) + 4


def next_round(team, stage):
    """The round that is open now is handed in, and the next begins."""
    submission = Submission.objects.get(pair=team[0])
    Submission.objects.filter(pk=submission.pk).update(status="closed", result="BMS")
    opens = {"opens_at": now() - timedelta(days=1), "closes_at": now() + timedelta(days=1)}
    open_window(team[0].election, by=None, stage=stage, kind="filling", **opens)
    return Submission.objects.create(pair=team[0], stage=stage, rule_set=submission.rule_set)


def test_person_of_an_earlier_round_is_marked_in_the_later_one_alone(team):
    first = loaded(*team, [person(1), person(2)])
    later = next_round(team, "perbaikan_2")
    second = loaded(*team, [person(1), person(3), person(3)])
    assert second.submission_id == later.pk
    assert (marks(second), clean(second)) == ([GIVEN_BEFORE, "", IDENTICAL], [False, True, False])
    assert (marks(first), clean(first)) == (["", ""], [True, True])


def test_another_pair_is_no_earlier_round(team):
    loaded(*team, [person(1)])
    other = pair(team[0].election, name="Bayu Umpama – Kirana Andaikan")
    upload = loaded(other, operator(other, "operator2"), [person(1)])
    assert (marks(upload), clean(upload)) == ([""], [True])
