"""A person asks about their own data and gets an answer within 3 × 24 hours, once it is known who asks."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from candidates.queries import now
from foundation.accounts.matrix import Role
from foundation.accounts.models import Mail
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.keys.operations import destroy_keys
from foundation.seal import SealBroken
from foundation.workflow.models import Event
from supports.privacy import operations
from supports.privacy.models import DataRequest, Mark, RequestLink
from supports.privacy.sealing import open_answer, open_told
from supports.standards import key_scope
from tests import documents, factories
from tests.supports.privacy.asking import ANSWER, fields, filed, fulfilled, ktp

ROW = factories.person(1)
LINK = "/data-pribadi/permohonan/"


def address(election):
    return f"/data-pribadi/ajukan/{election.pk}/"


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


class TestAsking:
    def test_a_citizen_asks_and_follows_the_answer_by_a_private_link(self, pair, client, desk):
        page = text_of(client.get("/data-pribadi/"))
        assert address(pair.election) in page
        answer = client.post(
            address(pair.election), fields(ROW, "objection", told="Saya tidak mendukung."), follow=True
        )
        assert answer.redirect_chain == [(LINK, 302)]
        assert "Diterima, belum ditangani" in text_of(answer)
        request = DataRequest.objects.get()
        assert request.due_at - request.received_at == timedelta(hours=72)
        desk.post(f"/permohonan-data/{request.pk}/tangani/")
        told = {"identity_confirmed": "on", "answer": ANSWER}
        done = desk.post(f"/permohonan-data/{request.pk}/penuhi/", told, follow=True)
        assert "Permohonan dijawab" in text_of(done)
        assert ANSWER in text_of(client.get(LINK))
        assert Mark.objects.get().kind == "objection"
        assert [mail.template for mail in Mail.objects.order_by("pk")] == [
            "data_request_received",
            "data_request_decided",
        ]

    def test_what_is_sealed_can_be_read_with_the_keys_of_the_election_only(self, pair):
        request, secret = filed(pair.election, ROW, "access", told="Rahasia")
        stored = b"".join(bytes(getattr(request, name)) for name in ("sealed",)) + request.nik.bytes
        for clear in (ROW["nik"], ROW["name"], "warga@contoh.test", "Rahasia", secret):
            assert clear.encode() not in stored
        assert open_told(request)["told"] == "Rahasia"
        other, _ = filed(pair.election, factories.person(2))
        other.sealed = request.sealed
        with pytest.raises(SealBroken):
            open_told(other)
        destroy_keys(key_scope(pair.election), by=None)
        with pytest.raises(Refused):
            open_told(request)

    def test_no_event_and_no_mail_in_the_queue_tells_who_asked(self, pair, kpu):
        fulfilled(pair.election, ROW, "correction", by=kpu, note="Nama: Budi", told="Nama saya salah")
        told = str(list(Event.objects.values_list("data", flat=True)))
        kept = str(list(Mail.objects.values("subject", "template")))
        for clear in (ROW["nik"], ROW["name"], "warga@contoh.test", "Nama: Budi"):
            assert clear not in told
            assert clear not in kept

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"nik": "123"}, "16 angka"),
            ({"birth_date": "31-02-1990"}, "tidak dapat dibaca"),
            ({"name": "  "}, "Nama belum diisi"),
            ({"email": ""}, "Surel belum diisi"),
            ({"email": "warga"}, "tidak lengkap atau salah tulis"),
            ({"kind": "erase"}, "Jenis permohonan ini tidak ada"),
            ({"kind": "correction"}, "Yang harus diperbaiki belum ditulis"),
            ({"document": ""}, "Dokumen belum dipilih"),
            ({"document": ktp(b"<html>bukan KTP</html>", "ktp.pdf")}, "bukan PDF, JPG, atau PNG"),
            ({"document": ktp(documents.picture("gif"), "ktp.png")}, "bukan PDF, JPG, atau PNG"),
        ],
    )
    def test_bad_input_gets_its_sentence_and_leaves_nothing(self, pair, client, changes, sentence):
        answer = client.post(address(pair.election), fields(ROW, "access") | changes)
        assert answer.status_code == 422
        assert sentence.casefold() in text_of(answer).casefold()
        assert not DataRequest.objects.exists()

    def test_the_same_request_twice_is_one(self, pair, client):
        picture = documents.picture()
        for _ in range(2):
            answer = client.post(address(pair.election), fields(ROW, "access", document=ktp(picture)))
        assert answer.status_code == 409
        assert "tidak dicatat dua kali" in text_of(answer)
        assert DataRequest.objects.count() == 1

    def test_a_practice_election_takes_none(self, db, client):
        practice = factories.election(name="Latihan", practice=True)
        assert client.get(address(practice)).status_code == 404

    def test_an_officer_registers_somebody_who_stands_at_the_counter(self, pair, desk):
        body = fields(ROW, "restriction", email="", document="")
        answer = desk.post(f"/permohonan-data/catat/{pair.election_id}/", body, follow=True)
        assert answer.status_code == 200
        found = re.search(r"permohonan/\?kunci=([\w-]{40,})", answer.content.decode())
        assert Client().get(LINK, {"kunci": found[1]}, follow=True).status_code == 200
        assert DataRequest.objects.get().created_by.username == "kpu"
        assert not Mail.objects.exists()


class TestTheLink:
    def test_the_secret_leaves_the_address_at_once(self, pair):
        _request, secret = filed(pair.election, ROW)
        citizen = Client()
        answer = citizen.get(LINK, {"kunci": secret})
        assert (answer.status_code, answer["Location"]) == (302, LINK)
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "Diterima" in text_of(citizen.get(LINK))
        assert secret not in str(RequestLink.objects.values())

    def test_an_altered_an_unknown_and_an_expired_link_open_nothing(self, pair):
        _request, secret = filed(pair.election, ROW)
        for wrong in (secret[:-1] + ("A" if secret[-1] != "A" else "B"), "", "x" * 43):
            answer = Client().get(LINK, {"kunci": wrong})
            assert (answer.status_code, "tidak dikenal" in text_of(answer)) == (410, True)
        assert Client().get(LINK).status_code == 410
        RequestLink.objects.update(expires_at=now() - timedelta(seconds=1))
        answer = Client().get(LINK, {"kunci": secret})
        assert (answer.status_code, "sudah berakhir" in text_of(answer)) == (410, True)

    def test_nobody_sees_another_persons_request(self, pair):
        _mine, secret = filed(pair.election, ROW)
        theirs, _other = filed(pair.election, factories.person(2), "correction", told="Alamat saya salah")
        citizen = Client()
        citizen.get(LINK, {"kunci": secret})
        page = text_of(citizen.get(LINK))
        assert theirs.get_kind_display() not in page
        assert citizen.get(f"/permohonan-data/{theirs.pk}/").status_code == 302


class TestTheClock:
    @pytest.mark.parametrize(
        ("region", "level", "zone", "label"),
        [
            (3578, "walikota", "Asia/Jakarta", "WIB"),
            (6474, "walikota", "Asia/Makassar", "WITA"),
            (9471, "walikota", "Asia/Jayapura", "WIT"),
        ],
    )
    def test_it_is_told_in_the_zone_of_the_election(self, db, client, region, level, zone, label):
        region = region if region != 9471 else 9171
        election = factories.election(region_id=region, level=level, open_now=False)
        assert election.zone == zone
        _request, secret = filed(election, ROW)
        page = text_of(client.get(LINK, {"kunci": secret}, follow=True))
        assert re.search(rf"KPU menjawab paling lambat \d+ \w+ \d{{4}} pukul \d\d\.\d\d {label}\.", page)

    def test_what_is_overdue_is_first_and_loud(self, pair, desk):
        late, _ = filed(pair.election, ROW)
        soon, _ = filed(pair.election, factories.person(2))
        moment = now()
        DataRequest.objects.filter(pk=late.pk).update(due_at=moment - timedelta(minutes=1))
        filed(pair.election, factories.person(0))
        page = text_of(desk.get("/permohonan-data/"))
        assert "1 permohonan melewati batas 3 × 24 jam" in page
        assert page.index(f"/permohonan-data/{late.pk}/") < page.index(f"/permohonan-data/{soon.pk}/")
        assert page.count("Melewati batas") == 1
        assert "Seharusnya dijawab paling lambat" in text_of(desk.get(f"/permohonan-data/{late.pk}/"))

    def test_what_was_answered_is_overdue_no_more(self, pair, kpu, desk):
        request, _ = fulfilled(pair.election, ROW, "access", by=kpu)
        DataRequest.objects.filter(pk=request.pk).update(due_at=now() - timedelta(days=1))
        assert "melewati batas" not in text_of(desk.get("/permohonan-data/"))

    def test_the_list_is_constant_in_queries(self, pair, desk, django_assert_max_num_queries):
        for number in range(3):
            filed(pair.election, factories.person(number))
        desk.get("/permohonan-data/")
        with django_assert_max_num_queries(18):
            desk.get("/permohonan-data/")


class TestHandling:
    def test_another_territory_and_a_team_find_nothing(self, pair):
        request, _ = filed(pair.election, ROW)
        elsewhere = Client()
        elsewhere.force_login(factories.user("kpu-samarinda", Role.KPU_REGENCY, 6472))
        assert elsewhere.get(f"/permohonan-data/{request.pk}/").status_code == 404
        assert elsewhere.post(f"/permohonan-data/{request.pk}/tangani/").status_code == 404
        for username, role, scope in (("lo", Role.LO, pair), ("bawaslu", Role.BAWASLU, 6474)):
            someone = Client()
            someone.force_login(factories.user(username, role, scope))
            assert someone.get("/permohonan-data/").status_code == 403
        with pytest.raises(NotAllowed):
            operations.take_request(request, by=factories.user("kpu-lain", Role.KPU_REGENCY, 6472))

    def test_opening_one_is_an_event(self, pair, kpu, desk):
        request, _ = filed(pair.election, ROW)
        assert ROW["nik"] in desk.get(f"/permohonan-data/{request.pk}/").content.decode()
        assert (
            Event.objects.filter(name="data_request_opened", subject_id=request.pk, by_id=kpu.pk).count() == 1
        )

    def test_the_ktp_is_shown_to_the_officer(self, pair, desk):
        request, _ = filed(pair.election, ROW)
        shown = desk.get(f"/permohonan-data/{request.pk}/ktp/?tampil")
        assert (shown["Content-Type"], b"".join(shown.streaming_content)[1:4]) == ("image/png", b"PNG")
        assert desk.get(f"/permohonan-data/{request.pk}/ktp/9/").status_code == 404

    def test_nothing_is_granted_before_the_ktp_was_compared(self, pair, kpu, desk):
        request, _ = filed(pair.election, ROW, "restriction")
        operations.take_request(request, by=kpu)
        answer = desk.post(f"/permohonan-data/{request.pk}/penuhi/", {"answer": ANSWER})
        assert (answer.status_code, "Identitas belum dicocokkan" in text_of(answer)) == (422, True)
        assert not Mark.objects.exists()

    def test_it_is_taken_and_decided_once(self, pair, kpu):
        request, _ = filed(pair.election, ROW)
        with pytest.raises(Conflict):
            operations.fulfil_request(request, by=kpu, identity_confirmed=True, answer=ANSWER)
        operations.take_request(request, by=kpu)
        with pytest.raises(Conflict):
            operations.take_request(request, by=kpu)
        operations.refuse_request(request, by=kpu, reason="KTP-el tidak terbaca.")
        with pytest.raises(Conflict):
            operations.fulfil_request(request, by=kpu, identity_confirmed=True, answer=ANSWER)
        request.refresh_from_db()
        assert (request.status, open_answer(request)) == ("refused", "KTP-el tidak terbaca.")
        names = Event.objects.filter(subject_kind="datarequest", subject_id=request.pk).values_list(
            "name", flat=True
        )
        assert list(names) == ["data_request_received", "data_request_take", "data_request_refuse"]

    def test_a_refusal_needs_its_reason_and_is_read_by_whoever_asked(self, pair, kpu, desk, client):
        request, secret = filed(pair.election, ROW)
        empty = desk.post(f"/permohonan-data/{request.pk}/tolak/", {"reason": " "})
        assert (empty.status_code, "Alasan belum diisi" in text_of(empty)) == (422, True)
        desk.post(f"/permohonan-data/{request.pk}/tolak/", {"reason": "KTP-el tidak terbaca."})
        assert "KTP-el tidak terbaca." in text_of(client.get(LINK, {"kunci": secret}, follow=True))

    def test_a_correction_says_what_should_change(self, pair, kpu):
        request, _ = filed(pair.election, ROW, "correction", told="Nama saya salah")
        operations.take_request(request, by=kpu)
        with pytest.raises(Refused) as refusal:
            operations.fulfil_request(request, by=kpu, identity_confirmed=True, answer=ANSWER)
        assert refusal.value.code == "note_missing"
