"""How an attached document reaches a browser: as it is, never as a page of ours.

The view that calls this has found the attachment through what it belongs to, with a permission.
"""

from collections.abc import Iterator
from io import BufferedReader

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from foundation.accounts.models import User
from foundation.attachments.models import Attachment
from foundation.readings.kinds import Kind
from foundation.readings.operations import record_reading
from foundation.storage import open_file

TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
PIECE = 256 * 1024


def document_response(
    attachment: Attachment,
    *,
    of: Model,
    by: User | AnonymousUser,
    kind: Kind = Kind.DOCUMENT,
    rows: int = 0,
    inline: bool = False,
) -> StreamingHttpResponse:
    """The document to be saved, or to be shown (``inline``, pictures only: a PDF can carry a program).

    That ``by`` reads what belongs to ``of`` is on record before the first byte leaves (foundation.readings).
    Whatever it holds runs nothing: the type is the judged one, browsers must not guess another, and a document that
    is opened as a page is in a sandbox without scripts. It may hold identities, so nobody on the way keeps a copy.
    """
    stream = open_file(attachment.stored_file)
    record_reading(kind, of, by=by, rows=rows, document=of._meta.model_name, of=of.pk)
    response = StreamingHttpResponse(_pieces(stream), content_type=TYPES[attachment.kind])
    response.headers["Content-Length"] = str(attachment.stored_file.size)
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=not (inline and attachment.picture), filename=_name(attachment)
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def _name(attachment: Attachment) -> str:
    """As its sender calls it, with the ending of what it is."""
    stem = "".join(letter for letter in attachment.name if letter.isprintable() and letter not in '/\\"')
    ending = f".{attachment.kind}"
    return stem if stem.lower().endswith(ending) else f"{stem or 'dokumen'}{ending}"


def _pieces(stream: BufferedReader) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(PIECE):
            yield piece
