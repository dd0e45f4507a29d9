"""Why a whole file could not be read, in words for the team that uploaded it.

Only these make an upload fail; a bad row never does.
"""

from foundation.errors import Refused

SENTENCES: dict[str, str] = {
    "FILE_EMPTY": (
        "Berkas kosong: tidak ada satu baris pun yang berisi. "
        "Periksa berkas asalnya, simpan sebagai CSV, lalu unggah kembali."
    ),
    "FILE_NO_ROWS": (
        "Berkas hanya berisi judul kolom (baris {row}), tanpa satu pun baris pendukung. "
        "Isi data pendukung di bawah judul kolom, lalu unggah kembali."
    ),
    "FILE_NO_HEADINGS": (
        "Judul kolom tidak ditemukan: baris {row} sudah berisi data. "
        "Tambahkan baris judul (NIK, Nama, Tempat Lahir, dan seterusnya) di atas data, lalu unggah kembali."
    ),
    "FILE_NOT_TEXT": (
        "Isi berkas bukan teks CSV ({kind}) sehingga tidak dapat dibaca. "
        "Buka daftar pendukung di Excel atau LibreOffice, simpan sebagai CSV UTF-8, lalu unggah kembali."
    ),
    "FILE_IS_WORKBOOK": (
        "Berkas ini {kind}, bukan CSV. "
        "Buka di Excel atau LibreOffice, pilih Simpan Sebagai, jenis “CSV UTF-8”, lalu unggah hasilnya."
    ),
    "LINE_TOO_LONG": (
        "Baris {row} terlalu panjang untuk satu pendukung. "
        "Pastikan setiap pendukung berada di barisnya sendiri, simpan lagi sebagai CSV, lalu unggah kembali."
    ),
    "FILE_TOO_WIDE": (
        "Baris judul (baris {row}) memuat {columns} kolom; paling banyak {limit}. "
        "Hapus kolom yang tidak diperlukan, simpan lagi sebagai CSV, lalu unggah kembali."
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


class Unreadable(Refused):
    """The file itself cannot be read; nothing of it was taken over."""

    @classmethod
    def because(cls, code: str, **facts: object) -> "Unreadable":
        """Build the refusal whose sentence belongs to ``code``, filled with the facts it names."""
        return cls(code, SENTENCES[code].format(**facts), field="file")
