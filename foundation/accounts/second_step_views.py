"""Pages on which the second step of the log-in is set up, and its recovery codes are shown once."""

import time

from allauth.mfa.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation.accounts.access import declare, lacks_second_step
from foundation.accounts.entering import know_device
from foundation.accounts.forms import AppCodeForm
from foundation.accounts.matrix import Permission
from foundation.accounts.second_factor import codes_of, new_secret, picture_of, set_up
from foundation.errors import Refused
from foundation.web import add_refusal

# What the session knows: the secret that waits to be proved (sealed), and until when something may be done.
PENDING, MAY_MOVE_UNTIL, CODES_UNTIL = "second_step_pending", "second_step_may_move", "recovery_codes_until"
SECONDS = 15 * 60


def allow(request: HttpRequest, what: str) -> None:
    """Let the session do that for a quarter of an hour."""
    request.session[what] = time.time() + SECONDS


def is_allowed(request: HttpRequest, what: str) -> bool:
    """Whether it may, still."""
    return request.session.get(what, 0) > time.time()


@declare(Permission.SECURE_ACCOUNT)
@never_cache
def second_step(request: HttpRequest) -> HttpResponse:
    """The secret as a picture and as text, and the code that proves that the phone has it."""
    moves = is_allowed(request, MAY_MOVE_UNTIL)
    if request.user.two_factor_at and not moves:
        return redirect("home")
    secret = _pending_secret(request)
    form = AppCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_up(request.user, secret=secret, code=form.cleaned_data["code"], moves=moves)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            return _set_up_done(request)
    picture = picture_of(request.user, secret)
    groups = [secret[at : at + 4] for at in range(0, len(secret), 4)]
    context = {
        "form": form,
        "picture": picture,
        "secret": " ".join(groups),
        "moves": moves,
        "required": lacks_second_step(request.user),
    }
    return render(request, "account/second_step.html", context)


def _pending_secret(request: HttpRequest) -> str:
    """The same for every look at the page, so that a phone that has read it stays right."""
    adapter = get_adapter()
    if sealed := request.session.get(PENDING):
        return adapter.decrypt(sealed)
    secret = new_secret()
    request.session[PENDING] = adapter.encrypt(secret)
    return secret


def _set_up_done(request: HttpRequest) -> HttpResponse:
    for used in (PENDING, MAY_MOVE_UNTIL):
        request.session.pop(used, None)
    allow(request, CODES_UNTIL)
    response = redirect("recovery_codes")
    know_device(request, response, request.user)
    return response


@declare(Permission.SECURE_ACCOUNT)
@never_cache
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Shown until their owner says that they are kept, and at most for a quarter of an hour; then never again."""
    if request.method == "POST":
        request.session.pop(CODES_UNTIL, None)
        messages.success(request, _("Verifikasi dua langkah aktif dan kode pemulihan sudah Anda simpan."))
        return redirect("home")
    if not is_allowed(request, CODES_UNTIL):
        return redirect("home")
    return render(request, "account/recovery_codes.html", {"codes": codes_of(request.user)})


@declare(Permission.SECURE_ACCOUNT)
@require_GET
@never_cache
def recovery_codes_file(request: HttpRequest) -> HttpResponse:
    """The same as a text to be kept or printed."""
    if not is_allowed(request, CODES_UNTIL):
        return redirect("home")
    lines = [
        _("Kode pemulihan Silon Terbuka untuk %(name)s") % {"name": request.user.username},
        _("Setiap kode hanya dapat dipakai satu kali, bila ponsel Anda hilang. Simpan di tempat aman."),
        "",
        *codes_of(request.user),
        "",
    ]
    response = HttpResponse("\r\n".join(lines), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="kode-pemulihan-silon.txt"'
    response.headers["Cache-Control"] = "no-store"
    return response
