"""The forms of a pair: what each counts, printed at any moment, the lists desa by desa."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from candidates.thresholds import AREA_NAMES
from foundation.accounts.access import declare, scopes
from foundation.accounts.matrix import Permission
from foundation.web import csv_response, pdf_response
from supports.bundle_views import bundle_context
from supports.models import Submission
from supports.paper_questions import area_asked, area_title, number_asked, round_of, round_or_404
from supports.papers.asked import asked_of
from supports.papers.catalogue import LIST
from supports.papers.overview import ELSEWHERE, Overview, inside, overview_of
from supports.papers.printing import parts_of, print_list, print_summary, stream_list
from supports.papers.scans import papers_ready, scans_of, why_no_scans
from supports.views import pair_or_404


@never_cache
@require_safe
@declare(Permission.VIEW_PAPERS)
def papers(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Every form of the round with its state, and the lists by area; ``?wilayah=`` looks into one."""
    pair = pair_or_404(request, pair_id, Permission.VIEW_PAPERS)
    submission = round_of(request, pair, Permission.VIEW_PAPERS)
    context: dict[str, Any] = {
        "pair": pair,
        "submission": submission,
        "area_name": AREA_NAMES[pair.election.level],
        "may_print": pair.pk in scopes(request.user, Permission.PRINT_PAPERS).pairs,
        "may_send": pair.pk in scopes(request.user, Permission.SEND_SCANS).pairs,
    }
    if submission:
        seen = overview_of(submission)
        context |= _lists(submission, seen, area_asked(request)) | _signed(submission, seen)
        if context["may_print"]:
            context |= bundle_context(submission)
    return render(request, "supports/papers.html", context)


def _lists(submission: Submission, seen: Overview, code: int) -> dict[str, Any]:
    """The lists: by area, or those inside one."""
    areas, places = inside(submission, code) if code else (seen.areas, [])
    return {
        "seen": seen,
        "asked": asked_of(submission),
        "code": code,
        "area_title": area_title(code),
        "areas": areas,
        "places": [(place, range(1, parts_of(place.rows) + 1)) for place in places],
        "elsewhere": ELSEWHERE,
        "list_paper": next(state.paper for state in seen.papers if state.paper.purpose == LIST),
    }


def _signed(submission: Submission, seen: Overview) -> dict[str, Any]:
    """The forms that are signed: each with its scans, those that hold and those that did."""
    held, ended = scans_of(submission), scans_of(submission, ended=True)
    ready = papers_ready(submission, seen.rows, held)
    outdated = {paper.purpose for paper in ready.outdated}
    signed = [state for state in seen.papers if state.paper.code]
    return {
        "signed": [
            (state, held.get(key, []), ended.get(key, []), key in outdated)
            for state in signed
            for key in (state.paper.purpose,)
        ],
        "ready": ready,
        "no_scans": why_no_scans(submission),
        "limit": settings.ATTACHMENT_LIMIT_BYTES,
    }


@never_cache
@require_safe
@declare(Permission.VIEW_PAPERS)
def paper(request: HttpRequest, pair_id: int, purpose: str) -> HttpResponse:
    """A covering letter, number form or recap as PDF."""
    pair = pair_or_404(request, pair_id, Permission.VIEW_PAPERS)
    submission = round_or_404(request, pair, Permission.VIEW_PAPERS)
    printed = print_summary(submission, purpose, by=request.user)
    return pdf_response(printed.content, printed.name)


@never_cache
@require_safe
@declare(Permission.PRINT_PAPERS)
def paper_list(request: HttpRequest, pair_id: int, area: int) -> HttpResponse:
    """The list of one desa/kelurahan as PDF, or one part (``?bagian=``) of a long one."""
    pair = pair_or_404(request, pair_id, Permission.PRINT_PAPERS)
    submission = round_or_404(request, pair, Permission.PRINT_PAPERS)
    part = number_asked(request, "bagian") or 1
    printed = print_list(submission, area, by=request.user, part=part)
    return pdf_response(printed.content, printed.name)


@never_cache
@require_safe
@declare(Permission.PRINT_PAPERS)
def paper_rows(request: HttpRequest, pair_id: int) -> StreamingHttpResponse:
    """The list of the round, or of one area (``?wilayah=``), as CSV with NIKs."""
    pair = pair_or_404(request, pair_id, Permission.PRINT_PAPERS)
    submission = round_or_404(request, pair, Permission.PRINT_PAPERS)
    code = area_asked(request)
    pieces = stream_list(submission, by=request.user, area=max(code, 0))
    return csv_response(pieces, f"daftar-pendukung-{submission.stage}{f'-{code}' if code > 0 else ''}.csv")
