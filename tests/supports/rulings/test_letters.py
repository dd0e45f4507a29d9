"""The document of a ruling: sent with the proposal or after it, read by whom it concerns, by nobody else."""

import io

import pytest
from django.test import Client

from candidates.models import Ruling
from foundation.accounts.matrix import Role
from foundation.attachments.models import Attachment
from foundation.keys.models import StoredFile
from tests import factories
from tests.candidates.making import approve, letter_file, make_ruling
from tests.documents import pdf
from tests.supports.calling import client_of
from tests.supports.rulings.test_pages import TYPED, text_of

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def kpu(client, pair):
    client.force_login(factories.user("kpu", Role.KPU_REGENCY, 6474))
    return client


def no_document():
    file = io.BytesIO(b"bukan surat")
    file.name = "surat.pdf"
    return file


@pytest.mark.parametrize(
    ("letter", "sentence"),
    [(None, "Dokumen belum dipilih."), (no_document, "Isi dokumen ini bukan PDF, JPG, atau PNG")],
)
def test_a_proposal_without_a_document_is_refused_and_nothing_is_kept(kpu, pair, letter, sentence):
    sent = TYPED | ({"letter": letter()} if letter else {})
    answer = kpu.post(f"/pasangan/{pair.pk}/masa/usul/", sent)
    assert answer.status_code == 422
    assert f'<a href="#id_letter">{sentence}' in text_of(answer)
    assert 'value="001/PS.REG/64.6474/V/2024"' in text_of(answer)
    assert not (Ruling.objects.exists() or Attachment.objects.exists() or StoredFile.objects.exists())


def test_a_faulty_proposal_leaves_nothing_of_its_document(kpu, pair):
    answer = kpu.post(f"/pasangan/{pair.pk}/masa/usul/", TYPED | {"letter": letter_file(), "hours": "721"})
    assert answer.status_code == 422
    assert not StoredFile.objects.exists()


def test_a_form_of_another_site_is_refused(pair):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(factories.user("kpu", Role.KPU_REGENCY, 6474))
    answer = strict.post(f"/pasangan/{pair.pk}/masa/usul/", TYPED | {"letter": letter_file()})
    assert "Formulir sudah kedaluwarsa" in text_of(answer)
    assert not Ruling.objects.exists()


def test_another_document_is_attached_and_the_approval_is_gone(kpu, pair):
    ruling = make_ruling(pair)
    approve(ruling, by=factories.user("kpu-ri", Role.KPU_RI))
    page = text_of(kpu.get(f"/putusan/{ruling.pk}/lampiran/"))
    assert "Sekarang terlampir: putusan.pdf." in page
    assert kpu.post(f"/putusan/{ruling.pk}/lampiran/", {}).status_code == 422
    done = kpu.post(
        f"/putusan/{ruling.pk}/lampiran/", {"letter": letter_file("Salinan kedua", "salinan-2.pdf")}
    )
    assert done.url == f"/pasangan/{pair.pk}/masa/"
    told = text_of(kpu.get(done.url))
    assert "Menunggu persetujuan pertama KPU RI" in told
    assert "salinan-2.pdf (PDF)" in told


@pytest.mark.parametrize(
    ("role", "scope", "status"),
    [
        (Role.KPU_RI, 0, 200),
        (Role.KPU_PROVINCE, 64, 200),
        (Role.KPU_REGENCY, 6474, 200),
        (Role.KPU_REGENCY, 6472, 404),
        (Role.BAWASLU, 6474, 200),
        (Role.BAWASLU, 647401, 404),
        (Role.VERIFIER, 6474, 403),
        (Role.OBSERVER, 6474, 403),
        (Role.LO, "own", 200),
        (Role.OPERATOR, "own", 200),
        (Role.TYPIST, "own", 403),
        (Role.OPERATOR, "other", 404),
    ],
)
def test_who_reads_the_document(client, pair, role, scope, status):
    ruling = make_ruling(pair)
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    person = factories.user("seseorang", role, {"own": pair, "other": other}.get(scope, scope))
    client.force_login(person)
    page = client.get(f"/putusan/{ruling.pk}/surat/")
    call = client_of(person).get(f"/api/v1/rulings/{ruling.pk}/letter/")
    assert (page.status_code, call.status_code) == (status, status)
    if status == 200:
        assert b"".join(page.streaming_content) == pdf(title="Salinan putusan")
        assert page.headers["Content-Security-Policy"].startswith("sandbox")
    shown = client.get(f"/pasangan/{pair.pk}/masa/")
    if shown.status_code == 200:
        assert (f"/putusan/{ruling.pk}/surat/" in text_of(shown)) is (status == 200)


def test_a_ruling_without_a_document_has_none_to_read(kpu, pair):
    ruling = make_ruling(pair, letter=None)
    assert kpu.get(f"/putusan/{ruling.pk}/surat/").status_code == 404
    told = text_of(kpu.get(f"/pasangan/{pair.pk}/masa/"))
    assert "Menunggu dokumen surat" in told
    assert "Lampirkan dokumen" in told


class TestPrograms:
    def test_attach_approve_and_open(self, pair):
        kpu = client_of(factories.user("kpu", Role.KPU_REGENCY, 6474))
        ruling = make_ruling(pair, letter=None)
        address = f"/api/v1/rulings/{ruling.pk}/"
        missing = kpu.post(f"{address}letter/", {}, format="multipart")
        assert (missing.status_code, missing.json()["field"]) == (422, "letter")
        answer = kpu.post(f"{address}letter/", {"letter": letter_file()}, format="multipart").json()
        assert len(answer["letter_sha256"]) == 64
        for number in (1, 2):
            person = client_of(factories.user(f"kpu-ri-{number}", Role.KPU_RI))
            approved = person.post(f"{address}approve/", {"digest": answer["digest"]}, format="json")
            assert approved.json()["approvals"] == number
        assert len(kpu.post(f"{address}open/").json()["windows"]) == 2
        late = kpu.post(f"{address}letter/", {"letter": letter_file("Lain")}, format="multipart")
        assert (late.status_code, late.json()["code"]) == (409, "ruling_already_opened")
        assert StoredFile.objects.count() == 1

    def test_kpu_ri_refuses_and_nobody_else(self, pair):
        ruling = make_ruling(pair)
        address = f"/api/v1/rulings/{ruling.pk}/refuse/"
        kpu = client_of(factories.user("kpu", Role.KPU_REGENCY, 6474))
        assert kpu.post(address, {"reason": "x"}, format="json").status_code == 403
        kpu_ri = client_of(factories.user("kpu-ri", Role.KPU_RI))
        assert kpu_ri.post(address, {}, format="json").status_code == 400
        answer = kpu_ri.post(address, {"reason": "Amar tidak menyebutnya"}, format="json")
        assert (answer.status_code, answer.json()["refused"]) == (200, True)
        assert kpu_ri.post(address, {"reason": "lagi"}, format="json").status_code == 409


def test_kpu_ri_refuses_on_the_page(client, pair):
    ruling = make_ruling(pair)
    client.force_login(factories.user("kpu-ri", Role.KPU_RI))
    assert f"/putusan/{ruling.pk}/tolak/" in text_of(client.get(f"/pasangan/{pair.pk}/masa/"))
    assert client.post(f"/putusan/{ruling.pk}/tolak/", {"reason": ""}).status_code == 422
    client.post(f"/putusan/{ruling.pk}/tolak/", {"reason": "Amar tidak menyebutnya"})
    told = text_of(client.get(f"/pasangan/{pair.pk}/masa/"))
    assert "Ditolak KPU RI" in told
    assert "oleh kpu-ri: Amar tidak menyebutnya" in told
