"""Documents for tests: whole ones, and what a hostile or careless sender might send instead."""

import io
import struct
import zlib
from pathlib import Path

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

DATA = Path(__file__).parent / "data"
SCAN = {"name": "mandat.pdf", "mimeType": "application/pdf"}


def pdf(pages=1, password=None, title="Surat mandat"):
    """A PDF of blank pages; with another title, another document."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    writer.add_metadata({"/Title": title})
    if password is not None:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(kind="png", size=(60, 80)):
    """A small picture."""
    out = io.BytesIO()
    Image.effect_noise(size, 60).save(out, {"png": "PNG", "jpg": "JPEG", "gif": "GIF"}[kind])
    return out.getvalue()


def huge_png(width=30_000, height=30_000):
    """A few hundred kilobytes that would be 900 million pixels."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    squeeze = zlib.compressobj(9)
    rows = b"".join(squeeze.compress(bytes(1 + width // 8)) for _ in range(height)) + squeeze.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def swelling_pdf(megabytes=1500):
    """A PDF whose table of contents is a stream that swells a thousandfold."""
    squeeze = zlib.compressobj(9)
    zeros = bytes(1024 * 1024)
    table = b"".join(squeeze.compress(zeros) for _ in range(megabytes)) + squeeze.flush()
    head = b"%PDF-1.5\n"
    entries = f"/Type /XRef /Size 9 /W [1 4 2] /Root 1 0 R /Filter /FlateDecode /Length {len(table)}"
    body = f"5 0 obj\n<< {entries} >>\nstream\n".encode() + table + b"\nendstream\nendobj\n"
    return head + body + f"startxref\n{len(head)}\n%%EOF\n".encode()


def circular_pdf():
    """A PDF whose tree of pages contains itself."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000000 >>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    table = b"xref\n0 3\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + table + b"trailer\n<< /Size 3 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)


def nested_pdf():
    """A PDF of a hundred thousand lists in lists."""
    return b"%PDF-1.4\n1 0 obj\n" + b"[" * 100_000 + b"\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def pdf_with_script():
    """A PDF that runs a program when it is opened."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    program = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x")}
    )
    writer.root_object[NameObject("/OpenAction")] = program
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
