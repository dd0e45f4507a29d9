"""Searching a round's supporters from its list. Sent by POST: what is looked for stands in no address."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from candidates.models import Pair
from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.web import add_refusal
from supports.forms import SearchForm
from supports.listing import Page
from supports.models import Submission
from supports.queries import audience_of, reach_of, submissions_visible_to, typed_reach_of
from supports.search import find_supports, sought_in
from supports.searchable import not_yet_searchable
from supports.views import pair_or_404, people_context, round_asked


@never_cache
@declare(Permission.VIEW_SUPPORTS)
def search(request: HttpRequest, pair_id: int) -> HttpResponse:
    """What was found, or why nothing can be looked for; asked for by address there is only the list."""
    pair = pair_or_404(request, pair_id, Permission.VIEW_SUPPORTS)
    rounds = submissions_visible_to(request.user, Permission.VIEW_SUPPORTS).filter(pair=pair)
    submission = round_asked(request, rounds.select_related("pair__election__rule_set", "rule_set"))
    if request.method != "POST" or submission is None:
        return redirect("supports", pair.pk)
    form = SearchForm(request.POST)
    page = _found(request, pair, submission, form)
    context: dict[str, Any] = {
        **people_context(request, submission, page),
        "form": form,
        "sought": form.data.get("cari", ""),
        "turns": [
            (page.previous, _("Sebelumnya"), "arrow-left"),
            (page.next, _("Berikutnya"), "arrow-right"),
        ],
        "pending": list(not_yet_searchable(submission)),
    }
    return render(request, "supports/search.html", context, status=422 if form.errors else 200)


def _found(request: HttpRequest, pair: Pair, submission: Submission, form: SearchForm) -> Page:
    if form.is_valid():
        try:
            sought = sought_in(
                form.cleaned_data["cari"],
                reach_of(request.user, pair),
                audience_of(request.user, pair),
                typed_reach_of(request.user, pair),
            )
            cursor = request.POST.get("kursor", "")
            return find_supports(submission, sought, by=request.user, cursor=cursor)
        except Refused as refusal:
            refusal.field = "cari"
            add_refusal(form, refusal)
    return Page([], None, None)
