"""A voter list is loaded whole or not at all, says what of it cannot be used, and takes the place of the older one."""

import pytest

from candidates.queries import key_scope
from foundation import seal, sql
from foundation.accounts.matrix import Role
from foundation.errors import NotAllowed, Refused
from foundation.keys.keyring import keyring
from foundation.keys.models import StoredFile
from foundation.workflow.models import Event
from tests import factories
from tests.factories import person, work
from tests.verification.rolls.lists import as_csv, loaded, received, voter
from verification.rolls.models import Roll, RollEntry
from verification.rolls.operations import remove_roll

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def election(committed):
    return factories.election()


@pytest.fixture
def office(committed):
    return factories.user("kpu", Role.KPU_REGENCY, 6474)


def entries(roll):
    return list(RollEntry.objects.filter(roll_id=roll.pk).order_by("row_no"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_list_is_loaded_whatever_its_delimiter_and_encoding(election, office, delimiter, encoding):
    voters = [voter(1, name="ANDRÉ  Contoh"), voter(2)]
    content = as_csv(voters, delimiter).decode().encode(encoding)
    roll = loaded(election, office, content)
    assert (roll.status, roll.error_message) == ("current", "")
    assert (roll.rows, roll.entries, roll.unusable, roll.repeated) == (2, 2, 0, 0)
    first, second = entries(roll)
    keys = keyring(key_scope(election))
    assert seal.open_nik(first.nik, keys.nik) == person(1)["nik"]
    assert first.name == "ANDRÉ CONTOH"
    assert (
        seal.open_birth_date(second.birth_date, keys.birth_date).strftime("%d-%m-%Y")
        == person(2)["birth_date"]
    )
    assert first.area == 6474011001
    assert roll.columns["fields"] == {
        "NIK": "NIK",
        "Nama": "NAMA PEMILIH",
        "Tanggal lahir": "TGL LAHIR",
        "Kecamatan": "KECAMATAN",
        "Kelurahan/Desa": "KELURAHAN",
    }


def test_no_identity_stands_in_clear_anywhere(election, office):
    loaded(election, office, [voter(1), voter(2)])
    kept = sql.value(
        "SELECT (SELECT string_agg(t::text, '') FROM rolls_rollentry t)"
        " || (SELECT string_agg(t::text, '') FROM rolls_roll t)"
        " || (SELECT string_agg(t::text, '') FROM workflow_event t) || (SELECT string_agg(t::text, '') FROM jobs_job t)"
    )
    for number in (1, 2):
        assert person(number)["nik"] not in kept
        assert person(number)["birth_date"] not in kept
        assert "-".join(reversed(person(number)["birth_date"].split("-"))) not in kept


def test_every_row_is_an_entry_or_told(election, office):
    voters = [
        voter(1),
        voter(2, nik="64740101"),
        voter(3, nik=""),
        voter(4, nik="6474************"),
        voter(5),
    ]
    roll = loaded(election, office, voters)
    assert (roll.rows, roll.entries, roll.unusable) == (5, 2, 3)
    assert roll.columns["unusable_rows"] == [3, 4, 5]
    assert [entry.row_no for entry in entries(roll)] == [2, 6]


def test_a_nik_that_is_given_twice_is_told(election, office):
    roll = loaded(election, office, [voter(1), voter(2), voter(1, name="ORANG LAIN"), voter(1)])
    assert (roll.rows, roll.entries, roll.repeated) == (4, 4, 2)
    assert roll.columns["repeated_rows"] == [4, 5]


def test_a_file_that_was_cut_in_the_middle_of_a_row_tells_that_row(election, office):
    content = as_csv([voter(1), voter(2)])
    roll = loaded(election, office, content[: content.rindex(person(2)["nik"].encode()) + 9])
    assert (roll.status, roll.entries, roll.unusable, roll.columns["unusable_rows"]) == ("current", 1, 1, [3])


@pytest.mark.parametrize(
    ("content", "code", "sentence"),
    [
        (
            b"NOMOR URUT;NAMA;KECAMATAN\n1;Budi;Bontang\n",
            "roll_without_nik",
            "“NOMOR URUT”, “NAMA”, “KECAMATAN”",
        ),
        (b"NIK;NAMA\n", "FILE_NO_ROWS", "tanpa satu pun pemilih"),
        (b"\n\n", "FILE_EMPTY", "Berkas ini kosong"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "FILE_NOT_TEXT", "bukan CSV"),
        (b"PK\x03\x04" + bytes(200), "FILE_DAMAGED", "rusak atau terpotong"),
        (b"NIK;NAMA\n6474************;Budi\n", "roll_without_usable_nik", "NIK yang disamarkan"),
        (person(1)["nik"].encode() + b";Budi\n", "FILE_NO_HEADINGS", "Judul kolom tidak ditemukan"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_whole(election, office, content, code, sentence):
    before = loaded(election, office, [voter(9)])
    roll = loaded(election, office, content, name="rusak.csv")
    assert (roll.status, roll.error_code) == ("failed", code)
    assert sentence in roll.error_message
    assert "pendukung" not in roll.error_message
    assert entries(roll) == []
    before.refresh_from_db()
    assert before.status == "current"


def test_an_empty_file_is_refused_and_nothing_of_it_is_kept(election, office):
    with pytest.raises(Refused) as refusal:
        received(election, office, b"")
    assert refusal.value.field == "file"
    assert not Roll.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_newer_list_takes_the_place_of_the_older_which_stays_on_record(election, office):
    first = loaded(election, office, [voter(1)])
    other = loaded(election, office, [voter(3)], kind="dp4")
    second = loaded(election, office, [voter(1), voter(2)])
    for roll in (first, other):
        roll.refresh_from_db()
    assert [(roll.kind, roll.version, roll.status) for roll in (first, other, second)] == [
        ("dpt", 1, "superseded"),
        ("dp4", 1, "current"),
        ("dpt", 2, "current"),
    ]
    assert (len(entries(first)), len(entries(second))) == (1, 2)
    names = Event.objects.filter(subject_kind="roll", subject_id=first.pk).order_by("id")
    assert [event.name for event in names] == ["roll_received", "roll_load", "roll_supersede"]


def test_the_same_file_again_is_the_same_list(election, office):
    first = loaded(election, office, [voter(1)])
    assert received(election, office, [voter(1)]).pk == first.pk
    assert StoredFile.objects.count() == 1


def test_rows_of_a_list_go_when_their_number_is_typed_and_what_it_was_stays(election, office):
    roll = loaded(election, office, [voter(1), voter(2)])
    with pytest.raises(Refused) as refusal:
        remove_roll(roll, by=office, count=3)
    assert refusal.value.code == "count_differs"
    remove_roll(roll, by=office, count=2)
    work()
    roll.refresh_from_db()
    assert (roll.status, roll.entries, roll.removed_by, roll.file) == ("removed", 2, office, None)
    assert entries(roll) == []
    assert not StoredFile.objects.exists()
    with pytest.raises(Refused) as refusal:
        remove_roll(roll, by=office, count=2)
    assert refusal.value.code == "state_changed"


def test_only_an_office_that_governs_the_election_loads_or_removes(election, office):
    far = factories.user("jauh", Role.KPU_REGENCY, 6471)
    watcher = factories.user("bawaslu", Role.BAWASLU, 6474)
    for stranger in (far, watcher):
        with pytest.raises(NotAllowed):
            received(election, stranger, [voter(1)])
    roll = loaded(election, office, [voter(1)])
    for stranger in (far, watcher):
        with pytest.raises(NotAllowed):
            remove_roll(roll, by=stranger, count=1)
    assert not StoredFile.objects.exclude(pk=roll.file_id).exists()
    with pytest.raises(Refused) as refusal:
        received(election, office, [voter(2)], kind="dps")
    assert "dpt, dp4" in refusal.value.message
