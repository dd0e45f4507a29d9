"""An office receives a round: counts, decides once, and both sides read the same minutes."""

import io
from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from pypdf import PdfReader

from foundation.accounts.matrix import Role
from foundation.errors import Conflict, Refused
from foundation.workflow.models import Event
from supports.handing_in.operations import redraft
from supports.handing_in.receipts import receipt_of
from supports.models import Reception
from supports.receiving.operations import Counted, receive_round
from tests.factories import operator, pair, user
from tests.supports.calling import client_of
from tests.supports.handing_in.teams import handed_in, ready_team, round_of

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def team():
    made = ready_team()
    handed_in(made)
    return made


@pytest.fixture
def office(team):
    return user("kpu", Role.KPU_REGENCY, 6474)


def lines(receipt, **changed):
    """What the receipt says, claimed and counted alike; ``changed`` counts by area name."""
    return [
        Counted(one["code"], one["rows"], changed.get(one["name"].split()[-1], one["rows"]))
        for one in receipt.body["by_area"]
    ]


def decide(team, office, decision="accepted", **more):
    receipt = receipt_of(round_of(team))
    asked = {"minutes_number": "BA-1/PL.02/2024", "areas": lines(receipt), "reasons": ""} | more
    return receive_round(receipt, by=office, decision=decision, **asked)


def browser(who):
    client = Client()
    client.force_login(who)
    return client


def test_an_accepted_round_keeps_the_three_numbers_of_each_area(team, office):
    found = decide(team, office)
    assert (round_of(team).status, found.counted, found.claimed) == ("accepted", 4, 4)
    told = Event.objects.get(name="submission_accept")
    assert (told.by_id, told.data["minutes"]) == (office.pk, "BA-1/PL.02/2024")


def test_completion_lasts_three_times_twenty_four_hours(team, office):
    found = decide(team, office, "completing")
    assert round_of(team).status == "completing"
    assert found.completes_until - found.decided_at == timedelta(hours=72)


def test_a_returned_round_says_why_and_can_be_filled_again(team, office):
    decide(team, office, "returned", reasons="Formulir B.PENYERAHAN belum ditandatangani.")
    submission = round_of(team)
    assert submission.status == "returned"
    page = browser(team[1]).get(f"/tanda-terima/{receipt_of(submission).pk}/").content.decode()
    assert "Formulir B.PENYERAHAN belum ditandatangani." in page
    desk = browser(team[1]).get(f"/pasangan/{team[0].pk}/").content.decode()
    assert "Dikembalikan oleh KPU, BELUM diserahkan kembali" in desk
    redraft(submission, by=team[1])
    assert round_of(team).status == "draft"


@pytest.mark.parametrize(
    ("decision", "more", "code"),
    [
        ("approved", {}, "decision_unknown"),
        ("accepted", {"minutes_number": "  "}, "minutes_without_number"),
        ("returned", {}, "return_without_reasons"),
        ("accepted", {"areas": []}, "areas_do_not_fit"),
    ],
)
def test_what_is_incomplete_is_refused_and_changes_nothing(team, office, decision, more, code):
    with pytest.raises(Refused) as refused:
        decide(team, office, decision, **more)
    assert refused.value.code == code
    assert (round_of(team).status, Reception.objects.count()) == ("submitted", 0)


def test_what_is_short_on_paper_is_not_accepted(team, office):
    receipt = receipt_of(round_of(team))
    with pytest.raises(Refused) as refused:
        decide(team, office, areas=lines(receipt, Selatan=0), reasons="Tanpa salinan KTP-el.")
    assert refused.value.code == "paper_short"
    assert "kurang dari yang diminta: 3 di 2 wilayah" in refused.value.message


def test_a_difference_between_paper_and_silon_is_explained(team, office):
    receipt = receipt_of(round_of(team))
    fewer = lines(receipt, Utara=2)
    with pytest.raises(Refused) as refused:
        decide(team, office, areas=fewer)
    assert refused.value.code == "difference_without_reasons"
    assert decide(team, office, areas=fewer, reasons="Satu pernyataan tanpa tanda tangan.").counted == 3


def test_more_than_was_claimed_cannot_be_counted(team, office):
    receipt = receipt_of(round_of(team))
    more = [Counted(one.code, one.claimed, one.claimed + 1) for one in lines(receipt)]
    with pytest.raises(Refused) as refused:
        decide(team, office, areas=more)
    assert refused.value.code == "count_impossible"


def test_it_is_decided_once_and_nobody_rewrites_it(team, office):
    found = decide(team, office)
    with pytest.raises(Conflict):
        decide(team, office, "returned", reasons="Terlambat dibaca.")
    with pytest.raises(ProgrammingError), transaction.atomic():
        Reception.objects.filter(pk=found.pk).update(reasons="lain")
    assert round_of(team).status == "accepted"


def test_another_office_and_the_team_itself_do_not_decide(team, office):
    receipt = receipt_of(round_of(team))
    address = f"/tanda-terima/{receipt.pk}/penerimaan/"
    assert browser(team[1]).get(address).status_code == 403
    assert browser(user("samarinda", Role.KPU_REGENCY, 6472)).get(address).status_code == 404
    with pytest.raises(Refused) as refused:
        decide(team, user("balikpapan", Role.KPU_REGENCY, 6471))
    assert refused.value.code == "outside_your_region"


def test_the_office_decides_on_a_page_and_both_sides_read_the_minutes(team, office):
    receipt = receipt_of(round_of(team))
    address = f"/tanda-terima/{receipt.pk}/penerimaan/"
    client = browser(office)
    pages = (f"/tanda-terima/{receipt.pk}/", f"/pasangan/{team[0].pk}/")
    assert "1 penyerahan menunggu keputusan KPU." in client.get("/wilayah/").content.decode()
    for page in pages:
        assert "Hitung dan putuskan" in client.get(page).content.decode()
        assert "Hitung dan putuskan" not in browser(team[1]).get(page).content.decode()
    form = {"minutes_number": "BA-7/2024", "decision": "completing", "reasons": ""}
    for one in receipt.body["by_area"]:
        form |= {f"claimed_{one['code']}": str(one["rows"]), f"counted_{one['code']}": str(one["rows"])}
    wrong = client.post(address, form | {"minutes_number": ""})
    assert (wrong.status_code, Reception.objects.count()) == (422, 0)
    assert "Nomor berita acara belum diisi." in wrong.content.decode()
    assert client.post(address, form).status_code == 302
    assert all("Hitung dan putuskan" not in client.get(page).content.decode() for page in pages)
    desk = browser(team[1]).get(pages[1]).content.decode()
    assert "Sudah diserahkan: Diterima dengan pelengkapan" in desk
    assert "Unggah berkas" not in desk
    paper = browser(team[1]).get(f"/tanda-terima/{receipt.pk}/berita-acara.pdf")
    text = PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert "BA-7/2024" in text
    assert receipt.body["root"][:16] in text.replace("\n", "")
    stranger = operator(pair(receipt.election, "Bayu Umpama – Kirana Andaikan"), "operator2")
    assert browser(stranger).get(f"/tanda-terima/{receipt.pk}/berita-acara.pdf").status_code == 404


def test_programs_decide_alike(team, office):
    receipt = receipt_of(round_of(team))
    address = f"/api/v1/submissions/{receipt.hand_in.submission_id}/reception/"
    assert client_of(team[1]).get(address).status_code == 404
    areas = [{"code": one.code, "claimed": one.claimed, "counted": one.counted} for one in lines(receipt)]
    asked = {"decision": "accepted", "minutes_number": "BA-9", "areas": areas}
    answer = client_of(office).post(address, asked, format="json")
    assert (answer.status_code, answer.json()["decision"]) == (201, "accepted")
    assert client_of(office).post(address, asked, format="json").status_code == 409
    assert client_of(team[1]).get(address).json()["root"] == receipt.body["root"]
