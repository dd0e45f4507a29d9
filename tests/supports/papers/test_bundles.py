"""All papers as one ZIP: by a job, sealed, complete, for a day, and never beside the truth."""

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from pypdf import PdfReader

from candidates.queries import now
from foundation.jobs.models import Job
from foundation.keys.models import StoredFile
from foundation.storage import sweep_orphans
from foundation.workflow.models import Event
from supports.handing_in.hashing import root_now
from supports.models import PaperBundle, Submission
from supports.papers import bundles
from tests import factories
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
def rows(pair, operator):
    given = [
        *(factories.person(at) for at in range(5)),
        factories.person(6, district="Bontang Selatan", village="Berbas Tengah"),
        factories.person(7, regency="tidak dikenal"),
    ]
    factories.loaded(pair, operator, given)
    return given


def ask(pair, client, query=""):
    return client.post(reverse("ask_bundle", args=[pair.pk]) + query, follow=True)


def opened(pair, client):
    answer = client.get(reverse("bundle", args=[pair.pk, PaperBundle.objects.latest("id").pk]))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    content = b"".join(answer.streaming_content)
    assert int(answer["Content-Length"]) == len(content)
    return content


def fetch(pair, client):
    return zipfile.ZipFile(io.BytesIO(opened(pair, client)))


def text_in(archive, name):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(archive.read(name))).pages)


def test_one_zip_holds_every_form_and_every_row_once(pair, rows, team, monkeypatch):
    monkeypatch.setattr("supports.papers.printing.MOST_ROWS", 2)
    assert "sedang dicetak: 0 dari 7 pendukung" in text_of(ask(pair, team))
    factories.work()
    archive = fetch(pair, team)
    assert archive.testzip() is None
    names = archive.namelist()
    assert [name for name in names if "/" not in name] == [
        "MODEL-B.PENYERAHAN.DUKUNGAN.KWK-PERSEORANGAN.pdf",
        "MODEL-B.JUMLAH.DUKUNGAN.KWK.pdf",
    ]
    assert sum(name.startswith("Bontang Utara/") for name in names) == 3
    lists = [text_in(archive, name) for name in names if "/" in name]
    assert [sum(row["nik"] in text for text in lists) for row in rows] == [1] * len(rows)
    root = root_now(Submission.objects.get()).root
    assert all(root in re.sub(r"\s", "", text_in(archive, name)) for name in names)
    bundle = PaperBundle.objects.get()
    assert (bundle.rows, bundle.papers) == (7, len(names))
    assert (bundle.job.state, bundle.job.done) == ("done", 7)


def test_one_area_holds_its_lists_only(pair, rows, team):
    ask(pair, team, "?wilayah=647402")
    factories.work()
    (name,) = fetch(pair, team).namelist()
    assert "Berbas-Tengah" in name
    assert "ZIP Bontang Selatan: 1 dokumen" in text_of(team.get(reverse("papers", args=[pair.pk])))


def test_it_lies_sealed_and_goes_after_a_day(pair, rows, team):
    ask(pair, team)
    factories.work()
    file = PaperBundle.objects.get().file
    begins = opened(pair, team)[:16]
    assert begins.startswith(b"PK\x03\x04")
    assert timedelta(hours=23) < file.expires_at - now() <= timedelta(hours=24)
    stored = Path(default_storage.path(file.name)).read_bytes()
    # Marks long enough that sealed bytes do not happen to have them.
    assert not any(mark in stored for mark in (begins, b"%PDF-1.7", rows[0]["nik"].encode()))
    StoredFile.objects.filter(pk=file.pk).update(expires_at=now() - timedelta(seconds=1))
    assert sweep_orphans(timedelta(days=1)) == 1
    assert not default_storage.exists(file.name)
    answer = team.get(reverse("bundle", args=[pair.pk, PaperBundle.objects.get().pk]))
    assert answer.status_code == 409
    assert "dihapus setelah 24 jam" in text_of(answer)
    assert "Unduh ZIP" not in text_of(team.get(reverse("papers", args=[pair.pk])))


def test_the_same_zip_is_asked_for_once_while_it_is_made(pair, rows, team):
    ask(pair, team)
    ask(pair, team)
    ask(pair, team, "?wilayah=647402")
    assert sorted(PaperBundle.objects.values_list("area", flat=True)) == [0, 647402]


def test_rows_that_come_while_it_is_printed_throw_it_away(pair, rows, operator, team, monkeypatch):
    """Papers whose numbers do not agree would be worse than none."""
    real = bundles.list_data

    def adds_a_row(paper, source, place, part, **more):
        if not Submission.objects.get().uploads.filter(name="lagi.csv").exists():
            upload = factories.upload(pair, operator, [factories.person(50)], "lagi.csv")
            Job.objects.filter(pk=upload.job_id).update(lane="another")
            factories.work()
        return real(paper, source, place, part, **more)

    monkeypatch.setattr(bundles, "list_data", adds_a_row)
    before = set(StoredFile.objects.values_list("pk", flat=True))
    ask(pair, team)
    factories.work()
    job = PaperBundle.objects.get().job
    assert (job.state, job.error_code) == ("failed", "rows_changed")
    assert StoredFile.objects.exclude(pk__in=before).count() == 1  # the file that was loaded
    assert "tidak jadi" in text_of(team.get(reverse("papers", args=[pair.pk])))


def test_who_asked_and_who_fetched_are_events(pair, rows, operator, team):
    ask(pair, team)
    factories.work()
    fetch(pair, team)
    events = Event.objects.filter(name__startswith="papers_", by_id=operator.pk, pair_id=pair.pk)
    assert [(event.name, event.data["rows"]) for event in events] == [
        ("papers_requested", 7),
        ("papers_downloaded", 7),
    ]


def test_another_team_finds_nothing(pair, rows, team, client):
    ask(pair, team)
    factories.work()
    made = PaperBundle.objects.get()
    other = factories.pair(pair.election, "Andi Misal – Sri Contoh")
    client.force_login(factories.operator(other, "lawan"))
    for of in (pair, other):
        assert client.get(reverse("bundle", args=[of.pk, made.pk])).status_code == 404
    assert ask(pair, client).status_code == 404


def test_the_fragment_follows_and_ends(pair, rows, team):
    ask(pair, team)
    address = reverse("bundles", args=[pair.pk])
    assert "HX-Refresh" not in team.get(address)
    factories.work()
    answer = team.get(address)
    assert answer["HX-Refresh"] == "true"
    assert "Unduh ZIP" in text_of(answer)


def test_the_api_asks_follows_and_fetches(pair, rows, operator):
    api = client_of(operator)
    base = f"/api/v1/pairs/{pair.pk}/forms/zips/"
    asked = api.post(f"{base}?area=647401")
    assert asked.status_code == 202
    made = asked.json()
    assert (made["area"], made["state"], made["total"], made["expires_at"]) == (647401, "queued", 5, None)
    assert api.get(f"{base}{made['id']}/").json()["code"] == "papers_not_ready"
    factories.work()
    (told,) = api.get(base).json()
    assert (told["state"], told["papers"], told["done"]) == ("done", 1, 5)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(api.get(f"{base}{made['id']}/").streaming_content)))
    assert len(archive.namelist()) == 1
    assert api.post(f"{base}?area=6403").json()["code"] == "nothing_to_print"
