"""Public pages, and the list of elections and pairs."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers

from candidates.forms import SimulationForm
from candidates.models import Election
from candidates.queries import elections_visible_to, pairs_visible_to, requirement_of
from candidates.rule_sets import SHIPPED
from candidates.thresholds import AREA_NAMES
from foundation.accounts.access import declare, may
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.web import searched

ELECTIONS_PER_PAGE = 25


@declare(Permission.SEE_HOME)
def home(request: HttpRequest) -> HttpResponse:
    """What this is, for who is not logged in; who is, goes to their desk."""
    if not request.user.is_authenticated:
        return render(request, "candidates/home.html")
    response = redirect(*_desk(request.user))
    add_never_cache_headers(response)
    return response


def _desk(user: User) -> tuple[str | int, ...]:
    """The territory for an office, the pair for who works for one, else the list."""
    if may(user, Permission.VIEW_TERRITORY):
        return ("territory",)
    pairs = list(pairs_visible_to(user)[:2])
    return ("pair", pairs[0].pk) if len(pairs) == 1 else ("pairs",)


@declare(Permission.SIMULATE)
def simulation(request: HttpRequest) -> HttpResponse:
    """The requirement of any election, with the sum spelled out."""
    asked = any(name in request.GET for name in SimulationForm.base_fields)
    form = SimulationForm(request.GET if asked else None)
    context: dict[str, Any] = {"form": form}
    if asked and form.is_valid():
        context["law"] = SHIPPED[form.cleaned_data["rule_set"]].law
        context["area_name"] = AREA_NAMES[form.cleaned_data["level"]]
    return render(request, "candidates/simulation.html", context)


@declare(Permission.VIEW_PAIR)
def pairs(request: HttpRequest) -> HttpResponse:
    """Every election of the user's territory with its pairs: a constant number of queries."""
    wanted = searched(request)
    own = pairs_visible_to(request.user).order_by("name")
    elections = elections_visible_to(request.user, Permission.VIEW_PAIR).order_by("-voting_day", "name")
    if wanted:
        elections = elections.filter(name__icontains=wanted)
    elections = elections.select_related("rule_set").prefetch_related("areas", Prefetch("pairs", own))
    page = Paginator(elections, ELECTIONS_PER_PAGE).get_page(request.GET.get("halaman"))
    context = {
        "page": page,
        "wanted": wanted,
        "elections": [_shown(election) for election in page],
        "may_create": may(request.user, Permission.CREATE_ELECTION),
    }
    return render(request, "candidates/pairs.html", context)


def _shown(election: Election) -> dict[str, Any]:
    return {
        "election": election,
        "requirement": requirement_of(election),
        "area_name": AREA_NAMES[election.level],
        "pairs": election.pairs.all(),
    }
