"""A receipt and its rows checked with neither database nor key of ours; tampered ones say where."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from foundation.errors import Conflict
from foundation.workflow import engine
from foundation.workflow.models import Event
from supports.handing_in import verify
from supports.handing_in.receipts import receipt_of
from supports.handing_in.team_copy import download_rows
from tests.factories import loaded, person, user
from tests.supports.handing_in.teams import SOUTH, handed_in, ready_team, round_of

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def team():
    made = ready_team()
    loaded(*made, [person(n, name="Cici “Umpama”, S.H.") for n in range(10, 30)], "dua.csv")
    handed_in(made)
    return made


@pytest.fixture
def files(team, tmp_path):
    """The receipt and the rows as a team downloads them."""
    receipt = receipt_of(round_of(team))
    (tmp_path / "tanda-terima.json").write_text(json.dumps(receipt.body, indent=2), "utf-8")
    (tmp_path / "baris.jsonl").write_bytes(b"".join(download_rows(receipt, by=team[1])))
    return tmp_path


def check(folder, *more, capsys):
    code = verify.main([str(folder / "tanda-terima.json"), *map(str, more)])
    return code, capsys.readouterr().out


def changed_rows(folder, change):
    """The rows file with its lines changed."""
    lines = (folder / "baris.jsonl").read_text("utf-8").splitlines()
    change(lines)
    (folder / "lain.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return folder / "lain.jsonl"


def alter(line, **changes):
    return json.dumps(json.loads(line) | changes, ensure_ascii=False)


def test_receipt_and_rows_are_true(files, capsys):
    assert check(files, capsys=capsys)[0] == 0
    code, said = check(files, files / "baris.jsonl", capsys=capsys)
    assert (code, said) == (0, "BENAR. Semua yang diperiksa cocok dengan tanda terima.\n")
    first = json.loads((files / "baris.jsonl").read_text("utf-8").splitlines()[1])
    assert (first["no"], first["nik"], first["name"]) == (1, person(1)["nik"], person(1)["name"])


def test_it_needs_neither_django_nor_anything_installed(files):
    command = [sys.executable, "-I", "-S", "-c", "import sys; sys.path.insert(0, sys.argv.pop(1));"]
    command[-1] += " from supports.handing_in.verify import main; sys.exit(main())"
    root = str(Path(__file__).resolve().parents[3])
    both = [str(files / "tanda-terima.json"), str(files / "baris.jsonl")]
    done = subprocess.run([*command, root, *both], capture_output=True, text=True, env={}, cwd="/")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("BENAR.")


@pytest.mark.parametrize(
    ("name", "value"),
    [("rows", 999), ("submitted_at", "2020-01-01T00:00:00+08:00"), ("root", "00" * 32), ("x", 1)],
)
def test_a_receipt_that_was_changed_is_not_true(files, capsys, name, value):
    path = files / "tanda-terima.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {name: value}), "utf-8")
    code, said = check(files, capsys=capsys)
    assert code == 1
    assert said == "TIDAK BENAR. Tanda tangan tidak cocok: isi tanda terima diubah setelah ditandatangani.\n"


def test_a_receipt_signed_by_somebody_else_is_not_true(files, capsys):
    code, said = check(files, "--public-key", "ab" * 32, capsys=capsys)
    assert code == 1
    assert "bukan kunci yang diumumkan" in said


def test_a_changed_row_is_named(files, capsys):
    def change(lines):
        lines[3] = alter(lines[3], name="Orang Lain")

    code, said = check(files, changed_rows(files, change), capsys=capsys)
    assert code == 1
    pk = json.loads((files / "baris.jsonl").read_text("utf-8").splitlines()[3])["id"]
    assert said == (
        f"TIDAK BENAR. 1 baris diubah: baris nomor 3 (ID {pk}). Semua baris lain sama dengan yang diserahkan.\n"
    )


def test_a_row_that_is_gone_is_named(files, capsys):
    code, said = check(files, changed_rows(files, lambda lines: lines.pop(5)), capsys=capsys)
    assert code == 1
    assert "Berkas memuat 23 baris, tanda terima 24." in said
    assert "1 baris tidak ada: nomor 5." in said


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines.append(alter(lines[-1], no=25)),
        lambda lines: lines.insert(2, lines.pop(3)),
        lambda lines: lines.__setitem__(2, alter(lines[2], salt="0" * 32, leaf="0" * 64)),
        lambda lines: lines.__setitem__(2, alter(lines[2], rw="9", leaf="nothing")),
    ],
    ids=["one more", "another order", "another salt and leaf", "no leaf at all"],
)
def test_other_rows_lead_to_another_root(files, capsys, change):
    code, said = check(files, changed_rows(files, change), capsys=capsys)
    assert code == 1
    assert "bukan akar di tanda terima" in said


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda lines: lines.pop(0), "bukan salinan dari Silon"),
        (lambda lines: lines.__setitem__(2, lines[2][:40]), "Baris ke-3 berkas tidak dapat dibaca"),
        (lambda lines: lines.__setitem__(2, "[]"), "Baris ke-3 berkas tidak memuat satu pendukung"),
        (lambda lines: lines.__setitem__(2, alter(lines[2], no="x")), "Baris ke-3 berkas tidak bernomor"),
        (lambda lines: lines.__setitem__(2, alter(lines[2], name=5)), "isian yang bukan teks"),
    ],
)
def test_what_is_no_copy_of_ours_cannot_be_checked(files, capsys, change, sentence):
    code, said = check(files, changed_rows(files, change), capsys=capsys)
    assert code == 2
    assert said.startswith("TIDAK DAPAT DIPERIKSA.")
    assert sentence in said


def test_what_is_no_receipt_cannot_be_checked(files, capsys):
    (files / "tanda-terima.json").write_text("PDF")
    code, said = check(files, capsys=capsys)
    assert code == 2
    assert "bukan berkas JSON" in said


def test_one_row_is_proved_by_its_path_alone(files, capsys):
    row = json.loads((files / "baris.jsonl").read_text("utf-8").splitlines()[7])
    proof = files / "bukti.json"
    code, _said = check(files, files / "baris.jsonl", "--row", row["id"], "--out", proof, capsys=capsys)
    assert code == 0
    body = json.loads(proof.read_text("utf-8"))
    assert (body["index"], body["size"], len(body["path"])) == (6, 24, 5)
    assert check(files, "--proof", proof, capsys=capsys)[0] == 0
    body["row"]["name"] = "Orang Lain"
    proof.write_text(json.dumps(body), "utf-8")
    code, said = check(files, "--proof", proof, capsys=capsys)
    assert (code, "bukan bagian dari yang diserahkan" in said) == (1, True)
    code, said = check(files, files / "baris.jsonl", "--row", "17", capsys=capsys)
    assert (code, "Baris dengan ID 17 tidak ada" in said) == (1, True)


def test_a_copy_of_another_receipt_is_told_apart(files, team, capsys):
    def change(lines):
        lines[0] = alter(lines[0], receipt="TT-0009/6474/2024")

    code, said = check(files, changed_rows(files, change), capsys=capsys)
    assert (code, "Salinan ini milik tanda terima TT-0009/6474/2024" in said) == (1, True)


def test_fetching_the_copy_is_an_event_and_ends_when_the_round_is_open_again(files, team):
    assert Event.objects.get(name="rows_downloaded").data["rows"] == 24
    receipt = receipt_of(round_of(team))
    kpu = user("kpu", "kpu_regency", 6474)
    engine.move(round_of(team), "return", by=kpu)
    engine.move(round_of(team), "redraft", by=team[1])
    receipt = type(receipt).objects.get(pk=receipt.pk)
    with pytest.raises(Conflict, match="dibuka kembali setelah tanda terima TT-0001/6474/2024"):
        download_rows(receipt, by=team[1])
    assert SOUTH
