"""What everybody may ask: the rules, the form of a NIK, and the description of the API itself."""

import csv
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from foundation.accounts.matrix import Role
from supports.rules import RULES, TEAM
from tests import factories
from tests.supports.calling import client_of

NIKS = list(csv.DictReader((Path(__file__).parents[1] / "data" / "nik.csv").read_text("utf-8").splitlines()))


@pytest.fixture
def client(db):
    return client_of(factories.user("pemantau", Role.OBSERVER))


@pytest.mark.django_db
def test_rules_say_what_they_lead_to_in_each_rule_set():
    body = APIClient().get("/api/v1/rules/").json()
    rules = {rule["code"]: rule for rule in body["results"]}
    assert list(rules) == [rule.code for rule in RULES if rule.audience == TEAM]
    assert "SERIAL_RUN" not in rules
    under_age = rules["UNDER_AGE"]
    assert set(under_age["effects"]) == {"uu8-2015", "uu10-2016", "pkpu8-2024", "qanun12-2016"}
    assert set(under_age["effects"].values()) == {"TMS"}
    assert under_age["effects_in_rounds"] == {}
    assert rules["DUPLICATE_ROUND"]["effects_in_rounds"]["pkpu8-2024"] == {"perbaikan_1": "BMS"}
    assert all(rule[name] for rule in rules.values() for name in ("title", "message", "remedy", "basis"))


@pytest.mark.django_db
def test_officers_read_every_rule():
    kpu = client_of(factories.user("kpu", Role.KPU_REGENCY, 6474))
    assert [rule["code"] for rule in kpu.get("/api/v1/rules/").json()["results"]] == [
        rule.code for rule in RULES
    ]


@pytest.mark.parametrize("case", NIKS, ids=[repr(case["nik"]) for case in NIKS])
def test_real_cases_of_niks(client, case):
    body = client.post("/api/v1/nik/check/", {"nik": case["nik"]}, format="json").json()
    assert body["valid"] is (case["expected_valid"] == "yes")
    if body["valid"]:
        assert body["birth_date"] == case["expected_birthdate"]
        assert body["sex"] == {"M": "L", "F": "P"}[case["expected_gender"]]
        assert body["region_code"] == case["expected_region_code"]
        assert body["findings"] == []
    else:
        assert body["findings"]


def test_a_nik_is_compared_with_its_row(client):
    row = {"nik": "6474010101809001", "sex": "P", "birth_date": "1981-01-01"}
    body = client.post("/api/v1/nik/check/", row, format="json").json()
    assert (body["valid"], body["birth_date"], body["sex"]) == (True, date(1980, 1, 1).isoformat(), "L")
    assert [(one["code"], one["effect"]) for one in body["findings"]] == [
        ("NIK_BIRTH_DATE", "WARN"),
        ("NIK_SEX", "WARN"),
    ]


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "required", "nik"),
        ({"nik": 6474010101809001}, "not_text", "nik"),
        ({"nik": "1" * 201}, "max_length", "nik"),
        ({"nik": "", "sex": "X"}, "invalid_choice", "sex"),
        ({"nik": "", "birth_date": "31-12-1980"}, "invalid", "birth_date"),
    ],
)
def test_a_question_about_a_nik_that_cannot_be_is_refused(client, body, code, field):
    response = client.post("/api/v1/nik/check/", body, format="json")
    assert response.status_code == 400
    assert (response.json()["code"], response.json()["field"]) == (code, field)
    assert "6474010101809001" not in response.json()["message"]


def test_the_description_of_the_api_has_no_warning(tmp_path):
    target = tmp_path / "schema.yml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(target))
    text = target.read_text("utf-8")
    for path in (
        "/api/v1/pairs/{pair}/uploads/:",
        "/api/v1/uploads/{upload}/report.csv:",
        "/api/v1/nik/check/:",
    ):
        assert path in text
