"""The counts of a territory to keep: pairs × areas, in CSV and XLSX, never a person."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from foundation.accounts.matrix import Role
from foundation.workflow.models import Event
from supports.progress import progress
from tests import factories

pytestmark = pytest.mark.usefixtures("committed")


def body_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def table(client, address="/wilayah/jumlah.csv"):
    text = body_of(client.get(address)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@pytest.fixture
def pair(client):
    made = factories.pair()
    rows = [factories.person(n) for n in range(8)]
    rows[2] |= {"district": "Bontang Selatan", "village": "Berbas Tengah"}
    rows[3] |= {"nik": ""}
    rows[4] |= {"district": "Tidak Ada"}
    factories.loaded(made, None, rows)
    client.force_login(factories.user("kpu", Role.KPU_REGENCY, 6474))
    return made


def test_each_area_says_what_the_pair_s_page_says(client, pair):
    lines = table(client)
    own = progress(pair)
    whole = lines[0]
    assert whole["Wilayah"] == "Seluruh wilayah"
    assert (int(whole["Baris"]), int(whole["Terhitung"]), int(whole["Minimum"])) == (
        8,
        own.counted,
        own.minimum,
    )
    found = {line["Wilayah"]: (int(line["Baris"]), int(line["Terhitung"])) for line in lines[1:]}
    assert found == {area.name: (area.submitted, area.counted) for area in own.by_area}
    assert sum(rows for rows, _counted in found.values()) == 8
    for line in lines:
        parts = [int(line[name]) for name in ("MS", "BMS", "TMS", "Belum diperiksa")]
        assert sum(parts) == int(line["Baris"])
    assert int(whole["Temuan"]) == sum(own.findings.values())


def test_no_person_is_in_it(client, pair):
    text = body_of(client.get("/wilayah/jumlah.csv")).decode()
    assert "Budi" not in text
    assert "647401" in text  # a region, and no NIK follows
    assert not [word for word in text.replace(";", " ").split() if len(word) == 16 and word.isdigit()]


def test_the_workbook_says_the_same(client, pair):
    answer = client.get("/wilayah/jumlah.xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(body_of(answer))).get_sheet_by_index(0).to_python()
    lines = table(client)
    assert len(sheet) == len(lines) + 1
    column = sheet[0].index("Baris")
    assert [row[column] for row in sheet[1:]] == [float(line["Baris"]) for line in lines]
    assert 'filename="jumlah-dukungan' in answer["Content-Disposition"]


def test_filters_hold_and_who_took_it_is_an_event(client, pair):
    assert table(client, "/wilayah/jumlah.csv?cari=samarinda") == []
    table(client)
    event = Event.objects.filter(name="counts_exported").last()
    assert (event.data, event.subject_kind) == ({"format": "csv", "pairs": 1}, "user")


def test_the_territory_is_one_s_own_and_an_observer_reads_no_findings(client, pair):
    factories.pair(factories.election(name="Kupang", region_id=5371), name="Sari – Tono")
    assert {line["Bakal pasangan calon"] for line in table(client)} == {pair.name}
    client.force_login(factories.user("pemantau", Role.OBSERVER))
    lines = table(client)
    assert {line["Bakal pasangan calon"] for line in lines} == {pair.name, "Sari – Tono"}
    assert {line["Temuan"] for line in lines} == {""}
    client.force_login(factories.operator(pair))
    assert client.get("/wilayah/jumlah.csv").status_code == 403


def test_a_name_is_never_a_formula(client, pair):
    factories.pair(pair.election, name="=SUM(A1) – X")
    assert "'=SUM(A1) – X" in {line["Bakal pasangan calon"] for line in table(client)}


def test_more_pairs_cost_no_more_queries(client, pair):
    def queries():
        with CaptureQueriesContext(connection) as done:
            body_of(client.get("/wilayah/jumlah.csv"))
        return len(done)

    queries()
    once = queries()
    for number in range(5):
        factories.pair(pair.election, name=f"Pasangan {number} – X")
    assert queries() == once
