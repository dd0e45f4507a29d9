"""The commission's pages of mandates: the list of its territory, one beside its document, the counter."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from candidates.mandates import operations, queries, team
from candidates.mandates.codes import code_of
from candidates.mandates.forms import NEW_PAIR, ApprovalForm, ReasonForm
from candidates.mandates.models import Mandate
from candidates.mandates.refusals import refuse_out_of_reach, refuse_own_mandate
from candidates.mandates.views import Filing
from candidates.models import Pair
from candidates.territory import elections_governed_by
from foundation.accounts.access import declare, may
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.attachments.pages import page_response
from foundation.attachments.serving import document_response
from foundation.errors import Refused, sentence_of
from foundation.web import add_refusal, searched, tell_refusal
from foundation.workflow.table import MANDATE

MANDATES_PER_PAGE = 25
# Of a longer document the rest is read when it is saved.
PAGES_SHOWN = 10


@never_cache
@declare(Permission.VIEW_MANDATES)
def mandate_list(request: HttpRequest) -> HttpResponse:
    """The mandates of the user's territory, those that wait first."""
    visible = queries.mandates_visible_to(request.user)
    wanted = searched(request)
    if wanted:
        visible = queries.mandates_named(visible, wanted)
    counts = queries.counts_by_status(visible)
    status = request.GET.get("status", "submitted" if counts.get("submitted") else "")
    found = visible.filter(status=status) if status in MANDATE.states else visible
    page = Paginator(found.order_by("-submitted_at", "-id"), MANDATES_PER_PAGE).get_page(
        request.GET.get("halaman")
    )
    chips = [("", _("Semua"), sum(counts.values()))]
    chips += [(state, title, counts.get(state, 0)) for state, title in MANDATE.states.items()]
    context = {
        "page": page,
        "chips": chips,
        "status": status if status in MANDATE.states else "",
        "wanted": wanted,
        "may_decide": may(request.user, Permission.DECIDE_MANDATES),
    }
    return render(request, "mandates/list.html", context)


def _mandate_or_404(
    request: HttpRequest, mandate_id: int, permission: Permission = Permission.VIEW_MANDATES
) -> Mandate:
    return get_object_or_404(queries.mandates_visible_to(request.user, permission), pk=mandate_id)


@never_cache
@declare(Permission.VIEW_MANDATES)
def mandate_page(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """One mandate: what it says beside its document, and what can be decided."""
    return _show(request, _mandate_or_404(request, mandate_id))


@declare(Permission.VIEW_MANDATES)
def mandate_document(request: HttpRequest, mandate_id: int) -> HttpResponseBase:
    """The signed document, to be saved, or (``?tampil``) to be shown on the page."""
    mandate = _mandate_or_404(request, mandate_id)
    return document_response(mandate.document, of=mandate, by=request.user, inline="tampil" in request.GET)


@declare(Permission.VIEW_MANDATES)
def mandate_document_page(request: HttpRequest, mandate_id: int, number: int) -> HttpResponse:
    """One page of the document as a picture."""
    mandate = _mandate_or_404(request, mandate_id)
    if not 1 <= number <= mandate.document.pages:
        raise Http404
    return page_response(mandate.document, number, of=mandate, by=request.user)


@require_POST
@declare(Permission.DECIDE_MANDATES)
def approve_mandate(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """Give the people it names their accounts."""
    mandate = _mandate_or_404(request, mandate_id, Permission.DECIDE_MANDATES)
    form = _approval_form(mandate, request.POST)
    done = _("Mandat disetujui. Setiap orang yang baru disebut menerima tautan aktivasi di surelnya.")
    return _decide(request, mandate, form, _approve, done, approval_form=form)


def _approve(mandate: Mandate, *, by: User, pair: str, seen: datetime | None) -> None:
    """For the pair chosen in the form: its id, or a new one."""
    chosen = None if pair == NEW_PAIR else Pair.objects.select_related("election").get(pk=pair)
    operations.approve_mandate(mandate, by=by, pair=chosen, seen=seen)


@require_POST
@declare(Permission.DECIDE_MANDATES)
def refuse_mandate(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """Say what is missing; it can be filed again."""
    mandate = _mandate_or_404(request, mandate_id, Permission.DECIDE_MANDATES)
    form = ReasonForm(request.POST, auto_id="id_refuse_%s")
    done = _("Mandat ditolak. Alasannya dikirim ke surel yang mengajukan, dan mandat dapat diajukan lagi.")
    return _decide(request, mandate, form, operations.refuse_mandate, done, refusal_form=form)


@require_POST
@declare(Permission.DECIDE_MANDATES)
def revoke_mandate(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """End it and the access of the whole team."""
    mandate = _mandate_or_404(request, mandate_id, Permission.DECIDE_MANDATES)
    form = ReasonForm(request.POST, auto_id="id_revoke_%s")
    done = _("Mandat dicabut. Semua akun tim pasangan ini kehilangan aksesnya sekarang juga.")
    return _decide(request, mandate, form, operations.revoke_mandate, done, revocation_form=form)


@require_POST
@declare(Permission.DECIDE_MANDATES)
def send_links_again(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """New activation links for whoever has not answered."""
    mandate = _mandate_or_404(request, mandate_id, Permission.DECIDE_MANDATES)
    try:
        sent = operations.send_links_again(mandate, by=request.user)
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        message = _("Tautan baru dikirim kepada %(n)s orang. Tautan sebelumnya tidak berlaku lagi.")
        messages.success(request, message % {"n": sent})
    return redirect("mandate", mandate.pk)


@never_cache
@csrf_exempt  # checked by take_document: the check reads the body
@declare(Permission.DECIDE_MANDATES)
def file_mandate(request: HttpRequest, election_id: int) -> HttpResponse:
    """The counter: an officer types what the paper says, and attaches its scan."""
    governed = elections_governed_by(request.user, Permission.DECIDE_MANDATES)
    election = get_object_or_404(governed.select_related("rule_set"), pk=election_id)
    filing = Filing(request, election)
    mandate = filing.submit() if request.method == "POST" else None
    if mandate:
        message = _("Mandat dicatat. Kode tanda terimanya %(code)s.") % {"code": code_of(mandate)}
        messages.success(request, message)
        return redirect("mandate", mandate.pk)
    context = {"election": election, "form": filing.form}
    return render(request, "mandates/counter.html", context, status=filing.http_status)


@never_cache
@declare(Permission.DECIDE_MANDATES)
def counter(request: HttpRequest) -> HttpResponse:
    """For which election the officer files a mandate."""
    governed = elections_governed_by(request.user, Permission.DECIDE_MANDATES).order_by("-voting_day", "name")
    wanted = searched(request)
    if wanted:
        governed = governed.filter(name__icontains=wanted)
    page = Paginator(governed, MANDATES_PER_PAGE).get_page(request.GET.get("halaman"))
    return render(request, "mandates/counter_start.html", {"page": page, "wanted": wanted})


def _approval_form(mandate: Mandate, data: Any = None) -> ApprovalForm:
    return ApprovalForm(mandate, list(queries.pairs_named(mandate)), data)


def _decide(
    request: HttpRequest,
    mandate: Mandate,
    form: Any,
    decide: Callable[..., Any],
    done: str,
    **forms: Any,
) -> HttpResponse:
    if form.is_valid():
        try:
            decide(mandate, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect("mandate", mandate.pk)
    return _show(request, _mandate_or_404(request, mandate.pk), status=422, **forms)


def _show(request: HttpRequest, mandate: Mandate, *, status: int = 200, **forms: Any) -> HttpResponse:
    decides = may(request.user, Permission.DECIDE_MANDATES)
    in_force = mandate.status == "approved"
    before = queries.in_force_for(mandate) if mandate.status == "submitted" else None
    context = {
        "mandate": mandate,
        "zone": mandate.election.zone,
        "decides": decides,
        "pages": range(1, min(mandate.document.pages, PAGES_SHOWN) + 1),
        "why_not": decides and _why_not(mandate, request.user),
        "before": before,
        "waiting": team.waiting(mandate),
        "leaving": queries.people_leaving(before, mandate) if before else [],
        "approval_form": _approval_form(mandate) if mandate.status == "submitted" else None,
        "refusal_form": ReasonForm(auto_id="id_refuse_%s") if mandate.status == "submitted" else None,
        "revocation_form": ReasonForm(auto_id="id_revoke_%s") if in_force else None,
        **forms,
    }
    return render(request, "mandates/mandate.html", context, status=status)


def _why_not(mandate: Mandate, user: Any) -> str:
    """Why this officer may not decide on it, or nothing."""
    own = sentence_of(refuse_own_mandate, mandate.people.all(), mandate.pair, user)
    return sentence_of(refuse_out_of_reach, mandate, user) or own
