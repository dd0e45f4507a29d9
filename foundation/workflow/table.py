"""Every machine of the system as data: states, moves, and who may move.

From this one table come the choices of the status fields, their CHECK constraints, the compare-and-swap of
``engine.move``, the buttons a page shows, and ``docs/workflow.md``. Pure: no Django.
"""

from dataclasses import dataclass, field

from foundation.accounts.matrix import Role

SYSTEM = "system"
COMMISSION = (Role.KPU_RI, Role.KPU_PROVINCE, Role.KPU_REGENCY)
TEAM = (Role.LO, Role.OPERATOR)


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
        Move("submit", "Serahkan dukungan", ("draft",), "submitted", TEAM),
        Move("accept", "Terima", ("submitted",), "accepted", COMMISSION),
        Move("return", "Kembalikan", ("submitted",), "returned", COMMISSION),
        Move("redraft", "Isi kembali", ("returned",), "draft", TEAM),
        Move("lapse", "Nyatakan tidak diserahkan", ("draft", "returned"), "lapsed", (SYSTEM,)),
        Move("complete", "Buka masa pelengkapan", ("accepted",), "completing", COMMISSION),
        Move("review", "Mulai verifikasi", ("completing", "accepted"), "in_review", (*COMMISSION, SYSTEM)),
        Move("close", "Tutup", ("in_review",), "closed", COMMISSION),
        Move("reopen", "Buka kembali", ("in_review", "closed"), "reopened", (Role.KPU_RI,)),
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

MACHINES = (PAIR, SUBMISSION, UPLOAD, VERMIN, JOB)
