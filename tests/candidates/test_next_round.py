"""Which round comes next: after what, for whom, and for whom none."""

import dataclasses

import pytest

from candidates.next_round import (
    AFTER_FACTUAL,
    FAILED,
    MET,
    NO_MORE,
    PAIR_ENDED,
    UNDER_WAY,
    Next,
    Past,
    next_round,
)
from candidates.rule_sets import SHIPPED

OF_2024, UNTIL_2020 = SHIPPED["pkpu8-2024"], SHIPPED["uu10-2016"]
AWAL_SHORT = Past("awal", closed=True, result="BMS")


def comes(rules, *past, stands=True):
    """The key of the round that comes, or why none does."""
    found = next_round(rules, past, stands=stands)
    return found.round.key if found.round else found.why


def test_the_first_round_comes_to_whoever_has_begun_nothing():
    assert comes(OF_2024) == "awal"


def test_perbaikan_kesatu_comes_after_an_administrative_verification_that_leaves_a_pair_short():
    assert next_round(OF_2024, [AWAL_SHORT], stands=True) == Next(OF_2024.round("perbaikan_1"))


@pytest.mark.parametrize(
    ("past", "why"),
    [
        (Past("awal", closed=False), UNDER_WAY),
        (Past("awal", closed=True, result="MS"), MET),
        (Past("awal", closed=True, result="TMS"), FAILED),
        (Past("awal", closed=True), FAILED),
        (Past("perbaikan_1", closed=True, result="TMS"), FAILED),
        (Past("perbaikan_1", closed=True, result="MS"), MET),
    ],
)
def test_no_round_comes_while_one_is_open_or_when_it_is_decided(past, why):
    assert comes(OF_2024, past) == why


@pytest.mark.parametrize("past", [[], [AWAL_SHORT]])
def test_whoever_no_longer_stands_gets_no_round(past):
    assert comes(OF_2024, *past, stands=False) == PAIR_ENDED


def test_a_round_after_the_factual_verification_does_not_come_before_it():
    assert comes(UNTIL_2020, AWAL_SHORT) == AFTER_FACTUAL
    assert comes(OF_2024, Past("perbaikan_1", closed=True, result="BMS")) == AFTER_FACTUAL


def test_a_round_after_the_factual_verification_comes_when_that_leaves_a_pair_short():
    visited = Past("awal", closed=True, result="MS", factual="BMS")
    assert comes(UNTIL_2020, visited) == "perbaikan"
    assert comes(OF_2024, visited) == "perbaikan_2"
    assert comes(OF_2024, dataclasses.replace(visited, factual="MS")) == MET


def test_nothing_comes_after_the_last_round_of_a_set():
    assert comes(UNTIL_2020, Past("perbaikan", closed=True, result="BMS")) == NO_MORE
    assert comes(OF_2024, Past("perbaikan_2", closed=True, result="MS", factual="BMS")) == NO_MORE


def test_a_round_that_the_set_does_not_know_has_nothing_behind_it():
    assert comes(OF_2024, Past("lain", closed=True, result="BMS")) == NO_MORE
