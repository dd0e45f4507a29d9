"""Why a whole file could not be read, in words for the team that uploaded it.

Only these make an upload fail; a bad row never does.
"""

from foundation.errors import Refused

SENTENCES: dict[str, str] = {
    "FILE_EMPTY": (
        "Berkas ini kosong: tidak ada satu baris pun yang terisi. "
        "Periksa berkas asalnya, simpan lagi sebagai buku kerja Excel (.xlsx) atau CSV, lalu unggah kembali."
    ),
    "FILE_NO_ROWS": (
        "{where} hanya berisi judul kolom (baris {row}), tanpa satu pun baris pendukung. "
        "Isi data pendukung di bawah judul kolom, lalu unggah kembali."
    ),
    "FILE_NO_HEADINGS": (
        "Judul kolom tidak ditemukan: baris {row} sudah berisi data. "
        "Tambahkan baris judul (NIK, Nama, Tempat Lahir, dan seterusnya) di atas data, lalu unggah kembali."
    ),
    "FILE_NOT_TEXT": (
        "Berkas ini berisi {kind}, bukan buku kerja dan bukan teks CSV, sehingga tidak dapat dibaca. "
        "Buka daftar pendukung di Excel atau LibreOffice, simpan sebagai .xlsx atau CSV UTF-8, lalu unggah kembali."
    ),
    "FILE_IS_WORKBOOK": (
        "Berkas ini {kind}, bukan buku kerja dan bukan CSV, walaupun Excel dapat membukanya. "
        "Buka di Excel atau LibreOffice, pilih Simpan Sebagai, jenis .xlsx atau CSV UTF-8, lalu unggah hasilnya."
    ),
    "FILE_ENCRYPTED": (
        "Buku kerja ini dilindungi kata sandi sehingga isinya tidak dapat dibaca. "
        "Buka dengan kata sandinya, hapus kata sandi itu (Berkas > Info > Proteksi Buku Kerja), simpan, "
        "lalu unggah kembali."
    ),
    "FILE_HAS_MACROS": (
        "Buku kerja ini memuat makro (program) sehingga tidak diterima. "
        "Buka di Excel atau LibreOffice, pilih Simpan Sebagai, jenis .xlsx (tanpa makro), lalu unggah hasilnya."
    ),
    "FILE_DAMAGED": (
        "Buku kerja ini tidak dapat dibuka: berkasnya rusak, terpotong, atau susunannya tidak dikenal. "
        "Buka berkas asalnya di Excel atau LibreOffice, simpan ulang sebagai .xlsx, lalu unggah kembali."
    ),
    "FILE_IS_BOMB": (
        "Buku kerja sebesar {packed} ini mengembang menjadi {size} ketika dibuka, tidak wajar untuk daftar pendukung, "
        "sehingga tidak dibuka. "
        "Salin data pendukung ke buku kerja baru, simpan sebagai .xlsx atau CSV UTF-8, lalu unggah kembali."
    ),
    "FILE_HAS_ENTITIES": (
        "Buku kerja ini memuat definisi entitas XML, yang tidak pernah dibuat oleh Excel atau LibreOffice, "
        "sehingga tidak dibuka. Salin data pendukung ke buku kerja baru, simpan sebagai .xlsx, lalu unggah kembali."
    ),
    "FILE_FAR_CELL": (
        "Buku kerja ini berisi sel yang jauh di luar tabel ({cell}) sehingga tidak dapat dibaca. "
        "Tekan Ctrl+End di setiap lembar, hapus kolom dan baris di luar tabel, simpan, lalu unggah kembali."
    ),
    "FILE_ALL_HIDDEN": (
        "Semua lembar yang berisi data tersembunyi ({sheets}), dan lembar tersembunyi tidak dibaca. "
        "Klik kanan nama lembar, pilih Tampilkan, simpan, lalu unggah kembali."
    ),
    "WORKBOOK_TOO_HEAVY": (
        "Pembacaan buku kerja dihentikan karena memerlukan memori atau waktu melebihi batas; "
        "tidak ada baris yang disimpan. Hapus isi sel yang jauh di luar tabel (Ctrl+End menunjukkan sel terakhir), "
        "atau simpan setiap lembar sebagai CSV UTF-8, lalu unggah kembali."
    ),
    "LINE_TOO_LONG": (
        "Baris {row} terlalu panjang untuk daftar pendukung. "
        "Pastikan setiap pendukung berada di barisnya sendiri, simpan lagi sebagai CSV, lalu unggah kembali."
    ),
    "FILE_TOO_WIDE": (
        "Baris judul (baris {row}) memuat {columns} kolom; paling banyak {limit}. "
        "Hapus kolom yang tidak diperlukan, simpan, lalu unggah kembali."
    ),
    "FILE_TOO_MANY_ROWS": (
        "Berkas memuat lebih dari {limit} baris sampai baris {row}. "
        "Bagi menjadi beberapa berkas, lalu unggah satu per satu."
    ),
    "FILE_TOO_HEAVY": (
        "Pembacaan berkas dihentikan karena memerlukan memori atau waktu melebihi batas; "
        "tidak ada baris yang disimpan. "
        "Simpan ulang sebagai CSV UTF-8 atau bagi menjadi beberapa berkas, lalu unggah kembali."
    ),
    "PARSER_DIED": (
        "Pembacaan berkas terhenti sebelum selesai; tidak ada baris yang disimpan. "
        "Coba lagi; bila berulang, simpan ulang berkas sebagai CSV UTF-8, lalu unggah kembali."
    ),
}

# What was read although something was left out or put together: shown beside the upload's columns.
NOTES: dict[str, str] = {
    "hidden": (
        "Lembar tersembunyi diabaikan: {sheets}. "
        "Bila berisi pendukung, tampilkan lembarnya, lalu unggah kembali."
    ),
    "no_headings": (
        "Lembar tanpa judul kolom yang dikenali diabaikan: {sheets}. "
        "Bila berisi pendukung, tambahkan baris judul (NIK, Nama, dan seterusnya), lalu unggah kembali."
    ),
    "no_rows": (
        "Lembar yang hanya berisi judul kolom dilewati: {sheets}. "
        "Bila seharusnya berisi pendukung, isi di bawah judulnya, lalu unggah kembali."
    ),
    "heading_rows": (
        "Judul kolom lembar “{sheet}” dibaca dari baris {first} sampai {last}. "
        "Periksa di bawah apakah setiap kolom dikenali dengan benar."
    ),
    "total_row": (
        "Baris {row} berisi jumlah, bukan pendukung, sehingga tidak dimuat. "
        "Bila baris itu pendukung, isi NIK dan namanya, lalu unggah kembali."
    ),
    "total_row_of_sheet": (
        "Baris {row} lembar “{sheet}” berisi jumlah, bukan pendukung, sehingga tidak dimuat. "
        "Bila baris itu pendukung, isi NIK dan namanya, lalu unggah kembali."
    ),
    "unreadable": (
        "{rows} baris memuat huruf yang tidak terbaca dan ditampilkan sebagai “�”, yang pertama baris {row}. "
        "Simpan berkas asalnya sebagai CSV UTF-8 atau .xlsx, lalu unggah kembali."
    ),
}


class Unreadable(Refused):
    """The file itself cannot be read; nothing of it was taken over."""

    @classmethod
    def because(cls, code: str, **facts: object) -> "Unreadable":
        """Build the refusal whose sentence belongs to ``code``, filled with the facts it names."""
        return cls(code, SENTENCES[code].format(**facts), field="file")


def note(key: str, **facts: object) -> str:
    """The sentence of ``NOTES`` with its facts."""
    return NOTES[key].format(**facts)
