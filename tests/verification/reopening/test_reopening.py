"""A ruling names rows of a closed round: the team mends them, and they are verified anew beside the others."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from candidates.models import Window
from candidates.operations import open_by_ruling
from candidates.queries import now
from foundation import sql
from foundation.errors import Conflict, Refused
from foundation.jobs.models import Job
from foundation.workflow.models import Event
from supports.handing_in.hashing import root_now
from supports.handing_in.operations import redraft
from supports.handing_in.receipts import receipt_of
from supports.handing_in.sweep import sweep_rounds
from supports.listing import Filter
from supports.models import Submission, Upload
from supports.reopening import open_ruling
from supports.rows import add_supports, remove_support
from supports.rules import COMMISSION
from tests import factories
from tests.candidates.making import approve
from tests.factories import work
from tests.supports.handing_in.teams import close_windows, handed_in
from tests.supports.mended import report_of, written
from tests.supports.test_reopening import refusal_of
from tests.verification.reopening.making import FIRST, Scene, end_windows
from tests.verification.rounds import receive, standings
from verification.bulk import preview_bulk, propose_bulk
from verification.corrections.models import Correction
from verification.duplicates.models import Grouping
from verification.models import BulkRow, Decision, Work
from verification.reopening.operations import reopen_round
from verification.reopening.sweep import sweep_reopenings

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def scene():
    return Scene()


def test_a_closed_round_goes_to_the_team_and_comes_back_as_version_two(scene):
    first = scene.closed()
    assert (first.version, first.outcome, first.ms) == (1, "BMS", 2)
    assert scene.rounds() == ["awal", "perbaikan_1"]
    ruling = scene.rule(3, 4)
    assert (scene.submission.status, scene.submission.result) == ("reopened", "")
    assert scene.rounds() == ["awal"]  # nobody had touched the next one
    work()
    assert scene.stands() == ["MS", "MS", "unverified", "unverified", "TMS"]
    with pytest.raises(Conflict, match="tidak ada yang dibuka kembali"):
        reopen_round(ruling)
    made = Correction.objects.get()
    assert (made.ruling, made.status, made.taken_back, made.stood) == (ruling, "done", 2, {"BMS": 2})
    again = Decision.objects.filter(correction=made)
    assert {(one.before, one.after) for one in again} == {("BMS", "unverified")}

    scene.edit(3, name="Nama Sesuai KTP")
    scene.edit(4, occupation="Petani")
    for person in (1, 5):
        assert refusal_of(scene.edit, person, name="Nama Lain")[0] == "outside_the_ruling"
    scene.verified_again()
    assert scene.review.pk == first.review_id
    assert Event.objects.filter(name="submission_review").latest("pk").data == {
        "again": True,
        "status": "in_review",
    }
    assert not Work.objects.exists()
    scene.deal()
    scene.decide(["MS", "MS"])
    second = scene.close()
    assert (second.version, second.outcome, second.submitted, second.ms, second.tms) == (2, "MS", 5, 4, 1)
    assert [one.version for one in scene.review.results.order_by("version")] == [1, 2]
    assert [one.vermin for one in standings(scene.submission)] == ["MS", "MS", "MS", "MS", "TMS"]
    sweep_reopenings()
    assert scene.submission.status == "closed"  # a ruling reopens a round once


def test_rows_of_named_uploads_come_back_mended_in_a_file(scene):
    scene.closed()
    upload = scene.submission.uploads.get()
    scene.rule(covers="named", upload_ids=[upload.pk])
    work()
    assert scene.stands() == ["unverified"] * 5
    lines = report_of(upload, scene.team[1])
    factories.loaded(*scene.team, written(lines[:2]), "benah.csv")
    assert scene.stands() == ["unverified"] * 5
    assert refusal_of(factories.upload, *scene.team, [factories.person(9)], "baru.csv") is None
    scene.verified_again()
    assert (scene.submission.status, scene.review.rows) == ("in_review", 5)


REFUSED = r"changes only while|stays in its round"
OF_THE_REST = {
    "a decided row goes": "DELETE FROM supports_standing WHERE submission_id = %(round)s AND vermin = 'MS'",
    "another decision": "UPDATE supports_standing SET vermin = 'TMS' WHERE submission_id = %(round)s AND vermin = 'MS'",
    "a row that is not named": "UPDATE supports_standing SET vermin = 'unverified'"
    " WHERE submission_id = %(round)s AND vermin = 'TMS'",
    "an area": "UPDATE supports_standing SET area = 6474011002 WHERE submission_id = %(round)s AND vermin = 'TMS'",
    "a decision about what is mended": "UPDATE supports_standing SET vermin = 'MS'"
    " WHERE submission_id = %(round)s AND vermin = 'unverified'",
}


def test_what_is_not_named_stays_whoever_writes(scene):
    scene.closed()
    # Everybody's time goes on: it opens nothing in a round that a ruling has reopened.
    Window.objects.update(closes_at=now() + timedelta(days=1))
    scene.rule(3, 4)
    assert refusal_of(scene.edit, 3, name="Nama Lain")[0] == "row_decided"  # the job has not come to it
    before = scene.stands()
    assert before == list(FIRST)
    work()
    for person in (1, 5):
        row = scene.row(person)
        assert refusal_of(scene.edit, person, name="Nama Lain")[0] == "outside_the_ruling"
        removing = refusal_of(remove_support, row, by=scene.team[1], revision=row.revision)
        assert removing[0] == "outside_the_ruling"
    adding = refusal_of(add_supports, scene.pair, by=scene.team[1], rows=[factories.person(9)])
    assert adding[0] == "outside_the_ruling"
    lines = report_of(scene.submission.uploads.get(), scene.team[1])
    upload = factories.upload(*scene.team, written(lines), "semua.csv")
    work()
    upload.refresh_from_db()
    assert (upload.status, upload.error_code) == ("failed", "outside_the_ruling")
    for change in OF_THE_REST.values():
        with (
            pytest.raises(IntegrityError, match=REFUSED),
            transaction.atomic(),
        ):
            sql.execute(change, {"round": scene.submission.pk})
    assert scene.stands() == ["MS", "MS", "unverified", "unverified", "TMS"]


def test_what_waits_in_the_verification_ends_and_says_so(scene):
    scene.deal()
    scene.decide(FIRST[:3])
    wanted = Filter(area=647401, audience=COMMISSION)
    token = preview_bulk(scene.submission, wanted).token
    bulk = propose_bulk(scene.review_now(), wanted, by=scene.office, status="MS", token=token)
    close_windows()
    work()
    assert Grouping.objects.get().found_at
    scene.rule(1, 5)
    work()
    bulk.refresh_from_db()
    assert (bulk.status, bulk.ruled_by, BulkRow.objects.count(), Work.objects.count()) == (
        "refused",
        None,
        0,
        0,
    )
    assert Event.objects.get(name="bulk_refuse").by_id is None
    told = Event.objects.get(name="submission_reopen").data
    assert (told["rows"], told["rows_given_back"], told["bulks_ended"]) == (1, 2, 1)
    assert Grouping.objects.get().found_at is None
    assert scene.stands() == ["unverified", "MS", "BMS", "unverified", "unverified"]
    with pytest.raises(Refused, match="tidak sedang diverifikasi"):
        scene.deal()
    scene.verified_again()
    work()
    assert Grouping.objects.get().found_at


def test_a_round_behind_which_another_was_begun_stays_closed(scene):
    scene.closed()
    ruling = scene.propose(3)
    for person in scene.approvers:
        ruling = approve(ruling, by=person)
    later = Submission.objects.get(pair=scene.pair, stage="perbaikan_1")
    Upload.objects.create(submission=later, name="perbaikan.csv", received_at=now())
    for call in (partial(open_ruling, ruling, by=None), partial(scene.propose, 4)):
        with pytest.raises(
            Refused, match="Putaran Perbaikan Kesatu sudah mulai diisi, sehingga putaran Awal tidak"
        ):
            call()
    open_by_ruling(ruling, by=None)
    sweep_reopenings()
    assert (scene.submission.status, Correction.objects.count()) == ("closed", 0)


def test_a_round_that_is_not_handed_in_again_goes_back_to_its_verification(scene):
    scene.closed()
    scene.rule(3, 4)
    work()
    first = receipt_of(scene.submission)
    sweep_reopenings()
    assert not Job.objects.filter(kind="verification.resume_round").exists()  # there is time
    end_windows()
    sweep_rounds()
    sweep_reopenings()
    sweep_reopenings()
    assert Job.objects.filter(kind="verification.resume_round").count() == 1
    work()
    assert scene.submission.status == "in_review"
    assert receipt_of(scene.submission) == first  # nothing was changed
    assert scene.stands() == ["MS", "MS", "unverified", "unverified", "TMS"]
    scene.deal()
    scene.decide(["BMS", "MS"])
    assert (scene.close().version, scene.submission.result) == (2, "MS")


def test_what_was_mended_and_not_handed_in_stands_under_a_receipt_of_its_own(scene):
    scene.closed()
    scene.rule(3, 4)
    work()
    row = scene.row(3)
    remove_support(row, by=scene.team[1], revision=row.revision)
    scene.edit(4, occupation="Nelayan")
    handed_in(scene.team)
    receive(scene.team, scene.office, "returned", reasons="Satu pendukung hilang.")
    redraft(scene.submission, by=scene.team[1])
    assert scene.submission.status == "reopened"
    scene.edit(4, occupation="Petani")
    before = receipt_of(scene.submission)
    end_windows()
    sweep_reopenings()
    work()
    last = receipt_of(scene.submission)
    assert (scene.submission.status, before.body["rows"], last.body["rows"]) == ("in_review", 4, 4)
    assert last.body["root"] == root_now(scene.submission).root != before.body["root"]
    assert last.hand_in.requested_by in (scene.office, *scene.approvers)
    scene.deal()
    scene.decide(["MS"])
    result = scene.close()
    assert (result.version, result.submitted, result.body["receipt"]) == (2, 4, last.number)
