"""A pair withdraws, or one of its two is replaced: with a document, for good, and everybody concerned can read it."""

import io

import pytest

from candidates.models import Pair, PairChange
from foundation.accounts.matrix import Role
from foundation.attachments.models import Attachment
from foundation.errors import Refused
from foundation.jobs.models import Job
from foundation.workflow.models import Event
from supports.models import PairMatch, Submission
from tests import documents, factories
from tests.foundation.accounts.people import token_of

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def pair():
    return factories.pair()


@pytest.fixture
def kpu(client):
    user = factories.user("kpu", Role.KPU_REGENCY, 6474)
    client.force_login(user)
    return user


def letter(content=None, name="surat.pdf"):
    file = io.BytesIO(documents.pdf() if content is None else content)
    file.name = name
    return file


def withdraw(client, pair, **changes):
    typed = {"withdrawal-number": "01/BA/2024", "withdrawal-reason": "Sakit", "withdrawal-confirm": "on"}
    typed |= {"document": letter()} | changes
    return client.post(f"/pasangan/{pair.pk}/mundur/", {k: v for k, v in typed.items() if v is not None})


def replace(client, pair, **changes):
    typed = {
        "replacement-member": "deputy",
        "replacement-name": "Intan Permata",
        "replacement-number": "7/2024",
    }
    typed |= {"document": letter()} | changes
    return client.post(f"/pasangan/{pair.pk}/pengganti/", {k: v for k, v in typed.items() if v is not None})


class TestWithdrawal:
    def test_its_draft_lapses_and_nobody_writes_any_more(self, client, pair, kpu):
        factories.loaded(pair, None, [factories.person(n) for n in range(3)])
        assert withdraw(client, pair).url == f"/pasangan/{pair.pk}/perubahan/"
        pair.refresh_from_db()
        assert pair.status == "withdrawn"
        factories.work()
        assert Submission.objects.get(pair=pair).status == "lapsed"
        change = PairChange.objects.get()
        assert (change.kind, change.number, change.reason, change.created_by) == (
            "withdrawn", "01/BA/2024", "Sakit", kpu,
        )  # fmt: skip
        assert Event.objects.get(name="pair_withdraw", pair_id=pair.pk).data["number"] == "01/BA/2024"
        with pytest.raises(Refused) as refusal:
            factories.upload(pair, None, [factories.person(9)])
        assert refusal.value.code == "pair_not_active"

    def test_what_was_handed_in_is_closed_without_a_result(self, client, pair, kpu):
        factories.loaded(pair, None, [factories.person()])
        Submission.objects.filter(pair=pair).update(status="in_review")
        withdraw(client, pair)
        factories.work()
        found = Submission.objects.get(pair=pair)
        assert (found.status, found.result) == ("closed", "")

    def test_the_team_reads_and_is_told(self, client, pair, kpu):
        factories.loaded(pair, None, [factories.person(n) for n in range(3)])
        withdraw(client, pair)
        factories.work()
        client.force_login(factories.operator(pair))
        page = client.get(f"/pasangan/{pair.pk}/").content.decode()
        assert "telah mengundurkan diri" in page
        assert "Unggah berkas" not in page
        assert client.get(f"/pasangan/{pair.pk}/dukungan/").status_code == 200
        assert "01/BA/2024" in client.get(f"/pasangan/{pair.pk}/perubahan/").content.decode()

    def test_people_whom_others_gave_too_are_released(self, client, pair, kpu):
        other = factories.pair(pair.election, name="Bayu Umpama – Kirana Andaikan")
        factories.loaded(pair, None, [factories.person(1)])
        factories.loaded(other, None, [factories.person(1)])
        assert PairMatch.objects.count() == 1
        withdraw(client, pair)
        factories.work()
        assert not PairMatch.objects.exists()

    def test_rounds_end_after_the_work_that_is_under_way(self, client, pair, kpu):
        upload = factories.upload(pair, None, [factories.person()])
        withdraw(client, pair)
        factories.work()
        upload.refresh_from_db()
        assert upload.status in ("loaded", "failed")
        assert Submission.objects.get(pair=pair).status == "lapsed"
        assert set(Job.objects.values_list("state", flat=True)) <= {"done", "failed"}

    def test_twice_is_once(self, client, pair, kpu):
        withdraw(client, pair)
        again = withdraw(client, pair)
        assert again.status_code == 422
        assert "sudah berstatus" in again.content.decode()
        assert (PairChange.objects.count(), Attachment.objects.count()) == (1, 1)

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"document": None}, "Dokumen belum dipilih."),
            ({"document": letter(b"bukan surat", "surat.pdf")}, "PDF, JPG, atau PNG"),
            ({"withdrawal-number": " "}, "Nomor surat belum diisi."),
            ({"withdrawal-confirm": None}, "Centang pernyataan ini."),
        ],
    )
    def test_what_lacks_is_said_and_nothing_is_left(self, client, pair, kpu, changes, sentence):
        answer = withdraw(client, pair, **changes)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert not Attachment.objects.exists()
        assert Pair.objects.get().status == "active"


class TestReplacement:
    def test_the_pair_goes_on_under_its_new_name(self, client, pair, kpu):
        factories.loaded(pair, None, [factories.person()])
        assert replace(client, pair).status_code == 302
        pair.refresh_from_db()
        assert (pair.head, pair.deputy, pair.name) == (
            "Rangga Contoh", "Intan Permata", "Rangga Contoh – Intan Permata",
        )  # fmt: skip
        assert pair.status == "active"
        event = Event.objects.get(name="pair_member_replaced")
        assert (event.data["before"], event.data["after"]) == ("Melati Misalnya", "Intan Permata")
        page = client.get(f"/pasangan/{pair.pk}/perubahan/").content.decode()
        assert "Melati Misalnya digantikan oleh Intan Permata." in page

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"replacement-name": "melati misalnya"}, "sama dengan nama semula"),
            ({"replacement-name": ""}, "Nama pengganti belum diisi."),
            ({"replacement-member": "lain"}, "Pilihan itu tidak ada."),
        ],
    )
    def test_what_is_wrong_is_said(self, client, pair, kpu, changes, sentence):
        answer = replace(client, pair, **changes)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert not PairChange.objects.exists()

    def test_one_that_withdrew_is_not_replaced(self, client, pair, kpu):
        withdraw(client, pair)
        assert replace(client, pair).status_code == 422


class TestWho:
    @pytest.mark.parametrize(
        ("role", "scope", "reads", "records", "opens"),
        [
            (Role.KPU_RI, 0, 200, 302, 200),
            (Role.KPU_REGENCY, 6472, 404, 404, 404),
            (Role.BAWASLU, 6474, 200, 403, 200),
            (Role.OBSERVER, 6474, 200, 403, 403),
            (Role.OPERATOR, None, 200, 403, 200),
        ],
    )
    def test_who_reads_records_and_opens_the_letter(
        self, client, pair, kpu, role, scope, reads, records, opens
    ):
        replace(client, pair)
        change = PairChange.objects.get()
        client.force_login(factories.user("seseorang", role, pair if scope is None else scope))
        assert client.get(f"/pasangan/{pair.pk}/perubahan/").status_code == reads
        letter_itself = client.get(f"/perubahan/{change.pk}/surat/")
        assert letter_itself.status_code == opens
        if opens == 200:
            assert b"".join(letter_itself.streaming_content) == documents.pdf()
        answer = replace(client, pair, **{"replacement-name": "Sinta Lain"})
        assert answer.status_code == records


class TestApi:
    def test_both_are_recorded_through_rest(self, client, pair):
        token = token_of(factories.user("kpu", Role.KPU_REGENCY, 6474))
        fields = {"member": "head", "name": "Intan Permata", "number": "7/2024", "document": letter()}
        made = client.post(f"/api/v1/pairs/{pair.pk}/replacements/", fields, **token)
        assert (made.status_code, made.json()["after"]) == (201, "Intan Permata")
        lacking = client.post(f"/api/v1/pairs/{pair.pk}/withdrawal/", {"number": "1"}, **token)
        assert (lacking.status_code, lacking.json()["code"]) == (422, "document_missing")
        fields = {"number": "1/2024", "document": letter()}
        made = client.post(f"/api/v1/pairs/{pair.pk}/withdrawal/", fields, **token)
        assert (made.status_code, made.json()["kind"]) == (201, "withdrawn")
        fields = {"number": "1/2024", "document": letter()}
        again = client.post(f"/api/v1/pairs/{pair.pk}/withdrawal/", fields, **token)
        assert (again.status_code, again.json()["code"]) == (409, "pair_not_active")
        team = token_of(factories.operator(pair))
        assert client.post(f"/api/v1/pairs/{pair.pk}/withdrawal/", {"number": "1"}, **team).status_code == 403
