"""The pair's typists: who they are, what each typed; accounts made and ended by the operator."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from candidates.models import Pair
from candidates.queries import rules_of
from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.web import add_refusal, tell_refusal
from supports.forms import TypistForm
from supports.typed import typists
from supports.views import pair_or_404


@never_cache
@declare(Permission.MANAGE_TYPISTS)
def typist_list(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Who types for the pair, how much today and in all; POST invites one more."""
    pair = pair_or_404(request, pair_id, Permission.MANAGE_TYPISTS)
    form = TypistForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _add(request, pair, form):
        return redirect("typists", pair.pk)
    people = typists.typists_of(pair)
    context = {
        "pair": pair,
        "people": people,
        "form": form,
        "left": typists.places_left(pair),
        "allowed": rules_of(pair.election).typists_allowed,
        "today": sum(one.typed.today for one in people),
        "total": sum(one.typed.total for one in people),
    }
    return render(request, "supports/typists.html", context, status=422 if form.errors else 200)


def _add(request: HttpRequest, pair: Pair, form: TypistForm) -> bool:
    try:
        user = typists.add_typist(pair, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    if user.is_invited:
        said = _("%(name)s diundang. Tautan aktivasi dikirim ke %(email)s dan berlaku 72 jam.")
    else:
        said = _("%(name)s menjadi juru entri dengan akun yang sudah dimilikinya (%(email)s).")
    messages.success(request, said % {"name": user, "email": user.email})
    return True


@require_POST
@declare(Permission.MANAGE_TYPISTS)
def end_typist(request: HttpRequest, pair_id: int, user_id: int) -> HttpResponse:
    """End somebody's access at once."""
    pair = pair_or_404(request, pair_id, Permission.MANAGE_TYPISTS)
    user = _typist_or_404(pair, user_id)
    try:
        typists.end_typist(pair, user, by=request.user)
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        said = _("Akses %(name)s diakhiri sekarang juga. Baris yang sudah diketiknya tetap tersimpan.")
        messages.success(request, said % {"name": user})
    return redirect("typists", pair.pk)


@require_POST
@declare(Permission.MANAGE_TYPISTS)
def invite_typist_again(request: HttpRequest, pair_id: int, user_id: int) -> HttpResponse:
    """Send the activation link once more."""
    pair = pair_or_404(request, pair_id, Permission.MANAGE_TYPISTS)
    user = _typist_or_404(pair, user_id)
    try:
        typists.invite_again(user, by=request.user)
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        messages.success(request, _("Tautan aktivasi baru dikirim ke %(email)s.") % {"email": user.email})
    return redirect("typists", pair.pk)


def _typist_or_404(pair: Pair, user_id: int) -> User:
    """Somebody who is a typist of the pair; nobody else's account can be reached from here."""
    return get_object_or_404(typists.accounts_of_typists(pair), pk=user_id)
