"""What a file is, told by its content and never by its name; and what must not be opened, refused in words.

Pure; runs in the parser's own process. A workbook is looked over here before anything takes it apart: its parts
are inflated once, in pieces that are thrown away, so that bombs, damage and stray cells are found while memory
stays small.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from supports.ingest.layout import MAX_COLUMNS
from supports.ingest.unreadable import Unreadable

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
START = 8  # bytes that tell a workbook from text

MAX_PARTS = 10_000
MAX_INFLATED = 6 << 30  # bytes of all parts together; four full sheets of twenty columns
# No table packs better than 1:50; a bomb comes near 1:1000. Small parts may be as they like.
MAX_RATIO = 200
RATIO_FROM = 64 << 20
_PIECE = 1 << 20
_SECRET = 1  # the flag of an encrypted part
_OVERLAP = 64  # bytes; longer than anything that is looked for

# What the first part of a ZIP file says of it → what it is.
_XLSX, _XLSB = (b"spreadsheetml", b"ms-excel.sheet"), b"ms-excel.sheet.binary"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_DOCUMENTS: dict[bytes, str] = {
    b"wordprocessingml": "dokumen Word DOCX",
    b"presentationml": "presentasi PowerPoint PPTX",
    b"application/vnd.oasis.opendocument.text": "dokumen LibreOffice Writer ODT",
}
# A cell with a value from column AA on; those without one end in "/>".
_FAR_CELL = re.compile(rb' r="([A-Z]{2,3})(\d{1,7})"[^<>/]*>')
# Old OpenOffice writes a harmless DOCTYPE; entities are what a bomb needs.
_ENTITY = b"<!ENTITY"
_OLE_KINDS: dict[str, str] = {
    "WordDocument": "dokumen Word DOC",
    "PowerPoint Document": "presentasi PowerPoint PPT",
}
_XLS_STREAMS = ("Workbook", "WORKBOOK", "Book", "BOOK")
_FILEPASS, _BOF = 0x2F, 0x809  # records of XLS
# What zipfile raises for an archive that is cut off, altered, or packed in an unknown way.
_BAD_ZIP = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError)


def kind_of(start: bytes) -> str:
    """ "workbook" or "csv", by the first bytes (``START`` of them are enough)."""
    return "workbook" if start.startswith((ZIP, OLE)) else "csv"


def inspect(data: bytes) -> str:
    """What kind of workbook these bytes are: xlsx, xlsb, ods or xls.

    Refuses other documents, encrypted workbooks, those with macros, bombs, and archives that are damaged.
    """
    return _inspect_ole(data) if data.startswith(OLE) else _inspect_zip(data)


def _inspect_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            marked = _piece(archive, "mimetype") + _piece(archive, "[Content_Types].xml")
            kind = _kind_of_zip(marked)
            _refuse_encrypted(archive)
            _refuse_macros(archive, marked)
            _refuse_bomb(archive)
            _look_over(archive)
    except _BAD_ZIP as error:
        raise Unreadable.because("FILE_DAMAGED") from error
    return kind


def _kind_of_zip(marked: bytes) -> str:
    if marked.startswith(_ODS):
        return "ods"
    if any(mark in marked for mark in _XLSX):
        return "xlsb" if _XLSB in marked else "xlsx"
    kinds = (kind for mark, kind in _DOCUMENTS.items() if mark in marked)
    raise Unreadable.because("FILE_NOT_TEXT", kind=next(kinds, "arsip ZIP"))


def _piece(archive: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of a part, nothing when there is none."""
    if name not in archive.NameToInfo or archive.NameToInfo[name].flag_bits & _SECRET:
        return b""
    with archive.open(name) as part:
        return part.read(_PIECE)


def _refuse_encrypted(archive: zipfile.ZipFile) -> None:
    secret = any(part.flag_bits & _SECRET for part in archive.infolist())
    if secret or b"encryption-data" in _piece(archive, "META-INF/manifest.xml"):
        raise Unreadable.because("FILE_ENCRYPTED")


def _refuse_macros(archive: zipfile.ZipFile, marked: bytes) -> None:
    """Refuse programs inside a workbook: they would not run here, but on the machine of whoever opens the file."""
    names = [_plain(part.filename) for part in archive.infolist()]
    if b"vbaProject" in marked or b"macrosheet" in marked or any(map(_is_program, names)):
        raise Unreadable.because("FILE_HAS_MACROS")


def _is_program(name: str) -> bool:
    """Whether a part of an XLSX is a macro, or one of an ODS (which lists its libraries even when there are none)."""
    if name.startswith("basic/"):
        return not name.endswith(("/", "script-lb.xml", "script-lc.xml"))
    in_scripts = name.startswith("scripts/") and not name.endswith("/")
    return in_scripts or "/macrosheets/" in name or name.endswith("vbaproject.bin")


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    """Refuse what the archive itself declares to be enormous. ``_look_over`` finds those that lie about it."""
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    dense = any(
        part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * part.compress_size for part in parts
    )
    if dense or total > MAX_INFLATED or len(parts) > MAX_PARTS:
        packed = sum(part.compress_size for part in parts)
        raise Unreadable.because("FILE_IS_BOMB", packed=_size(packed), size=_size(total))


def _size(size: int) -> str:
    """A number of bytes as a person reads it."""
    megabytes = size / (1 << 20)
    number, unit = (megabytes, "MB") if megabytes < 1000 else (megabytes / 1024, "GB")
    return f"{number:.1f} {unit}".replace(".", ",")


def _look_over(archive: zipfile.ZipFile) -> None:
    """Inflate every part that will be read: its checksum holds, it defines no entities, its cells are near."""
    for part in archive.infolist():
        name = _plain(part.filename)
        if not name.endswith((".xml", ".rels", ".bin")) or name.startswith(("xl/media/", "pictures/")):
            continue
        cells = "sheet" in name and name.endswith(".xml")
        for piece in _pieces(archive, part):
            if _ENTITY in piece and not name.endswith(".bin"):
                raise Unreadable.because("FILE_HAS_ENTITIES")
            if cells:
                _refuse_far_cell(piece)


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's bytes, each piece beginning with the end of the one before."""
    with archive.open(part) as stream:
        end = b""
        while piece := stream.read(_PIECE):
            yield end + piece
            end = piece[-_OVERLAP:]


def _refuse_far_cell(piece: bytes) -> None:
    """Refuse a value in a column far beyond any table: reading it would take memory for all cells between."""
    for letters, row in _FAR_CELL.findall(piece):
        if column_number(letters.decode()) > MAX_COLUMNS:
            raise Unreadable.because("FILE_FAR_CELL", cell=f"{letters.decode()}{row.decode()}")


def column_number(letters: str) -> int:
    """The number of a column, counted from 1, by its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """The letters of a column by its number, counted from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _inspect_ole(data: bytes) -> str:
    """XLS, or why not. Streams are found by their entry in the directory, which names them in UTF-16."""
    if _entry(data, "EncryptedPackage"):
        raise Unreadable.because("FILE_ENCRYPTED")
    book = next(filter(None, (_entry(data, name) for name in _XLS_STREAMS)), 0)
    if not book:
        kinds = (kind for name, kind in _OLE_KINDS.items() if _entry(data, name))
        raise Unreadable.because("FILE_NOT_TEXT", kind=next(kinds, "dokumen Office lama"))
    if _has_password(data, book):
        raise Unreadable.because("FILE_ENCRYPTED")
    if _entry(data, "_VBA_PROJECT_CUR"):
        raise Unreadable.because("FILE_HAS_MACROS")
    return "xls"


def _entry(data: bytes, name: str) -> int:
    """Where the directory's entry with this name begins, 0 when there is none. Entries have 128 bytes each."""
    wanted = (name + "\0").encode("utf-16-le")
    at = data.find(wanted)
    while at > 0 and at % 128:
        at = data.find(wanted, at + 1)
    return max(at, 0)


def _has_password(data: bytes, entry: int) -> bool:
    """Whether a FILEPASS record stands among the first records of the workbook's stream."""
    shift, first = struct.unpack_from("<H", data, 30)[0], struct.unpack_from("<I", data, entry + 116)[0]
    at = (first + 1) << min(shift, 12)
    end = min(at + 512, len(data) - 4)
    if at >= end or struct.unpack_from("<H", data, at)[0] != _BOF:
        return False
    while at < end:
        record, size = struct.unpack_from("<HH", data, at)
        if record == _FILEPASS:
            return True
        at += 4 + size
    return False
