"""What the voter lists of an election say about a row, once its round is verified (verification.rolls). Pure.

A flag, never a reason against a supporter: whoever may vote may support, in a list or not. For the commission only: a
team that could read it could ask the lists about anybody.
"""

from supports.rule import COMMISSION, Rule

ROLL_RULES: tuple[Rule, ...] = (
    Rule(
        40,
        "NOT_IN_ROLL",
        "nik",
        "Tidak ada di DPT maupun DP4",
        "NIK ini tidak ada di daftar pemilih yang dimuat. Pendukung di luar DPT tetap boleh mendukung selama mempunyai "
        "hak pilih, dibuktikan dengan KTP-el atau surat keterangan.",
        "Periksa NIK dan hak pilihnya pada KTP-el atau surat keterangan; jangan menyatakan TMS karena ini saja.",
        "UU 10/2016 pasal 41, putusan Mahkamah Konstitusi 14 Juni 2017",
        audience=COMMISSION,
    ),
    Rule(
        41,
        "ROLL_MISMATCH",
        "nik",
        "Nama atau tanggal lahir berbeda dari daftar pemilih",
        "NIK ini ada di daftar pemilih dengan nama atau tanggal lahir yang lain.",
        "Bandingkan kedua isian dengan KTP-el; yang menentukan adalah KTP-el, bukan daftar pemilih.",
        "Bahan periksa petugas",
        audience=COMMISSION,
    ),
)
