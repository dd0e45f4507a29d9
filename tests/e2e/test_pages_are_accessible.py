"""axe-core finds nothing on any page, light on a wide screen and dark on a phone, which it also fits."""

from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from candidates.models import Pair
from tests.e2e.pages import OPENED, PAGES, SECOND_STEP
from tests.e2e.person import DESKTOP, PHONE
from tests.e2e.scene import arrange, with_an_app
from tests.stack import wait_until

LOOKS = (("light", DESKTOP), ("dark", PHONE))
# What Swagger UI draws inside the API documentation is its own: its colours are not ours to mend.
OURS = {"exclude": [["#swagger-ui"]]}


def faults_of(person, address, *, clicked="", seen=""):
    """What is wrong with one page, or with what a click shows there, a line each: the page, the rule, the element."""
    answer = person.page.goto(address)
    if (answer.status, urlsplit(person.page.url).path) != (200, urlsplit(address).path):
        return [f"{address}: answered {answer.status} as {person.page.url}"]
    if clicked:
        person.page.locator(clicked).first.click()
        expect(person.page.locator(seen).first).to_be_visible()
    return [f"{address} {clicked}: {one}" for one in looked_at(person)]


def looked_at(person):
    """Both looks at what is shown now."""
    faults = []
    for scheme, size in LOOKS:
        person.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        person.page.set_viewport_size(size)
        faults += [f"{scheme}, {size['width']} px: {one}" for one in found_by_axe(person.page)]
    if person.overflows():
        faults.append(f"wider than {PHONE['width']} px")
    person.page.set_viewport_size(DESKTOP)
    return faults


def found_by_axe(page):
    """Rule and element of every finding, a minor one too."""
    found = Axe().run(page, context=OURS).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:200]} {node['failureSummary'].splitlines()[-1].strip()}"
        for one in found
        for node in one["nodes"]
    ]


def test_no_page_shuts_anybody_out(visit, live_stack):
    known = arrange(live_stack)
    faults = []
    for username, pages in PAGES.items():
        person = visit(username)
        for page in pages:
            faults += faults_of(person, page.format_map(known))
        for who, page, clicked, seen in OPENED:
            if who == username:
                faults += faults_of(person, page.format_map(known), clicked=clicked, seen=seen)
    assert not faults, "\n".join(faults)


def test_no_page_of_the_second_step_shuts_anybody_out(visit):
    name, password, codes = with_an_app(Pair.objects.earliest("pk").pk)
    person, code, faults = visit(), iter(codes), []
    page = person.page

    def log_in():
        page.goto("/akun/masuk/")
        page.get_by_label("Nama pengguna").fill(name)
        page.get_by_label("Kata sandi").fill(password)
        page.locator("main").get_by_role("button", name="Masuk").click()

    def move_phone():
        page.get_by_label("Kode verifikasi").fill(next(code))
        page.locator("main").get_by_role("button", name="Masuk").click()
        page.goto("/akun/")
        page.get_by_role("link", name="Pindah ponsel").click()

    def ask_for_codes():
        page.goto("/akun/")
        page.get_by_role("link", name="Buat kode baru").click()

    def see_codes():
        page.get_by_label("Kata sandi sekarang").fill(password)
        page.get_by_label("Kode dari aplikasi").fill(next(code))
        page.get_by_role("button", name="Buat kode baru").click()

    steps = (log_in, move_phone, ask_for_codes, see_codes)
    for address, step in zip(SECOND_STEP, steps, strict=True):
        step()
        page.wait_for_url(f"**{address}")
        faults += [f"{address}: {one}" for one in looked_at(person)]
    assert not faults, "\n".join(faults)


def test_a_field_that_gets_the_focus_is_not_behind_the_bottom_bar(visit):
    page = visit("operator", viewport=PHONE).page
    page.get_by_role("link", name="Pendukung", exact=True).click()
    page.wait_for_url("**/dukungan/")
    page.locator(".people .opens").first.click()
    field = page.get_by_label("NIK", exact=True)
    expect(field).to_be_focused()
    bar = page.locator(".bottombar").bounding_box()

    def above_the_bar():
        box = field.bounding_box()
        return box["y"] + box["height"] < bar["y"]

    wait_until(above_the_bar)  # the browser scrolls there smoothly
