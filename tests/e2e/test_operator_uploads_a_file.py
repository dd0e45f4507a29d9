"""An operator hands in a file, sees what is wrong with it, and fetches the report."""

import re

from playwright.sync_api import expect

from candidates.models import Window
from candidates.queries import now
from tests import factories
from tests.stack import wait_until

ROWS = [
    *(factories.person(at) for at in range(60)),
    factories.person(70, nik="123"),
    factories.person(71, name=""),
    factories.person(3),
]
# The link is followed, and then the page is told that its job has ended.
CLICK_WHILE_A_JOB_ENDS = """(desk) => {
    [...document.links].find((link) => link.href === desk).click();
    setTimeout(() => htmx.ajax("GET", `${location.pathname}kemajuan/`, {swap: "none"}), 100);
}"""


def a_file(rows, name="posko.csv"):
    return {"name": name, "mimeType": "text/csv", "buffer": factories.as_csv(rows)}


def counted(page):
    """The big number of counted supporters on the pair's page."""
    return int(page.locator(".figure", has_text="Terhitung").locator(".big").inner_text().replace(".", ""))


def test_operator_uploads_a_file_and_follows_it_to_its_rows(visit):
    operator = visit("operator")
    page = operator.page
    before = counted(page)
    page.get_by_role("link", name="Unggah berkas").click()
    page.get_by_label("Seret berkas ke sini").set_input_files(a_file(ROWS))
    page.get_by_role("button", name="Unggah berkas").click()
    page.wait_for_url(re.compile(r"/unggahan/\d+/$"))
    expect(page.locator("#hasil")).to_contain_text("63 baris: 60 terhitung, 3 perlu dibenahi.")

    with page.expect_download() as started:
        page.get_by_role("link", name="CSV Baris bertemuan").click()
    report = started.value.path().read_text("utf-8-sig")
    assert started.value.suggested_filename == "laporan-posko.csv"
    assert sorted(line.split(",")[0].strip('"') for line in report.splitlines()[1:]) == [
        "DUPLICATE_IDENTICAL",
        "NAME_MISSING",
        "NIK_LENGTH",
    ]

    page.get_by_role("link", name="NIK tidak 16 angka").click()
    expect(page.locator(".people tbody tr")).to_have_count(1)
    row = page.locator(".people tbody tr")
    expect(row).to_contain_text(factories.person(70)["name"])
    row.get_by_text("NIK tidak 16 angka").click()
    expect(row).to_contain_text("Cocokkan dengan KTP-el")

    page.get_by_role("link", name="Meja kerja").click()
    assert counted(page) == before + 60


def test_operator_sees_a_running_upload_on_the_desk_without_reloading(visit, live_stack):
    operator = visit("operator")
    page = operator.page
    page.goto(page.url + "unggah/")
    page.get_by_label("Seret berkas ke sini").set_input_files(a_file(ROWS[:40], "senin.csv"))
    page.get_by_role("button", name="Unggah berkas").click()
    page.wait_for_url(re.compile(r"/unggahan/\d+/$"))
    page.get_by_role("link", name="Meja kerja").click()
    latest = page.locator("#unggahan-terakhir").get_by_role("link", name="senin.csv")
    expect(latest).to_contain_text("40 baris")
    expect(latest).to_contain_text("Selesai dimuat")


def test_a_click_is_not_taken_back_by_a_job_that_ends(visit):
    """The page asked for is on its way when the one being left hears that it is to be read anew."""
    page = visit("operator").page
    desk = page.url
    page.get_by_role("link", name="posko_utara.csv").first.click()
    page.wait_for_url(re.compile(r"/unggahan/\d+/$"))
    held, ended = [], []
    page.route(desk, lambda route: held.append(route))
    page.on("response", lambda answer: ended.append(answer.headers.get("hx-refresh")))
    page.evaluate(CLICK_WHILE_A_JOB_ENDS, desk)
    wait_until(lambda: page.wait_for_timeout(20) or (held and "true" in ended), patience=60)
    held[0].continue_()
    expect(page).to_have_url(desk)


def test_operator_uploads_without_script(visit):
    operator = visit("operator", java_script_enabled=False)
    page = operator.page
    page.goto(page.url + "unggah/")
    page.get_by_label("Seret berkas ke sini").set_input_files(a_file(ROWS[:5]))
    page.get_by_role("button", name="Unggah berkas").click()
    page.wait_for_url(re.compile(r"/unggahan/\d+/$"))
    assert "posko.csv" in operator.text()


def test_operator_whose_session_ended_is_told_so_and_keeps_the_page(visit):
    operator = visit("operator")
    page = operator.page
    page.goto(page.url + "unggah/")
    operator.forget_session()
    page.get_by_label("Seret berkas ke sini").set_input_files(a_file(ROWS[:5]))
    page.get_by_role("button", name="Unggah berkas").click()
    expect(page.get_by_role("alert")).to_contain_text("Sesi Anda telah berakhir")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator("#zona")).to_be_visible()


def test_operator_drops_two_files_at_once_and_they_go_one_after_the_other(visit, live_stack):
    operator = visit("operator")
    page = operator.page
    page.goto(page.url + "unggah/")
    drop = """(texts) => {
        const files = new DataTransfer();
        texts.forEach((text, at) => files.items.add(new File([text], `hari ${at + 1}.csv`, {type: "text/csv"})));
        document.getElementById("zona").dispatchEvent(new DragEvent("drop", {dataTransfer: files, cancelable: true}));
    }"""
    with page.expect_navigation():
        page.evaluate(drop, [factories.as_csv(rows).decode() for rows in (ROWS[:5], ROWS[5:9])])
    names = page.locator("#daftar tbody .title")
    expect(names.nth(0)).to_have_text("hari 2.csv")
    expect(names.nth(1)).to_have_text("hari 1.csv")


def test_operator_drops_two_files_of_which_one_is_empty_and_is_told_which(visit):
    operator = visit("operator")
    page = operator.page
    page.goto(page.url + "unggah/")
    drop = """(text) => {
        const files = new DataTransfer();
        files.items.add(new File([], "kosong.csv"));
        files.items.add(new File([text], "isi.csv", {type: "text/csv"}));
        document.getElementById("zona").dispatchEvent(new DragEvent("drop", {dataTransfer: files, cancelable: true}));
    }"""
    page.evaluate(drop, factories.as_csv(ROWS[:5]).decode())
    expect(page.get_by_role("alert")).to_contain_text("kosong.csv: Berkas ini kosong")
    expect(page.locator("#daftar tbody .title").first).to_have_text("isi.csv")
    expect(page.locator("#zona")).to_be_visible()


def test_operator_drops_a_file_and_it_is_sent_at_once(visit):
    operator = visit("operator")
    page = operator.page
    page.goto(page.url + "unggah/")
    drop = """(text) => {
        const files = new DataTransfer();
        files.items.add(new File([text], "dijatuhkan.csv", {type: "text/csv"}));
        document.getElementById("zona").dispatchEvent(new DragEvent("drop", {dataTransfer: files, cancelable: true}));
    }"""
    page.evaluate(drop, factories.as_csv(ROWS[:7]).decode())
    page.wait_for_url(re.compile(r"/unggahan/\d+/$"))
    expect(page.locator("#hasil")).to_contain_text("7 baris: 7 terhitung.")


def test_operator_whose_window_closed_meanwhile_is_told_why(visit):
    operator = visit("operator")
    page = operator.page
    page.goto(page.url + "unggah/")
    Window.objects.update(closes_at=now())
    big = {"name": "besar.csv", "mimeType": "text/csv", "buffer": b"NIK,Nama\n" * 2_000_000}
    page.get_by_label("Seret berkas ke sini").set_input_files(big)
    page.get_by_role("button", name="Unggah berkas").click()
    expect(page.get_by_role("alert")).to_contain_text("Masa pengisian dukungan berakhir")
