"""An observer reads sums: five and more, on every page, call and file."""

import csv
import io

import pytest
from django.test import Client

from foundation.accounts.matrix import Role
from foundation.errors import NotAllowed
from supports.privacy.small_counts import HIDDEN, SMALL
from supports.privacy.sums import cells_of, refuse_small_sums
from tests import factories
from tests.supports.calling import client_of
from tests.supports.privacy.listing import listed

WEST = {"district": "Bontang Barat", "village": "Kanaan"}
SOUTH = {"district": "Bontang Selatan", "village": "Tanjung Laut"}


@pytest.fixture
def observer(db):
    return factories.user("pemantau", Role.OBSERVER, 6474)


@pytest.fixture
def uneven(db):
    """Twelve people in one kecamatan, seven in another, two in the third."""
    found = factories.pair()
    rows = [factories.person(n) for n in range(12)]
    rows += [factories.person(n, **SOUTH) for n in range(20, 27)]
    rows += [factories.person(n, **WEST) for n in range(30, 32)]
    listed(found, rows)
    return found


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def test_the_page_hides_the_small_count_and_what_gives_it_away(uneven, observer):
    page = " ".join(browser(observer).get(f"/pasangan/{uneven.pk}/").content.decode().split())
    shown = dict(
        part.split('</dt><dd class="num">') for part in page.split("<dt>")[1:] if 'class="num"' in part
    )
    numbers = {name: text.split("<")[0].strip() for name, text in shown.items()}
    assert numbers == {"Bontang Utara": "12", "Bontang Selatan": "≥ 5", "Bontang Barat": "&lt; 5"}
    assert "21" in page
    assert "Jumlah di bawah 5 tidak diumumkan" in page


def test_the_team_reads_every_number(uneven):
    team = uneven.submissions.get().uploads.get().received_by
    areas = client_of(team).get(f"/api/v1/pairs/{uneven.pk}/progress/").json()["by_area"]
    assert sorted(area["counted"] for area in areas) == [2, 7, 12]


def test_the_call_gives_null_in_their_place(uneven, observer):
    body = client_of(observer).get(f"/api/v1/pairs/{uneven.pk}/progress/").json()
    assert {one["name"]: one["counted"] for one in body["by_area"]} == {
        "Bontang Utara": 12,
        "Bontang Selatan": None,
        "Bontang Barat": None,
    }
    assert (body["counted"], body["submitted"], body["clean"]) == (21, 21, None)
    assert {one["submitted"] for one in body["by_area"]} == {None}


def test_the_file_says_what_the_page_says(uneven, observer):
    pieces = browser(observer).get("/wilayah/jumlah.csv").streaming_content
    lines = list(csv.DictReader(io.StringIO(b"".join(pieces).decode("utf-8-sig")), delimiter=";"))
    assert {line["Wilayah"]: line["Terhitung"] for line in lines} == {
        "Seluruh wilayah": "21",
        "Bontang Utara": "12",
        "Bontang Selatan": HIDDEN,
        "Bontang Barat": SMALL,
    }
    assert {line["Baris"] for line in lines[1:]} == {""}


def test_a_territory_with_a_small_pair_has_no_sum(uneven, observer):
    few = factories.pair(uneven.election, name="Bayu Umpama – Kirana Andaikan")
    listed(few, [factories.person(n) for n in range(50, 53)], "operator2")
    page = " ".join(browser(observer).get("/wilayah/").content.decode().split())
    assert "tidak diumumkan: ada jumlah di bawah 5" in page
    assert "<b>&lt; 5</b>" in page
    office = factories.user("kpu", Role.KPU_REGENCY, 6474)
    assert "dari 24 baris" in " ".join(browser(office).get("/wilayah/").content.decode().split())


def test_a_receipt_with_a_small_count_is_not_shown_to_an_observer(observer, uneven):
    body = {"rows": 20, "counted": 14, "by_area": [{"rows": 20, "counted": 14}], "findings": {"NIK_DATE": 6}}
    refuse_small_sums(body, observer)
    for changed in ({"findings": {"NIK_DATE": 2}}, {"by_area": [{"rows": 20, "counted": 18}]}):
        with pytest.raises(NotAllowed):
            refuse_small_sums(body | changed, observer)
        refuse_small_sums(body | changed, factories.user(f"kpu-{len(changed)}-{id(changed)}", Role.KPU_RI))


@pytest.mark.parametrize(
    ("whole", "areas", "own"),
    [
        ((30, 10, 10, 10, 0, 20, 10), [10, 10], (30, 10, 10, 10, 0, 20, 10)),
        ((30, 10, 10, 8, 2, 20, 10), [10, 10], (30, None, None, None, None, 20, 10)),
        ((22, 0, 0, 0, 22, 20, 2), [10, 10], (HIDDEN, None, None, None, None, 20, None)),
        ((12, 0, 0, 0, 12, 3, 9), [3, 0], (12, 0, 0, 0, 12, SMALL, None)),
    ],
)
def test_the_cells_of_a_pair(whole, areas, own):
    assert tuple(cells_of(whole, areas)[0]) == own
