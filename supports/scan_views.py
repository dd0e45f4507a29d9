"""Signed scans of forms: sent, read, withdrawn."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.access import AnyUser, declare
from foundation.accounts.matrix import Permission
from foundation.attachments.operations import dropped_if_refused, take_document
from foundation.errors import Refused
from foundation.web import tell_refusal
from supports.models import PaperScan, Submission
from supports.paper_questions import round_or_404
from supports.papers.printing import paper_or_refuse
from supports.papers.scans import refuse_scans, scan_response, scans_visible_to, send_scan, withdraw_scan
from supports.standards import key_scope
from supports.views import pair_or_404


@csrf_exempt  # take_document checks: the check reads the body
@require_POST
@declare(Permission.SEND_SCANS)
def send(request: HttpRequest, pair_id: int, purpose: str) -> HttpResponse:
    """Take the scan of a signed form, beside those that are there or (field ``replaces``) in the place of one."""
    pair = pair_or_404(request, pair_id, Permission.SEND_SCANS)
    submission = round_or_404(request, pair, Permission.SEND_SCANS)
    try:
        refuse_scans(submission)
        paper = paper_or_refuse(submission, purpose)
        document = take_document(request, key_scope(pair.election))
        with dropped_if_refused(document):
            replaces = scan_to_replace(request.POST.get("replaces", ""), request.user, submission)
            send_scan(submission, purpose, by=request.user, document=document, replaces=replaces)
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        messages.success(request, _("Pindaian %(paper)s sudah disimpan.") % {"paper": paper.title})
    return redirect(f"{reverse('papers', args=[pair.pk])}?putaran={submission.stage}#{purpose}")


@never_cache
@require_safe
@declare(Permission.VIEW_PAPERS)
def scan(request: HttpRequest, pair_id: int, scan_id: int) -> StreamingHttpResponse:
    """A scan as it was sent."""
    pair = pair_or_404(request, pair_id, Permission.VIEW_PAPERS)
    found = get_object_or_404(scans_visible_to(request.user, Permission.VIEW_PAPERS, pair), pk=scan_id)
    return scan_response(found, by=request.user, inline=True)


@require_POST
@declare(Permission.SEND_SCANS)
def withdraw(request: HttpRequest, pair_id: int, scan_id: int) -> HttpResponse:
    """Take a scan back."""
    pair = pair_or_404(request, pair_id, Permission.SEND_SCANS)
    found = get_object_or_404(scans_visible_to(request.user, Permission.SEND_SCANS, pair), pk=scan_id)
    try:
        withdraw_scan(found, by=request.user)
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        messages.success(request, _("Pindaian ditarik. Berkasnya tetap tersimpan sebagai riwayat."))
    return redirect(f"{reverse('papers', args=[pair.pk])}?putaran={found.submission.stage}#{found.purpose}")


def scan_to_replace(text: str, user: AnyUser, submission: Submission) -> PaperScan | None:
    """The scan that a field names. Raises Http404 for one of another round."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise Http404
    visible = scans_visible_to(user, Permission.SEND_SCANS, submission.pair)
    return get_object_or_404(visible, pk=int(text), submission=submission)
