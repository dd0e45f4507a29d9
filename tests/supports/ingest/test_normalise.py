"""Cells as teams write them → fields. Each table row: what is written, what it means."""

import datetime as dt
import io

import polars as pl
import pytest

from supports.ingest import read
from supports.ingest.columns import TITLES, map_headings
from supports.ingest.normalise import SCHEMA, as_frame, clean, normalise

TODAY = dt.date(2024, 11, 27)
NOVEMBER = dt.date(1990, 11, 27)


def field(name, *texts):
    """The fields of rows that have nothing but these texts in one field."""
    frame, mapping = as_frame([{name: text} for text in texts])
    return normalise(frame, mapping, today=TODAY)


def one(name, text, column=None):
    # Beside a plain value, so that the way for unusual cells is taken within a usual column.
    return field(name, text, None, "x")[column or name][0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("27-11-1990", NOVEMBER),
        ("27/11/1990", NOVEMBER),
        ("27.11.1990", NOVEMBER),
        ("27 11 1990", NOVEMBER),
        ("27 - 11 - 1990", NOVEMBER),
        ("1990-11-27", NOVEMBER),
        ("1990/11/27", NOVEMBER),
        ("27 November 1990", NOVEMBER),
        ("27 Nov 1990", NOVEMBER),
        ("27-Nov-90", NOVEMBER),
        ("27Nov1990", NOVEMBER),
        ("27 Nopember 1990", NOVEMBER),
        ("27 NOP. 1990", NOVEMBER),
        ("November 27, 1990", NOVEMBER),
        ("Selasa, 27 November 1990", NOVEMBER),
        ("27111990", NOVEMBER),
        ("19901127", NOVEMBER),
        ("33204", NOVEMBER),
        ("33204.0", NOVEMBER),
        ("1990-11-27 00:00:00", NOVEMBER),
        ("1990-11-27T00:00:00Z", NOVEMBER),
        ("27/11/1990 0:00", NOVEMBER),
        ("27-11-1990 00.00.00", NOVEMBER),
        ("'27-11-1990", NOVEMBER),
        (" 27-11-1990\u00a0", NOVEMBER),
        ("２７-１１-１９９０", NOVEMBER),
        ("27/11/90", NOVEMBER),
        ("1/2/1990", dt.date(1990, 2, 1)),
        ("01-02-90", dt.date(1990, 2, 1)),
        ("17 Agustus 1945", dt.date(1945, 8, 17)),
        ("17 Agt 1945", dt.date(1945, 8, 17)),
        ("17 August 1945", dt.date(1945, 8, 17)),
        ("5 Mei 2001", dt.date(2001, 5, 5)),
        ("5 May 2001", dt.date(2001, 5, 5)),
        ("29-02-2000", dt.date(2000, 2, 29)),
        ("05-06-05", dt.date(2005, 6, 5)),
        ("27-11-13", dt.date(2013, 11, 27)),
        ("28-11-24", dt.date(1924, 11, 28)),
        ("01-01-1900", dt.date(1900, 1, 1)),
    ],
)
def test_birth_date(written, meant):
    found = field("birth_date", written, None, "01-01-1980")

    assert found["birth_date"].to_list() == [meant, None, dt.date(1980, 1, 1)]


@pytest.mark.parametrize(
    "written",
    [
        "11/27/1990",  # month first would be a guess
        "30-02-1990",
        "29-02-1900",
        "31 November 1990",
        "00-00-1990",
        "1990",
        "11-1990",
        "1011990",
        "28-11-2024",  # after today
        "31-12-1899",
        "27-11-0090",
        "20-05-18",  # 1918 and 2018 are both possible
        "27-11-24",
        "99999",
        "2",
        "27-13-1990",
        "lupa",
        "27 Foobar 1990",
        "3.3204E+4",
    ],
)
def test_birth_date_that_nobody_can_tell_is_kept_as_given(written):
    found = field("birth_date", written)

    assert (found["birth_date"][0], found["birth_date_given"][0]) == (None, written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("081234567890", "+6281234567890"),
        ("+6281234567890", "+6281234567890"),
        ("6281234567890", "+6281234567890"),
        ("006281234567890", "+6281234567890"),
        ("81234567890", "+6281234567890"),
        ("+62 0812-3456-7890", "+6281234567890"),
        ("(+62) 812 3456 7890", "+6281234567890"),
        ("0812 3456 7890", "+6281234567890"),
        ("0812-3456-7890", "+6281234567890"),
        ("0812.3456.7890", "+6281234567890"),
        ("'081234567890", "+6281234567890"),
        ('="081234567890"', "+6281234567890"),
        ("81234567890.0", "+6281234567890"),
        ("\u200e081234567890\u202c", "+6281234567890"),
        ("0812\u00a03456\u00a07890", "+6281234567890"),
        ("０８１２３４５６７８９０", "+6281234567890"),
        ("0812345678", "+62812345678"),
        ("0812345678901", "+62812345678901"),
        ("081234567", None),
        ("08123456789012", None),
        ("0548-21234", None),
        ("+60123456789", None),
        ("8.12346E+10", None),
        ("8,12E+11", None),
        ("081234567890/081234567891", None),
        ("tidak ada", None),
    ],
)
def test_phone(written, meant):
    found = field("phone", written, "081200000000", None)

    assert found["phone"].to_list() == [meant, "+6281200000000", None]
    assert found["phone_given"].is_null().to_list() == [False, False, True]


@pytest.mark.parametrize(
    ("written", "given"),
    [
        ("6474010101909001", "6474010101909001"),
        ("'6474010101909001", "6474010101909001"),
        ('="6474010101909001"', "6474010101909001"),
        ("\u00a06474010101909001\u200b", "6474010101909001"),
        ("\ufeff6474010101909001", "6474010101909001"),
        ("６４７４０１０１０１９０９００１", "6474010101909001"),
        ("9101010101909001", "9101010101909001"),  # above 2^53: never a float
        ("6.47401E+15", "6.47401E+15"),  # evidence of a number stays
        ("6474010101909001.0", "6474010101909001.0"),
        ("64.74.01.010190.9001", "64.74.01.010190.9001"),
        ("6474-0101 0190  9001", "6474-0101 0190 9001"),
        ("0000000000000000", "0000000000000000"),
    ],
)
def test_nik_is_only_freed_of_its_wrapping(written, given):
    assert one("nik", written, "nik_given") == given


BLANKS = [
    "",
    " ",
    "-",
    "--",
    "–",
    ".",
    "nan",
    "NaN",
    "NULL",
    "null",
    "None",
    "#N/A",
    "N/A",
    "#REF!",
    "#NAME?",
]


@pytest.mark.parametrize("text", [*BLANKS, "\u00a0", "\u200b", "\ufeff", "\t", '=""', "' "])
def test_blank_is_null(text):
    assert one("nik", text, "nik_given") is None


@pytest.mark.parametrize("text", BLANKS)
def test_blank_is_null_in_every_field(text):
    frame, mapping = as_frame([dict.fromkeys(TITLES, text)])
    found = normalise(frame, mapping, today=TODAY).drop("row_no", "broken", "too_long")

    assert set(found.row(0)) == {None}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("  Siti   Aminah ", "Siti Aminah"),
        ("Siti\u00a0Aminah", "Siti Aminah"),
        ("Siti\nAminah", "Siti Aminah"),
        ("Siti\tAminah\r\n", "Siti Aminah"),
        ("Si\u200bti\u00ad Aminah\ufeff", "Siti Aminah"),
        ("Si\x00ti\x07 Aminah", "Siti Aminah"),
        ("Rene\u0301e", "Renée"),
        ("'Aisyah", "'Aisyah"),
        ("Ma'ruf", "Ma'ruf"),
        ("Nanang", "Nanang"),
        ("=SUM(A1)", "=SUM(A1)"),
        ("Ny. 李", "Ny. 李"),
    ],
)
def test_name_is_trimmed_and_composed(written, text):
    assert one("name", written) == text


SEXES = {
    "L": ["L", "l", "LK", "Lk.", "Laki-laki", "LAKI - LAKI", "laki", "Pria", "male"],
    "P": ["P", "p", "PR", "Perempuan", "PEREMPUAN ", "Wanita", "W", "female"],
    None: ["M", "X", "1", "L/P", "laki perempuan"],
}
MARITAL = {
    "B": ["B", "BK", "Belum Kawin", "BELUM MENIKAH", "blm kawin", "Lajang", "Belum"],
    "S": ["S", "K", "Kawin", "SUDAH KAWIN", "Menikah", "nikah", "Kawin Tercatat", "Kawin belum tercatat"],
    "P": ["P", "Pernah Kawin", "Cerai Hidup", "CERAI MATI", "Janda", "duda"],
    None: ["X", "1", "B/S", "kawin lari"],
}
DOCUMENTS = {
    "KTP-el": ["KTP-el", "KTP", "e-KTP", "KTP Elektronik", "ktpel"],
    "suket": ["suket", "SUKET", "Surat Keterangan", "surat keterangan perekaman KTP-el"],
    "biodata": ["Biodata", "Biodata Penduduk"],
    "IKD": ["ikd", "Identitas Kependudukan Digital"],
    "SIM A": ["SIM A"],
}
STATEMENTS = {
    True: ["ya", "Y", "Ada", "1", "TRUE", "True", "✓", "x", "v"],
    False: ["tidak", "T", "0", "false", "Tidak ada", "belum"],
    None: ["mungkin", "2"],
}
WORDS = {"sex": SEXES, "marital": MARITAL, "document": DOCUMENTS, "statement": STATEMENTS}


@pytest.mark.parametrize("name", WORDS)
def test_words(name):
    written = [(word, value) for value, words in WORDS[name].items() for word in words]
    found = field(name, *[word for word, _ in written])

    assert dict(zip([w for w, _ in written], found[name], strict=True)) == dict(written)
    if f"{name}_given" in found.columns:
        assert found[f"{name}_given"].to_list() == [word.strip() for word, _ in written]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("001", "001"),
        ("1", "1"),
        ("RT 003", "003"),
        ("rt.03", "03"),
        ("3.0", "3"),
        ("'007", "007"),
        ("II", "II"),
    ],
)
def test_neighbourhood_number(written, number):
    assert (one("rt", written), one("rw", written.replace("RT", "RW"))) == (number, number)


def from_csv(text):
    with read.frames(io.BytesIO(text.encode())) as frames:
        mapping = map_headings(frames.header.headings)
        return pl.concat([normalise(frame, mapping, today=TODAY) for frame in frames])


@pytest.mark.parametrize(
    ("written", "rt", "rw"),
    [
        ("001/002", "001", "002"),
        ("RT 01 RW 02", "01", "02"),
        ("RT.01/RW.02", "01", "02"),
        ("1 - 2", "1", "2"),
        ("001", "001", None),
        ("", None, None),
    ],
)
def test_combined_neighbourhood(written, rt, rw):
    found = from_csv(f"NIK;Nama;RT/RW\n1;A;{written}\n")

    assert (found["rt"][0], found["rw"][0]) == (rt, rw)


@pytest.mark.parametrize(
    ("written", "place", "given", "meant"),
    [
        ("Bontang, 27-11-1990", "Bontang", "27-11-1990", NOVEMBER),
        ("BONTANG / 27 November 1990", "BONTANG", "27 November 1990", NOVEMBER),
        ("Tg. Redeb 27/11/90", "Tg. Redeb", "27/11/90", NOVEMBER),
        ("Bontang, 31-02-1990", "Bontang", "31-02-1990", None),
        ("Bontang", "Bontang", None, None),
        ("27-11-1990", None, "27-11-1990", NOVEMBER),
        ("", None, None, None),
    ],
)
def test_combined_birth(written, place, given, meant):
    found = from_csv(f"NIK;Nama;Tempat, Tanggal Lahir\n1;A;{written}\n")

    assert (found["birth_place"][0], found["birth_date_given"][0], found["birth_date"][0]) == (
        place,
        given,
        meant,
    )


def test_own_column_goes_before_a_combined_one():
    found = from_csv("NIK;Nama;TTL;Tgl Lahir\n1;A;Bontang, 01-01-1980;27-11-1990\n2;B;Bontang, 01-01-1980;\n")

    assert found["birth_place"].to_list() == ["Bontang", "Bontang"]
    assert found["birth_date"].to_list() == [NOVEMBER, dt.date(1980, 1, 1)]


def test_unrecognised_columns_are_kept_as_extra():
    found = from_csv(
        "No;NIK;Nama;Agama;;ID baris;Temuan\n1;2;A; Islam ;-;77;NIK_DATE\n;3;B;;lain;;\n;4;C;;;;\n"
    )

    assert found["extra"].to_list() == ["No: 1\x1fAgama: Islam", "Kolom 5: lain", None]


def test_long_texts_are_cut_and_marked():
    rows = [
        {"name": "n" * 101},
        {"address": "a" * 301},
        {"email": "e" * 101},
        {"name": "é" * 100, "address": "a" * 300},
    ]
    frame, mapping = as_frame(rows)
    found = normalise(frame, mapping, today=TODAY)

    assert found["too_long"].to_list() == [True, True, True, False]
    assert found["name"].to_list() == ["n" * 100, None, None, "é" * 100]
    assert found["address"].str.len_chars().to_list() == [None, 300, None, 300]
    assert found["email"][2] == "e" * 100


def test_long_unrecognised_cell_is_cut_and_marked():
    found = from_csv(f"NIK;Nama;Catatan\n1;A;{'c' * 301}\n2;B;{'c' * 300}\n")

    assert found["extra"].to_list() == ["Catatan: " + "c" * 300] * 2
    assert found["too_long"].to_list() == [True, False]


def test_cell_cut_by_the_reader_stays_marked():
    found = from_csv(f"NIK;Nama;Alamat\n1;A;{' ' * 10_001}\n")

    assert (found["address"][0], found["too_long"][0]) == (None, True)


def test_rows_from_a_file_keep_number_and_brokenness():
    found = from_csv('NIK;Nama\n\n1;A\n2;"B\n3;C\n')

    assert found.schema == pl.Schema(SCHEMA)
    assert found.select("row_no", "broken", "raw", "nik_given", "name").rows() == [
        (3, False, None, "1", "A"),
        (4, True, '2;"B', None, None),
        (5, False, None, "3", "C"),
    ]


def test_every_column_is_there_whatever_the_file_has():
    found = from_csv("Nama;NIK\nA;1\n")

    assert found.schema == pl.Schema(SCHEMA)
    assert [column for column in found.columns if found[column][0] is not None] == [
        "row_no", "broken", "too_long", "nik_given", "name",
    ]  # fmt: skip


def test_frame_without_rows_stays_typed():
    frame, mapping = as_frame([])

    assert normalise(frame, mapping, today=TODAY).schema == pl.Schema(SCHEMA)


def test_cleaning_leaves_its_input_alone():
    texts = pl.Series(["a ", "b"])
    clean(texts)

    assert texts.to_list() == ["a ", "b"]
