"""A mapping is given once: the pair's next file with the same headings is read like the last, and it can be changed."""

import pytest

from foundation.errors import Conflict, Refused
from foundation.workflow.models import Event
from supports.models import Finding, Support, Upload
from supports.operations import map_upload
from supports.report import download_report
from supports.report_workbook import download_workbook
from supports.rules import TEAM
from supports.samples import masked, open_samples
from tests import factories
from tests.supports.calling import client_of, send
from tests.workbooks import Sheet, xlsx

pytestmark = pytest.mark.usefixtures("committed")
OWN = {"nik": "Kolom A", "name": "Kolom B"}


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


def unnamed(*numbers, headings="Kolom A;Kolom B;Lahir;Status"):
    """A file whose first columns nobody recognises."""
    people = map(factories.person, numbers)
    lines = [f"{one['nik']};{one['name']};{one['birth_date']};{one['marital']}" for one in people]
    return "\n".join([headings, *lines, ""]).encode()


def mapped(pair, operator, *numbers, own=OWN):
    """An upload that was asked for its columns, mapped and loaded."""
    upload = factories.loaded(pair, operator, unnamed(*numbers))
    assert upload.status == "needs_mapping"
    map_upload(upload, by=operator, mapping=own)
    factories.work()
    upload.refresh_from_db()
    return upload


def test_the_next_file_with_the_same_headings_is_mapped_without_a_question(pair, operator):
    first = mapped(pair, operator, 1)
    second = factories.loaded(pair, operator, unnamed(2))
    third = factories.loaded(pair, operator, unnamed(3))
    assert [one.columns["mapping_from"] for one in (first, second, third)] == [None, first.pk, first.pk]
    assert (second.status, second.columns["fields"]["nik"]) == ("loaded", "Kolom A")
    assert Support.objects.filter(nik__isnull=False).count() == 3


@pytest.mark.parametrize(
    ("headings", "status"),
    [
        ("KOLOM-A;kolom b;Lahir;Status", "loaded"),
        ("Lahir;Kolom A;Kolom B;Status", "loaded"),
        ("Kolom A;Kolom B;Lahir;Alamat", "needs_mapping"),
        ("Kolom A;Kolom C;Lahir;Status", "needs_mapping"),
    ],
)
def test_only_the_same_headings_are_taken_for_the_same(pair, operator, headings, status):
    mapped(pair, operator, 1)
    assert factories.loaded(pair, operator, unnamed(2, headings=headings)).status == status


def test_a_mended_report_needs_no_mapping_either(pair, operator):
    first = mapped(pair, operator, 1)
    csv = b"".join(download_report(first, by=operator, audience=TEAM, everything=True))
    workbook = download_workbook(first, by=operator, audience=TEAM, everything=True)
    for content in (csv, workbook):
        again = factories.loaded(pair, operator, content, "laporan")
        assert (again.status, again.columns["mapping_from"]) == ("loaded", first.pk)


def test_every_sheet_with_those_headings_is_read(pair, operator):
    mapped(pair, operator, 1)
    lines = [line.split(";") for line in unnamed(2, 3).decode().splitlines()]
    book = xlsx(Sheet([lines[0], lines[1]], "Utara"), Sheet([lines[0], lines[2]], "Barat"))
    upload = factories.loaded(pair, operator, book, "a.xlsx")
    assert [(sheet["name"], sheet["rows"]) for sheet in upload.columns["sheets"]] == [
        ("Utara", 1),
        ("Barat", 1),
    ]


def test_another_pair_remembers_nothing(pair, operator):
    mapped(pair, operator, 1)
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    upload = factories.loaded(other, factories.operator(other, "operator2"), unnamed(2))
    assert upload.status == "needs_mapping"


def test_a_mapping_sent_with_the_file_comes_first(pair, operator):
    mapped(pair, operator, 1)
    own = OWN | {"birth_place": "Lahir"}
    upload = factories.loaded(pair, operator, unnamed(2), mapping=own)
    assert (upload.columns["mapping_from"], upload.columns["fields"]["birth_place"]) == (None, "Lahir")


def test_the_latest_mapping_is_the_one_remembered(pair, operator):
    mapped(pair, operator, 1)
    factories.loaded(pair, operator, unnamed(2), mapping=OWN | {"ignore": ["Status"]})
    upload = factories.loaded(pair, operator, unnamed(3))
    assert "marital" not in upload.columns["fields"]
    assert upload.columns["ignored"] == ["Status"]


def test_a_loaded_file_is_mapped_again_and_loaded_anew(pair, operator):
    first = mapped(pair, operator, 1, 2)
    again = map_upload(first, by=operator, mapping=OWN | {"ignore": ["Lahir"]})
    assert again.pk != first.pk
    factories.work()
    first.refresh_from_db()
    again.refresh_from_db()
    assert (first.status, again.status, again.rows) == ("discarded", "loaded", 2)
    assert (again.sha256, again.file_id, again.name) == (first.sha256, first.file_id, first.name)
    assert {pk >> 24 for pk in Support.objects.values_list("id", flat=True)} == {again.pk}
    assert {pk >> 24 for pk in Finding.objects.values_list("support_id", flat=True)} == {again.pk}
    assert (again.replaces, first.successor) == (first, again)
    assert Event.objects.get(name="upload_received", subject_id=again.pk).by_id == operator.pk
    assert factories.loaded(pair, operator, unnamed(3)).columns["mapping_from"] == again.pk


def test_mapping_it_as_it_is_changes_nothing(pair, operator):
    first = mapped(pair, operator, 1)
    with pytest.raises(Refused, match="tidak ada yang dimuat ulang"):
        map_upload(first, by=operator, mapping=OWN)
    assert Upload.objects.count() == 1


def test_mapping_it_twice_at_once_loads_it_once(pair, operator):
    first = mapped(pair, operator, 1)
    map_upload(first, by=operator, mapping=OWN | {"ignore": ["Lahir"]})
    for left_out in ("Lahir", "Status"):
        with pytest.raises(Conflict, match="sedang dimuat ulang"):
            map_upload(Upload.objects.get(pk=first.pk), by=operator, mapping=OWN | {"ignore": [left_out]})
    factories.work()
    assert Support.objects.count() == 1


def test_a_discarded_file_is_not_mapped(pair, operator):
    first = mapped(pair, operator, 1)
    Upload.objects.filter(pk=first.pk).update(status="discarded")
    with pytest.raises(Conflict):
        map_upload(Upload.objects.get(pk=first.pk), by=operator, mapping=OWN | {"ignore": ["Lahir"]})


def test_programs_learn_whose_mapping_was_taken_and_may_change_it(pair, operator):
    first = mapped(pair, operator, 1)
    client = client_of(operator)
    send(client, pair, unnamed(2))
    factories.work()
    second = Upload.objects.latest("pk")
    answer = client.get(f"/api/v1/uploads/{second.pk}/").json()
    assert answer["columns"]["mapping_from"] == first.pk
    assert "samples" not in answer["columns"]
    body = {"mapping": OWN | {"ignore": ["Status"]}}
    response = client.post(f"/api/v1/uploads/{second.pk}/mapping/", body, format="json")
    assert (response.status_code, response.json()["status"]) == (202, "received")
    assert response.headers["Location"].endswith(f"/api/v1/uploads/{response.json()['id']}/")
    factories.work()
    again = client.get(response.headers["Location"]).json()
    assert (again["status"], again["columns"]["ignored"]) == ("loaded", ["Status"])
    assert client.get(f"/api/v1/uploads/{second.pk}/").json()["status"] == "discarded"


@pytest.mark.parametrize("left_out", ["Status", [1], [["Status"]], {"a": "b"}])
def test_headings_to_leave_out_are_a_list_of_texts(pair, operator, left_out):
    first = mapped(pair, operator, 1)
    body = {"mapping": OWN | {"ignore": left_out}}
    response = client_of(operator).post(f"/api/v1/uploads/{first.pk}/mapping/", body, format="json")
    assert response.status_code == 400


# ---- samples ---------------------------------------------------------------------------------------


def test_samples_show_three_values_a_column_and_no_identity(pair, operator):
    upload = factories.loaded(pair, operator, unnamed(1, 1, 2, 3, 4))
    niks, names, births, _marital = open_samples(upload)
    assert niks == ["6474••••••••••••"] * 3
    assert names == [factories.person(number)["name"] for number in (1, 2, 3)]
    assert births == [factories.person(number)["birth_date"] for number in (1, 2, 3)]


def test_samples_are_kept_sealed(pair, operator):
    upload = factories.loaded(pair, operator, unnamed(1))
    kept = upload.columns["samples"]
    assert factories.person(1)["name"] not in kept
    assert "6474" not in str({name: value for name, value in upload.columns.items() if name != "samples"})
    other = Upload(pk=upload.pk + 1, submission=upload.submission, columns=upload.columns)
    with pytest.raises(ValueError, match="does not open"):
        open_samples(other)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("6474010101609001", "6474••••••••••••"),
        ("64.74.01.010160.9001", "64.74.••.••••••.••••"),
        ("081210000000", "0812••••••••"),
        ("+62 812-1000-0000", "+62 81•-••••-••••"),
        ("27-11-1990", "27-11-1990"),
        ("Jl. Contoh 12 RT 001", "Jl. Contoh 12 RT 001"),
        ("", ""),
    ],
)
def test_numbers_that_could_be_an_identity_are_masked(text, shown):
    assert masked(text) == shown
