"""The BMS list: what was decided in words, signed ids, the template's columns; mended, it comes back as it went."""

import io

import pytest
from python_calamine import CalamineWorkbook

from foundation.accounts.matrix import Role
from foundation.accounts.models import User
from foundation.errors import Conflict
from foundation.readings.models import Reading
from foundation.workflow.models import Event
from supports.handing_in.operations import hand_in
from supports.ingest.columns import TITLES
from supports.repairs.models import Replacement
from supports.rules import TEAM
from tests import factories
from tests.factories import loaded, person, work
from tests.supports.mended import read, written
from tests.supports.repairs.teams import SOUTH, close, open_perbaikan, received, repair_round
from tests.verification.rounds import in_review, standings, verifier
from verification.cards import masked_card
from verification.dealing import deal_rows, open_review
from verification.deciding import decide
from verification.repairs.bms_list import download_csv, download_workbook

pytestmark = pytest.mark.usefixtures("committed")

GIVEN = [
    ("MS", (), ""),
    ("BMS", ("STATEMENT_MISSING", "TYPED_DIFFERS"), "Lembar kedua tertukar."),
    ("TMS", ("OUTSIDE_AREA",), ""),
    ("BMS", ("KTP_MISSING",), ""),
]


@pytest.fixture
def decided():
    """A closed round whose rows were decided one by one: team, office, round."""
    rows = [person(1), person(2), person(3, **SOUTH), person(4, **SOUTH)]
    team, office, review = in_review(rows)
    someone = verifier()
    deal_rows(review, by=office, people=[someone])
    for standing, (status, reasons, note) in zip(standings(review.submission), GIVEN, strict=True):
        decide(standing, by=someone, status=status, reasons=reasons, note=note)
    close(review.submission, office, "BMS")
    open_perbaikan(team[0].election)
    return team, office, review.submission


def fetched(submission, by, **more):
    return read(b"".join(download_csv(submission, by=by, audience=TEAM, **more)))


def test_it_says_in_words_why_each_row_is_bms_in_the_columns_of_the_template(decided):
    team, _office, awal = decided
    first, second = fetched(awal, team[1])
    assert list(first) == ["Alasan BMS", "Catatan KPU", "ID baris", *TITLES.values()]
    assert first["Alasan BMS"] == (
        "Surat pernyataan dukungan tidak ada; Isian berbeda dari surat pernyataan atau KTP-el dan dapat diperbaiki"
    )
    assert first["Catatan KPU"] == "Lembar kedua tertukar."
    assert (first["NIK"].strip("'"), first["Nama"]) == (person(2)["nik"], person(2)["name"])
    assert second["Alasan BMS"] == "Salinan KTP-el atau surat keterangan tidak ada"


def test_mended_and_sent_back_every_row_replaces_its_own(decided):
    team, _office, awal = decided
    rows = fetched(awal, team[1])
    rows[0]["Alamat"], rows[1]["NIK"] = "Jl. Baru 1", person(44)["nik"]
    new = loaded(*team, written(rows), "daftar-bms.csv")
    assert (new.status, new.rows, new.columns["ignored"]) == ("loaded", 2, [])
    origins = Replacement.objects.filter(stands=True, named=True).values_list("origin_id", flat=True)
    assert set(origins) == {row.pk for row in standings(awal) if row.vermin == "BMS"}
    assert fetched(awal, team[1]) == []
    assert len(fetched(awal, team[1], everything=True)) == 2


def test_whoever_decides_a_mended_row_reads_why_the_old_one_was_bms(decided, client):
    team, office, awal = decided
    rows = fetched(awal, team[1])
    new = dict.fromkeys(rows[0], "") | {TITLES[name]: text for name, text in person(9).items()}
    loaded(*team, written([*rows, new]))
    hand_in(team[0], by=team[1])
    work()
    received(team, office)
    begun, someone = repair_round(team), User.objects.get(username="verifikator")
    deal_rows(open_review(begun, by=office), by=office, people=[someone])
    card = masked_card(standings(begun)[0])
    assert card.row.replaces.id == next(row.pk for row in standings(awal) if row.vermin == "BMS")
    assert [one.code for past in card.mended for one in past.reasons] == [
        "STATEMENT_MISSING",
        "TYPED_DIFFERS",
    ]
    client.force_login(someone)
    page = client.get(f"/verifikasi/{begun.pk}/periksa/").content.decode()
    assert "Memperbaiki baris BMS putaran Awal" in page
    assert "Lembar kedua tertukar." in page


def test_the_workbook_holds_the_same_and_comes_back_too(decided):
    team, _office, awal = decided
    content = download_workbook(awal, by=team[1], audience=TEAM)
    cells = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Dukungan").to_python()
    assert cells[0][:4] == ["Alasan BMS", "Catatan KPU", "ID baris", TITLES["nik"]]
    assert len(cells) == 3
    new = loaded(*team, content, "daftar-bms.xlsx")
    assert (new.status, new.rows) == ("loaded", 2)
    assert Replacement.objects.filter(stands=True, named=True).count() == 2


def test_fetching_it_is_on_record_as_a_reading(decided):
    team, _office, awal = decided
    fetched(awal, team[1])
    event = Event.objects.get(name="bms_list_downloaded")
    assert (event.by_id, event.subject_id, event.data) == (team[1].pk, awal.pk, {"rows": 2, "form": "csv"})
    reading = Reading.objects.get(kind="list")
    assert (reading.submission_id, reading.rows, reading.inside) == (awal.pk, 2, True)


def test_a_round_that_is_not_closed_has_no_list():
    team, _office, review = in_review()
    with pytest.raises(Conflict, match="setelah putaran ini ditutup"):
        download_csv(review.submission, by=team[1], audience=TEAM)


def test_pages_and_lists_of_another_pair_are_not_there(decided, client):
    team, _office, awal = decided
    stranger = factories.operator(factories.pair(team[0].election, "Asing Contoh – Lain Misal"), "asing")
    client.force_login(stranger)
    for address in (f"/putaran/{awal.pk}/daftar-bms.csv", f"/putaran/{awal.pk}/daftar-bms.xlsx"):
        assert client.get(address).status_code == 404
    assert client.get(f"/pasangan/{team[0].pk}/putaran/").status_code == 404


def test_the_page_says_what_is_asked_which_rows_can_be_mended_and_until_when(decided, client):
    team, _office, awal = decided
    client.force_login(team[1])
    page = client.get(f"/pasangan/{team[0].pk}/putaran/").content.decode()
    assert "Perbaikan Kesatu" in page
    assert "Sebaran masih kurang 1 kecamatan" in page
    assert "2 baris BMS: 0 sudah diganti, 2 belum" in page
    assert "4 diserahkan = 1 MS + 2 BMS + 1 TMS + 0 belum diperiksa" in page
    assert "Masa pengisian dukungan Perbaikan Kesatu dibuka sampai" in page
    assert f"/putaran/{awal.pk}/daftar-bms.xlsx" in page
    answer = b"".join(client.get(f"/putaran/{awal.pk}/daftar-bms.csv").streaming_content)
    assert len(read(answer)) == 2


def test_who_types_sees_the_rounds_and_fetches_no_list(decided, client):
    team, _office, awal = decided
    client.force_login(factories.user("juru", Role.TYPIST, team[0]))
    page = client.get(f"/pasangan/{team[0].pk}/putaran/")
    assert page.status_code == 200
    assert "daftar-bms" not in page.content.decode()
    assert client.get(f"/putaran/{awal.pk}/daftar-bms.csv").status_code == 403
