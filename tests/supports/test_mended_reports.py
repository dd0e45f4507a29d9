"""A mended report replaces exactly its rows: nothing is doubled, nothing else is touched, no row makes it fail."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.workflow.models import Event
from supports import operations
from supports.models import Finding, PairMatch, Repeat, Standing, Submission, Support, Upload
from supports.progress import progress
from supports.rows import edit_support, remove_support
from supports.rules import BY_NUMBER
from tests import factories
from tests.factories import loaded, person, work
from tests.supports.mended import report_of, written
from tests.supports.test_counts import check_everything

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def team():
    """A pair and its operator."""
    made = factories.pair()
    return made, factories.operator(made)


def codes_of(upload):
    """{row number: codes} of the rows of an upload, those without findings too."""
    ids = range(upload.pk << 24, (upload.pk + 1) << 24)
    found = {pk & 0xFFFFFF: set() for pk in Support.objects.values_list("pk", flat=True) if pk in ids}
    for code, pk in Finding.objects.values_list("code", "support_id"):
        if pk in ids:
            found[pk & 0xFFFFFF].add(BY_NUMBER[code].code)
    return found


def names():
    """Who is there."""
    return sorted(Support.objects.values_list("name", flat=True))


def counted(pair):
    """How many count, after everything stored about the round was found true."""
    check_everything(Submission.objects.get(pair=pair))
    return progress(pair).counted


def test_mended_rows_take_the_place_of_theirs_and_no_others(team):
    old = loaded(*team, [person(1), person(2, nik="123"), person(3, sex="?"), person(4, nik="")], "asal.csv")
    assert counted(team[0]) == 1
    rows = report_of(old, team[1], everything=False)
    assert len(rows) == 3
    rows[0]["NIK"], rows[1]["Jenis Kelamin"] = person(2)["nik"], "P"
    new = loaded(*team, written(rows[:2]), "dibenahi.csv")
    assert (new.status, new.rows) == ("loaded", 2)
    assert counted(team[0]) == 3
    assert codes_of(old) == {2: set(), 5: {"NIK_MISSING"}}
    assert codes_of(new) == {2: set(), 3: {"NIK_SEX"}}
    assert Support.objects.count() == 4


def test_it_is_written_down_which_upload_replaced_how_many_rows(team):
    old = loaded(*team, [person(1, nik="123"), person(2, nik="123"), person(3)], "asal.csv")
    other = loaded(*team, [person(4, nik="123")], "lain.csv")
    rows = report_of(old, team[1])[:2] + report_of(other, team[1])
    new = loaded(*team, written(rows), "dibenahi.csv")
    said = {(one.upload_id, one.other_id): one.replaced for one in Repeat.objects.all() if one.replaced}
    assert said == {(new.pk, old.pk): 2, (new.pk, other.pk): 1}
    event = Event.objects.get(name="rows_replaced")
    assert (event.by_id, event.subject_id, event.pair_id) == (team[1].pk, new.pk, team[0].pk)
    assert event.data == {"rows": 3, "uploads": {str(old.pk): 2, str(other.pk): 1}}


def test_a_row_without_an_id_is_a_new_one(team):
    old = loaded(*team, [person(1, nik="123")], "asal.csv")
    rows = report_of(old, team[1])
    rows.append({**rows[0], "ID baris": "", "NIK": person(5)["nik"], "Alamat": "Jl. Baru"})
    new = loaded(*team, written(rows), "dibenahi.csv")
    assert codes_of(new) == {2: {"NIK_LENGTH"}, 3: {"NIK_BIRTH_DATE"}}
    assert Support.objects.count() == 2


@pytest.mark.parametrize("forged", ["77", "R" + "0" * 32, "Rx", "=1+1"])
def test_an_id_that_is_not_ours_replaces_nothing_and_counts_for_nothing(team, forged):
    old = loaded(*team, [person(1, nik="123")], "asal.csv")
    rows = report_of(old, team[1])
    rows[0] |= {"ID baris": forged, "NIK": person(1)["nik"]}
    new = loaded(*team, written(rows), "dibenahi.csv")
    assert codes_of(old) == {2: {"NIK_LENGTH"}}
    assert codes_of(new) == {2: {"ROW_ID_UNKNOWN"}}
    assert counted(team[0]) == 0


def test_an_id_with_one_letter_changed_is_not_ours(team):
    old = loaded(*team, [person(1), person(2)], "asal.csv")
    rows = report_of(old, team[1])
    last = rows[0]["ID baris"][-1]
    rows[0]["ID baris"] = rows[0]["ID baris"][:-1] + ("0" if last != "0" else "1")
    new = loaded(*team, written(rows[:1]), "dibenahi.csv")
    assert codes_of(new) == {2: {"ROW_ID_UNKNOWN", "DUPLICATE_IDENTICAL"}}
    assert counted(team[0]) == 2


def test_ids_of_another_pair_touch_and_tell_nothing(team):
    other = factories.pair(team[0].election, name="Bayu Umpama – Kirana Andaikan")
    others = factories.operator(other, "operator2")
    theirs = loaded(other, others, [person(1), person(2, nik="123")])
    rows = report_of(theirs, others)
    before = progress(other)
    new = loaded(*team, written(rows), "dibenahi.csv")
    assert codes_of(theirs) == {2: set(), 3: {"NIK_LENGTH"}}
    assert progress(other) == before
    assert codes_of(new) == {2: {"ROW_ID_UNKNOWN"}, 3: {"ROW_ID_UNKNOWN", "NIK_LENGTH"}}
    forged = loaded(*team, written([row | {"ID baris": "R" + "1" * 32} for row in rows]), "palsu.csv")
    assert {code for codes in codes_of(forged).values() for code in codes if code.startswith("ROW_ID")} == {
        "ROW_ID_UNKNOWN"
    }


def test_of_two_rows_with_one_id_the_first_takes_the_place(team):
    old = loaded(*team, [person(1, nik="123")], "asal.csv")
    (row,) = report_of(old, team[1])
    rows = [row | {"NIK": person(1)["nik"]}, row | {"NIK": person(2)["nik"]}]
    new = loaded(*team, written(rows), "dibenahi.csv")
    assert codes_of(old) == {}
    assert codes_of(new)[2] == set()
    assert "ROW_ID_REPEATED" in codes_of(new)[3]
    assert counted(team[0]) == 1


def test_a_row_edited_since_the_report_stays_as_it_was_edited(team):
    old = loaded(*team, [person(1, nik="123"), person(2)], "asal.csv")
    rows = report_of(old, team[1])
    support = Support.objects.order_by("pk").first()
    edit_support(support, by=team[1], changes={"nik": person(1)["nik"], "name": "Dewi Misal"}, revision=0)
    rows[0]["NIK"] = person(9)["nik"]
    new = loaded(*team, written(rows[:1]), "dibenahi.csv")
    assert "Dewi Misal" in names()
    assert "ROW_ID_CHANGED" in codes_of(new)[2]
    assert counted(team[0]) == 2


def test_the_report_of_an_edited_row_replaces_it(team):
    loaded(*team, [person(1, nik="123")], "asal.csv")
    support = Support.objects.get()
    edit_support(support, by=team[1], changes={"name": "Dewi Misal"}, revision=0)
    rows = report_of(Upload.objects.get(), team[1])
    rows[0]["NIK"] = person(1)["nik"]
    loaded(*team, written(rows), "dibenahi.csv")
    assert names() == ["Dewi Misal"]
    assert counted(team[0]) == 1


def test_a_row_that_was_removed_comes_back_as_a_new_one(team):
    old = loaded(*team, [person(1), person(2)], "asal.csv")
    rows = report_of(old, team[1])
    remove_support(Support.objects.order_by("pk").first(), by=team[1], revision=0)
    new = loaded(*team, written(rows[:1]), "dibenahi.csv")
    assert codes_of(new) == {2: {"ROW_ID_GONE"}}
    assert counted(team[0]) == 2


def test_a_report_sent_twice_doubles_nobody(team):
    old = loaded(*team, [person(n, nik="123") for n in range(1, 4)], "asal.csv")
    rows = report_of(old, team[1])
    rows[0]["NIK"] = person(1)["nik"]
    first = loaded(*team, written(rows), "benah-1.csv")
    rows[0]["NIK"], rows[1]["NIK"] = person(8)["nik"], person(2)["nik"]
    second = loaded(*team, written(rows), "benah-2.csv")
    assert codes_of(first) == {2: set(), 3: {"NIK_LENGTH"}, 4: {"NIK_LENGTH"}}
    assert all("ROW_ID_CHANGED" in codes for codes in codes_of(second).values())
    assert counted(team[0]) == 1
    operations.discard_upload(first, by=team[1])
    work()
    assert [codes & {"ROW_ID_CHANGED"} for codes in codes_of(second).values()] == [set()] * 3
    assert counted(team[0]) == 2


def test_an_id_stays_used_when_its_row_was_replaced_again(team):
    old = loaded(*team, [person(1, nik="123")], "asal.csv")
    first_report = report_of(old, team[1])
    once = loaded(*team, written(first_report), "benah-1.csv")
    rows = report_of(once, team[1])
    rows[0]["NIK"] = person(1)["nik"]
    twice = loaded(*team, written(rows), "benah-2.csv")
    assert (codes_of(once), codes_of(twice)) == ({}, {2: set()})
    first_report[0]["NIK"] = person(2)["nik"]
    late = loaded(*team, written(first_report), "benah-3.csv")
    assert "ROW_ID_CHANGED" in codes_of(late)[2]
    assert counted(team[0]) == 1


def test_discarding_the_mended_report_does_not_bring_the_old_rows_back(team):
    old = loaded(*team, [person(1, nik="123"), person(2)], "asal.csv")
    rows = report_of(old, team[1], everything=False)
    new = loaded(*team, written(rows), "dibenahi.csv")
    operations.discard_upload(new, by=team[1])
    work()
    assert codes_of(old) == {3: set()}
    again = loaded(*team, written(rows), "dibenahi.csv")
    assert codes_of(again) == {2: {"NIK_LENGTH", "ROW_ID_GONE"}}


def test_duplicates_are_judged_anew_for_the_old_and_the_new_nik(team):
    """Rows 1 and 2 give one person; row 1, which counted, is mended to be the person of row 3."""
    old = loaded(*team, [person(1), person(1), person(3)], "asal.csv")
    assert codes_of(old) == {2: set(), 3: {"DUPLICATE_IDENTICAL"}, 4: set()}
    rows = report_of(old, team[1])[:1]
    rows[0] |= {"NIK": person(3)["nik"], "Tanggal Lahir": person(3)["birth_date"]}
    new = loaded(*team, written(rows), "dibenahi.csv")
    assert codes_of(old) == {3: set(), 4: set()}
    assert codes_of(new) == {2: {"DUPLICATE_NIK"}}
    assert counted(team[0]) == 2


def test_matches_of_pairs_follow_the_mended_nik(team):
    other = factories.pair(team[0].election, name="Bayu Umpama – Kirana Andaikan")
    loaded(other, factories.operator(other, "operator2"), [person(1), person(2)])
    old = loaded(*team, [person(1)], "asal.csv")
    before = set(PairMatch.objects.values_list("nik", flat=True))
    rows = report_of(old, team[1])
    rows[0] |= {"NIK": person(2)["nik"], "Tanggal Lahir": person(2)["birth_date"]}
    loaded(*team, written(rows), "dibenahi.csv")
    after = set(PairMatch.objects.values_list("nik", flat=True))
    assert len(before) == len(after) == 1
    assert before != after


def test_an_edit_of_the_row_ends_what_its_id_said(team):
    old = loaded(*team, [person(1, nik="123")], "asal.csv")
    rows = report_of(old, team[1])
    rows[0] |= {"ID baris": "Rx", "NIK": person(1)["nik"]}
    new = loaded(*team, written(rows), "dibenahi.csv")
    support = Support.objects.get(pk=new.pk << 24 | 2)
    edit_support(support, by=team[1], changes={"name": "Dewi Misal"}, revision=0)
    assert codes_of(new) == {2: set()}
    assert counted(team[0]) == 1


def test_statements_do_not_grow_with_the_rows(team):
    def mend(first, number):
        old = loaded(*team, [person(first + n, sex="?") for n in range(number)], f"asal-{number}.csv")
        content = written(report_of(old, team[1]))
        with CaptureQueriesContext(connection) as queries:
            loaded(*team, content, f"benah-{number}.csv")
        return len(queries)

    assert mend(1, 200) <= mend(300, 2) + 2
    assert Standing.objects.count() == 202
