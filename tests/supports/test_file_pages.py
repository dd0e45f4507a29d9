"""The upload page's own addresses of the protocol: by session and CSRF token; and the files that are not finished."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.models import Window
from candidates.queries import now
from foundation.accounts.matrix import Role
from foundation.keys.models import StoredFile
from supports.incoming import declare_file
from supports.models import IncomingFile, Upload
from tests import factories
from tests.supports.test_tus import CONTENT, PIECE, SIZE, TUS, metadata, sha256
from tests.supports.test_upload_pages import SCRIPT, send, text_of

pytestmark = pytest.mark.usefixtures("committed")


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


def create(client, pair, size=SIZE, **more):
    headers = {
        **TUS,
        "HTTP_UPLOAD_LENGTH": str(size),
        "HTTP_UPLOAD_METADATA": metadata(digest=sha256(CONTENT)),
    }
    return client.generic("POST", reverse("files", args=[pair.pk]), **headers | more)


def patch(client, address, offset, body, **more):
    return client.generic(
        "PATCH", address, body, content_type=PIECE, HTTP_UPLOAD_OFFSET=str(offset), **TUS | more
    )


def page_of(client, pair):
    return client.get(reverse("uploads", args=[pair.pk]))


def test_the_script_sends_pieces_and_is_told_where_to_go(team, pair):
    made = create(team, pair)
    address = made["Location"]
    assert (made.status_code, made["Tus-Resumable"]) == (201, "1.0.0")
    assert address == reverse("file", args=[pair.pk, IncomingFile.objects.get().pk])
    assert patch(team, address, 0, CONTENT[:500])["Upload-Offset"] == "500"
    assert team.head(address, **TUS)["Upload-Offset"] == "500"
    early = team.post(f"{address}selesai/", headers=SCRIPT)
    assert (early.status_code, early.json()["code"]) == (409, "file_incomplete")
    patch(team, address, 500, CONTENT[500:])
    done = team.post(f"{address}selesai/", headers=SCRIPT)
    upload = Upload.objects.get()
    assert (done.status_code, done.json()) == (201, {"url": reverse("upload", args=[upload.pk])})
    assert team.post(f"{address}selesai/", headers=SCRIPT).json() == done.json()
    assert Upload.objects.count() == 1


def test_refusals_are_json_for_the_script(team, pair):
    empty = create(team, pair, 0)
    assert (empty.status_code, empty.json()["code"], empty["Tus-Resumable"]) == (422, "file_empty", "1.0.0")
    address = create(team, pair)["Location"]
    assert patch(team, address, 7, b"x").status_code == 409
    assert patch(team, address, 0, b"x", HTTP_TUS_RESUMABLE="2").status_code == 412
    assert team.get(address).status_code == 405


def test_a_page_that_is_not_ours_sends_nothing(pair, operator):
    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(operator)
    assert create(stranger, pair).status_code == 403
    made = declare_file(pair, by=operator, name="posko.csv", size=SIZE)
    address = reverse("file", args=[pair.pk, made.pk])
    assert patch(stranger, address, 0, CONTENT).status_code == 403
    assert stranger.delete(address, **TUS).status_code == 403
    assert stranger.post(f"{address}selesai/").status_code == 403
    assert stranger.post(f"{address}batal/").status_code == 403
    assert IncomingFile.objects.count() == 1

    page = page_of(stranger, pair).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    assert patch(stranger, address, 0, CONTENT, HTTP_X_CSRFTOKEN=token).status_code == 204
    assert create(stranger, pair, HTTP_X_CSRFTOKEN=token).status_code == 201


def test_what_is_not_finished_is_listed_to_whoever_sent_it(team, pair, client):
    address = create(team, pair)["Location"]
    patch(team, address, 0, CONTENT[: SIZE // 2])
    response = page_of(team, pair)
    page = text_of(response)
    assert "Belum selesai dikirim posko.csv , 49 %" in page or "posko.csv , 50 %" in page
    assert "sudah terkirim. Pilih berkas yang sama untuk melanjutkan. Disimpan sampai" in page
    assert (
        f'data-address="{address}" data-sha256="{sha256(CONTENT)}" data-size="{SIZE}"'
        in response.content.decode()
    )
    others = [factories.user("rekan", Role.LO, pair), factories.user("kpu", Role.KPU_REGENCY, 6474)]
    for somebody in others:
        client.force_login(somebody)
        assert "Belum selesai dikirim" not in text_of(page_of(client, pair))


def test_what_has_arrived_whole_is_loaded_by_a_button(team, pair):
    address = create(team, pair)["Location"]
    patch(team, address, 0, CONTENT)
    assert "Terkirim seluruhnya, belum dimuat. Muat berkas ini, atau batalkan." in text_of(
        page_of(team, pair)
    )
    done = team.post(f"{address}selesai/")
    assert done.url == reverse("upload", args=[Upload.objects.get().pk])
    assert "Belum selesai dikirim" not in text_of(page_of(team, pair))


def test_a_button_that_comes_too_early_says_so(team, pair):
    address = create(team, pair)["Location"]
    response = team.post(f"{address}selesai/", follow=True)
    assert f"Berkas ini baru diterima 0 dari {SIZE} byte" in text_of(response)


def test_an_unfinished_file_is_cancelled_by_a_button(team, pair):
    address = create(team, pair)["Location"]
    patch(team, address, 0, CONTENT[:500])
    assert team.post(f"{address}batal/").url == reverse("uploads", args=[pair.pk])
    assert not StoredFile.objects.exists()
    assert team.post(f"{address}batal/").status_code == 404


def test_what_became_an_upload_is_not_cancelled(team, pair):
    address = create(team, pair)["Location"]
    patch(team, address, 0, CONTENT)
    team.post(f"{address}selesai/")
    assert "sudah menjadi unggahan" in text_of(team.post(f"{address}batal/", follow=True))


def test_the_same_file_again_says_so(team, pair):
    whole = factories.as_csv([factories.person(at) for at in range(3)])
    send(team, pair)  # the plain form, with these three people
    address = create(team, pair, len(whole), HTTP_UPLOAD_METADATA=metadata(digest=sha256(whole)))["Location"]
    patch(team, address, 0, whole)
    response = team.post(f"{address}selesai/", follow=True)
    assert "sudah pernah diunggah" in text_of(response)
    assert Upload.objects.count() == 1


def test_a_closed_window_lets_the_unfinished_and_files_for_the_pool_be_chosen(team, pair):
    create(team, pair)
    Window.objects.update(closes_at=now())
    page = page_of(team, pair).content.decode()
    assert "Saat ini tidak dapat mengunggah" in page
    assert not re.search(r'id="berkas"[^>]* disabled', page)
    IncomingFile.objects.all().delete()
    type(pair).objects.filter(pk=pair.pk).update(status="withdrawn")
    assert re.search(r'id="berkas"[^>]* disabled', page_of(team, pair).content.decode())


def test_the_page_asks_as_often_for_three_unfinished_as_for_one(team, pair):
    def queries():
        with CaptureQueriesContext(connection) as done:
            page_of(team, pair)
        return len(done)

    create(team, pair)
    queries()
    once = queries()
    create(team, pair)
    create(team, pair)
    assert queries() == once
