"""How many supporters a pair needs, in how many areas, and how far it is from there.

Pure and exact: integers only. ``ceil(base * 0.085)`` in floating point is one too high for 438 bases between
250,001 and 500,000, the first of them 298,000.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from candidates.rule_sets import LEVELS, MORE_THAN_HALF, SHIPPED, Round, RuleSet, Tier

# Beyond these a typing slip is certain: Indonesia has fewer than 300 million residents; the province with the
# most kab/kota has 38 and the kabupaten with the most kecamatan (Yahukimo) 51.
LARGEST_BASE = 300_000_000
MOST_AREAS = 1_000

AREA_NAMES = {"gubernur": "kabupaten/kota", "bupati": "kecamatan", "walikota": "kecamatan"}
BASE_NAMES = {"DPT": "pemilih dalam DPT", "penduduk": "penduduk"}


class Impossible(ValueError):
    """Numbers no election can have; the message is for the person who typed them, ``field`` what to mend."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Requirement:
    """``permille`` of the base, rounded up: ``minimum`` supporters in at least ``min_spread`` areas."""

    permille: int
    minimum: int
    min_spread: int


@dataclass(frozen=True)
class Explanation:
    """The sum in words and digits, one sentence a line."""

    base: str
    tier: str
    minimum: str
    spread: str

    def lines(self) -> list[str]:
        """The four sentences in reading order."""
        return [self.base, self.tier, self.minimum, self.spread]


@dataclass(frozen=True)
class Shortfall:
    """What is counted and what is still missing: people, and areas without a single counted supporter."""

    counted: int
    areas_covered: int
    missing: int
    missing_areas: int

    @property
    def reached(self) -> bool:
        """Both conditions hold: the number and the spread."""
        return not self.missing and not self.missing_areas


def requirement(rule_set: str | RuleSet, level: str, base: int, areas: int) -> Requirement:
    """The minimum number of supporters and of areas, for a base of residents or voters.

    ``rule_set`` is a set or the code of a shipped one, ``level`` gubernur, bupati or walikota, ``areas`` the
    kecamatan (for a governor the kab/kota) as of the day of the decree. Raises Impossible.
    """
    rules = _rules(rule_set)
    tier = _tier(rules, level, base)
    return Requirement(tier.permille, _rounded_up(base, tier.permille), spread(rules, areas))


def spread(rule_set: str | RuleSet, areas: int) -> int:
    """In how many of the areas at least one supporter must be counted. Raises Impossible.

    "Lebih dari 50 %" of 20 is 11 and of 21 also 11 (letter of KPU 258/KPU/V/2015); Aceh's "paling sedikit
    50 %" of 20 is 10.
    """
    _check_size(areas, "areas", "Jumlah wilayah", MOST_AREAS)
    if _rules(rule_set).spread == MORE_THAN_HALF:
        return areas // 2 + 1
    return (areas + 1) // 2


def explain(rule_set: str | RuleSet, level: str, base: int, areas: int) -> Explanation:
    """The same sum as ``requirement``, spelled out for a person. Raises Impossible."""
    rules = _rules(rule_set)
    asked = requirement(rules, level, base, areas)
    tier = _tier(rules, level, base)
    return Explanation(
        base=f"Dasar: {digits(base)} {BASE_NAMES[rules.base_kind]}",
        tier=f"{_bounds(tier)} → {percent(tier.permille)}",
        minimum=_product(base, asked),
        spread=f"{digits(areas)} {AREA_NAMES[level]}: {_half(rules)} → {digits(asked.min_spread)}",
    )


def shortfall(asked: Requirement, counted_by_area: Mapping[int, int]) -> Shortfall:
    """What is missing, from the counted supporters per area of the election.

    Support whose area is not known stands under the key 0: it counts as people and covers no area.
    """
    counted = sum(counted_by_area.values())
    covered = sum(1 for area, number in counted_by_area.items() if area and number > 0)
    return Shortfall(
        counted=counted,
        areas_covered=covered,
        missing=max(0, asked.minimum - counted),
        missing_areas=max(0, asked.min_spread - covered),
    )


def asked_in(one: Round, missing: int) -> int:
    """How many rows a round asks for when ``missing`` people are short of the minimum.

    With "minimum" what is handed in must fill the gap; with "factor_shortfall" it must be ``factor`` times
    the gap (2 until 2020, 1 in 2024).
    """
    return missing * one.factor if one.asks == "factor_shortfall" else missing


def digits(number: int) -> str:
    """464114 as "464.114"."""
    return f"{number:,}".replace(",", ".")


def percent(permille: int) -> str:
    """85 as "8,5 %"."""
    return f"{_thousandths(permille * 100)} %"


def _rules(rule_set: str | RuleSet) -> RuleSet:
    if isinstance(rule_set, RuleSet):
        return rule_set
    if rule_set not in SHIPPED:
        raise Impossible(
            f"Kumpulan aturan “{rule_set}” tidak dikenal. Pilih salah satu: {', '.join(SHIPPED)}.", "rule_set"
        )
    return SHIPPED[rule_set]


def _tier(rules: RuleSet, level: str, base: int) -> Tier:
    if level not in LEVELS:
        raise Impossible(
            f"Jenis pemilihan “{level}” tidak dikenal. Pilih salah satu: {', '.join(LEVELS)}.", "level"
        )
    _check_size(base, "base", "Angka dasar", LARGEST_BASE)
    return next(tier for tier in rules.tiers[level] if tier.holds(base))


def _check_size(number: int, field: str, name: str, largest: int) -> None:
    if not isinstance(number, int) or isinstance(number, bool):
        raise Impossible(f"{name} “{number}” bukan bilangan bulat. Isi dengan angka tanpa pecahan.", field)
    if not 0 < number <= largest:
        raise Impossible(
            f"{name} {digits(number)} tidak mungkin. Isi dengan angka 1 sampai dengan {digits(largest)}.",
            field,
        )


def _rounded_up(base: int, permille: int) -> int:
    return (base * permille + 999) // 1000


def _bounds(tier: Tier) -> str:
    if tier.upto is None:
        return f"lebih dari {digits(tier.above)}" if tier.above else "berapa pun jumlahnya"
    if not tier.above:
        return f"sampai dengan {digits(tier.upto)}"
    return f"lebih dari {digits(tier.above)} sampai dengan {digits(tier.upto)}"


def _product(base: int, asked: Requirement) -> str:
    thousandths = base * asked.permille
    product = f"{digits(base)} × {percent(asked.permille)} = {_thousandths(thousandths)}"
    if thousandths % 1000:
        return f"{product} → dibulatkan ke atas {digits(asked.minimum)}"
    return product


def _thousandths(number: int) -> str:
    """39449690 thousandths as "39.449,69"."""
    whole, part = divmod(number, 1000)
    fraction = f"{part:03d}".rstrip("0")
    return f"{digits(whole)},{fraction}" if fraction else digits(whole)


def _half(rules: RuleSet) -> str:
    return "lebih dari setengah" if rules.spread == MORE_THAN_HALF else "paling sedikit setengah"
