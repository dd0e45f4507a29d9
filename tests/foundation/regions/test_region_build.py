"""Making the table from published lists, with the faults those lists have."""

import hashlib

import pytest

from foundation.regions import build, sources, table
from foundation.regions.build import Edition, clean_name, clean_title, dump_rows, merge
from foundation.regions.table import RegionRow


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Pasi Kuala Ba''u", "Pasi Kuala Ba'u"),
        (r"Sawang Ba\'u", "Sawang Ba'u"),
        ('Ra"as', "Ra'as"),
        ("Regapu’u", "Regapu'u"),
        ("Kota Administrasi Jakarta Utara ", "Kota Administrasi Jakarta Utara"),
        ("Meunasah  Pu'uk", "Meunasah Pu'uk"),
        ("Teuw*", "Teuw"),
        ("Lubuk Pakam I,II", "Lubuk Pakam I,II"),
        ("Misool (Misool Utara)", "Misool (Misool Utara)"),
    ],
)
def test_a_name_is_mended(raw, name):
    assert clean_name(raw) == name


@pytest.mark.parametrize(
    ("code", "raw", "name"),
    [
        (9124, "KAB. NDUGA", "Kabupaten Nduga"),
        (5302, "KAB TIMOR TENGAH SELATAN", "Kabupaten Timor Tengah Selatan"),
        (9271, "KOTA SORONG", "Kota Sorong"),
        (31, "DKI JAKARTA", "DKI Jakarta"),
        (11, "ACEH", "Aceh"),
        (6474, "Kota Bontang", "Kota Bontang"),
        (110102, "KLUET", "KLUET"),
    ],
)
def test_a_region_in_capitals_follows_the_manner_of_the_list_in_force(code, raw, name):
    assert clean_title(code, raw) == name


def test_rows_of_a_dump_are_read_whatever_its_quotes():
    lines = [
        "-- a dump",
        "INSERT INTO `wilayah` (`kode`, `nama`) VALUES",
        '("11","ACEH"),',
        "('11.01', 'KAB. ACEH SELATAN'),",
        r"('11.01.02.2018','Pasi Kuala Ba\'u'),",
        "('11.01.02.2019','Pasi Kuala Ba''u'),",
        " ('11.01.02.2020','Kurau (Timur)');",
    ]
    assert list(dump_rows(lines)) == [
        ("11", "ACEH"),
        ("11.01", "KAB. ACEH SELATAN"),
        ("11.01.02.2018", r"Pasi Kuala Ba\'u"),
        ("11.01.02.2019", "Pasi Kuala Ba''u"),
        ("11.01.02.2020", "Kurau (Timur)"),
    ]


def merged(current, *former):
    return {row.code: row for row in merge([Edition(2025, current), *former])}


def test_a_code_is_named_by_the_newest_list_that_has_it():
    rows = merged(
        {64: "Kalimantan Timur"},
        Edition(2022, {64: "KALIMANTAN TIMUR", 6473: "KOTA TARAKAN"}),
        Edition(2015, {6473: "KOTA TARAKAN LAMA"}),
    )
    assert rows[64] == RegionRow(64, "Kalimantan Timur", 2025, ())
    assert rows[6473] == RegionRow(6473, "Kota Tarakan", 2022, ("Kota Tarakan Lama",))


def test_earlier_names_are_kept_once_newest_first():
    rows = merged(
        {1212: "Kabupaten Toba"},
        Edition(2019, {1212: "KAB. TOBA SAMOSIR"}),
        Edition(2017, {1212: "KAB. TOBA SAMOSIR"}),
        Edition(2015, {1212: "KAB. SAMOSIR TOBA"}),
    )
    assert rows[1212].earlier == ("Kabupaten Toba Samosir", "Kabupaten Samosir Toba")


@pytest.mark.parametrize(
    "earlier",
    [
        "PASIE RAYA",  # the same but for its case
        "Kec. Pasieraya",  # the same but for title and blanks
        "Pasie",  # cut short by a transcription
        "Pasi Raja 14",  # ran together with the next number
        "Meukek",  # the name of the kecamatan beside it
        "",
    ],
)
def test_what_is_no_other_name_is_left_out(earlier):
    current = {11: "Aceh", 1101: "Kabupaten Aceh Selatan", 110110: "Pasie Raya", 110105: "Meukek"}
    assert merged(current, Edition(2019, {110110: earlier}))[110110].earlier == ()


def test_an_earlier_name_that_moved_inside_its_kabupaten_is_left_out():
    current = {1101012001: "Sukamaju", 1101022001: "Makmur", 1102012001: "Sentosa"}
    former = Edition(2019, {1101012001: "Makmur", 1101022001: "Sentosa"})
    rows = merged(current, former)
    assert rows[1101012001].earlier == ()
    assert rows[1101022001].earlier == ("Sentosa",)


@pytest.fixture
def published(tmp_path, monkeypatch):
    """Small lists under the names of the real ones, and their checksums."""
    files = {
        "provinces.csv": "code,name\n64,Kalimantan Timur\n",
        "regencies.csv": "code,province_code,name\n64.74,64,Kota Bontang\n",
        "districts.csv": "code,regency_code,name\n64.74.01,64.74,Bontang Utara\n",
        "villages.csv": 'code,district_code,name\n64.74.01.1001,64.74.01,"Bontang Ku""ala"\n',
        "base.csv": "64,KALIMANTAN TIMUR\n64.73,KOTA TARAKAN\n64.74.01.1001,Kuala\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    digests = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}
    monkeypatch.setattr(build, "SHA256", digests)
    return tmp_path


def run_build(folder):
    build.main(["--current", str(folder), "--former", str(folder / "base.csv"), "--out", str(folder)])


def test_the_table_it_writes_is_the_table_it_reads(published, monkeypatch):
    run_build(published)
    monkeypatch.setattr(table, "DATA", published)
    assert table.all_rows.__wrapped__() == (
        RegionRow(64, "Kalimantan Timur", 2025, ()),
        RegionRow(6473, "Kota Tarakan", 2019, ()),
        RegionRow(6474, "Kota Bontang", 2025, ()),
        RegionRow(647401, "Bontang Utara", 2025, ()),
        RegionRow(6474011001, "Bontang Ku'ala", 2025, ("Kuala",)),
    )
    assert table.known_prefixes.__wrapped__() == {64, 6473, 6474, 647401}


def test_it_says_what_it_was_made_of(published):
    run_build(published)
    text = (published / "PROVENANCE.md").read_text("utf-8")
    assert f"| `base.csv` | `{build.SHA256['base.csv']}` |" in text
    assert "| kabupaten/kota | 1 | 1 |" in text
    assert "| 2019 | 1 |" in text


def test_a_file_that_is_not_the_one_described_is_refused(published):
    (published / "base.csv").write_text("64,KALIMANTAN\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="sha256"):
        run_build(published)


def test_the_shipped_provenance_is_of_the_described_sources():
    text = (table.DATA / "PROVENANCE.md").read_text("utf-8")
    for name, digest in sources.SHA256.items():
        assert f"| `{name}` | `{digest}` |" in text
