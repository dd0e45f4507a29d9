"""The permission matrix: who may do what, as data. ``docs/permissions.md`` is generated from it.

Pure: no Django. A role is held inside a scope (the nation, a region with all it contains, or one pair); the
matrix says which permissions the role gives there. Where it holds is asked by the ``*_visible_to`` queries.

Separations that the matrix keeps on purpose: the commission never uploads or edits a pair's data; who
verifies cannot change what is verified; a pair's team learns nothing about others; an observer sees sums
only; Bawaslu reads everything in its territory, one opened identity at a time, except matches across pairs.
"""

from enum import StrEnum


class ScopeKind(StrEnum):
    """Where a role holds."""

    NATION = "nation"
    REGION = "region"
    PAIR = "pair"


class _Titled(StrEnum):
    """A stable name with its Indonesian title."""

    title: str

    def __new__(cls, value: str, title: str) -> "_Titled":
        member = str.__new__(cls, value)
        member._value_ = value
        member.title = title
        return member


class Role(_Titled):
    """The roles of the process (value = stable name, title = Indonesian)."""

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


class Permission(_Titled):
    """What can be allowed. The title completes “Peran Anda tidak mencakup: …”."""

    # Of everybody.
    SEE_HOME = "see_home", "membuka halaman depan"
    LOG_IN = "log_in", "masuk"
    SIMULATE = "simulate", "menghitung simulasi syarat dukungan"
    SEE_API_DOCS = "see_api_docs", "membaca dokumentasi API"
    SEE_HEALTH = "see_health", "memeriksa kesehatan layanan"
    VIEW_RULES = "view_rules", "membaca aturan pemeriksaan"
    VIEW_OUTAGES = "view_outages", "membaca catatan gangguan"
    # Of everybody with an account.
    OWN_PROFILE = "own_profile", "mengelola akun sendiri"
    CHECK_NIK = "check_nik", "memeriksa bentuk NIK"
    # Of roles.
    VIEW_ELECTION = "view_election", "melihat pemilihan"
    CREATE_ELECTION = "create_election", "membuat pemilihan"
    CHANGE_ELECTION = "change_election", "mengubah pemilihan"
    MANAGE_WINDOWS = "manage_windows", "mengatur masa pengisian dan penyerahan"
    APPROVE_RULING = "approve_ruling", "menyetujui pembukaan kembali berdasarkan putusan"
    RECORD_OUTAGE = "record_outage", "mencatat gangguan"
    CREATE_PAIR = "create_pair", "mendaftarkan bakal pasangan calon"
    VIEW_PAIR = "view_pair", "melihat bakal pasangan calon"
    VIEW_PROGRESS = "view_progress", "melihat jumlah dan sebaran dukungan"
    UPLOAD = "upload", "mengunggah berkas dukungan"
    VIEW_UPLOADS = "view_uploads", "melihat daftar unggahan"
    VIEW_REPORT = "view_report", "mengunduh laporan unggahan"
    VIEW_SUPPORTS = "view_supports", "melihat daftar pendukung"
    EDIT_SUPPORTS = "edit_supports", "mengubah data pendukung"
    OPEN_IDENTITY = "open_identity", "membuka identitas pendukung"
    VIEW_FINDINGS = "view_findings", "melihat temuan"
    VIEW_PAIR_MATCHES = "view_pair_matches", "melihat ganda antarbakal pasangan calon"
    VIEW_EVENTS = "view_events", "melihat catatan peristiwa"


PUBLIC = frozenset(
    {
        Permission.SEE_HOME,
        Permission.LOG_IN,
        Permission.SIMULATE,
        Permission.SEE_API_DOCS,
        Permission.SEE_HEALTH,
        Permission.VIEW_RULES,
        Permission.VIEW_OUTAGES,
    }
)
ANY_USER = frozenset({Permission.OWN_PROFILE, Permission.CHECK_NIK})

# Who holds these sends files; everything else is small, and more is refused before it is read.
TAKES_FILES = frozenset({Permission.UPLOAD})

_SUMS = frozenset({Permission.VIEW_ELECTION, Permission.VIEW_PAIR, Permission.VIEW_PROGRESS})
_ROWS = frozenset({Permission.VIEW_SUPPORTS, Permission.VIEW_FINDINGS})
_FIELD = _SUMS | _ROWS | {Permission.OPEN_IDENTITY}
_OFFICE = _FIELD | {
    Permission.CREATE_ELECTION,
    Permission.CHANGE_ELECTION,
    Permission.MANAGE_WINDOWS,
    Permission.RECORD_OUTAGE,
    Permission.CREATE_PAIR,
    Permission.VIEW_UPLOADS,
    Permission.VIEW_REPORT,
    Permission.VIEW_PAIR_MATCHES,
    Permission.VIEW_EVENTS,
}
_TEAM = _FIELD | {
    Permission.UPLOAD,
    Permission.VIEW_UPLOADS,
    Permission.VIEW_REPORT,
    Permission.EDIT_SUPPORTS,
}

MATRIX: dict[Role, frozenset[Permission]] = {
    Role.KPU_RI: _OFFICE | {Permission.APPROVE_RULING},
    Role.KPU_PROVINCE: _OFFICE,
    Role.KPU_REGENCY: _OFFICE,
    Role.VERIFIER: _FIELD | {Permission.VIEW_UPLOADS},
    Role.PPK: _FIELD,
    Role.PPS: _FIELD,
    Role.BAWASLU: _FIELD | {Permission.VIEW_UPLOADS, Permission.VIEW_EVENTS},
    Role.OBSERVER: _SUMS,
    Role.LO: _TEAM,
    Role.OPERATOR: _TEAM,
    # Types rows in; a NIK once stored is written anew by the typist, never read back.
    Role.TYPIST: _SUMS | _ROWS | {Permission.EDIT_SUPPORTS},
}

SCOPE_KINDS: dict[Role, tuple[ScopeKind, ...]] = {
    Role.KPU_RI: (ScopeKind.NATION,),
    Role.KPU_PROVINCE: (ScopeKind.REGION,),
    Role.KPU_REGENCY: (ScopeKind.REGION,),
    Role.VERIFIER: (ScopeKind.REGION,),
    Role.PPK: (ScopeKind.REGION,),
    Role.PPS: (ScopeKind.REGION,),
    Role.BAWASLU: (ScopeKind.NATION, ScopeKind.REGION),
    Role.OBSERVER: (ScopeKind.NATION, ScopeKind.REGION),
    Role.LO: (ScopeKind.PAIR,),
    Role.OPERATOR: (ScopeKind.PAIR,),
    Role.TYPIST: (ScopeKind.PAIR,),
}

# Digits of the region code a role is held in; a role that is not named here is held at any level.
REGION_DIGITS: dict[Role, int] = {Role.KPU_PROVINCE: 2, Role.KPU_REGENCY: 4, Role.PPK: 6, Role.PPS: 10}

# What a token is limited to, by its scope; the empty scope is everything its owner may do.
TOKEN_SCOPES: dict[str, frozenset[Permission]] = {
    "": frozenset(Permission),
    "read": PUBLIC | ANY_USER | _SUMS | _ROWS | {Permission.VIEW_UPLOADS},
}
