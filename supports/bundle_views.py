"""Papers asked for all at once: the ZIP a job makes, followed and fetched."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.web import tell_refusal, zip_response
from supports.models import PaperBundle, Submission
from supports.paper_questions import area_asked, area_title, round_or_404
from supports.papers.bundles import bundles_of, name_of, open_bundle, request_bundle
from supports.queries import submissions_visible_to
from supports.views import pair_or_404


@require_POST
@declare(Permission.PRINT_PAPERS)
def ask_bundle(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Have every paper, or the lists of one area (``?wilayah=``), printed into one ZIP."""
    pair = pair_or_404(request, pair_id, Permission.PRINT_PAPERS)
    submission = round_or_404(request, pair, Permission.PRINT_PAPERS)
    try:
        request_bundle(submission, by=request.user, area=max(area_asked(request), 0))
    except Refused as refusal:
        tell_refusal(request, refusal)
    return redirect(f"{reverse('papers', args=[pair.pk])}?putaran={submission.stage}#zip")


@never_cache
@require_safe
@declare(Permission.PRINT_PAPERS)
def bundles(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Fragment: how far the ZIPs are; once none is being made the page is read anew."""
    pair = pair_or_404(request, pair_id, Permission.PRINT_PAPERS)
    submission = round_or_404(request, pair, Permission.PRINT_PAPERS)
    context = bundle_context(submission)
    response = render(request, "supports/_bundles.html", {"pair": pair, "submission": submission, **context})
    if not context["printing"]:
        response["HX-Refresh"] = "true"
    return response


def bundle_context(submission: Submission) -> dict[str, Any]:
    """The ZIPs of a round with the names of their areas, and whether one is being made."""
    found = bundles_of(submission)
    return {
        "bundles": [(bundle, area_title(bundle.area)) for bundle in found],
        "printing": any(bundle.job.state in ("queued", "running") for bundle in found if bundle.job),
    }


@never_cache
@require_safe
@declare(Permission.PRINT_PAPERS)
def bundle(request: HttpRequest, pair_id: int, bundle_id: int) -> StreamingHttpResponse:
    """A ZIP of papers, out of sealed storage."""
    pair = pair_or_404(request, pair_id, Permission.PRINT_PAPERS)
    rounds = submissions_visible_to(request.user, Permission.PRINT_PAPERS).filter(pair=pair).order_by()
    visible = PaperBundle.objects.filter(submission__in=rounds.values("pk"))
    found = get_object_or_404(visible.select_related("file", "submission__pair"), pk=bundle_id)
    return zip_response(open_bundle(found, by=request.user), found.file.size, name_of(found))
