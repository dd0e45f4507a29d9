"""A verifier decides row after row without a mouse; the next row is there at once, also when the network is slow."""

import pytest
from playwright.sync_api import expect

from candidates.models import Election
from foundation.readings.models import Reading
from supports.models import Standing
from supports.scans.models import Scan
from tests.e2e.scene import ENOUGH, in_review
from tests.stack import wait_until
from verification.duplicates.models import Group
from verification.models import Decision, Work

DECIDE = "**/verifikasi/baris/*/putuskan/"
CARD = "#baris article[data-card]"


@pytest.fixture
def rows(live_stack):
    """The rows that wait for the verifier, in their order."""
    Election.objects.update(**ENOUGH)
    reviewed = in_review(live_stack, Election.objects.get())
    return list(Standing.objects.filter(submission=reviewed).select_related("support").order_by("pk"))


@pytest.fixture
def desk(visit, rows):
    """The page of the verifier, its first row shown and the second one fetched."""
    page = visit("verifikator").page
    page.goto("/verifikasi/")
    expect(page.get_by_text("112 baris menunggu")).to_be_visible()
    with page.expect_response("**/periksa/sesudah/*/") as fetched:
        page.locator(f"a[href$='/{rows[0].submission_id}/periksa/']").press("Enter")
        expect_shown(page, rows[0])
    kept(page, fetched)
    return page


def expect_shown(page, standing):
    expect(page.locator(CARD)).to_have_attribute("data-card", str(standing.pk))


def expect_place(page, text):
    """The page of a scan that is shown, and that its picture has arrived."""
    expect(page.locator("[data-scan-place]")).to_have_text(text)
    picture = page.locator(".scansheet img:not([hidden])")
    expect(picture).to_have_count(1)
    wait_until(lambda: picture.evaluate("one => one.complete && one.naturalWidth > 0"))


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def status_of(standing):
    return Standing.objects.get(pk=standing.pk).vermin


def fetched_ahead(page, keys):
    """Press keys that bring another row, and wait until the one after it has been fetched."""
    with page.expect_response("**/periksa/sesudah/*/") as fetched:
        press(page, *keys)
    kept(page, fetched)


def kept(page, fetched):
    """The script has what was fetched: the answer has ended, and the page has had a turn since."""
    fetched.value.finished()
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


def looks_at(row, kind):
    """How often a row was read, by kind of reading."""
    return Reading.objects.filter(kind=kind, row_id=row.pk).count()


def test_scans_are_gone_through_and_rows_decided_by_keys_alone(desk, rows):
    expect_place(desk, "Surat pernyataan dukungan, halaman 1 dari 2")
    press(desk, "n")
    expect_place(desk, "Surat pernyataan dukungan, halaman 2 dari 2")
    press(desk, "s")
    expect_place(desk, "KTP-el, halaman 1 dari 1")
    press(desk, "+", "+", "r")
    expect(desk.locator(".scansheet")).to_have_class("scansheet zoom-3 turn-1")
    press(desk, "ArrowDown", "ArrowRight")
    frame = desk.locator(".scanframe")
    wait_until(lambda: frame.evaluate("one => one.scrollTop > 0 && one.scrollLeft > 0"))
    press(desk, "-", "s")
    expect_place(desk, "Surat pernyataan dukungan, halaman 1 dari 2")
    fetched_ahead(desk, "m")
    expect_shown(desk, rows[1])
    expect(desk.locator("#keadaan")).to_contain_text("111 baris menunggu Anda")
    expect_place(desk, "Surat pernyataan dukungan, halaman 1 dari 2")
    fetched_ahead(desk, ("t", "1", "Tab", "2", "Enter"))
    expect_shown(desk, rows[2])
    expect(desk.locator("#keadaan")).to_contain_text("110 baris menunggu Anda")
    assert [status_of(row) for row in rows[:3]] == ["MS", "TMS", "unverified"]
    assert len(Decision.objects.get(after="TMS").reasons) == 2
    press(desk, "u")
    expect_shown(desk, rows[1])
    wait_until(lambda: status_of(rows[1]) == "unverified")
    press(desk, "l")
    expect_shown(desk, rows[2])
    # What was fetched once is not read again: a look at a row is one reading, and one for each page of a scan.
    assert [looks_at(rows[0], kind) for kind in ("identity", "paper")] == [1, 3]
    assert looks_at(rows[2], "identity") == 1
    wait_until(lambda: looks_at(rows[2], "paper") == 2)


def test_a_note_is_text_and_no_command_also_where_a_group_is_decided(desk, rows):
    press(desk, "t")
    for _ in range(40):
        if desk.evaluate("document.activeElement.name") == "note":
            break
        press(desk, "Tab")
    desk.keyboard.type("mbtnsrlu 1")
    assert desk.evaluate("document.activeElement.value") == "mbtnsrlu 1"
    expect_shown(desk, rows[0])
    assert not Decision.objects.exists()
    group = wait_until(
        Group.objects.filter(submission=rows[0].submission_id, kind=Group.Kind.NIK).first, every=0.2
    )
    desk.goto(f"/verifikasi/ganda/{group.pk}/")
    desk.locator("input[name=supports]").last.check()
    press(desk, "t", "1", "3")
    expect(desk.locator(".reasons[data-status=TMS] input:checked")).to_have_count(2)
    press(desk, "b", "t", "3")
    expect(desk.locator(".reasons[open] input:checked")).to_have_count(1)
    desk.locator(".reasons[open] input[name^=note]").focus()
    desk.keyboard.type("mbt 1")
    press(desk, "Enter")
    expect(desk.get_by_text("1 baris diputus TMS.")).to_be_visible()
    decision = Decision.objects.get()
    assert (decision.after, decision.note, len(decision.reasons)) == ("TMS", "mbt 1", 1)


def test_the_next_row_is_there_before_the_answer(desk, rows):
    held = []
    desk.route(DECIDE, lambda route: route.continue_() if held else held.append(route))
    fetched_ahead(desk, "m")
    expect_shown(desk, rows[1])
    expect_place(desk, "Surat pernyataan dukungan, halaman 1 dari 2")
    expect(desk.locator("#keadaan")).to_contain_text("Menyimpan keputusan tentang")
    wait_until(lambda: desk.wait_for_timeout(20) or held)
    assert status_of(rows[0]) == "unverified"
    # A second decision waits for its turn; taking back means the last one, once it is stored.
    press(desk, "m")
    expect_shown(desk, rows[2])
    press(desk, "u")
    held[0].continue_()
    expect_shown(desk, rows[1])
    expect(desk.locator("#keadaan")).to_contain_text("111 baris menunggu Anda")
    stored = Decision.objects.order_by("pk").values_list("support_id", "after")
    assert list(stored[:3]) == [(rows[0].pk, "MS"), (rows[1].pk, "MS"), (rows[1].pk, "unverified")]


def test_a_row_that_was_taken_back_meanwhile_makes_way(desk, rows):
    Work.objects.filter(pk=rows[1].pk).delete()
    fetched_ahead(desk, "m")
    expect_shown(desk, rows[2])
    expect(desk.locator("#keadaan")).to_contain_text("110 baris menunggu Anda")
    assert status_of(rows[0]) == "MS"


def test_a_row_that_is_no_longer_theirs_is_told_by_its_name(desk, rows):
    Work.objects.filter(pk=rows[0].pk).delete()
    press(desk, "m")
    alert = desk.get_by_role("alert")
    expect(alert).to_contain_text(f"{rows[0].support.name}: Baris ini bukan bagian Anda")
    expect(alert).to_be_focused()
    expect_shown(desk, rows[1])
    assert not Decision.objects.exists()


def test_a_decision_that_does_not_arrive_brings_its_row_back(desk, rows):
    desk.route(DECIDE, lambda route: route.abort("internetdisconnected"))
    press(desk, "t", "1", "Enter")
    expect(desk.get_by_role("alert")).to_contain_text("belum pasti tersimpan")
    expect_shown(desk, rows[0])
    expect(desk.locator("#baris .reasons[open] input:checked")).to_have_count(1)
    assert not Decision.objects.exists()
    desk.unroute(DECIDE)
    desk.locator("#baris .reasons[open] input:checked").focus()
    press(desk, "Enter")
    expect_shown(desk, rows[1])
    wait_until(lambda: status_of(rows[0]) == "TMS")


def test_what_is_missing_is_said_at_its_row(desk, rows):
    for box in desk.locator("#baris .reasons[data-status=TMS] input:checked").all():
        box.uncheck(force=True)
    press(desk, "t", "Enter")
    expect(desk.get_by_role("alert")).to_contain_text("sedikitnya satu alasan untuk TMS")
    expect_shown(desk, rows[0])
    fetched_ahead(desk, "m")
    expect_shown(desk, rows[1])


def test_on_a_slow_network_five_rows_are_decided_in_their_order(desk, rows):
    network = desk.context.new_cdp_session(desk)
    network.send("Network.enable")
    slow = {"offline": False, "latency": 400, "downloadThroughput": 60_000, "uploadThroughput": 30_000}
    network.send("Network.emulateNetworkConditions", slow)
    for at in range(5):
        expect_shown(desk, rows[at])
        press(desk, "m")
        expect_shown(desk, rows[at + 1])
    wait_until(lambda: Decision.objects.count() == 5)
    decided = list(Decision.objects.order_by("pk").values_list("support_id", flat=True))
    assert decided == [row.pk for row in rows[:5]]
    expect(desk.locator("#keadaan")).to_contain_text("107 baris menunggu Anda")


def test_a_row_without_scans_says_so_and_a_phone_shows_scans_below(desk, rows, visit):
    assert set(Scan.objects.filter(pair=rows[0].submission.pair).values_list("support", flat=True)) == {
        row.pk for row in rows[:3]
    }
    for at in range(3):
        fetched_ahead(desk, "l")
        expect_shown(desk, rows[at + 1])
    expect(desk.get_by_text("Belum ada pindaian untuk baris ini.")).to_be_visible()
    phone = visit("verifikator", viewport={"width": 390, "height": 844})
    phone.page.goto(f"/verifikasi/{rows[0].submission_id}/periksa/")
    typed, scans = (phone.page.locator(part).bounding_box() for part in (".checkgrid", ".cardscans"))
    assert scans["y"] >= typed["y"] + typed["height"]
    assert not phone.overflows()
