"""“Akun saya”: where one is logged in, tokens, known devices, the second step, the password."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from foundation.accounts.access import declare
from foundation.accounts.devices import devices_of
from foundation.accounts.forms import ChangePasswordForm, EmailForm, OwnerForm, TokenForm
from foundation.accounts.matrix import Permission
from foundation.accounts.own_email import ask_for_email
from foundation.accounts.owner import confirm_owner, confirm_password
from foundation.accounts.passwords import change_password
from foundation.accounts.second_factor import codes_of, renew_codes
from foundation.accounts.second_step_views import CODES_UNTIL, MAY_MOVE_UNTIL, allow
from foundation.accounts.seen import ROW, begin_session
from foundation.accounts.sessions import end_other_sessions, end_session, forget_device, sessions_of
from foundation.accounts.tokens import SCOPE_TITLES, make_token, number_of, revoke_token, tokens_of
from foundation.errors import Refused
from foundation.web import add_refusal


@declare(Permission.OWN_PROFILE)
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    """Everything about one's own account on one page."""
    user = request.user
    here = set(devices_of(request).filter(user=user).values_list("pk", flat=True))
    tokens = [
        (token, number_of(token), SCOPE_TITLES.get(token.scope, token.scope)) for token in tokens_of(user)
    ]
    context = {
        "sessions": sessions_of(user),
        "session_here": request.session.get(ROW),
        "tokens": tokens,
        "devices": [(device, device.pk in here) for device in user.known_devices.order_by("-last_used_at")],
        "codes_left": len(codes_of(user)) if user.two_factor_at else 0,
    }
    return render(request, "account/profile.html", context)


@declare(Permission.OWN_PROFILE)
@require_POST
def end_one_session(request: HttpRequest, row_id: int) -> HttpResponse:
    """End one's own session somewhere else."""
    end_session(request.user, row_id)
    messages.success(request, _("Sesi diakhiri. Perangkat itu harus masuk lagi."))
    return redirect("profile")


@declare(Permission.OWN_PROFILE)
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    count = end_other_sessions(request.user, but=request.session.get(ROW))
    messages.success(request, _("%(count)s sesi lain diakhiri.") % {"count": count})
    return redirect("profile")


@declare(Permission.OWN_PROFILE)
@require_POST
def forget_one_device(request: HttpRequest, device_id: int) -> HttpResponse:
    """A device is known no more."""
    forget_device(request.user, device_id)
    messages.success(request, _("Perangkat tidak dikenal lagi sampai masuk dua langkah berikutnya."))
    return redirect("profile")


@declare(Permission.MANAGE_TOKENS)
@never_cache
@sensitive_post_parameters("current", "code")
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a token; its secret is on the page that answers, and nowhere else."""
    form = TokenForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            _confirm(request, form)
            token, secret = make_token(
                request.user, name=values["name"], scope=values["scope"], days=values["days"]
            )
            context = {"token": token, "secret": secret, "scope": SCOPE_TITLES[token.scope]}
            return render(request, "account/token_made.html", context)
        except Refused as refusal:
            add_refusal(form, refusal)
    return render(request, "account/token_form.html", {"form": form})


@declare(Permission.MANAGE_TOKENS)
@require_POST
def revoke_one_token(request: HttpRequest, number: str) -> HttpResponse:
    """A token ends at once."""
    revoke_token(request.user, number)
    messages.success(request, _("Token dicabut. Program yang memakainya tidak dapat masuk lagi."))
    return redirect("profile")


@declare(Permission.OWN_PROFILE)
@never_cache
@sensitive_post_parameters("current", "code")
def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    """Ten others, after password and code."""
    return _owner_page(
        request,
        title=_("Buat kode pemulihan baru"),
        sentence=_("Sepuluh kode yang lama tidak berlaku lagi setelah kode baru dibuat."),
        button=_("Buat kode baru"),
        act=lambda: (renew_codes(request.user), allow(request, CODES_UNTIL)),
        then="recovery_codes",
    )


@declare(Permission.OWN_PROFILE)
@never_cache
@sensitive_post_parameters("current", "code")
def move_phone(request: HttpRequest) -> HttpResponse:
    """To another phone, after password and a code of the old one (or a recovery code)."""
    return _owner_page(
        request,
        title=_("Pindah ke ponsel baru"),
        sentence=_(
            "Ponsel lama tetap berlaku sampai kode dari ponsel baru diterima. Kode pemulihan ikut diganti."
        ),
        button=_("Lanjut ke ponsel baru"),
        act=lambda: allow(request, MAY_MOVE_UNTIL),
        then="second_step",
    )


@declare(Permission.OWN_PROFILE)
@never_cache
@sensitive_post_parameters("current", "password", "again")
def password(request: HttpRequest) -> HttpResponse:
    """Another password; what is logged in elsewhere ends, here one stays."""
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            confirm_password(request, request.user, form.cleaned_data["current"])
            change_password(request.user, form.cleaned_data["password"])
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            update_session_auth_hash(request, request.user)
            begin_session(request, request.user)
            messages.success(
                request, _("Kata sandi diganti. Sesi di perangkat lain dan semua token berakhir.")
            )
            return redirect("profile")
    return render(request, "account/password_change.html", {"form": form})


@declare(Permission.OWN_PROFILE)
@never_cache
@sensitive_post_parameters("current", "code")
def email(request: HttpRequest) -> HttpResponse:
    """Another e-mail address, after password and code; it counts once its link was followed."""
    form = EmailForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _confirm(request, form)
            ask_for_email(request.user, form.cleaned_data["email"])
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            message = _(
                "Tautan konfirmasi dikirim ke %(email)s. Alamat lama berlaku sampai tautannya dibuka."
            )
            messages.success(request, message % {"email": form.cleaned_data["email"]})
            return redirect("profile")
    words = {
        "title": _("Ganti alamat surel"),
        "sentence": _("Alamat sekarang: %(email)s") % {"email": request.user.email or _("belum ada")},
        "button": _("Kirim tautan konfirmasi"),
    }
    status = 422 if form.errors else 200
    return render(request, "account/confirm_owner.html", {"form": form, **words}, status=status)


def _confirm(request: HttpRequest, form: forms.Form) -> None:
    values = form.cleaned_data
    confirm_owner(request, request.user, password=values["current"], code=values.get("code", ""))


def _owner_page(request: HttpRequest, *, act: Any, then: str, **words: str) -> HttpResponse:
    """A page that does one thing once the owner has proved to be it."""
    if not request.user.two_factor_at:
        return redirect("second_step")
    form = OwnerForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _confirm(request, form)
            act()
            return redirect(then)
        except Refused as refusal:
            add_refusal(form, refusal)
    return render(request, "account/confirm_owner.html", {"form": form, **words})
