"""How a copy of somebody's data reaches a browser: to be saved, and kept by nobody on the way."""

from django.http import HttpResponse

from foundation.web import pdf_response
from supports.privacy.copies import Copy


def copy_response(copy: Copy) -> HttpResponse:
    """The file as an answer."""
    if copy.name.endswith(".pdf"):
        return pdf_response(copy.content, copy.name)
    response = HttpResponse(copy.content, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{copy.name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
