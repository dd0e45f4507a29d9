"""The renderer: a process of its own that reads a PDF from stdin and writes one page of it as a JPEG to stdout.

``pages`` starts it with ``python -m foundation.attachments.renderer PAGE``. Like the inspector it limits itself
before the first byte. A page as a picture carries no program, no link and no form: who checks a document looks at it
without opening a stranger's PDF. Pure: no Django.
"""

import io
import sys

import pypdfium2

from foundation.attachments.inspector import limit_myself

# An A4 page at 150 dots per inch is 1240 × 1754.
LONGEST_SIDE = 1800
QUALITY = 80


def render(content: bytes, number: int) -> bytes:
    """Page ``number`` (from 1) as a JPEG. Raises pypdfium2.PdfiumError or IndexError."""
    document = pypdfium2.PdfDocument(content)
    page = document[number - 1]
    scale = LONGEST_SIDE / max(*page.get_size(), 1)
    picture = page.render(scale=min(scale, 4), may_draw_forms=False).to_pil()
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def main() -> int:
    """Answer about the document on stdin; the exit code is 0 when the page is on stdout."""
    limit_myself()
    try:
        page = render(sys.stdin.buffer.read(), int(sys.argv[1]))
    except Exception:
        # The library raises whatever a broken document makes it stumble over; the text may quote it.
        return 1
    sys.stdout.buffer.write(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
