"""The pages of a team's files: handed in with and without script, followed, mapped, tried again, thrown away."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.models import Window
from foundation.accounts.matrix import Role
from foundation.jobs.models import Job
from foundation.keys.models import StoredFile
from supports.models import Support, Upload
from supports.rows import remove_support
from tests import factories

pytestmark = pytest.mark.usefixtures("committed")
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


@pytest.fixture
def team(client, operator):
    client.force_login(operator)
    return client


def text_of(response):
    """What is written on the page, without its tags, white space made even."""
    page = re.sub(r"<(script|style|svg).*?</\1>", "", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " ").split())


def people(number, **changes):
    return [factories.person(at, **changes) for at in range(number)]


def a_file(rows=3, name="posko.csv"):
    return SimpleUploadedFile(name, factories.as_csv(people(rows)), "text/csv")


def send(client, pair, file=None, **more):
    return client.post(f"/pasangan/{pair.pk}/unggah/", {"file": file or a_file()}, **more)


# ---- handing a file in -----------------------------------------------------------------------------


def test_a_form_without_script_leads_to_the_uploads_page(team, pair):
    response = send(team, pair)
    upload = Upload.objects.get()
    assert response.url == reverse("upload", args=[upload.pk])
    assert (upload.name, upload.status) == ("posko.csv", "received")


def test_the_script_is_told_where_to_go(team, pair):
    response = send(team, pair, headers=SCRIPT)
    upload = Upload.objects.get()
    assert response.status_code == 201
    assert response.json() == {"url": reverse("upload", args=[upload.pk])}


def test_the_same_file_again_is_the_same_upload_and_says_so(team, pair):
    send(team, pair)
    response = send(team, pair)
    assert Upload.objects.count() == 1
    assert StoredFile.objects.count() == 1
    assert "sudah pernah diunggah" in text_of(team.get(response.url))


def test_an_empty_file_is_refused_on_top_of_the_form(team, pair):
    response = send(team, pair, SimpleUploadedFile("kosong.csv", b""))
    assert response.status_code == 422
    assert "Berkas tidak diterima Berkas ini kosong" in text_of(response)
    assert StoredFile.objects.count() == 0


def test_a_form_without_a_file_is_refused_in_words(team, pair):
    response = team.post(f"/pasangan/{pair.pk}/unggah/", {})
    assert response.status_code == 422
    assert "Berkas tidak diterima" in text_of(response)


def test_a_file_above_the_limit_is_refused_and_nothing_is_kept(team, pair, settings):
    settings.UPLOAD_LIMIT_BYTES = 64
    response = send(team, pair, headers=SCRIPT)
    assert response.status_code == 413
    assert response.json()["code"] == "file_too_large"
    assert StoredFile.objects.count() == 0


def test_a_closed_window_says_why_and_takes_nothing(team, pair):
    Window.objects.all().delete()
    page = text_of(team.get(f"/pasangan/{pair.pk}/unggah/"))
    assert "Saat ini tidak dapat mengunggah ke putaran Masa pengisian dukungan belum dijadwalkan." in page
    assert "Berkas dapat disimpan ke Cadangan dukungan dan dipindahkan" in page
    response = send(team, pair, headers=SCRIPT)
    assert response.status_code == 422
    assert response.json()["code"] == "window_closed"
    assert StoredFile.objects.count() == 0


def test_a_form_that_is_not_ours_is_refused_and_its_file_forgotten(pair, operator):
    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(operator)
    response = send(stranger, pair)
    assert response.status_code == 403
    assert Upload.objects.count() == 0
    assert StoredFile.objects.count() == 0


@pytest.mark.parametrize("by_header", [True, False])
def test_our_own_form_carries_its_token_in_header_or_body(pair, operator, by_header):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(operator)
    page = browser.get(f"/pasangan/{pair.pk}/unggah/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    if by_header:
        send(browser, pair, headers=SCRIPT | {"X-CSRFToken": token})
    else:
        browser.post(f"/pasangan/{pair.pk}/unggah/", {"csrfmiddlewaretoken": token, "file": a_file()})
    assert Upload.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "scope", "status"),
    [(Role.OBSERVER, 6474, 403), (Role.KPU_REGENCY, 6474, 403), (Role.TYPIST, None, 403)],
)
def test_only_who_uploads_for_the_pair_may(client, pair, role, scope, status):
    client.force_login(factories.user("seseorang", role, scope or pair))
    assert send(client, pair).status_code == status
    assert StoredFile.objects.count() == 0


def test_another_teams_operator_finds_nothing(client, pair, operator):
    upload = factories.loaded(pair, operator, people(3))
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    client.force_login(factories.operator(other, "operator2"))
    assert send(client, pair).status_code == 404
    assert StoredFile.objects.count() == 1
    for name in ("upload", "upload_progress", "upload_report"):
        assert client.get(reverse(name, args=[upload.pk])).status_code == 404
    for name in ("cancel_upload", "retry_upload", "discard_upload", "map_upload"):
        assert client.post(reverse(name, args=[upload.pk]), {"count": "3"}).status_code == 404
    assert Support.objects.count() == 3


def test_the_commission_sees_the_files_and_no_drop_zone(client, pair, operator):
    factories.loaded(pair, operator, people(3), "posko.csv")
    client.force_login(factories.user("kpu", Role.KPU_REGENCY, 6474))
    response = client.get(f"/pasangan/{pair.pk}/unggah/")
    assert "posko.csv" in text_of(response)
    assert "dropzone" not in response.content.decode()


def test_the_list_of_files_costs_the_same_with_one_and_with_four(team, pair, operator):
    def queries():
        with CaptureQueriesContext(connection) as done:
            team.get(f"/pasangan/{pair.pk}/unggah/")
        return len(done)

    factories.loaded(pair, operator, people(1))
    queries()
    once = queries()
    for at in range(3):
        factories.loaded(pair, operator, [factories.person(400 + at)])
    assert queries() == once


# ---- following one ---------------------------------------------------------------------------------


def test_a_waiting_upload_is_polled_until_it_ends_and_then_read_anew(team, pair, operator):
    upload = factories.upload(pair, operator, people(3))
    address = reverse("upload_progress", args=[upload.pk])
    page = team.get(reverse("upload", args=[upload.pk]))
    assert f'hx-get="{address}" hx-trigger="every 2s"' in page.content.decode()
    assert "Menunggu giliran" in text_of(page)
    assert "HX-Refresh" not in team.get(address).headers
    factories.work()
    ended = team.get(address)
    assert ended.headers["HX-Refresh"] == "true"
    assert "hx-trigger" not in ended.content.decode()


def test_a_running_upload_tells_its_step_and_its_rows(team, pair, operator):
    upload = factories.upload(pair, operator, people(3))
    Job.objects.filter(pk=upload.job_id).update(state="running", step="loading", done=25_000)
    response = team.get(reverse("upload_progress", args=[upload.pk]))
    steps = [(step.title, step.state) for step in response.context["steps"]]
    assert steps == [("Dibaca dan diperiksa", "done"), ("Disimpan", "now"), ("Dicari gandanya", "later")]
    assert "25.000 baris" in text_of(response)


def test_the_pairs_page_follows_the_latest_uploads(team, pair, operator):
    upload = factories.upload(pair, operator, people(3))
    address = f"/pasangan/{pair.pk}/unggahan-terakhir/"
    assert f'hx-get="{address}"' in team.get(f"/pasangan/{pair.pk}/").content.decode()
    assert "HX-Refresh" not in team.get(address).headers
    factories.work()
    ended = team.get(address)
    assert ended.headers["HX-Refresh"] == "true"
    assert f'href="{reverse("upload", args=[upload.pk])}"' in ended.content.decode()


def test_the_end_is_one_sentence(team, pair, operator):
    upload = factories.loaded(
        pair, operator, [*people(40), factories.person(50, name=""), factories.person(51, nik="1")]
    )
    page = text_of(team.get(reverse("upload", args=[upload.pk])))
    assert "42 baris: 40 terhitung, 2 perlu dibenahi." in page


def test_findings_of_the_upload_lead_to_its_own_rows(team, pair, operator):
    upload = factories.loaded(pair, operator, [factories.person(50, name="")])
    page = team.get(reverse("upload", args=[upload.pk])).content.decode()
    address = f"/pasangan/{pair.pk}/dukungan/?unggahan={upload.pk}&amp;temuan=NAME_MISSING"
    assert f'href="{address}"' in page


def test_what_the_columns_were_taken_for_is_said(team, pair, operator):
    content = factories.as_csv(people(2)).replace(b"Nomor HP", b"Warna Kesukaan")
    upload = factories.loaded(pair, operator, content)
    page = text_of(team.get(reverse("upload", args=[upload.pk])))
    assert "13 kolom dikenali, 1 tidak dipakai" in page
    assert "Warna Kesukaan 081210000000" not in page
    assert "tetap tersimpan dan ikut dalam laporan" in page


def test_the_report_is_the_teams_file_with_findings_in_front(team, pair, operator):
    upload = factories.loaded(pair, operator, [*people(2), factories.person(9, name="")], "posko utara.csv")
    response = team.get(reverse("upload_report", args=[upload.pk]))
    report = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert report[0].startswith("Temuan,Penjelasan,ID baris,NIK,Nama")
    assert [line.split(",")[0] for line in report[1:]] == ["NAME_MISSING"]
    assert response.headers["Content-Disposition"] == 'attachment; filename="laporan-posko utara.csv"'
    everything = team.get(reverse("upload_report", args=[upload.pk]), {"semua": "1"})
    assert len(b"".join(everything.streaming_content).splitlines()) == 4


def test_a_report_that_is_not_ready_is_refused_in_words(team, pair, operator):
    upload = factories.upload(pair, operator, people(2))
    response = team.get(reverse("upload_report", args=[upload.pk]))
    assert response.status_code == 409
    assert "Laporan belum tersedia" in text_of(response)


# ---- what can be done with one ---------------------------------------------------------------------


def test_a_waiting_upload_can_be_stopped_and_tried_again(team, pair, operator):
    upload = factories.upload(pair, operator, people(2))
    team.post(reverse("cancel_upload", args=[upload.pk]))
    page = text_of(team.get(reverse("upload", args=[upload.pk])))
    assert "Berkas ini tidak dimuat Dibatalkan" in page
    team.post(reverse("retry_upload", args=[upload.pk]))
    factories.work()
    upload.refresh_from_db()
    assert upload.status == "loaded"


def test_what_cannot_be_stopped_any_more_is_said_on_the_page(team, pair, operator):
    upload = factories.loaded(pair, operator, people(2))
    response = team.post(reverse("cancel_upload", args=[upload.pk]), follow=True)
    assert "tidak sedang dimuat" in text_of(response)


@pytest.mark.parametrize("typed", ["", "2", "tiga", "30"])
def test_rows_are_discarded_only_when_their_number_is_typed(team, pair, operator, typed):
    upload = factories.loaded(pair, operator, people(3))
    response = team.post(reverse("discard_upload", args=[upload.pk]), {"count": typed})
    assert response.status_code == 422
    assert "perlu dibetulkan" in text_of(response)
    factories.work()
    assert Support.objects.count() == 3


def test_discarded_rows_are_gone_and_counted_no_more(team, pair, operator):
    upload = factories.loaded(pair, operator, people(3))
    page = text_of(team.get(reverse("upload", args=[upload.pk])))
    assert "Hapus 3 baris" in page
    response = team.post(reverse("discard_upload", args=[upload.pk]), {"count": "3"}, follow=True)
    assert "sedang dibuang" in text_of(response)
    factories.work()
    assert "sudah dibuang" in text_of(team.get(reverse("upload", args=[upload.pk])))
    assert "Terhitung 0" in text_of(team.get(f"/pasangan/{pair.pk}/"))
    assert Support.objects.count() == 0


def test_rows_removed_from_an_upload_are_not_asked_for_again(team, pair, operator):
    upload = factories.loaded(pair, operator, people(3))
    row = Support.objects.select_related("submission__pair__election").first()
    remove_support(row, by=operator, revision=0)
    assert "Ketik 2 untuk memastikan" in text_of(team.get(reverse("upload", args=[upload.pk])))
    team.post(reverse("discard_upload", args=[upload.pk]), {"count": "2"})
    factories.work()
    assert not Support.objects.exists()


def test_a_file_of_garbage_is_one_failed_upload_with_a_sentence(team, pair, operator):
    upload = factories.loaded(pair, operator, bytes(range(256)) * 50, "foto.csv")
    page = text_of(team.get(reverse("upload", args=[upload.pk])))
    assert "Berkas ini tidak dimuat" in page
    assert upload.error_message
    assert upload.error_message in page
    assert "Tidak ada satu baris pun dari berkas ini yang tersimpan." in page


UNNAMED = (
    b"Kolom A;Kolom B;Tanggal Lahir;Alamat;Pekerjaan\n"
    b"6474010101609001;Budi Contoh;01-01-1960;Jl. Contoh;Nelayan\n"
)


CHOSEN = {"kolom-1": "nik", "kolom-2": "name", "kolom-3": "birth_date", "kolom-4": "address"}


def test_unknown_columns_are_asked_for_and_nothing_is_sent_again(team, pair, operator):
    upload = factories.loaded(pair, operator, UNNAMED)
    address = reverse("upload", args=[upload.pk])
    page = team.get(address)
    assert "Ada kolom wajib yang belum dikenali" in text_of(page)
    assert "NIK : belum ditunjuk Nama : belum ditunjuk" in text_of(page)
    assert '<option value="birth_date" selected>' in page.content.decode()
    team.post(reverse("map_upload", args=[upload.pk]), CHOSEN)
    factories.work()
    assert "1 baris:" in text_of(team.get(address))
    assert Support.objects.get().name == "Budi Contoh"


def test_a_mapping_without_a_name_is_refused_at_its_field(team, pair, operator):
    upload = factories.loaded(pair, operator, UNNAMED)
    answer = {"kolom-1": "nik", "kolom-2": "apa", "kolom-3": "nik"}
    response = team.post(reverse("map_upload", args=[upload.pk]), answer)
    assert response.status_code == 422
    page = response.content.decode()
    assert "<li>Kolom Nama belum ditunjuk. Pilih Nama pada kolom yang memuatnya.</li>" in page
    assert '<a href="#id_kolom-2">Isian itu tidak dikenal.' in page
    assert '<a href="#id_kolom-3">NIK sudah ditunjuk pada kolom “Kolom A”.' in page
    upload.refresh_from_db()
    assert upload.status == "needs_mapping"


def test_three_values_show_what_a_column_holds_and_identities_are_masked(team, pair, operator):
    upload = factories.loaded(pair, operator, UNNAMED)
    page = team.get(reverse("upload", args=[upload.pk]))
    assert "Kolom A 6474••••••••••••" in text_of(page)
    assert "Kolom B Budi Contoh" in text_of(page)
    assert "6474010101609001" not in page.content.decode()


def test_what_a_person_leaves_out_is_not_read_although_it_would_be_recognised(team, pair, operator):
    upload = factories.loaded(pair, operator, UNNAMED)
    team.post(reverse("map_upload", args=[upload.pk]), CHOSEN | {"kolom-3": "", "kolom-5": ""})
    factories.work()
    upload.refresh_from_db()
    assert upload.columns["fields"] == {"nik": "Kolom A", "name": "Kolom B", "address": "Alamat"}
    assert upload.columns["ignored"] == ["Tanggal Lahir", "Pekerjaan"]


def test_the_next_file_says_whose_columns_it_was_read_by_and_can_be_changed(team, pair, operator):
    first = factories.loaded(pair, operator, UNNAMED, "posko utara.csv")
    team.post(reverse("map_upload", args=[first.pk]), CHOSEN)
    factories.work()
    second = factories.loaded(pair, operator, UNNAMED.replace(b"Budi", b"Ani"), "posko barat.csv")
    page = team.get(reverse("upload", args=[second.pk]))
    assert "dibaca seperti pada unggahan posko utara.csv , karena judul kolomnya sama." in text_of(page)
    assert f'href="{reverse("upload", args=[first.pk])}"' in page.content.decode()
    response = team.post(reverse("map_upload", args=[second.pk]), CHOSEN | {"kolom-5": "occupation"})
    again = Upload.objects.latest("pk")
    assert response.url == reverse("upload", args=[again.pk])
    factories.work()
    second.refresh_from_db()
    assert second.status == "discarded"
    assert "dibaca seperti" not in text_of(team.get(response.url))


def test_columns_that_no_mapping_can_speak_of_say_why(team, pair, operator):
    content = b"NIK;Nama;;Catatan;Catatan\n6474010101609001;Budi Contoh;x;y;z\n"
    upload = factories.loaded(pair, operator, content)
    page = text_of(team.get(reverse("upload", args=[upload.pk])))
    assert "Kolom 3, tanpa judul x Tidak dipakai. Beri judul di berkas bila isinya diperlukan." in page
    assert "Judul ini sudah ada di kolom sebelumnya" in page


def test_the_commission_sees_how_columns_were_read_and_no_sample(client, pair, operator):
    upload = factories.loaded(pair, operator, people(3))
    client.force_login(factories.user("kpu", Role.KPU_REGENCY, 6474))
    page = client.get(reverse("upload", args=[upload.pk]))
    assert "14 kolom dikenali" in text_of(page)
    assert factories.person(1)["address"] not in page.content.decode()
    assert "<select" not in page.content.decode()


@pytest.mark.parametrize("name", ["cancel_upload", "retry_upload", "discard_upload", "map_upload"])
def test_nothing_changes_by_looking(team, pair, operator, name):
    upload = factories.loaded(pair, operator, people(1))
    assert team.get(reverse(name, args=[upload.pk])).status_code == 405
    upload.refresh_from_db()
    assert upload.status == "loaded"


def listed(response):
    """The files in the table of all uploads."""
    return re.findall(r'<a class="title"[^>]*>([^<]*)<', response.content.decode())


def test_many_files_are_shown_page_by_page(team, pair, operator, monkeypatch):
    monkeypatch.setattr("supports.upload_views.UPLOADS_PER_PAGE", 2)
    for at in range(3):
        factories.loaded(pair, operator, [factories.person(at)], f"berkas{at}.csv")
    first = team.get(f"/pasangan/{pair.pk}/unggah/")
    assert listed(first) == ["berkas2.csv", "berkas1.csv"]
    assert "Halaman 1 dari 2" in text_of(first)
    assert 'href="?halaman=2"' in first.content.decode()
    assert listed(team.get(f"/pasangan/{pair.pk}/unggah/", {"halaman": "2"})) == ["berkas0.csv"]
