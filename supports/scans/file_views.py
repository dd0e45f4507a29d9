"""What the script of the page of scans calls to send a ZIP in pieces (tus 1.0), by session and CSRF token."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST
from rest_framework.authentication import CSRFCheck

from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.storage import delete_file, take_file
from foundation.web import by_script, csrf_failure, error_body, tell_refusal
from supports import incoming as transport
from supports import tus
from supports.file_views import speaking_tus
from supports.models import IncomingFile
from supports.queries import incoming_visible_to
from supports.rounds import refuse_inactive
from supports.scans import operations
from supports.scans.models import ScanBatch
from supports.standards import key_scope
from supports.views import pair_or_404


@csrf_exempt  # checked below, once it is known who asks: the check reads the body
@require_POST
@declare(Permission.SEND_SUPPORT_SCANS)
def send_support_scans(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Take a ZIP, or one scan, from a form without script."""
    pair = pair_or_404(request, pair_id, Permission.SEND_SUPPORT_SCANS)
    try:
        refuse_inactive(pair)
        file = take_file(request, key_scope(pair.election), limit=settings.UPLOAD_LIMIT_BYTES)
        check = CSRFCheck(lambda _request: None)
        check.process_request(request)
        if reason := check.process_view(request, None, (), {}):
            delete_file(file.stored_file)
            return csrf_failure(request, reason)
        operations.receive_batch(pair, by=request.user, file=file)
    except Refused as refusal:
        tell_refusal(request, refusal)
    return redirect("support_scans", pair.pk)


@declare(POST=Permission.SEND_SUPPORT_SCANS)
@speaking_tus
def scan_files(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Declare a ZIP; where to send it stands in Location."""
    pair = pair_or_404(request, pair_id, Permission.SEND_SUPPORT_SCANS)
    made = tus.create(request, pair, by=request.user, target=transport.SCANS)
    address = reverse("scan_file", args=[pair.pk, made.pk])
    return HttpResponse(status=HTTPStatus.CREATED, headers={**tus.state_of(made), "Location": address})


@declare(
    GET=Permission.SEND_SUPPORT_SCANS,
    PATCH=Permission.SEND_SUPPORT_SCANS,
    DELETE=Permission.SEND_SUPPORT_SCANS,
)
@require_http_methods(["HEAD", "PATCH", "DELETE"])
@speaking_tus
def scan_file(request: HttpRequest, pair_id: int, file_id: int) -> HttpResponse:
    """How far a ZIP is; its next piece; forget it."""
    found = _file_or_404(request, pair_id, file_id)
    if request.method == "HEAD":
        return tus.tell_offset(request, found)
    if request.method == "PATCH":
        return tus.take_piece(request, found)
    return tus.withdraw(request, found, by=request.user)


@never_cache
@require_POST
@declare(Permission.SEND_SUPPORT_SCANS)
def finish_scan_file(request: HttpRequest, pair_id: int, file_id: int) -> HttpResponse:
    """Make a ZIP that has arrived whole a batch."""
    pair = pair_or_404(request, pair_id, Permission.SEND_SUPPORT_SCANS)
    try:
        # Asked again after a lost answer: the file is a batch by now.
        if not ScanBatch.objects.filter(pair=pair, incoming=file_id, received_by=request.user.pk).exists():
            operations.hand_in_batch(_file_or_404(request, pair_id, file_id), by=request.user)
    except Refused as refusal:
        if by_script(request):
            return JsonResponse(error_body(refusal), status=refusal.http_status)
        tell_refusal(request, refusal)
    address = reverse("support_scans", args=[pair.pk])
    return JsonResponse({"url": address}, status=201) if by_script(request) else redirect(address)


def _file_or_404(request: HttpRequest, pair_id: int, file_id: int) -> IncomingFile:
    pair = pair_or_404(request, pair_id, Permission.SEND_SUPPORT_SCANS)
    mine = incoming_visible_to(request.user).filter(pair=pair, target=transport.SCANS)
    return get_object_or_404(mine, pk=file_id)
