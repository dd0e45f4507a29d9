"""``manage.py ingest``: the command-line twin of handing a file in."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from foundation.accounts.matrix import Role
from foundation.jobs.models import Job
from foundation.keys.models import StoredFile
from foundation.workflow.models import Event
from supports.models import Support, Upload
from tests import factories

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "dukungan.csv"
    file.write_bytes(
        factories.as_csv([factories.person(1), factories.person(2, nik=""), factories.person(1)])
    )
    return file


def ingest(path, pair, **options):
    out = io.StringIO()
    call_command("ingest", str(path), pair=pair.pk, stdout=out, **options)
    return out.getvalue()


def test_it_loads_the_file_right_here_and_says_the_counts(pair, path):
    operator = factories.operator(pair)
    said = json.loads(ingest(path, pair, username="operator", json=True))
    upload = Upload.objects.get()
    assert said == {
        "id": upload.pk,
        "new": True,
        "status": "loaded",
        "error": None,
        "rows": 3,
        "rows_clean": 1,
        "findings": {"NIK_MISSING": 1, "DUPLICATE_IDENTICAL": 1},
    }
    assert (upload.name, upload.received_by) == ("dukungan.csv", operator)
    assert Support.objects.count() == 3


def test_without_a_name_the_system_does_it(pair, path):
    text = ingest(path, pair)
    assert "3 baris, 1 terhitung" in text
    assert "NIK_MISSING 1" in text
    assert Upload.objects.get().received_by is None
    assert Event.objects.get(name="upload_received").by_id is None


def test_the_same_file_again_is_the_same_upload(pair, path):
    ingest(path, pair)
    assert "sudah pernah diunggah" in ingest(path, pair)
    assert (Upload.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_a_worker_may_be_left_to_load_it(pair, path):
    said = json.loads(ingest(path, pair, no_wait=True, json=True))
    assert (said["status"], said["rows"]) == ("received", 0)
    assert Job.objects.get().state == "queued"


def test_a_mapping_may_be_given(pair, path):
    path.write_bytes(path.read_bytes().replace(b"NIK,Nama", b"Kolom A,Kolom B"))
    with pytest.raises(CommandError, match="--mapping"):
        ingest(path, pair)
    said = json.loads(ingest(path, pair, json=True, mapping={"nik": "Kolom A", "name": "Kolom B"}))
    assert said["status"] == "loaded"


def test_a_file_that_cannot_be_read_ends_the_command_with_its_sentence(pair, path):
    path.write_bytes(b"%PDF-1.7 \x00\x01")
    with pytest.raises(CommandError, match="PDF"):
        ingest(path, pair)
    assert Upload.objects.get().status == "failed"


def test_who_may_not_upload_for_the_pair_does_not_find_it(pair, path):
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    factories.operator(other)
    factories.user("kpu", Role.KPU_REGENCY, 6474)
    for username in ("operator", "kpu"):
        with pytest.raises(CommandError, match="tidak ada"):
            ingest(path, pair, username=username)
    with pytest.raises(CommandError, match="Akun"):
        ingest(path, pair, username="entah")
    assert not StoredFile.objects.exists()


def test_the_pool_takes_a_file_while_no_window_is_open(pair, path):
    pair.election.windows.all().delete()
    said = json.loads(ingest(path, pair, target="pool", json=True))
    assert (said["status"], said["rows"]) == ("loaded", 3)
    assert Upload.objects.get().submission.kind == "pool"
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("ingest", str(path), "--pair", str(pair.pk), "--target", "entah")


def test_what_is_not_there_is_said(pair, path):
    with pytest.raises(CommandError, match="tidak dapat dibuka"):
        ingest(path.with_name("entah.csv"), pair)
    path.write_bytes(b"")
    with pytest.raises(CommandError, match="kosong"):
        ingest(path, pair)
    pair.election.windows.all().delete()
    path.write_bytes(b"NIK,Nama\n1,2\n")
    with pytest.raises(CommandError, match="belum dijadwalkan"):
        ingest(path, pair)
