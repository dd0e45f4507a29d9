"""The commission's desk: an election is created, with its requirement spelled out while one types; its pairs."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from candidates import elections, operations, thresholds
from candidates.election_forms import ElectionForm, PairForm, initial_of, level_of_region, proposed
from candidates.models import Election, Level, Pair
from candidates.queries import elections_visible_to, newest_rule_sets, now, pairs_visible_to
from candidates.rule_sets import RuleSet as Rules
from foundation.accounts.access import AnyUser, declare, scopes
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.regions.codes import PROVINCE, REGENCY
from foundation.regions.models import Region
from foundation.web import add_refusal

REGIONS_SHOWN = 40
MOST_DIGITS = 18  # of an id


@never_cache
@declare(Permission.CREATE_ELECTION)
def choose_region(request: HttpRequest) -> HttpResponse:
    """Where the election is: the regions of the own territory, found by name."""
    wanted = request.GET.get("cari", "").strip()[:100]
    found = regions_for(request.user)
    if wanted:
        found = found.filter(name__icontains=wanted)
    shown = list(found.order_by("level", "code")[: REGIONS_SHOWN + 1])
    changing = request.GET.get("ubah", "")
    context = {
        "wanted": wanted,
        "regions": [(one, Level(level_of_region(one.pk)).label) for one in shown[:REGIONS_SHOWN]],
        "more": len(shown) > REGIONS_SHOWN,
        "changing": int(changing) if changing.isdecimal() and len(changing) <= MOST_DIGITS else None,
    }
    part = "candidates/_regions.html" if request.htmx else "candidates/election_region.html"
    response = render(request, part, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@never_cache
@declare(Permission.CREATE_ELECTION)
def create_election(request: HttpRequest, region_id: int) -> HttpResponse:
    """The form of a new election of one region."""
    region = get_object_or_404(regions_for(request.user), pk=region_id)
    form = ElectionForm(
        region.pk, rule_set_choices(), request.POST or None, initial=proposed(region, now().year)
    )
    if request.method == "POST" and form.is_valid():
        values = {"level": level_of_region(region.pk), "region_id": region.pk}
        try:
            made = operations.create_election(by=request.user, **values, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request, _("Pemilihan sudah dibuat. Berikutnya: jadwalkan masa dan daftarkan pasangan.")
            )
            return redirect("election", made.pk)
    context = {"form": form, "region": region, "level": Level(level_of_region(region.pk))}
    context["requirement"] = reckon(form, region.pk)
    return render(request, "candidates/election_form.html", context, status=422 if form.errors else 200)


@never_cache
@declare(GET=Permission.CREATE_ELECTION, POST=Permission.CREATE_ELECTION)
def preview_requirement(request: HttpRequest, region_id: int) -> HttpResponse:
    """The requirement of what stands in the form now: a fragment beside it."""
    if level_of_region(region_id) is None:
        raise Http404
    form = ElectionForm(region_id, rule_set_choices(), request.POST, initial=_stored(request))
    context = {"requirement": reckon(form, region_id)}
    return render(request, "candidates/_requirement.html", context)


def _stored(request: HttpRequest) -> dict[str, Any]:
    """What an election that is there has in the fields that are locked, and so are not sent."""
    asked = request.GET.get("pemilihan", "")
    if not asked.isdecimal() or len(asked) > MOST_DIGITS:
        return {}
    visible = elections_visible_to(request.user, Permission.CHANGE_ELECTION).prefetch_related("areas")
    return initial_of(get_object_or_404(visible, pk=int(asked)))


def reckon(form: ElectionForm, region_id: int) -> dict[str, Any]:
    """The sum of a form, as far as it can be done: its lines, the official numbers, and what is missing."""
    form.is_valid()
    typed = getattr(form, "cleaned_data", {}) if form.is_bound else {}
    stored = {name: form.get_initial_for_field(form.fields[name], name) for name in form.fields}
    values = stored | {name: value for name, value in typed.items() if name in form.data}
    code, base, areas = values.get("rule_set"), values.get("base"), values.get("areas")
    rule_set = newest_rule_sets().get(code)
    if rule_set is None or not base or not areas:
        return {"missing": True}
    rules, level = Rules.from_json(rule_set.body), level_of_region(region_id)
    try:
        formula = thresholds.requirement(rules, level, base, len(areas))
        lines = thresholds.explain(rules, level, base, len(areas)).lines()
    except thresholds.Impossible as error:
        return {"impossible": str(error)}
    minimum, spread = values.get("override_minimum"), values.get("override_spread")
    official = (minimum or formula.minimum, spread or formula.min_spread)
    return {
        "lines": lines,
        "formula": formula,
        "minimum": official[0],
        "min_spread": official[1],
        "differs": official != (formula.minimum, formula.min_spread),
        "decree": values.get("override_decree"),
        "law": rules.law,
        "base_kind": rules.base_kind,
        "operators": values.get("operators_allowed") or rules.operators_allowed,
        "area_name": thresholds.AREA_NAMES[level],
    }


def rule_set_choices() -> list[tuple[str, str]]:
    """The newest version of each rule set, the newest law first, with what its number is reckoned from."""
    rules = [Rules.from_json(row.body) for row in newest_rule_sets().values()]
    return [(one.code, f"{one.title} · {thresholds.BASE_NAMES[one.base_kind]}") for one in rules]


def regions_for(user: AnyUser) -> QuerySet[Region]:
    """The provinces and kab/kota, as they are today, where the user creates elections."""
    held = scopes(user, Permission.CREATE_ELECTION)
    found = Region.objects.filter(level__in=(PROVINCE, REGENCY), current=True)
    if held.nation:
        return found
    inside = Q(pk__in=held.regions) | Q(parent__in=[code for code in held.regions if code < 100])
    return found.filter(inside)


@never_cache
@declare(Permission.CREATE_PAIR)
def add_pair(request: HttpRequest, election_id: int) -> HttpResponse:
    """A pair is entered."""
    visible = elections_visible_to(request.user, Permission.CREATE_PAIR)
    election = get_object_or_404(visible, pk=election_id)
    form = PairForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.create_pair(election, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Pasangan %(name)s sudah didaftarkan.") % {"name": made.name})
            return redirect("election", election.pk)
    return _show_pair(request, election, form)


@never_cache
@declare(Permission.CREATE_PAIR)
def change_pair(request: HttpRequest, pair_id: int) -> HttpResponse:
    """How a pair is written is corrected."""
    pair = get_object_or_404(pairs_visible_to(request.user, Permission.CREATE_PAIR), pk=pair_id)
    initial = {name: getattr(pair, name) for name in PairForm.base_fields}
    form = PairForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            elections.change_pair(pair, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Nama pasangan sudah dibetulkan."))
            return redirect("election", pair.election_id)
    return _show_pair(request, pair.election, form, pair)


def _show_pair(
    request: HttpRequest, election: Election, form: PairForm, pair: Pair | None = None
) -> HttpResponse:
    request.election = election
    context = {"election": election, "form": form, "pair": pair}
    return render(request, "candidates/pair_form.html", context, status=422 if form.errors else 200)
