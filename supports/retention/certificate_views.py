"""Sertifikat pemusnahan: for everybody to read, to keep and to check."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.keys.signing import newest_public_key
from foundation.web import pdf_response
from supports.retention.certifying import CLOSING, check_certificate, facts_of, lines_of, pdf_of
from supports.retention.models import Certificate
from supports.retention.queries import certificates


def certificate_or_404(certificate_id: int) -> Certificate:
    """The certificate; everybody may know it. Raises Http404."""
    return get_object_or_404(certificates(), pk=certificate_id)


@require_safe
@declare(Permission.VIEW_CERTIFICATES)
def certificate(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """The certificate, and whether what is stored is still what was signed."""
    found = certificate_or_404(certificate_id)
    context = {
        "certificate": found,
        "body": found.body,
        "facts": facts_of(found.body),
        "lines": lines_of(found.body),
        "closing": CLOSING,
        "faults": check_certificate(found.body),
        "public_key": newest_public_key().key,
    }
    return render(request, "retention/certificate.html", context)


@require_safe
@declare(Permission.VIEW_CERTIFICATES)
def certificate_json(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """What was signed, as a file."""
    found = certificate_or_404(certificate_id)
    text = json.dumps(found.body, ensure_ascii=False, indent=2) + "\n"
    response = HttpResponse(text.encode(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{_name(found)}.json"'
    return response


@require_safe
@declare(Permission.VIEW_CERTIFICATES)
def certificate_pdf(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """The certificate as a paper."""
    found = certificate_or_404(certificate_id)
    return pdf_response(pdf_of(found), f"{_name(found)}.pdf")


def _name(found: Certificate) -> str:
    return f"sertifikat-{found.number.replace('/', '-')}"
