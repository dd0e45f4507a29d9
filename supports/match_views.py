"""The commission's page of people given by several pairs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from candidates.territory import elections_governed_by
from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from supports.matches import read_matches
from supports.progress import matches_of


@never_cache
@declare(Permission.VIEW_PAIR_MATCHES)
def pair_matches(request: HttpRequest, election_id: int) -> HttpResponse:
    """The people of an election whom several pairs gave, beside each other."""
    governed = elections_governed_by(request.user, Permission.VIEW_PAIR_MATCHES)
    election = get_object_or_404(governed, pk=election_id)
    request.election = election
    page = read_matches(election, by=request.user, cursor=request.GET.get("kursor", ""))
    context = {
        "election": election,
        "people": page.people,
        "n": matches_of(election.pk),
        "next_url": f"?kursor={page.next}" if page.next else None,
        "first_url": request.path if request.GET.get("kursor") else None,
    }
    return render(request, "supports/pair_matches.html", context)
