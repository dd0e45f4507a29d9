"""A mended BMS row is a new row that replaces the old one: once, by its signed id or its NIK, and only where it may."""

from collections import Counter

import pytest
from django.db import IntegrityError

from foundation import sql
from foundation.errors import Refused
from supports import operations
from supports.models import Finding, Standing, Submission, Support, Upload
from supports.progress import progress
from supports.repairs.freezing import refuse_replaced
from supports.repairs.models import ReplacedCount, Replacement
from supports.rounds import latest_round
from supports.rows import add_supports, edit_support, remove_support
from supports.rules import BY_NUMBER
from tests.factories import loaded, person, work
from tests.supports.mended import report_of, written
from tests.supports.repairs.teams import SOUTH, closed, repair_round
from tests.supports.test_counts import check_everything

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def team():
    """Its first round: MS, BMS, BMS, TMS, BMS; persons 1 to 5."""
    return closed()[0]


def reported(team):
    """The rows of the first file with their signed ids."""
    return report_of(Upload.objects.order_by("id").first(), team[1])


def ids_of(round_):
    return list(Support.objects.filter(submission=round_).order_by("id").values_list("id", flat=True))


def codes(round_):
    """The codes of each row of a round, in the order of ids."""
    check_everything(round_, given=False)
    found = {pk: set() for pk in ids_of(round_)}
    for code, pk in Finding.objects.filter(submission=round_).values_list("code", "support_id"):
        found[pk].add(BY_NUMBER[code].code)
    return list(found.values())


def replaced(*, stands=True):
    found = Replacement.objects.all()
    counted = Counter(found.filter(stands=True).values_list("origin_round", flat=True))
    assert dict(ReplacedCount.objects.filter(rows__gt=0).values_list("pk", "rows")) == counted
    return set(found.filter(stands=stands).values_list("origin_id", "support_id"))


def test_mended_rows_are_new_rows_in_the_place_of_theirs_and_the_old_ones_stay_as_they_are(team):
    awal = Submission.objects.get()
    old, rows = ids_of(awal), reported(team)
    mended = [rows[1] | {"Alamat": "Jl. Baru 2"}, rows[2] | {"NIK": person(33)["nik"]}]
    new = loaded(*team, written(mended), "dibenahi.csv")
    begun = repair_round(team)
    assert new.submission_id == begun.pk
    assert codes(begun) == [set(), {"NIK_BIRTH_DATE"}]
    assert replaced() == set(zip([old[1], old[2]], ids_of(begun), strict=True))
    check_everything(awal, given=False)
    assert list(Standing.objects.filter(submission=awal).order_by("pk").values_list("vermin", flat=True)) == [
        "MS", "BMS", "BMS", "TMS", "BMS",
    ]  # fmt: skip
    assert progress(team[0]).counted == 3


def test_a_forged_id_names_no_row(team):
    rows = reported(team)
    forged = [rows[1] | {"ID baris": "R" + "0" * 32, "NIK": person(21)["nik"]}]
    loaded(*team, written(forged), "palsu.csv")
    assert codes(repair_round(team)) == [{"ROW_ID_UNKNOWN", "NIK_BIRTH_DATE"}]
    assert replaced() == set()


def test_the_pool_refuses_a_list_that_mends_and_says_where_it_belongs(team):
    rows = reported(team)[1:3]
    refused = loaded(*team, written(rows), "daftar-bms.csv", target="pool")
    assert (refused.status, refused.error_code) == ("failed", "rows_of_a_round")
    assert refused.error_message.startswith("2 baris berkas ini memuat ID baris putaran Awal. ")
    assert "tujuan “Putaran yang sedang diisi”" in refused.error_message
    assert not Standing.objects.filter(submission__kind="pool").exists()
    assert loaded(*team, written(rows), "daftar-bms.csv").status == "loaded"
    new = [row | {"ID baris": "", "NIK": person(at)["nik"]} for at, row in enumerate(rows, 40)]
    assert loaded(*team, written(new), "baru.csv", target="pool").status == "loaded"


def test_an_old_row_is_replaced_once_whatever_names_it(team):
    old, rows = ids_of(Submission.objects.get()), reported(team)
    twice = [rows[1] | {"NIK": person(21)["nik"]}, rows[1] | {"NIK": person(22)["nik"]}]
    loaded(*team, written(twice), "dua.csv")
    again = loaded(*team, written([rows[1] | {"NIK": person(23)["nik"]}]), "lagi.csv")
    begun = repair_round(team)
    of_birth = {"NIK_BIRTH_DATE"}
    assert codes(begun) == [of_birth, of_birth | {"ROW_ID_REPEATED"}, of_birth | {"ROW_ID_CHANGED"}]
    first, _second, third = ids_of(begun)
    assert (replaced(), replaced(stands=False)) == ({(old[1], first)}, {(old[1], third)})
    assert third >> 24 == again.pk


def test_throwing_the_upload_away_frees_the_old_row_for_who_waits_for_it(team):
    old, rows = ids_of(Submission.objects.get()), reported(team)
    first = loaded(*team, written([rows[1] | {"NIK": person(21)["nik"]}]), "satu.csv")
    loaded(*team, written([rows[1] | {"NIK": person(22)["nik"]}]), "dua.csv")
    operations.discard_upload(first, by=team[1])
    work()
    begun = repair_round(team)
    assert codes(begun) == [{"NIK_BIRTH_DATE"}]
    assert (replaced(), replaced(stands=False)) == ({(old[1], *ids_of(begun))}, set())
    assert progress(team[0]).counted == 2


def test_a_row_taken_away_or_a_file_discarded_frees_the_old_row(team):
    old, rows = ids_of(Submission.objects.get()), reported(team)
    loaded(*team, written([rows[1]]), "satu.csv")
    begun = repair_round(team)
    support = Support.objects.get(submission=begun)
    support.submission = begun
    remove_support(support, by=team[1], revision=0)
    assert replaced() == set()
    loaded(*team, written([rows[1] | {"Alamat": "Jl. Lain"}]), "dua.csv")
    assert replaced() == {(old[1], *ids_of(begun))}
    assert codes(begun) == [set()]


def test_a_mended_row_that_is_mended_again_hands_its_place_on(team):
    old, rows = ids_of(Submission.objects.get()), reported(team)
    first = loaded(*team, written([rows[1] | {"NIK": "123"}]), "satu.csv")
    begun = repair_round(team)
    assert codes(begun) == [{"NIK_LENGTH"}]
    again = report_of(first, team[1])
    loaded(*team, written([again[0] | {"NIK": person(21)["nik"]}]), "dua.csv")
    assert codes(begun) == [{"NIK_BIRTH_DATE"}]
    assert replaced() == {(old[1], *ids_of(begun))}


def test_a_row_edited_by_hand_keeps_its_place(team):
    old, rows = ids_of(Submission.objects.get()), reported(team)
    loaded(*team, written([rows[1] | {"NIK": "123"}]), "satu.csv")
    begun = repair_round(team)
    support = Support.objects.get(submission=begun)
    support.submission = begun
    edit_support(support, by=team[1], changes={"nik": person(2)["nik"]}, revision=0)
    assert codes(begun) == [set()]
    assert replaced() == {(old[1], support.pk)}


def test_an_upload_that_replaces_another_takes_its_places_over(team):
    old, rows = ids_of(Submission.objects.get()), reported(team)
    first = loaded(*team, written([rows[1]]), "satu.csv")
    loaded(*team, written([rows[1] | {"Alamat": "Jl. Baru"}, rows[2]]), "dua.csv", replaces=first)
    begun = repair_round(team)
    assert codes(begun) == [set(), set()]
    assert replaced() == set(zip(old[1:3], ids_of(begun), strict=True))


def test_rows_that_are_ms_or_tms_are_not_mended(team):
    rows = reported(team)
    other = {"NIK": person(21)["nik"]}
    loaded(*team, written([rows[0], rows[0] | other, rows[3], rows[3] | other]), "beku.csv")
    assert codes(repair_round(team)) == [
        {"DUPLICATE_ROUND", "ROW_ID_DECIDED"},
        {"NIK_BIRTH_DATE", "ROW_ID_REPEATED"},
        {"ROW_ID_DECIDED", "TMS_BEFORE"},
        {"NIK_BIRTH_DATE", "ROW_ID_REPEATED", "DUPLICATE_NIK"},
    ]
    assert replaced() == set()


def test_without_ids_people_are_judged_by_what_was_decided_about_them(team):
    old = ids_of(Submission.objects.get())
    loaded(*team, [person(1), person(2), person(4), person(9)], "baru.csv")
    begun = repair_round(team)
    assert codes(begun) == [{"DUPLICATE_ROUND"}, set(), {"TMS_BEFORE"}, set()]
    assert replaced() == {(old[1], ids_of(begun)[1])}
    assert progress(team[0]).counted == 3


def test_typed_people_are_judged_like_those_of_a_file(team):
    old = ids_of(Submission.objects.get())
    latest_round(team[0])
    add_supports(team[0], by=team[1], rows=[person(2), person(4)])
    begun = repair_round(team)
    assert codes(begun) == [set(), {"TMS_BEFORE"}]
    assert replaced() == {(old[1], ids_of(begun)[0])}
    support = Support.objects.filter(submission=begun).first()
    support.submission = begun
    edit_support(support, by=team[1], changes={"nik": person(50)["nik"]}, revision=0)
    assert replaced() == set()


def test_who_names_the_row_comes_before_who_only_has_its_nik(team):
    old, rows = ids_of(Submission.objects.get()), reported(team)
    loaded(*team, [person(2)], "tanpa-id.csv")
    loaded(*team, written([rows[1] | {"Alamat": "Jl. Baru"}]), "dengan-id.csv")
    begun = repair_round(team)
    assert replaced() == {(old[1], ids_of(begun)[1])}
    assert codes(begun) == [set(), {"DUPLICATE_NIK"}]


def test_of_a_person_given_twice_the_copy_that_was_tms_is_no_reason_to_refuse_them():
    team, _office, awal = closed(
        ("MS", "MS", "BMS", "TMS"), rows=[person(1), person(2), person(3, **SOUTH), person(3, **SOUTH)]
    )
    loaded(*team, [person(3, **SOUTH)], "lagi.csv")
    begun = repair_round(team)
    assert codes(begun) == [set()]
    assert replaced() == {(ids_of(awal)[2], *ids_of(begun))}


def test_what_was_decided_about_a_replaced_row_stays_whoever_writes(team):
    old, rows = ids_of(Submission.objects.get()), reported(team)
    loaded(*team, written([rows[1]]), "satu.csv")
    Submission.objects.filter(stage="awal").update(status="in_review", result="")
    with pytest.raises(IntegrityError, match="replaced"):
        Standing.objects.filter(pk=old[1]).update(vermin="MS")
    with pytest.raises(Refused, match="1 baris sudah diganti"):
        refuse_replaced(old[:3])
    refuse_replaced(old[2:])
    assert Standing.objects.filter(pk=old[2]).update(vermin="MS") == 1


def test_the_database_lets_no_row_be_replaced_twice(team):
    rows = reported(team)
    loaded(*team, written([rows[1]]), "satu.csv")
    with pytest.raises(IntegrityError, match="row_is_replaced_once"):
        sql.execute(
            "INSERT INTO repairs_replacement (origin_id, support_id, submission_id, origin_round_id, named, stands)"
            " SELECT origin_id, 1, submission_id, origin_round_id, named, stands FROM repairs_replacement"
        )
