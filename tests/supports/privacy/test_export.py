"""What is held about one person: everything of theirs, nothing of anybody else."""

import io
import json
from datetime import timedelta

import pypdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from candidates.models import Election
from candidates.queries import now
from foundation.accounts.matrix import Role
from foundation.readings.kinds import Kind
from foundation.readings.models import Reading
from foundation.readings.operations import record_reading
from foundation.workflow.models import Event
from supports.identities import open_identity
from supports.models import Support
from supports.privacy.export import held_about
from supports.privacy.models import DataRequest
from supports.privacy.people import person_of, rows_of_person, seal_everywhere
from supports.rows import edit_support
from tests import factories
from tests.supports.privacy.asking import born, filed, fulfilled
from tests.supports.privacy.listing import listed

LINK = "/data-pribadi/permohonan/"
ROW = factories.person(1)


def held(row=ROW, elections=None, **more):
    person = person_of(row["nik"], born(row))
    sealed = seal_everywhere(person, Election.objects.all() if elections is None else elections)
    rows = rows_of_person(sealed)
    reading = record_reading(Kind.PERSON, None, by=None, rows=len(rows))
    return held_about(person, sealed, rows, reading=reading, moment=now(), **more)


@pytest.fixture
def elsewhere(db):
    """Another election, where somebody listed the same person, and somebody else."""
    found = factories.pair(
        factories.election(name="Samarinda 2024", region_id=6472), name="Bayu Umpama – Kirana"
    )
    listed(found, [ROW, factories.person(50)], "operator2")
    return found


def test_it_names_every_pair_and_election_that_holds_the_person(pair, elsewhere):
    rows = held()["rows"]
    assert [(one["election"], one["pair"]) for one in rows] == [
        (pair.election.name, pair.name),
        ("Samarinda 2024", elsewhere.name),
    ]
    assert rows[0]["data"]["NIK"] == ROW["nik"]
    assert rows[0]["data"]["Alamat"] == ROW["address"]
    assert (rows[0]["status"], rows[0]["source"]) == ("Belum diperiksa", "Diketik")
    assert rows[0]["uploaded_at"].endswith("WITA")


def test_it_holds_nobody_else(pair, elsewhere):
    told = json.dumps(held(), ensure_ascii=False)
    for number in (0, 2, 50):
        other = factories.person(number)
        assert not [value for value in (other["nik"], other["name"], other["address"]) if value in told]
    for username in ("operator", "operator2"):
        assert username not in told


def test_a_row_with_another_birth_date_is_told_of_and_not_shown(pair, kpu):
    typo = factories.person(30) | {"nik": ROW["nik"]}
    by = pair.submissions.get().uploads.get().received_by
    from supports.rows import add_supports

    add_supports(pair, by=by, rows=[typo])
    mine, theirs = held()["rows"]
    assert (mine["same_birth_date"], theirs["same_birth_date"]) == (True, False)
    assert theirs["data"] is None
    assert typo["name"] not in json.dumps(held())
    assert held(whole=True)["rows"][1]["data"]["Nama"] == typo["name"]


def test_it_tells_what_happened_to_the_row(pair, kpu):
    row = Support.objects.get(name=ROW["name"])
    edit_support(
        row, by=pair.submissions.get().uploads.get().received_by, changes={"occupation": "Guru"}, revision=0
    )
    open_identity(row, by=kpu)
    fulfilled(pair.election, ROW, "restriction", by=kpu)
    told = held()
    assert [one["what"] for one in told["rows"][0]["events"]] == [
        "Isi baris diubah oleh tim pasangan",
        "Identitas dibuka",
    ]
    (read, *_more) = told["rows"][0]["readings"]
    assert (read["what"], read["by"]) == ("Membuka identitas satu baris", "KPU kabupaten/kota")
    assert "kpu" not in json.dumps(told).replace("KPU", "")
    assert told["rows"][0]["marks"] == ["Dibatasi atas permintaan pemilik data"]
    assert [(one["kind"], one["status"]) for one in told["requests"]] == [
        ("Pembatasan pemakaian data saya", "Dipenuhi")
    ]


def test_more_elections_cost_no_more_statements(pair, elsewhere):
    with CaptureQueriesContext(connection) as few:
        held(elections=Election.objects.filter(pk__in=[pair.election_id, elsewhere.election_id]))
    for number in range(12):
        more = factories.pair(factories.election(name=f"Lain {number}"), name=f"A{number} – B")
        listed(more, [factories.person(60)], f"operator-{number}")
    with CaptureQueriesContext(connection) as many:
        held()
    assert len(many) == len(few)


class TestTheCopy:
    def test_whoever_asked_fetches_it_by_the_link(self, pair, elsewhere, kpu):
        request, secret = fulfilled(pair.election, ROW, "access", by=kpu)
        citizen = Client()
        citizen.get(LINK, {"kunci": secret})
        answer = citizen.get(f"{LINK}salinan.json")
        assert "no-store" in answer["Cache-Control"]
        assert len(json.loads(answer.content)["rows"]) == 2
        text = "".join(
            page.extract_text()
            for page in pypdf.PdfReader(io.BytesIO(citizen.get(f"{LINK}salinan.pdf").content)).pages
        )
        for told in (ROW["name"], ROW["nik"], pair.name, elsewhere.name):
            assert told in text.replace("\n", " ")
        exports = Event.objects.filter(name="person_exported", subject_id=request.pk)
        assert list(exports.values_list("by_id", "data__form")) == [(None, "json"), (None, "pdf")]
        assert Reading.objects.filter(kind=Kind.PERSON, by_id=None, rows=2).count() == 2

    def test_it_is_there_for_seven_days_and_for_granted_requests_only(self, pair, kpu):
        _waiting, secret = filed(pair.election, ROW)
        citizen = Client()
        citizen.get(LINK, {"kunci": secret})
        assert citizen.get(f"{LINK}salinan.json").status_code == 409
        request, secret = fulfilled(pair.election, ROW, "access", by=kpu)
        DataRequest.objects.filter(pk=request.pk).update(readable_until=now() - timedelta(seconds=1))
        late = Client()
        late.get(LINK, {"kunci": secret})
        assert late.get(f"{LINK}salinan.json").status_code == 403
        assert "Masa unduh 7 hari sudah berakhir" in late.get(LINK).content.decode()
        _other, secret = fulfilled(pair.election, ROW, "objection", by=kpu)
        wrong = Client()
        wrong.get(LINK, {"kunci": secret})
        assert wrong.get(f"{LINK}salinan.pdf").status_code == 409
        assert Client().get(f"{LINK}salinan.json").status_code == 410

    def test_an_office_gets_what_its_territory_holds(self, pair, elsewhere, desk, kpu):
        request, _secret = filed(pair.election, ROW)
        mine = json.loads(desk.get(f"/permohonan-data/{request.pk}/salinan.json").content)
        assert [one["pair"] for one in mine["rows"]] == [pair.name]
        nation = Client()
        nation.force_login(factories.user("kpu-ri", Role.KPU_RI))
        assert len(json.loads(nation.get(f"/permohonan-data/{request.pk}/salinan.json").content)["rows"]) == 2
        assert desk.get(f"/permohonan-data/{request.pk}/salinan.pdf")["Content-Type"] == "application/pdf"
        assert Event.objects.filter(name="person_exported", by_id=kpu.pk).count() == 2
