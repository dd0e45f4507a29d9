"""The pages of corrections and their calls: an office looks and proposes, two others approve, Bawaslu reads."""

import io
import re

import pytest

from foundation.accounts.matrix import Role
from foundation.readings.kinds import Kind
from foundation.readings.models import Reading
from supports.models import Standing
from tests import factories
from tests.candidates.making import letter_file
from tests.verification.corrections.making import Scene
from tests.verification.test_api import client_of
from tests.verification.test_pages import browser, text_of
from verification.corrections.models import Correction

pytestmark = pytest.mark.usefixtures("committed")
TOLD = {"number": "112/PY.02.1-BA/2024", "dated": "01-08-2024", "reason": "Hasil mediasi."}


@pytest.fixture
def scene():
    return Scene()


def test_from_the_first_look_to_the_rows_that_wait_again(scene):
    office, (second, third, _fourth) = browser(scene.office), [browser(one) for one in scene.others]
    page = f"/verifikasi/{scene.submission.pk}/koreksi/"
    assert "Belum ada koreksi" in text_of(office.get(page))
    form = f"{page}usul/"
    nothing = office.post(form, {"check": "1"})
    assert (nothing.status_code, "Belum ada saringan" in text_of(nothing)) == (422, True)
    looked = office.post(form, {"check": "1", "area": "647401", "rows": ""})
    said = text_of(looked)
    assert looked.status_code == 200
    assert "9 baris akan diperiksa lagi" in said
    assert "9 contoh" in said
    token = re.search(r'name="token" value="([^"]+)"', looked.content.decode())[1]
    chosen = {"area": "647401", "token": token, **TOLD}
    without = office.post(form, chosen)
    assert (without.status_code, Correction.objects.count()) == (422, 0)
    done = office.post(form, {**chosen, "letter": letter_file("Berita acara", "ba.pdf")}, follow=True)
    assert "Koreksi diusulkan" in text_of(done)
    assert "9 baris diperiksa lagi Menunggu dua persetujuan" in text_of(done)
    pk = Correction.objects.get().pk
    assert "harus disetujui dua orang lain" in text_of(office.post(f"/koreksi/{pk}/setujui/", follow=True))
    assert ("Tarik usulan" in text_of(done), "Setujui" in text_of(done)) == (True, False)
    assert "Setujui" in text_of(second.get(page))
    approved = text_of(second.post(f"/koreksi/{pk}/setujui/", follow=True))
    assert "Setujui sebagai orang kedua" not in approved
    assert 'hx-trigger="every 2s"' in third.post(f"/koreksi/{pk}/setujui/", follow=True).content.decode()
    factories.work()
    ended = office.get(page, headers={"HX-Request": "true"})
    assert ended.status_code == 286
    assert "9 dari 9 baris kembali menjadi belum diperiksa" in text_of(ended)
    assert Standing.objects.filter(vermin="unverified").count() == 9


def test_a_list_is_looked_at_and_never_shown_again(scene):
    nik = factories.person(0)["nik"]
    looked = browser(scene.office).post(
        f"/verifikasi/{scene.submission.pk}/koreksi/usul/", {"check": "1", "rows": nik}
    )
    assert "Daftar: 1 baris, 1 ditemukan, 0 tidak ditemukan" in text_of(looked)
    assert "1 baris akan diperiksa lagi" in text_of(looked)
    assert Reading.objects.get(kind=Kind.SEARCH).rows == 1


def test_bawaslu_reads_it_and_its_letter_and_teams_and_strangers_do_not(scene):
    made = scene.propose()
    page, letter = f"/verifikasi/{scene.submission.pk}/koreksi/", f"/koreksi/{made.pk}/surat/"
    watcher = browser(factories.user("bawaslu", Role.BAWASLU, 6474))
    said = text_of(watcher.get(page))
    assert "112/PY.02.1-BA/2024" in said
    assert "Setujui" not in said
    assert watcher.get(letter).getvalue().startswith(b"%PDF")
    assert Reading.objects.get(kind=Kind.DOCUMENT).filter == {"document": "correction", "of": made.pk}
    assert watcher.get(f"{page}usul/").status_code == 403
    assert watcher.post(f"/koreksi/{made.pk}/setujui/").status_code == 403
    assert browser(scene.team[1]).get(page).status_code == 403
    far = browser(factories.user("jauh", Role.KPU_REGENCY, 6471))
    assert [far.get(path).status_code for path in (page, f"{page}usul/", letter)] == [404] * 3
    assert far.post(f"/koreksi/{made.pk}/tolak/").status_code == 404


def test_rest_goes_the_same_way(scene):
    office, *others = (client_of(one) for one in (scene.office, *scene.others))
    address = f"/api/v1/submissions/{scene.submission.pk}/review/corrections/"
    empty = office.post(f"{address}preview/", {}, format="json")
    assert (empty.status_code, empty.json()["code"]) == (422, "filter_missing")
    seen = office.post(f"{address}preview/", {"area": 647401, "status": "TMS"}, format="json").json()
    assert (seen["rows"], seen["stood"], len(seen["examples"])) == (3, {"TMS": 3}, 3)
    told = {"area": "647401", "status": "TMS", "token": seen["token"], **TOLD, "dated": "2024-08-01"}
    missing = office.post(address, told, format="multipart")
    assert (missing.status_code, missing.json()["field"]) == (422, "letter")
    made = office.post(address, {**told, "letter": documents_file()}, format="multipart")
    assert (made.status_code, made.json()["rows"], made.json()["status"]) == (201, 3, "proposed")
    one = f"/api/v1/corrections/{made.json()['id']}/"
    assert office.post(f"{one}approve/").json()["code"] == "own_proposal"
    assert others[0].post(f"{one}approve/").json()["first_approved_by"]["id"] == scene.others[0].pk
    assert others[0].post(f"{one}approve/").json()["code"] == "approved_by_you"
    assert others[1].post(f"{one}approve/").json()["status"] == "approved"
    factories.work()
    assert office.get(one).json()["taken_back"] == 3
    assert office.get(f"{one}letter/").getvalue().startswith(b"%PDF")
    assert office.post(f"{one}resume/").json()["code"] == "not_stopped"
    assert office.post(f"{one}refuse/").status_code == 409
    assert len(office.get(address).json()["results"]) == 1
    back = office.get(f"/api/v1/supports/{first_back()}/decisions/").json()["results"]
    assert back[-1]["correction"] == made.json()["id"]
    far = client_of(factories.user("jauh", Role.KPU_REGENCY, 6471))
    assert [far.get(path).status_code for path in (address, one, f"{one}letter/")] == [404] * 3


def test_rest_takes_a_list_as_a_file(scene):
    office = client_of(scene.office)
    address = f"/api/v1/submissions/{scene.submission.pk}/review/corrections/"
    niks = [factories.person(at)["nik"] for at in (0, 1)]
    seen = office.post(f"{address}preview/", {"rows": niks}, format="json").json()
    assert seen["rows"] == 2
    told = {"token": seen["token"], **TOLD, "dated": "2024-08-01", "letter": documents_file()}
    rows = rows_file("\n".join(niks))
    made = office.post(address, {**told, "rows_file": rows}, format="multipart")
    assert (made.status_code, made.json()["rows"]) == (201, 2)
    assert Correction.objects.get().wanted == {"lines": 2}


def first_back():
    return Standing.objects.filter(vermin="unverified").order_by("pk").first().pk


def documents_file():
    return letter_file("Berita acara", "ba.pdf")


def rows_file(text):
    file = io.BytesIO(text.encode())
    file.name = "daftar.csv"
    return file
