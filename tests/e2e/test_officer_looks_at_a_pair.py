"""An officer of the KPU goes from the territory to single rows, and cannot change anything."""

from playwright.sync_api import expect


def test_officer_looks_at_a_pair_and_its_findings(visit):
    page = visit("kpu").page
    expect(page.get_by_role("heading", name="Wilayah kerja")).to_be_visible()
    page.get_by_role("link", name="Rangga Contoh").click()
    expect(page.get_by_role("heading", name="Sudah diunggah, BELUM diserahkan")).to_be_visible()
    finding = page.locator("section", has=page.locator("#temuan")).get_by_role("link").nth(1)
    rows = int(finding.locator(".num").inner_text().replace(".", ""))
    finding.click()
    expect(page.locator(".people tbody tr")).to_have_count(min(rows, 50))
    expect(page.locator(".chip[aria-current] b")).to_have_text(f"{rows}")


def test_officer_finds_no_way_to_upload(visit):
    page = visit("kpu").page
    page.get_by_role("link", name="Rangga Contoh").click()
    page.get_by_role("link", name="Unggahan", exact=True).first.click()
    expect(page.get_by_role("link", name="posko_utara.csv")).to_be_visible()
    expect(page.locator("#zona")).to_have_count(0)
    page.get_by_role("link", name="posko_utara.csv").click()
    expect(page.get_by_role("button", name="Hapus")).to_have_count(0)


def test_officer_pages_through_the_list_and_back(visit):
    page = visit("kpu").page
    page.get_by_role("link", name="Rangga Contoh").click()
    page.get_by_role("link", name="Daftar pendukung").first.click()
    rows = page.locator("table.people")
    first = rows.inner_text()
    page.get_by_role("link", name="Berikutnya").click()
    expect(page.get_by_role("link", name="Sebelumnya")).to_be_visible()
    assert rows.inner_text() != first
    page.get_by_role("link", name="Sebelumnya").click()
    expect(rows).to_have_text(first, use_inner_text=True)
