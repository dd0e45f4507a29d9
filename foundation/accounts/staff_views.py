"""Petugas: whose role one gave or could have given; invite, send the link again, end."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from foundation.accounts import granting, places
from foundation.accounts.declare import declare
from foundation.accounts.factor_reset import refuse_to_reset, reset_second_factor
from foundation.accounts.matrix import Permission, Role, title_of
from foundation.accounts.models import Assignment
from foundation.accounts.staff_forms import ResetFactorForm, StaffForm
from foundation.errors import Refused, sentence_of
from foundation.regions.models import Region
from foundation.web import add_refusal, searched, tell_refusal

STAFF_PER_PAGE = 50


@dataclass(frozen=True)
class Shown:
    """One role of one person, in words."""

    assignment: Assignment
    title: str
    place: str


@never_cache
@declare(Permission.GRANT_ROLES)
def staff(request: HttpRequest) -> HttpResponse:
    """The list of the own territory, with search, and the form to invite somebody."""
    form = StaffForm(granting.grantable_by(request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _invite(request, form)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("staff")
    wanted = searched(request)
    found, further = _page(request, wanted)
    context = {"form": form, "staff": found, "further": further, "wanted": wanted}
    context["offered"] = places.offered(request.user)
    return render(request, "account/staff.html", context, status=422 if form.errors else 200)


def _invite(request: HttpRequest, form: StaffForm) -> None:
    given = form.cleaned_data
    role = Role(given["role"])
    kind, scope_id = places.place_of(given["region"], role, request.user)
    who = {"name": given["name"], "email": given["email"]}
    user = granting.invite_staff(by=request.user, role=role, scope_kind=kind, scope_id=scope_id, **who)
    if user.is_invited:
        message = _("%(name)s diundang. Tautan aktivasi dikirim ke %(email)s dan berlaku 72 jam.")
    else:
        message = _("%(name)s sudah mempunyai akun; perannya ditambahkan dan langsung berlaku.")
    messages.success(request, message % {"name": user.name, "email": user.email})


def _page(request: HttpRequest, wanted: str) -> tuple[list[Shown], int | None]:
    """Fifty of them, and after which the next fifty come; nothing is counted."""
    found = granting.staff_of(request.user).order_by("-id")
    if wanted:
        regions = Region.objects.filter(name__icontains=wanted).values("pk")
        found = found.filter(
            Q(user__name__icontains=wanted)
            | Q(user__email__icontains=wanted)
            | Q(user__username__icontains=wanted)
            | Q(scope_kind="region", scope_id__in=regions)
        )
    before = request.GET.get("sebelum", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: STAFF_PER_PAGE + 1])
    more = rows[STAFF_PER_PAGE - 1].pk if len(rows) > STAFF_PER_PAGE else None
    return shown(rows[:STAFF_PER_PAGE]), more


def shown(rows: list[Assignment]) -> list[Shown]:
    """Roles with the names of their places: one query for all."""
    codes = [one.scope_id for one in rows if one.scope_kind == "region"]
    names = dict(Region.objects.filter(pk__in=codes).values_list("code", "name"))
    return [
        Shown(one, title_of(Role(one.role), one.scope_id), names.get(one.scope_id, places.NATION))
        for one in rows
    ]


def _mine_or_404(request: HttpRequest, assignment_id: int) -> Assignment:
    return get_object_or_404(granting.staff_of(request.user), pk=assignment_id)


@require_POST
@declare(Permission.GRANT_ROLES)
def end_staff(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Take the role back at once."""
    assignment = _mine_or_404(request, assignment_id)
    try:
        granting.end_staff(assignment, by=request.user)
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        message = _("Peran %(name)s diakhiri dan tidak berlaku lagi mulai sekarang.")
        messages.success(request, message % {"name": assignment.user})
    return redirect("staff")


@require_POST
@declare(Permission.GRANT_ROLES)
def send_link_again(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """A new activation link for somebody who has not answered."""
    assignment = _mine_or_404(request, assignment_id)
    try:
        granting.send_link_again(assignment, by=request.user)
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        message = _("Tautan baru dikirim ke %(email)s. Tautan sebelumnya tidak berlaku lagi.")
        messages.success(request, message % {"email": assignment.user.email})
    return redirect("staff")


@never_cache
@declare(Permission.GRANT_ROLES)
def reset_factor(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Take the second step of somebody away who has lost the phone; who it is was looked at."""
    assignment = _mine_or_404(request, assignment_id)
    form = ResetFactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reset_second_factor(assignment, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            message = _("Verifikasi dua langkah %(name)s diatur ulang; semua sesinya berakhir.")
            messages.success(request, message % {"name": assignment.user})
            return redirect("staff")
    context = {
        "form": form,
        "shown": shown([assignment])[0],
        "why_not": sentence_of(refuse_to_reset, assignment, request.user),
    }
    return render(request, "account/staff_reset.html", context, status=422 if form.errors else 200)
