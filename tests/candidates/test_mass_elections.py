"""Many elections from one table: each row is judged where it stands, and all are created or none."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.mass.new_elections import create_elections, plan_elections
from candidates.models import Election, MassChange
from candidates.operations import create_election
from candidates.queries import requirement_of
from foundation.accounts.matrix import Role
from foundation.errors import Conflict, Refused
from foundation.regions.models import Region
from foundation.workflow.models import Event
from tests import factories
from tests.candidates.making import BONTANG

pytestmark = pytest.mark.django_db


def row(number=2, **changes):
    given = {
        "number": number, "region": "6474", "base": "131.600", "voting_day": "27-11-2024",
        "rule_set": "pkpu8-2024",
    }  # fmt: skip
    return {name: value for name, value in (given | changes).items() if value is not None}


def faults(*rows, by=None):
    return [line.faults for line in plan_elections(rows, by=by).lines]


def create(*rows, by=None):
    return create_elections(rows, digest=plan_elections(rows, by=by).digest, by=by)


def test_a_row_becomes_what_creating_one_makes():
    alone = create_election(by=None, **BONTANG)
    alone_areas = list(alone.areas.values_list("code", "name"))
    Election.objects.all().delete()
    made = create(row(decree="12/2024", base_note="DPT", base_date="2024-09-20"))
    election = Election.objects.get()
    assert (election.name, election.level, election.zone) == (
        "Pemilihan Wali Kota Bontang 2024", "walikota", "Asia/Makassar",
    )  # fmt: skip
    assert list(election.areas.values_list("code", "name")) == alone_areas
    assert requirement_of(election).minimum == 13_160
    assert (election.decree, election.base_note, str(election.base_date)) == ("12/2024", "DPT", "2024-09-20")
    assert Event.objects.filter(name="election_created", election_id=election.pk).exists()
    assert (made.kind, made.changed) == ("elections_created", 1)


def test_a_region_may_be_named_and_a_level_be_said():
    rows = [
        row(2, region=None, region_name="kota bontang"),
        row(3, region="64", level="Gubernur", base="2900000"),
        row(4, region=None, region_name="Kabupaten Kutai Timur", base="300000"),
    ]
    assert faults(*rows) == [[], [], []]
    create(*rows)
    assert set(Election.objects.values_list("level", flat=True)) == {"walikota", "gubernur", "bupati"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"region": "9999"}, "Kode daerah 9999 tidak dikenal."),
        ({"region": "enam"}, "Kode daerah “enam” bukan bilangan bulat."),
        ({"region": None}, "Daerah belum diisi."),
        ({"region": None, "region_name": "Antah Berantah"}, "Nama daerah “Antah Berantah” tidak dikenal."),
        ({"region": None, "region_name": "Bontang"}, "Nama daerah “Bontang” tidak dikenal. Tulis lengkap"),
        ({"level": "bupati"}, "tidak memilih Bupati"),
        ({"level": "camat"}, "Jenis pemilihan “camat” tidak dikenal."),
        ({"base": None}, "Angka dasar belum diisi."),
        ({"base": "banyak"}, "Angka dasar “banyak” bukan bilangan bulat."),
        ({"base": "0"}, "tidak mungkin"),
        ({"voting_day": None}, "Hari pemungutan suara belum diisi."),
        ({"voting_day": "31-02-2024"}, "Hari pemungutan suara “31-02-2024” tidak dikenal."),
        ({"voting_day": "27-11-1924"}, "Tahun 1924 tidak mungkin"),
        ({"rule_set": "pkpu9-2099"}, "Aturan “pkpu9-2099” tidak dikenal."),
        ({"zone": "GMT"}, "Zona waktu “GMT” tidak dikenal."),
        ({"practice": "mungkin"}, "Latihan: tulis ya atau tidak."),
        ({"name": "x" * 201}, "Nama:"),
    ],
)
def test_what_is_wrong_is_said_at_its_row_and_nothing_is_created(changes, sentence):
    rows = [row(2, region="6472", base="500000"), row(3, **changes)]
    first, second = faults(*rows)
    assert first == []
    assert any(sentence in fault for fault in second), second
    with pytest.raises(Refused) as refusal:
        create(*rows)
    assert refusal.value.code == "rows_faulty"
    assert not Election.objects.exists()


def test_the_same_table_twice_creates_nothing_twice():
    create(row())
    assert "sudah ada" in faults(row())[0][0]
    with pytest.raises(Refused):
        create(row())
    assert Election.objects.count() == 1
    assert faults(row(practice="ya")) == [[]]


def test_two_rows_for_one_election_both_say_so():
    first, second = faults(row(2), row(7))
    assert "baris 7" in first[0]
    assert "baris 2" in second[0]


def test_what_changed_since_the_preview_is_a_conflict():
    plan = plan_elections([row()], by=None)
    create_election(by=None, **BONTANG)
    with pytest.raises(Conflict):
        create_elections([row()], digest=plan.digest, by=None)
    assert Election.objects.count() == 1


def test_an_office_creates_in_its_own_territory_only():
    user = factories.user("kpu-kaltim", Role.KPU_PROVINCE, 64)
    own, other = faults(row(2), row(3, region="5371"), by=user)
    assert own == []
    assert "di luar wilayah tugas Anda" in other[0]


@pytest.mark.parametrize(("rows", "code"), [([], "table_empty"), ([row()] * 2_001, "table_too_long")])
def test_a_table_has_rows_and_an_end(rows, code):
    with pytest.raises(Refused) as refusal:
        plan_elections(rows, by=None)
    assert refusal.value.code == code


def test_all_the_nation_s_elections_cost_the_queries_of_two():
    def queries(rows):
        with CaptureQueriesContext(connection) as done:
            create(*rows)
        return len(done)

    few = queries([row(2), row(3, region="6472")])
    Election.objects.all().delete()
    jakarta = {31}
    codes = [
        code
        for code in Region.objects.filter(current=True, level__lte=2)
        .order_by("code")
        .values_list("pk", flat=True)
        if code < 100 or code // 100 not in jakarta
    ]
    rows = [
        row(n, region=str(code), base="5000000" if code < 100 else "300000")
        for n, code in enumerate(codes, 2)
    ]
    assert queries(rows) <= few + 10  # bulk inserts go in portions
    assert Election.objects.count() == len(rows) > 540
    assert MassChange.objects.count() == 2
