"""What the script of the upload page calls to send a file in pieces (tus 1.0), by session and CSRF token."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.web import by_script, error_body, tell_refusal
from supports import incoming as operations
from supports import tus
from supports.models import IncomingFile
from supports.queries import incoming_visible_to
from supports.replaceable import upload_chosen
from supports.upload_views import tell_repeated
from supports.views import pair_or_404


def speaking_tus(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Every answer with the protocol's headers, a refusal as JSON."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Refused as refusal:
            response = JsonResponse(error_body(refusal), status=refusal.http_status)
        tus.sign(response)
        return response

    return answer


@declare(POST=Permission.UPLOAD)
@speaking_tus
def files(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Declare a file; where to send it stands in Location."""
    pair = pair_or_404(request, pair_id, Permission.UPLOAD)
    made = tus.create(request, pair, by=request.user)
    address = reverse("file", args=[pair.pk, made.pk])
    return HttpResponse(status=HTTPStatus.CREATED, headers={**tus.state_of(made), "Location": address})


@declare(GET=Permission.UPLOAD, PATCH=Permission.UPLOAD, DELETE=Permission.UPLOAD)
@require_http_methods(["HEAD", "PATCH", "DELETE"])
@speaking_tus
def file(request: HttpRequest, pair_id: int, file_id: int) -> HttpResponse:
    """How far a file is; its next piece; forget it."""
    found = _file_or_404(request, pair_id, file_id)
    if request.method == "HEAD":
        return tus.tell_offset(request, found)
    if request.method == "PATCH":
        return tus.take_piece(request, found)
    return tus.withdraw(request, found, by=request.user)


@never_cache
@require_POST
@declare(Permission.UPLOAD)
def finish_file(request: HttpRequest, pair_id: int, file_id: int) -> HttpResponse:
    """Make a file that has arrived whole an upload, and go to its page."""
    found = _file_or_404(request, pair_id, file_id)
    replaces = upload_chosen(request, found.pair)
    try:
        upload, new = operations.hand_in_file(found, by=request.user, replaces=replaces)
    except Refused as refusal:
        if by_script(request):
            return JsonResponse(error_body(refusal), status=refusal.http_status)
        tell_refusal(request, refusal)
        return redirect("uploads", pair_id)
    if not new:
        tell_repeated(request)
    address = reverse("upload", args=[upload.pk])
    return JsonResponse({"url": address}, status=201) if by_script(request) else redirect(address)


@require_POST
@declare(Permission.UPLOAD)
def withdraw_file(request: HttpRequest, pair_id: int, file_id: int) -> HttpResponse:
    """Forget an unfinished file; its button stands beside it."""
    try:
        operations.withdraw_file(_file_or_404(request, pair_id, file_id), by=request.user)
    except Refused as refusal:
        tell_refusal(request, refusal)
    return redirect("uploads", pair_id)


def _file_or_404(request: HttpRequest, pair_id: int, file_id: int) -> IncomingFile:
    pair = pair_or_404(request, pair_id, Permission.UPLOAD)
    return get_object_or_404(incoming_visible_to(request.user).filter(pair=pair), pk=file_id)
