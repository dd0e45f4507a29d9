"""The page on which an election is changed: what may change now, what not and why, and how far ages are checked."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from candidates import refusals
from candidates.election_forms import ElectionForm, initial_of, level_of_region, proposed
from candidates.election_views import reckon, regions_for, rule_set_choices
from candidates.elections import CHECKED_BY
from candidates.models import Election, Level
from candidates.queries import elections_visible_to, now
from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.errors import Refused, sentence_of
from foundation.regions.models import Region
from foundation.web import add_refusal, stop_polling
from supports.elections import age_check, change_election, support_is_there


@never_cache
@declare(Permission.CHANGE_ELECTION)
def election_change(request: HttpRequest, election_id: int) -> HttpResponse:
    """The form of an election that is there; before any support came, ``?wilayah=`` holds it elsewhere."""
    election = election_or_404(request, election_id)
    begun = support_is_there(election)
    region, initial = _place(request, election, begun)
    form = ElectionForm(
        region.pk,
        rule_set_choices(),
        request.POST or None,
        initial=initial,
        locked=CHECKED_BY if begun else (),
    )
    if request.method == "POST" and form.is_valid():
        place = {"level": level_of_region(region.pk), "region_id": region.pk}
        try:
            changed = change_election(election, by=request.user, **place, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _said(changed, begun))
            moved = begun and "voting_day" in changed
            return redirect("change_election" if moved else "election", election.pk)
    return _show(request, election, region, form, begun=begun)


def _place(request: HttpRequest, election: Election, begun: bool) -> tuple[Region, dict[str, Any]]:
    """The region of the form, and what stands in it: where another region was chosen, that one's areas and zone."""
    initial = initial_of(election)
    wanted = request.GET.get("wilayah", "")
    if begun or not wanted.isdecimal() or int(wanted) == election.region_id:
        return Region(pk=election.region_id, name=election.region_name), initial
    region = get_object_or_404(regions_for(request.user), pk=int(wanted))
    return region, initial | proposed(region, now().year)


def _said(changed: dict[str, list[Any]], begun: bool) -> str:
    if begun and "voting_day" in changed:
        return _("Perubahan disimpan. Umur pendukung yang belum diserahkan sedang diperiksa ulang.")
    return _("Perubahan disimpan dan tercatat dalam riwayat.")


def _show(
    request: HttpRequest, election: Election, region: Region, form: ElectionForm, *, begun: bool
) -> HttpResponse:
    context = {
        "election": election,
        "region": region,
        "level": Level(level_of_region(region.pk)),
        "form": form,
        "begun": begun,
        "check": age_check(election),
        "requirement": reckon(form, region.pk),
        "why_not": sentence_of(
            refusals.refuse_outside, request.user, Permission.CHANGE_ELECTION, election.region_id
        ),
    }
    return render(request, "supports/election_change.html", context, status=422 if form.errors else 200)


@never_cache
@declare(Permission.CHANGE_ELECTION)
def ages_progress(request: HttpRequest, election_id: int) -> HttpResponse:
    """How far ages are checked again: a fragment that asks until they are."""
    election = election_or_404(request, election_id)
    check = age_check(election)
    context = {"election": election, "check": check, "asked": True}
    response = render(request, "supports/_ages.html", context)
    return response if check.working else stop_polling(response)


def election_or_404(request: HttpRequest, election_id: int) -> Election:
    """The election of the address, where its user may change one. Raises Http404."""
    visible = elections_visible_to(request.user, Permission.CHANGE_ELECTION).prefetch_related("areas")
    election = get_object_or_404(visible, pk=election_id)
    request.election = election
    return election
