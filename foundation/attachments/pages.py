"""The pages of an attached document as pictures, made when they are looked at and kept nowhere."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.http import HttpResponse
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.attachments.apart import run_apart
from foundation.attachments.models import Attachment
from foundation.errors import Refused
from foundation.readings.kinds import Kind
from foundation.readings.operations import record_reading
from foundation.storage import open_file


def page_response(
    attachment: Attachment, number: int, *, of: Model, by: User | AnonymousUser
) -> HttpResponse:
    """One page of a PDF of ``of`` as a JPEG, on record as a reading by ``by``.

    Refuses what cannot be drawn: the document itself can still be saved.
    """
    with open_file(attachment.stored_file) as stream:
        page = run_apart("foundation.attachments.renderer", stream.read(), str(number))
    if not page:
        message = _("Halaman %(number)s tidak dapat ditampilkan. Unduh dokumennya untuk membacanya.")
        raise Refused("page_not_drawn", message % {"number": number})
    record_reading(Kind.DOCUMENT, of, by=by, rows=0, document=of._meta.model_name, of=of.pk, page=number)
    response = HttpResponse(page, content_type="image/jpeg")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
