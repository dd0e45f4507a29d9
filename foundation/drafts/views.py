"""Where forms keep what is typed into them, and read it when they are opened again."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.drafts.operations import read_draft, save_draft
from foundation.errors import Refused
from foundation.web import error_body


@never_cache
@require_POST
@declare(Permission.OWN_PROFILE)
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the changed fields of one form of this user."""
    try:
        save_draft(request.user, request.POST.get("formulir", ""), request.POST.get("isi", ""))
    except Refused as refusal:
        return JsonResponse(error_body(refusal), status=refusal.http_status)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@never_cache
@require_POST
@declare(Permission.OWN_PROFILE)
def read(request: HttpRequest) -> HttpResponse:
    """What this user typed into the form and did not send; nothing when there is nothing."""
    text = read_draft(request.user, request.POST.get("formulir", ""))
    if text is None:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return HttpResponse(text, content_type="application/json")
