"""KPU RI's pages about the end of identities, in a browser's terms; and the same through REST."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from foundation.accounts.matrix import Role
from foundation.readings.models import Reading
from supports.retention.models import Destruction, LegalHold, RetentionTerm
from tests import documents, factories
from tests.supports.calling import client_of
from tests.supports.retention.making import LONG_AGO, destroyed, digest, two_of_kpu_ri

pytestmark = pytest.mark.usefixtures("committed", "quick_log_ins")


@pytest.fixture
def people(committed):
    return two_of_kpu_ri()


@pytest.fixture
def pages(people):
    """The browsers of the two."""
    clients = Client(), Client()
    for client, person in zip(clients, people, strict=True):
        client.force_login(person)
    return clients


@pytest.fixture
def ended(committed):
    """An election whose term is over, with one pair."""
    made = factories.election(voting_day=LONG_AGO, name="Pemilihan Wali Kota Bontang 2015")
    factories.pair(made)
    return made


def letter():
    return SimpleUploadedFile("surat.pdf", documents.pdf())


def text_of(answer):
    return answer.content.decode()


def test_the_list_groups_elections_by_what_they_need_in_a_constant_number_of_queries(pages, ended, people):
    with CaptureQueriesContext(connection) as few:
        page = text_of(pages[0].get("/retensi/"))
    assert "Masa simpan sudah berakhir" in page
    for number in range(3):
        factories.election(name=f"Pemilihan {number}", voting_day=LONG_AGO)
    factories.election(name="Pemilihan Latihan", voting_day=LONG_AGO, practice=True)
    with CaptureQueriesContext(connection) as many:
        page = text_of(pages[0].get("/retensi/"))
    assert len(many) == len(few)
    assert "Pemilihan 2" in page
    assert "Pemilihan Latihan" not in page
    assert "Pemilihan 2" not in text_of(pages[0].get("/retensi/?cari=Bontang 2015"))
    assert "Tidak ada pemilihan yang cocok" in text_of(pages[0].get("/retensi/?cari=tidakada"))


def test_one_proposes_and_another_approves_on_the_page(pages, ended):
    page = text_of(pages[0].get(f"/retensi/{ended.pk}/"))
    assert "Usulkan pemusnahan 0 baris" in page
    pages[0].post(f"/retensi/{ended.pk}/usul/", {"digest": digest(ended)})
    made = Destruction.objects.get()
    assert "persetujuannya diberikan orang lain" in text_of(pages[0].get(f"/retensi/{ended.pk}/"))
    answer = pages[0].post(f"/retensi/usulan/{made.pk}/setujui/", {"digest": made.digest}, follow=True)
    assert "persetujuannya diberikan orang lain" in text_of(answer)
    assert "Setujui dan musnahkan" in text_of(pages[1].get(f"/retensi/{ended.pk}/"))
    answer = pages[1].post(f"/retensi/usulan/{made.pk}/setujui/", {"digest": made.digest}, follow=True)
    assert "Kunci dimusnahkan" in text_of(answer)
    assert "dari" not in pages[1].get(f"/retensi/usulan/{made.pk}/kemajuan/").headers.get("HX-Refresh", "")
    factories.work()
    assert pages[1].get(f"/retensi/usulan/{made.pk}/kemajuan/").headers["HX-Refresh"] == "true"
    page = text_of(pages[1].get(f"/retensi/{ended.pk}/"))
    made.refresh_from_db()
    assert made.certificate.number in page
    assert "Tahan data pemilihan ini" not in page


def test_a_proposal_with_another_digest_is_refused_in_words(pages, ended):
    answer = pages[0].post(f"/retensi/{ended.pk}/usul/", {"digest": "0" * 64}, follow=True)
    assert "berubah sejak halaman ini dibuka" in text_of(answer)
    assert not Destruction.objects.exists()


def test_a_hold_is_set_with_its_document_and_lifted_by_two(pages, ended):
    said = {"reason": "Sengketa di PTUN", "number": "12/G/2026"}
    answer = pages[0].post(f"/retensi/{ended.pk}/tahan/", said)
    assert answer.status_code == 422
    assert "Dokumen belum dipilih" in text_of(answer)
    assert "Sengketa di PTUN" in text_of(answer)
    answer = pages[0].post(f"/retensi/{ended.pk}/tahan/", said | {"document": letter()}, follow=True)
    page = text_of(answer)
    assert "ditahan mulai sekarang" in page
    assert "12/G/2026 (Sengketa di PTUN)" in page
    hold = LegalHold.objects.get()
    document = pages[1].get(f"/retensi/penahanan/{hold.pk}/surat/")
    assert b"".join(document.streaming_content).startswith(b"%PDF")
    assert Reading.objects.filter(kind="document", filter__document="legalhold").count() == 1
    assert pages[0].post(f"/retensi/penahanan/{hold.pk}/lepas/", {"reason": ""}).status_code == 422
    pages[0].post(f"/retensi/penahanan/{hold.pk}/lepas/", {"reason": "Putusan inkrah"})
    assert "diberikan orang lain" in text_of(
        pages[0].post(f"/retensi/penahanan/{hold.pk}/lepas/", {"reason": "x"}, follow=True)
    )
    assert "Penahanan sudah dilepas" in text_of(
        pages[1].post(f"/retensi/penahanan/{hold.pk}/lepas/", follow=True)
    )


def test_another_end_is_set_with_its_document(pages, ended):
    said = {"ends_on": "2031-01-31", "reason": "Jadwal retensi", "number": "7/2026", "document": letter()}
    answer = pages[0].post(f"/retensi/{ended.pk}/masa-simpan/", said, follow=True)
    assert "31 Januari 2031" in text_of(answer)
    term = RetentionTerm.objects.get()
    answer = pages[0].get(f"/retensi/masa-simpan/{term.pk}/surat/")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    wrong = said | {"ends_on": "besok", "document": letter()}
    assert "Tanggal tidak dikenali" in text_of(pages[0].post(f"/retensi/{ended.pk}/masa-simpan/", wrong))


@pytest.mark.parametrize(("role", "scope"), [(Role.KPU_REGENCY, 6474), (Role.BAWASLU, 0)])
def test_nobody_else_has_these_pages(ended, role, scope):
    client = Client()
    client.force_login(factories.user("lain", role, scope))
    assert client.get("/retensi/").status_code == 403
    assert client.post(f"/retensi/{ended.pk}/usul/", {"digest": "x"}).status_code == 403


def test_everybody_reads_a_certificate_as_page_paper_and_file(ended, people):
    certificate = destroyed(ended, people).certificate
    address = f"/sertifikat-pemusnahan/{certificate.pk}/"
    page = text_of(Client().get(address))
    assert certificate.number in page
    assert "Tanda tangan sertifikat ini cocok" in page
    assert Client().get(f"{address}sertifikat.json").json() == certificate.body
    assert Client().get(f"{address}sertifikat.pdf").content.startswith(b"%PDF")
    assert APIClient().get(f"/api/v1/certificates/{certificate.pk}/").json() == certificate.body


def test_a_program_proposes_and_approves(ended, people):
    first, second = client_of(people[0]), client_of(people[1])
    seen = first.get(f"/api/v1/elections/{ended.pk}/retention/").json()
    assert (seen["state"], seen["kept_until"]) == ("ended", "2020-12-08")
    made = first.post(f"/api/v1/elections/{ended.pk}/retention/", {"digest": seen["digest"]}, format="json")
    assert made.status_code == 201
    address = f"/api/v1/destructions/{made.json()['destruction']}/approve/"
    assert first.post(address, {"digest": seen["digest"]}, format="json").status_code == 403
    assert second.post(address, {"digest": "x"}, format="json").status_code == 409
    assert second.post(address, {"digest": seen["digest"]}, format="json").status_code == 202
    factories.work()
    assert first.get(f"/api/v1/elections/{ended.pk}/retention/").json()["certificate"]
