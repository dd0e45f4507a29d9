"""Schedules of many elections at once: what would change is shown first, and exactly that is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from candidates import queries, zones
from candidates.mass.copies import copy_schedule, plan_copies
from candidates.mass.moves import move_windows, plan_moves
from candidates.mass.plans import Chosen, Plan, Step, elections_chosen
from candidates.mass_forms import CopyForm, MoveForm
from candidates.models import Election, MassChange, Window
from candidates.rule_sets import RuleSet as Rules
from foundation.accounts.access import AnyUser, declare
from foundation.accounts.matrix import Permission
from foundation.errors import Conflict, Refused
from foundation.regions.codes import PROVINCE
from foundation.regions.models import Region
from foundation.web import add_refusal

DECISIONS_SHOWN = 10


@dataclass(frozen=True)
class Shown:
    """One step of a plan in words, in the zone of its election."""

    election: str
    what: str
    before: str
    after: str
    why_not: str


@never_cache
@declare(Permission.MANAGE_WINDOWS)
def move_many(request: HttpRequest) -> HttpResponse:
    """Windows of many elections moved by one decree: the form, its preview, and its application."""
    form = MoveForm(_provinces(request.user), _stages(), request.POST or None)

    def plan() -> Plan:
        return plan_moves(form.chosen, form.move, decree=form.cleaned_data["decree"], by=request.user)

    def apply(digest: str) -> MassChange:
        decree = form.cleaned_data["decree"]
        return move_windows(form.chosen, form.move, decree=decree, digest=digest, by=request.user)

    return _answer(request, form, "candidates/mass/moves.html", "move_windows", plan, apply)


@never_cache
@declare(Permission.MANAGE_WINDOWS)
def copy_to_many(request: HttpRequest) -> HttpResponse:
    """One schedule for many elections: the form, its preview, and its application."""
    form = CopyForm(_provinces(request.user), _stages(), _sources(request.user), request.POST or None)

    def plan() -> Plan:
        decree = form.cleaned_data["decree"]
        return plan_copies(form.spans, form.chosen, decree=decree, by=request.user, but=form.origin)

    def apply(digest: str) -> MassChange:
        decree = form.cleaned_data["decree"]
        return copy_schedule(
            form.spans, form.chosen, decree=decree, digest=digest, by=request.user, but=form.origin
        )

    return _answer(request, form, "candidates/mass/copies.html", "copy_schedule", plan, apply)


def _answer(
    request: HttpRequest,
    form: Form,
    template: str,
    address: str,
    plan: Callable[[], Plan],
    apply: Callable[[str], MassChange],
) -> HttpResponse:
    """The form; after a POST the preview; after a POST with the digest of a preview, the deed."""
    context: dict[str, Any] = {"form": form, "decisions": _decisions(request.user)}
    digest = request.POST.get("digest", "")
    if request.method == "POST" and form.is_valid():
        try:
            if digest:
                made = apply(digest)
                words = {"n": made.changed, "elections": made.elections}
                messages.success(request, _("%(n)s masa pada %(elections)s pemilihan sudah diubah.") % words)
                return redirect(address)
        except Conflict as conflict:
            context["conflict"] = conflict.message
        except Refused as refusal:
            add_refusal(form, refusal)
        if not form.errors:
            _preview(form, plan, context)
    status = 409 if context.get("conflict") else 422 if form.errors else 200
    return render(request, template, context, status=status)


def _preview(form: Form, plan: Callable[[], Plan], context: dict[str, Any]) -> None:
    try:
        found = plan()
    except Refused as refusal:
        add_refusal(form, refusal)
        return
    titles = dict(_stages())
    context["plan"] = found
    context["changes"] = [_shown(step, titles) for step in found.changes]
    context["blocked"] = [_shown(step, titles) for step in found.blocked]


def _shown(step: Step, titles: dict[str, str]) -> Shown:
    row, zone = step.window, step.window.election.zone
    before = ""
    if step.before:
        was = {name: datetime.fromisoformat(step.before[name]) for name in ("opens_at", "closes_at")}
        before = _span(was["opens_at"], was["closes_at"], zone)
    what = f"{row.get_kind_display()} · {titles.get(row.stage, row.stage)}"
    return Shown(row.election.name, what, before, _span(row.opens_at, row.closes_at, zone), step.why_not)


def _span(opens: Any, closes: Any, zone: str) -> str:
    return f"{zones.say_start(opens, zone)} – {zones.say_end(closes, zone)}"


def _provinces(user: AnyUser) -> list[tuple[int, str]]:
    """The provinces of the elections whose windows the user manages."""
    regions = elections_chosen(Chosen(), user).order_by().values_list("region_id", flat=True)
    codes = {int(str(code)[:2]) for code in regions}
    return list(
        Region.objects.filter(pk__in=codes, level=PROVINCE).order_by("name").values_list("pk", "name")
    )


def _stages() -> list[tuple[str, str]]:
    """Every round of the newest rule sets, the latest law first."""
    found: dict[str, str] = {}
    for row in queries.newest_rule_sets().values():
        for one in Rules.from_json(row.body).rounds:
            found.setdefault(one.key, one.title)
    return list(found.items())


def _sources(user: AnyUser) -> dict[int, Election]:
    """The elections that have a schedule to be copied."""
    scheduled = Window.objects.filter(pair=None).order_by().values("election_id")
    found = (
        elections_chosen(Chosen(), user).filter(pk__in=scheduled).select_related(None).order_by("name", "id")
    )
    return {one.pk: one for one in found}


def _decisions(user: AnyUser) -> list[MassChange]:
    """What the user has decided lately."""
    own = MassChange.objects.filter(created_by=user.pk).select_related("created_by")
    return list(own[:DECISIONS_SHOWN])
