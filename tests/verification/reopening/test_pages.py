"""What pages and REST say of a reopened round: the office's, the team's, and the ruling that cannot be opened."""

import pytest

from candidates.queries import now
from supports.models import Submission, Upload
from tests.candidates.making import approve
from tests.factories import work
from tests.verification.reopening.making import Scene
from tests.verification.test_api import client_of
from tests.verification.test_pages import browser, text_of

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def scene():
    made = Scene()
    made.closed()
    return made


def test_office_and_team_read_that_the_round_is_reopened(scene):
    scene.rule(3, 4)
    work()
    office, team, pk = browser(scene.office), browser(scene.team[1]), scene.submission.pk
    said = text_of(office.get(f"/verifikasi/{pk}/"))
    assert "Putaran ini dibuka kembali berdasarkan putusan 7/PS.REG/2024: 2 baris yang sudah diputus" in said
    assert "hanya untuk baris yang disebut di dalamnya sampai" in said
    assert "Bagikan yang belum dibagi" not in said
    assert "Dibuka kembali" in text_of(office.get("/verifikasi/"))
    assert "2 baris dikembalikan kepada tim Selesai" in text_of(office.get(f"/verifikasi/{pk}/koreksi/"))
    rounds = text_of(team.get(f"/pasangan/{scene.pair.pk}/putaran/"))
    assert "2 baris berstatus “Belum diperiksa”; yang disebut dalam putusan dapat dibenahi" in rounds
    assert "5 diserahkan = 2 MS + 0 BMS + 1 TMS + 2 belum diperiksa" in rounds
    assert "BELUM diserahkan lagi" in text_of(team.get(f"/pasangan/{scene.pair.pk}/"))
    scene.edit(3, occupation="Petani")
    scene.verified_again()
    scene.deal()
    card = text_of(browser(scene.verifier).get(f"/verifikasi/{pk}/periksa/"))
    assert "dikembalikan kepada tim berdasarkan putusan 7/PS.REG/2024" in card


def test_rest_says_that_the_round_is_reopened(scene):
    scene.rule(3, 4)
    work()
    calls, pk = client_of(scene.office), scene.submission.pk
    assert calls.get(f"/api/v1/submissions/{pk}/").json()["status"] == "reopened"
    assert calls.get(f"/api/v1/submissions/{pk}/review/").json()["status"] == "reopened"
    (made,) = calls.get(f"/api/v1/submissions/{pk}/review/corrections/").json()["results"]
    assert (made["reopens"], made["taken_back"]) == (True, 2)


def test_a_ruling_that_comes_too_late_is_not_opened_by_page_or_rest(scene):
    ruling = scene.propose(3)
    for person in scene.approvers:
        ruling = approve(ruling, by=person)
    later = Submission.objects.get(pair=scene.pair, stage="perbaikan_1")
    Upload.objects.create(submission=later, name="perbaikan.csv", received_at=now())
    page = browser(scene.office).post(f"/putusan/{ruling.pk}/buka/", follow=True)
    assert "Putaran Perbaikan Kesatu sudah mulai diisi" in text_of(page)
    answer = client_of(scene.office).post(f"/api/v1/rulings/{ruling.pk}/open/")
    assert (answer.status_code, answer.json()["code"]) == (422, "later_round_begun")
    assert not ruling.windows.exists()
