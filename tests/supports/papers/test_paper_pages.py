"""The page of the forms and its calls of the API: who sees, who prints, what is told, at how many queries."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from candidates.models import RuleSet
from foundation.accounts.matrix import Role
from foundation.workflow.models import Event
from supports.models import Submission
from tests import factories
from tests.supports.calling import client_of
from tests.supports.test_pages import text_of

pytestmark = pytest.mark.usefixtures("committed")

KUALA = 6474011001


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


@pytest.fixture
def team(client, operator):
    client.force_login(operator)
    return client


@pytest.fixture
def rows(pair, operator):
    given = [
        *(factories.person(at) for at in range(3)),
        factories.person(4, district="Bontang Selatan", village="Berbas Tengah"),
        factories.person(5, regency="tidak dikenal"),
    ]
    factories.loaded(pair, operator, given)
    return given


def page(pair, client, query=""):
    return client.get(reverse("papers", args=[pair.pk]) + query)


def printed_text(answer):
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    return "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.content)).pages)


def test_the_page_shows_what_each_form_counts_and_leads_to_it(pair, rows, team):
    text = text_of(page(pair, team))
    assert "MODEL B.JUMLAH.DUKUNGAN.KWK" in text
    assert "5 pendukung, 2 kecamatan" in text
    assert "belum pernah" in text
    answer = team.get(reverse("paper", args=[pair.pk, "number"]))
    assert "MODEL B.JUMLAH.DUKUNGAN.KWK" in printed_text(answer)
    assert "belum pernah" in text_of(page(pair, team))  # the letter
    assert text_of(page(pair, team)).count("belum pernah") == 1


def test_a_number_that_changed_since_the_print_has_to_be_printed_again(pair, rows, operator, team):
    team.get(reverse("paper", args=[pair.pk, "number"]))
    assert "cetak ulang" not in text_of(page(pair, team))
    factories.loaded(pair, operator, [factories.person(30)], "lagi.csv")
    assert "Saat dicetak 5 pendukung: cetak ulang" in text_of(page(pair, team))


def test_a_kecamatan_opens_into_its_lists_and_a_list_prints(pair, rows, team):
    text = text_of(page(pair, team, "?wilayah=647401"))
    assert "Daftar pendukung per desa/kelurahan: Bontang Utara" in text
    assert "Bontang Kuala" in text
    assert "Berbas Tengah" not in text
    answer = team.get(reverse("paper_list", args=[pair.pk, KUALA]))
    assert rows[0]["nik"] in printed_text(answer)
    assert "Bontang-Kuala" in answer["Content-Disposition"]
    elsewhere = text_of(page(pair, team, "?wilayah=lain"))
    assert "Wilayah belum diketahui" in elsewhere
    assert rows[4]["nik"] in printed_text(team.get(reverse("paper_list", args=[pair.pk, 0])))


def test_rows_come_as_csv(pair, rows, team):
    answer = team.get(reverse("paper_rows", args=[pair.pk]) + "?wilayah=647402")
    content = b"".join(answer.streaming_content).decode()
    assert "no-store" in answer["Cache-Control"]
    assert [row["nik"] in content for row in rows] == [False, False, False, True, False]


@pytest.mark.parametrize(
    ("role", "scope", "sees", "prints"),
    [
        (Role.LO, "pair", 200, 200),
        (Role.TYPIST, "pair", 403, 403),
        (Role.KPU_REGENCY, 6474, 200, 403),
        (Role.VERIFIER, 6474, 200, 403),
        (Role.BAWASLU, 6474, 200, 403),
        (Role.OBSERVER, 6474, 403, 403),
        (Role.KPU_REGENCY, 6471, 404, 403),
    ],
)
def test_niks_are_printed_by_the_own_team_only(pair, rows, client, role, scope, sees, prints):
    client.force_login(factories.user("lain", role, pair if scope == "pair" else scope))
    assert page(pair, client).status_code == sees
    assert client.get(reverse("paper", args=[pair.pk, "number"])).status_code == sees
    assert client.get(reverse("paper_list", args=[pair.pk, KUALA])).status_code == prints
    assert client.get(reverse("paper_rows", args=[pair.pk])).status_code == prints


def test_forms_of_another_pair_do_not_exist(pair, rows, client):
    other = factories.pair(pair.election, "Andi Misal – Sri Contoh")
    client.force_login(factories.operator(other, "lawan"))
    for address in (
        reverse("papers", args=[pair.pk]),
        reverse("paper", args=[pair.pk, "number"]),
        reverse("paper_list", args=[pair.pk, KUALA]),
        reverse("paper_rows", args=[pair.pk]),
    ):
        assert client.get(address).status_code == 404
    assert not Event.objects.filter(name="paper_printed").exists()


@pytest.mark.parametrize("query", ["?wilayah=x", "?wilayah=1", "?wilayah=99999999999", "?wilayah=6474011001"])
def test_an_area_that_cannot_be_is_not_found(pair, rows, team, query):
    assert page(pair, team, query).status_code == 404


def test_an_empty_round_says_what_to_do(pair, team):
    assert "Belum ada baris dukungan" in text_of(page(pair, team))
    assert team.get(reverse("paper", args=[pair.pk, "number"])).status_code == 404


def test_a_form_of_other_rules_is_refused_in_a_sentence(pair, rows, team):
    answer = team.get(reverse("paper", args=[pair.pk, "recap"]))
    assert answer.status_code == 422
    assert "tidak mengenal formulir “recap”" in text_of(answer)


def test_the_page_costs_as_many_queries_for_many_areas(
    pair, rows, operator, team, django_assert_max_num_queries
):
    with django_assert_max_num_queries(28) as few:
        page(pair, team)
    more = [
        factories.person(40 + at, village=village, district=district)
        for at, (district, village) in enumerate(
            [("Bontang Utara", "Guntung"), ("Bontang Barat", "Kanaan"), ("Bontang Barat", "Belimbing")]
        )
    ]
    factories.loaded(pair, operator, more, "lagi.csv")
    with django_assert_max_num_queries(28) as many:
        page(pair, team)
    assert len(many) == len(few)


def test_the_api_tells_and_prints_the_same(pair, rows, operator):
    api = client_of(operator)
    base = f"/api/v1/pairs/{pair.pk}/forms/"
    told = api.get(base).json()
    assert (told["stage"], told["rows"], told["spread"]) == ("awal", 5, 2)
    assert [form["form"] for form in told["forms"]] == ["submission", "number", "list"]
    assert {area["code"]: area["rows"] for area in told["areas"]} == {
        647401: 3,
        647402: 1,
        647403: 0,
        -1: 1,
    }
    inner = api.get(f"{base}?area=647401").json()
    assert inner["lists"] == [{"area": KUALA, "title": "Bontang Kuala", "rows": 3}]
    assert "B.PENYERAHAN" in printed_text(api.get(f"{base}submission.pdf"))
    assert rows[1]["nik"] in printed_text(api.get(f"{base}list.pdf?area={KUALA}"))
    assert api.get(f"{base}list.pdf").json()["code"] == "required"
    assert api.get(f"{base}list.pdf?area=6474011009").json()["code"] == "area_empty"
    assert rows[3]["nik"] in b"".join(api.get(f"{base}list.csv?area=647402").streaming_content).decode()
    kpu = client_of(factories.user("kpu", Role.KPU_REGENCY, 6474))
    assert kpu.get(base).status_code == 200
    assert kpu.get(f"{base}list.pdf?area={KUALA}").status_code == 403


def test_the_form_of_a_recap_belongs_to_the_rules_of_2020(pair, rows, team):
    Submission.objects.filter(pair=pair).update(rule_set=RuleSet.objects.get(code="uu10-2016"))
    text = text_of(page(pair, team))
    assert "MODEL B.2-KWK PERSEORANGAN" in text
    assert "MODEL B.1.1-KWK PERSEORANGAN" in text
    assert "MODEL B.2-KWK PERSEORANGAN" in printed_text(team.get(reverse("paper", args=[pair.pk, "recap"])))
