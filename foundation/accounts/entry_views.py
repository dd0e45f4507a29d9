"""Pages for who is not logged in yet: following an invitation, and choosing a new password."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from foundation.accounts.access import declare
from foundation.accounts.activation import activate, propose_username
from foundation.accounts.attempts import count_link
from foundation.accounts.entering import enter
from foundation.accounts.forms import ActivationForm, ForgottenForm, NewPasswordForm
from foundation.accounts.links import LinkDead, Purpose, digest_of, open_link
from foundation.accounts.matrix import Permission
from foundation.accounts.own_email import confirm_email
from foundation.accounts.passwords import ask_for_link, set_by_link
from foundation.errors import Refused
from foundation.web import add_refusal

SECRET = "kunci"  # noqa: S105 -- the name of a parameter
View = Callable[..., HttpResponse]


def secret_page(view: View) -> View:
    """A page that a mailed link opens: nobody on the way keeps it, and no address tells another site about it."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        try:
            response = view(request)
        except LinkDead as refusal:
            context = {"message": refusal.message, "code": refusal.code}
            response = render(request, "account/link_dead.html", context, status=refusal.http_status)
        response.headers["Cache-Control"] = "no-store"
        if SECRET in request.GET:
            # Not on the form's own page: a browser that tells no referrer tells no origin, and CSRF asks for that.
            response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return answer


def _took_secret(request: HttpRequest, purpose: str) -> bool:
    """Move the secret out of the address, which logs and histories keep, into the session, as its digest."""
    if SECRET not in request.GET:
        return False
    digest = digest_of(request.GET[SECRET])
    open_link(digest, purpose)
    request.session[f"link_{purpose}"] = digest
    return True


def _link(request: HttpRequest, purpose: str) -> Any:
    return open_link(request.session.get(f"link_{purpose}", ""), purpose)


@declare(Permission.LOG_IN)
@sensitive_post_parameters("password", "again")
@secret_page
def activation(request: HttpRequest) -> HttpResponse:
    """Choose user name and password; the link is used up by that, not by being looked at."""
    if _took_secret(request, Purpose.ACTIVATION):
        return redirect("activation")
    link = _link(request, Purpose.ACTIVATION)
    form = ActivationForm(request.POST or None, initial={"username": propose_username(link.user)})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            user = activate(link, username=values["username"], password=values["password"])
        except LinkDead:
            raise
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            request.session.pop(f"link_{Purpose.ACTIVATION}", None)
            enter(request, user)
            return redirect("home")
    return render(request, "account/activation.html", {"form": form, "person": link.user})


@declare(Permission.LOG_IN)
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link; the answer is the same for every address."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        try:
            count_link(request, address)
            ask_for_link(address)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            return render(request, "account/link_on_its_way.html", {"address": address})
    return render(request, "account/forgotten.html", {"form": form})


@declare(Permission.LOG_IN)
@sensitive_post_parameters("password", "again")
@secret_page
def new_password(request: HttpRequest) -> HttpResponse:
    """Choose another password by a mailed link; then one logs in with it, in two steps where there are two."""
    if _took_secret(request, Purpose.PASSWORD):
        return redirect("new_password")
    link = _link(request, Purpose.PASSWORD)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_by_link(link, form.cleaned_data["password"])
        except LinkDead:
            raise
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            request.session.pop(f"link_{Purpose.PASSWORD}", None)
            messages.success(request, _("Kata sandi diganti. Masuk dengan kata sandi yang baru."))
            return redirect("account_login")
    return render(request, "account/new_password.html", {"form": form, "person": link.user})


@declare(Permission.LOG_IN)
@secret_page
def confirm_new_email(request: HttpRequest) -> HttpResponse:
    """A new address is one's own; the link is used up by the answer, not by being looked at."""
    if _took_secret(request, Purpose.EMAIL):
        return redirect("confirm_email")
    link = _link(request, Purpose.EMAIL)
    context = {"person": link.user, "address": link.address}
    if request.method == "POST":
        try:
            confirm_email(link)
        except LinkDead:
            raise
        except Refused as refusal:
            context["refusal"] = refusal.message
            return render(request, "account/confirm_email.html", context, status=refusal.http_status)
        request.session.pop(f"link_{Purpose.EMAIL}", None)
        messages.success(request, _("Alamat surel akun sudah diganti."))
        return redirect("profile" if request.user.is_authenticated else "account_login")
    return render(request, "account/confirm_email.html", context)
