"""The help desk for a pair's team: its questions, a new one, and the thread that the office reads too."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from candidates.models import Pair
from candidates.queries import key_scope
from foundation.accounts.access import declare, scopes
from foundation.accounts.matrix import Permission
from foundation.attachments.operations import Document, drop_document, dropped_if_refused, take_document
from foundation.attachments.serving import document_response
from foundation.errors import Refused
from foundation.web import add_refusal, tell_refusal
from supports.help_desk import operations, queries, refusals
from supports.help_desk.forms import AskForm, WriteForm
from supports.help_desk.kinds import KINDS, page_of
from supports.help_desk.models import Thread
from supports.help_desk.paging import page_urls
from supports.help_desk.sealing import scope_of
from supports.help_desk.showing import shown
from supports.views import pair_or_404

UNPROCESSABLE = 422


@never_cache
@declare(Permission.VIEW_HELP)
def pair_threads(request: HttpRequest, pair_id: int) -> HttpResponse:
    """The questions of a pair, what changed last in front."""
    pair = pair_or_404(request, pair_id, Permission.VIEW_HELP)
    page = queries.threads_of_pair(request.user, pair, cursor=request.GET.get("kursor", ""))
    context = {
        "pair": pair,
        "threads": page.threads,
        "may_ask": pair.pk in scopes(request.user, Permission.ASK_HELP).pairs,
        "whole": pair.pk in scopes(request.user, Permission.ASK_HELP).whole,
        **page_urls(request, page),
    }
    return render(request, "help_desk/pair_threads.html", context)


@never_cache
@csrf_exempt  # checked by take_document: the check reads the body
@declare(Permission.ASK_HELP)
def ask(request: HttpRequest, pair_id: int) -> HttpResponse:
    """A new question; the address says what it is about (``tentang``, ``id``)."""
    pair = pair_or_404(request, pair_id, Permission.ASK_HELP)
    kind, thing = _about(request, pair)
    title = refusals.refuse_foreign_thing(kind, thing, pair, request.user)
    form, status = AskForm(), 200
    if request.method == "POST":
        thread, form, status = _asked(request, pair, kind, thing)
        if thread:
            messages.success(request, _("Pertanyaan terkirim. Jawaban KPU muncul di halaman ini."))
            return redirect("help_thread", thread.pk)
    context = {
        "pair": pair,
        "form": form,
        "kind": KINDS[kind].title,
        "title": title,
        "draft_of": f"{kind}-{thing}",
        "scope": key_scope(pair.election),
    }
    return render(request, "help_desk/ask.html", context, status=status)


def _about(request: HttpRequest, pair: Pair) -> tuple[str, int]:
    kind = request.GET.get("tentang", "pair")
    number = request.GET.get("id", str(pair.pk))
    if kind not in KINDS or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    return kind, int(number)


def _asked(request: HttpRequest, pair: Pair, kind: str, thing: int) -> tuple[Thread | None, AskForm, int]:
    """The new thread, or the form that says why there is none."""

    def send(form: AskForm, document: Document | None) -> Thread:
        said = {"subject": form.cleaned_data["subject"], "text": form.cleaned_data["text"]}
        return operations.ask(pair, by=request.user, kind=kind, thing=thing, document=document, **said)

    return sent(request, AskForm, key_scope(pair.election), send)


def sent(request: HttpRequest, shape: Any, scope: str, send: Any) -> tuple[Any, Any, int]:
    """Take the document of a form, then carry out ``send``: (what came of it or None, form, status)."""
    try:
        document = take_document(request, scope, required=False)
    except Refused as refusal:
        form = shape(request.POST)
        form.is_valid()
        add_refusal(form, refusal)
        return None, form, refusal.http_status
    form = shape(request.POST)
    if not form.is_valid():
        drop_document(document)
        return None, form, UNPROCESSABLE
    try:
        with dropped_if_refused(document):
            return send(form, document), form, 200
    except Refused as refusal:
        add_refusal(form, refusal)
        return None, form, refusal.http_status


def thread_or_404(
    request: HttpRequest, thread_id: int, permission: Permission = Permission.VIEW_HELP
) -> Thread:
    """The thread, if this user may do that with it. Raises Http404."""
    thread = get_object_or_404(queries.threads_visible_to(request.user, permission), pk=thread_id)
    if thread.pair_id and thread.pair_id in scopes(request.user, Permission.VIEW_HELP).pairs:
        request.pair = thread.pair
    return thread


@never_cache
@declare(Permission.VIEW_HELP)
def thread_page(request: HttpRequest, thread_id: int) -> HttpResponse:
    """One thread: what it is about, what was written, and what this reader can do."""
    thread = thread_or_404(request, thread_id)
    operations.mark_seen(thread, by=request.user)
    return show_thread(request, thread)


def show_thread(
    request: HttpRequest, thread: Thread, form: WriteForm | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    """The page of a thread, with a form that came back."""
    read = shown(thread, request.user)
    asks = queries.threads_of_team(request.user, Permission.ASK_HELP).filter(pk=thread.pk).exists()
    answers = queries.answers_at(request.user, thread.desk)
    desks = queries.offices_above_and_at(thread.region) if answers else []
    offices = queries.office_names([thread.desk, thread.region, *desks])
    if form is not None and form.is_bound:
        # What was written meanwhile stands on the page now.
        form.data = form.data.copy()
        form.data["seen"] = str(thread.written)
    context = {
        "thread": thread,
        "shown": read,
        "asks": asks,
        "answers": answers,
        "form": form or WriteForm(initial={"seen": thread.written}),
        "office": offices[thread.desk],
        "offices": [(code, offices[code]) for code in desks if code != thread.desk],
        "attached": KINDS.get(thread.attached_kind),
        "attached_url": page_of(thread, of_team=asks),
        "zone": thread.zone,
        "scope": scope_of(thread),
        "may_publish": bool(scopes(request.user, Permission.PUBLISH_ANSWERS)),
        **more,
    }
    return render(request, "help_desk/thread.html", context, status=status)


@csrf_exempt  # checked by take_document: the check reads the body
@require_POST
@declare(Permission.ASK_HELP)
def write(request: HttpRequest, thread_id: int) -> HttpResponse:
    """The asker writes more; what was closed is opened again."""
    thread = thread_or_404(request, thread_id, Permission.ASK_HELP)

    def send(form: WriteForm, document: Document | None) -> Any:
        said = {"text": form.cleaned_data["text"], "seen": form.cleaned_data["seen"]}
        return operations.write(thread, by=request.user, document=document, **said)

    return carried_out(request, thread, send, _("Tulisan Anda terkirim. KPU akan menjawab di halaman ini."))


def carried_out(request: HttpRequest, thread: Thread, send: Any, done: str) -> HttpResponse:
    """Send what was written in a thread; a refusal is said on its page, where the text stays."""
    made, form, status = sent(request, WriteForm, scope_of(thread), send)
    if made is None:
        return show_thread(request, thread_or_404(request, thread.pk), form, status)
    messages.success(request, done)
    return redirect(f"{reverse('help_thread', args=[thread.pk])}#tulisan-{made.number}")


@require_POST
@declare(Permission.ASK_HELP)
def close_own_thread(request: HttpRequest, thread_id: int) -> HttpResponse:
    """The asker needs nothing more."""
    thread = thread_or_404(request, thread_id, Permission.ASK_HELP)
    return done_or_told(
        request, thread, operations.close_thread, _("Pertanyaan ditutup. Menulis lagi membukanya kembali.")
    )


def done_or_told(
    request: HttpRequest, thread: Thread, operation: Any, done: str, **more: Any
) -> HttpResponse:
    """Carry out, or say on the thread's page why not."""
    try:
        operation(thread, by=request.user, **more)
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        messages.success(request, done)
    return redirect("help_thread", thread.pk)


@never_cache
@declare(Permission.VIEW_HELP)
def thread_document(request: HttpRequest, thread_id: int, number: int) -> HttpResponseBase:
    """What is attached to one message."""
    thread = thread_or_404(request, thread_id)
    message = get_object_or_404(thread.messages.exclude(attachment=None), number=number)
    return document_response(message.attachment, of=thread, by=request.user, inline="tampil" in request.GET)
