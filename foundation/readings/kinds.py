"""What can be read with an identity in clear, as data. Pure: no Django."""

from enum import StrEnum


class Kind(StrEnum):
    """The ways in which identities reach a person (value = stored name, title = Indonesian)."""

    title: str

    def __new__(cls, value: str, title: str) -> "Kind":
        member = str.__new__(cls, value)
        member._value_ = value
        member.title = title
        return member

    IDENTITY = "identity", "Membuka identitas satu baris"
    SEARCH = "search", "Mencari pendukung"
    REPORT = "report", "Mengunduh laporan unggahan"
    LIST = "list", "Mencetak atau mengunduh daftar pendukung"
    ROWS = "rows", "Mengunduh salinan baris yang diserahkan"
    PROOF = "proof", "Membuktikan satu baris tanda terima"
    MATCHES = "matches", "Melihat ganda antarbakal pasangan calon"
    SCAN = "scan", "Membuka pindaian formulir"
    PAPER = "paper", "Membuka pindaian dokumen pendukung"
    ORIGINAL = "original", "Mengunduh berkas asli pindaian dokumen pendukung"
    DOCUMENT = "document", "Membuka dokumen terlampir"
    HELP = "help", "Membaca identitas dalam pertanyaan kepada help desk"
    PERSON = "person", "Mengekspor data tentang satu orang"
    LOG = "log", "Mengunduh log pembacaan"


# Of these the rows they covered are known by round, upload and area when no single row is named.
OF_MANY_ROWS = (Kind.REPORT, Kind.LIST, Kind.ROWS)
