"""Why a voter list could not be read, where the sentences about supporters' files would speak of supporters."""

from django.utils.translation import gettext_lazy as _

from foundation.errors import Refused

UNREADABLE = {
    "FILE_EMPTY": _(
        "Berkas ini kosong: tidak ada satu baris pun yang terisi. Periksa berkas asalnya, lalu unggah kembali."
    ),
    "FILE_NO_ROWS": _(
        "Berkas ini hanya berisi judul kolom, tanpa satu pun pemilih. Ambil daftar yang lengkap, lalu unggah kembali."
    ),
    "FILE_NO_HEADINGS": _(
        "Judul kolom tidak ditemukan: baris pertama sudah berisi data. Tambahkan baris judul (NIK, Nama, Tanggal "
        "Lahir, Kecamatan, Kelurahan) di atas data, lalu unggah kembali."
    ),
    "FILE_NOT_TEXT": _(
        "Berkas ini bukan CSV dan bukan buku kerja, sehingga tidak dapat dibaca. Simpan daftar pemilih sebagai CSV "
        "UTF-8, lalu unggah kembali."
    ),
    "FILE_DAMAGED": _(
        "Berkas ini rusak atau terpotong, sehingga tidak dapat dibuka. Ambil lagi dari asalnya, lalu unggah kembali."
    ),
    "LINE_TOO_LONG": _(
        "Ada baris yang terlalu panjang untuk daftar pemilih. Pastikan setiap pemilih berada di barisnya sendiri, lalu "
        "unggah kembali."
    ),
}


def reworded(refusal: Refused) -> Refused:
    """The same refusal, of a voter list."""
    if refusal.code in UNREADABLE:
        return Refused(refusal.code, str(UNREADABLE[refusal.code]), "file")
    return refusal
