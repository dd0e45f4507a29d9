"""Whose occupation forbids support: TNI, Polri, ASN, election organisers, heads and officials of villages.

Pure. Occupations are free text that leans on the list of the KTP ("PEGAWAI NEGERI SIPIL (PNS)"), so they are
matched by words, never by equality, and by whole words: MEKANIK, PPSU or POLITISI contain nothing. What
counts is who holds the office today. Pensioners and veterans may support, so may a soldier's wife or a
village head's son; their words name the office too, and are read as what they say.

A match is a hint for a verifier who sees the KTP. Where the words leave it open whether somebody holds the
office (SATPOL PP has civil servants and contract staff; a nurse of the police hospital need not be police),
nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

# Trades and places that serve an office without being it: "PEDAGANG KANTIN TNI", "PERAWAT RS POLRI".
_PLACES = ("KANTIN", "KOPERASI", "PRIMKOP*", "YAYASAN", "TOKO", "WARUNG", "KONVEKSI", "KONTRAKTOR")
_TRADES = ("BURUH", "NELAYAN", "PEDAGANG", "PEMBANTU", "PENJAHIT", "SANTRI", "TUKANG")
_HOUSES = ("RS", "RSU", "RUMAH SAKIT", "KLINIK", "TK", "SD", "SMP", "SMA", "SMK", "SEKOLAH", "UNIVERSITAS")
# On a contract, which makes nobody a soldier or a policeman.
_CONTRACTS = ("HONOR*", "PHL", "THL", "TKK", "SOPIR", "SUPIR", "DRIVER", "SATPAM", "SECURITY", "MITRA")
_OUTSIDE = _PLACES + _TRADES + _HOUSES


@dataclass(frozen=True)
class Occupation:
    """One category: the phrases that name it, and the words before a phrase that make it somebody else's.

    In a phrase ``*`` at the end of a word stands for any ending, a ``*`` by itself for up to two words.
    """

    code: str
    title: str
    names: tuple[str, ...]
    outside: tuple[str, ...]


# PKPU 3/2017 (as changed by PKPU 1/2020, pasal 18: the occupation is checked) and, in the same words, PKPU
# 10/2022 for DPD: prajurit TNI, anggota Polri, ASN, penyelenggara pemilu, kepala desa, perangkat desa.
OCCUPATIONS = (
    Occupation(
        "TNI",
        "Prajurit Tentara Nasional Indonesia",
        (
            "TNI",
            "T N I",
            "TNIAD",
            "TNIAL",
            "TNIAU",
            "TENTARA",
            "ABRI",
            "ANGKATAN DARAT",
            "ANGKATAN LAUT",
            "ANGKATAN UDARA",
            "MARINIR",
            "KOPASSUS",
            "KOSTRAD",
            "PASPAMPRES",
            "POLISI MILITER",
            "BABINSA",
            "DANRAMIL",
            "DANDIM",
            "ANGGOTA KORAMIL",
            "ANGGOTA KODIM",
        ),
        _OUTSIDE + _CONTRACTS,
    ),
    Occupation(
        "POLRI",
        "Anggota Kepolisian Negara Republik Indonesia",
        (
            "POLRI",
            "KEPOLISIAN",
            "POLISI",
            "POLWAN",
            "POLANTAS",
            "BRIMOB",
            "BHABINKAMTIBMAS",
            "BABINKAMTIBMAS",
            "KAPOLDA",
            "KAPOLRES*",
            "KAPOLSEK*",
            "ANGGOTA POLDA",
            "ANGGOTA POLRES*",
            "ANGGOTA POLSEK*",
        ),
        _OUTSIDE + _CONTRACTS,
    ),
    # UU 20/2023 pasal 1: ASN are PNS and PPPK. A candidate (CPNS) is paid and sworn in as one.
    Occupation(
        "ASN",
        "Aparatur Sipil Negara (PNS, CPNS, PPPK)",
        (
            "ASN",
            "A S N",
            "PNS",
            "P N S",
            "PNSD",
            "CPNS*",
            "CASN",
            "PPPK",
            "P3K",
            "APARATUR SIPIL NEGARA",
            "PEGAWAI NEGERI",
            "PEGAWAI NEGRI",
            "PEGAWAI SIPIL",
            "PEG NEGERI",
            "PEG NEGRI",
            "PEG NEG",
            "PEGAWAI PEMERINTAH DENGAN PERJANJIAN KERJA",
        ),
        _PLACES,
    ),
    # PKD and PPL are left out: they are health posts (Pos Kesehatan Desa) and farm advisers as often.
    # KIP by itself is left out: it is a scholarship card and the Komisi Informasi Publik as well.
    Occupation(
        "PENYELENGGARA",
        "Penyelenggara pemilihan (KPU, Bawaslu, dan jajarannya)",
        (
            "KPU",
            "KPUD",
            "KPURI",
            "KOMISI PEMILIHAN UMUM",
            "KOMISI INDEPENDEN PEMILIHAN",
            "ANGGOTA KIP",
            "KOMISIONER KIP",
            "KIP ACEH",
            "BAWASLU",
            "BADAN PENGAWAS PEMILIHAN",
            "BADAN PENGAWAS PEMILU",
            "PANWAS*",
            "PANITIA PENGAWAS PEMILU*",
            "PANITIA PENGAWAS PEMILIHAN",
            "PENGAWAS PEMILU",
            "PENGAWAS PEMILIHAN",
            "PENGAWAS TPS",
            "PTPS",
            "PENYELENGGARA PEMILU",
            "PENYELENGGARA PEMILIHAN",
            "DKPP",
            "PPK",
            "PANITIA PEMILIHAN",
            "PPS",
            "PANITIA PEMUNGUTAN SUARA",
            "KPPS",
            "KPPSLN",
            "KELOMPOK PENYELENGGARA PEMUNGUTAN SUARA",
            "PPLN",
            "PANTARLIH",
            "PPDP",
            "PETUGAS PEMUTAKHIRAN DATA PEMILIH",
        ),
        _PLACES + _TRADES,
    ),
    # UU 6/2014; local names of the same office (UU 6/2014 pasal 6 and local regulations). A lurah is a civil
    # servant (UU 23/2014 pasal 229) or, in Yogyakarta, the head of a village: not allowed either way.
    Occupation(
        "KEPALA_DESA",
        "Kepala desa atau sebutan lain, lurah",
        (
            "KEPALA DESA",
            "KEP DESA",
            "KADES",
            "LURAH",
            "KEPALA KELURAHAN",
            "KEPALA KAMPUNG",
            "KEPALA PEKON",
            "PERATIN",
            "KEPALA TIYUH",
            "KEPALA LEMBANG",
            "KEPALA NAGARI",
            "WALI NAGARI",
            "WALINAGARI",
            "KEUCHIK",
            "GEUCHIK",
            "KEUCIK",
            "GEUCIK",
            "KECHIK",
            "PERBEKEL",
            "KUWU",
            "PETINGGI",
            "PAMBAKAL",
            "HUKUM TUA",
            "SANGADI",
            "PENGHULU KAMPUNG",
            "RAJA NEGERI",
            "KEPALA NEGERI",
        ),
        (*_OUTSIDE, "KANTOR", "STAF", "STAFF", "PEGAWAI"),
    ),
    # Secretariat, heads of the village's parts, technical officials: UU 6/2014 pasal 48; PP 43/2014 pasal 61.
    Occupation(
        "PERANGKAT_DESA",
        "Perangkat desa atau kelurahan",
        (
            "PERANGKAT DESA",
            "PERANGKAT KELURAHAN",
            "PERANGKAT KAMPUNG",
            "PERANGKAT GAMPONG",
            "PERANGKAT NAGARI",
            "PERANGKAT PEKON",
            "APARAT DESA",
            "APARAT KELURAHAN",
            "APARAT KAMPUNG",
            "APARAT GAMPONG",
            "APARAT PEKON",
            "APARATUR DESA",
            "APARATUR KELURAHAN",
            "APARATUR KAMPUNG",
            "APARATUR GAMPONG",
            "APARATUR PEKON",
            "PAMONG DESA",
            "PAMONG KALURAHAN",
            "SEKRETARIS DESA",
            "SEKRETARIS KELURAHAN",
            "SEKRETARIS LURAH",
            "SEKRETARIS GAMPONG",
            "SEKRETARIS NAGARI",
            "SEKRETARIS KAMPUNG",
            "SEKDES",
            "SEKLUR",
            "CARIK",
            "BENDAHARA DESA",
            "KEPALA URUSAN * DESA",
            "KEPALA SEKSI * DESA",
            "KAUR * DESA",
            "KASI * DESA",
            "KAUR DESA",
            "KASI DESA",
            "KEPALA DUSUN",
            "KADUS",
            "KEPALA JORONG",
            "WALI JORONG",
            "KELIAN DINAS",
            "KELIAN BANJAR DINAS",
        ),
        _OUTSIDE,
    ),
)
TITLES = {occupation.code: occupation.title for occupation in OCCUPATIONS}

# Names that contain a forbidden one and mean something else. SATPOL PP is open (see above); forest and
# railway police are no Polri; a KPU of students or of the customs office organises no election, a PPS of a
# pesantren or a university counts no votes; "Ibu Kades" is the village head or his wife.
_SOMETHING_ELSE = (
    "SATUAN POLISI PAMONG PRAJA",
    "POLISI PAMONG PRAJA",
    "POLISI PP",
    "SATPOL PP",
    "POLISI HUTAN",
    "POLISI KEHUTANAN",
    "POLISI KHUSUS",
    "POLISI SYARIAT",
    "POLISI SYARIAH",
    "BANTUAN POLISI",
    "KEPALA DESA ADAT",
    "KOMISI PEMILIHAN UMUM MAHASISWA",
    "KPU MAHASISWA",
    "KPU BEA",
    "MAHASISWA PPS",
    "PPS ULA",
    "PPS ULYA",
    "PPS WUSTHA",
    "IBU KADES",
    "IBU KEPALA DESA",
    "IBU LURAH",
)
_CANDIDATES = ("CALON PNS", "CALON ASN", "CALON PEGAWAI NEGERI", "CALON APARATUR SIPIL NEGARA")

# No longer in office, wherever in the phrase it stands: "PENSIUNAN PNS", "PNS (PENSIUN)", "TNI AD PURN."
_RETIRED = ("PENSIUN*", "PENS", "PURN*", "VETERAN")
# What follows is a former, future or denied office, or a relative's.
_NOT_NOW = ("MANTAN", "BEKAS", "EKS", "EX", "CALON", "BELUM", "BUKAN", "TIDAK", "NON")
_RELATIVES = (
    "ISTRI",
    "ISTERI",
    "SUAMI",
    "ANAK",
    "CUCU",
    "JANDA",
    "DUDA",
    "AYAH",
    "ORANG TUA",
    "ADIK",
    "KAKAK",
    "MENANTU",
    "MERTUA",
    "KELUARGA",
    "WARAKAWURI",
    "PERSIT",
    "JALASENASTRI",
    "BHAYANGKARI",
)


# Different occupations whose meaning stays in memory: a usual file has a few hundred.
MOST_REMEMBERED = 20_000
_memory: dict[tuple[str, ...], dict[str | None, str | None]] = {}


def forbidden_occupation(text: pl.Expr, codes: Sequence[str] = tuple(TITLES)) -> pl.Expr:
    """The code of the forbidden occupation that the text names, among ``codes``; null where it names none."""

    def of_column(column: pl.Series) -> pl.Series:
        # A million rows hold a few hundred occupations; each is read once.
        distinct = column.unique()
        return column.replace_strict(distinct, _remembered(distinct, tuple(codes)), return_dtype=pl.String)

    return text.cast(pl.String).map_batches(of_column, return_dtype=pl.String, is_elementwise=True)


def _remembered(texts: pl.Series, codes: tuple[str, ...]) -> pl.Series:
    """What each of the different texts names; those that came before are not read again."""
    seen = _memory.get(codes)
    if seen is None or len(seen) > MOST_REMEMBERED:
        seen = _memory[codes] = {}  # another one: whoever reads in another thread keeps his
    new = texts.filter(pl.Series([text not in seen for text in texts], dtype=pl.Boolean))
    if new.len():
        seen.update(zip(new, _read(new, codes), strict=True))
    return pl.Series([seen[text] for text in texts], dtype=pl.String)


def _read(texts: pl.Series, codes: Sequence[str]) -> pl.Series:
    plain = texts.to_frame("text").with_columns(text=_plain(pl.col("text")))
    held = plain.with_columns(text=_without_others(pl.col("text")))
    wanted = [occupation for occupation in OCCUPATIONS if occupation.code in codes]
    names = [pl.when(_names(occupation)).then(pl.lit(occupation.code)) for occupation in wanted]
    return held.select(pl.coalesce(*names, pl.lit(None, pl.String))).to_series()


def _plain(text: pl.Expr) -> pl.Expr:
    """Upper case words; "|" parts what a comma parts, "/" stays, P.N.S. is PNS, other signs are blanks."""
    return (
        text.str.to_uppercase()
        .str.replace_all(r"\b([A-Z])\.\s?", "$1")
        .str.replace_all(r"[,;|+\n]+|\b(?:MERANGKAP|SEKALIGUS|SEKARANG|KINI)\b", "|")
        .str.replace_all(r"[^\p{L}\p{N}|/]+", " ")
        .str.replace_all(r" ?([|/]) ?", "$1")
        .str.replace_all(r"\b(TNI|POLRI|PNS|ASN)/(TNI|POLRI|PNS|ASN)\b", "$1 $2")
        .str.strip_chars()
    )


def _without_others(text: pl.Expr) -> pl.Expr:
    """The text without the phrases that name an office nobody holds here.

    A comma ends such a phrase, a slash does not: "PENSIUNAN TNI/POLRI" is a pensioner altogether. A phrase of
    nothing but retirement belongs to its neighbour: "PNS, PENSIUN 2019".
    """
    retired = _any_of(_RETIRED)
    alone = rf"(?:(?:SUDAH|TELAH) )?{retired}(?: \d+)*"
    return (
        text.str.replace_all(_any_of(_SOMETHING_ELSE), " ")
        .str.replace_all(_any_of(_CANDIDATES), "CPNS")
        .str.replace_all(rf"\|({alone})(\||$)", " $1$2")
        .str.replace_all(rf"^({alone})\|", "$1 ")
        .str.replace_all(rf"[^|]*{retired}[^|]*", " ")
        .str.replace_all(rf"{_any_of(_NOT_NOW + _RELATIVES)}[^|]*", " ")
    )


def _names(occupation: Occupation) -> pl.Expr:
    own = pl.col("text").str.replace_all(rf"{_any_of(occupation.outside)}[^|/]*", " ")
    return own.str.contains(_any_of(occupation.names))


def _any_of(phrases: Sequence[str]) -> str:
    """A pattern for any of the phrases as whole words."""
    patterns = (
        phrase.replace(" * ", "(?: [^ |/]+){0,2} ").replace("*", "") + r"\w*" * phrase.endswith("*")
        for phrase in phrases
    )
    return rf"\b(?:{'|'.join(patterns)})\b"
