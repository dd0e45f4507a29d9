"""The shipped rule sets say what the laws say, and survive the way into the database and back."""

import dataclasses
import json

import pytest

from candidates.rule_sets import (
    DEFAULT_EFFECTS,
    FORBIDDEN_OCCUPATIONS,
    LEVELS,
    SHIPPED,
    Round,
    RuleSet,
    Tier,
    with_younger_rules,
)

CODES = ("uu8-2015", "uu10-2016", "pkpu8-2024", "qanun12-2016")


def edited(code, **changes):
    return dataclasses.replace(SHIPPED[code], **changes)


def test_shipped_sets_are_the_four():
    assert tuple(SHIPPED) == CODES


@pytest.mark.parametrize("code", CODES)
def test_json_round_trip_loses_nothing(code):
    rules = SHIPPED[code]
    text = json.dumps(rules.to_json())
    again = RuleSet.from_json(json.loads(text))
    assert again == rules
    assert hash(again) == hash(rules)
    assert json.dumps(again.to_json()) == text


@pytest.mark.parametrize(
    ("code", "base_kind", "spread"),
    [
        ("uu8-2015", "penduduk", "more_than_half"),
        ("uu10-2016", "DPT", "more_than_half"),
        ("pkpu8-2024", "DPT", "more_than_half"),
        ("qanun12-2016", "penduduk", "at_least_half"),
    ],
)
def test_base_and_spread_follow_the_law(code, base_kind, spread):
    assert (SHIPPED[code].base_kind, SHIPPED[code].spread) == (base_kind, spread)


def test_aceh_asks_thirty_permille_at_every_size():
    assert SHIPPED["qanun12-2016"].tiers == {level: (Tier(0, None, 30),) for level in LEVELS}


@pytest.mark.parametrize("code", CODES[:3])
def test_national_tiers_are_those_of_article_41(code):
    tiers = SHIPPED[code].tiers
    assert [(t.above, t.upto, t.permille) for t in tiers["gubernur"]] == [
        (0, 2_000_000, 100),
        (2_000_000, 6_000_000, 85),
        (6_000_000, 12_000_000, 75),
        (12_000_000, None, 65),
    ]
    assert tiers["bupati"] == tiers["walikota"]
    assert [(t.above, t.upto, t.permille) for t in tiers["bupati"]] == [
        (0, 250_000, 100),
        (250_000, 500_000, 85),
        (500_000, 1_000_000, 75),
        (1_000_000, None, 65),
    ]


@pytest.mark.parametrize("code", CODES[:2])
def test_until_2020_one_repair_asks_twice_the_shortfall(code):
    awal, repair = SHIPPED[code].rounds
    assert (awal.key, awal.title, awal.when, awal.admits, awal.asks) == (
        "awal",
        "Awal",
        "start",
        {"new"},
        "minimum",
    )
    assert (repair.key, repair.title, repair.when) == ("perbaikan", "Perbaikan", "after_verfak")
    assert repair.admits == {"new", "repaired_bms", "repaired_other"}
    assert (repair.asks, repair.factor) == ("factor_shortfall", 2)


@pytest.mark.parametrize("code", CODES[2:])
def test_in_2024_two_repairs_and_the_second_asks_the_shortfall_once(code):
    awal, first, second = SHIPPED[code].rounds
    assert (awal.key, awal.when) == ("awal", "start")
    assert (first.key, first.title, first.when, first.admits, first.asks, first.factor) == (
        "perbaikan_1",
        "Perbaikan Kesatu",
        "after_vermin",
        {"new", "repaired_bms"},
        "minimum",
        1,
    )
    assert (second.key, second.title, second.when, second.admits, second.asks, second.factor) == (
        "perbaikan_2",
        "Perbaikan Kedua",
        "after_verfak",
        {"new"},
        "factor_shortfall",
        1,
    )
    assert second.new_only
    assert not first.new_only


# Part of the API: never renamed, never dropped.
RULE_CODES = [
    "NIK_MISSING",
    "NIK_LENGTH",
    "NIK_NOT_DIGITS",
    "NIK_FROM_NUMBER",
    "NIK_DATE",
    "NIK_REGION",
    "NIK_BIRTH_DATE",
    "NIK_SEX",
    "NIK_AREA",
    "NAME_MISSING",
    "NAME_SUSPECT",
    "BIRTH_DATE_MISSING",
    "BIRTH_DATE_INVALID",
    "UNDER_AGE",
    "MARRIED_MINOR",
    "SEX_UNREADABLE",
    "MARITAL_UNREADABLE",
    "DISTRICT_UNKNOWN",
    "VILLAGE_UNKNOWN",
    "OUTSIDE_AREA",
    "OCCUPATION",
    "PHONE_MALFORMED",
    "PHONE_SHARED",
    "DUPLICATE_IDENTICAL",
    "DUPLICATE_NIK",
    "DUPLICATE_ROUND",
    "SERIAL_RUN",
    "ROW_BROKEN",
    "TEXT_TOO_LONG",
    "NOT_IN_ROLL",
    "ROLL_MISMATCH",
    "NAME_MISMATCH",
    "PAIR_MATCH",
    "REGENCY_UNKNOWN",
    "PARENT_AREA",
    "NIK_SERIAL",
    "ROW_ID_UNKNOWN",
    "ROW_ID_REPEATED",
    "ROW_ID_CHANGED",
    "ROW_ID_GONE",
    "ROW_ID_DECIDED",
    "TMS_BEFORE",
    "SCAN_NIK_MISMATCH",
    "SCAN_UNREADABLE",
]


def test_every_rule_of_the_contract_has_an_effect():
    assert set(DEFAULT_EFFECTS) == set(RULE_CODES)
    for rules in SHIPPED.values():
        assert rules.effects == DEFAULT_EFFECTS


def test_a_rule_younger_than_a_stored_set_makes_no_other_set_of_it():
    now = SHIPPED["pkpu8-2024"].to_json()
    stored = {**now, "effects": {code: now["effects"][code] for code in RULE_CODES[:3]}}
    assert with_younger_rules(stored) == now
    assert with_younger_rules({**stored, "minimum_age": 18}) != now


def test_a_set_stored_before_short_rounds_were_asked_about_refuses_them():
    stored = SHIPPED["pkpu8-2024"].to_json()
    del stored["short_may_be_handed_in"], stored["second_reader"]
    assert RuleSet.from_json(stored) == SHIPPED["pkpu8-2024"]
    assert not RuleSet.from_json(stored).short_may_be_handed_in
    assert RuleSet.from_json(stored).second_reader == ()
    assert with_younger_rules(stored) == SHIPPED["pkpu8-2024"].to_json()


def test_only_what_is_certain_is_tms():
    tms = {code for code, effect in DEFAULT_EFFECTS.items() if effect == "TMS"}
    assert tms == {"UNDER_AGE", "OUTSIDE_AREA", "DUPLICATE_IDENTICAL", "DUPLICATE_ROUND", "TMS_BEFORE"}


@pytest.mark.parametrize(
    ("code", "key", "effect"),
    [
        ("uu10-2016", "awal", "TMS"),
        ("uu10-2016", "perbaikan", "BMS"),
        ("pkpu8-2024", "perbaikan_1", "BMS"),
        ("pkpu8-2024", "perbaikan_2", "TMS"),
        ("pkpu8-2024", "pool", "TMS"),
        ("pkpu8-2024", None, "TMS"),
    ],
)
def test_duplicate_round_is_tms_only_where_new_people_are_asked_for(code, key, effect):
    assert SHIPPED[code].effect("DUPLICATE_ROUND", key) == effect


def test_a_round_leaves_the_other_effects_alone():
    assert SHIPPED["pkpu8-2024"].effect("NIK_SEX", "perbaikan_1") == "WARN"


def test_an_unknown_rule_or_round_is_an_error():
    with pytest.raises(KeyError):
        SHIPPED["uu10-2016"].effect("NIK_LUCKY")
    with pytest.raises(KeyError):
        SHIPPED["uu10-2016"].effect("NIK_DATE", "perbaikan_2")


def test_ages_and_hours_of_the_shipped_sets():
    assert {rules.minimum_age for rules in SHIPPED.values()} == {17}
    assert [SHIPPED[code].completing_hours for code in CODES] == [0, 0, 72, 72]
    assert all(rules.forbidden_occupations == FORBIDDEN_OCCUPATIONS for rules in SHIPPED.values())


def test_a_set_cannot_be_changed_after_it_was_made():
    rules = SHIPPED["uu10-2016"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        rules.minimum_age = 18
    with pytest.raises(TypeError):
        rules.effects["UNDER_AGE"] = "WARN"
    with pytest.raises(TypeError):
        rules.rounds[1].effects["UNDER_AGE"] = "WARN"


def test_a_rule_younger_than_the_stored_text_takes_its_default():
    stored = SHIPPED["uu10-2016"].to_json()
    del stored["effects"]["NIK_SERIAL"]
    assert RuleSet.from_json(stored).effects["NIK_SERIAL"] == "WARN"


def test_an_officers_own_effect_survives():
    stored = SHIPPED["uu10-2016"].to_json()
    stored["effects"]["PHONE_SHARED"] = "BMS"
    assert RuleSet.from_json(stored).effect("PHONE_SHARED") == "BMS"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body.pop("format"),
        lambda body: body.update(format=2),
        lambda body: body.pop("tiers"),
        lambda body: body.pop("minimum_age"),
        lambda body: body.update(unheard_of=1),
        lambda body: body.update(rounds=None),
        lambda body: body.update(base_kind="pemilih"),
    ],
)
def test_a_spoiled_text_is_refused(spoil):
    body = SHIPPED["uu10-2016"].to_json()
    spoil(body)
    with pytest.raises(ValueError, match="Kumpulan aturan"):
        RuleSet.from_json(body)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tiers": {}}, "jenjang pemilihan tidak lengkap"),
        ({"tiers": {level: (Tier(0, 100, 50), Tier(101, None, 40)) for level in LEVELS}}, "bercelah"),
        ({"tiers": {level: (Tier(0, 100, 50),) for level in LEVELS}}, "bercelah"),
        ({"tiers": {level: (Tier(0, None, 0),) for level in LEVELS}}, "bercelah"),
        ({"spread": "half"}, "aturan sebaran"),
        ({"effects": {**DEFAULT_EFFECTS, "NIK_SEX": "MS"}}, "akibat 'MS' untuk NIK_SEX"),
        ({"effects": {"NIK_SEX": "WARN"}}, "belum ditetapkan"),
        ({"rounds": ()}, "putaran kosong"),
        ({"rounds": (Round("awal", "Awal", "sometime", frozenset({"new"}), "minimum"),)}, "putaran awal"),
        ({"rounds": (Round("awal", "Awal", "start", frozenset({"anyone"}), "minimum"),)}, "putaran awal"),
        ({"rounds": (Round("awal", "Awal", "start", frozenset({"new"}), "minimum", 0),)}, "putaran awal"),
    ],
)
def test_an_impossible_set_is_refused_in_words(changes, words):
    with pytest.raises(ValueError, match=words):
        edited("uu10-2016", **changes)
