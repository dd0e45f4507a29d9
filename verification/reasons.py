"""Why a row is BMS or TMS: one row per reason. Codes and numbers are stored and part of the API: never reused.

Pure. ``findings`` are the rules of ``supports.rules`` that suggest the reason; a finding suggests, a person decides.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

# What is asked of the administrative verification: a to h of ayat (2); what is struck at once: ayat (3) and (4).
VERMIN = "PKPU 3/2017 sebagaimana diubah dengan PKPU 1/2020, pasal 18"
VOTER = "UU 10/2016 pasal 1 angka 6 dan pasal 41"


@dataclass(frozen=True)
class Reason:
    """One reason: ``statuses`` are those it can be given for, the usual one first."""

    number: int
    code: str
    title: str
    basis: str
    statuses: tuple[str, ...]
    findings: tuple[str, ...] = ()


REASONS: tuple[Reason, ...] = (
    Reason(
        1,
        "STATEMENT_MISSING",
        "Surat pernyataan dukungan tidak ada",
        f"{VERMIN} ayat (2) huruf d",
        ("BMS", "TMS"),
    ),
    Reason(
        2,
        "SIGNATURE_MISSING",
        "Surat pernyataan tidak ditandatangani atau tidak dibubuhi cap jempol",
        f"{VERMIN} ayat (2) huruf d",
        ("BMS", "TMS"),
    ),
    Reason(
        3,
        "KTP_MISSING",
        "Salinan KTP-el atau surat keterangan tidak ada",
        f"{VERMIN} ayat (2) huruf d",
        ("BMS", "TMS"),
    ),
    Reason(
        4,
        "SCAN_UNREADABLE",
        "Pindaian tidak dapat dibaca",
        f"{VERMIN} ayat (2) huruf d",
        ("BMS", "TMS"),
    ),
    Reason(
        5,
        "IDENTITY_STATEMENT_MISSING",
        "Surat pernyataan identitas pendukung tidak ada",
        f"{VERMIN} ayat (2) huruf f dan huruf g",
        ("BMS", "TMS"),
        ("OCCUPATION", "MARRIED_MINOR"),
    ),
    Reason(
        6,
        "DATA_INCOMPLETE",
        "Isian tidak lengkap atau tidak terbaca",
        f"{VERMIN} ayat (2) huruf a",
        ("BMS", "TMS"),
        (
            "ROW_BROKEN",
            "NIK_MISSING",
            "NIK_LENGTH",
            "NIK_NOT_DIGITS",
            "NIK_FROM_NUMBER",
            "NIK_DATE",
            "NAME_MISSING",
            "BIRTH_DATE_MISSING",
            "BIRTH_DATE_INVALID",
            "SEX_UNREADABLE",
            "MARITAL_UNREADABLE",
            "REGENCY_UNKNOWN",
            "DISTRICT_UNKNOWN",
            "VILLAGE_UNKNOWN",
            "ROW_ID_UNKNOWN",
            "ROW_ID_REPEATED",
            "ROW_ID_CHANGED",
            "ROW_ID_DECIDED",
        ),
    ),
    Reason(
        7,
        "TYPED_DIFFERS",
        "Isian berbeda dari surat pernyataan atau KTP-el dan dapat diperbaiki",
        f"{VERMIN} ayat (2) huruf a",
        ("BMS", "TMS"),
    ),
    Reason(
        8,
        "IDENTITY_DIFFERS",
        "NIK, nama, jenis kelamin, tempat atau tanggal lahir nyata berbeda dari KTP-el",
        f"{VERMIN} ayat (3)",
        ("TMS",),
    ),
    Reason(
        9,
        "OUTSIDE_AREA",
        "Alamat di luar wilayah pemilihan",
        f"{VERMIN} ayat (2) huruf c dan ayat (4)",
        ("TMS",),
        ("OUTSIDE_AREA",),
    ),
    Reason(10, "UNDER_AGE", "Belum 17 tahun dan belum pernah kawin", VOTER, ("TMS",), ("UNDER_AGE",)),
    Reason(
        11,
        "OCCUPATION",
        "Pekerjaan yang dilarang memberi dukungan",
        f"{VERMIN} ayat (2) huruf g",
        ("TMS",),
    ),
    Reason(
        12,
        "DUPLICATE_IDENTICAL",
        "Salinan baris yang sama persis",
        f"{VERMIN} ayat (2) huruf h",
        ("TMS",),
        ("DUPLICATE_IDENTICAL",),
    ),
    Reason(
        13,
        "DUPLICATE_NIK",
        "NIK yang sama dengan data yang berbeda",
        f"{VERMIN} ayat (2) huruf h",
        ("BMS", "TMS"),
        ("DUPLICATE_NIK",),
    ),
    Reason(
        14,
        "DUPLICATE_ROUND",
        "Sudah diserahkan pada putaran sebelumnya",
        f"{VERMIN} ayat (2) huruf h",
        ("TMS", "BMS"),
        ("DUPLICATE_ROUND", "TMS_BEFORE"),
    ),
    Reason(
        15,
        "CONSENT_DENIED",
        "Pemilik identitas menyatakan tidak pernah mendukung",
        "UU 10/2016 pasal 185A",
        ("TMS",),
    ),
    Reason(16, "OTHER", "Alasan lain, ditulis pada catatan", VERMIN, ("BMS", "TMS")),
)

BY_CODE: dict[str, Reason] = {reason.code: reason for reason in REASONS}
BY_NUMBER: dict[int, Reason] = {reason.number: reason for reason in REASONS}
BY_FINDING: dict[str, Reason] = {code: reason for reason in REASONS for code in reason.findings}
OTHER = BY_CODE["OTHER"]
# The gravest a finding suggests wins; a warning suggests nothing.
ORDER = ("TMS", "BMS")


@dataclass(frozen=True)
class Suggestion:
    """What the findings of a row suggest: a status, and the reasons that go with it."""

    status: str
    reasons: tuple[Reason, ...]


def reasons_for(status: str) -> list[Reason]:
    """The reasons that can be given for a status, in the order of their numbers."""
    return [reason for reason in REASONS if status in reason.statuses]


def suggestion(findings: Iterable[str], effects: Mapping[str, str], offered: Collection[str]) -> Suggestion:
    """What findings (rule codes) with these ``effects`` suggest, of the statuses ``offered`` in this round.

    Where BMS is not offered, what would be BMS suggests TMS.
    """
    led: dict[str, list[Reason]] = {status: [] for status in ORDER}
    for code in findings:
        reason, effect = BY_FINDING.get(code), effects.get(code)
        if reason is None or effect not in led:
            continue
        status = effect if effect in offered else "TMS"
        if status in reason.statuses and reason not in led[status]:
            led[status].append(reason)
    for status in ORDER:
        if led[status]:
            return Suggestion(status, tuple(led[status]))
    return Suggestion("MS", ())
