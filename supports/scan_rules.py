"""What a machine read on the scan of a KTP-el says about its row (supports.scans.cards). Pure.

A hint where to look, never a reason against a supporter: a machine misreads, and the card decides.
"""

from supports.rule import Rule

SCAN_RULES: tuple[Rule, ...] = (
    Rule(
        42,
        "SCAN_NIK_MISMATCH",
        "nik",
        "NIK pada pindaian KTP-el terbaca berbeda",
        "Pembacaan otomatis menemukan NIK lain pada pindaian KTP-el baris ini. Pembacaan otomatis dapat keliru.",
        "Bandingkan NIK yang diketik dengan KTP-el; perbaiki isian, atau ganti pindaian bila milik orang lain.",
        "Bahan periksa petugas",
    ),
    Rule(
        43,
        "SCAN_UNREADABLE",
        "nik",
        "NIK pada pindaian KTP-el tidak terbaca",
        "Pembacaan otomatis tidak menemukan 16 angka NIK yang jelas pada pindaian KTP-el baris ini.",
        "Lihat pindaiannya; bila Anda pun tidak dapat membacanya, pindai atau foto ulang KTP-el dengan cahaya cukup.",
        "Bahan periksa petugas",
    ),
)
