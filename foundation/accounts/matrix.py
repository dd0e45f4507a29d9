"""The permission matrix: who may do what, as data. ``docs/permissions.md`` is generated from it.

Pure: no Django. A role is held inside a scope (the nation, a region with all it contains, or one pair); the matrix
says which permissions the role gives there.
"""

from enum import StrEnum


class ScopeKind(StrEnum):
    """Where a role holds."""

    NATION = "nation"
    REGION = "region"
    PAIR = "pair"


class Role(StrEnum):
    """The roles of the process (value = stable name, title = Indonesian)."""

    title: str

    def __new__(cls, value: str, title: str) -> "Role":
        member = str.__new__(cls, value)
        member._value_ = value
        member.title = title
        return member

    KPU_RI = "kpu_ri", "KPU RI"
    KPU_PROVINCE = "kpu_province", "KPU provinsi"
    KPU_REGENCY = "kpu_regency", "KPU kabupaten/kota"
    VERIFIER = "verifier", "Verifikator"
    PPK = "ppk", "PPK"
    PPS = "pps", "PPS"
    BAWASLU = "bawaslu", "Bawaslu"
    OBSERVER = "observer", "Pemantau terakreditasi"
    LO = "lo", "Petugas penghubung (LO)"
    OPERATOR = "operator", "Operator bakal pasangan calon"
    TYPIST = "typist", "Juru entri"
