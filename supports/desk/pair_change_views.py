"""Pengunduran diri dan penggantian: recorded with their document, read by whoever may see the pair."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from candidates.models import Pair, PairChange
from candidates.queries import pairs_visible_to
from candidates.territory import pairs_governed_by
from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.attachments.operations import Document, dropped_if_refused, take_document
from foundation.attachments.serving import document_response
from foundation.errors import Refused
from foundation.web import add_refusal
from supports.desk import pair_changes
from supports.desk.pair_change_forms import ReplaceMemberForm, WithdrawPairForm
from supports.standards import key_scope


def _pair_or_404(request: HttpRequest, pair_id: int, permission: Permission) -> Pair:
    request.pair = get_object_or_404(pairs_visible_to(request.user, permission), pk=pair_id)
    return request.pair


@never_cache
@declare(Permission.VIEW_PAIR)
def pair_changes_page(request: HttpRequest, pair_id: int) -> HttpResponse:
    """What became of a pair; for the commission also what can be recorded."""
    return _show(request, _pair_or_404(request, pair_id, Permission.VIEW_PAIR))


@never_cache
@csrf_exempt  # checked in take_document: the check reads the body
@declare(Permission.RECORD_PAIR_CHANGE)
def withdraw_pair(request: HttpRequest, pair_id: int) -> HttpResponse:
    """The pair has withdrawn."""

    def record(pair: Pair, document: Document, said: dict[str, Any]) -> None:
        said.pop("confirm")
        pair_changes.withdraw_pair(pair, by=request.user, document=document, **said)

    done = _("Pengunduran diri sudah dicatat. Putaran pasangan ini diakhiri.")
    return _record(request, pair_id, "withdrawal", WithdrawPairForm, record, done)


@never_cache
@csrf_exempt  # checked in take_document: the check reads the body
@declare(Permission.RECORD_PAIR_CHANGE)
def replace_member(request: HttpRequest, pair_id: int) -> HttpResponse:
    """One of the two was replaced."""

    def record(pair: Pair, document: Document, said: dict[str, Any]) -> None:
        pair_changes.replace_member(pair, by=request.user, document=document, **said)

    done = _("Penggantian sudah dicatat. Dukungan pasangan ini tetap seperti semula.")
    return _record(request, pair_id, "replacement", ReplaceMemberForm, record, done)


def _record(
    request: HttpRequest,
    pair_id: int,
    name: str,
    form_class: type[Form],
    record: Callable[[Pair, Document, dict[str, Any]], None],
    done: str,
) -> HttpResponse:
    pair = _pair_or_404(request, pair_id, Permission.RECORD_PAIR_CHANGE)
    if request.method != "POST":
        return redirect("pair_changes", pair.pk)
    document, refusal = None, None
    try:
        document = take_document(request, key_scope(pair.election))
    except Refused as error:
        refusal = error
    form = form_class(request.POST, prefix=name)
    try:
        with dropped_if_refused(document):
            if not form.is_valid() or refusal:
                raise refusal or _Invalid
            said = {key: value for key, value in form.cleaned_data.items() if key != "document"}
            record(pair, document, said)
    except Refused as error:
        add_refusal(form, error)
    except _Invalid:
        return _show(request, pair, **{name: form})
    else:
        messages.success(request, done)
        return redirect("pair_changes", pair.pk)
    return _show(request, pair, **{name: form})


class _Invalid(Exception):
    """The form says by itself what is wrong."""


def _show(request: HttpRequest, pair: Pair, **forms: Form) -> HttpResponse:
    governed = pairs_governed_by(request.user, Permission.RECORD_PAIR_CHANGE).filter(pk=pair.pk)
    may_record = pair.status == Pair.machine.initial and governed.exists()
    context = {
        "pair": pair,
        "changes": pair.changes.select_related("document", "created_by"),
        "may_record": may_record,
        "may_read": pairs_governed_by(request.user, Permission.VIEW_PAIR_DOCUMENTS)
        .filter(pk=pair.pk)
        .exists(),
        "withdrawal": forms.get("withdrawal") or WithdrawPairForm(prefix="withdrawal"),
        "replacement": forms.get("replacement") or ReplaceMemberForm(prefix="replacement"),
        "faulty": next(iter(forms.values()), None),
    }
    return render(request, "desk/pair_changes.html", context, status=422 if forms else 200)


@declare(Permission.VIEW_PAIR_DOCUMENTS)
def pair_change_document(request: HttpRequest, change_id: int) -> HttpResponse:
    """The document of a change."""
    pairs = pairs_governed_by(request.user, Permission.VIEW_PAIR_DOCUMENTS).order_by().values("pk")
    found = PairChange.objects.filter(pair__in=pairs).select_related("document__stored_file")
    change = get_object_or_404(found, pk=change_id)
    return document_response(change.document, of=change, by=request.user)
