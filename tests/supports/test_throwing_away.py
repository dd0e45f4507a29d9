"""A practice election is thrown away as a whole; a real one never, and nothing of another election goes with it."""

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.db.models import SET_NULL
from django.urls import reverse

from candidates.models import Election, ElectionArea, Outage, Pair, Ruling, ScheduleVersion, Window
from candidates.outages import record_outage
from candidates.queries import now
from foundation import sql
from foundation.accounts.matrix import Role
from foundation.accounts.models import Assignment, User
from foundation.attachments.models import Attachment
from foundation.errors import NotAllowed, Refused
from foundation.jobs.models import Job
from foundation.keys.keyring import KeysDestroyed, keyring
from foundation.keys.models import StoredFile
from foundation.workflow import engine
from foundation.workflow.models import Event
from supports import models
from supports.rows import add_supports
from supports.scans.models import Scan, ScanBatch, ScanCount, ScanPack
from supports.throwing_away import APART, request_throwing_away, tables_of_an_election
from tests import documents, factories
from tests.candidates.making import make_ruling
from tests.foundation.accounts.people import token_of
from tests.foundation.attachments.test_documents import named
from tests.supports.scans import papers as scans

pytestmark = pytest.mark.usefixtures("committed")
NAME = "Bimtek Bontang"
SUPPORT_TABLES = [
    models.Support, models.Standing, models.Finding, models.SupportSearch, models.Mend, models.PairMatch,
    models.PairMatchCount, models.Tally, models.UploadTally, models.AreaTally, models.Upload, models.Submission,
    models.Repeat, models.TypedBatch, models.IncomingFile, Scan, ScanBatch, ScanPack, ScanCount,
]  # fmt: skip


def used(*, practice=True, name=NAME):
    """An election in which everything happened: two pairs, files, typed rows, the pool, a ruling, an outage."""
    election = factories.election(name=name, practice=practice)
    first = factories.pair(election)
    second = factories.pair(election, "Bayu Umpama – Kirana Andaikan")
    own, other = (factories.operator(pair, f"{name}-{pair.pk}") for pair in (first, second))
    people = [factories.person(at) for at in range(12)]
    factories.loaded(first, own, [*people, people[0]])
    factories.loaded(first, own, people[:5], "lagi.csv")
    factories.loaded(second, other, people[:3])
    factories.loaded(first, own, [factories.person(99)], "cadangan.csv", target="pool")
    add_supports(second, by=other, rows=[factories.person(40)], idempotency_key="sekali")
    scans.taken(first, own, {f"{people[0]['nik']}.jpg": scans.scan(), "x.docx": b"x"})
    make_ruling(first)
    record_outage(by=None, affected="Pengunggahan", description="Penuh.", election_ids=[election.pk])
    factories.work()
    return election


def counts():
    return {model._meta.label: model._base_manager.count() for model in SUPPORT_TABLES}


def throw_away(election, by=None):
    request_throwing_away(election, by=by, name=election.name)
    factories.work()
    return Job.objects.filter(kind="supports.throw_away_election").order_by("-id").first()


class TestEverythingGoes:
    def test_signed_scans_and_printed_papers_go_with_it(self, client):
        election = used()
        pair = election.pairs.first()
        client.force_login(User.objects.get(username=f"{NAME}-{pair.pk}"))
        scan = {"document": named(documents.pdf(), "jumlah.pdf")}
        client.post(reverse("send_scan", args=[pair.pk, "number"]), scan)
        client.post(reverse("ask_bundle", args=[pair.pk]))
        factories.work()
        assert (models.PaperScan.objects.count(), models.PaperBundle.objects.count()) == (1, 1)
        names = [stored.name for stored in StoredFile.objects.filter(scope=f"election:{election.pk}")]
        assert throw_away(election).state == "done"
        for model in (models.PaperScan, models.PaperBundle, Attachment, StoredFile):
            assert not model.objects.exists(), model
        assert not any(default_storage.exists(name) for name in names)

    def test_nothing_of_it_is_left_but_events(self):
        officer = factories.user("kpu", Role.KPU_REGENCY, 6474)
        election = used()
        pairs, scope = list(Pair.objects.values_list("pk", flat=True)), f"election:{election.pk}"
        names = [stored.name for stored in StoredFile.objects.filter(scope=scope)]
        events = Event.objects.count()
        assert throw_away(election, officer).state == "done"
        assert {label: n for label, n in counts().items() if n} == {}
        for model in (Election, ElectionArea, Pair, Ruling, Window, ScheduleVersion):
            assert not model.objects.exists(), model
        assert not StoredFile.objects.exists()
        assert names
        assert not any(default_storage.exists(name) for name in names)
        assert not Assignment.objects.filter(scope_kind="pair", scope_id__in=pairs).exists()
        assert User.objects.filter(username__startswith=NAME).count() == 2
        assert Outage.objects.count() == 1
        assert Event.objects.count() > events
        told = Event.objects.get(name="practice_thrown_away")
        assert (told.by_id, told.data) == (officer.pk, {"election": NAME, "pairs": 2, "rows": 23})
        with pytest.raises(KeysDestroyed):
            keyring(scope)

    def test_nothing_of_another_election_goes_with_it(self):
        real = used(practice=False, name="Pemilihan yang sebenarnya")
        before, files = counts(), StoredFile.objects.count()
        practice = used()
        assert throw_away(practice).state == "done"
        assert counts() == before
        assert StoredFile.objects.count() == files
        assert Election.objects.get() == real
        assert keyring(f"election:{real.pk}")

    def test_rounds_that_were_handed_in_go_too(self):
        election = used()
        one = models.Submission.objects.filter(kind="round").first()
        by = User.objects.get(username=f"{NAME}-{one.pair_id}")
        engine.move(one, "submit", by=by)
        asked = models.HandIn.objects.create(submission=one, requested_at=now(), requested_by=by)
        leaves = StoredFile.objects.filter(scope=f"election:{election.pk}").first()
        models.Receipt.objects.create(
            election=election, hand_in=asked, leaves=leaves, sequence=1, number="1", body={}
        )
        assert throw_away(election).state == "done"
        assert not models.Receipt.objects.exists()
        assert not models.HandIn.objects.exists()
        assert counts()["supports.Submission"] == 0

    def test_files_that_still_wait_are_stopped(self):
        election = used()
        pair = election.pairs.first()
        waiting = factories.upload(
            pair, User.objects.get(username=f"{NAME}-{pair.pk}"), [factories.person(77)]
        )
        # The job of the file is older: it is held back, as if the workers were busy with others.
        Job.objects.filter(pk=waiting.job_id).update(lane="pair:0")
        Job.objects.filter(pk=waiting.job_id).update(lane=f"pair:{pair.pk}")
        assert throw_away(election).state == "done"
        assert not models.Upload.objects.exists()

    def test_every_table_that_belongs_to_an_election_is_known(self):
        """Whatever refers to what goes, goes too; of the tables emptied apart nothing else hangs unseen."""
        followed = set(tables_of_an_election())
        hanging = {
            (model, field.name)
            for model in apps.get_models(include_auto_created=True)
            for field in model._meta.get_fields()
            if field.is_relation and field.concrete and not field.many_to_many
            and field.related_model in followed | APART - {models.Support}
            and field.remote_field.on_delete is not SET_NULL
        }  # fmt: skip
        assert len(hanging) > 20
        assert {one for one in hanging if one[0] not in followed | APART} == set()

    def test_the_database_itself_lets_nothing_go_of_a_real_election(self):
        real = used(practice=False, name="Pemilihan yang sebenarnya")
        with pytest.raises(IntegrityError, match="only a practice election"):
            sql.value("SELECT supports_forget_practice(%s)", [real.pk])

    def test_counts_that_are_not_zero_cannot_be_forgotten(self):
        election = used()
        before = list(models.Tally.objects.filter(n__gt=0).order_by("pk").values_list("pk", "n"))
        sql.value("SELECT supports_forget_practice(%s)", [election.pk])
        assert list(models.Tally.objects.order_by("pk").values_list("pk", "n")) == before


class TestRefusals:
    def test_a_real_election_is_never_thrown_away(self):
        election = factories.election()
        with pytest.raises(Refused) as caught:
            request_throwing_away(election, by=None, name=election.name)
        assert caught.value.code == "not_for_practice"
        # Not even by a job that somebody queued past the operation.
        Job.objects.create(kind="supports.throw_away_election", lane="later", subject_id=election.pk)
        factories.work()
        assert Job.objects.get().error_code == "not_for_practice"
        assert Election.objects.exists()

    def test_another_name_throws_nothing_away(self):
        election = factories.election(name=NAME, practice=True)
        with pytest.raises(Refused) as caught:
            request_throwing_away(election, by=None, name="Bimtek")
        assert (caught.value.code, caught.value.field) == ("name_differs", "name")

    def test_an_office_elsewhere_throws_nothing_away(self):
        election = factories.election(name=NAME, practice=True)
        with pytest.raises(NotAllowed):
            request_throwing_away(election, by=factories.user("kpu", Role.KPU_REGENCY, 6472), name=NAME)

    def test_not_while_a_file_is_being_loaded(self):
        election = factories.election(name=NAME, practice=True)
        pair = factories.pair(election)
        upload = factories.upload(pair, factories.operator(pair), [factories.person()])
        Job.objects.filter(pk=upload.job_id).update(state="running", attempt=1)
        with pytest.raises(Refused) as caught:
            request_throwing_away(election, by=None, name=NAME)
        assert caught.value.code == "still_working"

    def test_asked_twice_it_is_one_job_and_done_once(self):
        election = factories.election(name=NAME, practice=True)
        first = request_throwing_away(election, by=None, name=NAME)
        assert request_throwing_away(election, by=None, name=f" {NAME.upper()} ").pk == first.pk
        factories.work()
        Job.objects.create(kind="supports.throw_away_election", lane="later", subject_id=election.pk)
        factories.work()
        assert set(Job.objects.values_list("state", flat=True)) == {"done"}


class TestPages:
    @pytest.fixture
    def kpu(self, client):
        client.force_login(factories.user("kpu", Role.KPU_REGENCY, 6474))
        return client

    def text(self, response):
        return " ".join(response.content.decode().replace("\u00a0", " ").split())

    def test_the_name_is_typed_and_the_list_says_that_it_goes(self, kpu):
        election = used()
        page = self.text(kpu.get(f"/pemilihan/{election.pk}/"))
        assert "Latihan: data di sini tidak dipakai" in page
        address = f"/pemilihan/{election.pk}/buang/"
        assert f'href="{address}"' in page
        page = self.text(kpu.get(address))
        assert "Buang latihan dan 23 baris" in page
        answer = kpu.post(address, {"name": "bukan itu"})
        assert answer.status_code == 422
        assert "Nama yang diketik berbeda" in self.text(answer)
        assert kpu.post(address, {"name": ""}).status_code == 422
        answer = kpu.post(address, {"name": NAME}, follow=True)
        assert "“Bimtek Bontang” sedang dibuang." in self.text(answer)
        assert "Latihan ini sedang dibuang." in self.text(kpu.get(address))
        factories.work()
        assert kpu.get(address).status_code == 404
        assert NAME not in self.text(kpu.get("/pasangan/"))

    def test_a_real_election_has_no_such_page(self, kpu):
        election = factories.election()
        assert kpu.get(f"/pemilihan/{election.pk}/buang/").status_code == 404
        assert "/buang/" not in kpu.get(f"/pemilihan/{election.pk}/").content.decode()

    def test_by_rest_too(self, client):
        officer = factories.user("kpu", Role.KPU_REGENCY, 6474)
        election = factories.election(name=NAME, practice=True)
        address = f"/api/v1/elections/{election.pk}/"
        wrong = client.delete(f"{address}?name=lain", **token_of(officer))
        assert (wrong.status_code, wrong.json()["code"]) == (422, "name_differs")
        assert client.delete(address, **token_of(officer)).status_code == 400
        answer = client.delete(f"{address}?name=bimtek%20bontang", **token_of(officer))
        assert (answer.status_code, answer.json()["state"]) == (202, "queued")
        factories.work()
        assert not Election.objects.exists()
