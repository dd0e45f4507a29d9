"""The pages of lists that say which file is whose: send one, and see what of it holds and which lines are wrong."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from rest_framework.authentication import CSRFCheck

from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.storage import delete_file, take_file
from foundation.web import csrf_failure, tell_refusal
from supports.rounds import refuse_inactive
from supports.scans import manifests, queries
from supports.scans.manifest import MOST_BYTES
from supports.scans.words import LINES
from supports.standards import key_scope
from supports.views import pair_or_404

FAULTS_PER_PAGE = 50


@csrf_exempt  # checked below, once it is known who asks: the check reads the body
@require_POST
@declare(Permission.SEND_SUPPORT_SCANS)
def send_scan_manifest(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Take a list, and show how it is read."""
    pair = pair_or_404(request, pair_id, Permission.SEND_SUPPORT_SCANS)
    try:
        refuse_inactive(pair)
        file = take_file(request, key_scope(pair.election), limit=MOST_BYTES)
        check = CSRFCheck(lambda _request: None)
        check.process_request(request)
        if reason := check.process_view(request, None, (), {}):
            delete_file(file.stored_file)
            return csrf_failure(request, reason)
        manifest, _new = manifests.receive_manifest(pair, by=request.user, file=file)
    except Refused as refusal:
        tell_refusal(request, refusal)
        return redirect("support_scans", pair.pk)
    return redirect("scan_manifest", pair.pk, manifest.pk)


@never_cache
@require_safe
@declare(Permission.SEND_SUPPORT_SCANS)
def scan_manifest(request: HttpRequest, pair_id: int, manifest_id: int) -> HttpResponse:
    """One list: how many of its lines hold, and every line that does not, by its number."""
    pair = pair_or_404(request, pair_id, Permission.SEND_SUPPORT_SCANS)
    manifest = get_object_or_404(queries.manifests_of(pair), pk=manifest_id)
    page = Paginator(manifest.faults, FAULTS_PER_PAGE).get_page(request.GET.get("halaman"))
    context = {
        "pair": pair,
        "manifest": manifest,
        "page": page,
        "faults": [(number, LINES[code]) for number, code in page],
        "untold": manifest.wrong - len(manifest.faults),
        "working": queries.works(manifest),
    }
    return render(request, "scans/manifest.html", context)
