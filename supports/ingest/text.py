"""Bytes of a file → blocks of clean UTF-8 lines, whatever the encoding; memory stays that of one block.

Pure. Runs in the parser's own process (``supports.ingest.parser``).
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from supports.ingest.unreadable import Unreadable

BLOCK = 4 << 20  # bytes read at once; a line longer than that is no supporter

# What a file begins with → what it is, when it is no CSV and no real workbook (``container`` knows those).
LOOKALIKES: dict[bytes, str] = {
    b"<!doctype html": "halaman web (HTML)",
    b"<html": "halaman web (HTML)",
    b"<table": "halaman web (HTML)",
    b"<?xml": "dokumen XML",
}
FOREIGN: dict[bytes, str] = {
    b"%PDF": "dokumen PDF",
    b"\x89PNG": "gambar PNG",
    b"\xff\xd8\xff": "gambar JPEG",
    b"GIF8": "gambar GIF",
    b"Rar!": "arsip RAR",
    b"7z\xbc\xaf\x27\x1c": "arsip 7-Zip",
    b"\x1f\x8b": "arsip GZIP",
    b"{\\rtf": "dokumen RTF",
}
BOMS: dict[bytes, str] = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}

# Control characters go out, vertical tab and form feed become blanks; tab, LF and CR stay.
_CONTROL = bytes(i for i in (*range(32), 127) if i not in (9, 10, 11, 12, 13))
_BLANKS = bytes.maketrans(b"\x0b\x0c", b"  ")
_LONE_CR = re.compile(rb"\r(?!\n)")
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_SAMPLE = 1 << 16


def refuse_foreign(start: bytes) -> None:
    """Refuse what is certainly no text: pictures, archives, web pages that a spreadsheet program saved."""
    head = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:64]
    for table, code in ((LOOKALIKES, "FILE_IS_WORKBOOK"), (FOREIGN, "FILE_NOT_TEXT")):
        for magic, kind in table.items():
            if head.startswith(magic) or head.lower().startswith(magic):
                raise Unreadable.because(code, kind=kind)


def refuse_binary(text: bytes) -> None:
    """Refuse bytes with so many control characters that nobody typed them."""
    sample = text[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROL))
    if controls > 8 and controls > len(sample) * 0.02:
        raise Unreadable.because("FILE_NOT_TEXT", kind="data biner")


def utf16_without_bom(start: bytes) -> str | None:
    """UTF-16 that lacks its mark shows by zeros in every second byte."""
    sample = start[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = max(len(sample) // 2, 1)
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 * half and odd < 0.1 * half else None


class Decoder:
    """Turns blocks of one file into UTF-8. ``encoding`` is what the file has turned out to be so far.

    A file without a mark is UTF-8 until the first block with other than ASCII bytes decides: UTF-8, if most
    of them make sense as UTF-8 (a stray byte then becomes U+FFFD: only its cell suffers), else Windows-1252.
    """

    def __init__(self, start: bytes) -> None:
        self.encoding = "utf-8"
        self.bom = next((mark for mark in BOMS if start.startswith(mark)), b"")
        self._certain = bool(self.bom)
        self._wide: codecs.IncrementalDecoder | None = None
        self._lone_cr_ends_lines = False
        encoding = BOMS.get(self.bom) or utf16_without_bom(start)
        if encoding in ("utf-16-le", "utf-16-be"):
            self.encoding, self._certain = encoding, True
            self._wide = codecs.getincrementaldecoder(encoding)("replace")

    def decode(self, raw: bytes, *, final: bool) -> bytes:
        """UTF-8 of the next bytes. Their last line may be cut anywhere; ``clean`` wants whole lines."""
        if self._wide is None:
            return raw
        return self._wide.decode(raw, final).encode("utf-8", "replace")

    def clean(self, lines: bytes) -> bytes:
        """Whole lines as valid UTF-8 without control characters, ended by LF."""
        lines = self._as_utf8(lines).translate(_BLANKS, _CONTROL)
        if b"\r" in lines and lines.count(b"\r") != lines.count(b"\r\n"):
            lines = _LONE_CR.sub(b"\n" if self._lone_cr_ends_lines else b" ", lines)
        return lines

    def watch_line_ends(self, text: bytes) -> None:
        """Files of old Macs end lines with CR alone: decided once, by the first block."""
        self._lone_cr_ends_lines = b"\n" not in text and b"\r" in text

    @property
    def line_end(self) -> bytes:
        """The byte that ends a line before ``clean``."""
        return b"\r" if self._lone_cr_ends_lines else b"\n"

    def _as_utf8(self, lines: bytes) -> bytes:
        if lines.isascii():
            return lines
        if self.encoding == "cp1252":
            return lines.decode("cp1252", "replace").encode()
        try:
            lines.decode("utf-8")
        except UnicodeDecodeError:
            return self._repair(lines)
        self._certain = True
        return lines

    def _repair(self, lines: bytes) -> bytes:
        if not self._certain:
            self._certain = True
            rest = _MULTIBYTE.sub(b"", lines)
            strays = len(rest) - len(rest.translate(None, bytes(range(128, 256))))
            if strays > len(_MULTIBYTE.findall(lines)):
                self.encoding = "cp1252"
                return self._as_utf8(lines)
        return lines.decode("utf-8", "replace").encode()


@dataclass(frozen=True)
class Block:
    """Whole lines of clean UTF-8, ended by LF (the very last one maybe not). ``ends``: how many LF."""

    text: bytes
    ends: int
    last: bool
    encoding: str


def blocks(stream: BinaryIO) -> Iterator[Block]:
    """Yield a stream's lines, about BLOCK bytes at a time.

    Refuses empty and foreign files, and a line that does not end within a block.
    """
    raw = stream.read(BLOCK)
    if not raw:
        raise Unreadable.because("FILE_EMPTY")
    refuse_foreign(raw)
    decoder = Decoder(raw)
    raw = raw[len(decoder.bom) :]
    carry, first, row = b"", True, 1
    while True:
        following = stream.read(BLOCK)
        text = carry + decoder.decode(raw, final=not following)
        if first:
            refuse_binary(text)
            decoder.watch_line_ends(text)
        first = False
        cut = len(text) if not following else text.rfind(decoder.line_end) + 1
        if not cut and len(text) >= BLOCK:
            raise Unreadable.because("LINE_TOO_LONG", row=row)
        carry = text[cut:]
        lines = decoder.clean(text[:cut])
        ends = lines.count(b"\n")
        row += ends
        yield Block(lines, ends, not following, decoder.encoding)
        if not following:
            return
        raw = following
