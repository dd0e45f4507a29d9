"""``manage.py verify_receipt``: the stored rows against the receipt, whoever changed them behind our back."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from supports.handing_in.receipts import receipt_of
from supports.handing_in.team_copy import download_rows
from supports.models import Support
from tests.supports.handing_in.teams import handed_in, ready_team, round_of

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def team():
    made = ready_team()
    handed_in(made)
    return made


@pytest.fixture
def receipt(team, tmp_path):
    """The receipt as a file."""
    path = tmp_path / "tanda-terima.json"
    path.write_text(json.dumps(receipt_of(round_of(team)).body), "utf-8")
    return path


def said(*arguments, capsys, **more):
    call_command("verify_receipt", *map(str, arguments), **more)
    return capsys.readouterr().out


def refused(*arguments):
    with pytest.raises(CommandError) as caught:
        call_command("verify_receipt", *map(str, arguments))
    return str(caught.value)


def behind_our_back(statement):
    """As the owner: what somebody who holds the whole database could do."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
    connections["owner"].close()


def test_what_is_stored_is_what_was_handed_in(receipt, capsys):
    assert said(receipt, capsys=capsys).startswith("BENAR.")
    assert json.loads(said(receipt, "--json", capsys=capsys)) == {"true": True, "faults": []}


def test_a_row_that_was_changed_is_named_by_its_file_and_line(receipt):
    pk = Support.objects.order_by("pk")[1].pk
    behind_our_back(f"UPDATE supports_support SET name = 'Orang Lain' WHERE id = {pk}")  # noqa: S608 -- ours
    assert refused(receipt) == f"TIDAK BENAR. 1 baris diubah: “data.csv” baris 3 (ID {pk})."


def test_rows_that_went_and_rows_that_came_are_named(receipt):
    first = Support.objects.earliest("pk").pk
    behind_our_back(f"UPDATE supports_standing SET support_id = support_id + 100 WHERE support_id = {first}")  # noqa: S608
    behind_our_back(f"UPDATE supports_support SET id = id + 100, sealed = NULL WHERE id = {first}")  # noqa: S608
    message = refused(receipt)
    assert f"1 baris hilang: “data.csv” baris 2 (ID {first})." in message
    assert f"1 baris ditambahkan: “data.csv” baris 102 (ID {first + 100})." in message


def test_a_receipt_that_was_changed_says_where(receipt):
    body = json.loads(receipt.read_text("utf-8"))
    receipt.write_text(json.dumps(body | {"rows": 5, "zone": "WIB"}), "utf-8")
    message = refused(receipt)
    assert "Tanda tangan tidak cocok" in message
    assert "“rows” di berkas bukan yang ditandatangani." in message
    assert "“zone” di berkas bukan yang ditandatangani." in message
    assert "“root”" not in message


def test_a_receipt_of_another_installation_is_not_ours(receipt):
    body = json.loads(receipt.read_text("utf-8"))
    receipt.write_text(json.dumps(body | {"number": "TT-0077/6474/2024", "public_key": "ab" * 32}), "utf-8")
    message = refused(receipt)
    assert "bukan kunci instalasi ini" in message
    assert "Tanda terima nomor TT-0077/6474/2024 tidak ada di sini." in message


def test_rows_of_a_file_are_checked_without_the_database(receipt, team, capsys, django_assert_num_queries):
    rows = receipt.with_name("baris.jsonl")
    rows.write_bytes(b"".join(download_rows(receipt_of(round_of(team)), by=team[1])))
    with django_assert_num_queries(0):
        assert said(receipt, "--rows", rows, capsys=capsys).startswith("BENAR.")
    rows.write_text(rows.read_text("utf-8").replace("Budi Contoh", "Budi Palsu", 1), "utf-8")
    assert "1 baris diubah: baris nomor 1" in refused(receipt, "--rows", rows)


def test_one_row_is_proved_out_of_the_database(receipt, capsys):
    pk = Support.objects.order_by("pk")[2].pk
    proof = receipt.with_name("bukti.json")
    said(receipt, "--row", pk, "--out", proof, capsys=capsys)
    assert json.loads(proof.read_text("utf-8"))["index"] == 2
    assert said(receipt, "--proof", proof, capsys=capsys).startswith("BENAR.")
    assert "Baris dengan ID 17 tidak ada" in refused(receipt, "--row", "17")


def test_a_file_that_is_no_receipt_is_refused(receipt):
    receipt.write_text("[]")
    assert "bukan tanda terima" in refused(receipt)
