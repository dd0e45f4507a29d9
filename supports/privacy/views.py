"""Public pages about one's own data, without an account: is my NIK listed, ask about it, follow what was asked."""

from collections.abc import Callable
from functools import wraps

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from candidates.queries import elections_announced, now
from foundation.accounts.access import declare
from foundation.accounts.links import LinkDead, digest_of
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.web import add_refusal, searched
from supports.privacy import copies
from supports.privacy.attempts import count_check
from supports.privacy.copy_responses import copy_response
from supports.privacy.filing_forms import Filing
from supports.privacy.forms import CheckForm
from supports.privacy.links import open_link
from supports.privacy.models import DataRequest
from supports.privacy.people import is_listed, person_of
from supports.privacy.sealing import open_answer

SECRET, HELD = "kunci", "own_data_request"
ELECTIONS_PER_PAGE = 25


@never_cache
@sensitive_post_parameters("nik", "birth_date")
@declare(Permission.CHECK_OWN_DATA)
def check(request: HttpRequest) -> HttpResponse:
    """Whether a NIK stands as a supporter: yes or no, the same no for a NIK not listed and a wrong birth date."""
    form = CheckForm(request.POST or None)
    context, status = {"form": form}, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                person = person_of(form.cleaned_data["nik"], form.cleaned_data["birth_date"])
                count_check(request, person.nik)
                context |= {"asked": True, "listed": is_listed(person), "form": CheckForm()}
                status = 200
            except Refused as refusal:
                add_refusal(form, refusal)
                status = refusal.http_status
    return render(request, "privacy/check.html", context, status=status)


@never_cache
@declare(Permission.REQUEST_OWN_DATA)
def own_data(request: HttpRequest) -> HttpResponse:
    """What one may ask for, and for which election."""
    wanted = searched(request)
    elections = elections_announced().order_by("-voting_day", "name")
    if wanted:
        elections = elections.filter(name__icontains=wanted)
    page = Paginator(elections, ELECTIONS_PER_PAGE).get_page(request.GET.get("halaman"))
    kinds = DataRequest.Kind.labels
    return render(request, "privacy/start.html", {"page": page, "wanted": wanted, "kinds": kinds})


@never_cache
@csrf_exempt  # checked by take_document: the check reads the body
@sensitive_post_parameters()
@declare(Permission.REQUEST_OWN_DATA)
def request_own_data(request: HttpRequest, election_id: int) -> HttpResponse:
    """The request itself, for one election; afterwards the page that its link opens."""
    election = get_object_or_404(elections_announced(), pk=election_id)
    filing = Filing(request, election)
    if request.method == "POST":
        made = filing.submit()
        if made:
            request.session[HELD] = digest_of(made[1])
            return redirect("own_data_request")
    context = {"election": election, "form": filing.form}
    return render(request, "privacy/request.html", context, status=filing.http_status)


def linked(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page that a private link opens: the secret moves out of the address into the session, as its digest."""

    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, **more: str) -> HttpResponseBase:
        try:
            if SECRET in request.GET:
                digest = digest_of(request.GET[SECRET])
                open_link(digest)
                request.session[HELD] = digest
                response: HttpResponseBase = redirect("own_data_request")
            else:
                response = view(request, open_link(request.session.get(HELD, "")), **more)
        except LinkDead as refusal:
            context = {"message": refusal.message}
            response = render(request, "privacy/link_dead.html", context, status=refusal.http_status)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer" if SECRET in request.GET else "same-origin"
        return response

    return answer


@declare(Permission.REQUEST_OWN_DATA)
@linked
def own_copy(request: HttpRequest, asked: DataRequest, form: str) -> HttpResponse:
    """What is held about whoever holds the link, as JSON or PDF; refused after seven days."""
    return copy_response(copies.own_copy(asked, form))


@declare(Permission.REQUEST_OWN_DATA)
@linked
def own_request(request: HttpRequest, asked: DataRequest) -> HttpResponse:
    """Where a request stands and what was answered, for whoever holds its link."""
    context = {
        "asked": asked,
        "answer": open_answer(asked),
        "title": _("Permohonan data pribadi"),
        "moment": now(),
    }
    return render(request, "privacy/own_request.html", context)
