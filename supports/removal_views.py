"""Removing all rows a filter of the list shows: how many, which for example, confirmed by typing the number."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from candidates.models import Pair
from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.jobs.models import Job
from foundation.web import add_refusal, stop_polling, tell_refusal
from supports.bulk_removal import Preview, in_words, preview_removal, removals_of, request_removal
from supports.forms import ConfirmRemovalForm
from supports.listing import Filter, Page
from supports.models import Submission
from supports.queries import submissions_visible_to, typed_reach_of
from supports.views import asked_filter, list_address, pair_or_404, people_context, round_asked


@never_cache
@declare(Permission.EDIT_SUPPORTS)
def remove_supports(request: HttpRequest, pair_id: int) -> HttpResponse:
    """The rows that would go; POST with their number lets a job take them away."""
    pair = pair_or_404(request, pair_id, Permission.EDIT_SUPPORTS)
    rounds = submissions_visible_to(request.user, Permission.EDIT_SUPPORTS).filter(pair=pair)
    submission = round_asked(request, rounds.select_related("pair__election__rule_set", "rule_set"))
    if submission is None:
        return redirect("supports", pair.pk)
    wanted = asked_filter(request, pair)
    try:
        preview = preview_removal(submission, wanted)
    except Refused as refusal:
        tell_refusal(request, refusal)
        return redirect(list_address(request, pair))
    form = ConfirmRemovalForm(preview.count, request.POST or None)
    if request.method == "POST" and form.is_valid():
        job = _request(request, submission, wanted, form)
        if job:
            return redirect("removal", pair.pk, job.pk)
    return _show(request, submission, wanted, preview, form)


def _request(
    request: HttpRequest, submission: Submission, wanted: Filter, form: ConfirmRemovalForm
) -> Job | None:
    count, token = form.cleaned_data["count"], form.cleaned_data["token"]
    try:
        return request_removal(submission, wanted, by=request.user, count=count, token=token)
    except Refused as refusal:
        add_refusal(form, refusal)
        return None


def _show(
    request: HttpRequest, submission: Submission, wanted: Filter, preview: Preview, form: ConfirmRemovalForm
) -> HttpResponse:
    context: dict[str, Any] = {
        **people_context(request, submission, Page(preview.examples, None, None)),
        "may_edit": False,
        "preview": preview,
        "words": in_words(submission, wanted),
        "form": form,
        "list_url": list_address(request, submission.pair),
    }
    return render(request, "supports/remove.html", context, status=422 if form.errors else 200)


@never_cache
@declare(Permission.EDIT_SUPPORTS)
def removal(request: HttpRequest, pair_id: int, job_id: int) -> HttpResponse:
    """How far a removal is; as a fragment it asks again until it has ended."""
    pair = pair_or_404(request, pair_id, Permission.EDIT_SUPPORTS)
    job = _job_or_404(request, pair, job_id)
    context = {"pair": pair, "job": job, "working": job.state in ("queued", "running")}
    if not request.htmx:
        return render(request, "supports/removal.html", context)
    response = render(request, "supports/_removal.html", context)
    return response if context["working"] else stop_polling(response)


def _job_or_404(request: HttpRequest, pair: Pair, job_id: int) -> Job:
    rounds = submissions_visible_to(request.user, Permission.EDIT_SUPPORTS).filter(pair=pair)
    # Who reaches only what they typed is told of no removals of others.
    asked_by = request.user if typed_reach_of(request.user, pair) is not None else None
    return get_object_or_404(removals_of(rounds, asked_by=asked_by), pk=job_id)
