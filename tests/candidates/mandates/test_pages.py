"""The public pages and the commission's, as a browser without scripts uses them."""

import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from candidates.mandates import operations
from candidates.mandates.codes import code_of
from candidates.mandates.models import Mandate
from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.models import User
from foundation.keys.models import StoredFile
from tests import documents
from tests.candidates.making import make_election, make_pair
from tests.candidates.mandates.filing import FIELDS, LO, approved, officer, open_election, says, scan, submit
from tests.foundation.accounts.people import long_ago, somebody

pytestmark = pytest.mark.django_db


def as_user(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


class TestThePublicPages:
    def test_they_list_the_elections_that_take_mandates(self, client):
        election = open_election()
        make_election(name="Pemilihan yang sudah lewat")
        page = text_of(client.get("/mandat/ajukan/"))
        assert f"/mandat/ajukan/{election.pk}/" in page
        assert "Pemilihan yang sudah lewat" not in page
        assert "Tidak ada pemilihan dengan nama itu" in text_of(client.get("/mandat/?cari=zzz"))

    def test_a_request_leads_to_its_receipt(self, client):
        election = open_election()
        answer = client.post(f"/mandat/ajukan/{election.pk}/", FIELDS | {"document": scan()}, follow=True)
        mandate = Mandate.objects.get()
        code = code_of(mandate)
        assert answer.redirect_chain == [(f"/mandat/status/{code}/", 302)]
        page = text_of(answer)
        assert code in page
        assert "Menunggu pemeriksaan" in page
        assert "no-store" in answer.headers["Cache-Control"]
        found = client.post("/mandat/cari/", {"code": code.lower()})
        assert found["Location"] == f"/mandat/status/{code}/"
        assert client.get("/mandat/status/1-AAAA-AAAA-AAAA-AAAA/").status_code == 404
        lost = client.post("/mandat/cari/", {"code": "1-AAAA-AAAA-AAAA-AAAA"})
        assert (lost.status_code, "tidak dikenal" in text_of(lost)) == (422, True)

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"document": scan(b"<html></html>")}, "bukan PDF, JPG, atau PNG"),
            ({"document": scan(b"%PDF-1.4 rusak")}, "rusak atau terpotong"),
            ({}, "Dokumen belum dipilih"),
            ({"document": scan(), "lo_email": "sari@"}, "Surel LO tidak lengkap"),
            ({"document": scan(), "operator_1_email": "SARI@contoh.test"}, "tercantum dua kali"),
            ({"document": scan(), "operator_2_name": "Wati"}, "Isi nama dan surel"),
            ({"document": scan(), "head": ""}, "Nama bakal calon belum diisi"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, client, changes, sentence):
        election = open_election()
        if "document" in changes:
            changes["document"].seek(0)
        answer = client.post(f"/mandat/ajukan/{election.pk}/", {**FIELDS, **changes})
        page = text_of(answer)
        assert answer.status_code == 422
        assert sentence in page
        assert f'value="{FIELDS["deputy"]}"' in page
        assert not Mandate.objects.exists()

    def test_a_document_above_the_limit_is_refused_and_what_was_typed_stays(self, client, settings):
        settings.ATTACHMENT_LIMIT_BYTES = 1024 * 1024
        election = open_election()
        large = scan(documents.pdf() + bytes(2 * 1024 * 1024))
        answer = client.post(f"/mandat/ajukan/{election.pk}/", FIELDS | {"document": large})
        assert answer.status_code == 413
        page = text_of(answer)
        assert "Dokumen lebih besar dari batas 1 MB" in page
        assert f'value="{FIELDS["deputy"]}"' in page
        assert not StoredFile.objects.exists()

    def test_fifty_megabytes_are_refused_before_a_byte_is_read(self, client):
        election = open_election()
        answer = client.generic(
            "POST", f"/mandat/ajukan/{election.pk}/", b"--x", "multipart/form-data; boundary=x",
            CONTENT_LENGTH=str(50 * 1024 * 1024),
        )  # fmt: skip
        assert answer.status_code == 413
        assert "Dokumen lebih besar dari batas 10 MB, sehingga tidak dibaca." in text_of(answer)
        assert not StoredFile.objects.exists()

    def test_a_network_that_sends_too_many_is_told_to_wait(self, client):
        election = open_election()
        address, here = f"/mandat/ajukan/{election.pk}/", {"REMOTE_ADDR": "203.0.113.9"}
        for _ in range(30):
            assert client.post(address, {"head": "x"}, **here).status_code == 422
        answer = client.post(address, FIELDS | {"document": scan()}, **here)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
        assert "dalam satu jam" in text_of(answer)
        assert client.get(address, **here).status_code == 200
        assert client.post(address, {"head": "x"}, REMOTE_ADDR="203.0.113.10").status_code == 422
        assert as_user(officer()).post(address, {"head": "x"}, **here).status_code == 422

    def test_the_same_twice_is_said_in_a_sentence(self, client):
        election = open_election()
        address = f"/mandat/ajukan/{election.pk}/"
        content = documents.pdf()
        client.post(address, FIELDS | {"document": scan(content)})
        again = client.post(address, FIELDS | {"document": scan(content)})
        assert again.status_code == 409
        assert "sudah diajukan dan menunggu pemeriksaan KPU" in text_of(again)
        assert Mandate.objects.count() == 1

    def test_looking_for_a_code_is_not_counted_as_a_document(self, client):
        here = {"REMOTE_ADDR": "203.0.113.11"}
        for _ in range(40):
            assert (
                client.post(
                    "/mandat/cari/", "code=x", "application/x-www-form-urlencoded", **here
                ).status_code
                == 422
            )

    def test_a_form_of_another_site_is_refused(self):
        election = open_election()
        foreign = Client(enforce_csrf_checks=True)
        answer = foreign.post(f"/mandat/ajukan/{election.pk}/", FIELDS | {"document": scan()})
        assert answer.status_code == 403
        assert not Mandate.objects.exists()
        assert not StoredFile.objects.exists()

    def test_an_officer_without_the_second_step_is_nobody_here(self):
        half = as_user(officer(two_factor_at=None))
        half.post(f"/mandat/ajukan/{open_election().pk}/", FIELDS | {"document": scan()})
        assert Mandate.objects.get().created_by is None
        closed = make_election(name="Pemilihan yang sudah lewat")
        assert half.post(f"/mandat/ajukan/{closed.pk}/", FIELDS | {"document": scan()}).status_code == 422

    def test_a_closed_election_says_so(self, client):
        closed = make_election()
        page = client.get(f"/mandat/ajukan/{closed.pk}/")
        assert "sudah ditutup" in text_of(page)
        assert client.post(f"/mandat/ajukan/{closed.pk}/", FIELDS | {"document": scan()}).status_code == 422
        assert not Mandate.objects.exists()

    def test_a_refused_one_is_mended_on_its_own_page(self, client):
        mandate = operations.refuse_mandate(submit(), by=officer(), reason="Surat belum ditandatangani.")
        address = f"/mandat/status/{code_of(mandate)}/"
        page = text_of(client.get(address))
        assert "Surat belum ditandatangani." in page
        assert f'value="{LO.email}"' in page
        client.post(address, FIELDS | {"lo_name": "Sari Contoh Baru"})
        mandate.refresh_from_db()
        assert (mandate.status, mandate.lo.name) == ("submitted", "Sari Contoh Baru")
        assert client.post(address, FIELDS).status_code == 200
        mandate.refresh_from_db()
        assert mandate.status == "submitted"


class TestTheCommissionsPages:
    def test_the_list_is_of_the_own_territory_and_constant_in_queries(self):
        kpu = as_user(officer())
        election = open_election()
        first = submit(election)
        kpu.get("/mandat/daftar/")
        with CaptureQueriesContext(
            connection,
        ) as one:
            page = text_of(kpu.get("/mandat/daftar/"))
        assert f"/mandat/daftar/{first.pk}/" in page
        for number in range(5):
            submit(election, head=f"Kepala {number}", deputy="Wakil")
        with CaptureQueriesContext(connection) as many:
            kpu.get("/mandat/daftar/")
        assert len(many) == len(one)
        elsewhere = as_user(somebody((Role.KPU_REGENCY, ScopeKind.REGION, 6472)))
        assert "Belum ada mandat" in text_of(elsewhere.get("/mandat/daftar/"))

    def test_it_is_searched_and_filtered(self):
        kpu, election = as_user(officer()), open_election()
        operations.refuse_mandate(submit(election, head="Bayu Umpama"), by=officer(), reason="Tidak.")
        submit(election)
        assert "Bayu Umpama" not in text_of(kpu.get("/mandat/daftar/"))
        assert "Bayu Umpama" in text_of(kpu.get("/mandat/daftar/?status=refused"))
        assert "Bayu Umpama" in text_of(kpu.get("/mandat/daftar/?status=&cari=tono"))
        assert "Tidak ada mandat yang cocok" in text_of(kpu.get("/mandat/daftar/?status=&cari=zzz"))

    @pytest.mark.parametrize("path", ["", "dokumen/", "setujui/", "tolak/", "tautan/", "cabut/"])
    def test_another_territory_is_404(self, path):
        mandate = submit()
        stranger = as_user(somebody((Role.KPU_REGENCY, ScopeKind.REGION, 6472)))
        address = f"/mandat/daftar/{mandate.pk}/{path}"
        ask = stranger.get if path in ("", "dokumen/") else stranger.post
        assert ask(address).status_code == 404
        assert stranger.get(f"/mandat/catat/{mandate.election_id}/").status_code == 404

    def test_the_document_is_beside_the_data_and_served_safely(self):
        content = documents.picture("png")
        mandate, kpu = submit(content=content), as_user(officer())
        assert f"/mandat/daftar/{mandate.pk}/dokumen/?tampil" in text_of(
            kpu.get(f"/mandat/daftar/{mandate.pk}/")
        )
        answer = kpu.get(f"/mandat/daftar/{mandate.pk}/dokumen/?tampil")
        assert b"".join(answer.streaming_content) == content
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"

    def test_a_form_that_shows_the_mandate_as_it_was_approves_nothing(self):
        mandate, kpu = submit(), as_user(officer())
        seen = re.search(r'name="seen" value="([^"]+)"', text_of(kpu.get(f"/mandat/daftar/{mandate.pk}/")))[1]
        operations.refuse_mandate(mandate, by=officer(), reason="Tidak ditandatangani.")
        operations.submit_again(mandate, says(), by=None, document=None)
        answer = kpu.post(f"/mandat/daftar/{mandate.pk}/setujui/", {"pair": "new", "seen": seen})
        assert "diajukan lagi dengan isi yang baru" in text_of(answer)
        seen = re.search(r'name="seen" value="([^"]+)"', text_of(kpu.get(f"/mandat/daftar/{mandate.pk}/")))[1]
        kpu.post(f"/mandat/daftar/{mandate.pk}/setujui/", {"pair": "new", "seen": seen})
        assert Mandate.objects.get().status == "approved"

    @pytest.mark.parametrize(
        "address", ["/mandat/", "/mandat/daftar/", "/mandat/catat/", "/petugas/", "/pasangan/"]
    )
    def test_a_search_for_what_nothing_is_called_is_answered(self, address):
        assert as_user(officer()).get(f"{address}?cari=%00%27%25_").status_code == 200

    def test_a_pdf_is_shown_page_by_page_as_pictures(self):
        mandate, kpu = submit(content=documents.pdf(pages=12)), as_user(officer())
        page = text_of(kpu.get(f"/mandat/daftar/{mandate.pk}/"))
        assert f"/mandat/daftar/{mandate.pk}/dokumen/10/" in page
        assert "10 dari 12 halaman ditampilkan" in page
        answer = kpu.get(f"/mandat/daftar/{mandate.pk}/dokumen/12/")
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Cache-Control"] == "no-store"
        with Image.open(io.BytesIO(answer.content)) as drawn:
            assert max(drawn.size) == 1800
        assert kpu.get(f"/mandat/daftar/{mandate.pk}/dokumen/13/").status_code == 404
        stranger = as_user(somebody((Role.KPU_REGENCY, ScopeKind.REGION, 6472)))
        assert stranger.get(f"/mandat/daftar/{mandate.pk}/dokumen/1/").status_code == 404

    def test_a_page_that_cannot_be_drawn_is_said_in_words(self):
        mandate, kpu = submit(content=documents.picture("png")), as_user(officer())
        answer = kpu.get(f"/mandat/daftar/{mandate.pk}/dokumen/1/")
        assert answer.status_code == 422
        assert "Unduh dokumennya" in text_of(answer)

    def test_an_officer_approves_it_for_a_pair(self):
        election, kpu = open_election(), as_user(officer())
        pair, mandate = make_pair(election), submit(election)
        page = text_of(kpu.get(f"/mandat/daftar/{mandate.pk}/"))
        assert f'<option value="{pair.pk}" selected>' in page
        answer = kpu.post(f"/mandat/daftar/{mandate.pk}/setujui/", {"pair": pair.pk}, follow=True)
        assert "Mandat disetujui" in text_of(answer)
        mandate.refresh_from_db()
        assert (mandate.status, mandate.pair) == ("approved", pair)

    def test_links_are_sent_again_while_somebody_waits(self):
        mandate, kpu = approved(), as_user(officer())
        address = f"/mandat/daftar/{mandate.pk}/"
        assert "Belum mengaktifkan akun" in text_of(kpu.get(address))
        long_ago()
        assert "Tautan baru dikirim kepada 2 orang" in text_of(kpu.post(f"{address}tautan/", follow=True))
        User.objects.filter(email__in=[LO.email, "tono@contoh.test"]).update(is_active=True)
        assert "Belum mengaktifkan akun" not in text_of(kpu.get(address))
        assert "menunggu aktivasi" in text_of(kpu.post(f"{address}tautan/", follow=True))

    def test_a_pair_that_is_not_in_the_list_is_not_taken(self):
        mandate = submit()
        other = make_pair(make_election(name="Pemilihan lain"))
        for chosen in (other.pk, "x", ""):
            answer = as_user(officer()).post(f"/mandat/daftar/{mandate.pk}/setujui/", {"pair": chosen})
            assert answer.status_code == 422
        assert Mandate.objects.get().status == "submitted"

    def test_who_would_lose_access_is_said_before(self):
        election = open_election()
        approved(election)
        second = submit(election, lo=operations.Named("Dewi", "dewi@contoh.test", "1"))
        page = text_of(as_user(officer()).get(f"/mandat/daftar/{second.pk}/"))
        assert "Kehilangan akses sekarang juga: Sari Contoh." in page

    def test_refused_and_revoked_with_a_reason(self):
        kpu, mandate = as_user(officer()), submit()
        missing = kpu.post(f"/mandat/daftar/{mandate.pk}/tolak/", {"reason": ""})
        assert (missing.status_code, "Alasan belum diisi" in text_of(missing)) == (422, True)
        kpu.post(f"/mandat/daftar/{mandate.pk}/tolak/", {"reason": "Tidak ditandatangani."})
        assert Mandate.objects.get().status == "refused"
        other = approved(mandate.election)
        kpu.post(f"/mandat/daftar/{other.pk}/cabut/", {"reason": "Diminta pasangan."})
        assert Mandate.objects.get(pk=other.pk).status == "revoked"

    def test_an_own_mandate_shows_why_it_cannot_be_decided(self):
        mandate = submit()
        own = as_user(officer(email=LO.email))
        assert "Mintalah petugas KPU yang lain" in text_of(own.get(f"/mandat/daftar/{mandate.pk}/"))
        answer = own.post(f"/mandat/daftar/{mandate.pk}/setujui/", {"pair": "new"})
        assert answer.status_code == 422
        assert Mandate.objects.get().status == "submitted"

    def test_bawaslu_reads_and_decides_nothing(self):
        mandate, bawaslu = submit(), as_user(somebody(Role.BAWASLU))
        page = text_of(bawaslu.get(f"/mandat/daftar/{mandate.pk}/"))
        assert LO.name in page
        assert "Setujui" not in page
        assert bawaslu.post(f"/mandat/daftar/{mandate.pk}/setujui/").status_code == 403

    def test_the_counter_files_and_shows_the_code(self):
        clerk, election = officer(), open_election()
        kpu = as_user(clerk)
        assert f"/mandat/catat/{election.pk}/" in text_of(kpu.get("/mandat/catat/"))
        assert kpu.get(f"/mandat/catat/{election.pk}/").status_code == 200
        answer = kpu.post(f"/mandat/catat/{election.pk}/", FIELDS | {"document": scan()}, follow=True)
        mandate = Mandate.objects.get()
        assert mandate.created_by == clerk
        assert code_of(mandate) in text_of(answer)
