"""A person decides the rows dealt to them, with reasons where they are due, and may take a decision back."""

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from foundation.errors import Conflict, Refused
from foundation.workflow import engine
from foundation.workflow.models import Event
from tests.supports.handing_in.teams import round_of
from tests.supports.holding import wait_until_somebody_waits
from tests.supports.test_at_once import Meanwhile
from tests.supports.test_counts import check_everything
from tests.verification.rounds import held_by, in_review, standings, verifier
from verification.dealing import deal_rows
from verification.deciding import decide, statuses_offered, undo
from verification.models import Decision, Work
from verification.reasons import BY_CODE

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def dealt():
    """The submission's rows, all dealt to one verifier; team, verifier, office."""
    team, office, review = in_review(rule_set="pkpu8-2024")
    person = verifier()
    deal_rows(review, by=office, people=[person])
    return team, person, office


def test_each_status_is_counted_and_stays_on_record(dealt):
    team, person, _office = dealt
    one, two, three, _four = standings(round_of(team))
    decide(one, by=person, status="MS")
    decide(
        two, by=person, status="BMS", reasons=["KTP_MISSING", "SIGNATURE_MISSING"], note="Halaman 2 kosong"
    )
    decide(three, by=person, status="TMS", reasons=["UNDER_AGE"])
    check_everything(round_of(team))
    kept = Decision.objects.order_by("pk").values_list("support_id", "before", "after", "reasons", "note")
    assert list(kept) == [
        (one.pk, "unverified", "MS", [], ""),
        (two.pk, "unverified", "BMS", [3, 2], "Halaman 2 kosong"),
        (three.pk, "unverified", "TMS", [10], ""),
    ]
    assert len(held_by(person)) == 1
    told = Event.objects.get(name="vermin_ask")
    assert (told.subject_id, told.by_id, told.data["reasons"]) == (
        two.pk,
        person.pk,
        ["KTP_MISSING", "SIGNATURE_MISSING"],
    )


@pytest.mark.parametrize(
    ("status", "reasons", "note", "said"),
    [
        ("TMS", [], "", "sedikitnya satu alasan"),
        ("BMS", [], "", "sedikitnya satu alasan"),
        ("BMS", ["UNDER_AGE"], "", "tidak berlaku untuk BMS"),
        ("MS", ["KTP_MISSING"], "", "tidak berlaku untuk MS"),
        ("TMS", ["SOMETHING"], "", "tidak berlaku untuk TMS"),
        ("TMS", ["OTHER"], "  ", "Tulis alasannya"),
        ("MS", [], "x" * 501, "paling panjang 500"),
        ("unverified", [], "", "tidak mengenal status"),
    ],
)
def test_what_cannot_be_decided_says_why_and_changes_nothing(dealt, status, reasons, note, said):
    team, person, _office = dealt
    with pytest.raises(Refused, match=said):
        decide(standings(round_of(team))[0], by=person, status=status, reasons=reasons, note=note)
    assert Decision.objects.count() == 0
    assert len(held_by(person)) == 4


def test_bms_is_not_offered_where_nothing_can_be_mended_later(dealt):
    submission = round_of(dealt[0])
    assert statuses_offered(submission) == ("MS", "BMS", "TMS")
    submission.stage = "perbaikan_1"
    assert statuses_offered(submission) == ("MS", "TMS")


def test_only_who_holds_a_row_decides_it(dealt):
    team, _person, office = dealt
    row = standings(round_of(team))[0]
    for other in (verifier("lain"), office, team[1]):
        with pytest.raises(Refused, match="bukan bagian Anda"):
            decide(row, by=other, status="MS")


def test_the_database_lets_no_second_person_hold_a_row(dealt):
    team, _person, _office = dealt
    row = standings(round_of(team))[0]
    with pytest.raises(IntegrityError, match="verification_work_pkey"), transaction.atomic():
        Work.objects.create(support_id=row.pk, submission=row.submission, holder=verifier("lain"))


def test_two_decisions_at_once_leave_one(dealt):
    team, person, _office = dealt
    first, again = standings(round_of(team))[0], standings(round_of(team))[0]
    with transaction.atomic():
        decide(first, by=person, status="MS")
        other = Meanwhile(decide, again, by=person, status="TMS", reasons=["UNDER_AGE"])
        wait_until_somebody_waits()
    assert isinstance(other.wait(), Conflict)
    assert Decision.objects.get().after == "MS"


def test_undo_gives_the_row_back_and_leaves_a_trace(dealt):
    team, person, office = dealt
    row = standings(round_of(team))[0]
    decide(row, by=person, status="TMS", reasons=["UNDER_AGE"])
    with pytest.raises(Refused, match="dibuat orang lain"):
        undo(standings(round_of(team))[0], by=office)
    undo(standings(round_of(team))[0], by=person)
    assert [(one.before, one.after) for one in Decision.objects.order_by("pk")] == [
        ("unverified", "TMS"),
        ("TMS", "unverified"),
    ]
    assert row.pk in held_by(person)
    with pytest.raises(Conflict):
        undo(standings(round_of(team))[0], by=person)
    decide(standings(round_of(team))[0], by=person, status="MS")
    check_everything(round_of(team))


def test_nothing_is_decided_or_undone_once_the_round_is_closed(dealt):
    team, person, office = dealt
    one, two, *_rest = standings(round_of(team))
    decide(one, by=person, status="MS")
    engine.move(round_of(team), "close", by=office)
    with pytest.raises(Conflict, match="tidak sedang diverifikasi"):
        decide(two, by=person, status="MS")
    with pytest.raises(Conflict, match="tidak sedang diverifikasi"):
        undo(one, by=person)


def test_decisions_are_kept_by_the_database(dealt):
    team, person, _office = dealt
    decide(standings(round_of(team))[0], by=person, status="MS")
    with pytest.raises(ProgrammingError), transaction.atomic():
        Decision.objects.update(after="TMS")
    with pytest.raises(IntegrityError, match="kept for ever"), transaction.atomic():
        Decision.objects.all().delete()
    assert Decision.objects.count() == 1


def test_reasons_have_numbers_and_statuses_of_their_own():
    assert len({one.number for one in BY_CODE.values()}) == len(BY_CODE)
    assert all(set(one.statuses) <= {"BMS", "TMS"} and one.statuses for one in BY_CODE.values())
