"""Hasil: whether a round can be closed, closing it, and what it came to, for the office and for the pair."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from candidates.models import Pair
from candidates.queries import pairs_visible_to
from foundation.accounts.access import declare, scopes
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.web import tell_refusal
from supports.handing_in.receipts import title_of
from supports.models import Submission
from verification.desk_views import review_or_404
from verification.models import Review
from verification.results import closing
from verification.results.canonical import canonical
from verification.results.forms import CloseForm
from verification.results.models import Result
from verification.results.paper import minutes_pdf
from verification.results.queries import RELATED, results_of, results_visible_to, with_changes
from verification.results.readiness import readiness_of
from verification.results.recap import as_csv, cells_of, districts_of, workbook
from verification.results.sums import sum_of
from verification.results.words import conservation, follows, spelled_out, sum_lines, title_of_outcome

# A page of more lines is no page: the files hold them.
MOST_LINES = 1_500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@declare(GET=Permission.VIEW_DECISIONS, POST=Permission.CLOSE_ROUND)
def round_result(request: HttpRequest, submission_id: int) -> HttpResponse:
    """Whether the round can be closed, and each result it had; POST closes it."""
    permission = Permission.CLOSE_ROUND if request.method == "POST" else Permission.VIEW_DECISIONS
    review = review_or_404(request, submission_id, permission)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _close(request, review, form.cleaned_data["minutes_number"])
    versions = list(review.results.select_related(*RELATED).order_by("-version"))
    shown = _chosen(request, versions)
    under_review = review.submission.status == "in_review"
    context = {
        "review": review,
        "submission": review.submission,
        "pair": review.submission.pair,
        "title": title_of(review.submission),
        "form": form,
        "readiness": readiness_of(review) if under_review else None,
        "may_close": under_review and _may_close(request.user, review.submission),
        "versions": with_changes(versions),
        **_said(shown),
    }
    return render(request, "verification/results/result.html", context, status=422 if form.errors else 200)


def _close(request: HttpRequest, review: Review, minutes_number: str) -> HttpResponse:
    try:
        result = closing.close_round(review, by=request.user, minutes_number=minutes_number)
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        words = {"title": result.body["stage_title"], "outcome": result.outcome}
        messages.success(request, _("Putaran %(title)s ditutup dengan hasil %(outcome)s.") % words)
    return redirect("round_result", review.submission_id)


def _may_close(user: User, submission: Submission) -> bool:
    return scopes(user, Permission.CLOSE_ROUND).contains_region(submission.pair.election.region_id)


def _chosen(request: HttpRequest, versions: list[Result]) -> Result | None:
    """The version that the address names; without one the latest."""
    wanted = request.GET.get("hasil", "")
    return next((one for one in versions if str(one.pk) == wanted), versions[0] if versions else None)


def _said(result: Result | None) -> dict[str, Any]:
    """Everything a page says of a result."""
    if result is None:
        return {"result": None}
    submission = result.review.submission
    lines = closing.by_area_of(result)
    said = result.body["sum"]
    return {
        "result": result,
        "outcome_title": title_of_outcome(result.outcome),
        "conservation": conservation(result.body),
        "sum_lines": sum_lines(said, submission.pair.election.level),
        "spelled_out": spelled_out(said),
        "follows": follows(result) if _is_last(result) else "",
        "districts": districts_of(lines, said),
        "unfolds": len(lines) <= MOST_LINES,
        "before_now": _before_now(result),
    }


def _is_last(result: Result) -> bool:
    return result.version == Result.objects.filter(review=result.review_id).count()


def _before_now(result: Result) -> int | None:
    """What earlier rounds have brought by now, where that is no longer what the result was reckoned with."""
    before = sum_of(result.review.submission).before
    return before if _is_last(result) and before != result.body["sum"]["before"] else None


@never_cache
@declare(Permission.VIEW_RESULTS)
def pair_results(request: HttpRequest, pair_id: int) -> HttpResponse:
    """What each round of a pair came to; ``?hasil=`` shows another one than the latest."""
    pair = _pair_or_404(request, pair_id)
    found = results_of(pair)
    rounds: dict[int, list[Result]] = {}
    for one in found:
        rounds.setdefault(one.review_id, []).append(one)
    context = {
        "pair": pair,
        "rounds": [(versions[0].body["stage_title"], with_changes(versions)) for versions in rounds.values()],
        **_said(_chosen(request, found)),
    }
    return render(request, "verification/results/pair_results.html", context)


def _pair_or_404(request: HttpRequest, pair_id: int) -> Pair:
    pair = get_object_or_404(pairs_visible_to(request.user, Permission.VIEW_RESULTS), pk=pair_id)
    request.pair = pair
    return pair


def _result_or_404(request: HttpRequest, result_id: int) -> Result:
    found = get_object_or_404(results_visible_to(request.user), pk=result_id)
    request.pair = found.review.submission.pair
    return found


@declare(Permission.VIEW_RESULTS)
def minutes(request: HttpRequest, result_id: int) -> HttpResponse:
    """The minutes of a result as a paper; the pair, Bawaslu and the office read the same."""
    result = _result_or_404(request, result_id)
    return _file(minutes_pdf(result), "application/pdf", result, "berita-acara", "pdf")


@declare(Permission.VIEW_RESULTS)
def recap_csv(request: HttpRequest, result_id: int) -> HttpResponse:
    """The recap by kelurahan as a CSV."""
    result = _result_or_404(request, result_id)
    content = as_csv(cells_of(result, closing.by_area_of(result)))
    return _file(content, "text/csv; charset=utf-8", result, "rekapitulasi", "csv")


@declare(Permission.VIEW_RESULTS)
def recap_xlsx(request: HttpRequest, result_id: int) -> HttpResponse:
    """The recap by kelurahan as a workbook."""
    result = _result_or_404(request, result_id)
    content = workbook(cells_of(result, closing.by_area_of(result)))
    return _file(content, XLSX, result, "rekapitulasi", "xlsx")


@declare(Permission.VIEW_RESULTS)
def result_text(request: HttpRequest, result_id: int) -> HttpResponse:
    """Exactly the text whose hash stands on the minutes."""
    result = _result_or_404(request, result_id)
    text = canonical(result.body, closing.by_area_of(result))
    return _file(text, "application/json", result, "hasil", "json")


def _file(content: bytes, kind: str, result: Result, name: str, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    called = f"{name}-vermin-{result.body['submission']}-v{result.version}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{called}"'
    return response
