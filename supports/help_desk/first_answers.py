"""The answers a new site begins with: what teams and citizens ask first, told of what the software really does."""

import re

from django.db import transaction

from supports.help_desk.answers import Said, publish_answer
from supports.help_desk.models import Answer

FILES, ROWS, HANDING_IN, ACCOUNTS, CITIZENS = Answer.Topic.values

FIRST_ANSWERS = (
    Said(
        "Mengapa NIK di Excel berubah menjadi 3,17E+15?",
        """Excel menganggap NIK sebagai angka dan hanya menyimpan 15 digit; digit ke-16 diganti 0. Yang hilang
tidak dapat dikembalikan dari berkas itu, juga oleh Silon, jadi NIK harus diketik ulang dari KTP-el.

- Ubah dahulu format kolom NIK menjadi Teks, baru ketik NIK-nya.
- Lebih mudah: unduh templat di halaman Unggahan; kolom NIK-nya sudah berformat Teks.
- Baris seperti itu tidak ditolak. Baris disimpan dengan temuan “NIK tersimpan sebagai angka” dan belum
dihitung sampai dibenahi.

Arti temuan ini: [NIK tersimpan sebagai angka](/aturan/#NIK_FROM_NUMBER).""",
        FILES,
        10,
    ),
    Said(
        "Berkas saya besar dan jaringan sering putus. Harus mulai dari awal?",
        """Tidak. Berkas dikirim dalam bagian-bagian. Bila jaringan putus, pengiriman dilanjutkan sendiri begitu
tersambung. Bila peramban tertutup, buka lagi halaman Unggahan dan pilih berkas yang sama: bagian yang
sudah sampai tidak dikirim ulang. Sampai kapan bagian itu disimpan, tertulis di sana.

Beberapa berkas dapat dikirim sekaligus.""",
        FILES,
        20,
    ),
    Said(
        "Ada baris yang salah. Apakah seluruh berkas harus diunggah lagi?",
        """Tidak. Ada dua cara:

- Buka baris itu di Daftar pendukung, benahi, lalu simpan. Baris langsung diperiksa lagi.
- Unduh laporan unggahan, benahi barisnya di berkas itu, lalu unggah laporannya. Kolom “ID baris”
membuat hanya baris itu yang diganti; jangan mengubah isi kolom itu.

Bila seluruh berkas memang salah, pilih “Ganti unggahan” ketika mengunggah penggantinya.""",
        FILES,
        30,
    ),
    Said(
        "Satu orang tercatat dua kali. Mana yang dihitung?",
        """Setiap orang dihitung satu kali.

- Ganda identik: barisnya sama persis. Baris pertama tetap dihitung, salinannya tidak. Salinan boleh
dihapus, boleh juga dibiarkan.
- Potensi ganda: NIK-nya sama, tetapi nama atau data lain berbeda. Satu baris tetap dihitung; yang lain
belum, sampai dicocokkan dengan KTP-el.

Artinya: [ganda identik](/aturan/#DUPLICATE_IDENTICAL) dan [potensi ganda](/aturan/#DUPLICATE_NIK).
Temuan hanya menyarankan; status ditetapkan oleh KPU.""",
        ROWS,
        10,
    ),
    Said(
        "Satu nomor HP dipakai beberapa pendukung. Apakah barisnya gugur?",
        """Tidak. Nomor HP tidak diwajibkan, dan nomor yang sama bukan alasan untuk menolak. Barisnya tetap
dihitung dan hanya diberi catatan, supaya petugas memastikan bahwa nomor itu milik bersama (misalnya
satu keluarga) dan bukan nomor petugas pengumpul.

Arti catatan ini: [nomor HP dipakai banyak baris](/aturan/#PHONE_SHARED).""",
        ROWS,
        20,
    ),
    Said(
        "KTP-el pendukung masih menyebut kabupaten induk sebelum pemekaran. Apakah dihitung?",
        """Ya. Baris diberi catatan “KTP-el terbitan daerah induk” dan tetap dihitung. Pastikan tempat tinggalnya
sekarang termasuk daerah pemilihan; petugas memeriksanya.

Tulis alamat seperti pada KTP-el; jangan diganti sendiri dengan nama kabupaten yang baru. Arti catatan
ini: [KTP-el terbitan daerah induk](/aturan/#PARENT_AREA).""",
        ROWS,
        30,
    ),
    Said(
        "Sudah diunggah. Apakah berarti sudah diserahkan?",
        """Belum. Mengunggah hanya menyimpan dan memeriksa. Dukungan baru diserahkan setelah tombol “Periksa dan
serahkan” di Meja kerja ditekan dan halaman terakhirnya disetujui.

Buktinya adalah tanda terima dengan nomor dan waktu. Selama tanda terima belum ada, Meja kerja
menampilkan “Sudah diunggah, BELUM diserahkan”.""",
        HANDING_IN,
        10,
    ),
    Said(
        "Masa pengisian sudah ditutup. Apa yang masih dapat dilakukan?",
        """Waktu buka dan tutup, beserta zonanya, tertulis di [jadwal tahapan](/jadwal/) dan di baris paling atas
setiap halaman tim.

- Setelah masa itu berakhir, baris putaran tidak dapat ditambah atau diubah.
- Cadangan dukungan tetap menerima berkas di luar masa pengisian. Isinya diperiksa, tetapi tidak
dihitung sampai dipindahkan ke putaran yang sedang diisi.
- Masa dapat dibuka lagi hanya berdasarkan putusan, kesepakatan, atau keputusan KPU karena gangguan.
[Catatan gangguan](/gangguan/) tidak memperpanjang masa dengan sendirinya.""",
        HANDING_IN,
        20,
    ),
    Said(
        "Berapa dukungan yang diperlukan, dan bagaimana sebarannya?",
        """Hitung di [simulasi syarat dukungan](/simulasi/): pilih dasar hukum dan jenis pemilihan, lalu isi angka
dasar dan jumlah wilayah. Hitungannya diuraikan langkah demi langkah.

Untuk pemilihan yang sudah ditetapkan, yang berlaku adalah angka di Meja kerja pasangan, termasuk bila
keputusan menetapkan angka lain daripada rumus.""",
        HANDING_IN,
        30,
    ),
    Said(
        "Bagaimana tim memperoleh akun?",
        """Akun diberikan KPU berdasarkan surat mandat bakal pasangan calon. Ajukan di halaman [mandat dan
akun](/mandat/), atau bawa suratnya ke kantor KPU. Setelah disetujui, LO dan operator menerima tautan
aktivasi di surelnya; tautan itu berlaku 72 jam dan dapat dikirim ulang.

Juru entri diundang oleh operator di halaman Juru entri. Setiap orang memakai akunnya sendiri; juru
entri hanya melihat baris yang ia ketik.""",
        ACCOUNTS,
        10,
    ),
    Said(
        "NIK saya tercatat sebagai pendukung, padahal saya tidak mendukung. Apa yang dapat saya lakukan?",
        """Periksa dahulu di halaman [Cek NIK](/cek-nik/) dengan NIK dan tanggal lahir Anda. Halaman itu hanya
menjawab ya atau tidak, dan yang Anda ketik tidak disimpan.

Bila tercatat, ajukan permohonan “NIK saya dipakai tanpa izin” di halaman
[Data pribadi Anda](/data-pribadi/) dengan melampirkan KTP-el, atau datangi kantor KPU di wilayah Anda. Setelah KTP-el
dicocokkan, baris Anda dibatasi dan KPU memeriksanya dalam verifikasi.

Pertanyaan lain dapat [diajukan kepada KPU](/bantuan/tanya/) tanpa akun; jangan menulis NIK di sana.""",
        CITIZENS,
        10,
    ),
)


@transaction.atomic
def publish_first_answers() -> int:
    """Publish them on a site that has no answer yet; how many were."""
    if Answer.objects.exists():
        return 0
    return len([publish_answer(_unwrapped(said), by=None) for said in FIRST_ANSWERS])


def _unwrapped(said: Said) -> Said:
    """A line of this file ends where it is full; a line of an answer ends with its paragraph or item."""
    return Said(said.title, re.sub(r"(?<!\n)\n(?!\n|- )", " ", said.text), said.topic, said.position)
