"""The pages, files and calls of a result: the office closes, the pair reads its own, nobody reads another pair's."""

import csv
import hashlib
import io
from datetime import timedelta

import pypdf
import pytest
from django.core import mail
from python_calamine import CalamineWorkbook

from candidates.operations import open_window
from candidates.queries import now
from foundation import sql
from foundation.accounts.matrix import Role
from supports.models import Submission
from tests import factories
from tests.supports.handing_in.teams import round_of
from tests.verification.results.made import AWAL, PERBAIKAN_1, accounted, bontang, made_round, set_status
from tests.verification.rounds import BONTANG, in_review, verifier
from tests.verification.test_api import client_of
from tests.verification.test_pages import browser, text_of
from verification.models import Review
from verification.results.closing import close_round
from verification.results.models import Result

pytestmark = pytest.mark.usefixtures("committed")


class Bontang:
    """Bontang after its first round: everything decided, and nobody has closed it."""

    def __init__(self):
        self.pair = bontang()
        self.office = factories.user("kpu", Role.KPU_REGENCY, BONTANG)
        self.submission = made_round(self.pair, "awal", AWAL, status="in_review")
        self.review = accounted(self.submission, self.office)
        self.address = f"/verifikasi/{self.submission.pk}/hasil/"

    def close(self):
        return close_round(Review.objects.get(pk=self.review.pk), by=self.office)


@pytest.fixture
def scene():
    return Bontang()


def call(who, method, path):
    return getattr(client_of(who), method)(f"/api/v1/{path}")


def test_office_sees_who_is_waited_for_and_cannot_close_before():
    team, office, _review = in_review(rule_set="pkpu8-2024")
    address = f"/verifikasi/{round_of(team).pk}/hasil/"
    page = browser(office).get(address)
    assert "4 baris belum diputus: 4 belum dibagi" in text_of(page)
    assert "Tutup putaran sekarang" not in text_of(page)
    told = browser(office).post(address, follow=True)
    assert "belum dapat ditutup. 4 baris belum diputus" in text_of(told)
    assert round_of(team).status == "in_review"


def test_office_closes_a_round_and_reads_what_it_came_to(scene):
    client = browser(scene.office)
    assert "Tutup putaran sekarang" in text_of(client.get(scene.address))
    page = text_of(client.post(scene.address, follow=True))
    assert "Putaran Awal ditutup dengan hasil BMS." in page
    for said in (
        "Hasil Awal: BMS, belum memenuhi syarat",
        "16.395 diserahkan = 10.011 MS + 1.324 BMS + 5.060 TMS + 0 belum diperiksa",
        "Diminta paling sedikit 13.160 MS: kurang 3.149.",
        "10.011 (sepuluh ribu sebelas)",
        "putaran Perbaikan Kesatu: jadwal belum ditetapkan",
        "Bontang Utara 7.600 4.700 600 2.300 0",
        Result.objects.get().sha256,
    ):
        assert said in page
    assert "Tutup putaran" not in page
    assert "Terakhir ditutup" in text_of(client.get("/verifikasi/"))


def test_the_time_to_mend_is_said_once_it_is_set(scene):
    moment = now()
    open_window(
        scene.pair.election,
        by=None,
        stage="perbaikan_1",
        kind="handing_in",
        opens_at=moment + timedelta(days=1),
        closes_at=moment + timedelta(days=5),
    )
    scene.close()
    for page in (scene.address, f"/pasangan/{scene.pair.pk}/hasil/", f"/pasangan/{scene.pair.pk}/"):
        assert "putaran Perbaikan Kesatu: masa penyerahan" in text_of(browser(scene.office).get(page))


def test_a_pair_reads_its_own_result_and_nobody_elses(scene):
    operator = factories.operator(scene.pair)
    other = factories.pair(scene.pair.election, name="Bayu Umpama – Kirana Andaikan")
    stranger = factories.operator(other, "operator-lain")
    own = f"/pasangan/{scene.pair.pk}/hasil/"
    assert "Belum ada putaran yang ditutup" in text_of(browser(operator).get(own))
    result = scene.close()
    page = text_of(browser(operator).get(own))
    assert "Hasil Awal: BMS" in page and "Putaran Awal" in page
    assert "Kurang 3.149 pendukung MS." in text_of(browser(operator).get(f"/pasangan/{scene.pair.pk}/"))
    files = [
        f"/hasil/{result.pk}/{name}" for name in ("berita-acara.pdf", "rekap.csv", "rekap.xlsx", "hasil.json")
    ]
    for address in files:
        assert browser(operator).get(address).status_code == 200
    for address in (own, *files):
        assert browser(stranger).get(address).status_code == 404
    assert browser(operator).get(scene.address).status_code == 403


@pytest.mark.parametrize(
    ("role", "reads", "office_page"),
    [
        (Role.BAWASLU, 200, 200),
        (Role.VERIFIER, 200, 200),
        (Role.PPS_HELPER, 403, 403),
        (Role.OBSERVER, 403, 403),
    ],
)
def test_who_watches_reads_and_closes_nothing(scene, role, reads, office_page):
    scope = 6474011001 if role == Role.PPS_HELPER else BONTANG
    client = browser(factories.user("lain", role, scope))
    assert client.get(f"/pasangan/{scene.pair.pk}/hasil/").status_code == reads
    page = client.get(scene.address)
    assert page.status_code == office_page
    assert "Tutup putaran sekarang" not in text_of(page)
    assert client.post(scene.address).status_code == 403
    assert not Result.objects.exists()


def test_versions_stand_beside_each_other_with_what_changed(scene):
    scene.close()
    Submission.objects.filter(pk=scene.submission.pk).update(status="in_review", result="")
    with_more = "UPDATE supports_standing SET vermin = 'MS' WHERE submission_id = %s AND vermin = 'BMS'"
    assert sql.execute(with_more, [scene.submission.pk]) == 1_324
    first, second = Result.objects.get(), scene.close()
    client = browser(scene.office)
    page = text_of(client.get(scene.address))
    assert "Versi 2" in page and "11.335 +1.324" in page and "0 −1.324" in page
    earlier = text_of(client.get(f"{scene.address}?hasil={first.pk}"))
    assert "Versi 1 · ditutup" in earlier and first.sha256 in earlier and second.sha256 not in earlier
    assert "jadwal belum ditetapkan" not in earlier


def test_a_result_says_when_what_it_was_reckoned_with_has_changed(scene):
    scene.close()
    repair = made_round(scene.pair, "perbaikan_1", PERBAIKAN_1, status="in_review")
    close_round(accounted(repair, scene.office), by=scene.office)
    address = f"/verifikasi/{repair.pk}/hasil/"
    page = text_of(browser(scene.office).get(address))
    assert "10.011 MS dari putaran Awal + 4.062 MS dari putaran ini = 14.073 MS." in page
    assert "Tahap berikutnya verifikasi faktual" in page and "sudah berubah" not in page
    set_status(scene.submission, "in_review")
    taken = (
        "UPDATE supports_standing SET vermin = 'TMS' WHERE submission_id = %s AND vermin = 'MS' AND area < %s"
    )
    assert sql.execute(taken, [scene.submission.pk, 6474020000]) == 4_700
    set_status(scene.submission, "closed")
    assert "dulu 10.011, sekarang 5.311" in text_of(browser(scene.office).get(address))


def test_recap_is_downloaded_as_csv_and_workbook(scene):
    result = scene.close()
    client = browser(scene.office)
    text = client.get(f"/hasil/{result.pk}/rekap.csv").content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert lines[0]["Kecamatan"] == "Bontang Utara" and lines[0]["Desa/kelurahan"] == "Bontang Kuala"
    assert [lines[0][name] for name in ("Diserahkan", "MS", "BMS", "TMS", "Belum diperiksa")] == [
        "7600", "4700", "600", "2300", "0",
    ]  # fmt: skip
    assert (lines[-1]["Desa/kelurahan"], lines[-1]["Diserahkan"]) == ("Jumlah", "16395")
    content = client.get(f"/hasil/{result.pk}/rekap.xlsx").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[1][4:] == [7600, 4700, 600, 2300, 0]


def test_minutes_say_the_result_the_sum_and_the_hash(scene):
    result = scene.close()
    answer = browser(scene.office).get(f"/hasil/{result.pk}/berita-acara.pdf")
    assert answer["Content-Type"] == "application/pdf"
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages]
    text = " ".join(" ".join(pages).split())
    assert "Nomor berita acara ...." in text.replace(" :", "").replace(": ", "")
    for said in (
        "MODEL BA.VERMIN.DUKUNGAN.KWK-KPU",
        "BUKAN FORMULIR RESMI",
        "sepuluh ribu sebelas",
        "kurang 3.149",
        "Bontang Kuala",
        "Bawaslu",
    ):
        assert said in text
    assert result.sha256 in text.replace(" ", "")


def test_the_number_of_the_minutes_is_given_with_the_closing_and_printed(scene):
    client = browser(scene.office)
    assert "Nomor berita acara (boleh dikosongkan)" in text_of(client.get(scene.address))
    refused = client.post(scene.address, {"minutes_number": "9" * 101})
    assert refused.status_code == 422
    assert "Nomor berita acara paling panjang 100 huruf" in text_of(refused)
    page = text_of(client.post(scene.address, {"minutes_number": " 88/PL.02.2-BA/6474/2024 "}, follow=True))
    assert "Nomor berita acara 88/PL.02.2-BA/6474/2024" in page
    result = Result.objects.get()
    printed = pypdf.PdfReader(io.BytesIO(client.get(f"/hasil/{result.pk}/berita-acara.pdf").content))
    assert "88/PL.02.2-BA/6474/2024" in printed.pages[0].extract_text()


def test_the_team_is_told_by_mail_what_is_missing(scene):
    told, silent = factories.operator(scene.pair), factories.user("lo", Role.LO, scene.pair)
    type(told).objects.filter(pk=told.pk).update(email="operator@contoh.test")
    assert not silent.email
    scene.close()
    factories.work()
    (letter,) = mail.outbox
    assert letter.to == ["operator@contoh.test"]
    for said in ("putaran Awal, sudah ditetapkan: BMS", "kurang 3.149", "jadwal belum ditetapkan"):
        assert said in letter.body
    assert f"/pasangan/{scene.pair.pk}/hasil/" in letter.body


def test_calls_close_list_and_answer_with_the_recap(scene):
    assert call(verifier(), "post", f"submissions/{scene.submission.pk}/review/close/").status_code == 403
    address = f"/api/v1/submissions/{scene.submission.pk}/review/close/"
    made = client_of(scene.office).post(address, {"minutes_number": "88/BA/2024"}, format="json")
    assert made.status_code == 201
    said = made.json()
    assert said["minutes_number"] == "88/BA/2024"
    assert (said["outcome"], said["submitted"], said["sum"]["missing"]) == ("BMS", 16_395, 3_149)
    assert said["recap"][0]["numbers"]["ms"] == 4_700
    again = call(scene.office, "post", f"submissions/{scene.submission.pk}/review/close/")
    assert (again.status_code, again.json()["code"]) == (409, "not_in_review")
    operator = factories.operator(scene.pair)
    listed = call(operator, "get", f"submissions/{scene.submission.pk}/results/").json()["results"]
    assert [(one["version"], one["sha256"]) for one in listed] == [(1, said["sha256"])]
    for text in (
        call(operator, "get", f"results/{said['id']}/text/"),
        browser(operator).get(f"/hasil/{said['id']}/hasil.json"),
    ):
        assert hashlib.sha256(text.content).hexdigest() == said["sha256"]
    stranger = factories.operator(factories.pair(scene.pair.election, name="Bayu – Kirana"), "lain")
    for path in (
        f"submissions/{scene.submission.pk}/results/",
        f"results/{said['id']}/",
        f"results/{said['id']}/text/",
    ):
        assert call(stranger, "get", path).status_code == 404


def test_a_call_that_cannot_close_names_each_reason():
    team, office, _review = in_review(rule_set="pkpu8-2024")
    answer = call(office, "post", f"submissions/{round_of(team).pk}/review/close/")
    assert (answer.status_code, answer.json()["code"]) == (422, "rows_undecided")
    assert [one["code"] for one in answer.json()["missing"]] == ["rows_undecided"]
