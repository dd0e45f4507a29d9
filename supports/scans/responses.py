"""How scans reach a browser: as pictures or files, kept by nobody on the way, running nothing."""

from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from supports.scans.models import Scan

TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png", "heic": "image/heic"}


def picture_response(picture: bytes) -> HttpResponse:
    """One of our own pictures, to be shown."""
    response = HttpResponse(picture, content_type="image/jpeg")
    _close(response)
    return response


def original_response(scan: Scan, pieces: Iterator[bytes]) -> StreamingHttpResponse:
    """The file as it was sent, to be saved. Its own name may be somebody's NIK, so it gets another."""
    response = StreamingHttpResponse(pieces, content_type=TYPES[scan.media])
    response.headers["Content-Length"] = str(scan.size)
    name = f"pindaian-{scan.pk}.{scan.media}"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    _close(response)
    return response


def _close(response: HttpResponseBase) -> None:
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
