"""Scans as they are looked at: our own pictures, each with who looks and when burnt in. Originals stay as they came."""

import io
from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from candidates.queries import now
from candidates.zones import say_start
from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.readings.kinds import Kind
from foundation.readings.operations import record_reading
from foundation.storage import open_anywhere
from supports.models import ROW_BITS
from supports.scans.models import Scan
from supports.scans.zips import read_member

QUALITY = 75
# How far apart the words stand, and how much of the page shines through them.
ANGLE, GAP, STRENGTH = 28, 60, 70
PIECE = 256 * 1024


def look_at(scan: Scan, number: int, *, by: User) -> bytes:
    """A page (from 1) as a JPEG that says who looks at it and when; that it was looked at is on record.

    Refuses a page the scan does not have.
    """
    if not 1 <= number <= scan.pages:
        message = _("Pindaian ini tidak memiliki halaman %(number)s. Muat ulang halamannya.")
        raise Refused("page_unknown", message % {"number": number})
    record_reading(Kind.PAPER, scan, by=by, rows=1, page=number, **_which(scan))
    moment = say_start(now(), scan.pair.election.zone)
    return watermarked(_picture(scan, number), f"{by.username} · {moment}")


def thumbnail(scan: Scan) -> bytes:
    """The first page, too small to read."""
    return _picture(scan, 0)


def fetch_original(scan: Scan, *, by: User) -> Iterator[bytes]:
    """The file as it was sent; that it was fetched is on record. Raises SealBroken, Unreadable."""
    record_reading(Kind.ORIGINAL, scan, by=by, rows=1, **_which(scan))
    with open_anywhere(scan.batch.file) as file:
        content = read_member(file, scan.begins, scan.packed, scan.size, scan.method)
    return (content[at : at + PIECE] for at in range(0, len(content), PIECE))


def watermarked(picture: bytes, words: str) -> bytes:
    """A JPEG with these words all over it."""
    page = Image.open(io.BytesIO(picture)).convert("RGB")
    tile = _tile(words, max(14, page.width // 60))
    ink = Image.new("RGB", tile.size, (122, 31, 43))
    for row, top in enumerate(range(-GAP, page.height, tile.height + GAP)):
        for left in range(-(row % 2) * tile.width // 2, page.width, tile.width + GAP):
            page.paste(ink, (left, top), tile)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


@lru_cache(maxsize=32)
def _tile(words: str, size: int) -> Image.Image:
    """The words, slanted, as a mask."""
    font = ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(words)
    flat = Image.new("L", (int(right - left) + 4, int(bottom - top) + 8))
    ImageDraw.Draw(flat).text((2 - left, 4 - top), words, STRENGTH, font)
    return flat.rotate(ANGLE, expand=True, resample=Image.Resampling.BICUBIC)


def _which(scan: Scan) -> dict[str, int | None]:
    """Whose a scan is, as a reading says it."""
    submission = scan.support.submission_id if scan.support else None
    upload = scan.support_id >> ROW_BITS if scan.support_id else None
    return {"scan": scan.pk, "row": scan.support_id, "submission": submission, "upload": upload}


def _picture(scan: Scan, number: int) -> bytes:
    begins, length = scan.pictures[number]
    with open_anywhere(scan.pack.file) as pack:
        pack.seek(begins)
        return pack.read(length)
