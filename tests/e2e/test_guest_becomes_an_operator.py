"""Somebody invited by mail activates the account on a computer, and works."""

import re
from pathlib import Path

from django.conf import settings
from playwright.sync_api import expect

from candidates.models import Pair
from foundation.accounts.activation import invite
from foundation.accounts.matrix import Role, ScopeKind
from tests.e2e.person import PHONE
from tests.foundation.accounts.two_steps import app_code
from tests.stack import wait_until

PASSWORD = "melati di tepi kali"
ADDRESS = "rangga.umpama@contoh.test"


def mailed_link(to=ADDRESS):
    """The address in the letter that the running worker wrote."""

    def letters():
        texts = [path.read_text("utf-8") for path in Path(settings.EMAIL_FILE_PATH).glob("*.log")]
        return [text for text in texts if f"To: {to}" in text and "/akun/aktivasi/" in text]

    (letter,) = wait_until(letters)
    return re.search(r"http://[^/\s]+(/akun/aktivasi/\S+)", letter)[1]


def secret_on(page):
    page.get_by_text("Tidak dapat memindai").click()
    return page.locator(".secret").inner_text().replace(" ", "")


def log_in(page, code):
    page.goto("/akun/masuk/")
    page.get_by_label("Nama pengguna").fill("rangga")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Masuk").click()
    page.get_by_label("Kode verifikasi").fill(code)
    page.locator("main").get_by_role("button", name="Masuk").click()


def test_guest_activates_the_account_and_works(visit):
    guest = visit(viewport=PHONE)
    page = guest.page
    pair = Pair.objects.order_by("id").first()
    scope = {"role": Role.OPERATOR, "scope_kind": ScopeKind.PAIR, "scope_id": pair.pk}
    invite(email=ADDRESS, name="Rangga Umpama", by=None, **scope)
    page.goto(mailed_link())
    expect(page).to_have_url(re.compile(r"/akun/aktivasi/$"))
    page.get_by_label("Nama pengguna").fill("rangga")
    page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    page.get_by_label("Ulangi kata sandi").fill(PASSWORD)
    assert not guest.overflows()
    page.get_by_role("button", name="Aktifkan dan lanjutkan").click()
    expect(page.get_by_role("heading", name="Aktifkan verifikasi dua langkah")).to_be_visible()
    expect(page.get_by_role("img", name="Kode QR")).to_be_visible()
    secret = secret_on(page)
    assert not guest.overflows()
    page.get_by_label("Kode dari aplikasi").fill(app_code(secret))
    page.get_by_role("button", name="Periksa kode dan aktifkan").click()
    expect(page.get_by_role("heading", name="Simpan kode pemulihan")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes li").first.inner_text()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Unduh sebagai teks").click()
    assert recovery in Path(saved.value.path()).read_text("utf-8")
    page.get_by_role("button", name="Sudah saya simpan").click()
    expect(page).to_have_url(re.compile(rf"/pasangan/{pair.pk}/$"))
    expect(page.get_by_text("Verifikasi dua langkah aktif")).to_be_visible()

    another = visit()
    log_in(another.page, recovery)
    expect(another.page).to_have_url(re.compile(rf"/pasangan/{pair.pk}/$"))
    another.page.goto("/akun/")
    expect(another.page.get_by_text("Tersisa 9 kode")).to_be_visible()
    another.page.get_by_role("button", name="Akhiri semua yang lain").click()
    expect(another.page.get_by_text("1 sesi lain diakhiri")).to_be_visible()
    page.goto("/pasangan/")
    expect(page.get_by_role("heading", name="Masuk")).to_be_visible()
