"""Rows in clear: the columns say what the one-row form says, whatever is in the rows."""

import unicodedata

import pytest

from supports.handing_in import reading
from supports.handing_in.merkle import root_of
from supports.handing_in.rows import FIELDS, hash_row, netstring
from supports.models import Submission
from supports.opening import open_row
from supports.standards import standards_of
from tests.factories import HEADINGS, loaded, operator, pair, person

pytestmark = pytest.mark.usefixtures("committed")

ROWS = [
    person(1),
    person(2, name='Ani "Umpama", S.Pd.', address="Jl. Contoh\nRT 1"),
    person(3, nik="123", birth_date="32-13-2020", sex="?", marital="duda", phone="abc"),
    person(4, name="Jose\u0301 Misal", village="Entah", district=""),
    person(5, nik="", birth_date="", phone="", name="", address="", rt="", rw="", birth_place=""),
    person(6, name="=1+1", occupation="  ", address="'0812"),
]


@pytest.fixture
def submission():
    made = pair()
    loaded(made, operator(made), ROWS, "satu.csv")
    loaded(made, made_by := operator(made, "lain"), [person(n) for n in range(10, 40)], "dua.csv")
    assert made_by.pk
    return Submission.objects.select_related("pair__election", "rule_set").get(pair=made)


def opened_rows(submission):
    keys = reading.sealing_of(submission)
    frames = [reading.open_portion(portion, keys) for portion in reading.read_portions(submission)]
    return [
        (row, leaf)
        for frame in frames
        for row, leaf in zip(frame.to_dicts(), reading.hash_rows(frame), strict=True)
    ]


def test_columns_hash_as_single_rows_do(submission):
    found = opened_rows(submission)
    assert len(found) == len(ROWS) + 30
    for row, leaf in found:
        assert list(row) == ["salt", *FIELDS]
        assert leaf == hash_row(row["salt"], row)
    ids = [int(row["id"]) for row, _leaf in found]
    assert ids == sorted(ids)
    assert len({row["salt"] for row, _leaf in found}) == len(found)


def test_every_field_that_was_given_is_there(submission):
    keys = standards_of(submission).keys()
    for row, _leaf in opened_rows(submission):
        support = submission_row(int(row["id"]))
        clear = open_row(support, keys)
        for name, value in clear.items():
            if name == "birth_date" and support.birth_date:
                value = "-".join(reversed(value.split("-")))
            assert row[name] == unicodedata.normalize("NFC", value or ""), name
    first, second, third = [row for row, _leaf in opened_rows(submission)][:3]
    assert (first["nik"], first["area"], first["birth_date"]) == (ROWS[0]["nik"], "6474011001", "1960-01-02")
    assert second["name"] == 'Ani "Umpama", S.Pd.'
    assert (third["nik"], third["sex"], third["phone"]) == ("123", "?", "abc")
    assert HEADINGS


def submission_row(pk):
    from supports.models import Support

    return Support.objects.get(pk=pk)


def test_the_same_rows_have_the_same_root_and_a_changed_one_has_another(submission):
    before = root_of([leaf for _row, leaf in opened_rows(submission)])
    assert root_of([leaf for _row, leaf in opened_rows(submission)]) == before
    row = dict(opened_rows(submission)[0][0])
    leaf = hash_row(row["salt"], row)
    assert hash_row(row["salt"], row | {"name": "Orang Lain"}) != leaf
    assert hash_row(row["salt"], row | {"rt": row["rw"], "rw": row["rt"]}) != leaf
    assert hash_row("0" * 32, row) != leaf


def test_a_text_is_hashed_behind_its_length_in_form_nfc():
    assert netstring("Siti ") == b"5:Siti ,"
    assert netstring("e\u0301") == netstring("é") == b"2:\xc3\xa9,"
    assert netstring("") == b"0:,"
