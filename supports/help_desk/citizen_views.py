"""The help desk for everybody: ask without an account, and read the answer by the mailed link."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from candidates.queries import elections_announced
from foundation.accounts.access import declare
from foundation.accounts.links import digest_of
from foundation.accounts.matrix import Permission
from foundation.attachments.serving import document_response
from foundation.errors import Refused
from foundation.regions.models import Region
from foundation.web import add_refusal, tell_refusal
from supports.help_desk import citizens, limits, operations
from supports.help_desk.forms import CitizenForm, CitizenWriteForm
from supports.help_desk.links import LinkDead, open_link
from supports.help_desk.models import Thread
from supports.help_desk.showing import shown_to_citizen

SECRET = "kunci"  # noqa: S105 -- the name of a parameter
KEPT = "help_link"
View = Callable[..., HttpResponseBase]


@never_cache
@sensitive_post_parameters("name", "email", "text", "subject")
@declare(Permission.ASK_AS_CITIZEN)
def ask_as_citizen(request: HttpRequest) -> HttpResponse:
    """The form of a question; the answer is the same for every address."""
    elections = list(elections_announced().order_by("name"))
    provinces = list(Region.objects.filter(parent=None, current=True).values_list("code", "name"))
    form = CitizenForm(elections, provinces, request.POST or None)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                citizens.refuse_question(**form.question)
                limits.count_question(request, form.cleaned_data["email"])
                citizens.ask_as_citizen(**form.question)
                return redirect("question_sent")
            except Refused as refusal:
                add_refusal(form, refusal)
                status = refusal.http_status
    return render(request, "help_desk/citizen_ask.html", {"form": form}, status=status)


@never_cache
@declare(Permission.ASK_AS_CITIZEN)
def question_sent(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "help_desk/question_sent.html")


def secret_page(view: View) -> View:
    """A page that a mailed link opens: nobody on the way keeps it, and no address tells another site about it."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except LinkDead as refusal:
            context = {"message": refusal.message}
            response = render(request, "help_desk/link_dead.html", context, status=refusal.http_status)
        response.headers["Cache-Control"] = "no-store"
        if SECRET in request.GET:
            # Not on the form's own page: a browser that tells no referrer tells no origin, and CSRF asks for that.
            response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return answer


def _thread(request: HttpRequest) -> Thread:
    return open_link(request.session.get(KEPT, ""))


@declare(Permission.ASK_AS_CITIZEN)
@secret_page
def citizen_thread(request: HttpRequest) -> HttpResponse:
    """The thread of a mailed link. The secret leaves the address, which logs and histories keep, for the session."""
    if SECRET in request.GET:
        digest = digest_of(request.GET[SECRET])
        open_link(digest)
        request.session[KEPT] = digest
        return redirect("citizen_thread")
    thread = _thread(request)
    operations.mark_seen(thread, by=None)
    return _show(request, thread)


def _show(
    request: HttpRequest, thread: Thread, form: CitizenWriteForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "thread": thread,
        "shown": shown_to_citizen(thread),
        "form": form or CitizenWriteForm(),
        "zone": thread.zone,
        "citizen": True,
    }
    return render(request, "help_desk/citizen_thread.html", context, status=status)


@require_POST
@sensitive_post_parameters("text")
@declare(Permission.ASK_AS_CITIZEN)
@secret_page
def write_as_citizen(request: HttpRequest) -> HttpResponse:
    """Write more; what was closed is opened again."""
    thread = _thread(request)
    form = CitizenWriteForm(request.POST)
    if not form.is_valid():
        return _show(request, thread, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        limits.count_message(request, thread)
        operations.write(thread, by=None, text=form.cleaned_data["text"])
    except Refused as refusal:
        add_refusal(form, refusal)
        return _show(request, thread, form, refusal.http_status)
    messages.success(request, _("Tulisan Anda terkirim. KPU akan menjawab; Anda menerima surel."))
    return redirect("citizen_thread")


@require_POST
@declare(Permission.ASK_AS_CITIZEN)
@secret_page
def close_as_citizen(request: HttpRequest) -> HttpResponse:
    """The citizen needs nothing more."""
    try:
        operations.close_thread(_thread(request), by=None)
    except LinkDead:
        raise
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        messages.success(request, _("Pertanyaan ditutup. Menulis lagi membukanya kembali."))
    return redirect("citizen_thread")


@declare(Permission.ASK_AS_CITIZEN)
@secret_page
def citizen_document(request: HttpRequest, number: int) -> HttpResponseBase:
    """What KPU attached to one message."""
    attached = _thread(request).messages.exclude(attachment=None)
    message = get_object_or_404(attached, number=number)
    return document_response(message.attachment, of=message.thread, by=request.user)
