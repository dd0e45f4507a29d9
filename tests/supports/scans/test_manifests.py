"""A list beside the scans says which file is whose: of files that wait and those to come; wrong lines harm nothing."""

import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from foundation.workflow.models import Event
from supports.models import Submission, Support, Upload
from supports.scans.models import ManifestLine, Scan, ScanManifest, UnreadScan
from supports.scans.operations import take_scan_off
from tests import factories
from tests.factories import person, work
from tests.supports.calling import client_of
from tests.supports.mended import report_of, written
from tests.supports.scans import papers
from tests.supports.scans.test_placing import loaded, nik
from tests.supports.test_pages import text_of

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def team(committed):
    pair = factories.pair()
    return pair, factories.operator(pair)


def sent(team, *lines, api=None):
    """The answer to a list of these lines, and the list once it was read."""
    body = {"file": SimpleUploadedFile("daftar.csv", "\n".join(lines).encode(), "text/csv")}
    answer = (api or client_of(team[1])).post(
        f"/api/v1/pairs/{team[0].pk}/scan-manifests/", body, format="multipart"
    )
    work()
    return answer, ScanManifest.objects.first()


def row_ids(upload, by):
    """What reports have as "ID baris"."""
    return [line["ID baris"] for line in report_of(upload, by)]


def test_files_that_wait_and_files_that_come_are_given_their_rows(team):
    rows = loaded(team, [person(1), person(2, ref="R-2"), person(3), person(4), person(5)])
    signed = row_ids(Upload.objects.get(), team[1])
    papers.taken(
        *team,
        {"a/IMG1.jpg": papers.scan("1"), "IMG2.jpg": papers.scan("2"), f"{nik(5)}.jpg": papers.scan("5")},
    )
    answer, manifest = sent(
        team,
        "Berkas;NIK;Rujukan;ID baris;Jenis",
        f"a/IMG1.jpg;{nik(1)};;;ktp",
        "b\\img2.jpg;;R-9;;",
        "IMG2.JPG;;R-2;;pernyataan",
        f"IMG3.jpg;;;{signed[2]};suket",
        f"x/IMG4.jpg;;;{rows[3].pk};",
        f"{nik(5)}.jpg;;;;ktp",
    )
    assert (answer.status_code, answer.json()["job"]["state"]) == (202, "queued")
    assert (manifest.lines, manifest.kept, manifest.wrong, manifest.matched) == (6, 6, 0, 2)
    assert [(one.kind, one.found_by) for one in papers.held(rows[0].pk)] == [("ktp", "nik")]
    assert [(one.kind, one.found_by) for one in papers.held(rows[1].pk)] == [("statement", "ref")]
    # What has its row keeps it as it is.
    assert [one.kind for one in papers.held(rows[4].pk)] == ["bundle"]
    assert UnreadScan.objects.filter(scan_id=papers.held(rows[0].pk)[0].pk).count() <= 1
    papers.taken(
        *team, {"IMG3.jpg": papers.scan("3"), "x/IMG4.jpg": papers.scan("4"), "IMG4.jpg": papers.scan("y")}
    )
    assert [(one.kind, one.found_by) for one in papers.held(rows[2].pk)] == [("suket", "row")]
    assert [(one.kind, one.found_by) for one in papers.held(rows[3].pk)] == [("bundle", "row")]
    assert Scan.objects.get(support=None).reason == "no_row"
    assert (answer := client_of(team[1]).get(answer["Location"]).json())["faults"] == []
    assert (answer["kept"], answer["job"]["state"]) == (6, "done")


def test_wrong_lines_are_told_by_their_number_and_harm_no_other(team):
    (row, _other) = loaded(team, [person(1), person(2)])
    rival = factories.pair(team[0].election, "Andi Misal – Sri Contoh")
    factories.loaded(rival, factories.operator(rival, "lawan"), [person(5)])
    theirs = Support.objects.latest("id").pk
    files = {"1.jpg": papers.scan("1"), "a/2.jpg": papers.scan("2"), "b/2.jpg": papers.scan("3")}
    papers.taken(*team, files)
    answer, manifest = sent(
        team,
        "berkas,nik,rujukan,id baris,jenis",
        f"../../1.jpg,{nik(1)},,,ktp",
        ",6474010101019001,,,",
        "3.jpg,6.47401E+15,,,",
        f"4.jpg,,,{theirs},",
        "4.jpg,,,R00000000000000000000000000000000,",
        "5.jpg,,L-1,,paspor",
        "6.jpg,,,,",
        "7.jpg,,L-1,,",
        "",
        "7.jpg,,L-2,,",
        f"2.jpg,{nik(2)},,,",
        f'"8.jpg,{nik(1)},,,',
        f"1.jpg,{nik(1)},,,ktp",
    )
    told = client_of(team[1]).get(answer["Location"]).json()
    assert [(fault["line"], fault["code"]) for fault in told["faults"]] == [
        (3, "no_file"), (4, "nik"), (5, "row"), (6, "row"), (7, "kind"), (8, "nothing"), (9, "twice"), (11, "twice"),
        (12, "several"), (13, "quote"),
    ]  # fmt: skip
    assert (told["lines"], told["kept"], told["wrong"], told["matched"]) == (12, 2, 10, 1)
    assert [one.kind for one in papers.held(row.pk)] == ["ktp"]
    assert Scan.objects.filter(support=None).count() == 2
    client = Client()
    client.force_login(team[1])
    page = text_of(client.get(reverse("scan_manifest", args=[team[0].pk, manifest.pk])))
    assert "4 NIK-nya bukan 16 angka. Bila Excel mengubahnya" in page
    assert "Baris dipakai 2 dari 12 baris" in page
    assert "daftar.csv" in text_of(client.get(reverse("support_scans", args=[team[0].pk])))
    client.force_login(factories.operator(rival, "lawan-2"))
    assert client.get(reverse("scan_manifest", args=[team[0].pk, manifest.pk])).status_code == 404


def test_no_identity_of_a_list_stands_in_clear(team, caplog):
    caplog.set_level(logging.DEBUG)
    loaded(team, [person(1)])
    sent(team, "berkas,nik,rujukan", f"{nik(1)}.jpg,{nik(1)},", f"2.jpg,,{nik(1)}", f"3.jpg,{nik(1)[:15]},")
    line = ManifestLine.objects.filter(nik__isnull=False)
    assert line.count() == 2
    assert set(line.values_list("nik", "token")) == {(Support.objects.get().nik, "")}
    kept = [*ManifestLine.objects.values(), *ScanManifest.objects.values(), *Event.objects.values()]
    assert nik(1)[:15] not in f"{kept} {caplog.text}"


def test_what_is_no_list_is_refused_at_once_and_keeps_nothing(team):
    for lines, code in (
        (["a,b", "1,2"], "manifest_columns"),
        (["berkas", "1.jpg"], "manifest_columns"),
        ([""], "file_empty"),
    ):
        answer, manifest = sent(team, *lines)
        assert (answer.status_code, answer.json()["code"], manifest) == (422, code, None)
    client = Client(enforce_csrf_checks=True)
    client.force_login(team[1])
    address = reverse("send_scan_manifest", args=[team[0].pk])
    assert client.post(address, {"file": SimpleUploadedFile("a.csv", b"berkas,nik\n")}).status_code == 403
    assert not ScanManifest.objects.exists()
    page = Client()
    page.force_login(team[1])
    told = page.post(address, {"file": SimpleUploadedFile("a.csv", b"a,b\n")}, follow=True)
    assert "Daftar ini bukan CSV dengan kolom yang dikenal" in text_of(told)


def test_a_later_list_holds_and_the_same_one_again_is_the_same(team):
    first, second = loaded(team, [person(1), person(2)])
    sent(team, "berkas,nik", f"IMG1.jpg,{nik(1)}")
    lines = ["berkas,nik", f"IMG1.jpg,{nik(2)}"]
    assert [sent(team, *lines)[0].status_code for _ in range(2)] == [202, 200]
    # A list inside the ZIP is nearer than one sent beside it; both are nearer than a name.
    papers.taken(
        *team,
        {"manifest.csv": f"berkas,id baris\nIMG1.jpg,{first.pk}".encode(), "IMG1.jpg": papers.scan("a")},
    )
    assert [one.found_by for one in papers.held(first.pk)] == ["row"]
    papers.taken(*team, {f"{nik(1)}/IMG1.jpg": papers.scan("b")})
    assert len(papers.held(second.pk)) == 1
    # Who was taken off stays with people; a name several files have says nothing.
    scan = papers.held(second.pk)[0]
    take_scan_off(scan, by=team[1])
    sent(team, "berkas,nik,jenis", f"IMG1.jpg,{nik(2)},ktp")
    papers.taken(*team, {"a/IMG1.jpg": papers.scan("c"), "b/IMG1.jpg": papers.scan("d")})
    assert papers.held(second.pk) == []
    assert sorted(Scan.objects.filter(support=None).values_list("reason", flat=True)) == [
        "no_row",
        "no_row",
        "taken_off",
    ]


def test_a_row_that_was_mended_since_is_found_by_the_id_it_had(team):
    (row,) = loaded(team, [person(1, name="Budi")])
    report = report_of(Upload.objects.get(), team[1])
    report[0]["Nama"] = "Budi Lain"
    factories.loaded(*team, written(report), "laporan.csv")
    new = Support.objects.latest("id")
    _answer, manifest = sent(team, "berkas,id baris", f"IMG1.jpg,{row.pk}")
    assert (new.pk != row.pk, manifest.kept) == (True, 1)
    papers.taken(*team, {"IMG1.jpg": papers.scan()})
    assert len(papers.held(new.pk)) == 1
    assert Submission.objects.filter(pair=team[0]).count() == 1
