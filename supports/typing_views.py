"""Typing supporters one by one: the next empty form at once, findings while one types, what was typed last."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from candidates.models import Level, Pair
from candidates.templatetags.wording import number
from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.web import add_refusal, by_script, error_body
from supports import rows
from supports.findings import effects_by_code
from supports.forms import TypingForm
from supports.listing import Page
from supports.models import Submission
from supports.operations import checked_key
from supports.rounds import latest_round, may_receive
from supports.standards import key_scope
from supports.typed.checking import Checked, check_typed
from supports.typed.places import places_of_region
from supports.typed.recent import last_typed
from supports.typed.today import Typed, typed_by
from supports.typed.waiting import key_for_browser, owner_of_rows
from supports.views import pair_or_404, people_context

# What may stay from one row to the next, and what does until it is let go.
PINS = {"rt": False, "rw": False, "village": True, "district": True, "regency": True, "sheet": False}
PLACES_SECONDS = 3600
LONGEST = 1_000  # characters of a field that is only looked at


@never_cache
@declare(Permission.EDIT_SUPPORTS)
def typing(request: HttpRequest, pair_id: int) -> HttpResponse:
    """The empty form, and what was typed last; POST stores one row."""
    pair = pair_or_404(request, pair_id, Permission.EDIT_SUPPORTS)
    form = _form(pair, request)
    if request.method != "POST":
        return _page(request, pair, form)
    try:
        said = _save(request, pair, form)
    except Refused as refusal:
        if by_script(request):
            return JsonResponse(error_body(refusal), status=refusal.http_status)
        if form.is_valid():
            add_refusal(form, refusal)
        return _page(request, pair, form, status=refusal.http_status)
    if by_script(request):
        return JsonResponse({"said": said}, status=HTTPStatus.CREATED)
    messages.success(request, said)
    return redirect("typing", pair.pk)


def _form(pair: Pair, request: HttpRequest) -> TypingForm:
    data = request.POST if request.method == "POST" else None
    return TypingForm(data, with_regency=pair.election.level == Level.GUBERNUR)


def _save(request: HttpRequest, pair: Pair, form: TypingForm) -> str:
    """Store the row and say what is found. Refuses."""
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise Refused("row_not_readable", f"{form.fields[name].label}: {errors[0]}", name)
    if not form.row:
        raise Refused(
            "row_empty", _("Belum ada isian yang diketik, sehingga tidak ada yang disimpan."), "nik"
        )
    key = checked_key(request.headers.get("Idempotency-Key", ""))
    (added,) = rows.add_supports(pair, by=request.user, rows=[form.row], idempotency_key=key)
    if not added.findings:
        return _("Tersimpan: tidak ada temuan.")
    found = ", ".join(rule.title for rule in added.findings)
    return _("Tersimpan dengan %(n)s temuan: %(found)s.") % {"n": number(len(added.findings)), "found": found}


def _page(request: HttpRequest, pair: Pair, form: TypingForm, status: int = HTTPStatus.OK) -> HttpResponse:
    submission, closed = _round(pair)
    context = {
        **_recent(request, pair, submission),
        "form": form,
        "fields": [{"field": one, "pin": one.name in PINS, "pinned": PINS.get(one.name)} for one in form],
        "closed": closed,
        "draft_scope": key_scope(pair.election),
        "owner": owner_of_rows(pair, request.user),
        "key": key_for_browser(pair, request.user),
    }
    return render(request, "supports/typing.html", context, status=status)


@never_cache
@declare(Permission.EDIT_SUPPORTS)
def last_typed_rows(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Fragment: what this person typed last, and how much today."""
    pair = pair_or_404(request, pair_id, Permission.EDIT_SUPPORTS)
    submission, _closed = _round(pair)
    return render(request, "supports/_typed.html", _recent(request, pair, submission))


@never_cache
@require_POST
@declare(Permission.EDIT_SUPPORTS)
def check_typed_row(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Fragment: what the rules say of the row as far as it is typed, each at its field. Nothing is stored."""
    pair = pair_or_404(request, pair_id, Permission.EDIT_SUPPORTS)
    form = _form(pair, request)
    submission, closed = _round(pair)
    names = list(form.fields)
    checked = Checked()
    row = {name: request.POST.get(name, "")[:LONGEST] for name in names}
    if submission:
        at, furthest = request.POST.get("di", ""), request.POST.get("sampai", "")
        behind = names[: names.index(furthest)] if furthest in names else []
        checked = check_typed(submission, row, at=at, behind=frozenset(behind))
    found = {name: [rule for rule in checked.findings if rule.field == name] for name in names}
    context = {
        "row": row,
        "found": found,
        "general": [rule for rule in checked.findings if rule.field not in names],
        "effects": effects_by_code(submission) if submission else {},
        "checked": checked,
        "closed": closed,
    }
    return render(request, "supports/_typing_findings.html", context)


@declare(Permission.EDIT_SUPPORTS)
def typing_places(request: HttpRequest, pair_id: int) -> HttpResponse:
    """The desa and kelurahan of the election, each with its kecamatan and kabupaten/kota."""
    pair = pair_or_404(request, pair_id, Permission.EDIT_SUPPORTS)
    response = JsonResponse({"places": places_of_region(pair.election.region_id)})
    patch_cache_control(response, private=True, max_age=PLACES_SECONDS)
    return response


def _round(pair: Pair) -> tuple[Submission | None, Refused | None]:
    """The round rows are typed into, and why they cannot be now, if so."""
    try:
        return may_receive(pair), None
    except Refused as refusal:
        return latest_round(pair), refusal


def _recent(request: HttpRequest, pair: Pair, submission: Submission | None) -> dict[str, Any]:
    typed = typed_by(pair, [request.user.pk]).get(request.user.pk, Typed())
    if submission is None:
        return {"pair": pair, "typed": typed, "page": Page([], None, None)}
    page = Page(last_typed(submission, request.user), None, None)
    return {**people_context(request, submission, page), "typed": typed}
