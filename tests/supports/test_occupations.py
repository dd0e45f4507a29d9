"""Whose occupation forbids support, and whose only sounds like it."""

import csv
from pathlib import Path

import polars as pl
import pytest

from candidates.rule_sets import FORBIDDEN_OCCUPATIONS
from supports.occupations import OCCUPATIONS, TITLES, forbidden_occupation

CASES = Path(__file__).parents[1] / "data" / "occupations.csv"


def read_all(*texts, **options):
    frame = pl.DataFrame({"occupation": texts}, schema={"occupation": pl.String})
    return frame.select(forbidden_occupation(pl.col("occupation"), **options)).to_series().to_list()


def cases():
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["occupation"])
def test_occupation(case):
    assert read_all(case["occupation"]) == [case["expected"] or None]


def test_a_column_is_read_like_its_cells():
    rows = cases()
    assert read_all(*(row["occupation"] for row in rows)) == [row["expected"] or None for row in rows]


@pytest.mark.parametrize("occupation", OCCUPATIONS, ids=lambda occupation: occupation.code)
def test_every_synonym_is_recognised(occupation):
    names = [name.replace(" * ", " KEUANGAN ").replace("*", "") for name in occupation.names]
    found = read_all(*names, codes=[occupation.code])
    assert [name for name, code in zip(names, found, strict=True) if code is None] == []


@pytest.mark.parametrize("word", ["PENSIUNAN", "PURNAWIRAWAN", "MANTAN", "ISTRI", "ANAK", "BUKAN"])
@pytest.mark.parametrize("occupation", OCCUPATIONS, ids=lambda occupation: occupation.code)
def test_no_synonym_is_held_after_these_words(occupation, word):
    names = [f"{word} {name.replace(' * ', ' KEUANGAN ').replace('*', '')}" for name in occupation.names]
    found = read_all(*names)
    assert [name for name, code in zip(names, found, strict=True) if code is not None] == []


@pytest.mark.parametrize("letter", ["X", "U", "K", "S"])
@pytest.mark.parametrize("occupation", OCCUPATIONS, ids=lambda occupation: occupation.code)
def test_a_word_that_only_begins_or_ends_with_a_synonym_is_none(occupation, letter):
    names = [name for name in occupation.names if name.isalpha()]
    longer = [f"{letter}{name}" for name in names] + [f"{name}{letter}" for name in names]
    alone = {name for one in OCCUPATIONS for name in one.names}
    strangers = [name for name in longer if name not in alone]
    found = read_all(*strangers)
    assert [name for name, code in zip(strangers, found, strict=True) if code is not None] == []


def test_nothing_is_said_where_nothing_stands():
    assert read_all(None, "", " ", "-") == [None] * 4
    assert read_all() == []


def test_only_the_categories_of_the_rule_set_are_looked_for():
    assert read_all("TNI", "PNS", "LURAH", codes=["ASN"]) == [None, "ASN", None]
    assert read_all("TNI", codes=[]) == [None]


def test_the_rule_sets_name_these_categories():
    assert tuple(TITLES) == FORBIDDEN_OCCUPATIONS


def test_lazy_frames_and_rules_may_use_it():
    frame = pl.LazyFrame({"occupation": ["TNI", "NELAYAN"], "statement": [True, True]})
    flagged = frame.filter(forbidden_occupation(pl.col("occupation")).is_not_null() & pl.col("statement"))
    assert flagged.collect()["occupation"].to_list() == ["TNI"]


def test_what_was_read_before_is_read_the_same_again(monkeypatch):
    monkeypatch.setattr("supports.occupations.MOST_REMEMBERED", 3)
    rows = cases()
    for _ in range(2):
        for row in rows:
            assert read_all(row["occupation"], None) == [row["expected"] or None, None]
