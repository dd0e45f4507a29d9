"""Who sees which readings: an office those of its territory, a pair's LO those of its own people by others."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.matrix import Role
from foundation.readings.kinds import Kind
from foundation.readings.models import Reading
from foundation.readings.operations import record_reading
from foundation.readings.queries import PAGE
from tests import factories
from tests.supports.calling import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_log_ins")]
LOG = "/log-pembacaan/"


@pytest.fixture
def pair():
    return factories.pair()


@pytest.fixture
def lo(pair):
    return factories.user("lo", Role.LO, pair)


@pytest.fixture
def kpu():
    return factories.user("kpu", Role.KPU_REGENCY, 6474)


@pytest.fixture
def elsewhere():
    """A pair of another territory."""
    return factories.pair(factories.election(name="Pemilihan Wali Kota Samarinda 2024", region_id=6472))


def seen(user, query=""):
    client = Client()
    client.force_login(user)
    return client.get(f"{LOG}{query}").content.decode()


def read(kind, pair, by, **more):
    return record_reading(kind, pair, by=by, rows=more.pop("rows", 7), **more)


def test_an_office_sees_its_territory_only(pair, kpu, elsewhere):
    read(Kind.REPORT, pair, kpu, upload=12, form="csv", findings_only=True)
    read(Kind.ROWS, elsewhere, kpu)
    page = seen(kpu)
    assert "unggahan 12, hanya baris dengan temuan, CSV" in page
    assert "7 baris" in page
    assert "Samarinda" not in page
    assert "Samarinda" in seen(factories.user("ri", Role.KPU_RI))
    assert "Samarinda" in seen(factories.user("prov", Role.KPU_PROVINCE, 64))


def test_bawaslu_sees_its_territory(pair, kpu):
    read(Kind.IDENTITY, pair, kpu, row=5)
    assert "baris 5" in seen(factories.user("bawaslu", Role.BAWASLU, 6474))
    assert "baris 5" not in seen(factories.user("bawaslu2", Role.BAWASLU, 6472))


def test_a_pairs_lo_sees_what_others_read_of_its_own_pair(pair, lo, kpu, elsewhere):
    read(Kind.IDENTITY, pair, kpu, row=5)
    read(Kind.IDENTITY, pair, lo, row=6)
    read(Kind.IDENTITY, elsewhere, kpu, row=7)
    read(Kind.MATCHES, pair.election, kpu)
    page = seen(lo)
    assert "Siapa yang membuka data pendukung Anda" in page
    assert "baris 5" in page
    assert not any(words in page for words in ("baris 6", "baris 7", "<strong>Melihat ganda"))


def test_another_pairs_log_is_not_there(pair, lo, elsewhere):
    client = Client()
    client.force_login(lo)
    assert client.get(f"{LOG}?pasangan={elsewhere.pk}").status_code == 404
    assert client_of(lo).get(f"/api/v1/readings/?pair={elsewhere.pk}").status_code == 404


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.TYPIST])
def test_the_rest_of_a_team_has_no_log(pair, role):
    client = Client()
    client.force_login(factories.user("one", role, pair))
    assert client.get(LOG).status_code == 403


def test_the_log_is_narrowed_by_person_pair_kind_and_days(pair, kpu, elsewhere):
    ri = factories.user("ri", Role.KPU_RI)
    old = read(Kind.IDENTITY, pair, kpu, row=11)
    read(Kind.REPORT, pair, ri, upload=12)
    read(Kind.IDENTITY, elsewhere, ri, row=13)
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
    assert old.pk
    today, tomorrow = timezone.now().date(), timezone.now().date() + timedelta(days=2)
    rows = {"baris 11", "unggahan 12", "baris 13"}

    def shown(query):
        page = seen(ri, query)
        return {words for words in rows if words in page}

    assert shown("") == rows
    assert shown(f"?orang={ri.pk}") == {"unggahan 12", "baris 13"}
    assert shown(f"?orang={ri.pk}&pasangan={pair.pk}") == {"unggahan 12"}
    assert shown(f"?pasangan={pair.pk}") == {"baris 11", "unggahan 12"}
    assert shown("?jenis=report") == {"unggahan 12"}
    assert shown(f"?dari={today - timedelta(days=1)}") == rows
    assert shown(f"?dari={tomorrow}") == set()
    assert shown(f"?sampai={today - timedelta(days=2)}") == set()
    assert shown(f"?sampai={tomorrow}&jenis=identity") == {"baris 11", "baris 13"}


@pytest.mark.parametrize(
    "query", ["?orang=x&pasangan=-1&jenis=no&dari=31-02&sebelum=%00", "?sampai=9999-12-31&dari=0001-01-01"]
)
def test_what_an_address_says_wrongly_is_left_out(pair, kpu, query):
    read(Kind.IDENTITY, pair, kpu, row=5)
    assert "baris 5" in seen(kpu, query)


def test_pages_go_on_by_key_in_a_constant_number_of_queries(pair, kpu):
    for number in range(PAGE + 3):
        read(Kind.IDENTITY, pair, kpu, row=1000 + number)
    client = Client()
    client.force_login(kpu)
    with CaptureQueriesContext(
        connection,
    ) as many:
        first = client.get(LOG).content.decode()
    assert f"baris {1000 + PAGE + 2}" in first
    assert "baris 1002" not in first
    (address,) = {part.split('"')[0] for part in first.split('rel="next" href="')[1:]}
    second = client.get(LOG + address.replace("&amp;", "&")).content.decode()
    assert "baris 1002" in second
    assert "Dari awal" in second
    Reading.objects.first()
    with CaptureQueriesContext(connection) as few:
        client.get(LOG + address.replace("&amp;", "&"))
    assert abs(len(many) - len(few)) <= 1


def test_the_export_is_what_is_shown_and_is_itself_on_record(pair, kpu):
    read(Kind.IDENTITY, pair, kpu, row=5)
    client = Client()
    client.force_login(kpu)
    answer = client.get(f"{LOG}unduh.csv?jenis=identity")
    lines = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig")), delimiter=";"))
    assert [line[6] for line in lines] == ["Saringan", "baris 5"]
    taken = Reading.objects.get(kind="log")
    assert (taken.by_id, taken.rows, taken.filter) == (kpu.pk, 1, {"asked": {"kind": "identity"}})


def test_a_program_reads_the_log_page_by_page(pair, kpu):
    for number in range(3):
        read(Kind.IDENTITY, pair, kpu, row=number + 1)
    client = client_of(kpu)
    first = client.get("/api/v1/readings/?page_size=2&kind=identity").json()
    assert [one["row"] for one in first["results"]] == [3, 2]
    second = client.get(first["next"]).json()
    assert ([one["row"] for one in second["results"]], second["next"]) == ([1], None)
    assert second["results"][0]["roles"] == ["kpu_regency"]
    assert second["results"][0]["name"] == "kpu"


def test_the_log_stands_in_the_navigation_of_who_may_read_it(pair, lo, kpu):
    assert reverse("reading_log") in seen(lo)
    operator = Client()
    operator.force_login(factories.operator(pair))
    assert reverse("reading_log") not in operator.get(f"/pasangan/{pair.pk}/").content.decode()
