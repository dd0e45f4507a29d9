"""A workbook through the whole job: sheets, notes, findings, lists, and what is refused harms nothing else."""

from datetime import date, datetime, time

import pytest

from supports.models import Finding, Standing, Support
from supports.rows import edit_support
from supports.rules import BY_CODE
from tests import factories
from tests.supports.calling import client_of
from tests.workbooks import Sheet, ods, serial, xls, xlsx

pytestmark = pytest.mark.usefixtures("committed")
HEADINGS = list(factories.HEADINGS.values())


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


def row(number, **changes):
    person = factories.person(number, **changes)
    return [person.get(name) for name in factories.HEADINGS]


def findings(upload):
    """{row number: codes}"""
    found = Finding.objects.filter(support_id__gte=upload.pk << 24, support_id__lt=(upload.pk + 1) << 24)
    names = {rule.number: code for code, rule in BY_CODE.items()}
    return {(finding.support_id & 0xFFFFFF, names[finding.code]) for finding in found}


@pytest.mark.parametrize(
    ("make", "name"), [(xlsx, "a.xlsx"), (xls, "a.xls"), (ods, "a.ods"), (xlsx, "a.csv")]
)
def test_workbook_is_loaded_like_a_csv_whatever_its_name(pair, operator, make, name):
    people = [row(1, birth_date=date(1960, 1, 2)), row(2, phone=81210015838), row(3, rt=1, rw=2.0)]
    upload = factories.loaded(pair, operator, make([HEADINGS, *people]), name)

    assert (upload.status, upload.rows, upload.error_code) == ("loaded", 3, "")
    assert findings(upload) == set()
    assert Support.objects.count() == 3
    assert upload.columns["sheets"] == [{"name": "Sheet1", "first_row_no": 1, "rows": 3}]


def test_workbook_and_csv_of_the_same_people_give_the_same_rows(pair, operator):
    people = [factories.person(number) for number in range(5)]
    factories.loaded(pair, operator, people)
    factories.loaded(pair, operator, xlsx([HEADINGS, *[row(number) for number in range(5)]]), "a.xlsx")
    digests = list(Support.objects.order_by("id").values_list("nik", "digest", "birth_date", "phone"))

    assert digests[:5] == digests[5:]


@pytest.mark.parametrize("nik", [6474010201609000, 9471010201609001, 3174020101900010.0])
def test_nik_kept_as_number_is_named(pair, operator, nik):
    upload = factories.loaded(pair, operator, xlsx([HEADINGS, row(1, nik=nik), row(2)]), "a.xlsx")

    assert findings(upload) == {(2, "NIK_FROM_NUMBER")}
    assert [bool(one.nik) for one in Support.objects.order_by("id")] == [False, True]


def lost(number):
    """A person whose NIK a spreadsheet once held as a number, and somebody made text of it again."""
    return {"nik": factories.person(number)["nik"][:-1] + "0", "phone": ""}


def test_column_of_nik_that_all_end_in_zero_is_named_and_no_honest_sheet_with_it(pair, operator):
    north = [row(number, **lost(number)) for number in range(1, 12)]
    south = [row(number) for number in range(20, 40)]
    book = xlsx(Sheet([HEADINGS, *north], "Utara"), Sheet([HEADINGS, *south], "Selatan"))
    upload = factories.loaded(pair, operator, book, "a.xlsx")

    assert findings(upload) == {(number, "NIK_FROM_NUMBER") for number in range(2, 13)}
    assert Standing.objects.filter(clean=False).count() == 11


def test_csv_tells_numbers_in_every_spelling(pair, operator):
    given = ["3.17E+15", "3,17404E+15", "6474010201609000.0", "6474010201609001"]
    people = [factories.person(number, nik=nik) for number, nik in enumerate(given, 1)]
    upload = factories.loaded(pair, operator, people)

    assert {place for place, code in findings(upload) if code == "NIK_FROM_NUMBER"} == {2, 3, 4}


def test_row_of_a_column_of_zeros_stays_named_until_its_nik_is_typed_anew(pair, operator):
    people = [factories.person(number, **lost(number)) for number in range(1, 12)]
    upload = factories.loaded(pair, operator, people)
    first = Support.objects.order_by("id").first()
    renamed = edit_support(first, by=operator, changes={"name": "Budi Lain"}, revision=0)
    assert (2, "NIK_FROM_NUMBER") in findings(upload)
    edit_support(renamed, by=operator, changes={"nik": factories.person(1)["nik"]}, revision=1)
    assert findings(upload) == {(number, "NIK_FROM_NUMBER") for number in range(3, 13)}


@pytest.mark.parametrize("make", [xlsx, xls, ods])
def test_birth_dates_of_cells_serials_and_every_written_form_are_the_same_day(pair, operator, make):
    day = date(1960, 1, 2)
    written = [
        day,
        datetime.combine(day, time(9, 30)),
        serial(day),
        "2 Januari 1960",
        "02/01/1960",
        "2-Jan-60",
        "02.01.1960",
        "Sabtu, 2 Januari 1960",
        "1960-01-02",
        "02011960",
    ]
    people = [row(1 + 336 * 40 * at, birth_date=form) for at, form in enumerate(written)]
    upload = factories.loaded(pair, operator, make([HEADINGS, *people]), "a.xlsx")

    assert (upload.rows, {code for _, code in findings(upload)} - {"SERIAL_RUN"}) == (len(written), set())


def test_phones_texts_and_runs_of_a_workbook_are_named(pair, operator):
    shared = [row(number, phone="081233344455") for number in range(1, 6)]
    counted = [row(number, phone=f"0813300000{number}") for number in range(10, 15)]
    people = [*shared, *counted, row(20, address="Jl. Contoh " * 40)]
    upload = factories.loaded(pair, operator, xlsx([HEADINGS, *people]), "a.xlsx")

    named = {
        code: sorted(place for place, one in findings(upload) if one == code) for _, code in findings(upload)
    }
    assert named == {"PHONE_SHARED": [2, 3, 4, 5, 6], "SERIAL_RUN": [7, 8, 9, 10, 11], "TEXT_TOO_LONG": [12]}


def test_sheets_are_named_wherever_a_row_is_shown(pair, operator):
    book = xlsx(
        Sheet([HEADINGS, row(1)], "Utara"),
        Sheet([["Kec. Barat"], HEADINGS, row(2), ["JUMLAH", 1]], "Barat"),
        Sheet([HEADINGS, row(3)], "Lama", state="hidden"),
    )
    upload = factories.loaded(pair, operator, book, "a.xlsx")
    client = client_of(operator)
    rows = client.get(f"/api/v1/pairs/{pair.pk}/supports/").json()["results"]
    shown = client.get(f"/api/v1/uploads/{upload.pk}/").json()["columns"]

    assert {(one["sheet"], one["row"]) for one in rows} == {("Utara", 2), ("Barat", 3)}
    assert [sheet["name"] for sheet in shown["sheets"]] == ["Utara", "Barat"]
    assert ["Lama" in note for note in shown["notes"]] == [True, False]
    assert "Baris 4 lembar “Barat” berisi jumlah" in shown["notes"][1]


def test_pages_say_sheet_and_row_and_what_was_left_out(pair, operator, client):
    book = xlsx(
        Sheet([HEADINGS, row(1)], "Utara"), Sheet([HEADINGS, row(2)], "Barat"), Sheet([["x"]], "Petunjuk")
    )
    upload = factories.loaded(pair, operator, book, "a.xlsx")
    client.force_login(operator)
    page = client.get(f"/unggahan/{upload.pk}/").content.decode()
    people = client.get(f"/pasangan/{pair.pk}/dukungan/").content.decode()

    assert "Lembar yang dibaca: “Utara” (1 baris), “Barat” (1 baris)." in page
    assert "Lembar tanpa judul kolom yang dikenali diabaikan: “Petunjuk”" in page
    assert "lembar Barat," in people


def test_workbook_that_nobody_can_map_waits_for_its_mapping(pair, operator):
    people = [["kolom a", "kolom b"], [row(1)[0], "Budi"]]
    upload = factories.loaded(pair, operator, xlsx(Sheet(people, "Data"), Sheet([["x"]], "Lain")), "a.xlsx")

    assert upload.status == "needs_mapping"
    assert upload.columns["headings"] == ["kolom a", "kolom b"]
    assert "“Lain”" in upload.columns["notes"][0]


@pytest.mark.parametrize(
    ("code", "book"),
    [
        ("FILE_DAMAGED", xlsx([HEADINGS, row(1)])[:-100]),
        ("FILE_HAS_MACROS", xlsx([HEADINGS, row(1)], parts=[("xl/vbaProject.bin", "x")])),
        ("FILE_ENCRYPTED", xls([HEADINGS, row(1)], password=True)),
        ("FILE_EMPTY", xlsx([])),
        ("WORKBOOK_TOO_HEAVY", xlsx(Sheet([HEADINGS, [None] * 300 + ["x"]] + [[]] * 1_048_573 + [["x"]]))),
    ],
)
def test_workbook_that_is_refused_fails_alone(pair, operator, code, book):
    refused = factories.upload(pair, operator, book, "a.xlsx")
    good = factories.upload(pair, operator, xlsx([HEADINGS, row(1)]), "b.xlsx")
    factories.work()
    refused.refresh_from_db()
    good.refresh_from_db()

    assert (refused.status, refused.error_code) == ("failed", code)
    assert refused.error_message.endswith(".")
    assert (good.status, good.rows) == ("loaded", 1)
    assert Support.objects.count() == 1
