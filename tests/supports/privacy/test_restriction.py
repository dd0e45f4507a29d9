"""Whoever asked that their data be used no more: the team sees that there is a row, the commission sees the row."""

import json
import re

import pytest
from django.test import Client

from foundation.accounts.matrix import Role
from foundation.errors import NotAllowed
from foundation.readings.kinds import Kind
from foundation.readings.models import Reading
from foundation.readings.operations import record_reading
from supports.handing_in.operations import hand_in
from supports.handing_in.team_copy import download_rows
from supports.handing_in.verify import Rows, check_rows
from supports.identities import open_identity
from supports.models import Receipt, Support
from supports.papers.counts import LAST_AREA
from supports.papers.people import pages_of
from supports.privacy import operations
from supports.progress import progress
from supports.report import download_report
from supports.rows import edit_support, remove_support
from tests import factories
from tests.supports.calling import client_of
from tests.supports.handing_in.teams import ENOUGH, ready_team
from tests.supports.privacy.asking import fulfilled, restricted
from tests.supports.privacy.listing import listed

ROW = factories.person(1)
SENTENCE = "Dibatasi atas permintaan pemilik data"


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def operator(pair):
    return pair.submissions.get().uploads.get().received_by


@pytest.fixture
def row(pair):
    return Support.objects.get(name=ROW["name"])


def told(text):
    """What of the person stands in a text."""
    return [value for value in (ROW["nik"], ROW["name"], ROW["address"], ROW["phone"]) if value in text]


@pytest.mark.parametrize("kind", ["restriction", "objection"])
class TestOnPagesAndCalls:
    def test_the_teams_list_shows_that_there_is_a_row_and_keeps_its_number(self, pair, operator, kind):
        before = progress(pair)
        assert told(text_of(browser(operator).get(f"/pasangan/{pair.pk}/dukungan/")))
        restricted(pair, ROW, kind=kind)
        page = text_of(browser(operator).get(f"/pasangan/{pair.pk}/dukungan/"))
        assert (told(page), page.count(SENTENCE)) == ([], 1)
        after = progress(pair)
        assert (after.submitted, after.counted, after.by_area) == (
            before.submitted,
            before.counted,
            before.by_area,
        )

    @pytest.mark.parametrize("sought", [ROW["nik"], ROW["name"], ROW["phone"]])
    def test_the_teams_search_finds_nobody(self, pair, operator, kind, sought):
        address = f"/pasangan/{pair.pk}/dukungan/cari/"
        assert '"baris-' in browser(operator).post(address, {"cari": sought}).content.decode()
        restricted(pair, ROW, kind=kind)
        found = browser(operator).post(address, {"cari": sought}).content.decode()
        assert '"baris-' not in found
        assert SENTENCE not in found

    def test_no_call_of_the_api_tells_the_team(self, pair, operator, row, kind):
        restricted(pair, ROW, kind=kind)
        api = client_of(operator)
        one = api.get(f"/api/v1/supports/{row.pk}/")
        listing = api.get(f"/api/v1/pairs/{pair.pk}/supports/")
        found = api.post(f"/api/v1/pairs/{pair.pk}/supports/search/", {"nik": ROW["nik"]}, format="json")
        assert told(one.content.decode() + listing.content.decode()) == []
        assert (one.json()["restricted"], one.json()["occupation"]) == (True, None)
        assert sum(each["restricted"] for each in listing.json()["results"]) == 1
        assert found.json()["results"] == []
        assert api.post(f"/api/v1/supports/{row.pk}/identity/").status_code == 403
        change = api.patch(
            f"/api/v1/supports/{row.pk}/", {"name": "Lain"}, format="json", HTTP_IF_MATCH=one["ETag"]
        )
        assert (change.status_code, change.json()["code"]) == (403, "restricted_by_its_person")

    def test_the_form_of_the_row_and_its_identity_stay_shut(self, pair, operator, row, kind):
        restricted(pair, ROW, kind=kind)
        team = browser(operator)
        for answer in (
            team.get(f"/pasangan/{pair.pk}/dukungan/{row.pk}/"),
            team.post(f"/pasangan/{pair.pk}/dukungan/{row.pk}/identitas/"),
            team.post(f"/pasangan/{pair.pk}/dukungan/{row.pk}/", {"name": "Lain", "revisi": "0"}),
        ):
            assert (answer.status_code, told(text_of(answer))) == (403, [])
        assert told(text_of(team.get(f"/pasangan/{pair.pk}/dukungan/{row.pk}/baris/"))) == []

    def test_the_typist_who_typed_it_sees_it_no_more(self, pair, kind):
        typist = factories.user("juru", Role.TYPIST, pair)
        from supports.rows import add_supports

        add_supports(pair, by=typist, rows=[factories.person(9)])
        page = browser(typist).get(f"/pasangan/{pair.pk}/ketik/")
        assert factories.person(9)["name"] in page.content.decode()
        restricted(pair, factories.person(9), kind=kind)
        for address in (f"/pasangan/{pair.pk}/ketik/", f"/pasangan/{pair.pk}/dukungan/"):
            assert factories.person(9)["name"] not in browser(typist).get(address).content.decode()

    def test_the_commission_and_bawaslu_still_see_it(self, pair, row, kpu, kind):
        restricted(pair, ROW, kind=kind)
        for who in (kpu, factories.user("bawaslu", Role.BAWASLU, 6474)):
            page = text_of(browser(who).get(f"/pasangan/{pair.pk}/dukungan/"))
            assert ROW["name"] in page
            assert ("Dibatasi" if kind == "restriction" else "dipakai tanpa izin") in page
        assert open_identity(row, by=kpu)["nik"] == ROW["nik"]


def test_reports_leave_the_row_out_for_the_team_only(pair, operator, row, kpu):
    upload = row.submission.uploads.get()
    restricted(pair, ROW, by=kpu)
    team = b"".join(download_report(upload, by=operator, audience="team", everything=True)).decode()
    office = b"".join(download_report(upload, by=kpu, audience="commission", everything=True)).decode()
    assert (told(team), team.count("\n")) == ([], 3)
    assert told(office)
    assert office.count("\n") == 4


def test_printed_lists_keep_the_line_and_nothing_of_the_person(pair, row, kpu):
    restricted(pair, ROW, by=kpu)
    reading = record_reading(Kind.LIST, pair, by=None, rows=3)
    (page,) = pages_of(row.submission, 0, LAST_AREA + 1, reading=reading)
    (line,) = page.filter(page["name"] == SENTENCE).drop("area", "name").rows()
    assert set(line) == {None}
    assert (page.height, told(str(page.rows()))) == (3, [])


def test_a_row_may_not_be_mended_but_may_go(pair, operator, row, kpu):
    restricted(pair, ROW, by=kpu)
    with pytest.raises(NotAllowed):
        edit_support(row, by=operator, changes={"name": "Lain"}, revision=0)
    with pytest.raises(NotAllowed):
        open_identity(row, by=operator)
    remove_support(row, by=operator, revision=0)
    assert not Support.objects.filter(pk=row.pk).exists()


def test_a_row_that_comes_later_is_meant_too(pair, operator, kpu):
    restricted(pair, ROW, by=kpu)
    from supports.rows import add_supports

    (again,) = add_supports(pair, by=operator, rows=[ROW])
    page = text_of(browser(operator).get(f"/pasangan/{pair.pk}/dukungan/"))
    assert (told(page), page.count(SENTENCE)) == ([], 2)
    with pytest.raises(NotAllowed):
        open_identity(Support.objects.get(pk=again.id), by=operator)


def test_a_correction_is_told_to_the_team_beside_the_row(pair, operator, row, kpu):
    request, _secret = fulfilled(
        pair.election, ROW, "correction", by=kpu, note="Pekerjaan: Guru", told="Pekerjaan salah"
    )
    team = browser(operator)
    assert "Pemilik data meminta perbaikan" in text_of(team.get(f"/pasangan/{pair.pk}/dukungan/"))
    form = text_of(team.get(f"/pasangan/{pair.pk}/dukungan/{row.pk}/"))
    assert "Pekerjaan: Guru" in form
    assert Reading.objects.filter(kind=Kind.IDENTITY, row_id=row.pk, by_id=operator.pk).count() == 1
    edit_support(row, by=operator, changes={"occupation": "Guru"}, revision=0)
    operations.end_mark(request.mark, by=kpu)
    assert "Pekerjaan: Guru" not in text_of(team.get(f"/pasangan/{pair.pk}/dukungan/{row.pk}/"))


def test_another_election_is_not_touched(pair, kpu):
    elsewhere = factories.pair(
        factories.election(name="Samarinda 2024", region_id=6472), name="Bayu – Kirana"
    )
    other = listed(elsewhere, [ROW], "operator2")
    restricted(pair, ROW, by=kpu)
    assert ROW["name"] in text_of(browser(other).get(f"/pasangan/{elsewhere.pk}/dukungan/"))


def test_a_restriction_that_was_lifted_hides_nothing(pair, operator, kpu, desk):
    mark = restricted(pair, ROW, by=kpu)
    desk.post(f"/permohonan-data/{mark.request_id}/akhiri/")
    assert ROW["name"] in text_of(browser(operator).get(f"/pasangan/{pair.pk}/dukungan/"))
    with pytest.raises(operations.Conflict):
        operations.end_mark(mark, by=kpu)


def test_a_page_of_the_list_asks_for_marks_once(pair, operator, kpu, django_assert_num_queries):
    restricted(pair, ROW, by=kpu)
    from supports.listing import rows_of

    submission = pair.submissions.get()
    ids = list(Support.objects.values_list("pk", flat=True))
    rows_of(ids, submission, "team")
    with django_assert_num_queries(7):
        rows_of(ids, submission, "team")


@pytest.mark.usefixtures("committed")
def test_the_copy_of_a_round_that_was_handed_in_proves_its_root_without_the_person():
    pair, operator = ready_team()
    hand_in(pair, by=operator)
    factories.work()
    receipt = Receipt.objects.get()
    person = ENOUGH[0]
    restricted(pair, person)
    lines = b"".join(download_rows(receipt, by=operator)).decode().splitlines()
    assert person["nik"] not in "".join(lines)
    assert person["name"] not in "".join(lines)
    rows = Rows(lines)
    rows.read()
    assert (check_rows(receipt.body, rows), rows.withheld) == ([], 1)
    forged = [line.replace('"withheld":false', '"withheld":true') for line in lines]
    other = json.loads(forged[2])
    forged[2] = json.dumps(other | {"leaf": "00" * 32})
    altered = Rows(forged)
    altered.read()
    assert check_rows(receipt.body, altered) != []
