"""Where the rules ask for a second reader, a status takes effect once two people have read the same."""

import re

import pytest

from candidates.models import RuleSet
from foundation.accounts.matrix import Role
from foundation.errors import Conflict, Refused
from foundation.workflow.models import Event
from supports.listing import Filter
from supports.models import Standing
from tests import factories
from tests.supports.handing_in.teams import round_of
from tests.supports.test_at_once import Meanwhile
from tests.supports.test_counts import check_everything
from tests.verification.rounds import BONTANG, held_by, in_review, standings, verifier
from tests.verification.test_api import client_of
from tests.verification.test_pages import browser, text_of
from verification.bulk import approve_bulk, preview_bulk, propose_bulk
from verification.dealing import deal_rows, take_back
from verification.deciding import decide, undo
from verification.models import Decision, SecondReading, Work
from verification.second_reading import take_disputed, take_second_readings

pytestmark = pytest.mark.usefixtures("committed")
WHY = ["KTP_MISSING"]


class Scene:
    """A round whose TMS needs two readers, every row dealt to the first of two verifiers."""

    def __init__(self):
        self.team, self.office, self.review = in_review(rule_set="pkpu8-2024")
        rules = self.submission.rule_set
        RuleSet.objects.filter(pk=rules.pk).update(body={**rules.body, "second_reader": ["TMS"]})
        self.first, self.second = verifier(), verifier("verifikator-2")
        self.review.submission = self.submission
        deal_rows(self.review, by=self.office, people=[self.first])

    @property
    def submission(self):
        return round_of(self.team)

    def row(self, number=0):
        return standings(self.submission)[number]

    def read(self, status="TMS", reasons=WHY, number=0):
        """The first verifier reads, and the second takes the row."""
        decide(self.row(number), by=self.first, status=status, reasons=reasons, note="lembar kosong")
        take_second_readings(self.review, by=self.second)

    def counts(self):
        check_everything(self.submission)
        return [Standing.objects.filter(vermin=one).count() for one in ("unverified", "MS", "BMS", "TMS")]


@pytest.fixture
def scene():
    return Scene()


def test_one_reading_decides_nothing_and_two_the_same_do(scene):
    decide(scene.row(), by=scene.first, status="TMS", reasons=WHY)
    assert scene.counts() == [4, 0, 0, 0]
    assert (len(held_by(scene.first)), SecondReading.objects.count()) == (3, 1)
    take_second_readings(scene.review, by=scene.second)
    decide(scene.row(), by=scene.second, status="TMS", reasons=["SIGNATURE_MISSING"])
    assert scene.counts() == [3, 0, 0, 1]
    kept = Decision.objects.order_by("pk").values_list("by", "after", "takes_effect")
    assert list(kept) == [(scene.first.pk, "TMS", False), (scene.second.pk, "TMS", True)]
    assert SecondReading.objects.count() == 0
    assert set(
        Event.objects.filter(name__in=["row_read", "vermin_fail"]).values_list("by_id", flat=True)
    ) == {
        scene.first.pk,
        scene.second.pk,
    }


def test_statuses_that_need_no_second_reader_take_effect_at_once(scene):
    decide(scene.row(), by=scene.first, status="MS")
    decide(scene.row(1), by=scene.first, status="BMS", reasons=WHY)
    assert scene.counts() == [2, 1, 1, 0]


def test_the_first_reader_is_never_the_second(scene):
    decide(scene.row(), by=scene.first, status="TMS", reasons=WHY)
    with pytest.raises(Refused, match="sudah Anda periksa dan menunggu orang lain"):
        decide(scene.row(), by=scene.first, status="TMS", reasons=WHY)
    with pytest.raises(Refused, match="Tidak ada baris yang menunggu pembacaan kedua"):
        take_second_readings(scene.review, by=scene.first)
    with pytest.raises(Refused, match=r"pernah memasukkan baris|tidak mencakup"):
        take_second_readings(scene.review, by=scene.team[1])
    take_back(scene.review, by=scene.office, person=scene.first)
    deal_rows(scene.review, by=scene.office, people=[scene.first])
    assert scene.row().pk not in held_by(scene.first)


def test_two_who_differ_leave_it_to_the_office(scene):
    scene.read()
    decide(scene.row(), by=scene.second, status="MS")
    assert scene.counts() == [4, 0, 0, 0]
    for reader in (scene.first, scene.second):
        with pytest.raises(Refused, match="tidak mencakup"):
            take_disputed(scene.review, by=reader)
    assert take_disputed(scene.review, by=scene.office) == 1
    decide(scene.row(), by=scene.office, status="TMS", reasons=WHY)
    assert scene.counts() == [3, 0, 0, 1]
    assert list(Decision.objects.order_by("pk").values_list("takes_effect", flat=True)) == [
        False,
        False,
        True,
    ]


def test_an_officer_who_read_it_does_not_settle_it(scene):
    take_back(scene.review, by=scene.office, person=scene.first)
    deal_rows(scene.review, by=scene.office, people=[scene.office])
    decide(scene.row(), by=scene.office, status="TMS", reasons=WHY)
    take_second_readings(scene.review, by=scene.second)
    decide(scene.row(), by=scene.second, status="MS")
    with pytest.raises(Refused, match="dua pembacaan berbeda"):
        take_disputed(scene.review, by=scene.office)
    other = factories.user("kpu-2", Role.KPU_REGENCY, BONTANG)
    assert take_disputed(scene.review, by=other) == 1


def test_a_reading_is_taken_back_until_somebody_holds_the_row(scene):
    decide(scene.row(), by=scene.first, status="TMS", reasons=WHY)
    with pytest.raises(Refused, match="dibuat orang lain"):
        undo(scene.row(), by=scene.second)
    undo(scene.row(), by=scene.first)
    assert (scene.row().pk in held_by(scene.first), SecondReading.objects.count()) == (True, 0)
    scene.read()
    with pytest.raises(Conflict, match="sudah diambil orang lain"):
        undo(scene.row(), by=scene.first)
    kept = Decision.objects.order_by("pk").values_list("after", "takes_effect")
    assert list(kept) == [("TMS", False), ("unverified", False), ("TMS", False)]


def test_undoing_what_two_read_waits_for_the_second_again(scene):
    scene.read()
    decide(scene.row(), by=scene.second, status="TMS", reasons=WHY)
    undo(scene.row(), by=scene.second)
    assert scene.counts() == [4, 0, 0, 0]
    assert scene.row().pk in held_by(scene.second)
    assert SecondReading.objects.get().first.by_id == scene.first.pk
    decide(scene.row(), by=scene.second, status="MS")
    assert SecondReading.objects.get().second.by_id == scene.second.pk


def test_a_bulk_decision_has_its_second_person_and_ends_the_waiting(scene):
    scene.read()
    token = preview_bulk(scene.submission, Filter(area=6474)).token
    made = propose_bulk(
        scene.review, Filter(area=6474), by=scene.office, status="TMS", reasons=WHY, token=token
    )
    approve_bulk(made, by=factories.user("kpu-2", Role.KPU_REGENCY, BONTANG))
    factories.work()
    assert scene.counts() == [0, 0, 0, 4]
    assert (SecondReading.objects.count(), Work.objects.count()) == (0, 0)


def test_two_people_who_take_at_once_take_each_row_once(scene):
    decide(scene.row(), by=scene.first, status="TMS", reasons=WHY)
    third = verifier("verifikator-3")
    other = Meanwhile(take_second_readings, scene.review, by=third)
    try:
        mine = take_second_readings(scene.review, by=scene.second)
    except Refused:
        mine = 0
    theirs = other.wait()
    assert [mine, theirs if isinstance(theirs, int) else 0].count(1) == 1
    assert Work.objects.filter(holder__in=[scene.second, third]).count() == 1


def test_pages_show_what_the_first_read_and_say_that_it_waits(scene):
    client, page = browser(scene.first), f"/verifikasi/{scene.submission.pk}/periksa/"
    row = scene.row()
    answer = client.post(
        f"/verifikasi/baris/{row.pk}/putuskan/",
        {"status": "TMS", "reasons": WHY, "note": "lembar kosong"},
        headers={"HX-Request": "true"},
    )
    assert "menunggu pembaca kedua" in text_of(answer)
    other = browser(scene.second)
    assert "Ambil untuk pembacaan kedua" in text_of(other.get(page))
    taken = other.post(f"/verifikasi/{scene.submission.pk}/kedua/", follow=True)
    assert f'data-card="{row.pk}"' in taken.content.decode()
    said = text_of(taken)
    assert "verifikator membaca TMS" in said
    assert re.search("Salinan KTP-el.*lembar kosong", said)
    other.post(f"/verifikasi/baris/{row.pk}/putuskan/", {"status": "MS"})
    office = browser(scene.office)
    review = f"/verifikasi/{scene.submission.pk}/"
    assert "1 baris dibaca berbeda oleh dua orang" in text_of(office.get(review))
    settled = office.post(f"{review}berbeda/", follow=True)
    assert "Keputusan Anda langsung berlaku" in text_of(settled)
    assert browser(scene.team[1]).post(f"{review}kedua/").status_code == 403


def test_rest_takes_second_readings_and_says_what_waits(scene):
    mine, other, office = client_of(scene.first), client_of(scene.second), client_of(scene.office)
    address = f"/api/v1/supports/{scene.row().pk}/decisions/"
    told = {"status": "TMS", "reasons": WHY}
    first, again = (mine.post(address, told, format="json") for _ in range(2))
    assert (first.status_code, first.json()["takes_effect"], again.status_code) == (201, False, 200)
    review = f"/api/v1/submissions/{scene.submission.pk}/review/"
    assert office.get(review).json()["second_reader"] == ["TMS"]
    assert other.post(f"{review}second-readings/").json() == {"rows": 1}
    assert other.post(address, {"status": "MS"}, format="json").json()["takes_effect"] is False
    assert office.get(review).json()["disputed"] == 1
    assert other.post(f"{review}second-readings/", {"rows": "disputed"}, format="json").status_code == 403
    assert office.post(f"{review}second-readings/", {"rows": "disputed"}, format="json").json() == {"rows": 1}
