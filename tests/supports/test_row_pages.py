"""The list's search box, and a row that is opened, mended, its identity shown, and removed."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.accounts.matrix import Role
from foundation.jobs.runner import run_next
from foundation.workflow.models import Event
from supports.models import Submission, Support
from supports.rows import add_supports, edit_support
from tests import factories
from tests.supports.test_pages import names, text_of
from tests.supports.test_rows import the

pytestmark = pytest.mark.usefixtures("committed")
HTMX = {"HX-Request": "true"}


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


@pytest.fixture
def row(pair, operator):
    """A row whose NIK has too few digits."""
    (added,) = add_supports(pair, by=operator, rows=[factories.person(1, nik="12345")])
    return the(added)


def address(row, more=""):
    return f"/pasangan/{row.submission.pair_id}/dukungan/{row.pk}/{more}"


def search(client, pair, text, **more):
    return client.post(f"/pasangan/{pair.pk}/dukungan/cari/", {"cari": text, **more})


# ---- the search box --------------------------------------------------------------------------------


def test_a_name_a_nik_and_a_phone_are_found_from_one_box(team, pair, operator):
    people = [factories.person(at, name=name) for at, name in enumerate(["Budi Santoso", "Siti Rahayu"])]
    factories.loaded(pair, operator, people)
    for text, wanted in (("bud san", 0), (people[1]["nik"], 1), (people[0]["phone"], 0)):
        assert names(search(team, pair, text)) == [people[wanted]["name"]]


def test_what_was_typed_stands_in_no_address(team, pair, operator):
    people = [factories.person(at, name=f"Budi {at:02d}") for at in range(60)]
    factories.loaded(pair, operator, people)
    first = search(team, pair, "budi")
    page = first.content.decode()
    assert 'value="budi"' in page
    assert not re.search(r'(href|action|hx-get)="[^"]*budi', page)
    more = search(team, pair, "budi", kursor=first.context["page"].next)
    assert names(first) + names(more) == [one["name"] for one in people]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Belum ada yang dicari."),
        ("64740112", "sedangkan yang diketik 8 angka"),
        ("64740102O3619000", "memuat huruf"),
        ("..", "Belum ada yang dicari."),
        ("&&", "tidak memuat huruf"),
        ("x" * 201, "terlalu panjang"),
        ("a\x00b", "tidak dapat dibaca"),
    ],
)
def test_what_cannot_be_looked_for_is_said_beside_the_box(team, pair, operator, text, sentence):
    factories.loaded(pair, operator, [factories.person(1)])
    answer = search(team, pair, text)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert 'aria-describedby="cari_error"' in answer.content.decode()


def test_a_search_that_finds_nothing_says_how_names_are_found(team, pair, operator):
    factories.loaded(pair, operator, [factories.person(1)])
    assert "Nama dicari menurut awal setiap katanya" in text_of(search(team, pair, "entah"))


def test_a_file_that_is_not_searchable_by_name_yet_is_named(team, pair, operator):
    factories.upload(pair, operator, [factories.person(1)], "baru.csv")
    assert run_next()
    page = text_of(search(team, pair, "budi"))
    assert "masih disiapkan untuk pencarian" in page
    assert "baru.csv" in page
    factories.work()
    assert "masih disiapkan" not in text_of(search(team, pair, "budi"))


def test_a_search_by_address_is_the_list(team, pair):
    assert team.get(f"/pasangan/{pair.pk}/dukungan/cari/")["Location"] == f"/pasangan/{pair.pk}/dukungan/"


def test_field_offices_find_and_open_nothing_of_others(client, pair, operator):
    west = {"district": "Bontang Barat", "village": "Kanaan"}
    factories.loaded(pair, operator, [factories.person(0), factories.person(1, **west)])
    client.force_login(factories.user("ppk", Role.PPK, 647403))
    assert names(search(client, pair, "budi")) == [factories.person(1)["name"]]
    assert names(search(client, pair, factories.person(0)["nik"])) == []
    first = Support.objects.order_by("pk").first()
    assert client.get(address(first, "baris/")).status_code == 404
    assert client.get(address(first)).status_code == 403


def test_the_list_costs_the_same_for_more_rows(team, pair, operator):
    def queries():
        with CaptureQueriesContext(connection) as done:
            assert search(team, pair, "budi").status_code == 200
        return len(done)

    factories.loaded(pair, operator, [factories.person(1)])
    queries()
    once = queries()
    factories.loaded(pair, operator, [factories.person(at) for at in range(2, 40)])
    assert queries() == once


# ---- opening and mending ---------------------------------------------------------------------------


def test_a_row_opens_with_its_findings_at_their_field_and_hides_identities(team, row):
    for headers in ({}, HTMX):
        answer = team.get(address(row), headers=headers)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert not re.search(r"\b12345\b", page)  # as a number of its own: ids have such digits in them too
        for name in ("phone", "address"):
            assert factories.person(1)[name] not in page
        at_nik = next(one for one in answer.context["fields"] if one["field"].name == "nik")
        assert [rule.code for rule in at_nik["rules"]] == ["NIK_LENGTH"]
        assert ("<html" in page) is not bool(headers)


def test_a_mended_row_is_checked_at_once_and_closes(team, row):
    nik = factories.person(1)["nik"]
    answer = team.post(address(row), {**shown(row), "nik": nik}, headers=HTMX)
    page = text_of(answer)
    assert answer.status_code == 200
    assert "Tersimpan dan diperiksa: tidak ada temuan." in page
    assert "data-announce" in answer.content.decode()
    assert nik not in answer.content.decode()
    stored = Support.objects.get()
    assert (stored.revision, stored.name) == (1, row.name)


def test_a_row_with_findings_left_stays_open(team, row):
    answer = team.post(address(row), {**shown(row), "name": "", "nik": "123456"}, headers=HTMX)
    page = text_of(answer)
    assert "2 temuan masih ada" in page
    assert "Nama tidak diisi" in page or "Nama kosong" in page
    assert Support.objects.get().revision == 1


def test_blank_hidden_fields_change_nothing_until_the_identity_is_opened(team, row):
    team.post(address(row), {**shown(row), "name": "Nama Baru"}, headers=HTMX)
    event = Event.objects.get(name="support_edited")
    assert event.data["fields"] == ["name"]
    opened = team.post(address(row, "identitas/"), headers=HTMX)
    form = opened.context["form"]
    assert form.initial["nik"] == "12345"
    assert form.initial["address"] == factories.person(1)["address"]
    assert Event.objects.filter(name="identity_opened").count() == 1
    values = {name: form.initial.get(name, "") for name in form.fields} | {"address": ""}
    team.post(address(row), {**values, "revisi": "1", "terbuka": "1"}, headers=HTMX)
    assert Event.objects.filter(name="support_edited").latest("id").data["fields"] == ["address"]


def test_a_typist_mends_without_seeing(client, pair):
    typist = factories.user("juru", Role.TYPIST, pair)
    (mine,) = add_supports(pair, by=typist, rows=[factories.person(1, nik="12345")])
    row = the(mine)
    client.force_login(typist)
    assert "Lihat NIK" not in text_of(client.get(address(row)))
    assert client.post(address(row, "identitas/")).status_code == 403
    forged = {**shown(row), "terbuka": "1", "name": "Nama Baru"}
    client.post(address(row), forged, headers=HTMX)
    assert Event.objects.get(name="support_edited").data["fields"] == ["name"]


def test_who_comes_second_sees_the_row_as_it_is_now_and_what_they_typed(team, operator, row):
    edit_support(row, by=operator, changes={"name": "Nama Pertama"}, revision=0)
    answer = team.post(address(row), {**shown(row), "name": "Nama Kedua"}, headers=HTMX)
    page = text_of(answer)
    assert answer.status_code == 412
    assert "Baris ini sudah diubah orang lain" in page
    assert "Anda mengetik: Nama Kedua" in page
    assert 'value="Nama Pertama"' in answer.content.decode()
    assert Support.objects.get().name == "Nama Pertama"


def test_who_comes_after_the_removal_is_told(team, row):
    team.post(address(row, "hapus/"), {"revisi": "0"}, headers=HTMX)
    assert team.post(address(row), shown(row), headers=HTMX).status_code == 404


def test_nothing_changed_is_no_edit(team, row):
    answer = team.post(address(row), shown(row), headers=HTMX)
    assert "Tidak ada isian yang diubah." in text_of(answer)
    assert Support.objects.get().revision == 0


def test_faults_of_the_form_are_said_at_their_field(team, row):
    wrong = {**shown(row), "name": "x" * 101, "sex": "?"}
    answer = team.post(address(row), wrong, headers=HTMX)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "lebih panjang dari 100 karakter" in page
    assert "Pilihan itu tidak ada." in page
    assert Support.objects.get().revision == 0


def test_without_script_a_row_is_mended_on_its_own_page(team, row):
    answer = team.post(address(row), {**shown(row), "nik": factories.person(1)["nik"]}, follow=True)
    assert answer.redirect_chain == [(address(row), 302)]
    assert "Tersimpan dan diperiksa: tidak ada temuan." in text_of(answer)


def test_a_row_is_removed_where_it_stands_and_from_its_page(team, pair, operator, row):
    answer = team.post(address(row, "hapus/"), {"revisi": "0"}, headers=HTMX)
    assert "Baris ini dihapus" in text_of(answer)
    (other,) = add_supports(pair, by=operator, rows=[factories.person(2)])
    answer = team.post(address(the(other), "hapus/"), {"revisi": "0"}, follow=True)
    assert "Baris ini dihapus" in text_of(answer)
    assert not Support.objects.exists()


@pytest.mark.parametrize("revision", ["1", "", "x", "9" * 40])
def test_a_row_that_changed_is_not_removed(team, row, revision):
    assert team.post(address(row, "hapus/"), {"revisi": revision}, headers=HTMX).status_code == 412
    assert Support.objects.count() == 1


def test_while_nothing_can_be_changed_the_row_says_why(team, pair, row):
    pair.election.windows.all().delete()
    page = text_of(team.get(address(row)))
    assert "Baris ini hanya dapat dilihat." in page
    answer = team.post(address(row), {**shown(row), "name": "Lain"}, headers=HTMX)
    assert answer.status_code == 422
    assert Support.objects.get().revision == 0
    Submission.objects.update(status="submitted")
    assert "data-open" not in team.get(f"/pasangan/{pair.pk}/dukungan/").content.decode()


def test_a_row_of_another_pair_does_not_exist(pair, row):
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    client = Client()
    client.force_login(factories.operator(other, "operator2"))
    for path in (address(row), address(row).replace(f"/{pair.pk}/", f"/{other.pk}/", 1)):
        assert client.get(path).status_code == 404
        assert client.get(f"{path}baris/").status_code == 404
        for more in ("", "hapus/", "identitas/"):
            assert client.post(f"{path}{more}", shown(row)).status_code == 404
    assert Support.objects.get().revision == 0


def shown(row):
    """What the form sends when nothing is typed: what it shows, and blanks where it hides."""
    fields = {name: getattr(row, name) or "" for name in ("name", "sex", "marital", "village", "district")}
    more = {"regency": row.regency, "occupation": row.occupation, "document": "", "statement": ""}
    return fields | more | {"revisi": "0"}
