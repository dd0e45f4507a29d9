"""Every machine of the system as data: states, moves, and who may move.

From this one table come the choices of the status fields, their CHECK constraints, the compare-and-swap of
``engine.move``, the buttons a page shows, and ``docs/workflow.md``. Pure: no Django.
"""

from dataclasses import dataclass, field

from foundation.accounts.matrix import Role

SYSTEM = "system"
COMMISSION = (Role.KPU_RI, Role.KPU_PROVINCE, Role.KPU_REGENCY)
TEAM = (Role.LO, Role.OPERATOR)
# Jakarta 2024: province, kabupaten/kota, PPK and PPS together were its 480 verifiers.
VERIFIERS = (Role.KPU_PROVINCE, Role.KPU_REGENCY, Role.VERIFIER, Role.PPK, Role.PPS)


@dataclass(frozen=True)
class Move:
    """One legal change: ``name`` takes any of ``sources`` to ``target``; ``by`` are roles, or SYSTEM for jobs."""

    name: str
    title: str
    sources: tuple[str, ...]
    target: str
    by: tuple[str, ...]


@dataclass(frozen=True)
class Machine:
    """The life of one kind of thing. ``states`` maps the stored value to its Indonesian name."""

    name: str
    title: str
    field: str
    initial: str
    states: dict[str, str]
    moves: tuple[Move, ...] = field(default=())

    def move(self, name: str) -> Move:
        """The move of that name; KeyError if the table has none."""
        for move in self.moves:
            if move.name == name:
                return move
        raise KeyError(f"{self.name} has no move {name!r}")


PAIR = Machine(
    "pair",
    "Bakal pasangan calon",
    "status",
    "active",
    {
        "active": "Aktif",
        "withdrawn": "Mengundurkan diri",
        "failed": "Tidak memenuhi syarat",
        "qualified": "Memenuhi syarat",
    },
    (
        Move("withdraw", "Catat pengunduran diri", ("active",), "withdrawn", COMMISSION),
        Move("fail", "Tetapkan tidak memenuhi syarat", ("active",), "failed", COMMISSION),
        Move("qualify", "Tetapkan memenuhi syarat", ("active",), "qualified", COMMISSION),
    ),
)

MANDATE = Machine(
    "mandate",
    "Mandat",
    "status",
    "submitted",
    {
        "submitted": "Menunggu pemeriksaan",
        "approved": "Disetujui",
        "refused": "Ditolak",
        "replaced": "Diganti",
        "revoked": "Dicabut",
    },
    (
        Move("approve", "Setujui mandat", ("submitted",), "approved", COMMISSION),
        Move("refuse", "Tolak mandat", ("submitted",), "refused", COMMISSION),
        Move("resubmit", "Ajukan lagi", ("refused",), "submitted", (SYSTEM, *COMMISSION)),
        Move("replace", "Ganti dengan mandat baru", ("approved",), "replaced", COMMISSION),
        Move("revoke", "Cabut mandat", ("approved",), "revoked", COMMISSION),
    ),
)

SUBMISSION = Machine(
    "submission",
    "Putaran penyerahan dukungan",
    "status",
    "draft",
    {
        "draft": "Sedang diisi, BELUM diserahkan",
        "submitted": "Diserahkan",
        "accepted": "Diterima",
        "returned": "Dikembalikan",
        "lapsed": "Tidak diserahkan sampai masa penyerahan berakhir",
        "completing": "Masa pelengkapan",
        "in_review": "Sedang diverifikasi",
        "closed": "Selesai",
        "reopened": "Dibuka kembali",
    },
    (
        # The team asks for it, a job carries it out.
        Move("submit", "Serahkan dukungan", ("draft", "returned", "reopened"), "submitted", (*TEAM, SYSTEM)),
        Move("accept", "Terima", ("submitted",), "accepted", COMMISSION),
        Move("return", "Kembalikan", ("submitted",), "returned", COMMISSION),
        Move("redraft", "Isi kembali", ("returned",), "draft", TEAM),
        # Of a round that a ruling had reopened only the rows it names are the team's.
        Move("mend_again", "Benahi kembali", ("returned",), "reopened", TEAM),
        Move("lapse", "Nyatakan tidak diserahkan", ("draft", "returned"), "lapsed", (SYSTEM,)),
        # A ruling has opened its window again (Bontang 2024: only to hand in what was uploaded in time).
        Move("revive", "Lanjutkan berdasarkan putusan", ("lapsed",), "draft", (SYSTEM,)),
        Move("complete", "Buka masa pelengkapan", ("accepted",), "completing", COMMISSION),
        Move("review", "Mulai verifikasi", ("completing", "accepted"), "in_review", (*COMMISSION, SYSTEM)),
        Move("close", "Tutup", ("in_review",), "closed", COMMISSION),
        # An approved correction takes rows of it back to unverified.
        Move("correct", "Periksa lagi karena koreksi", ("closed",), "in_review", COMMISSION),
        Move(
            "end",
            "Akhiri karena pasangan mengundurkan diri",
            ("submitted", "accepted", "completing", "in_review", "reopened"),
            "closed",
            (SYSTEM,),
        ),
        # A ruling in force names rows of it, for the team to mend; two people of KPU RI have approved it.
        Move("reopen", "Buka kembali berdasarkan putusan", ("in_review", "closed"), "reopened", (SYSTEM,)),
        # The ruling's time has ended and nothing was handed in again.
        Move("resume", "Lanjutkan verifikasi", ("reopened", "returned"), "in_review", (SYSTEM,)),
        # The rows of a practice election go, and the database lets rows go from a draft only.
        Move(
            "scrap",
            "Buang bersama latihan",
            (
                "submitted",
                "accepted",
                "returned",
                "lapsed",
                "completing",
                "in_review",
                "closed",
                "reopened",
            ),
            "draft",
            (SYSTEM,),
        ),
    ),
)

UPLOAD = Machine(
    "upload",
    "Unggahan",
    "status",
    "received",
    {
        "received": "Diterima, menunggu diproses",
        "needs_mapping": "Perlu pemetaan kolom",
        "loaded": "Selesai dimuat",
        "failed": "Gagal",
        "discarded": "Dibuang",
    },
    (
        Move("ask_mapping", "Minta pemetaan kolom", ("received",), "needs_mapping", (SYSTEM,)),
        Move("map", "Petakan kolom", ("needs_mapping",), "received", TEAM),
        Move("load", "Muat", ("received",), "loaded", (SYSTEM,)),
        Move("fail", "Gagal", ("received",), "failed", (SYSTEM,)),
        Move("retry", "Coba lagi", ("failed",), "received", TEAM),
        Move("discard", "Buang", ("loaded", "failed", "needs_mapping"), "discarded", (*TEAM, SYSTEM)),
    ),
)

VERMIN = Machine(
    "vermin",
    "Verifikasi administrasi",
    "vermin",
    "unverified",
    {
        "unverified": "Belum diperiksa",
        "MS": "Memenuhi syarat",
        "BMS": "Belum memenuhi syarat",
        "TMS": "Tidak memenuhi syarat",
    },
    (
        Move("pass", "Nyatakan MS", ("unverified",), "MS", VERIFIERS),
        Move("ask", "Nyatakan BMS", ("unverified",), "BMS", VERIFIERS),
        Move("fail", "Nyatakan TMS", ("unverified",), "TMS", VERIFIERS),
        Move("undo", "Batalkan keputusan", ("MS", "BMS", "TMS"), "unverified", VERIFIERS),
        Move("correct", "Periksa lagi karena koreksi", ("MS", "BMS", "TMS"), "unverified", (SYSTEM,)),
    ),
)

# Without an account it is a citizen who writes, and the system writes for them.
ASKERS = (*TEAM, Role.TYPIST, SYSTEM)

HELP_THREAD = Machine(
    "help_thread",
    "Pertanyaan kepada help desk",
    "status",
    "waiting",
    {
        "waiting": "Menunggu jawaban KPU",
        "answered": "Menunggu penanya",
        "closed": "Selesai",
    },
    (
        Move("answer", "Jawab", ("waiting",), "answered", COMMISSION),
        Move("write", "Tulis lagi", ("answered",), "waiting", ASKERS),
        Move("close", "Tutup", ("waiting", "answered"), "closed", (*COMMISSION, *ASKERS)),
        Move("reopen", "Buka kembali", ("closed",), "waiting", ASKERS),
    ),
)

RECOMMENDATION = Machine(
    "recommendation",
    "Saran perbaikan",
    "status",
    "filed",
    {
        "filed": "Menunggu jawaban KPU",
        "followed": "Ditindaklanjuti",
        "declined": "Tidak ditindaklanjuti",
    },
    (
        Move("follow", "Nyatakan ditindaklanjuti", ("filed",), "followed", COMMISSION),
        Move("decline", "Nyatakan tidak ditindaklanjuti", ("filed",), "declined", COMMISSION),
    ),
)

ROLL = Machine(
    "roll",
    "Daftar pemilih",
    "status",
    "received",
    {
        "received": "Diterima, menunggu dimuat",
        "current": "Berlaku",
        "superseded": "Digantikan versi yang lebih baru",
        "failed": "Gagal",
        "removed": "Barisnya dihapus",
    },
    (
        Move("load", "Muat", ("received",), "current", (SYSTEM,)),
        Move("fail", "Gagal", ("received",), "failed", (SYSTEM,)),
        Move("supersede", "Gantikan", ("current",), "superseded", (SYSTEM,)),
        Move("remove", "Hapus barisnya", ("current", "superseded"), "removed", COMMISSION),
    ),
)

BULK = Machine(
    "bulk",
    "Keputusan massal",
    "status",
    "proposed",
    {
        "proposed": "Menunggu persetujuan orang kedua",
        "refused": "Ditolak",
        "approved": "Disetujui, sedang dikerjakan",
        "done": "Selesai",
        "undoing": "Sedang dibatalkan",
        "undone": "Dibatalkan seluruhnya",
    },
    (
        Move("approve", "Setujui", ("proposed",), "approved", COMMISSION),
        # A proposal ends with the verification that it was about.
        Move("refuse", "Tolak", ("proposed",), "refused", (*COMMISSION, SYSTEM)),
        Move("finish", "Selesai dikerjakan", ("approved",), "done", (SYSTEM,)),
        Move("undo", "Batalkan seluruhnya", ("done",), "undoing", COMMISSION),
        Move("end_undo", "Selesai dibatalkan", ("undoing",), "undone", (SYSTEM,)),
    ),
)

CORRECTION = Machine(
    "correction",
    "Koreksi",
    "status",
    "proposed",
    {
        "proposed": "Menunggu dua persetujuan",
        "refused": "Ditolak",
        "approved": "Disetujui, sedang dikerjakan",
        "done": "Selesai",
    },
    (
        # One that carries a ruling has the ruling's two approvals.
        Move("approve", "Setujui", ("proposed",), "approved", (*COMMISSION, SYSTEM)),
        # A proposal ends with the verification that it was about.
        Move("refuse", "Tolak", ("proposed",), "refused", (*COMMISSION, SYSTEM)),
        Move("finish", "Selesai dikerjakan", ("approved",), "done", (SYSTEM,)),
    ),
)

JOB = Machine(
    "job",
    "Pekerjaan",
    "state",
    "queued",
    {
        "queued": "Menunggu giliran",
        "running": "Sedang dikerjakan",
        "done": "Selesai",
        "failed": "Gagal",
        "cancelled": "Dibatalkan",
    },
    (
        Move("claim", "Ambil", ("queued",), "running", (SYSTEM,)),
        Move("finish", "Selesai", ("running",), "done", (SYSTEM,)),
        Move("fail", "Gagal", ("queued", "running"), "failed", (SYSTEM,)),
        Move("cancel", "Batalkan", ("queued", "running"), "cancelled", (SYSTEM,)),
        Move("requeue", "Kembalikan ke antrean", ("running",), "queued", (SYSTEM,)),
    ),
)

DATA_REQUEST = Machine(
    "data_request",
    "Permohonan data pribadi",
    "status",
    "received",
    {
        "received": "Diterima, belum ditangani",
        "in_progress": "Sedang ditangani",
        "fulfilled": "Dipenuhi",
        "refused": "Ditolak",
    },
    (
        Move("take", "Mulai tangani", ("received",), "in_progress", COMMISSION),
        Move("fulfil", "Penuhi", ("in_progress",), "fulfilled", COMMISSION),
        Move("refuse", "Tolak", ("received", "in_progress"), "refused", COMMISSION),
    ),
)

MACHINES = (
    PAIR,
    MANDATE,
    SUBMISSION,
    UPLOAD,
    VERMIN,
    ROLL,
    BULK,
    CORRECTION,
    HELP_THREAD,
    RECOMMENDATION,
    DATA_REQUEST,
    JOB,
)
