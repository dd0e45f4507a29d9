"""A typist types supporters with the keyboard only, through a broken network, a reload and an ended session."""

from django.conf import settings
from playwright.sync_api import expect

from foundation.drafts.models import Draft
from supports.models import Support
from tests import factories
from tests.stack import wait_until

# What the browser keeps for itself, but for styles, pictures and scripts.
KEPT_PAGES = """(async () => {
  const kept = [];
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys()) kept.push(new URL(url).pathname);
  return kept.filter((path) => !path.startsWith("/static/"));
})()"""


def open_typing(page):
    """The page with its scripts, and with the desa of which first letters are enough."""
    with page.expect_response("**/ketik/wilayah/") as places:
        page.get_by_role("link", name="Ketik pendukung").click()
    places.value.finished()
    page.wait_for_load_state()
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    expect(page.get_by_label("NIK", exact=True)).to_be_focused()


def type_row(page, number, name):
    """One supporter; the kelurahan is typed by its first letters and stays for the next."""
    row = factories.person(number)
    keys = page.keyboard
    for text in (row["nik"], name, row["birth_place"]):
        keys.type(text)
        keys.press("Enter")
    keys.type(row["birth_date"])
    keys.press("Enter")
    keys.type("L")
    keys.type("s")
    for text in (row["address"], row["rt"], row["rw"]):
        keys.type(text)
        keys.press("Enter")
    if not page.locator("[name=village]").input_value():
        keys.type("bontang ku")
        keys.press("Enter")
        expect(page.locator("[name=village]")).to_have_value("Bontang Kuala")
        expect(page.locator("[name=district]")).to_have_value("Bontang Utara")
    for text in (row["occupation"], row["phone"], "ketik"):
        keys.type(text)
        keys.press("Enter")
    expect(page.get_by_label("NIK", exact=True)).to_be_focused()
    expect(page.get_by_label("NIK", exact=True)).to_have_value("")


def typed():
    """The names of what was typed, in the order in which it is stored."""
    return list(Support.objects.filter(sheet="ketik").order_by("pk").values_list("name", flat=True))


def test_rows_typed_through_a_broken_network_arrive_once_each_and_in_order(visit, live_stack):
    person = visit("operator")
    page, context = person.page, person.page.context
    open_typing(page)
    for at, name in enumerate(("Andi Contoh", "Beni Contoh", "Cici Contoh")):
        type_row(page, 700 + at, name)
    expect(page.locator("#baru tbody.person")).to_have_count(3)
    expect(page.locator("#baru")).to_contain_text("Hari ini 3 baris")
    context.set_offline(True)
    for at, name in enumerate(("Dedi Contoh", "Edi Contoh"), 3):
        type_row(page, 700 + at, name)
    expect(page.locator("#antrean-keadaan")).to_contain_text("Menunggu jaringan: 2 baris")
    expect(page.locator("#antrean-baris")).to_contain_text("6474••••••••••••")
    wait_until(lambda: kept(page) == 2)
    assert not any(factories.person(703)["nik"] in text for text in everything_kept(page))
    assert len(typed()) == 3
    context.set_offline(False)
    page.reload()
    expect(page.locator("#baru tbody.person")).to_have_count(5)
    expect(page.locator("#antrean")).to_be_hidden()
    wait_until(lambda: kept(page) == 0)
    assert typed() == ["Andi Contoh", "Beni Contoh", "Cici Contoh", "Dedi Contoh", "Edi Contoh"]


def test_the_page_that_is_opened_without_a_network_says_what_waits_and_comes_back(visit, live_stack):
    person = visit("operator")
    page, context = person.page, person.page.context
    open_typing(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    context.set_offline(True)
    type_row(page, 720, "Fani Contoh")
    wait_until(lambda: kept(page) == 1)
    page.reload()
    expect(page.get_by_role("heading", name="Tidak ada jaringan")).to_be_visible()
    expect(page.locator("#menunggu")).to_contain_text("1 baris yang sudah diketik tersimpan tersegel")
    assert page.evaluate(KEPT_PAGES) == ["/ketik/luring/"]
    assert not person.overflows()
    context.set_offline(False)
    expect(page.locator("#baru tbody.person")).to_have_count(1)
    assert typed() == ["Fani Contoh"]


def test_a_reply_lost_on_its_way_stores_the_row_once(visit, live_stack):
    page = visit("operator").page
    open_typing(page)
    lost = []

    def lose_first(route):
        route.fetch()
        lost.append(route.request.url)
        route.abort("internetdisconnected") if len(lost) == 1 else route.continue_()

    page.route("**/ketik/", lose_first)
    type_row(page, 710, "Fani Contoh")
    expect(page.locator("#baru")).to_contain_text("Fani Contoh")
    assert len(lost) > 1
    assert typed() == ["Fani Contoh"]


def test_a_row_the_server_refuses_stays_and_can_be_mended(visit, live_stack):
    page = visit("operator").page
    open_typing(page)
    windows = Support.objects.first().submission.pair.election.windows
    kept_windows = list(windows.all())
    windows.all().delete()
    type_row(page, 720, "Gina Contoh")
    expect(page.locator("#antrean-keadaan")).to_contain_text("1 baris belum diterima")
    page.reload()
    expect(page.locator("#antrean-baris")).to_contain_text("Gina Contoh")
    for one in kept_windows:
        one.save(force_insert=True)
    page.get_by_role("button", name="Betulkan").click()
    expect(page.get_by_label("Nama", exact=True)).to_have_value("Gina Contoh")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#baru")).to_contain_text("Gina Contoh")
    assert typed() == ["Gina Contoh"]


def test_two_people_type_at_the_same_time(visit, live_stack):
    first, second = visit("operator").page, visit("lo").page
    for page in (first, second):
        open_typing(page)
    for at in range(2):
        type_row(first, 730 + at, f"Hadi Contoh {'AB'[at]}")
        type_row(second, 740 + at, f"Indah Contoh {'AB'[at]}")
    expect(first.locator("#baru tbody.person")).to_have_count(2)
    expect(second.locator("#baru tbody.person")).to_have_count(2)
    expect(first.locator("#baru")).not_to_contain_text("Indah")
    assert len(set(typed())) == 4


def test_rows_that_wait_are_erased_at_log_out_only_after_a_question(visit):
    person = visit("operator")
    page = person.page
    open_typing(page)
    page.route("**/ketik/", lambda route: route.abort("internetdisconnected"))
    type_row(page, 750, "Joko Contoh")
    wait_until(lambda: kept(page) == 1)
    asked = []

    def answer(dialog):
        asked.append(dialog.message)
        dialog.accept() if len(asked) > 1 else dialog.dismiss()

    page.on("dialog", answer)
    for times in (1, 2):
        if not page.locator("details.usermenu").evaluate("menu => menu.open"):
            page.locator(".usermenu summary").click()
        page.get_by_role("button", name="Keluar").click()
        while len(asked) < times:
            page.wait_for_timeout(50)
    page.wait_for_url(lambda url: "/ketik/" not in url)
    assert "Masih ada 1 baris" in asked[0]
    assert kept(page) == 0


KEPT = """async () => {
  const rows = await WaitingRows.act("readonly", (store) => store.getAll());
  return rows.map((one) => new TextDecoder("latin1").decode(one.data) + JSON.stringify(one));
}"""


def everything_kept(page):
    """What the browser keeps of waiting rows, as it lies there."""
    return page.evaluate(KEPT)


def kept(page):
    """How many rows wait in the browser."""
    return len(everything_kept(page))


def test_a_session_that_ends_loses_no_typed_text(visit, live_stack):
    person = visit("operator")
    page = person.page
    open_typing(page)
    keys = page.keyboard
    keys.type(factories.person(760)["nik"])
    keys.press("Enter")
    keys.type("Kiki Contoh")
    expect(page.locator("[data-propose=birth_date]")).to_be_visible()
    wait_until(lambda: Draft.objects.count() == 1)
    person.forget_session()
    keys.press("Enter")
    keys.type("Bontang Lestari")
    keys.press("Enter")
    keys.press("=")
    keys.type("L")
    expect(page.locator("#antrean-keadaan")).to_contain_text("Sesi Anda telah berakhir")
    page.get_by_role("link", name="Masuk lagi").click()
    log_in_again(page)
    expect(page.get_by_label("Nama", exact=True)).to_have_value("Kiki Contoh")
    expect(page.get_by_label("Tempat lahir", exact=True)).to_have_value("Bontang Lestari")
    expect(page.get_by_label("Tanggal lahir", exact=True)).to_have_value(factories.person(760)["birth_date"])
    expect(page.get_by_label("Jenis kelamin", exact=True)).to_have_value("L")
    expect(page.get_by_text("Isian yang belum disimpan dipulihkan.")).to_be_visible()
    keys.press("Control+Enter")
    expect(page.locator("#baru")).to_contain_text("Kiki Contoh")
    wait_until(lambda: not Draft.objects.exists())
    page.reload()
    expect(page.locator("#baru")).to_contain_text("Kiki Contoh")
    expect(page.get_by_label("Nama", exact=True)).to_have_value("")


def test_a_row_being_mended_comes_back_after_the_session_ended(visit, live_stack):
    person = visit("operator")
    page = person.page
    page.get_by_role("link", name="Daftar pendukung").first.click()
    page.wait_for_url("**/dukungan/")
    page.locator("tbody.person [data-open]").first.click()
    name = page.get_by_label("Nama", exact=True)
    name.fill("Lala Contoh")
    wait_until(lambda: Draft.objects.count() == 1)
    person.forget_session()
    page.get_by_label("Pekerjaan", exact=True).fill("Petani")
    page.get_by_role("button", name="Simpan dan periksa").click()
    log_in_again(page)
    expect(page.get_by_role("button", name="Simpan dan periksa")).to_be_visible()
    expect(name).to_have_value("Lala Contoh")
    expect(page.get_by_label("Pekerjaan", exact=True)).to_have_value("Petani")
    page.get_by_role("button", name="Simpan dan periksa").click()
    expect(page.get_by_text("Tersimpan dan diperiksa").first).to_be_visible()
    assert Support.objects.filter(name="Lala Contoh", occupation="Petani").exists()
    wait_until(lambda: not Draft.objects.exists())


def test_an_ordinary_form_keeps_its_text_too(visit, live_stack):
    person = visit("kpu")
    page = person.page
    page.goto("/gangguan/catat/")
    field = page.locator("form[data-draft] input[type=text], form[data-draft] textarea").first
    field.fill("Unggahan lambat")
    wait_until(lambda: Draft.objects.count() == 1)
    person.forget_session()
    page.locator("form[data-draft]").get_by_role("button").last.click()
    expect(page.get_by_text("Sesi Anda telah berakhir.")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Masuk lagi")).to_be_focused()
    page.get_by_role("link", name="Masuk lagi").click()
    log_in_again(page, "kpu")
    expect(field).to_have_value("Unggahan lambat")
    page.get_by_role("button", name="Buang isian ini").click()
    expect(field).to_have_value("")
    wait_until(lambda: not Draft.objects.exists())


def log_in_again(page, username="operator"):
    """On the log-in page that came in between."""
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(settings.DEMO_PASSWORD)
    page.locator("main").get_by_role("button", name="Masuk").click()
    page.wait_for_url(lambda url: "/akun/" not in url)
