"""Putaran: the rounds of a pair, what is asked now, and the BMS list to be mended."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from candidates.thresholds import AREA_NAMES
from foundation.accounts.access import declare, scopes
from foundation.accounts.matrix import Permission
from foundation.web import csv_response, workbook_response
from supports.models import Submission
from supports.queries import audience_of
from supports.report_workbook import MOST_ROWS
from supports.views import pair_or_404
from verification.repairs.bms_list import download_csv, download_workbook, name_of
from verification.repairs.overview import overview_of
from verification.repairs.queries import rounds_listed_to


@never_cache
@declare(Permission.VIEW_FINDINGS)
def pair_rounds(request: HttpRequest, pair_id: int) -> HttpResponse:
    """The rounds one after the other, the open one with what it asks."""
    pair = pair_or_404(request, pair_id, Permission.VIEW_FINDINGS)
    context = {
        "pair": pair,
        "found": overview_of(pair),
        "area_name": AREA_NAMES[pair.election.level],
        "most_rows": MOST_ROWS,
        "may_upload": pair.status == "active" and pair.pk in scopes(request.user, Permission.UPLOAD).pairs,
        "may_list_bms": rounds_listed_to(request.user).filter(pair=pair).exists(),
    }
    return render(request, "verification/rounds.html", context)


@never_cache
@declare(Permission.VIEW_REPORT)
def bms_list(request: HttpRequest, submission_id: int) -> StreamingHttpResponse:
    """The BMS list as CSV: rows that nothing replaces yet, or with ``?semua=1`` every one."""
    submission = get_object_or_404(rounds_listed_to(request.user), pk=submission_id)
    pieces = download_csv(submission, by=request.user, **_asked(request, submission))
    return csv_response(pieces, name_of(submission, "csv"))


@never_cache
@declare(Permission.VIEW_REPORT)
def bms_workbook(request: HttpRequest, submission_id: int) -> HttpResponse:
    """The same list as a workbook with coloured cells."""
    submission = get_object_or_404(rounds_listed_to(request.user), pk=submission_id)
    content = download_workbook(submission, by=request.user, **_asked(request, submission))
    return workbook_response(content, name_of(submission, "xlsx"))


def _asked(request: HttpRequest, submission: Submission) -> dict[str, object]:
    audience = audience_of(request.user, submission.pair)
    return {"audience": audience, "everything": bool(request.GET.get("semua"))}
