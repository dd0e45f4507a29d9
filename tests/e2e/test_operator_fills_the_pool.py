"""An operator uploads while no window is open, and moves the rows once it is."""

import re

from playwright.sync_api import expect

from candidates.models import Pair, Window
from tests import factories


def test_operator_uploads_while_filling_is_closed_and_moves_the_rows_later(visit):
    kept = list(Window.objects.all())
    Window.objects.all().delete()
    page = visit("operator").page
    page.get_by_role("link", name="Unggahan", exact=True).first.click()
    expect(page.get_by_text("Berkas dapat disimpan ke Cadangan dukungan")).to_be_visible()
    expect(page.get_by_label("Putaran yang sedang diisi")).to_be_disabled()
    expect(page.get_by_label("Cadangan dukungan")).to_be_checked()
    content = factories.as_csv([factories.person(at) for at in range(12)])
    page.get_by_label("Seret berkas ke sini").set_input_files(
        {"name": "cadangan.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Unggah berkas").click()
    page.wait_for_url(re.compile(r"/unggahan/\d+/$"))
    expect(page.locator("#hasil")).to_contain_text("12 baris: 12 bersih.")
    page.get_by_role("link", name="Ke Cadangan").click()
    expect(page.get_by_text("Saat ini baris tidak dapat dipindahkan")).to_be_visible()
    expect(page.get_by_role("button", name="Hitung dahulu")).to_be_disabled()
    Window.objects.bulk_create(kept)
    page.reload()
    page.get_by_role("button", name="Hitung dahulu").click()
    expect(page.locator("#pratinjau")).to_contain_text("12 baris akan dipindahkan ke putaran Awal")
    page.get_by_role("button", name="Pindahkan 12 baris").click()
    expect(page.get_by_text("Pemindahan terakhir: 12 baris")).to_be_visible()
    pair = Pair.objects.order_by("id").first()
    page.goto(f"/pasangan/{pair.pk}/cadangan/")
    expect(page.get_by_text("Cadangan masih kosong")).to_be_visible()
