"""After a destruction nothing by which a person can be known is left, everything counted is, and nothing breaks."""

import json

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from foundation.accounts.matrix import Role
from foundation.errors import Refused
from foundation.keys.models import SealedKey, StoredFile
from foundation.readings.models import Reading
from foundation.workflow.models import Event
from supports.handing_in import verify
from supports.handing_in.receipts import receipt_of
from supports.handing_in.team_copy import download_rows
from supports.models import PairMatch, Receipt, Standing, Submission, Support, SupportSearch, Tally, Upload
from supports.retention.certifying import check_certificate
from supports.retention.models import Certificate
from supports.retention.operations import resume_destruction
from supports.rows import add_supports
from tests import factories
from tests.supports.handing_in.teams import round_of
from tests.supports.retention.making import approved, destroyed, ended_team, two_of_kpu_ri

pytestmark = pytest.mark.usefixtures("committed", "quick_log_ins")


@pytest.fixture
def people(committed):
    return two_of_kpu_ri()


@pytest.fixture
def team(committed):
    return ended_team()


def counts():
    return sorted(Tally.objects.values_list("submission", "area", "key", "n"))


def test_keys_rows_searches_and_files_go_and_counts_stay(team, people):
    names = [factories.person(number)["name"] for number in (1, 2)]
    before, receipt = counts(), receipt_of(round_of(team))
    files = [one.name for one in StoredFile.objects.filter(scope=f"election:{team[0].election_id}")]
    assert files and all(default_storage.exists(name) for name in files)
    made = destroyed(team[0].election, people)
    assert made.finished_at
    assert not Support.objects.exists()
    assert not SupportSearch.objects.exists()
    assert not PairMatch.objects.exists()
    assert not any(default_storage.exists(name) for name in files)
    assert not SealedKey.objects.filter(
        scope=f"election:{team[0].election_id}", wrapped__isnull=False
    ).exists()
    assert counts() == before
    assert Standing.objects.count() == 4
    assert Receipt.objects.get().body == receipt.body
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(t::text, ''), '') FROM supports_upload t")
        ((kept,),) = cursor.fetchall()
    assert not any(name in kept for name in names)
    assert Event.objects.filter(name="identities_destroyed").count() == 1


def test_the_certificate_says_what_went_and_is_signed(team, people):
    made = destroyed(team[0].election, people)
    body = made.certificate.body
    assert body["destroyed"]["rows"] == 4
    assert body["destroyed"]["uploads"] == 1
    assert body["kept"]["receipts"] == [receipt_of(round_of(team)).number]
    assert (body["proposed"]["by"], body["approved"]["by"]) == ("ri-satu", "ri-dua")
    assert (len(body["keys"]), body["digest"]) == (6, made.digest)
    assert check_certificate(body) == []


@pytest.mark.parametrize("name", ["number", "digest", "finished_at"])
def test_a_certificate_that_was_tampered_with_says_so(team, people, tmp_path, name):
    body = dict(destroyed(team[0].election, people).certificate.body)
    whole = tmp_path / "sertifikat.json"
    whole.write_text(json.dumps(body))
    assert verify.main([str(whole), "--certificate", "--public-key", body["public_key"]]) == 0
    body[name] = "lain"
    whole.write_text(json.dumps(body))
    assert verify.main([str(whole), "--certificate"]) == 1
    assert any("Tanda tangan tidak cocok" in fault for fault in check_certificate(body))


def test_a_certificate_is_never_changed(team, people):
    destroyed(team[0].election, people)
    for change in (
        lambda: Certificate.objects.update(number="x"),
        lambda: Certificate.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            change()


def test_rows_that_were_handed_in_leave_no_other_way(team, people):
    with pytest.raises(IntegrityError, match="handed in"), transaction.atomic():
        Support.objects.all().delete()
    assert Support.objects.count() == 4


def test_a_receipt_is_still_proved_by_the_teams_own_copy(team, people, tmp_path, capsys):
    receipt = receipt_of(round_of(team))
    rows, paper = tmp_path / "baris.jsonl", tmp_path / "tanda-terima.json"
    rows.write_bytes(b"".join(download_rows(receipt, by=team[1])))
    paper.write_text(json.dumps(receipt.body))
    destroyed(team[0].election, people)
    call_command("verify_receipt", str(paper), rows=str(rows))
    with pytest.raises(CommandError, match="dimusnahkan"):
        call_command("verify_receipt", str(paper))
    with pytest.raises(Refused, match="dimusnahkan"):
        download_rows(receipt, by=team[1])


def test_every_page_says_that_identities_are_gone_and_none_breaks(team, people):
    pair, operator = team
    upload, receipt = Upload.objects.get(), receipt_of(round_of(team))
    support = Support.objects.first()
    made = destroyed(pair.election, people)
    sentence = f"sertifikat {made.certificate.number}"
    lo, kpu = factories.user("lo", Role.LO, pair), factories.user("kpu", Role.KPU_REGENCY, 6474)
    pages = (
        f"/pasangan/{pair.pk}/",
        f"/pasangan/{pair.pk}/unggah/",
        f"/unggahan/{upload.pk}/",
        f"/pasangan/{pair.pk}/dukungan/",
        f"/pasangan/{pair.pk}/formulir/",
        f"/pasangan/{pair.pk}/masa/",
        f"/tanda-terima/{receipt.pk}/",
        f"/pemilihan/{pair.election_id}/",
        f"/pemilihan/{pair.election_id}/ganda/",
    )
    for user in (operator, lo, kpu, people[0]):
        client = Client()
        client.force_login(user)
        for address in pages:
            answer = client.get(address)
            if answer.status_code == 403:
                continue
            assert answer.status_code == 200, (user, address)
            assert sentence in answer.content.decode(), (user, address)
        # What would open something is refused in a sentence.
        for address in (
            f"/unggahan/{upload.pk}/laporan.csv",
            f"/pasangan/{pair.pk}/dukungan/{support.pk}/",
            f"/pasangan/{pair.pk}/formulir/daftar.csv",
            f"/pasangan/{pair.pk}/ketik/",
        ):
            answer = client.get(address)
            assert answer.status_code in (200, 403, 404, 409, 422), (user, address)
            if answer.streaming:
                b"".join(answer.streaming_content)


def test_nothing_new_is_taken_into_what_was_destroyed(team, people):
    destroyed(team[0].election, people)
    with pytest.raises(Refused):
        add_supports(team[0], by=team[1], rows=[factories.person(7)], target="pool")
    assert not Support.objects.exists()


def test_an_interrupted_destruction_goes_on(team, people, monkeypatch):
    made = approved(team[0].election, people)

    def broken(*_args):
        raise RuntimeError("the storage is away")

    monkeypatch.setattr("supports.retention.destroying._erase_files", broken)
    factories.work()
    made.refresh_from_db()
    assert (made.job.state, bool(made.keys_destroyed_at), made.finished_at) == ("failed", True, None)
    monkeypatch.undo()
    resume_destruction(made, by=people[0])
    factories.work()
    made.refresh_from_db()
    assert made.finished_at
    assert made.certificate.body["destroyed"]["rows"] == 4


def test_readings_of_what_was_destroyed_stay(team, people):
    before = Reading.objects.count()
    destroyed(team[0].election, people)
    assert Reading.objects.count() == before
    assert Submission.objects.get(kind="round").status == "submitted"
