"""A liaison officer works on a phone, in the light and in the dark."""

import pytest
from playwright.sync_api import expect

from tests.e2e.person import PHONE

# The contrast of a text with what lies behind it, by WCAG 2; the smallest one of the page, and where.
FAINTEST = """() => {
  const channel = (value) => {
    value /= 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  let faintest = [21, ""];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility()) continue;
    const pair = [luminance(parse(getComputedStyle(element).color)), luminance(behind(element))].sort((a, b) => b - a);
    const contrast = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (contrast < faintest[0]) faintest = [contrast, walker.currentNode.textContent.trim()];
  }
  return faintest;
}"""


def pages_of(page):
    """Every page a team sees."""
    desk = page.url
    upload = page.locator("#unggahan-terakhir .rowlink").first.get_attribute("href")
    inside = [desk, f"{desk}unggah/", f"{desk}dukungan/", f"{desk}dukungan/?temuan=NIK_LENGTH", upload]
    return [
        *inside,
        "/aturan/",
        "/simulasi/",
        "/simulasi/?base=x",
        "/akun/",
        "/akun/kata-sandi/",
        "/akun/token/",
        "/akun/keluar/",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lo_reads_every_page_on_a_phone(visit, scheme):
    lo = visit("lo", viewport=PHONE, color_scheme=scheme)
    for address in pages_of(lo.page):
        lo.page.goto(address)
        assert not lo.overflows(), address
        contrast, words = lo.page.evaluate(FAINTEST)
        assert contrast >= 4.5, (address, words)


def test_lo_goes_about_with_the_bar_at_the_bottom(visit):
    lo = visit("lo", viewport=PHONE)
    bar = lo.page.get_by_role("navigation", name="Menu bawah")
    expect(bar.get_by_role("link")).to_have_count(4)
    bar.get_by_role("link", name="Pendukung").click()
    expect(lo.page.get_by_role("heading", name="Daftar pendukung", exact=True)).to_be_visible()
    expect(bar.get_by_role("link", name="Pendukung")).to_have_attribute("aria-current", "page")
    expect(lo.page.get_by_role("navigation", name="Menu utama")).to_be_hidden()


def test_lo_logs_out_from_the_menu(visit):
    lo = visit("lo", viewport=PHONE)
    lo.page.get_by_text("Menu akun").locator("..").click()
    lo.page.get_by_role("button", name="Keluar").click()
    expect(lo.page.get_by_role("heading", name="Dukungan bakal pasangan calon perseorangan")).to_be_visible()
    lo.page.goto("/pasangan/")
    expect(lo.page.get_by_role("heading", name="Masuk")).to_be_visible()


def test_lo_reaches_every_page_from_the_menu_of_a_phone(visit):
    page = visit("lo", viewport=PHONE).page
    page.locator(".usermenu summary").click()
    page.get_by_role("link", name="Formulir", exact=True).click()
    expect(page.get_by_role("heading", name="Formulir", exact=True)).to_be_visible()
