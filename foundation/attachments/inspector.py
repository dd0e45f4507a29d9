"""The inspector: a process of its own that reads one document from stdin and says what it is.

``content`` starts it with ``python -m foundation.attachments.inspector``. It limits its own memory and processor
time before the first byte, so that a hostile document ends this process and nothing else. The answer is one
line of JSON on stdout: kind and pages, or the code of a refusal. Pure: no Django.
"""

import contextlib
import io
import json
import logging
import resource
import sys
import warnings
from pathlib import Path

from PIL import Image
from pypdf import PdfReader

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 20
# An A3 page scanned at 600 dots per inch has 70 million; decoded they take 4 bytes each.
MOST_PIXELS = 80_000_000
MOST_PAGES = 2_000

SIGNS = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
BLANKS = b"\xef\xbb\xbf\x00\t\n\x0c\r "


class NotReadable(Exception):
    """Why a document is refused, as a code of ``content.SENTENCES``."""


def inspect(content: bytes) -> tuple[str, int]:
    """The kind and the number of pages of a document. Raises NotReadable; anything else means it is damaged."""
    start = content[:1024].lstrip(BLANKS)
    for kind, sign in SIGNS.items():
        if start.startswith(sign):
            return kind, _pages_of(content) if kind == "pdf" else _decoded(content)
    raise NotReadable("document_empty" if not content else "document_kind")


def _pages_of(content: bytes) -> int:
    """How many pages a PDF has; the first one is really there."""
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise NotReadable("document_encrypted")
    pages = len(reader.pages)
    if not 0 < pages <= MOST_PAGES:
        raise NotReadable("document_pages")
    if not (reader.pages[0].mediabox.width > 0 and reader.pages[0].mediabox.height > 0):
        raise NotReadable("document_damaged")
    return pages


def _decoded(content: bytes) -> int:
    """1, after every pixel of a picture was decoded."""
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise NotReadable("document_pixels")
        picture.verify()
    # verify() reads without decoding, and leaves the picture unusable.
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
        picture.load()
    return 1


def limit_myself(*, cpu: bool = True, memory: int = MEMORY_BYTES) -> None:
    """Bytes of address space and seconds of processor; no core dump, which would hold the document in clear.

    Who is given one document after the other limits the processor by itself, for each.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    if cpu:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 2))
    # When the machine itself runs out of memory, Linux ends this process before any other.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")


def main() -> int:
    """Answer about the document on stdin; the exit code is 0 when there is an answer."""
    limit_myself()
    try:
        kind, pages = inspect(sys.stdin.buffer.read())
        answer = {"kind": kind, "pages": pages}
    except NotReadable as refusal:
        answer = {"code": str(refusal)}
    except Image.DecompressionBombError:
        answer = {"code": "document_pixels"}
    except MemoryError:
        answer = {"code": "document_heavy"}
    except Exception:
        # The libraries raise whatever a broken document makes them stumble over; the text may quote it.
        answer = {"code": "document_damaged"}
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
