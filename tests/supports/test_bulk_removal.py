"""Removing all rows a filter shows: looked at, confirmed, carried out whole or not at all."""

import pytest

from foundation.errors import Conflict, Refused
from foundation.jobs.models import Job
from foundation.workflow.models import Event
from supports import bulk_removal
from supports.bulk_removal import in_words, preview_removal, request_removal
from supports.listing import Filter
from supports.models import Submission, Support, Upload
from supports.progress import progress
from supports.rows import add_supports, remove_support
from tests import factories
from tests.supports.calling import client_of
from tests.supports.test_counts import check_everything
from tests.supports.test_search import found

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


@pytest.fixture
def filled(pair, operator):
    """A round of two files: twelve rows without fault, five without a name, and a person who is in both."""
    factories.loaded(pair, operator, [factories.person(at) for at in range(12)], "utara.csv")
    nameless = [factories.person(20 + at, name="", phone="") for at in range(5)]
    factories.loaded(pair, operator, [*nameless, factories.person(0)], "selatan.csv")
    return Submission.objects.select_related("pair__election__rule_set", "rule_set").get()


def remove(submission, by, **wanted):
    seen = preview_removal(submission, Filter(**wanted))
    job = request_removal(submission, Filter(**wanted), by=by, count=seen.count, token=seen.token)
    factories.work()
    return Job.objects.get(pk=job.pk)


def test_a_preview_says_how_many_and_which_and_in_words(filled):
    seen = preview_removal(filled, Filter(finding="NAME_MISSING"))
    assert (seen.count, len(seen.examples)) == (5, 5)
    upload = Upload.objects.get(name="selatan.csv")
    wanted = Filter(finding="NAME_MISSING", area=647401, upload=upload.pk, status="unverified")
    assert in_words(filled, wanted) == [
        "temuan “Nama kosong”",
        "wilayah Bontang Utara",
        "status “Belum diperiksa”",
        "berkas selatan.csv",
    ]
    assert len(preview_removal(filled, Filter(area=6474)).examples) == 10
    assert Support.objects.count() == 18


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        ({"finding": "NAME_MISSING"}, 13),
        ({"area": 6474}, 0),
        ({"status": "unverified"}, 0),
        ({"area": 647403}, 18),
    ],
)
def test_exactly_the_rows_of_the_filter_go(filled, operator, monkeypatch, wanted, left):
    monkeypatch.setattr(bulk_removal, "BATCH", 2)
    if left == 18:
        with pytest.raises(Refused) as refused:
            remove(filled, operator, **wanted)
        assert refused.value.code == "nothing_to_remove"
    else:
        assert remove(filled, operator, **wanted).state == "done"
    assert Support.objects.count() == progress(filled.pair).submitted == left
    check_everything(filled)


def test_a_copy_counts_once_the_first_is_removed(filled, operator):
    assert progress(filled.pair).findings["DUPLICATE_IDENTICAL"] == 1
    remove(filled, operator, upload=Upload.objects.get(name="utara.csv").pk)
    assert "DUPLICATE_IDENTICAL" not in progress(filled.pair).findings
    assert found(filled, name="budi contoh") == [factories.person(0)["name"]]
    check_everything(filled)


def test_what_was_removed_is_an_event_with_its_number_and_no_name(filled, operator):
    remove(filled, operator, finding="NAME_MISSING")
    asked, done = Event.objects.filter(name__contains="remov").order_by("id")
    assert (asked.name, done.name, done.by_id) == ("removal_requested", "supports_removed", operator.pk)
    assert (done.data["rows"], done.data["filter"]["finding"]) == (5, "NAME_MISSING")
    assert done.data["digest"].startswith("5-")
    assert done.pair_id == filled.pair_id


def test_rows_that_changed_since_they_were_seen_stay(filled, operator):
    wanted = Filter(finding="NAME_MISSING")
    seen = preview_removal(filled, wanted)
    add_supports(filled.pair, by=operator, rows=[factories.person(60, name="")])
    with pytest.raises(Conflict) as changed:
        request_removal(filled, wanted, by=operator, count=seen.count, token=seen.token)
    assert changed.value.code == "rows_changed"
    assert "tidak ada yang dihapus" in changed.value.message


def test_as_many_but_other_rows_are_not_the_rows_that_were_seen(filled, operator):
    wanted = Filter(finding="NAME_MISSING")
    seen = preview_removal(filled, wanted)
    first = Support.objects.filter(name=None).select_related("submission__pair__election").first()
    remove_support(first, by=operator, revision=0)
    add_supports(filled.pair, by=operator, rows=[factories.person(60, name="")])
    assert preview_removal(filled, wanted).count == seen.count
    with pytest.raises(Conflict):
        request_removal(filled, wanted, by=operator, count=seen.count, token=seen.token)


def test_rows_that_change_before_the_job_runs_stay(filled, operator):
    seen = preview_removal(filled, Filter(finding="NAME_MISSING"))
    job = request_removal(
        filled, Filter(finding="NAME_MISSING"), by=operator, count=seen.count, token=seen.token
    )
    add_supports(filled.pair, by=operator, rows=[factories.person(60, name="")])
    factories.work()
    ended = Job.objects.get(pk=job.pk)
    assert (ended.state, ended.error_code) == ("failed", "rows_changed")
    assert Support.objects.count() == 19
    check_everything(filled)


def test_asked_twice_it_is_one_job_and_another_has_to_wait(filled, operator):
    seen = preview_removal(filled, Filter(finding="NAME_MISSING"))
    asked = {"by": operator, "count": seen.count, "token": seen.token}
    first = request_removal(filled, Filter(finding="NAME_MISSING"), **asked)
    assert request_removal(filled, Filter(finding="NAME_MISSING"), **asked) == first
    other = preview_removal(filled, Filter(area=6474))
    with pytest.raises(Conflict) as waiting:
        request_removal(filled, Filter(area=6474), by=operator, count=other.count, token=other.token)
    assert waiting.value.code == "removal_waiting"
    factories.work()
    assert request_removal(filled, Filter(finding="NAME_MISSING"), **asked) == first
    assert Event.objects.filter(name="removal_requested").count() == 1


def test_without_a_filter_or_a_window_nothing_is_removed(filled, operator):
    with pytest.raises(Refused) as unfiltered:
        preview_removal(filled, Filter())
    filled.pair.election.windows.all().delete()
    with pytest.raises(Refused) as closed:
        preview_removal(filled, Filter(finding="NAME_MISSING"))
    assert (unfiltered.value.code, closed.value.code) == ("filter_missing", "window_closed")


# ---- through the API and the page ------------------------------------------------------------------------


def test_a_program_looks_removes_and_follows(filled, operator):
    client = client_of(operator)
    address = f"/api/v1/pairs/{filled.pair_id}/supports/remove/"
    asked = {"filter": {"finding": "NAME_MISSING"}}
    seen = client.post(address, {**asked, "preview": True}, format="json").json()
    assert (seen["count"], seen["filter_in_words"]) == (5, ["temuan “Nama kosong”"])
    assert all("•" in row["nik"] for row in seen["examples"])
    missing = client.post(address, asked, format="json")
    assert (missing.status_code, missing.json()["code"]) == (422, "preview_missing")
    wrong = client.post(address, {**asked, "count": 4, "token": seen["token"]}, format="json")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "rows_changed")
    done = client.post(address, {**asked, "count": 5, "token": seen["token"]}, format="json")
    assert (done.status_code, done.json()["state"]) == (202, "queued")
    factories.work()
    assert client.get(done["Location"]).json()["state"] == "done"
    assert progress(filled.pair).submitted == 13


def test_another_pair_removes_nothing_here(filled, operator):
    other = factories.pair(filled.pair.election, "Bayu Umpama – Kirana Andaikan")
    client = client_of(factories.operator(other, "operator2"))
    asked = {"filter": {"finding": "NAME_MISSING"}, "preview": True}
    here = f"/api/v1/pairs/{filled.pair_id}/supports/remove/"
    assert client.post(here, asked, format="json").status_code == 404
    job = remove(filled, operator, finding="NAME_MISSING")
    assert client.get(f"{here}{job.pk}/").status_code == 404
    assert client.get(f"/api/v1/pairs/{other.pk}/supports/remove/{job.pk}/").status_code == 404


def test_a_page_shows_ten_and_asks_for_the_number(client, filled, operator):
    client.force_login(operator)
    listed = client.get(f"/pasangan/{filled.pair_id}/dukungan/", {"wilayah": "6474"}).content.decode()
    address = f"/pasangan/{filled.pair_id}/dukungan/hapus/?wilayah=6474"
    assert f'href="{address}"' in listed
    page = client.get(address)
    assert len(page.context["preview"].examples) == 10
    assert "Hapus 18 baris" in page.content.decode()
    token = page.context["preview"].token
    wrong = client.post(address, {"count": "17", "token": token})
    assert wrong.status_code == 422
    assert "bukan 18" in wrong.content.decode()
    asked = client.post(address, {"count": "18", "token": token})
    assert "0 dari 18 baris" in client.get(asked["Location"]).content.decode()
    factories.work()
    assert "18 baris dihapus" in client.get(asked["Location"]).content.decode()
    assert client.get(asked["Location"], headers={"HX-Request": "true"}).status_code == 286


def test_without_a_filter_the_page_leads_back_and_says_why(client, filled, operator):
    client.force_login(operator)
    answer = client.get(f"/pasangan/{filled.pair_id}/dukungan/hapus/", follow=True)
    assert "Belum ada saringan" in answer.content.decode()
