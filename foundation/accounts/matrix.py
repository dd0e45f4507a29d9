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
    PPS_HELPER = "pps_helper", "Pembantu PPS"
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
    VIEW_SCHEDULE = "view_schedule", "membaca jadwal tahapan"
    SIMULATE = "simulate", "menghitung simulasi syarat dukungan"
    SEE_API_DOCS = "see_api_docs", "membaca dokumentasi API"
    SEE_HEALTH = "see_health", "memeriksa kesehatan layanan"
    VIEW_RULES = "view_rules", "membaca aturan pemeriksaan"
    VIEW_OUTAGES = "view_outages", "membaca catatan gangguan"
    REQUEST_MANDATE = "request_mandate", "mengajukan mandat"
    VIEW_RECEIPT_KEYS = "view_receipt_keys", "membaca kunci publik tanda terima"
    READ_ANNOUNCEMENTS = "read_announcements", "membaca pengumuman"
    VIEW_CERTIFICATES = "view_certificates", "membaca sertifikat pemusnahan"
    CHECK_OWN_DATA = "check_own_data", "memeriksa apakah NIK sendiri tercatat sebagai pendukung"
    READ_ANSWERS = "read_answers", "membaca jawaban yang sering ditanyakan"
    ASK_AS_CITIZEN = "ask_as_citizen", "bertanya kepada KPU tanpa akun"
    REQUEST_OWN_DATA = "request_own_data", "mengajukan permohonan tentang data pribadi sendiri"
    # Of everybody with an account.
    OWN_PROFILE = "own_profile", "mengelola akun sendiri"
    SECURE_ACCOUNT = "secure_account", "mengamankan akun sendiri dan keluar"
    MANAGE_TOKENS = "manage_tokens", "membuat dan mencabut token"
    CHECK_NIK = "check_nik", "memeriksa bentuk NIK"
    # Of roles.
    VIEW_ELECTION = "view_election", "melihat pemilihan"
    CREATE_ELECTION = "create_election", "membuat pemilihan"
    CHANGE_ELECTION = "change_election", "mengubah pemilihan"
    MANAGE_WINDOWS = "manage_windows", "mengatur masa pengisian dan penyerahan"
    APPROVE_RULING = "approve_ruling", "menyetujui pembukaan kembali berdasarkan putusan"
    MANAGE_RETENTION = "manage_retention", "mengatur masa simpan dan memusnahkan identitas"
    RECORD_OUTAGE = "record_outage", "mencatat gangguan"
    ANNOUNCE = "announce", "membuat dan menarik pengumuman"
    CREATE_PAIR = "create_pair", "mendaftarkan bakal pasangan calon"
    VIEW_MANDATES = "view_mandates", "melihat mandat"
    DECIDE_MANDATES = "decide_mandates", "memeriksa mandat"
    RECORD_PAIR_CHANGE = "record_pair_change", "mencatat pengunduran diri dan penggantian bakal calon"
    VIEW_PAIR = "view_pair", "melihat bakal pasangan calon"
    VIEW_PAIR_DOCUMENTS = "view_pair_documents", "membuka surat pengunduran diri, penggantian, dan putusan"
    VIEW_PROGRESS = "view_progress", "melihat jumlah dan sebaran dukungan"
    VIEW_TERRITORY = "view_territory", "melihat wilayah kerja"
    UPLOAD = "upload", "mengunggah berkas dukungan"
    VIEW_UPLOADS = "view_uploads", "melihat daftar unggahan"
    VIEW_REPORT = "view_report", "mengunduh laporan unggahan"
    VIEW_SUPPORTS = "view_supports", "melihat daftar pendukung"
    EDIT_SUPPORTS = "edit_supports", "mengubah data pendukung"
    MANAGE_TYPISTS = "manage_typists", "mengelola juru entri"
    HAND_IN = "hand_in", "menyerahkan dukungan"
    RECEIVE_ROUND = "receive_round", "menerima atau mengembalikan penyerahan dukungan"
    DOWNLOAD_ROWS = "download_rows", "mengunduh salinan baris yang diserahkan"
    OPEN_IDENTITY = "open_identity", "membuka identitas pendukung"
    VIEW_PAPERS = "view_papers", "melihat formulir dan pindaiannya"
    PRINT_PAPERS = "print_papers", "mencetak daftar pendukung dengan NIK"
    SEND_SCANS = "send_scans", "mengunggah pindaian formulir bertanda tangan"
    VIEW_SUPPORT_SCANS = "view_support_scans", "melihat pindaian dokumen pendukung"
    SEND_SUPPORT_SCANS = "send_support_scans", "mengunggah dan menempatkan pindaian dokumen pendukung"
    FETCH_SUPPORT_SCANS = "fetch_support_scans", "mengunduh berkas asli pindaian dokumen pendukung"
    VIEW_FINDINGS = "view_findings", "melihat temuan"
    VIEW_PAIR_MATCHES = "view_pair_matches", "melihat ganda antarbakal pasangan calon"
    VIEW_ROLLS = "view_rolls", "melihat daftar pemilih (DPT dan DP4)"
    LOAD_ROLLS = "load_rolls", "memuat dan menghapus daftar pemilih (DPT dan DP4)"
    DEAL_WORK = "deal_work", "membuka dan membagi verifikasi administrasi"
    CORRECT_DECISIONS = "correct_decisions", "mengoreksi keputusan verifikasi"
    VERIFY = "verify", "memeriksa dan memutus dukungan"
    VIEW_DECISIONS = "view_decisions", "melihat keputusan verifikasi"
    CLOSE_ROUND = "close_round", "menutup verifikasi dan menetapkan hasil putaran"
    VIEW_RESULTS = "view_results", "melihat hasil putaran dan rekapnya"
    VIEW_EVENTS = "view_events", "melihat catatan peristiwa"
    VIEW_READINGS = "view_readings", "melihat log pembacaan identitas"
    HANDLE_DATA_REQUESTS = "handle_data_requests", "menangani permohonan data pribadi"
    FILE_RECOMMENDATIONS = "file_recommendations", "menyampaikan saran perbaikan"
    VIEW_RECOMMENDATIONS = "view_recommendations", "membaca saran perbaikan"
    ANSWER_RECOMMENDATIONS = "answer_recommendations", "menjawab saran perbaikan"
    GRANT_ROLES = "grant_roles", "mengatur petugas"
    VIEW_HELP = "view_help", "membaca pertanyaan kepada help desk"
    ASK_HELP = "ask_help", "bertanya kepada help desk KPU"
    ANSWER_HELP = "answer_help", "menjawab pertanyaan kepada help desk"
    PUBLISH_ANSWERS = "publish_answers", "menerbitkan jawaban yang sering ditanyakan"


PUBLIC = frozenset(
    {
        Permission.SEE_HOME,
        Permission.LOG_IN,
        Permission.VIEW_SCHEDULE,
        Permission.SIMULATE,
        Permission.SEE_API_DOCS,
        Permission.SEE_HEALTH,
        Permission.VIEW_RULES,
        Permission.VIEW_OUTAGES,
        Permission.REQUEST_MANDATE,
        Permission.VIEW_RECEIPT_KEYS,
        Permission.READ_ANNOUNCEMENTS,
        Permission.VIEW_CERTIFICATES,
        Permission.CHECK_OWN_DATA,
        Permission.READ_ANSWERS,
        Permission.ASK_AS_CITIZEN,
        Permission.REQUEST_OWN_DATA,
    }
)
ANY_USER = frozenset(
    {Permission.OWN_PROFILE, Permission.SECURE_ACCOUNT, Permission.MANAGE_TOKENS, Permission.CHECK_NIK}
)

# What changes nothing. Whose roles hold anything else must log in in two steps; until the second is set up they may
# do only what stands in WITHOUT_SECOND_STEP.
READS = frozenset(
    {
        Permission.VIEW_ELECTION,
        Permission.VIEW_MANDATES,
        Permission.VIEW_PAIR,
        Permission.VIEW_PROGRESS,
        Permission.VIEW_UPLOADS,
        Permission.VIEW_REPORT,
        Permission.VIEW_SUPPORTS,
        Permission.OPEN_IDENTITY,
        Permission.VIEW_FINDINGS,
        Permission.VIEW_PAIR_MATCHES,
        Permission.VIEW_EVENTS,
        Permission.VIEW_READINGS,
        Permission.VIEW_TERRITORY,
        Permission.VIEW_DECISIONS,
        Permission.VIEW_RESULTS,
        Permission.VIEW_ROLLS,
        Permission.VIEW_PAPERS,
        Permission.PRINT_PAPERS,
        Permission.VIEW_PAIR_DOCUMENTS,
        Permission.VIEW_HELP,
        Permission.VIEW_RECOMMENDATIONS,
        Permission.VIEW_SUPPORT_SCANS,
        Permission.FETCH_SUPPORT_SCANS,
    }
)
WITHOUT_SECOND_STEP = PUBLIC | {Permission.SECURE_ACCOUNT}

# Who holds these sends files; everything else is small, and more is refused before it is read.
TAKES_FILES = frozenset({Permission.UPLOAD, Permission.SEND_SUPPORT_SCANS, Permission.LOAD_ROLLS})
# Who holds these attaches a document of bounded size (foundation.attachments).
TAKES_DOCUMENTS = frozenset(
    {
        Permission.REQUEST_MANDATE,
        Permission.REQUEST_OWN_DATA,
        Permission.HANDLE_DATA_REQUESTS,
        Permission.DECIDE_MANDATES,
        Permission.SEND_SCANS,
        Permission.RECORD_PAIR_CHANGE,
        Permission.MANAGE_WINDOWS,
        Permission.ASK_HELP,
        Permission.ANSWER_HELP,
        Permission.FILE_RECOMMENDATIONS,
        Permission.MANAGE_RETENTION,
        Permission.CORRECT_DECISIONS,
    }
)
# Where no account is needed for that: so many bodies from one network in an hour, the rest refused unread.
PUBLIC_DOCUMENTS_PER_HOUR = {Permission.REQUEST_MANDATE: 30, Permission.REQUEST_OWN_DATA: 30}

_SUMS = frozenset({Permission.VIEW_ELECTION, Permission.VIEW_PAIR, Permission.VIEW_PROGRESS})
_ROWS = frozenset({Permission.VIEW_SUPPORTS, Permission.VIEW_FINDINGS})
_FIELD = _SUMS | _ROWS | {Permission.OPEN_IDENTITY, Permission.VIEW_SUPPORT_SCANS, Permission.VIEW_RESULTS}
_TERRITORY = frozenset({Permission.VIEW_TERRITORY})
_OFFICE = _FIELD | {
    Permission.VIEW_TERRITORY,
    Permission.ANNOUNCE,
    Permission.RECORD_PAIR_CHANGE,
    Permission.RECEIVE_ROUND,
    Permission.VIEW_PAIR_DOCUMENTS,
    Permission.VIEW_RECOMMENDATIONS,
    Permission.ANSWER_RECOMMENDATIONS,
    Permission.CREATE_ELECTION,
    Permission.CHANGE_ELECTION,
    Permission.MANAGE_WINDOWS,
    Permission.RECORD_OUTAGE,
    Permission.CREATE_PAIR,
    Permission.VIEW_MANDATES,
    Permission.DECIDE_MANDATES,
    Permission.HANDLE_DATA_REQUESTS,
    Permission.GRANT_ROLES,
    Permission.VIEW_UPLOADS,
    Permission.VIEW_REPORT,
    Permission.VIEW_PAIR_MATCHES,
    Permission.VIEW_EVENTS,
    Permission.VIEW_READINGS,
    Permission.VIEW_PAPERS,
    Permission.VIEW_ROLLS,
    Permission.LOAD_ROLLS,
    Permission.DEAL_WORK,
    Permission.CORRECT_DECISIONS,
    Permission.VIEW_DECISIONS,
    Permission.CLOSE_ROUND,
    Permission.VIEW_HELP,
    Permission.ANSWER_HELP,
    Permission.PUBLISH_ANSWERS,
    Permission.FETCH_SUPPORT_SCANS,
}
# Who decides rows: of those dealt to them (verification.dealing).
_DECIDES = frozenset({Permission.VERIFY, Permission.VIEW_DECISIONS})
_TEAM = _FIELD | {
    Permission.VIEW_HELP,
    Permission.ASK_HELP,
    Permission.SEND_SUPPORT_SCANS,
    Permission.FETCH_SUPPORT_SCANS,
    Permission.VIEW_PAIR_DOCUMENTS,
    Permission.UPLOAD,
    Permission.VIEW_PAPERS,
    Permission.PRINT_PAPERS,
    Permission.SEND_SCANS,
    Permission.VIEW_UPLOADS,
    Permission.VIEW_REPORT,
    Permission.EDIT_SUPPORTS,
    Permission.MANAGE_TYPISTS,
    Permission.HAND_IN,
    Permission.DOWNLOAD_ROWS,
}

MATRIX: dict[Role, frozenset[Permission]] = {
    Role.KPU_RI: _OFFICE | {Permission.APPROVE_RULING, Permission.MANAGE_RETENTION},
    Role.KPU_PROVINCE: _OFFICE | _DECIDES,
    Role.KPU_REGENCY: _OFFICE | _DECIDES,
    Role.VERIFIER: _FIELD | _TERRITORY | _DECIDES | {Permission.VIEW_UPLOADS, Permission.VIEW_PAPERS},
    Role.PPK: _FIELD | _TERRITORY | _DECIDES,
    Role.PPS: _FIELD | _TERRITORY | _DECIDES | {Permission.GRANT_ROLES},
    # RT/RW who lead to the door: they see names and findings of their desa, and open no identity.
    Role.PPS_HELPER: _SUMS | _ROWS | _TERRITORY,
    Role.BAWASLU: _FIELD
    | _TERRITORY
    | {
        Permission.VIEW_MANDATES,
        Permission.VIEW_UPLOADS,
        Permission.VIEW_EVENTS,
        Permission.VIEW_READINGS,
        Permission.VIEW_PAPERS,
        Permission.VIEW_PAIR_DOCUMENTS,
        Permission.VIEW_DECISIONS,
        Permission.VIEW_ROLLS,
        Permission.FILE_RECOMMENDATIONS,
        Permission.VIEW_RECOMMENDATIONS,
        Permission.GRANT_ROLES,
        Permission.VIEW_HELP,
    },
    Role.OBSERVER: _SUMS | _TERRITORY,
    # Who opened the data of its people is for the pair's LO to know, and to ask about.
    Role.LO: _TEAM | {Permission.VIEW_READINGS},
    Role.OPERATOR: _TEAM,
    # Types rows in; a NIK once stored is written anew by the typist, never read back.
    Role.TYPIST: _SUMS | _ROWS | {Permission.EDIT_SUPPORTS, Permission.VIEW_HELP, Permission.ASK_HELP},
}

# Their permissions on rows reach only the rows that they typed themselves.
OWN_ROWS = frozenset({Role.TYPIST})

SCOPE_KINDS: dict[Role, tuple[ScopeKind, ...]] = {
    Role.KPU_RI: (ScopeKind.NATION,),
    Role.KPU_PROVINCE: (ScopeKind.REGION,),
    Role.KPU_REGENCY: (ScopeKind.REGION,),
    Role.VERIFIER: (ScopeKind.REGION,),
    Role.PPK: (ScopeKind.REGION,),
    Role.PPS: (ScopeKind.REGION,),
    Role.PPS_HELPER: (ScopeKind.REGION,),
    Role.BAWASLU: (ScopeKind.NATION, ScopeKind.REGION),
    Role.OBSERVER: (ScopeKind.NATION, ScopeKind.REGION),
    Role.LO: (ScopeKind.PAIR,),
    Role.OPERATOR: (ScopeKind.PAIR,),
    Role.TYPIST: (ScopeKind.PAIR,),
}

# Digits of the region code a role is held in; a role that is not named here is held at any level.
REGION_DIGITS: dict[Role, int] = {
    Role.KPU_PROVINCE: 2,
    Role.KPU_REGENCY: 4,
    Role.PPK: 6,
    Role.PPS: 10,
    Role.PPS_HELPER: 10,
}

# Where the level of its region gives a role another name: by the digits of the code, 0 for the nation.
TITLES: dict[Role, dict[int, str]] = {
    Role.BAWASLU: {
        0: "Bawaslu RI",
        2: "Bawaslu provinsi",
        4: "Bawaslu kabupaten/kota",
        6: "Panwascam",
        10: "PKD",
    }
}

# Who gives which roles, inside the own territory and never to oneself; one's own role only in a smaller region.
# Teams get theirs by mandates. The first account of KPU RI comes from `manage.py create_user`.
_STAFF = frozenset({Role.VERIFIER, Role.PPK, Role.PPS, Role.PPS_HELPER, Role.BAWASLU, Role.OBSERVER})
GRANTS: dict[Role, frozenset[Role]] = {
    Role.KPU_RI: _STAFF | {Role.KPU_PROVINCE, Role.KPU_REGENCY},
    Role.KPU_PROVINCE: _STAFF | {Role.KPU_REGENCY},
    Role.KPU_REGENCY: _STAFF,
    Role.PPS: frozenset({Role.PPS_HELPER}),
    Role.BAWASLU: frozenset({Role.BAWASLU}),
}


def title_of(role: Role, scope_id: int) -> str:
    """What a role is called where it is held (a region code, 0 for the nation)."""
    digits = len(str(scope_id)) if scope_id else 0
    return TITLES.get(role, {}).get(digits, role.title)


# What a token is limited to, by its scope; the empty scope is everything its owner may do.
TOKEN_SCOPES: dict[str, frozenset[Permission]] = {
    "": frozenset(Permission),
    "read": PUBLIC
    | (ANY_USER - {Permission.MANAGE_TOKENS})
    | _SUMS
    | _ROWS
    | _TERRITORY
    | {Permission.VIEW_UPLOADS},
}
