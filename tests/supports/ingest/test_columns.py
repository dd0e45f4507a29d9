"""Headings as teams write them → fields."""

import pytest

from foundation.errors import Refused
from supports.ingest.columns import COMBINED, FIELDS, TITLES, is_heading_row, map_headings, recognise


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("NIK", "nik"),
        ("nik ", "nik"),
        ("No. KTP", "nik"),
        ("NO KTP", "nik"),
        ("Nomor KTP-el", "nik"),
        ("NOMOR INDUK KEPENDUDUKAN (NIK)", "nik"),
        ("Nomor\nInduk\r\nKependudukan", "nik"),
        ("No. (NIK)", "nik"),
        ("NIK*", "nik"),
        ("NIK Pendukung", "nik"),
        ("ＮＩＫ", "nik"),
        ("Nama", "name"),
        ("Nama Lengkap", "name"),
        ("NAMA_LENGKAP", "name"),
        ("Nama (sesuai KTP-el)", "name"),
        ("Nama Pendukung", "name"),
        ("Tempat Lahir", "birth_place"),
        ("Tmpt. Lahir", "birth_place"),
        ("Tgl Lahir", "birth_date"),
        ("Tgl. Lahir (dd/mm/yyyy)", "birth_date"),
        ("Tanggal Lahir DD-MM-YYYY", "birth_date"),
        ("Tempat/Tanggal Lahir", "birth"),
        ("Tempat, Tgl. Lahir", "birth"),
        ("TTL", "birth"),
        ("L/P", "sex"),
        ("JK", "sex"),
        ("Jenis Kelamin (L/P)", "sex"),
        ("Status Kawin", "marital"),
        ("Status Perkawinan (B/S/P)", "marital"),
        ("Alamat", "address"),
        ("Alamat (Jalan/Dusun)", "address"),
        ("RT", "rt"),
        ("R.W.", "rw"),
        ("RT/RW", "rt_rw"),
        ("RT / RW", "rt_rw"),
        ("Kel/Desa", "village"),
        ("Kelurahan/Desa", "village"),
        ("Desa / Kelurahan", "village"),
        ("Gampong", "village"),
        ("Kec.", "district"),
        ("Distrik", "district"),
        ("Kab/Kota", "regency"),
        ("Kab./Kota", "regency"),
        ("Pekerjaan", "occupation"),
        ("No HP/WA", "phone"),
        ("No. HP (WA)", "phone"),
        ("Nomor Telepon", "phone"),
        ("E-mail", "email"),
        ("Jenis Identitas", "document"),
        ("Surat Pernyataan Identitas (ya/tidak)", "statement"),
        ("No. Lembar", "sheet"),
        ("Nomor Bundel", "sheet"),
        ("Ref", "ref"),
        ("birth_date", "birth_date"),
        ("No", None),
        ("No. KK", None),
        ("Provinsi", None),
        ("Nama Ibu Kandung", None),
        ("Nama Petugas", None),
        ("Keterangan", None),
        ("Surat Pernyataan", None),
        ("", None),
    ],
)
def test_heading_means_field(heading, field):
    assert recognise(heading) == field


def test_every_field_is_known_by_its_title_and_its_name():
    assert [recognise(field.title) for field in FIELDS] == [field.name for field in FIELDS]
    assert [recognise(field.name) for field in FIELDS] == [field.name for field in FIELDS]


def test_no_synonym_means_two_fields():
    synonyms = {field.name: field.synonyms for field in FIELDS} | COMBINED
    found = {(word, recognise(word)) for words in synonyms.values() for word in words}

    assert found == {(word, name) for name, words in synonyms.items() for word in words}


def test_map_in_any_order_with_what_is_left():
    mapping = map_headings(["No", "Kec.", "Nama", "Provinsi", "NIK", "", "Catatan"])

    assert mapping.fields == {"district": 1, "name": 2, "nik": 4}
    assert (mapping.ignored, mapping.duplicates, mapping.missing) == (["No", "Provinsi", "Catatan"], [], [])
    assert mapping.complete
    assert mapping.extra() == [("No", 0), ("Provinsi", 3), ("Kolom 6", 5), ("Catatan", 6)]


def test_map_says_which_required_heading_is_missing():
    mapping = map_headings(["Nomor", "Nama", "Alamat"])

    assert (mapping.missing, mapping.complete) == (["nik"], False)


def test_map_takes_the_first_of_two_headings():
    mapping = map_headings(["NIK", "Nama", "No. KTP", "Nama Lengkap"])

    assert mapping.fields == {"nik": 0, "name": 1}
    assert (mapping.duplicates, mapping.ignored) == (["No. KTP", "Nama Lengkap"], [])
    assert mapping.extra() == [("No. KTP", 2), ("Nama Lengkap", 3)]


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (["NIK", "Nama", "Status"], {"nik": 0, "name": 1, "marital": 2}),
        (["NIK", "Nama", "Status", "Status Perkawinan"], {"nik": 0, "name": 1, "marital": 3}),
        (["Nama", "No Identitas"], {"name": 0, "nik": 1}),
    ],
)
def test_vague_heading_gives_way_to_a_clear_one(headings, fields):
    assert map_headings(headings).fields == fields


def test_own_mapping_comes_first():
    own = {"name": "Nama Panggilan", "phone": "kontak  1", "ref": "tidak ada", "email": ""}
    mapping = map_headings(["NIK", "Nama", "Nama Panggilan", "Kontak 1", "No HP"], own)

    assert mapping.fields == {"nik": 0, "name": 2, "phone": 3}
    assert (mapping.not_found, mapping.duplicates) == (["tidak ada"], ["Nama", "No HP"])


def test_own_mapping_of_two_fields_to_one_heading_splits_it():
    own = {"birth_place": "Lahir di", "birth_date": "Lahir di", "rt": "Lingkungan", "rw": "Lingkungan"}
    mapping = map_headings(["NIK", "Nama", "Lahir di", "Lingkungan"], own)

    assert mapping.fields == {"nik": 0, "name": 1, "birth": 2, "rt_rw": 3}


def test_own_mapping_of_an_unknown_field_is_refused():
    with pytest.raises(Refused) as refusal:
        map_headings(["NIK"], {"nikk": "NIK"})

    assert (refusal.value.code, refusal.value.field) == ("MAPPING_FIELD_UNKNOWN", "mapping")


def test_report_that_comes_back_is_recognised():
    mapping = map_headings(["ID baris", "Temuan", "Penjelasan", *TITLES.values(), "Catatan"])

    assert mapping.fields == {"row_id": 0} | {name: i for i, name in enumerate(TITLES, 3)}
    assert (mapping.ignored, mapping.duplicates) == (["Catatan"], [])
    assert mapping.extra() == [("Catatan", 3 + len(TITLES))]


@pytest.mark.parametrize(
    ("cells", "own", "expected"),
    [
        (["No", "NIK", "Nama"], [], True),
        (["NIK", "Nama"], [], True),
        (["DAFTAR PENDUKUNG", "", ""], [], False),
        (["Kecamatan", ": Bontang Utara", ""], [], False),
        (["6474010101909001", "Budi", "L"], [], False),
        (["kol A", "kol B"], ["Kol A", "KOL B"], True),
        (["kol A", "lain"], ["Kol A", "KOL B"], False),
        ([], [], False),
    ],
)
def test_heading_row_is_told_from_others(cells, own, expected):
    assert is_heading_row(cells, own) is expected
