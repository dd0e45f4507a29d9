"""What is said about a row by the "ID baris" it came with, once the rows of the round are looked at. Pure.

Where it is not certain which row is mended, the new one does not count beside the old: a person counts once.
"""

from supports.rule import Rule

REPORT = "Tidak ada dasar hukum: menjaga agar satu baris diganti satu kali"

ROW_ID_RULES: tuple[Rule, ...] = (
    Rule(
        33,
        "ROW_ID_UNKNOWN",
        "",
        "ID baris tidak dikenal",
        "ID baris ini bukan dari laporan putaran ini, atau tulisannya berubah. Tidak ada baris yang diganti; baris ini "
        "disimpan, tetapi belum terhitung supaya tidak ada orang yang terhitung dua kali.",
        "Unduh laporan terbaru dan benahi di sana tanpa mengubah kolom ID baris. Untuk pendukung baru, kosongkan "
        "selnya.",
        REPORT,
    ),
    Rule(
        34,
        "ROW_ID_REPEATED",
        "",
        "ID baris dipakai dua kali dalam satu berkas",
        "ID baris ini sudah dipakai baris lain di berkas yang sama. Baris yang pertama mengganti baris aslinya; "
        "baris ini disimpan, tetapi belum terhitung supaya tidak ada orang yang terhitung dua kali.",
        "Hapus baris ini bila orangnya sama. Bila orangnya lain, kosongkan sel ID baris, lalu unggah kembali.",
        REPORT,
    ),
    Rule(
        35,
        "ROW_ID_CHANGED",
        "",
        "Baris aslinya sudah diubah sejak laporan diunduh",
        "Baris yang ditunjuk ID ini sudah diubah atau diganti sejak laporan diunduh, dan perubahan itu yang berlaku. "
        "Baris ini disimpan, tetapi belum terhitung supaya tidak ada orang yang terhitung dua kali.",
        "Hapus baris ini bila perubahan itu sudah benar; bila belum, benahi dari laporan terbaru.",
        REPORT,
    ),
    Rule(
        45,
        "ROW_ID_DECIDED",
        "",
        "Baris aslinya sudah diputus dan tidak diperbaiki",
        "ID baris ini dari putaran sebelumnya, tetapi barisnya tidak berstatus BMS: baris MS tetap terhitung dan tidak "
        "diubah, baris TMS tidak diperbaiki lagi. Baris ini disimpan, tetapi belum terhitung supaya tidak ada orang "
        "yang terhitung dua kali.",
        "Hapus baris ini bila orangnya sama. Bila orangnya lain, kosongkan sel ID baris, lalu unggah kembali.",
        REPORT,
    ),
    Rule(
        36,
        "ROW_ID_GONE",
        "",
        "Baris aslinya sudah tidak ada",
        "Baris yang ditunjuk ID ini sudah dihapus atau dibuang, jadi baris ini disimpan sebagai baris baru.",
        "Pastikan orangnya memang mendukung; bila dihapus dengan sengaja, hapus juga baris ini.",
        REPORT,
    ),
)
