"""Cadangan dukungan on its page and through the API: filled at any time, counted before it is moved, nobody else's."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from candidates.models import Window
from foundation.accounts.matrix import Role
from supports.models import Support
from tests import factories
from tests.supports.calling import client_of, send
from tests.supports.test_pages import text_of

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def pair():
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


@pytest.fixture
def api(operator):
    return client_of(operator)


@pytest.fixture
def team(client, operator):
    client.force_login(operator)
    return client


@pytest.fixture
def filled(pair, operator):
    """Five rows in the pool: three clean, one of them in the south; a copy, and one without a NIK."""
    south = factories.person(3, district="Bontang Selatan", village="Tanjung Laut")
    rows = [*map(factories.person, (1, 2, 2)), south, factories.person(4, nik="")]
    return factories.loaded(pair, operator, rows, "cadangan.csv", target="pool")


def close_windows():
    Window.objects.all().delete()


# ---- the API ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["address", "field"])
def test_a_file_is_sent_to_the_pool_while_no_window_is_open(api, pair, where):
    close_windows()
    assert send(api, pair, [factories.person(1)]).json()["code"] == "window_closed"
    if where == "field":
        answer = send(api, pair, [factories.person(1)], target="pool")
    else:
        file = SimpleUploadedFile("data.csv", factories.as_csv([factories.person(1)]), "text/csv")
        path = f"/api/v1/pairs/{pair.pk}/uploads/?target=pool"
        answer = api.post(path, {"file": file}, format="multipart")
    assert (answer.status_code, answer.json()["stage"]) == (202, "pool")
    factories.work()
    told = api.get(f"/api/v1/uploads/{answer.json()['id']}/").json()
    assert told["places"] == [{"stage": "pool", "rows": 1, "rows_clean": 1}]


def test_rows_are_typed_into_the_pool(api, pair):
    close_windows()
    path = f"/api/v1/pairs/{pair.pk}/supports/"
    answer = api.post(f"{path}?target=pool", factories.person(1), format="json")
    assert (answer.status_code, answer.json()["findings"]) == (201, [])
    listed = api.get(f"{path}?stage=pool").json()["results"]
    assert [row["id"] for row in listed] == [answer.json()["id"]]


def test_a_move_is_looked_at_then_carried_out(api, pair, filled):
    path = f"/api/v1/pairs/{pair.pk}/pool/"
    told = api.get(path).json()
    assert (told["rows"], told["rows_clean"], told["move"]) == (5, 3, None)
    assert told["findings"] == {"NIK_MISSING": 1, "DUPLICATE_IDENTICAL": 1}
    seen = api.post(f"{path}move/", {"area": 647402, "preview": True}, format="json")
    ends = {"source": "pool", "target": "awal"}
    assert (seen.status_code, seen.json()) == (200, {"count": 1, "count_clean": 1, **ends})
    late = api.post(f"{path}move/", {"clean": True, "expected": 9}, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "rows_changed")
    moved = api.post(f"{path}move/", {"clean": True, "expected": 3}, format="json")
    assert (moved.status_code, moved.json()["state"], moved.json()["total"]) == (202, "queued", 3)
    factories.work()
    told = api.get(path).json()
    assert (told["rows"], told["move"]["state"], told["move"]["done"]) == (2, "done", 3)
    back = api.post(f"{path}move/", {"to": "pool", "ids": [filled.pk << 24 | 2]}, format="json")
    assert back.status_code == 202
    factories.work()
    assert api.get(path).json()["rows"] == 3


def test_another_pairs_pool_does_not_exist_and_the_commission_has_none(pair, filled):
    path = f"/api/v1/pairs/{pair.pk}/pool/"
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    stranger = client_of(factories.operator(other, "operator2"))
    kpu = client_of(factories.user("kpu", Role.KPU_REGENCY, 6474))
    for client in (stranger, kpu):
        assert client.get(path).status_code == 404
        assert client.get(f"/api/v1/pairs/{pair.pk}/supports/?stage=pool").status_code == 404
        assert client.get(f"/api/v1/uploads/{filled.pk}/").status_code == 404
    assert stranger.post(f"{path}move/", {}, format="json").status_code == 404
    assert kpu.post(f"{path}move/", {}, format="json").status_code == 403


# ---- the page ---------------------------------------------------------------------------------------


def test_an_empty_pool_says_what_it_is_for(team, pair):
    page = text_of(team.get(f"/pasangan/{pair.pk}/cadangan/"))
    assert "Cadangan masih kosong. Berkas dapat diunggah ke sini kapan saja" in page


def test_the_page_counts_before_it_moves(team, pair, filled):
    address = f"/pasangan/{pair.pk}/cadangan/"
    assert "Baris 5 lihat daftarnya Bersih 3" in text_of(team.get(address))
    seen = text_of(team.get(f"{address}?to=round&clean=1&area=&upload="))
    assert "3 baris akan dipindahkan ke putaran Awal ; 3 di antaranya bersih." in seen
    choice = {"to": "round", "clean": "1", "area": "", "upload": "", "finding": ""}
    answer = team.post(address, choice | {"expected": "3"}, follow=True)
    assert "3 baris sedang dipindahkan." in text_of(answer)
    factories.work()
    page = text_of(team.get(address))
    assert "Baris 2 lihat daftarnya" in page
    assert "Pemindahan terakhir: 3 baris" in page


def test_rows_ticked_in_the_list_are_counted_and_moved(team, client, pair, filled):
    rows = list(Support.objects.order_by("id").values_list("pk", flat=True))
    listed = team.get(f"/pasangan/{pair.pk}/dukungan/?putaran=pool").content.decode()
    assert f'name="ids" value="{rows[0]}" form="pindah-tercentang"' in listed
    address = f"/pasangan/{pair.pk}/cadangan/"
    seen = text_of(team.get(f"{address}?to=round&ids={rows[0]}&ids={rows[4]}"))
    assert "Dipilih: 2 baris yang dicentang di daftar." in seen
    assert "2 baris akan dipindahkan ke putaran Awal ; 1 di antaranya bersih." in seen
    ticked = {"to": "round", "ids": [rows[0], rows[4]]}
    assert "sedang dipindahkan" not in text_of(team.post(address, ticked | {"expected": "3"}, follow=True))
    assert "2 baris sedang dipindahkan." in text_of(
        team.post(address, ticked | {"expected": "2"}, follow=True)
    )
    factories.work()
    moved = Support.objects.filter(submission__kind="round").order_by("id")
    assert list(moved.values_list("pk", flat=True)) == [rows[0], rows[4]]
    assert "tidak dikenal" in text_of(team.get(f"{address}?to=round&ids=x"))
    assert (
        'form="pindah-tercentang"'
        not in team.get(f"/pasangan/{pair.pk}/dukungan/?putaran=awal").content.decode()
    )


def test_a_row_of_another_pair_is_not_moved_by_its_number(team, pair, filled):
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    factories.loaded(other, factories.operator(other, "operator2"), [factories.person(9)], target="pool")
    theirs = Support.objects.get(submission__pair=other).pk
    seen = text_of(team.get(f"/pasangan/{pair.pk}/cadangan/?to=round&ids={theirs}"))
    assert "Tidak ada baris yang cocok dengan pilihan ini." in seen


def test_the_page_says_why_nothing_can_be_moved(team, pair, filled):
    close_windows()
    response = team.get(f"/pasangan/{pair.pk}/cadangan/")
    page = text_of(response)
    assert "Saat ini baris tidak dapat dipindahkan Masa pengisian dukungan belum dijadwalkan." in page
    assert "<fieldset disabled>" in response.content.decode()
    assert "Hitung dahulu" in page


def test_the_page_is_the_own_teams(client, pair, filled):
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    for user in (
        factories.user("kpu", Role.KPU_REGENCY, 6474),
        factories.operator(other, "operator2"),
    ):
        client.force_login(user)
        assert client.get(f"/pasangan/{pair.pk}/cadangan/").status_code == 404
