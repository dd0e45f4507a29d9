"""Bontang 2024 as it could have gone, by the people who do it: handed in, verified, closed, mended, closed again.

Every number is the published one (``silon.bontang``): 16,395 = 10,011 MS + 1,324 BMS + 5,060 TMS, then 5,290 rows of
which 1,228 TMS, and 14,073 MS of the 13,160 that were asked.
"""

import io
import re

import polars as pl
import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from silon.playing import PAIR
from supports.models import Submission
from supports.repairs.models import Replacement
from tests.e2e.test_operator_hands_in import download
from tests.e2e.test_operator_mends_and_discards import send
from tests.stack import wait_until
from tests.supports.scans import papers
from verification.models import Bulk, Decision
from verification.results.models import Result

BY_KEYBOARD = 8
# What the office decides together, in this order: what is left of the file at the end has nothing against it.
OUTSIDE = ("OUTSIDE_AREA", "TMS", "Alamat di luar wilayah pemilihan")
UNDER_AGE = ("UNDER_AGE", "TMS", "Belum 17 tahun dan belum pernah kawin")
INCOMPLETE = "Isian tidak lengkap atau tidak terbaca"
THE_REST = ("", "MS", "")
FIRST = (
    OUTSIDE,
    UNDER_AGE,
    ("DUPLICATE_IDENTICAL", "TMS", "Salinan baris yang sama persis"),
    ("DUPLICATE_NIK", "BMS", "NIK yang sama dengan data yang berbeda"),
    ("NIK_LENGTH", "BMS", INCOMPLETE),
    ("BIRTH_DATE_MISSING", "BMS", INCOMPLETE),
    ("NAME_MISSING", "BMS", INCOMPLETE),
    ("OCCUPATION", "BMS", "Surat pernyataan identitas pendukung tidak ada"),
    THE_REST,
)
# Perbaikan Kesatu knows no BMS: no later round takes what was mended.
SECOND = (
    OUTSIDE,
    UNDER_AGE,
    ("DUPLICATE_ROUND", "TMS", "Sudah diserahkan pada putaran sebelumnya"),
    ("NIK_LENGTH", "TMS", INCOMPLETE),
    THE_REST,
)


@pytest.fixture
def story(live_stack, tmp_path, settings):
    """The folder with the first list; the pair stands in the demo."""
    settings.DEMO = True
    call_command("play_bontang", f"--out={tmp_path}", stdout=io.StringIO())
    return tmp_path


def round_of(stage):
    return Submission.objects.get(pair__name=PAIR, stage=stage)


def send_scans(page, first):
    """Two documents of each of the first rows, in one ZIP."""
    sheets = pl.read_csv(first, infer_schema=False)["Nomor Lembar"].head(3)
    files = {
        f"{sheet}_{kind}.jpg": papers.scan(f"{kind} {sheet}") for sheet in sheets for kind in ("B1", "KTP")
    }
    page.get_by_role("link", name="Pindaian", exact=True).first.click()
    page.get_by_label("Seret ZIP, folder, atau berkas pindaian ke sini").set_input_files(
        {"name": "pindaian.zip", "mimeType": "application/zip", "buffer": papers.zipped(files)}
    )
    expect(page.locator(".figure", has_text="Baris dengan pindaian")).to_contain_text("dari 16.395 baris")
    expect(page.locator("#kiriman")).to_contain_text("6 / 6")


def hand_in(page, rows):
    page.get_by_role("link", name="Meja kerja").first.click()
    page.get_by_role("link", name="Periksa dan serahkan").click()
    page.get_by_label(f"Ketik {rows} untuk memastikan").fill(rows)
    page.get_by_role("button", name=f"Serahkan {rows} baris").click()
    page.wait_for_url(re.compile(r"/tanda-terima/\d+/$"), timeout=300_000)


def accept(page, minutes):
    page.goto("/wilayah/")
    page.get_by_role("link", name=PAIR).click()
    page.get_by_role("link", name="Hitung dan putuskan").click()
    page.get_by_label("Nomor berita acara").fill(minutes)
    page.get_by_label("Keputusan").select_option("accepted")
    page.get_by_role("button", name="Simpan keputusan").click()
    expect(page.get_by_role("heading", name="Diterima", exact=True)).to_be_visible()


def begin(page, submission):
    """Open the verification and deal everything to the verifier."""
    page.goto("/verifikasi/")
    page.get_by_role("row", name=re.compile(PAIR)).get_by_role("button", name="Mulai verifikasi").click()
    page.goto(f"/verifikasi/{submission.pk}/")
    page.get_by_label("Semua verifikator").check()
    page.get_by_role("button", name="Bagikan", exact=True).click()
    expect(page.get_by_role("heading", name="Siapa memegang berapa")).to_be_visible()


def decide_by_keyboard(page, submission, rows):
    """As the findings suggest, without a mouse."""
    page.goto(f"/verifikasi/{submission.pk}/periksa/")
    for at in range(1, rows + 1):
        form = page.locator("form.decide")
        status = form.get_attribute("data-suggested")
        card = page.locator("[data-card]").get_attribute("data-card")
        page.keyboard.press(status[0].lower())
        if status != "MS":
            page.keyboard.press("Enter")
        expect(page.locator(f"[data-card='{card}']")).to_have_count(0)
        wait_until(lambda at=at: Decision.objects.filter(submission=submission).count() == at)


def decide_together(proposer, approver, submission, decisions):
    for finding, status, reason in decisions:
        proposer.goto(f"/verifikasi/{submission.pk}/massal/")
        if finding:
            proposer.get_by_label("Temuan").select_option(finding)
        else:
            proposer.get_by_label("Berkas").select_option(index=1)
        proposer.get_by_role("button", name="Lihat barisnya").click()
        proposer.get_by_label("Diputus").select_option(status)
        if reason:
            proposer.get_by_label(re.compile(reason)).check()
        proposer.get_by_role("button", name="Usulkan").click()
        expect(proposer.get_by_text("Menunggu persetujuan orang kedua")).to_be_visible()
        approver.goto(f"/verifikasi/{submission.pk}/massal/")
        approver.get_by_role("button", name=re.compile("^Setujui")).click()
        wait_until(
            lambda: not Bulk.objects.filter(review__submission=submission).exclude(status="done").exists()
        )


def verify(office, nation, verifier, stage, decisions):
    """From the first row dealt to the last decided: a few by keyboard, the others by two people together."""
    submission = round_of(stage)
    begin(office, submission)
    decide_by_keyboard(verifier, submission, BY_KEYBOARD)
    decide_together(office, nation, submission, decisions)


def close(page, stage, outcome):
    page.goto(f"/verifikasi/{round_of(stage).pk}/hasil/")
    page.locator("summary", has_text="Tutup putaran").click()
    page.get_by_role("button", name="Tutup putaran sekarang").click()
    expect(page.get_by_role("heading", name=outcome)).to_be_visible()


def mend(page, folder):
    """The BMS list downloaded, mended, and new people added: the file of Perbaikan Kesatu."""
    page.goto(f"/pasangan/{round_of('awal').pair_id}/putaran/")
    expect(page.locator("main")).to_contain_text("1.324 baris BMS: 0 sudah diganti, 1.324 belum.")
    asked = download(page, "Daftar BMS (CSV)", folder / "daftar-bms.csv")
    call_command("play_bontang", f"--out={folder}", f"--mend={asked}", stdout=io.StringIO())
    return folder / "perbaikan-kesatu.csv"


def test_bontang_reaches_what_was_asked(visit, story, live_stack):
    team, office, nation, verifier = (visit(name) for name in ("operator3", "kpu", "kpu-ri", "verifikator"))
    send(team.page, (story / "awal.csv").read_bytes(), "awal.csv")
    expect(team.page.locator("#hasil")).to_contain_text(
        "16.395 baris: 10.011 terhitung, 6.384 perlu dibenahi."
    )
    send_scans(team.page, story / "awal.csv")
    hand_in(team.page, "16.395")
    accept(office.page, "BA-1/PL.02.2-BA/6474/2024")
    verify(office.page, nation.page, verifier.page, "awal", FIRST)
    close(office.page, "awal", "Hasil Awal: BMS")
    expect(office.page.locator("main")).to_contain_text(
        "16.395 diserahkan = 10.011 MS + 1.324 BMS + 5.060 TMS"
    )
    expect(office.page.locator("main")).to_contain_text("Kecamatan tidak diketahui, Kabupaten Kutai Timur")

    mended = mend(team.page, story)
    team.page.get_by_role("link", name="Meja kerja").first.click()
    send(team.page, mended.read_bytes(), mended.name)
    expect(team.page.locator("#hasil")).to_contain_text("5.290 baris: 4.062 terhitung, 1.228 perlu dibenahi.")
    hand_in(team.page, "5.290")
    accept(office.page, "BA-2/PL.02.2-BA/6474/2024")
    verify(office.page, nation.page, verifier.page, "perbaikan_1", SECOND)
    close(office.page, "perbaikan_1", "Hasil Perbaikan Kesatu: MS")
    expect(office.page.locator("main")).to_contain_text("5.290 diserahkan = 4.062 MS + 0 BMS + 1.228 TMS")
    expect(office.page.locator("main")).to_contain_text("14.073")
    check_what_stands()


def check_what_stands():
    """Every round keeps its own numbers, and the first results stay."""
    bontang = {"awal": (10_011, 1_324, 5_060), "perbaikan_1": (4_062, 0, 1_228)}
    for stage, (ms, bms, tms) in bontang.items():
        result = Result.objects.get(review__submission=round_of(stage))
        assert (result.submitted, result.ms, result.bms, result.tms) == (ms + bms + tms, ms, bms, tms)
    assert Replacement.objects.count() == 1_324
