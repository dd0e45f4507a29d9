"""The last look, the confirmation, the progress and the receipt as a team sees them."""

import io
import subprocess
import sys
from datetime import timedelta

import pytest
from django.test import Client

from candidates.models import Window
from candidates.queries import now
from foundation.accounts.matrix import Role
from foundation.workflow import engine
from supports.handing_in.checker import checker_archive
from supports.handing_in.operations import hand_in
from supports.handing_in.receipts import receipt_of
from supports.handing_in.sweep import sweep_rounds
from supports.models import HandIn
from tests.factories import operator, pair, person, upload, user, work
from tests.supports.handing_in.teams import SOUTH, close_windows, handed_in, ready_team, round_of

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def team():
    return ready_team()


def browser(who):
    client = Client()
    client.force_login(who)
    return client


def page(team, *, status=200):
    answer = browser(team[1]).get(f"/pasangan/{team[0].pk}/serahkan/")
    assert answer.status_code == status
    return answer.content.decode()


def test_the_last_look_says_what_counts_and_what_does_not_and_why(team):
    text = page(team)
    assert "Sudah diunggah, BELUM diserahkan" in text
    assert "Serahkan 4 baris" in text
    assert "Ketik 4 untuk memastikan" in text
    assert "Jumlah dan sebaran terpenuhi: 4 diberikan dari 3 yang diminta, di 2 kecamatan." in text
    assert "Mengapa tidak terhitung" in text
    assert f'href="/pasangan/{team[0].pk}/dukungan/?temuan=SEX_UNREADABLE"' in text
    desk = browser(team[1]).get(f"/pasangan/{team[0].pk}/").content.decode()
    assert "Periksa dan serahkan" in desk


def test_it_says_what_stands_in_the_way():
    team = ready_team([person(1)])
    upload(*team, [person(2)], "susulan.csv")
    close_windows("handing_in")
    text = page(team)
    assert "Masa penyerahan dukungan berakhir" in text
    assert "Kurang 2 pendukung: diminta 3, yang diberikan 1." in text
    assert "Berkas “susulan.csv” masih dimuat; penyerahan menunggunya." in text
    assert "Saat ini belum dapat diserahkan" in text


def test_the_number_has_to_be_typed_and_what_was_typed_stays(team):
    client = browser(team[1])
    answer = client.post(f"/pasangan/{team[0].pk}/serahkan/", {"count": "5"})
    assert (answer.status_code, HandIn.objects.exists()) == (422, False)
    assert "Jumlah yang diketik bukan 4" in answer.content.decode()
    close_windows("handing_in")
    answer = client.post(f"/pasangan/{team[0].pk}/serahkan/", {"count": "4"})
    text = answer.content.decode()
    assert "Masa penyerahan dukungan berakhir" in text
    assert 'value="4"' in text


def test_handing_in_leads_over_the_progress_to_the_receipt(team):
    client = browser(team[1])
    answer = client.post(f"/pasangan/{team[0].pk}/serahkan/", {"count": "4"}, follow=True)
    assert "Sedang diserahkan" in answer.content.decode()
    fragment = client.get(f"/pasangan/{team[0].pk}/serahkan/kemajuan/")
    assert "Penyerahan tercatat" in fragment.content.decode()
    work()
    assert client.get(f"/pasangan/{team[0].pk}/serahkan/kemajuan/")["HX-Refresh"] == "true"
    answer = client.get(f"/pasangan/{team[0].pk}/serahkan/", follow=True)
    text = answer.content.decode()
    receipt = receipt_of(round_of(team))
    assert answer.redirect_chain == [(f"/tanda-terima/{receipt.pk}/", 302)]
    for part in (
        receipt.number,
        receipt.body["root"],
        receipt.body["signature"],
        "Salinan 4 baris",
        "Bontang Barat",
    ):
        assert part in text
    desk = client.get(f"/pasangan/{team[0].pk}/").content.decode()
    assert f"Tanda terima {receipt.number}: 4 baris." in desk
    assert "BELUM diserahkan" not in desk


def test_a_second_person_lands_at_the_same_progress(team):
    hand_in(team[0], by=team[1])
    other = browser(user("lo", Role.LO, team[0]))
    answer = other.post(f"/pasangan/{team[0].pk}/serahkan/", {"count": "4"}, follow=True)
    assert "Sedang diserahkan" in answer.content.decode()
    assert HandIn.objects.count() == 1


def test_what_came_to_nothing_says_why():
    team = ready_team([person(1)])
    upload(*team, [person(2)], "susulan.csv")
    hand_in(team[0], by=team[1])
    work()
    text = page(team)
    assert "tidak jadi" in text
    assert "Belum dapat diserahkan. Kurang 1 pendukung" in text


def test_a_returned_round_may_be_filled_again(team):
    handed_in(team)
    engine.move(round_of(team), "return", by=user("kpu", Role.KPU_REGENCY, 6474))
    assert "Dikembalikan oleh KPU" in page(team)
    browser(team[1]).post(f"/pasangan/{team[0].pk}/serahkan/isi-kembali/")
    assert round_of(team).status == "draft"


def test_what_was_not_handed_in_in_time_says_so_on_the_desk(team):
    close_windows()
    sweep_rounds()
    desk = browser(team[1]).get(f"/pasangan/{team[0].pk}/").content.decode()
    assert "Tidak diserahkan sampai masa penyerahan berakhir" in desk
    assert "BELUM diserahkan" not in desk
    assert "Masa penyerahan dukungan berakhir" in page(team)


def test_the_receipt_is_read_by_kpu_without_the_rows_and_by_no_other_pair(team):
    handed_in(team)
    address = f"/tanda-terima/{receipt_of(round_of(team)).pk}/"
    kpu = browser(user("kpu", Role.KPU_REGENCY, 6474))
    assert "Salinan 4 baris" not in kpu.get(address).content.decode()
    assert kpu.get(address + "baris.jsonl").status_code == 403
    other = pair(team[0].election, "Bayu Umpama – Kirana Andaikan")
    stranger = browser(operator(other, "operator2"))
    for name in ("", "tanda-terima.json", "tanda-terima.pdf", "baris.jsonl"):
        assert stranger.get(address + name).status_code == 404, name
    assert stranger.get(f"/pasangan/{team[0].pk}/serahkan/").status_code == 404


def test_keys_and_checker_are_public_and_the_checker_runs_alone(client, team, tmp_path):
    handed_in(team)
    receipt = receipt_of(round_of(team))
    assert receipt.body["public_key"] in client.get("/kunci-tanda-terima/").content.decode()
    program = tmp_path / "pemeriksa.pyz"
    program.write_bytes(client.get("/kunci-tanda-terima/pemeriksa.pyz").content)
    assert program.read_bytes() == checker_archive()
    both = []
    for name in ("tanda-terima.json", "baris.jsonl"):
        answer = browser(team[1]).get(f"/tanda-terima/{receipt.pk}/{name}")
        (tmp_path / name).write_bytes(answer.getvalue())
        both.append(str(tmp_path / name))
    command = [sys.executable, "-I", "-S", str(program), *both, "--public-key", receipt.body["public_key"]]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env={})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("BENAR.")
    assert io.BytesIO(checker_archive()).read(2) == b"PK"


def test_the_desk_says_that_it_is_being_handed_in(team):
    hand_in(team[0], by=team[1])
    address = f"/pasangan/{team[0].pk}/"
    desk = browser(team[1]).get(address).content.decode()
    assert "Sedang diserahkan" in desk
    assert "BELUM diserahkan" not in desk
    assert f'hx-get="{address}serahkan/kemajuan/"' in desk
    office = browser(user("kpu-2", Role.KPU_REGENCY, 6474)).get(address).content.decode()
    assert "sedang diproses" in office
    assert "serahkan/kemajuan" not in office
    work()
    assert "Sudah diserahkan" in browser(team[1]).get(address).content.decode()


def test_a_lapsed_round_lives_again_with_the_first_look_after_its_window_opened(team):
    close_windows()
    sweep_rounds()
    assert round_of(team).status == "lapsed"
    address = f"/pasangan/{team[0].pk}/"
    assert (
        "Tidak diserahkan sampai masa penyerahan berakhir" in browser(team[1]).get(address).content.decode()
    )
    assert round_of(team).status == "lapsed"
    Window.objects.filter(kind="handing_in").update(closes_at=now() + timedelta(hours=1))
    assert "Sudah diunggah, BELUM diserahkan" in browser(team[1]).get(address).content.decode()
    assert round_of(team).status == "draft"
    assert "Serahkan 4 baris" in page(team)


def test_findings_keep_nobody_from_handing_in_and_are_told():
    team = ready_team([person(1), person(2, sex="?"), person(3, **SOUTH)])
    text = page(team)
    assert "Jumlah dan sebaran terpenuhi: 3 diberikan dari 3 yang diminta, di 2 kecamatan." in text
    assert "Dari 3 baris yang diberikan, 2 tanpa temuan yang menggugurkan, di bawah 3 yang diminta." in text
    handed_in(team)
    assert receipt_of(round_of(team)).body["rows"] == 3
