"""The help desk for the office: the queue, and what can be done with a thread of it."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from candidates.queries import elections_visible_to, now
from candidates.templatetags.wording import span
from foundation.accounts.access import declare, may, scopes
from foundation.accounts.matrix import Permission
from foundation.attachments.operations import Document
from foundation.workflow.table import HELP_THREAD
from supports.help_desk import operations, queries
from supports.help_desk.forms import HandOnForm, WriteForm
from supports.help_desk.kinds import KINDS
from supports.help_desk.models import Thread
from supports.help_desk.paging import page_urls
from supports.help_desk.views import carried_out, done_or_told, thread_or_404

ALL = "semua"


@dataclass(frozen=True)
class Line:
    """One thread of the queue: how long it waits, at which office."""

    thread: Thread
    waits: str
    office: str


@never_cache
@declare(Permission.VIEW_HELP)
def queue(request: HttpRequest) -> HttpResponse:
    """The questions of the territory: what waits longest for KPU comes first."""
    held = scopes(request.user, Permission.VIEW_HELP)
    if not (held.nation or held.regions):
        raise Http404
    answers = may(request.user, Permission.ANSWER_HELP)
    wanted = _wanted(request, answers=answers)
    page = queries.queue(request.user, wanted, cursor=request.GET.get("kursor", ""))
    offices, moment = queries.names_of_desks(page.threads), now()
    lines = [
        Line(one, span(moment - one.waiting_since) if one.waiting_since else "", offices[one.desk])
        for one in page.threads
    ]
    context = {
        "lines": lines,
        "wanted": wanted,
        "answers": answers,
        "waiting": queries.waiting_for(request.user) if answers else 0,
        "most": queries.COUNTED_TO,
        "states": [*HELP_THREAD.states.items(), (ALL, _("Semua"))],
        "kinds": [*((code, kind.title) for code, kind in KINDS.items()), (queries.CITIZENS, _("Warga"))],
        "elections": elections_visible_to(request.user, Permission.VIEW_HELP).order_by("name"),
        **page_urls(request, page),
    }
    return render(request, "help_desk/queue.html", context)


def _wanted(request: HttpRequest, *, answers: bool) -> queries.Wanted:
    """The filters of the address; an unknown one is as if it were not there."""
    asked = request.GET.get("status", HELP_THREAD.initial)
    election = request.GET.get("pemilihan", "")
    kind = request.GET.get("tentang", "")
    return queries.Wanted(
        status=asked if asked in HELP_THREAD.states else "",
        own_desk=answers and request.GET.get("meja") != ALL,
        election=int(election) if election.isascii() and election.isdigit() and len(election) < 10 else None,
        kind=kind if kind in KINDS or kind == queries.CITIZENS else "",
    )


def _thread(request: HttpRequest, thread_id: int) -> Thread:
    return thread_or_404(request, thread_id, Permission.ANSWER_HELP)


@csrf_exempt  # checked by take_document: the check reads the body
@require_POST
@declare(Permission.ANSWER_HELP)
def answer(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Answer, or ask back; with the second button the thread is closed by it."""
    thread = _thread(request, thread_id)

    def send(form: WriteForm, document: Document | None) -> Any:
        said = {"text": form.cleaned_data["text"], "seen": form.cleaned_data["seen"]}
        closes = "tutup" in request.POST
        return operations.answer(thread, by=request.user, document=document, close=closes, **said)

    return carried_out(request, thread, send, _("Jawaban terkirim. Penanya diberi tahu."))


@require_POST
@declare(Permission.ANSWER_HELP)
def take_thread(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Take it, from nobody or from the colleague that the page named."""
    thread = _thread(request, thread_id)
    before = request.POST.get("pemegang", "")
    held_by = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    done = _("Pertanyaan ini sekarang Anda pegang.")
    return done_or_told(request, thread, operations.take_thread, done, held_by=held_by)


@require_POST
@declare(Permission.ANSWER_HELP)
def release_thread(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Give it back to the desk."""
    done = _("Pertanyaan ini dilepas; petugas lain dapat mengambilnya.")
    return done_or_told(request, _thread(request, thread_id), operations.release_thread, done)


@require_POST
@declare(Permission.ANSWER_HELP)
def hand_on(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Give it to another office."""
    thread = _thread(request, thread_id)
    offices = queries.office_names(queries.offices_above_and_at(thread.region))
    form = HandOnForm(list(offices.items()), request.POST)
    desk = int(form.cleaned_data["desk"]) if form.is_valid() else thread.desk
    done = _("Pertanyaan diteruskan.")
    return done_or_told(request, thread, operations.hand_on, done, desk=desk)


@require_POST
@declare(Permission.ANSWER_HELP)
def close_thread(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Close what was answered."""
    return done_or_told(
        request, _thread(request, thread_id), operations.close_thread, _("Pertanyaan ditutup.")
    )
