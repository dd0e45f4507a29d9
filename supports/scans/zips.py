"""What is in a ZIP, judged before anything of it is unpacked. Pure: no Django.

A ZIP that is hostile as a whole is refused (Unreadable). A single entry that is, is named with its fault; the others
are taken. Nothing is ever written to a path that an entry names.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MOST_ENTRIES = 100_000
MOST_DIRECTORY_BYTES = 64 * 1024 * 1024
MOST_BYTES = 25 * 1024 * 1024  # of one scan
# A scan is compressed already; what swells more than this is no scan.
MOST_RATIO, RATIO_FROM_BYTES = 100, 1024 * 1024
ENCRYPTED = 0x1
READABLE_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".zst")
# What computers leave in folders, and nobody has sent on purpose.
LITTER = ("__macosx", "thumbs.db", "desktop.ini", ".ds_store")
LOCAL_HEADER_BYTES = 30
END_BYTES = 22 + 65_535


class Unreadable(Exception):
    """Why a whole ZIP is refused, as a code of ``words.BATCH_FAULTS``."""


@dataclass(frozen=True)
class Entry:
    """One file in a ZIP; ``fault`` is a code of ``words.FAULTS``, or nothing. ``header`` is where it begins."""

    number: int
    name: str
    header: int
    packed: int
    size: int
    method: int
    fault: str = ""


def entries_of(file: BinaryIO) -> list[Entry]:
    """Every file of a ZIP in its order, folders and litter left out. Raises Unreadable."""
    _refuse_large_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, struct.error) as error:
        raise Unreadable("zip_damaged") from error
    if len(infos) > MOST_ENTRIES:
        raise Unreadable("zip_entries")
    _refuse_overlap(infos)
    kept = [info for info in infos if not info.is_dir() and not _litter(info.filename)]
    return [_entry(number, info) for number, info in enumerate(kept)]


def data_begins(file: BinaryIO, entry: Entry) -> int:
    """Where the bytes of an entry begin in the file. Raises Unreadable when its header is none."""
    file.seek(entry.header)
    header = file.read(LOCAL_HEADER_BYTES)
    if len(header) < LOCAL_HEADER_BYTES or header[:4] != b"PK\x03\x04":
        raise Unreadable("zip_damaged")
    name, extra = struct.unpack("<HH", header[26:30])
    return entry.header + LOCAL_HEADER_BYTES + name + extra


def read_member(file: BinaryIO, begins: int, packed: int, size: int, method: int) -> bytes:
    """The bytes of an entry, never more than ``size``. Raises Unreadable when they are others than it says."""
    file.seek(begins)
    if method == zipfile.ZIP_STORED:
        content = file.read(min(packed, size + 1))
    else:
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = inflate.decompress(file.read(packed), size + 1)
        except zlib.error as error:
            raise Unreadable("entry_damaged") from error
    if len(content) != size:
        raise Unreadable("entry_damaged")
    return content


def _refuse_large_directory(file: BinaryIO) -> None:
    """The directory is read whole, so its size is looked at before: a false one would take all memory."""
    end = file.seek(0, io.SEEK_END)
    file.seek(max(0, end - END_BYTES))
    tail = file.read(END_BYTES)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise Unreadable("zip_damaged")
    entries, size = struct.unpack("<10xHI6x", tail[at : at + 22])
    locator = tail.rfind(b"PK\x06\x07", 0, at)
    if locator >= 0 and (entries == 0xFFFF or size == 0xFFFFFFFF):
        (place,) = struct.unpack("<8xQ4x", tail[locator : locator + 20])
        file.seek(min(place, end))
        record = file.read(56)
        if len(record) < 56 or record[:4] != b"PK\x06\x06":
            raise Unreadable("zip_damaged")
        entries, size = struct.unpack("<32xQQ8x", record)
    if entries > MOST_ENTRIES or size > MOST_DIRECTORY_BYTES:
        raise Unreadable("zip_entries")
    file.seek(0)


def _refuse_overlap(infos: list[zipfile.ZipInfo]) -> None:
    """Entries that share bytes are how a small ZIP becomes an endless one."""
    reached = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset < reached:
            raise Unreadable("zip_bomb")
        reached = info.header_offset + LOCAL_HEADER_BYTES + info.compress_size


def _entry(number: int, info: zipfile.ZipInfo) -> Entry:
    fault = next(_faults(info), "")
    return Entry(
        number,
        info.filename,
        info.header_offset,
        info.compress_size,
        info.file_size,
        info.compress_type,
        fault,
    )


def _faults(info: zipfile.ZipInfo) -> Iterator[str]:
    if climbs(info.orig_filename) or climbs(info.filename):
        yield "name_climbs"
    if info.flag_bits & ENCRYPTED:
        yield "encrypted"
    if info.filename.lower().endswith(ARCHIVES):
        yield "nested"
    if info.compress_type not in READABLE_METHODS:
        yield "method"
    if info.file_size > RATIO_FROM_BYTES and info.file_size > MOST_RATIO * max(info.compress_size, 1):
        yield "bomb"
    if info.file_size > MOST_BYTES:
        yield "too_large"
    if info.file_size == 0:
        yield "empty"


def climbs(name: str) -> bool:
    """Whether a name leads out of the folder it is unpacked into."""
    name = name.replace("\\", "/")
    return name.startswith("/") or ".." in name.split("/") or name[1:2] == ":" or "\x00" in name


def _litter(name: str) -> bool:
    parts = name.replace("\\", "/").casefold().split("/")
    return any(part in LITTER for part in parts) or parts[-1].startswith("._")
