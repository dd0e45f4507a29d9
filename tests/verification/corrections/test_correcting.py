"""A correction takes named rows back to unverified: by a document, with two approvers, and nothing is forgotten."""

import datetime
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from candidates.models import Pair
from foundation.accounts.matrix import Role
from foundation.attachments.models import Attachment
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.jobs.models import Job
from foundation.jobs.operations import cancel
from foundation.workflow import engine
from foundation.workflow.models import Event
from supports.models import Standing, Submission
from supports.reopening import propose_ruling
from supports.repairs.models import Replacement
from tests import factories
from tests.candidates.making import approve as approve_ruling
from tests.supports.holding import held_at, wait_until_somebody_waits
from tests.supports.test_at_once import Meanwhile
from tests.verification.corrections.making import ALL, NORTH, Scene, fresh
from tests.verification.rounds import held_by, standings
from verification.corrections.choosing import Wanted, examples_of, words_of
from verification.corrections.models import Correction, CorrectionRow
from verification.corrections.operations import (
    approve_correction,
    keep_rows,
    refuse_correction,
    resume_correction,
)
from verification.dealing import deal_rows
from verification.deciding import decide, undo
from verification.models import Decision
from verification.results.closing import close_round

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def scene():
    return Scene()


def test_two_others_approve_and_a_job_takes_exactly_these_rows_back(scene):
    made = scene.propose()
    assert (made.rows, made.stood, scene.counts()) == (9, {"MS": 6, "TMS": 3}, [0, 9, 0, 3])
    made = scene.approve(made, scene.others[0])
    assert (made.status, Job.objects.filter(kind="verification.carry_correction").count()) == ("proposed", 0)
    made = scene.approve(made, scene.others[1])
    assert made.status == "approved"
    factories.work()
    made = fresh(made)
    assert (made.status, made.taken_back, made.passed_over, made.job.state) == ("done", 9, 0, "done")
    assert scene.counts() == [9, 3, 0, 0]
    back = Decision.objects.filter(correction=made)
    assert set(back.values_list("after", "by", "before")) == {
        ("unverified", scene.office.pk, "MS"),
        ("unverified", scene.office.pk, "TMS"),
    }
    assert (Decision.objects.count(), CorrectionRow.objects.count()) == (12 + 9, 0)
    told = Event.objects.get(name="correction_approve")
    assert (told.by_id, told.data["rows"], told.data["digest"]) == (scene.others[1].pk, 9, made.token)


def test_rows_go_back_village_after_village_in_parts(scene, monkeypatch):
    monkeypatch.setattr("verification.parts.PART", 2)
    made = scene.approved(ALL)
    factories.work()
    made = fresh(made)
    assert (made.status, made.taken_back, made.passed_over, scene.counts()) == ("done", 12, 0, [12, 0, 0, 0])
    back = list(Decision.objects.filter(correction=made).order_by("id").values_list("support_id", flat=True))
    villages = dict(Standing.objects.values_list("support_id", "area"))
    assert [villages[pk] for pk in back] == sorted(villages.values())
    assert Event.objects.filter(name="correction_finish").count() == 1


def test_a_row_taken_back_while_the_rows_are_written_down_stops_the_proposal(scene):
    with held_at("LOCK TABLE corrections_correction IN SHARE MODE"):
        proposing = Meanwhile(scene.propose)
        wait_until_somebody_waits()
        undo(standings(scene.submission)[0], by=scene.decider_of(0))
    with pytest.raises(Conflict, match="tadi 9, sekarang 8"):
        raise proposing.wait()
    assert (Correction.objects.count(), CorrectionRow.objects.count()) == (0, 0)


def test_rows_that_are_nobody_s_are_none_to_keep(scene):
    made = scene.propose()
    nobody = replace(scene.look(), found=Standing.objects.none())
    assert (keep_rows(made, nobody), CorrectionRow.objects.count()) == (0, 9)


def test_rows_that_came_back_are_dealt_and_decided_anew(scene):
    scene.approved()
    factories.work()
    deal = deal_rows(scene.review, by=scene.office, people=[scene.people[1]])
    assert (deal.rows, len(held_by(scene.people[1]))) == (9, 9)
    decide(standings(scene.submission)[0], by=scene.people[1], status="BMS", reasons=["KTP_MISSING"])
    assert scene.counts() == [8, 3, 1, 0]


def test_a_closed_round_is_opened_for_it_and_loses_its_result(scene):
    engine.move(scene.submission, "close", by=scene.office, result="MS")
    made = scene.propose()
    assert scene.submission.status == "closed"
    scene.approve(made, *scene.others[:2])
    assert (scene.submission.status, scene.submission.result) == ("in_review", "")
    factories.work()
    assert scene.counts() == [9, 3, 0, 0]
    told = Event.objects.get(name="submission_correct")
    assert told.data == {"correction": made.pk, "was": "MS", "status": "in_review"}


def test_rows_are_chosen_by_everything_that_is_asked(scene):
    first = scene.people[0]
    own = Decision.objects.filter(by=first).count()
    upload = scene.submission.uploads.get()
    for wanted, rows in (
        (Wanted(status="TMS"), 3),
        (Wanted(finding="UNDER_AGE"), 3),
        (Wanted(finding="UNDER_AGE", status="MS"), 0),
        (Wanted(decided_by=first.pk), own),
        (Wanted(upload=upload.pk, area=647402), 3),
    ):
        assert scene.look(wanted).rows == rows
    undo(standings(scene.submission)[0], by=scene.decider_of(0))
    looked = scene.look(ALL)
    assert (looked.rows, looked.undecided, looked.stood) == (11, 1, {"MS": 8, "TMS": 3})
    assert len(examples_of(looked, scene.submission)) == 10
    said = words_of(scene.submission, Wanted(decided_by=first.pk, status="MS").kept())
    assert said == ["status “Memenuhi syarat”", f"diputus oleh {first}"]


def test_rows_are_chosen_by_a_list_of_niks_that_is_kept_nowhere(scene):
    lines = [factories.person(0)["nik"], factories.person(20)["nik"]]
    made = scene.propose(Wanted(lines=lines))
    assert (made.rows, made.stood, made.wanted) == (2, {"MS": 1, "TMS": 1}, {"lines": 2})
    with pytest.raises(Refused, match="1 dari 3 baris daftar tidak ditemukan"):
        scene.look(Wanted(lines=[*lines, "6474010101609999"]))
    assert scene.look(Wanted(lines=[*lines, "6474010101609999"], skip_missing=True)).rows == 2
    assert not Event.objects.filter(data__icontains=lines[0]).exists()


def test_rows_are_chosen_by_an_approved_ruling_that_names_them(scene):
    pair, ids = scene.team[0], [factories.person(1)["nik"], factories.person(30)["nik"]]
    told = {"kind": "putusan", "document": "7/2024", "stage": "awal", "hours": 24, "covers": "rows"}
    ruling = propose_ruling(pair, by=None, letter=scene.letter("Putusan"), rows=ids, **told)
    with pytest.raises(Refused, match="belum disetujui dua orang"):
        scene.look(Wanted(ruling=ruling.pk))
    for name in ("ri-1", "ri-2"):
        approve_ruling(ruling, by=factories.user(name, Role.KPU_RI))
        ruling.refresh_from_db()
    made = scene.propose(Wanted(ruling=ruling.pk))
    assert (made.rows, made.ruling_id) == (2, ruling.pk)


def test_who_proposed_approves_nothing_and_nobody_approves_twice(scene):
    made = scene.propose()
    with pytest.raises(NotAllowed, match="Anda usulkan sendiri"):
        scene.approve(made, scene.office)
    scene.approve(made, scene.others[0])
    with pytest.raises(NotAllowed, match="sudah Anda setujui"):
        scene.approve(made, scene.others[0])
    for twice in ({"second_approved_by": scene.others[0]}, {"second_approved_by": scene.office}):
        changes = {**twice, "second_approved_at": datetime.datetime.now(datetime.UTC), "status": "approved"}
        with pytest.raises(IntegrityError, match="approved_by_two_others"), transaction.atomic():
            Correction.objects.update(**changes)
    assert scene.counts() == [0, 9, 0, 3]


def test_two_who_approve_at_once_are_the_first_and_the_second(scene):
    made = scene.propose()
    one, other = scene.others[:2]
    with transaction.atomic():
        approve_correction(fresh(made), by=one)
        meanwhile = Meanwhile(approve_correction, fresh(made), by=other)
        wait_until_somebody_waits()
    assert isinstance(meanwhile.wait(), Correction)
    made = fresh(made)
    assert (made.first_approved_by, made.second_approved_by, made.status) == (one, other, "approved")
    assert Job.objects.filter(kind="verification.carry_correction").count() == 1
    with pytest.raises(Conflict):
        scene.approve(made, scene.others[2])


def test_one_who_approves_twice_at_once_is_counted_once(scene):
    made = scene.propose()
    with transaction.atomic():
        approve_correction(fresh(made), by=scene.others[0])
        meanwhile = Meanwhile(approve_correction, fresh(made), by=scene.others[0])
        wait_until_somebody_waits()
    assert isinstance(meanwhile.wait(), NotAllowed)
    assert fresh(made).second_approved_by is None


def test_rows_that_changed_since_the_proposal_stop_both_approvals_and_are_told(scene):
    made = scene.approve(scene.propose(), scene.others[0])
    undo(standings(scene.submission)[0], by=scene.decider_of(0))
    decide(standings(scene.submission)[0], by=scene.decider_of(0), status="TMS", reasons=["KTP_MISSING"])
    with pytest.raises(Conflict, match="1 dari 9 baris sudah berubah sejak diusulkan"):
        scene.approve(made, scene.others[1])
    refuse_correction(fresh(made), by=scene.others[1])
    made = fresh(made)
    assert (made.status, made.refused_by, CorrectionRow.objects.count()) == ("refused", scene.others[1], 0)
    with pytest.raises(Conflict):
        refuse_correction(made, by=scene.others[1])


def test_rows_that_changed_since_they_were_looked_at_are_not_proposed(scene):
    token = scene.look().token
    undo(standings(scene.submission)[0], by=scene.decider_of(0))
    with pytest.raises(Conflict, match="tadi 9, sekarang 8"):
        scene.propose(token=token)
    decide(standings(scene.submission)[0], by=scene.decider_of(0), status="TMS", reasons=["KTP_MISSING"])
    with pytest.raises(Conflict, match="tadi 9, sekarang 9"):
        scene.propose(token=token)


def test_rows_that_changed_after_the_approvals_are_passed_over(scene):
    made = scene.approved()
    undo(standings(scene.submission)[0], by=scene.decider_of(0))
    factories.work()
    made = fresh(made)
    assert (made.status, made.taken_back, made.passed_over) == ("done", 8, 1)
    assert scene.counts() == [9, 3, 0, 0]


@pytest.mark.parametrize(
    ("wanted", "more", "said"),
    [
        (Wanted(), {"token": "0-0"}, "Belum ada saringan, daftar, atau putusan"),
        (Wanted(finding="NOT_A_RULE"), {"token": "0-0"}, "tidak dikenal"),
        (NORTH, {"number": " "}, "Nomor surat belum diisi"),
        (NORTH, {"reason": ""}, "Alasan belum diisi"),
        (NORTH, {"dated": datetime.date(2199, 1, 1)}, "belum terjadi"),
        (NORTH, {"document": None}, "Dokumen surat belum dipilih"),
        (Wanted(status="BMS"), {}, "Tidak ada baris yang sudah diputus"),
    ],
)
def test_what_cannot_be_proposed_says_why_and_leaves_nothing(scene, wanted, more, said):
    with pytest.raises(Refused, match=said):
        scene.propose(wanted, **more)
    assert Correction.objects.count() == Attachment.objects.filter(name="putusan.pdf").count() == 0


def test_a_pair_that_has_withdrawn_is_not_corrected(scene):
    made = scene.propose()
    Pair.objects.update(status="withdrawn")
    with pytest.raises(Refused, match="telah mengundurkan diri"):
        scene.propose()
    with pytest.raises(Refused, match="telah mengundurkan diri"):
        scene.approve(made, scene.others[0])


def test_a_round_that_is_neither_in_verification_nor_closed_is_left_alone(scene):
    made = scene.propose()
    Submission.objects.filter(pk=scene.submission.pk).update(status="reopened")
    with pytest.raises(Conflict, match="tidak sedang diverifikasi dan belum selesai"):
        scene.approve(made, scene.others[0])


def test_others_have_no_part_in_it(scene):
    made = scene.propose()
    strangers = (factories.user("jauh", Role.KPU_REGENCY, 6471), scene.team[1], scene.people[0])
    for other in (*strangers, factories.user("bawaslu", Role.BAWASLU, 6474)):
        for act in (approve_correction, refuse_correction, resume_correction):
            with pytest.raises(Refused, match=r"di luar wilayah tugas|tidak mencakup"):
                act(fresh(made), by=other)
    assert fresh(made).first_approved_by is None


def test_one_whose_job_was_stopped_goes_on_even_where_the_round_was_closed(scene):
    made = scene.approved()
    with pytest.raises(Conflict, match="tidak sedang berhenti"):
        resume_correction(fresh(made), by=scene.office)
    cancel(fresh(made).job, by=scene.office)
    engine.move(scene.submission, "close", by=scene.office, result="MS")
    resume_correction(fresh(made), by=scene.office)
    factories.work()
    assert (fresh(made).status, scene.submission.status) == ("done", "in_review")
    assert Standing.objects.filter(vermin="unverified").count() == 9


def test_a_round_closed_again_has_its_next_result_beside_the_last(scene):
    first = close_round(scene.review_now(), by=scene.office)
    scene.approved(NORTH)
    with pytest.raises(Refused, match="1 koreksi yang disetujui belum selesai"):
        close_round(scene.review_now(), by=scene.office)
    factories.work()
    with pytest.raises(Refused, match="9 baris belum diputus"):
        close_round(scene.review_now(), by=scene.office)
    deal_rows(scene.review_now(), by=scene.office, people=[scene.people[0]])
    for standing in standings(scene.submission)[:9]:
        decide(standing, by=scene.people[0], status="MS")
    again = close_round(scene.review_now(), by=scene.office)
    kept = scene.review.results.order_by("version").values_list("version", "ms", "tms")
    assert list(kept) == [(1, 9, 3), (2, 12, 0)]
    assert (first.version, again.version, scene.submission.result) == (1, 2, again.outcome)


def replaced(scene, number, by):
    """A later row came in the place of this one."""
    origin, later = standings(scene.submission)[number], standings(scene.submission)[by]
    rounds = {"submission": scene.submission, "origin_round": scene.submission}
    told = {"origin_id": origin.pk, "support_id": later.pk, "named": True, "stands": True}
    Replacement.objects.create(**told, **rounds)


def test_rows_that_were_replaced_in_a_later_round_are_not_taken_back(scene):
    made, waiting = scene.propose(), scene.propose()
    scene.approve(made, *scene.others[:2])
    replaced(scene, 0, by=11)
    looked = scene.look()
    assert (looked.rows, looked.replaced) == (8, 1)
    with pytest.raises(Conflict, match="tadi 9, sekarang 8"):
        scene.propose(token=made.token)
    with pytest.raises(Conflict, match="1 dari 9 baris sudah berubah"):
        scene.approve(waiting, scene.others[0])
    factories.work()
    assert (fresh(made).taken_back, fresh(made).passed_over) == (8, 1)
