"""What is wrong with a scan, a file or a whole batch, in the words of the page: what happened, and what to do."""

from django.utils.translation import gettext_lazy as _

# Files that become no scan. Codes are part of the API.
FAULTS = {
    "name_climbs": _("Nama berkasnya menunjuk ke luar folder. Ganti namanya, lalu kirim lagi."),
    "encrypted": _("Dilindungi kata sandi. Simpan tanpa kata sandi, lalu kirim lagi."),
    "nested": _("Arsip di dalam arsip tidak dibuka. Keluarkan isinya, lalu kirim lagi."),
    "method": _("Cara pemampatannya tidak didukung. Buat ulang ZIP dengan cara biasa (Deflate)."),
    "bomb": _("Isinya mengembang tidak wajar bila dibuka. Pindai ulang, lalu kirim lagi."),
    "too_large": _("Lebih besar dari 25 MB. Pindai dengan resolusi lebih rendah, misalnya 200 dpi."),
    "empty": _("Berkas kosong (0 byte). Periksa berkas asalnya, lalu kirim lagi."),
    "kind": _("Bukan PDF, JPEG, PNG, atau HEIC, apa pun nama berkasnya. Pindai ulang, lalu kirim lagi."),
    "damaged": _(
        "Rusak atau terpotong sehingga tidak dapat dibuka. Pindai atau simpan ulang, lalu kirim lagi."
    ),
    "pixels": _("Gambarnya lebih besar dari 80 juta piksel. Pindai dengan resolusi lebih rendah."),
    "pages": _("PDF tanpa halaman, atau lebih dari 20 halaman. Satu berkas hanya untuk satu pendukung."),
    "script": _("PDF memuat program, lampiran, atau tindakan. Cetak ke PDF biasa atau pindai ulang."),
    "heavy": _(
        "Pemeriksaannya memerlukan memori atau waktu melebihi batas. Pindai ulang sebagai berkas biasa."
    ),
}
# Scans that are kept and should be looked at.
PROBLEMS = {
    "SMALL": _("Terlalu kecil untuk dibaca. Pindai ulang, paling sedikit 200 dpi."),
    "BLANK": _("Halaman kosong. Pindai ulang sisi yang berisi."),
    "DARK": _("Terlalu gelap. Pindai atau foto ulang dengan cahaya cukup."),
    "BLURRED": _("Buram. Pindai ulang, atau foto ulang tanpa bergerak."),
    "TURNED": _("Terbalik atau rebah. Bila terbaca, tidak perlu dipindai ulang: petugas dapat memutarnya."),
    "SEVERAL": _("Lebih dari 6 halaman: mungkin milik beberapa orang. Satu berkas untuk satu pendukung."),
}
# Why nobody knows whose a scan is.
REASONS = {
    "unnamed": _("Nama berkas tidak memuat NIK, nomor rujukan, atau nomor lembar."),
    "several": _("Nama berkas memuat lebih dari satu NIK."),
    "no_row": _("Tidak ada baris dengan NIK atau nomor itu."),
    "ambiguous": _("Lebih dari satu baris cocok dengan NIK atau nomor itu."),
    "frozen": _("Barisnya sudah diserahkan, sehingga pindaiannya tidak dapat diganti."),
    "row_gone": _("Barisnya sudah dihapus atau diganti."),
    "taken_off": _("Dilepas dari barisnya."),
}
# Lines of a list that are left out. Codes are part of the API.
LINES = {
    "no_file": _("Nama berkasnya kosong. Isi kolom berkas."),
    "nik": _(
        "NIK-nya bukan 16 angka. Bila Excel mengubahnya menjadi 6,47E+15, jadikan kolomnya Teks, lalu ketik ulang."
    ),
    "row": _(
        "Tidak ada baris dengan ID itu pada bakal pasangan calon ini. Salin ID baris dari laporan temuan."
    ),
    "kind": _("Jenisnya tidak dikenal. Isi pernyataan, ktp, suket, atau identitas; atau kosongkan."),
    "nothing": _("Tidak menyebut NIK, rujukan, lembar, ID baris, maupun jenis. Isi salah satunya."),
    "twice": _(
        "Nama berkas ini juga ada di baris lain dengan isi yang berbeda, jadi keduanya tidak dipakai."
    ),
    "several": _(
        "Beberapa berkas yang berbeda bernama sama. Tulis juga foldernya, misalnya posko-1/IMG_0001.jpg."
    ),
    "quote": _("Tanda kutipnya tidak berpasangan, sehingga kolomnya tidak terbaca. Perbaiki tanda kutipnya."),
}
MANIFEST_FAULTS = {
    "manifest_columns": _(
        "Daftar ini bukan CSV dengan kolom yang dikenal, jadi tidak dipakai. Baris pertama memuat judul kolom: "
        "berkas, lalu nik (atau rujukan, lembar, atau ID baris), dan jenis."
    ),
    "manifest_lines": _(
        "Daftar ini memuat lebih dari 100.000 baris, jadi tidak dipakai. Bagi menjadi beberapa daftar."
    ),
}
BATCH_FAULTS = {
    "zip_damaged": _(
        "ZIP ini rusak atau terpotong sehingga tidak dapat dibuka. Buat ulang, lalu kirim lagi."
    ),
    "zip_entries": _(
        "ZIP ini memuat lebih dari 100.000 berkas. Bagi menjadi beberapa ZIP, lalu kirim satu per satu."
    ),
    "zip_bomb": _(
        "Berkas-berkas di dalam ZIP ini saling menindih, seperti ZIP yang dibuat untuk melumpuhkan. Tidak ada "
        "yang diambil. Buat ulang ZIP-nya, lalu kirim lagi."
    ),
    "zip_empty": _("ZIP ini tidak memuat berkas apa pun. Periksa isinya, lalu kirim lagi."),
}
