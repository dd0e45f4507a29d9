"""Every way by which identities reach a person leaves one record: who, what, with which filter, how many rows."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from foundation.accounts.matrix import Role
from foundation.readings.kinds import Kind
from foundation.readings.models import Reading
from supports.matches import read_matches
from supports.models import Support
from supports.reading_log.log import readings_about
from supports.report import download_report
from supports.rules import TEAM
from supports.search import Sought, find_supports
from tests import factories
from tests.supports.calling import client_of

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


@pytest.fixture
def kpu(committed):
    return factories.user("kpu", Role.KPU_REGENCY, 6474)


@pytest.fixture
def upload(pair, operator):
    return factories.loaded(
        pair, operator, [factories.person(1), factories.person(2, nik="12"), factories.person(3)]
    )


def open_row(user, support):
    return client_of(user).post(f"/api/v1/supports/{support.pk}/identity/")


def only():
    """The one reading there is."""
    (reading,) = Reading.objects.all()
    return reading


def row(upload, number=0):
    return Support.objects.order_by("id")[number]


def test_opening_one_row_names_the_row_and_the_page(pair, upload, kpu):
    assert open_row(kpu, row(upload)).status_code == 200
    reading = only()
    assert (reading.kind, reading.by_id, reading.roles, reading.inside) == (
        "identity",
        kpu.pk,
        "kpu_regency",
        False,
    )
    assert (reading.row_id, reading.rows, reading.pair_id) == (row(upload).pk, 1, pair.pk)
    assert reading.election_id == pair.election_id
    assert reading.call == "POST /api/v1/supports/<int:support>/identity/"


def test_a_team_reads_its_own_people_from_inside(pair, upload, operator):
    client = Client()
    client.force_login(operator)
    client.post(reverse("open_identity", args=[pair.pk, row(upload).pk]))
    assert only().inside
    assert only().call == "POST /pasangan/<int:pair_id>/dukungan/<int:support_id>/identitas/"


def test_a_report_is_on_record_with_its_rows_before_its_first_byte(pair, upload, operator):
    pieces = download_report(upload, by=operator, audience=TEAM, everything=True)
    reading = only()
    assert (reading.kind, reading.rows, reading.upload_id) == ("report", 3, upload.pk)
    assert reading.filter == {"form": "csv", "findings_only": False}
    assert b"".join(pieces)
    assert Reading.objects.count() == 1


def test_a_report_of_findings_counts_only_their_rows(upload, operator):
    download_report(upload, by=operator, audience=TEAM)
    assert only().rows == 1


def test_a_searched_nik_is_recorded_sealed_and_its_row_named(pair, upload, kpu):
    nik = factories.person(3)["nik"]
    find_supports(upload.submission, Sought(nik=nik), by=kpu)
    reading = only()
    found = Support.objects.get(pk=reading.row_id)
    assert (reading.rows, reading.filter["nik"]) == (1, str(found.nik))
    assert nik not in str(vars(reading))


def test_a_search_that_finds_nothing_is_on_record_too(upload, kpu):
    find_supports(upload.submission, Sought(nik="6474010101809999"), by=kpu)
    assert (only().rows, only().row_id) == (0, None)


def test_a_searched_name_and_phone_are_recorded_as_such_only(upload, kpu):
    phone = factories.person(1)["phone"]
    find_supports(upload.submission, Sought(phone=phone, name="budi"), by=kpu)
    reading = only()
    assert reading.filter == {"by_what": ["phone", "name"]}


def test_matches_across_pairs_are_on_record_without_a_pair(pair, upload, kpu):
    read_matches(pair.election, by=kpu)
    assert (only().kind, only().pair_id, only().election_id) == ("matches", None, pair.election_id)


def test_nobody_changes_or_removes_a_reading(upload, kpu):
    find_supports(upload.submission, Sought(name="budi"), by=kpu)
    for change in (lambda: Reading.objects.update(rows=0), lambda: Reading.objects.all().delete()):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            change()


def test_readings_about_a_row_are_its_own_and_those_whose_filter_covered_it(pair, upload, operator, kpu):
    first, third = row(upload, 0), row(upload, 2)
    open_row(kpu, first)
    open_row(kpu, third)
    download_report(upload, by=operator, audience=TEAM, everything=True)
    find_supports(upload.submission, Sought(nik=factories.person(1)["nik"]), by=kpu)
    later = factories.loaded(pair, operator, [factories.person(9)])
    download_report(later, by=operator, audience=TEAM, everything=True)
    assert [line.reading.kind for line in readings_about(first)] == ["search", "report", "identity"]
    assert [line.reading.kind for line in readings_about(third)] == ["report", "identity"]


def test_every_kind_has_its_words():
    assert all(kind.title and len(kind.value) <= 10 for kind in Kind)
