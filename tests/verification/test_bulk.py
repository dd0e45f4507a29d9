"""Many rows by one decision: exactly those that were looked at, by a second person, and undone as a whole."""

import pytest
from django.db import transaction

from foundation.accounts.matrix import Role
from foundation.errors import Conflict, Refused
from foundation.jobs.models import Job
from foundation.workflow.models import Event
from supports.listing import Filter, matching
from supports.models import Standing
from tests import factories
from tests.supports.handing_in.teams import SOUTH, round_of
from tests.supports.holding import held_at, wait_until_somebody_waits
from tests.supports.test_at_once import Meanwhile
from tests.supports.test_counts import check_everything
from tests.verification.rounds import BONTANG, held_by, in_review, standings, verifier
from verification import bulk, carrying
from verification.dealing import deal_rows
from verification.deciding import decide, undo
from verification.models import Bulk, BulkRow, Decision
from verification.parts import parts

pytestmark = pytest.mark.usefixtures("committed")

ROWS = [
    *(factories.person(at) for at in range(10)),
    *(factories.person(at, birth_date="01-01-2020", marital="Belum kawin") for at in range(20, 24)),
    *(factories.person(at, **SOUTH) for at in range(30, 33)),
]
YOUNG = Filter(finding="UNDER_AGE")
SOUTHERN = Filter(area=647402)


class Scene:
    """A round in verification, dealt to one person, and two officers."""

    def __init__(self):
        self.team, self.office, self.review = in_review(ROWS, rule_set="pkpu8-2024")
        self.second = factories.user("kpu-2", Role.KPU_REGENCY, BONTANG)
        self.person = verifier()
        deal_rows(self.review, by=self.office, people=[self.person])

    @property
    def submission(self):
        return round_of(self.team)

    def propose(self, wanted=YOUNG, status="TMS", reasons=("UNDER_AGE",), **more):
        token = bulk.preview_bulk(self.submission, wanted).token
        asked = {"by": self.office, "status": status, "reasons": reasons, "token": token} | more
        return bulk.propose_bulk(self.review, wanted, **asked)

    def approved(self, **more):
        found = self.propose(**more)
        bulk.approve_bulk(found, by=self.second)
        return found

    def proposed_rows(self):
        """The ids of the four that are too young."""
        return list(matching(self.submission, YOUNG).values_list("support_id", flat=True))

    def counts(self):
        check_everything(self.submission)
        return [Standing.objects.filter(vermin=one).count() for one in ("unverified", "MS", "BMS", "TMS")]


@pytest.fixture
def scene():
    return Scene()


def test_preview_says_how_many_and_shows_some(scene):
    decide(standings(scene.submission)[10], by=scene.person, status="MS")
    seen = bulk.preview_bulk(scene.submission, YOUNG)
    assert (seen.waiting, seen.others, len(seen.examples)) == (3, {"MS": 1}, 3)
    assert bulk.preview_bulk(scene.submission, Filter(area=6474)).waiting == 16
    assert len(bulk.preview_bulk(scene.submission, Filter(area=6474)).examples) == 10


def test_second_person_approves_and_a_job_decides_every_row(scene):
    made = scene.propose()
    assert scene.counts() == [17, 0, 0, 0]
    with pytest.raises(Refused, match="harus disetujui orang lain"):
        bulk.approve_bulk(made, by=scene.office)
    bulk.approve_bulk(made, by=scene.second)
    factories.work()
    made.refresh_from_db()
    assert (made.status, made.decided, made.passed_over, made.job.state) == ("done", 4, 0, "done")
    assert scene.counts() == [13, 0, 0, 4]
    assert set(Decision.objects.values_list("after", "by", "bulk")) == {("TMS", scene.office.pk, made.pk)}
    assert len(held_by(scene.person)) == 13
    assert BulkRow.objects.count() == 0
    told = Event.objects.get(name="bulk_approve")
    assert (told.by_id, told.data["rows"], told.data["digest"]) == (scene.second.pk, 4, made.token)


def test_undone_as_a_whole_but_for_what_somebody_decided_anew(scene):
    made = scene.approved(wanted=SOUTHERN, status="MS", reasons=())
    factories.work()
    again = standings(scene.submission)[-1]
    undo(again, by=scene.office)
    decide(standings(scene.submission)[-1], by=scene.office, status="TMS", reasons=["KTP_MISSING"])
    made.refresh_from_db()
    bulk.undo_bulk(made, by=scene.second)
    factories.work()
    made.refresh_from_db()
    assert (made.status, made.taken_back) == ("undone", 2)
    assert scene.counts() == [16, 0, 0, 1]
    with pytest.raises(Conflict):
        bulk.undo_bulk(made, by=scene.second)


def test_rows_decided_since_the_proposal_stop_its_approval_and_are_told(scene):
    made = scene.propose()
    decide(standings(scene.submission)[10], by=scene.person, status="MS")
    with pytest.raises(Conflict, match="1 dari 4 baris sudah diputus"):
        bulk.approve_bulk(made, by=scene.second)
    assert Bulk.objects.get().status == "proposed"
    bulk.refuse_bulk(made, by=scene.second)
    assert (Bulk.objects.get().status, BulkRow.objects.count()) == ("refused", 0)


def test_rows_decided_after_the_approval_are_passed_over(scene):
    made = scene.approved()
    decide(standings(scene.submission)[10], by=scene.person, status="MS")
    factories.work()
    made.refresh_from_db()
    assert (made.status, made.decided, made.passed_over) == ("done", 3, 1)
    assert scene.counts() == [13, 1, 0, 3]


def test_rows_that_changed_since_they_were_looked_at_are_not_proposed(scene):
    token = bulk.preview_bulk(scene.submission, YOUNG).token
    decide(standings(scene.submission)[10], by=scene.person, status="MS")
    with pytest.raises(Conflict, match="tadi 4, sekarang 3"):
        scene.propose(token=token)
    assert Bulk.objects.count() == 0


@pytest.mark.parametrize(
    ("wanted", "more", "said"),
    [
        (Filter(), {}, "Belum ada saringan"),
        (Filter(finding="NOT_A_RULE"), {}, "tidak dikenal"),
        (YOUNG, {"reasons": ()}, "sedikitnya satu alasan"),
        (YOUNG, {"status": "unverified"}, "tidak mengenal status"),
        (Filter(finding="NIK_LENGTH"), {}, "Tidak ada baris yang menunggu"),
    ],
)
def test_what_cannot_be_proposed_says_why(scene, wanted, more, said):
    with pytest.raises(Refused, match=said):
        scene.propose(wanted, **more)
    assert Bulk.objects.count() == 0


def test_offices_elsewhere_and_teams_have_no_part_in_it(scene):
    made = scene.propose()
    for other in (factories.user("jauh", Role.KPU_REGENCY, 6471), scene.team[1], scene.person):
        for act in (bulk.approve_bulk, bulk.refuse_bulk, bulk.undo_bulk):
            with pytest.raises(Refused, match=r"di luar wilayah tugas|tidak mencakup"):
                act(made, by=other)
    assert Bulk.objects.get().status == "proposed"


def test_rows_go_village_after_village(monkeypatch):
    monkeypatch.setattr("verification.parts.PART", 2)
    rows = [factories.person(at, **(SOUTH if at % 2 else {})) for at in range(7)]
    team, _office, _review = in_review(rows, rule_set="pkpu8-2024")
    found = list(Standing.objects.order_by("area", "support_id").values_list("support_id", flat=True))
    assert found != sorted(found)
    gone = list(parts(round_of(team), Standing.objects.exclude(pk=found[3])))
    assert gone == [found[:2], [found[2], found[4]], found[5:]]


def test_a_row_decided_while_the_rows_are_written_down_stops_the_proposal(scene):
    decided = Standing.objects.get(pk=scene.proposed_rows()[0])
    with held_at("LOCK TABLE verification_bulk IN SHARE MODE"):
        proposing = Meanwhile(scene.propose)
        wait_until_somebody_waits()
        decide(decided, by=scene.person, status="TMS", reasons=["UNDER_AGE"])
    with pytest.raises(Conflict, match="tadi 4, sekarang 3"):
        raise proposing.wait()
    assert (Bulk.objects.count(), BulkRow.objects.count()) == (0, 0)


def test_a_bulk_decision_goes_village_after_village(monkeypatch):
    monkeypatch.setattr("verification.parts.PART", 1)
    rows = [factories.person(at, **(SOUTH if at % 2 else {})) for at in range(7)]
    team, office, review = in_review(rows, rule_set="pkpu8-2024")
    wanted = Filter(area=6474)
    token = bulk.preview_bulk(round_of(team), wanted).token
    made = bulk.propose_bulk(review, wanted, by=office, status="MS", token=token)
    bulk.approve_bulk(made, by=factories.user("kpu-2", Role.KPU_REGENCY, BONTANG))
    factories.work()
    decided = list(Decision.objects.order_by("id").values_list("support_id", flat=True))
    standings = Standing.objects.filter(pk__in=decided).order_by("area", "support_id")
    assert decided == list(standings.values_list("support_id", flat=True))
    assert decided != sorted(decided)


def test_a_job_that_was_stopped_goes_on_where_it_stopped(scene, monkeypatch):
    monkeypatch.setattr("verification.parts.PART", 2)
    made = scene.approved()
    job = Job.objects.get(kind=bulk.CARRY)

    class Stopped(Exception):
        """The worker's end."""

    class OnePart:
        """As the runner gives it, and gone after the first part."""

        def __init__(self):
            self.job, self.parts = job, 0

        def progress(self, *_told):
            if self.parts:
                raise Stopped

        def part(self):
            self.parts += 1
            return transaction.atomic()

    with pytest.raises(Stopped):
        carrying.carry(OnePart())
    assert scene.counts() == [15, 0, 0, 2]
    factories.work()
    made.refresh_from_db()
    assert (made.status, made.decided, Decision.objects.count()) == ("done", 4, 4)
    assert scene.counts() == [13, 0, 0, 4]
