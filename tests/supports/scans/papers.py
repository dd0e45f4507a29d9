"""Scans for tests: rendered statements and cards of invented people, and ZIPs of them."""

import io
import zipfile

from PIL import Image, ImageDraw, ImageFont

from candidates.models import Pair
from foundation.storage import SealedUpload, receive_file
from supports.scans.manifests import receive_manifest
from supports.scans.models import Scan, ScanBatch, ScanManifest
from supports.scans.operations import receive_batch
from supports.standards import key_scope
from tests.factories import work


def page(text="Pernyataan dukungan", size=(900, 1270), lines=24):
    """A page of writing."""
    made = Image.new("RGB", size, "white")
    draw, font = ImageDraw.Draw(made), ImageFont.load_default(size[0] // 45)
    for line in range(lines):
        draw.text(
            (size[0] // 12, size[1] // 14 + line * size[1] // (lines + 6)), f"{text} {line}", "black", font
        )
    return made


def as_bytes(picture, kind="JPEG", **more):
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def scan(text="Pernyataan dukungan", **more):
    """A page as a JPEG; another text, another content."""
    return as_bytes(page(text, **more), quality=80)


def pdf(*texts):
    """A PDF of pages of writing."""
    first, *rest = [page(text) for text in texts]
    return as_bytes(first, "PDF", save_all=True, append_images=rest)


def zipped(files, method=zipfile.ZIP_STORED):
    """A ZIP of {name: bytes}."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def received(pair: Pair, by, content, name="pindaian.zip", **more) -> ScanBatch:
    """A batch whose job waits."""
    receiving = receive_file(key_scope(pair.election))
    receiving.write(content if isinstance(content, bytes) else zipped(content))
    file = SealedUpload(receiving.finish(), name, "application/zip")
    return receive_batch(pair, by=by, file=file, **more)[0]


def taken(pair: Pair, by, content, name="pindaian.zip", **more) -> ScanBatch:
    """A batch that was taken apart, its scans placed."""
    batch = received(pair, by, content, name, **more)
    work()
    batch.refresh_from_db()
    return batch


def listed(pair: Pair, by, content, name="daftar.csv") -> ScanManifest:
    """A list beside the scans, whose job waits."""
    receiving = receive_file(key_scope(pair.election))
    receiving.write(content)
    return receive_manifest(pair, by=by, file=SealedUpload(receiving.finish(), name, "text/csv"))[0]


def held(support_id):
    """The scans of a row that hold."""
    return list(Scan.objects.filter(support_id=support_id, ended_at=None).order_by("id"))
