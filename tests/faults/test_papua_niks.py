"""NIKs of Papua are above 2^53: no float may ever hold one. Every way in, and out by a report and in again."""

import pytest

from foundation import seal
from foundation.keys.keyring import keyring
from supports.models import Support, first_id
from supports.standards import key_scope
from tests.factories import as_csv, election, loaded, operator, pair, person
from tests.faults.bad_files import TITLES, row
from tests.supports.calling import client_of
from tests.workbooks import ods, xls, xlsx

pytestmark = pytest.mark.usefixtures("committed")

# The first is odd and above 2^53: as a float it would be its neighbour.
NIKS = ["9171010101609001", "9101014101659003", "9671045212719005"]
WAYS = {
    "a.csv": lambda: as_csv([person(n, nik=nik) for n, nik in enumerate(NIKS)]),
    "b.csv": lambda: as_csv([person(n, nik=f"'{nik}") for n, nik in enumerate(NIKS)]),
    "a.xlsx": lambda: xlsx([TITLES, *(row(n, nik=nik) for n, nik in enumerate(NIKS))]),
    "b.xlsx": lambda: xlsx([TITLES, *(row(n, nik=nik) for n, nik in enumerate(NIKS))], shared=True),
    "a.xls": lambda: xls([TITLES, *(row(n, nik=nik) for n, nik in enumerate(NIKS))]),
    "a.ods": lambda: ods([TITLES, *(row(n, nik=nik) for n, nik in enumerate(NIKS))]),
}


def stored(one, made=None):
    """The NIKs of the pair, or of one upload, as they are sealed in the database."""
    rows = Support.objects.filter(submission__pair=one).order_by("id")
    if made:
        rows = rows.filter(pk__gte=first_id(made.pk), pk__lt=first_id(made.pk + 1))
    key = keyring(key_scope(one.election)).nik
    return [seal.open_nik(nik, key) for nik in rows.values_list("nik", flat=True)]


@pytest.fixture
def team():
    one = pair()
    return one, operator(one)


@pytest.mark.parametrize("name", WAYS)
def test_every_file_keeps_every_digit(team, name):
    loaded(*team, WAYS[name](), name)
    assert stored(team[0]) == NIKS


def test_numbers_in_a_workbook_are_never_taken_for_a_nik(team):
    made = loaded(*team, xlsx([TITLES, *(row(n, nik=int(nik)) for n, nik in enumerate(NIKS))]), "angka.xlsx")
    answer = client_of(team[1]).get(f"/api/v1/uploads/{made.pk}/").json()
    assert answer["findings"] == {"NIK_FROM_NUMBER": len(NIKS)}
    assert set(Support.objects.values_list("nik", flat=True)) == {None}


def test_the_api_takes_texts_and_refuses_numbers(team):
    api, path = client_of(team[1]), f"/api/v1/pairs/{team[0].pk}/supports/"
    for n, nik in enumerate(NIKS):
        assert api.post(path, person(n, nik=nik), format="json").status_code == 201
        assert api.post(path, person(n + 10, nik=int(nik)), format="json").status_code == 400
        assert api.post("/api/v1/nik/check/", {"nik": nik}, format="json").json()["valid"] is True
        assert api.post("/api/v1/nik/check/", {"nik": int(nik)}, format="json").status_code == 400
    assert stored(team[0]) == NIKS


@pytest.mark.parametrize("address", ["report.csv?rows=all", "report.xlsx?rows=all"])
def test_out_by_a_report_and_in_again(address):
    of = election()
    first, second = pair(of, name="Calon A – Wakil A"), pair(of, name="Calon B – Wakil B")
    by = operator(first, "operator-a")
    made = loaded(first, by, WAYS["a.csv"](), "a.csv")
    response = client_of(by).get(f"/api/v1/uploads/{made.pk}/{address}")
    report = response.getvalue() if response.streaming else response.content
    again = loaded(second, operator(second, "operator-b"), report, "laporan")
    assert again.status == "loaded"
    assert stored(second) == NIKS


def test_an_identity_that_is_opened_has_every_digit(team):
    loaded(*team, WAYS["a.csv"](), "a.csv")
    api = client_of(team[1])
    rows = Support.objects.order_by("id").values_list("pk", flat=True)
    opened = [api.post(f"/api/v1/supports/{pk}/identity/").json() for pk in rows]
    assert [one["nik"] for one in opened] == NIKS
