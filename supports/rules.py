"""The rules: one row per check. Codes and numbers are part of the API and of stored data: never renamed or reused.

Pure. A row rule is one polars expression over the normalised columns (``supports.ingest.normalise``), what
``supports.nik`` reads off the NIK (``nik_…`` and one Boolean column per NIK code), and ``area`` and ``place_fault``
of ``supports.ingest.places``; the same expressions check a whole file and one row typed into a form. What a finding
leads to (TMS, BMS, WARN) is no business of this table: the rule set of the election says it. A finding suggests; a
person decides.
"""

import polars as pl

from supports import checks
from supports.checks import Terms
from supports.roll_rules import ROLL_RULES
from supports.row_id_rules import ROW_ID_RULES
from supports.rule import COMMISSION, Rule
from supports.rule import OFFICE as OFFICE  # for whoever asks about rules
from supports.rule import TEAM as TEAM
from supports.scan_rules import SCAN_RULES

VERMIN = "PKPU 3/2017 sebagaimana diubah dengan PKPU 1/2020, pasal 18 ayat (2)"
VOTER = "UU 10/2016 pasal 1 angka 6 dan pasal 41"
FORM = "Formulir Model B.1-KWK Perseorangan"

RULES: tuple[Rule, ...] = (
    Rule(
        1,
        "ROW_BROKEN",
        "",
        "Baris rusak",
        "Baris ini tidak dapat diuraikan menjadi kolom, biasanya karena tanda kutip yang tidak berpasangan.",
        "Perbaiki tanda kutip atau pemisah kolom pada baris ini di berkas asal, lalu unggah kembali.",
        FORM,
        checks.flag("broken"),
    ),
    Rule(
        2,
        "NIK_MISSING",
        "nik",
        "NIK kosong",
        "NIK tidak diisi.",
        "Isi NIK 16 angka sesuai KTP-el atau surat keterangan.",
        f"{VERMIN} huruf a",
        checks.fault_of_nik("NIK_MISSING"),
    ),
    Rule(
        3,
        "NIK_LENGTH",
        "nik",
        "NIK tidak 16 angka",
        "Jumlah angka NIK kurang atau lebih dari 16.",
        "Cocokkan dengan KTP-el dan tulis lengkap 16 angka.",
        f"{VERMIN} huruf a; PP 37/2007 pasal 37",
        checks.fault_of_nik("NIK_LENGTH"),
    ),
    Rule(
        4,
        "NIK_NOT_DIGITS",
        "nik",
        "NIK berisi huruf atau tanda lain",
        "NIK memuat huruf atau tanda selain angka, misalnya huruf O yang dimaksudkan sebagai angka 0.",
        "Ketik ulang NIK dari KTP-el dengan angka saja.",
        f"{VERMIN} huruf a; PP 37/2007 pasal 37",
        checks.fault_of_nik("NIK_NOT_DIGITS"),
    ),
    Rule(
        5,
        "NIK_FROM_NUMBER",
        "nik",
        "NIK tersimpan sebagai angka",
        "NIK tersimpan sebagai angka di Excel sehingga digit terakhir hilang.",
        "Ubah kolom NIK menjadi Teks, lalu ketik ulang NIK dari KTP-el.",
        f"{VERMIN} huruf a",
        checks.fault_of_nik("NIK_FROM_NUMBER"),
    ),
    Rule(
        6,
        "NIK_DATE",
        "nik",
        "Tanggal di dalam NIK tidak ada di kalender",
        "Angka ke-7 sampai ke-12 NIK tidak membentuk tanggal lahir yang mungkin.",
        "Cocokkan NIK dengan KTP-el; biasanya ada angka yang salah ketik atau tertukar.",
        "PP 37/2007 pasal 37",
        checks.fault_of_nik("NIK_DATE"),
    ),
    Rule(
        7,
        "NIK_REGION",
        "nik",
        "Kode wilayah di dalam NIK tidak dikenal",
        "Enam angka pertama NIK bukan kode kecamatan yang pernah ada.",
        "Cocokkan NIK dengan KTP-el. Bila memang demikian di KTP-el, biarkan: NIK tidak pernah diubah.",
        "PP 37/2007 pasal 37; PP 40/2019 pasal 30 ayat (2)",
        checks.fault_of_nik("NIK_REGION"),
    ),
    Rule(
        8,
        "NIK_SERIAL",
        "nik",
        "Nomor urut NIK 0000",
        "Empat angka terakhir NIK adalah 0000, padahal nomor urut dimulai dari 0001.",
        "Cocokkan NIK dengan KTP-el; biasanya digit terakhir hilang karena kolom disimpan sebagai angka.",
        "PP 37/2007 pasal 37",
        checks.fault_of_nik("NIK_SERIAL"),
    ),
    Rule(
        9,
        "NIK_BIRTH_DATE",
        "birth_date",
        "Tanggal lahir berbeda dari NIK",
        "Tanggal lahir yang diketik berbeda dari tanggal di dalam NIK.",
        "Cocokkan keduanya dengan KTP-el. Bila KTP-el memang demikian, biarkan: NIK tidak ikut diubah ketika "
        "tanggal lahir diperbaiki.",
        "PP 40/2019 pasal 30 ayat (2)",
        checks.nik_birth_date_differs,
    ),
    Rule(
        10,
        "NIK_SEX",
        "sex",
        "Jenis kelamin berbeda dari NIK",
        "Jenis kelamin yang diketik berbeda dari yang terbaca di NIK.",
        "Cocokkan dengan KTP-el. Bila KTP-el memang demikian, biarkan.",
        "PP 37/2007 pasal 37",
        checks.nik_sex_differs,
    ),
    Rule(
        11,
        "NIK_AREA",
        "regency",
        "NIK terbit di kabupaten/kota lain",
        "Empat angka pertama NIK menunjuk kabupaten/kota lain daripada alamat. Ini wajar bagi orang yang pindah.",
        "Pastikan alamat sama dengan KTP-el.",
        f"{VERMIN} huruf c",
        checks.nik_area_differs,
    ),
    Rule(
        12,
        "NAME_MISSING",
        "name",
        "Nama kosong",
        "Nama tidak diisi.",
        "Isi nama sesuai KTP-el.",
        f"{VERMIN} huruf a",
        checks.blank("name"),
    ),
    Rule(
        13,
        "NAME_SUSPECT",
        "name",
        "Nama meragukan",
        "Nama memuat angka atau tanda, hanya satu huruf, atau huruf yang diulang.",
        "Cocokkan dengan KTP-el; mungkin kolom tertukar.",
        f"{VERMIN} huruf a",
        checks.suspect_name,
    ),
    Rule(
        14,
        "BIRTH_DATE_MISSING",
        "birth_date",
        "Tanggal lahir kosong",
        "Tanggal lahir tidak diisi.",
        "Isi tanggal lahir sesuai KTP-el, misalnya 27-11-1990.",
        f"{VERMIN} huruf a",
        checks.birth_date_missing,
    ),
    Rule(
        15,
        "BIRTH_DATE_INVALID",
        "birth_date",
        "Tanggal lahir tidak terbaca",
        "Tanggal lahir tidak ada di kalender, belum tiba, atau bentuknya bermakna ganda.",
        "Tulis dalam bentuk tanggal-bulan-tahun, misalnya 27-11-1990.",
        f"{VERMIN} huruf a",
        checks.birth_date_invalid,
    ),
    Rule(
        16,
        "UNDER_AGE",
        "birth_date",
        "Belum berumur 17 tahun dan belum kawin",
        "Pada hari pemungutan suara pendukung belum berumur 17 tahun dan belum pernah kawin.",
        "Periksa tanggal lahir dan status perkawinan dengan KTP-el; bila benar, ganti dengan pendukung lain.",
        f"{VOTER}; {VERMIN} huruf f",
        checks.unmarried_minor,
    ),
    Rule(
        17,
        "MARRIED_MINOR",
        "statement",
        "Belum 17 tahun, sudah kawin, tanpa surat pernyataan identitas",
        "Pendukung belum berumur 17 tahun tetapi sudah atau pernah kawin; surat pernyataan identitas belum ada.",
        "Lampirkan surat pernyataan identitas pendukung dan isi kolom Surat pernyataan dengan “ya”.",
        "Model Pernyataan.Identitas.Pendukung.KWK; " + VOTER,
        checks.married_minor,
    ),
    Rule(
        18,
        "SEX_UNREADABLE",
        "sex",
        "Jenis kelamin kosong atau tidak terbaca",
        "Jenis kelamin tidak diisi, atau isinya bukan L atau P.",
        "Isi L (laki-laki) atau P (perempuan) sesuai KTP-el.",
        f"{VERMIN} huruf a",
        checks.blank("sex"),
    ),
    Rule(
        19,
        "MARITAL_UNREADABLE",
        "marital",
        "Status perkawinan kosong atau tidak terbaca",
        "Status perkawinan tidak diisi, atau isinya tidak dikenal.",
        "Isi Belum kawin, Sudah kawin, atau Pernah kawin sesuai KTP-el.",
        f"{VERMIN} huruf f",
        checks.blank("marital"),
    ),
    Rule(
        20,
        "REGENCY_UNKNOWN",
        "regency",
        "Kabupaten/kota tidak dikenal",
        "Nama kabupaten/kota kosong, tidak dikenal, atau dimiliki lebih dari satu daerah.",
        "Tulis lengkap dengan “Kabupaten” atau “Kota” sesuai KTP-el.",
        f"{VERMIN} huruf c",
        checks.fault_of_place("REGENCY_UNKNOWN"),
    ),
    Rule(
        21,
        "DISTRICT_UNKNOWN",
        "district",
        "Kecamatan tidak dikenal",
        "Nama kecamatan kosong atau tidak ada di kabupaten/kota tersebut.",
        "Tulis nama kecamatan sesuai KTP-el.",
        f"{VERMIN} huruf c",
        checks.fault_of_place("DISTRICT_UNKNOWN"),
    ),
    Rule(
        22,
        "VILLAGE_UNKNOWN",
        "village",
        "Desa/kelurahan tidak dikenal",
        "Nama desa/kelurahan kosong, tidak ada di kecamatan tersebut, atau dimiliki lebih dari satu desa.",
        "Tulis nama desa/kelurahan sesuai KTP-el.",
        f"{VERMIN} huruf e",
        checks.fault_of_place("VILLAGE_UNKNOWN"),
    ),
    Rule(
        23,
        "OUTSIDE_AREA",
        "regency",
        "Alamat di luar daerah pemilihan",
        "Kabupaten/kota pada alamat bukan bagian dari daerah pemilihan ini.",
        "Periksa dengan KTP-el; bila benar, ganti dengan pendukung yang beralamat di daerah pemilihan.",
        f"{VERMIN} huruf c",
        checks.fault_of_place("OUTSIDE_AREA"),
    ),
    Rule(
        24,
        "PARENT_AREA",
        "regency",
        "KTP-el terbitan daerah induk",
        "Alamat masih menyebut kabupaten/kota induk sebelum pemekaran.",
        "Pastikan tempat tinggal sekarang termasuk daerah pemilihan ini; petugas akan memeriksanya.",
        "PKPU 1/2020 pasal 32B ayat (6)",
        checks.fault_of_place("PARENT_AREA"),
    ),
    Rule(
        25,
        "OCCUPATION",
        "occupation",
        "Pekerjaan yang dilarang mendukung",
        "Pekerjaan menunjuk TNI, Polri, ASN, penyelenggara pemilihan, kepala desa, atau perangkat desa, dan surat "
        "pernyataan identitas belum ada.",
        "Bila sudah tidak menjabat, lampirkan surat pernyataan identitas dan isi kolom Surat pernyataan dengan "
        "“ya”; bila masih menjabat, ganti dengan pendukung lain.",
        f"{VERMIN} huruf g; Model Pernyataan.Identitas.Pendukung.KWK",
        checks.forbidden_work,
    ),
    Rule(
        26,
        "PHONE_MALFORMED",
        "phone",
        "Nomor HP tidak terbaca",
        "Nomor HP bukan nomor seluler Indonesia yang lengkap.",
        "Tulis dalam bentuk 08…, dan simpan kolomnya sebagai Teks.",
        "Tidak diwajibkan; membantu verifikasi faktual",
        checks.unread("phone"),
    ),
    Rule(
        27,
        "PHONE_SHARED",
        "phone",
        "Nomor HP dipakai banyak baris",
        "Nomor HP yang sama dipakai oleh beberapa pendukung dalam unggahan ini.",
        "Pastikan nomor itu memang milik bersama, bukan nomor petugas pengumpul.",
        "Tidak ada dasar hukum untuk menolak; bahan periksa petugas",
    ),
    Rule(
        28,
        "DUPLICATE_IDENTICAL",
        "nik",
        "Ganda identik",
        "Baris ini sama persis dengan baris lain: NIK, nama, tanggal lahir, jenis kelamin, status perkawinan, dan "
        "alamat. Baris pertama tetap dihitung.",
        "Hapus salinan ini, atau biarkan: orangnya tetap dihitung satu kali.",
        f"{VERMIN} huruf h",
    ),
    Rule(
        29,
        "DUPLICATE_NIK",
        "nik",
        "Potensi ganda: NIK sama, data lain berbeda",
        "NIK ini juga ada di baris lain dengan data yang berbeda. Satu baris tetap dihitung.",
        "Cocokkan dengan KTP-el, perbaiki NIK yang salah, atau hapus baris yang tidak benar.",
        f"{VERMIN} huruf h",
    ),
    Rule(
        30,
        "DUPLICATE_ROUND",
        "nik",
        "Sudah ada pada putaran lain",
        "Pendukung ini sudah ada pada putaran lain dari bakal pasangan calon yang sama.",
        "Ganti dengan pendukung yang belum pernah diserahkan, bila putaran ini hanya menerima pendukung baru. Baris "
        "di Cadangan tidak perlu dipindahkan.",
        "PKPU 8/2024 pasal 77 ayat (2)",
    ),
    Rule(
        46,
        "TMS_BEFORE",
        "nik",
        "TMS pada putaran sebelumnya",
        "Pendukung ini sudah dinyatakan TMS pada putaran sebelumnya dari bakal pasangan calon yang sama. Yang dapat "
        "diperbaiki hanya yang BMS; yang TMS diganti dengan pendukung lain.",
        "Ganti dengan pendukung yang belum pernah diserahkan.",
        "Surat KPU 815 Tahun 2024",
    ),
    Rule(
        31,
        "SERIAL_RUN",
        "nik",
        "NIK atau nomor HP berurutan",
        "NIK atau nomor HP pada beberapa baris berurutan satu per satu.",
        "Periksa keaslian surat pernyataan pada baris-baris ini.",
        "Bahan periksa petugas",
        audience=COMMISSION,
    ),
    Rule(
        32,
        "TEXT_TOO_LONG",
        "",
        "Isi kolom terlalu panjang",
        "Isi salah satu kolom terlalu panjang untuk seorang pendukung, sehingga yang ditampilkan dipotong.",
        "Periksa apakah beberapa kolom tergabung menjadi satu, pisahkan, lalu unggah kembali.",
        FORM,
        checks.flag("too_long"),
    ),
    *ROW_ID_RULES,
    *ROLL_RULES,
    *SCAN_RULES,
)

BY_CODE = {rule.code: rule for rule in RULES}
BY_NUMBER = {rule.number: rule for rule in RULES}
ROW_RULES = tuple(rule for rule in RULES if rule.faulty is not None)


def check(frame: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """One Boolean column per row rule, named by its code; never null.

    A broken row says only that: what its cells would say is not known.
    """
    whole = ~pl.col("broken")
    return frame.select(
        (rule.faulty(terms) if rule.code == "ROW_BROKEN" else rule.faulty(terms) & whole)
        .fill_null(False)
        .alias(rule.code)
        for rule in ROW_RULES
    )
