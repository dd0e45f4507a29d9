"""The inspector of scans: a process of its own that is given one file after the other and says what each is.

``inspecting`` starts it with ``python -m supports.scans.inspector``. It knows no key and no database, limits its own
memory, and gives each file so many seconds of processor: a hostile file ends this process and nothing else. For each
file it answers its kind, pages and problems, and every page as a JPEG of ours: who looks at a scan looks at those,
never at a stranger's file. Pure: no Django.

Both ways a message is its length (4 bytes), then JSON, then for each number in its ``lengths`` so many bytes.
"""

import io
import json
import resource
import struct
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

import pi_heif
import pypdfium2
from PIL import Image, ImageOps
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from foundation.attachments.inspector import CPU_SECONDS, MOST_PIXELS, limit_myself
from supports.scans.judging import problems_of

# A page as it is shown: an A4 sheet at 135 dots per inch.
SHOWN_SIDE, SHOWN_QUALITY = 1600, 70
THUMBNAIL_SIDE, THUMBNAIL_QUALITY = 240, 60
MOST_PAGES = 20
# Statement, KTP-el, identity statement, front and back: what is more is of several people.
PAGES_OF_ONE = 6
MOST_OBJECTS, MOST_DEPTH = 20_000, 12
SCRIPTS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/RichMedia", "/Rendition"}
ACTIVE_KEYS = {"/JS", "/EF", "/AA"}
SIGNS = (
    ("pdf", b"%PDF-"),
    ("jpg", b"\xff\xd8\xff"),
    ("png", b"\x89PNG\r\n\x1a\n"),
)
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"}
ARCHIVE_SIGNS = (b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")
BLANKS = b"\xef\xbb\xbf\x00\t\n\x0c\r "


class NotTaken(Exception):
    """Why a file is refused, as a code of ``words.FAULTS``."""


def kind_of(content: bytes) -> str:
    """``pdf``, ``jpg``, ``png`` or ``heic``, by the content alone. Raises NotTaken."""
    start = content[:1024].lstrip(BLANKS)
    for kind, sign in SIGNS:
        if start.startswith(sign):
            return kind
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        return "heic"
    if content.startswith(ARCHIVE_SIGNS):
        raise NotTaken("nested")
    raise NotTaken("empty" if not content else "kind")


def inspect(content: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """What a file is, and its thumbnail followed by its pages. Raises NotTaken, or whatever a library stumbles over."""
    kind = kind_of(content)
    pictures = list(_pages_of(content)) if kind == "pdf" else [_decoded(content, kind)]
    problems = {"SEVERAL": len(pictures) > PAGES_OF_ONE}
    out = [_jpeg(_smaller(pictures[0][0], THUMBNAIL_SIDE), THUMBNAIL_QUALITY)]
    for picture, size in pictures:
        problems |= dict.fromkeys(problems_of(picture, size), True)
        out.append(_jpeg(picture, SHOWN_QUALITY))
    if len(pictures) > 1:
        # The empty back of a sheet is no fault of a scan with more pages.
        problems.pop("BLANK", None)
    found = [code for code, holds in problems.items() if holds]
    return {"kind": kind, "pages": len(pictures), "problems": found}, out


def _decoded(content: bytes, kind: str) -> tuple[Image.Image, tuple[int, int]]:
    """A picture upright, not larger than it is shown, and the size it had."""
    if kind == "heic":
        pi_heif.register_heif_opener()
    formats = ("HEIF",) if kind == "heic" else ("JPEG", "PNG")
    with Image.open(io.BytesIO(content), formats=formats) as picture:
        size = picture.size
        if size[0] * size[1] > MOST_PIXELS:
            raise NotTaken("pixels")
        picture.draft("RGB", (SHOWN_SIDE, SHOWN_SIDE))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        return _smaller(upright.convert("RGB"), SHOWN_SIDE), size


def _pages_of(content: bytes) -> Iterator[tuple[Image.Image, tuple[int, int]]]:
    _refuse_active(content)
    document = pypdfium2.PdfDocument(content)
    if not 0 < len(document) <= MOST_PAGES:
        raise NotTaken("pages")
    for page in document:
        scale = min(SHOWN_SIDE / max(*page.get_size(), 1), 6)
        picture = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
        yield picture, (SHOWN_SIDE, SHOWN_SIDE)


def _refuse_active(content: bytes) -> None:
    """Refuse a PDF with a password, and one that carries a program, another file or an address to send to."""
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise NotTaken("encrypted")
    numbers = {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
    if len(numbers) > MOST_OBJECTS:
        raise NotTaken("heavy")
    for number in sorted(numbers):
        if number and _active(reader.get_object(number)):
            raise NotTaken("script")


def _active(value: Any, depth: int = 0) -> bool:
    """Whether an object, or what stands in it, does something when the document is opened or clicked."""
    if isinstance(value, DictionaryObject):
        if value.get("/S") in SCRIPTS or not ACTIVE_KEYS.isdisjoint(value):
            return True
        value = list(value.values())
    inner = value if isinstance(value, list) and depth < MOST_DEPTH else []
    return any(_active(one, depth + 1) for one in inner if isinstance(one, dict | list))


def _smaller(picture: Image.Image, side: int) -> Image.Image:
    copy = picture if max(picture.size) <= side else picture.copy()
    copy.thumbnail((side, side), Image.Resampling.BICUBIC)
    return copy


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def answer(content: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """The answer about one file, whatever it is."""
    try:
        return inspect(content)
    except NotTaken as refusal:
        code = str(refusal)
    except Image.DecompressionBombError:
        code = "pixels"
    except MemoryError:
        code = "heavy"
    except Exception:
        # The libraries raise whatever a broken file makes them stumble over; the text may quote it.
        code = "damaged"
    return {"code": code}, []


def read_message(stream: BinaryIO) -> tuple[dict[str, Any], list[bytes]] | None:
    """The next message; None at the end."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    told = json.loads(stream.read(struct.unpack(">I", head)[0]))
    return told, [stream.read(length) for length in told["lengths"]]


def write_message(stream: BinaryIO, told: dict[str, Any], blobs: list[bytes]) -> None:
    """Say something, with bytes."""
    text = json.dumps({**told, "lengths": [len(blob) for blob in blobs]}).encode()
    stream.write(struct.pack(">I", len(text)) + text)
    stream.writelines(blobs)
    stream.flush()


def allow_some_more(seconds: int = CPU_SECONDS) -> None:
    """So many seconds of processor for the next file, whatever the earlier ones took."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def main() -> int:
    """Answer until nothing more is asked."""
    limit_myself(cpu=False)
    while message := read_message(sys.stdin.buffer):
        allow_some_more()
        write_message(sys.stdout.buffer, *answer(message[1][0]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
