"""The rules of one generation of elections, as data: percentages, spread, effects, rounds, forms.

Pure. The database stores ``to_json()`` of a set and a round points to the version in force, so that a rule
which changes in the middle of an election (2024 saw three letters and a regulation) leaves what was decided.
``SHIPPED`` holds the four sets known today; the law of each figure stands beside it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

FORMAT = 1  # of the JSON below; raised when old texts could be misread

LEVELS = ("gubernur", "bupati", "walikota")
BASE_KINDS = ("penduduk", "DPT")
MORE_THAN_HALF = "more_than_half"
AT_LEAST_HALF = "at_least_half"
EFFECTS = ("TMS", "BMS", "WARN")
WHEN = ("start", "after_vermin", "after_verfak")
ADMISSIBLE = frozenset({"new", "repaired_bms", "repaired_other"})
ASKS = ("minimum", "factor_shortfall")
POOL = "pool"

# TMS only where it is certain; what a person can mend or a document can explain is BMS; what the office never
# corrects (a NIK keeps a wrong date, sex or old region for life: PP 40/2019 pasal 30 ayat (2)) is WARN.
DEFAULT_EFFECTS: Mapping[str, str] = MappingProxyType(
    {
        "UNDER_AGE": "TMS",
        "OUTSIDE_AREA": "TMS",
        "DUPLICATE_IDENTICAL": "TMS",
        "TMS_BEFORE": "TMS",  # said only in rounds that let BMS rows be mended, and no others
        "DUPLICATE_ROUND": "TMS",  # rounds that admit repaired rows lower it, see REPAIRED below
        "ROW_BROKEN": "BMS",
        "NIK_MISSING": "BMS",
        "NIK_LENGTH": "BMS",
        "NIK_NOT_DIGITS": "BMS",
        "NIK_FROM_NUMBER": "BMS",
        "NIK_DATE": "BMS",
        "NAME_MISSING": "BMS",
        "BIRTH_DATE_MISSING": "BMS",
        "BIRTH_DATE_INVALID": "BMS",
        "SEX_UNREADABLE": "BMS",
        "MARITAL_UNREADABLE": "BMS",
        "REGENCY_UNKNOWN": "BMS",
        "DISTRICT_UNKNOWN": "BMS",
        "VILLAGE_UNKNOWN": "BMS",
        "MARRIED_MINOR": "BMS",  # until the identity statement is there
        "OCCUPATION": "BMS",  # the same
        "DUPLICATE_NIK": "BMS",  # all but one: the person stays counted once
        "ROW_ID_UNKNOWN": "BMS",  # whom the row mends is not known: counted too, a person could count twice
        "ROW_ID_REPEATED": "BMS",  # the same
        "ROW_ID_CHANGED": "BMS",  # the same
        "ROW_ID_DECIDED": "BMS",  # the same
        "ROW_ID_GONE": "WARN",  # nothing is left that could count beside it
        "PARENT_AREA": "WARN",  # KTP-el of the region it was split from: PKPU 1/2020 pasal 32B ayat (6)
        "NIK_REGION": "WARN",
        "NIK_SERIAL": "WARN",
        "NIK_BIRTH_DATE": "WARN",
        "NIK_SEX": "WARN",
        "NIK_AREA": "WARN",
        "NAME_SUSPECT": "WARN",
        "PHONE_MALFORMED": "WARN",
        "PHONE_SHARED": "WARN",
        "SERIAL_RUN": "WARN",
        "TEXT_TOO_LONG": "WARN",
        # A supporter outside the DPT may support (MK, 14 June 2017, on UU 10/2016 pasal 41): a flag, no more.
        "NOT_IN_ROLL": "WARN",
        "ROLL_MISMATCH": "WARN",
        "NAME_MISMATCH": "WARN",
        # A machine reads the card and may be wrong: a hint where to look.
        "SCAN_NIK_MISMATCH": "WARN",
        "SCAN_UNREADABLE": "WARN",
        # Given by several pairs: counted for each until the supporter chooses at the factual verification.
        "PAIR_MATCH": "WARN",
    }
)

# PKPU 3/2017 as changed by PKPU 1/2020, pasal 18; PKPU 10/2022 names the same circle for DPD. The words that
# belong to each category are the business of the supporter records.
FORBIDDEN_OCCUPATIONS = ("TNI", "POLRI", "ASN", "PENYELENGGARA", "KEPALA_DESA", "PERANGKAT_DESA")


# What sets stored before it was asked say of it.
YOUNGER: Mapping[str, Any] = MappingProxyType(
    {"short_may_be_handed_in": False, "recommendation_days": 7, "second_reader": []}
)


@dataclass(frozen=True)
class Tier:
    """``permille`` of a base above ``above`` (exclusive) and up to ``upto`` (inclusive; None = no end)."""

    above: int
    upto: int | None
    permille: int

    def holds(self, base: int) -> bool:
        """Whether a base of this size belongs here."""
        return self.above < base and (self.upto is None or base <= self.upto)


@dataclass(frozen=True)
class Round:
    """One handing-in of support: when it comes, whose rows it admits, and what number it asks for.

    ``asks`` "minimum": together with what is already counted the minimum must be reached; "factor_shortfall":
    at least ``factor`` × what is missing. ``effects`` overrides single effects of the set in this round.
    """

    key: str
    title: str
    when: str
    admits: frozenset[str]
    asks: str
    factor: int = 1
    effects: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "admits", frozenset(self.admits))
        object.__setattr__(self, "effects", MappingProxyType(dict(self.effects)))

    @property
    def new_only(self) -> bool:
        """Whether only people never given before by this pair are admitted."""
        return self.admits == {"new"}


@dataclass(frozen=True)
class RuleSet:
    """Everything that depends on which law an election follows. Hours of the clock, ages in full years."""

    code: str
    version: int
    title: str
    law: str
    base_kind: str
    tiers: Mapping[str, tuple[Tier, ...]] = field(hash=False)
    spread: str
    minimum_age: int
    effects: Mapping[str, str] = field(hash=False)
    forbidden_occupations: tuple[str, ...]
    phone_shared_from: int  # rows with one phone number from which PHONE_SHARED is said
    operators_allowed: int
    typists_allowed: int
    form_set: Mapping[str, str] = field(hash=False)  # purpose -> the form's own code
    denial_without_signature_counts: bool  # a supporter who denies but does not sign stays valid
    completing_hours: int  # after the receipt, for bringing the digital data up to the paper
    receipt_grace_hours: int  # for the bytes of an upload that was declared before the end
    short_may_be_handed_in: bool  # below the minimum or the spread: handed in all the same, or refused
    rounds: tuple[Round, ...]
    recommendation_days: int = 7  # in which KPU answers what Bawaslu recommends
    second_reader: tuple[str, ...] = ()  # of a row: what takes effect only when two people read the same

    def __post_init__(self) -> None:
        for name in ("tiers", "effects", "form_set"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        problem = next(_problems(self), None)
        if problem:
            raise ValueError(f"Kumpulan aturan {self.code} tidak dapat dipakai: {problem}.")

    def round(self, key: str) -> Round:
        """The round of that key; KeyError when the set has none."""
        for candidate in self.rounds:
            if candidate.key == key:
                return candidate
        raise KeyError(key)

    def effect(self, code: str, round_key: str | None = None) -> str:
        """TMS, BMS or WARN of a rule, as overridden in the named round.

        The pool (cadangan) belongs to no round and overrides nothing. KeyError for an unknown rule or round.
        """
        overrides = self.round(round_key).effects if round_key not in (None, POOL) else {}
        return overrides.get(code) or self.effects[code]

    def to_json(self) -> dict[str, Any]:
        """The set as plain JSON values, as the database stores it."""
        body = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        body["tiers"] = {level: [dataclasses.asdict(t) for t in tiers] for level, tiers in self.tiers.items()}
        body["rounds"] = [_round_to_json(one) for one in self.rounds]
        for name in ("effects", "form_set"):
            body[name] = dict(body[name])
        for name in ("forbidden_occupations", "second_reader"):
            body[name] = list(body[name])
        return {"format": FORMAT, **body}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> RuleSet:
        """The set that ``to_json`` wrote. A rule younger than the stored text takes its default effect.

        Raises ValueError when the text is of another format, incomplete, or says something impossible.
        """
        body = with_younger_rules(stored)
        if body.pop("format", None) != FORMAT:
            raise ValueError("Kumpulan aturan tersimpan dalam format yang tidak dikenal.")
        try:
            body["tiers"] = {level: tuple(Tier(**t) for t in tiers) for level, tiers in body["tiers"].items()}
            body["rounds"] = tuple(Round(**one) for one in body["rounds"])
            for name in ("forbidden_occupations", "second_reader"):
                body[name] = tuple(body[name])
            return cls(**body)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"Kumpulan aturan tersimpan tidak lengkap: {error}.") from error


def with_younger_rules(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A stored set that says everything: what was added since takes its default, which makes no other set."""
    return {**YOUNGER, **stored, "effects": {**DEFAULT_EFFECTS, **stored.get("effects", {})}}


def _round_to_json(one: Round) -> dict[str, Any]:
    body = {f.name: getattr(one, f.name) for f in dataclasses.fields(one)}
    return {**body, "admits": sorted(one.admits), "effects": dict(one.effects)}


def _problems(rules: RuleSet) -> Iterator[str]:
    """What cannot be: said in words, so that a set written by an officer is refused with a reason."""
    if rules.base_kind not in BASE_KINDS:
        yield f"dasar {rules.base_kind!r} tidak dikenal"
    if rules.spread not in (MORE_THAN_HALF, AT_LEAST_HALF):
        yield f"aturan sebaran {rules.spread!r} tidak dikenal"
    if set(rules.tiers) != set(LEVELS):
        yield "jenjang pemilihan tidak lengkap"
    for level, tiers in rules.tiers.items():
        if not _tiers_are_whole(tiers):
            yield f"jenjang persentase {level} bercelah atau bertumpuk"
    if strange := set(rules.second_reader) - {"MS", "BMS", "TMS"}:
        yield f"status {', '.join(sorted(strange))} tidak dikenal"
    yield from _problems_of_rounds(rules.rounds)
    yield from _problems_of_effects(rules)


def _problems_of_rounds(rounds: tuple[Round, ...]) -> Iterator[str]:
    if not rounds or len({one.key for one in rounds}) != len(rounds):
        yield "putaran kosong atau bernama sama"
    for one in rounds:
        if one.when not in WHEN or one.asks not in ASKS or one.factor < 1 or not one.admits <= ADMISSIBLE:
            yield f"putaran {one.key} tidak dapat dibaca"


def _problems_of_effects(rules: RuleSet) -> Iterator[str]:
    if missing := set(DEFAULT_EFFECTS) - set(rules.effects):
        yield f"akibat untuk {', '.join(sorted(missing))} belum ditetapkan"
    for effects in (rules.effects, *(one.effects for one in rules.rounds)):
        for code, effect in effects.items():
            if effect not in EFFECTS:
                yield f"akibat {effect!r} untuk {code} tidak dikenal"


def _tiers_are_whole(tiers: tuple[Tier, ...]) -> bool:
    """Every base from 1 upwards falls into exactly one tier, and each asks for something."""
    ends = [tier.upto for tier in tiers]
    starts = [tier.above for tier in tiers]
    gapless = bool(tiers) and starts == [0, *ends[:-1]] and ends[-1] is None
    return gapless and all(0 < tier.permille <= 1000 for tier in tiers)


# UU 8/2015 pasal 41 ayat (1) and (2), kept by UU 10/2016 pasal 41 (which changed the base to the DPT):
# "sampai dengan" is an inclusive upper bound, "lebih dari" an exclusive lower one.
_GUBERNUR = (
    Tier(0, 2_000_000, 100),
    Tier(2_000_000, 6_000_000, 85),
    Tier(6_000_000, 12_000_000, 75),
    Tier(12_000_000, None, 65),
)
_KABUPATEN_KOTA = (
    Tier(0, 250_000, 100),
    Tier(250_000, 500_000, 85),
    Tier(500_000, 1_000_000, 75),
    Tier(1_000_000, None, 65),
)
NATIONAL_TIERS = {"gubernur": _GUBERNUR, "bupati": _KABUPATEN_KOTA, "walikota": _KABUPATEN_KOTA}

# UU 11/2006 pasal 68 ayat (1), Qanun Aceh 12/2016 pasal 28 huruf a: 3 % of the residents at every size.
ACEH_TIERS = {level: (Tier(0, None, 30),) for level in LEVELS}

_AWAL = Round("awal", "Awal", "start", frozenset({"new"}), "minimum")

# A person given in an earlier round may come again where repaired rows are admitted: the row then has to say
# which one it replaces, so it is BMS and not lost. "New only" rounds refuse it: TMS (Bangka Selatan 2020).
REPAIRED = {"DUPLICATE_ROUND": "BMS"}

# One repair after the factual verification, at least twice what is missing: PKPU 9/2015; PKPU 9/2016;
# PKPU 3/2017 as changed by PKPU 1/2020, pasal 32B.
ROUNDS_UNTIL_2020 = (
    _AWAL,
    Round("perbaikan", "Perbaikan", "after_verfak", ADMISSIBLE, "factor_shortfall", 2, REPAIRED),
)

# 2024. Perbaikan Kesatu after the administrative verification: new and mended BMS rows up to the minimum
# (letter of KPU 815 of May 2024). Perbaikan Kedua after the factual verification: people never given to this
# pair, at least what is missing, once and not twice (PKPU 8/2024 pasal 77 ayat (2)).
ROUNDS_2024 = (
    _AWAL,
    Round(
        "perbaikan_1",
        "Perbaikan Kesatu",
        "after_vermin",
        frozenset({"new", "repaired_bms"}),
        "minimum",
        1,
        REPAIRED,
    ),
    Round("perbaikan_2", "Perbaikan Kedua", "after_verfak", frozenset({"new"}), "factor_shortfall"),
)

# 2015: a collective or single form per kelurahan. 2020: one form per supporter and a list printed from Silon.
FORMS_2015 = {
    "statement": "MODEL B.1-KWK PERSEORANGAN",
    "recap": "MODEL B.2-KWK PERSEORANGAN",
    "visit": "MODEL BA.5-KWK PERSEORANGAN",
    "denial": "LAMPIRAN MODEL BA.5-KWK PERSEORANGAN",
}
FORMS_2020 = {**FORMS_2015, "list": "MODEL B.1.1-KWK PERSEORANGAN"}
# Announcement of KPU DKI Jakarta 39/PL.06.2-Pu/31/2024 of 5 May 2024 (names of the pair's documents).
FORMS_2024 = {
    "statement": "MODEL B.1-KWK-PERSEORANGAN",
    "identity": "MODEL PERNYATAAN.IDENTITAS.PENDUKUNG.KWK",
    "number": "MODEL B.JUMLAH.DUKUNGAN.KWK",
    "submission": "MODEL B.PENYERAHAN.DUKUNGAN.KWK-PERSEORANGAN",
    "returned": "MODEL PENGEMBALIAN.DUKUNGAN.KWK-KPU",
    "vermin": "MODEL BA.VERMIN.DUKUNGAN.KWK-KPU",
}

_COMMON: dict[str, Any] = {
    "version": 1,
    # UU 10/2016 pasal 41 ("lebih dari 50 %"); letter of KPU 258/KPU/V/2015: of 20 areas 11, of 21 also 11.
    "spread": MORE_THAN_HALF,
    "tiers": NATIONAL_TIERS,
    "minimum_age": 17,  # on voting day, or married: UU 10/2016 pasal 1 angka 6
    "effects": DEFAULT_EFFECTS,
    "forbidden_occupations": FORBIDDEN_OCCUPATIONS,
    # No law speaks of phones. A couple shares one; from three rows on somebody should look.
    "phone_shared_from": 3,
    "operators_allowed": 1,  # 2020: one registered operator a pair
    "typists_allowed": 50,  # KPU Balikpapan 2020 reckoned with 50 people typing; no law sets a number
    # KPU DKI Jakarta 2016: who denies and does not sign BA.5 stays valid. The text for 2024 was not found;
    # until it is read, nobody loses a supporter by a rule that is not certain.
    "denial_without_signature_counts": True,
    "completing_hours": 0,
    # Who is in the office before the end is still counted; in Bontang 2024 until 02.30, within three hours.
    "receipt_grace_hours": 3,
    # At the counter KPU returns what does not reach the minimum and the spread; said here, the way is saved.
    "short_may_be_handed_in": False,
}
_2024: dict[str, Any] = {
    "operators_allowed": 2,
    "completing_hours": 72,  # letter SD 707/PL.02.2-SD/05/2024 of 12 May 2024, clause 6: 3 × 24 hours
    "form_set": FORMS_2024,
    "rounds": ROUNDS_2024,
}

SHIPPED: Mapping[str, RuleSet] = MappingProxyType(
    {
        rules.code: rules
        for rules in (
            RuleSet(
                code="uu8-2015",
                title="UU Nomor 8 Tahun 2015 (dasar jumlah penduduk), Pemilihan 2015",
                law="UU 8/2015 pasal 41 ayat (1) dan ayat (2); PKPU 9/2015",
                base_kind="penduduk",
                **_COMMON | {"form_set": FORMS_2015, "rounds": ROUNDS_UNTIL_2020},
            ),
            RuleSet(
                code="uu10-2016",
                title="UU Nomor 10 Tahun 2016 (dasar DPT), Pemilihan 2017 sampai dengan 2020",
                law="UU 10/2016 pasal 41; PKPU 3/2017 sebagaimana diubah terakhir dengan PKPU 9/2020",
                base_kind="DPT",
                **_COMMON | {"form_set": FORMS_2020, "rounds": ROUNDS_UNTIL_2020},
            ),
            RuleSet(
                code="pkpu8-2024",
                title="PKPU Nomor 8 Tahun 2024 (dasar DPT), Pemilihan 2024",
                law="UU 10/2016 pasal 41; PKPU 8/2024; Keputusan KPU 532/2024",
                base_kind="DPT",
                **_COMMON | _2024,
            ),
            RuleSet(
                code="qanun12-2016",
                title="Qanun Aceh Nomor 12 Tahun 2016 (dasar jumlah penduduk), Pemilihan di Aceh",
                law="UU 11/2006 pasal 68 ayat (1); Qanun Aceh 12/2016 pasal 28 huruf a",
                base_kind="penduduk",
                # "paling sedikit 50 %": of 23 areas 12, of an even number exactly half. Its own words on
                # rounds and forms were not found: those of the latest national election (2024) are taken.
                **_COMMON | _2024 | {"tiers": ACEH_TIERS, "spread": AT_LEAST_HALF},
            ),
        )
    }
)
