"""Signed scans: sent until the window ends and in completion, replaced without being lost, read by permission."""

from datetime import timedelta

import pytest
from django.urls import reverse

from candidates.models import Window
from candidates.operations import open_window
from candidates.queries import now
from foundation.accounts.matrix import Role
from foundation.attachments.models import Attachment
from foundation.keys.models import StoredFile
from foundation.workflow.models import Event
from supports.models import PaperScan, Submission
from supports.papers.scans import papers_ready
from tests import documents, factories
from tests.foundation.attachments.test_documents import named
from tests.supports.calling import client_of
from tests.supports.test_pages import text_of

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


@pytest.fixture
def submission(pair, operator):
    factories.loaded(pair, operator, [factories.person(1), factories.person(2)])
    return Submission.objects.select_related("pair__election__rule_set", "rule_set").get(pair=pair)


def send(client, pair, purpose="number", content=None, name="B.JUMLAH.pdf", **fields):
    sent = {"document": named(documents.pdf() if content is None else content, name), **fields}
    return client.post(reverse("send_scan", args=[pair.pk, purpose]), sent, follow=True)


def handing_in(pair, *, begins, ends):
    moment = now()
    open_window(
        pair.election,
        by=None,
        stage="awal",
        kind="handing_in",
        opens_at=moment + begins,
        closes_at=moment + ends,
    )


def purposes(papers):
    return [paper.purpose for paper in papers]


def test_a_scan_is_sealed_shown_and_read_again(pair, submission, team):
    content = documents.pdf(pages=2)
    text = text_of(send(team, pair, content=content))
    assert "Pindaian Jumlah dan sebaran dukungan sudah disimpan." in text
    assert "B.JUMLAH.pdf" in text
    assert "2 halaman" in text
    scan = PaperScan.objects.get()
    answer = team.get(reverse("scan", args=[pair.pk, scan.pk]))
    assert b"".join(answer.streaming_content) == content
    assert "no-store" in answer["Cache-Control"]
    assert scan.attachment.stored_file.scope == f"election:{pair.election_id}"


def test_readiness_names_what_is_missing_until_nothing_is(pair, submission, team):
    assert purposes(papers_ready(submission).missing) == ["submission", "number"]
    assert "MODEL B.JUMLAH.DUKUNGAN.KWK" in papers_ready(submission).sentence
    send(team, pair)
    ready = papers_ready(submission)
    assert (purposes(ready.missing), ready.ready) == (["submission"], False)
    send(team, pair, "submission", documents.picture("jpg"), "surat.jpg")
    assert papers_ready(submission).ready
    assert papers_ready(submission).sentence == ""


def test_a_scan_of_an_older_number_is_outdated(pair, submission, operator, team):
    team.get(reverse("paper", args=[pair.pk, "number"]))
    factories.loaded(pair, operator, [factories.person(9)], "lagi.csv")
    text = text_of(send(team, pair))
    assert "Jumlah pendukung berubah sejak lembar ini dicetak." in text
    assert purposes(papers_ready(submission).outdated) == ["number"]
    team.get(reverse("paper", args=[pair.pk, "number"]))
    send(team, pair, content=documents.pdf(title="lagi"))
    ready = papers_ready(submission)
    assert (purposes(ready.outdated), purposes(ready.missing)) == ([], ["submission"])


def test_several_files_and_one_in_the_place_of_another_which_is_kept(pair, submission, team):
    send(team, pair, content=documents.pdf(title="satu"), name="satu.pdf")
    send(team, pair, content=documents.pdf(title="dua"), name="dua.pdf")
    first, second = PaperScan.objects.order_by("id")
    send(team, pair, content=documents.pdf(title="tiga"), name="tiga.pdf", replaces=first.pk)
    first.refresh_from_db()
    assert first.ended_at
    held = PaperScan.objects.filter(ended_at=None).order_by("id")
    assert [scan.attachment.name for scan in held] == ["dua.pdf", "tiga.pdf"]
    answer = team.get(reverse("scan", args=[pair.pk, first.pk]))
    assert b"".join(answer.streaming_content) == documents.pdf(title="satu")
    assert "1 pindaian terdahulu" in text_of(team.get(reverse("papers", args=[pair.pk])))
    again = send(team, pair, content=documents.pdf(title="empat"), replaces=first.pk)
    assert "sudah diganti atau ditarik" in text_of(again)
    team.post(reverse("withdraw_scan", args=[pair.pk, second.pk]))
    assert PaperScan.objects.filter(ended_at=None).count() == 1
    names = list(Event.objects.filter(name__startswith="paper_scan").values_list("name", flat=True))
    assert sorted(set(names)) == ["paper_scan_opened", "paper_scan_sent", "paper_scan_withdrawn"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "kosong"),
        (b"MZ bukan dokumen", "bukan PDF, JPG, atau PNG"),
        (documents.pdf(password="rahasia"), "dilindungi kata sandi"),
    ],
)
def test_what_is_no_scan_is_refused_and_leaves_nothing(pair, submission, team, content, sentence):
    before = StoredFile.objects.count()
    assert sentence in text_of(send(team, pair, content=content))
    assert (PaperScan.objects.count(), Attachment.objects.count()) == (0, 0)
    assert StoredFile.objects.count() == before


def test_the_same_file_twice_is_kept_once(pair, submission, team):
    send(team, pair)
    before = StoredFile.objects.count()
    assert "isi yang sama sudah ada" in text_of(send(team, pair))
    assert (PaperScan.objects.count(), StoredFile.objects.count()) == (1, before)


def test_a_form_of_other_rules_and_a_worksheet_take_no_scan(pair, submission, team):
    assert "tidak mengenal formulir" in text_of(send(team, pair, "recap"))
    assert "Lembar kerja tidak ditandatangani" in text_of(send(team, pair, "list"))
    assert not PaperScan.objects.exists()


def test_scans_are_taken_before_the_window_opens_and_until_it_ends(pair, submission, team):
    handing_in(pair, begins=timedelta(days=1), ends=timedelta(days=2))
    send(team, pair)
    assert PaperScan.objects.count() == 1
    Window.objects.filter(kind="handing_in").update(
        opens_at=now() - timedelta(days=2), closes_at=now() - timedelta(hours=1)
    )
    text = text_of(send(team, pair, "submission"))
    assert "Masa penyerahan dukungan berakhir" in text
    assert PaperScan.objects.count() == 1
    assert "Unggah pindaian" not in text
    (scan,) = PaperScan.objects.all()
    team.post(reverse("withdraw_scan", args=[pair.pk, scan.pk]))
    scan.refresh_from_db()
    assert scan.ended_at is None


@pytest.mark.parametrize(
    ("status", "taken"),
    [("submitted", 1), ("completing", 1), ("accepted", 0), ("in_review", 0), ("lapsed", 0)],
)
def test_a_round_takes_scans_while_it_is_handed_in_and_completed(pair, submission, team, status, taken):
    ends = timedelta(hours=-1) if status == "completing" else timedelta(hours=1)
    handing_in(pair, begins=timedelta(days=-1), ends=ends)
    Submission.objects.filter(pk=submission.pk).update(status=status)
    text = text_of(send(team, pair))
    assert PaperScan.objects.count() == taken
    assert ("pindaian formulir tidak diterima lagi" in text) is not bool(taken)


def test_scans_are_read_by_the_commission_and_sent_by_the_own_team(pair, submission, team, client):
    send(team, pair)
    address = reverse("scan", args=[pair.pk, PaperScan.objects.get().pk])
    client.force_login(factories.user("verifikator", Role.VERIFIER, 6474))
    assert b"".join(client.get(address).streaming_content) == documents.pdf()
    assert "Unggah pindaian" not in text_of(client.get(reverse("papers", args=[pair.pk])))
    assert send(client, pair, "submission").status_code == 403
    client.force_login(factories.user("pemantau", Role.OBSERVER, 6474))
    assert client.get(address).status_code == 403
    other = factories.pair(pair.election, "Andi Misal – Sri Contoh")
    client.force_login(factories.operator(other, "lawan"))
    assert client.get(address).status_code == 404
    assert send(client, pair, "submission").status_code == 404
    assert (
        client.post(reverse("withdraw_scan", args=[pair.pk, PaperScan.objects.get().pk])).status_code == 404
    )
    mixed = reverse("scan", args=[other.pk, PaperScan.objects.get().pk])
    assert client.get(mixed).status_code == 404


def test_a_form_without_its_token_is_refused(pair, submission, operator):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(operator)
    assert "Formulir sudah kedaluwarsa" in text_of(send(strict, pair))
    assert not PaperScan.objects.exists()


def test_the_api_sends_lists_and_withdraws(pair, submission, operator):
    api = client_of(operator)
    path = f"/api/v1/pairs/{pair.pk}/forms/number/scans/"
    sent = api.post(path, {"document": named(documents.pdf(), "jumlah.pdf")}, format="multipart")
    assert sent.status_code == 201
    made = sent.json()
    assert (made["form"], made["kind"], made["pages"], made["rows"]) == ("number", "pdf", 1, 2)
    assert api.get(path).json() == [made]
    again = named(documents.pdf(title="b"), "b.pdf")
    second = api.post(path, {"document": again, "replaces": made["id"]}, format="multipart").json()
    assert [scan["id"] for scan in api.get(path).json()] == [second["id"]]
    one = f"/api/v1/pairs/{pair.pk}/forms/scans/{second['id']}/"
    assert b"".join(api.get(one).streaming_content) == documents.pdf(title="b")
    assert api.delete(one).status_code == 204
    assert api.delete(one).status_code == 409
    assert api.get(path).json() == []
    wrong = api.post(path, {"document": named(b"MZ", "x.pdf")}, format="multipart")
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["field"]) == (
        422,
        "document_kind",
        "document",
    )
    missing = api.post(path, {"replaces": "1"}, format="multipart")
    assert missing.json()["code"] == "document_missing"
