"""Frequent answers: the public pages, and the ones on which the office publishes them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from foundation.accounts.access import declare, may
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.web import add_refusal, searched, tell_refusal
from supports.help_desk import answers, queries
from supports.help_desk.answers import Said
from supports.help_desk.forms import AnswerForm
from supports.help_desk.models import Answer, Thread
from supports.help_desk.texts import holds_nik
from supports.help_desk.wording import as_line, as_page

# Nobody reads more on one page; who looks for something searches.
MOST = 200


@declare(Permission.READ_ANSWERS)
def answer_search(request: HttpRequest) -> HttpResponse:
    """All frequent answers by topic, or those that were searched for."""
    wanted = searched(request)
    nik = holds_nik(wanted)
    found = [] if nik else list(answers.answers_shown(wanted)[:MOST])
    topics = [
        (title, [(one, as_line(one.text)) for one in found if one.topic == code])
        for code, title in Answer.Topic.choices
    ]
    context = {
        "topics": [(title, listed) for title, listed in topics if listed],
        "wanted": "" if nik else wanted,
        "nik": nik,
        "asks_at_desk": may(request.user, Permission.ASK_HELP),
    }
    return render(request, "help_desk/answers.html", context)


@declare(Permission.READ_ANSWERS)
def answer_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One answer."""
    answer = get_object_or_404(answers.answers_shown(), slug=slug)
    changes = may(request.user, Permission.PUBLISH_ANSWERS)
    context = {
        "answer": answer,
        "text": as_page(answer.text),
        "changes": changes and answers.answers_changeable_by(request.user).filter(pk=answer.pk).exists(),
    }
    return render(request, "help_desk/answer.html", context)


@never_cache
@declare(Permission.PUBLISH_ANSWERS)
def answer_list(request: HttpRequest) -> HttpResponse:
    """What is published, and what of it this office may change; withdrawn ones too."""
    own = set(answers.answers_changeable_by(request.user).values_list("pk", flat=True))
    found = Answer.objects.order_by("topic", "position", "pk")[:MOST]
    return render(request, "help_desk/answer_list.html", {"answers": found, "own": own})


@never_cache
@declare(Permission.PUBLISH_ANSWERS)
def new_answer(request: HttpRequest) -> HttpResponse:
    """Write an answer for everybody; from a thread (``?dari=``) it begins with its subject."""
    thread = _thread(request)
    form = AnswerForm(request.POST or None, initial={"title": thread.subject} if thread else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = answers.publish_answer(_said(form), by=request.user, thread=thread)
            except Refused as refusal:
                add_refusal(form, refusal)
                status = refusal.http_status
            else:
                messages.success(request, _("Jawaban diterbitkan. Semua orang dapat membacanya."))
                return redirect("answer", made.slug)
    return render(request, "help_desk/answer_form.html", {"form": form, "thread": thread}, status=status)


def _thread(request: HttpRequest) -> Thread | None:
    """The thread that the address names. Raises Http404 for one that is not this reader's."""
    number = request.GET.get("dari", "")
    if not number:
        return None
    known = number.isascii() and number.isdigit() and len(number) < 19
    visible = queries.threads_visible_to(request.user, Permission.ANSWER_HELP)
    return get_object_or_404(visible, pk=int(number) if known else 0)


@never_cache
@declare(Permission.PUBLISH_ANSWERS)
def change_answer(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Write it anew; the versions before are listed."""
    answer = get_object_or_404(answers.answers_changeable_by(request.user), pk=answer_id)
    form = AnswerForm(request.POST or None, initial=_told(answer))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                version = form.cleaned_data["version"] or 0
                changed = answers.change_answer(answer, _said(form), by=request.user, version=version)
            except Refused as refusal:
                add_refusal(form, refusal)
                status = refusal.http_status
            else:
                messages.success(request, _("Jawaban diubah. Isi sebelumnya tetap tersimpan."))
                return redirect("answer", changed.slug)
    versions = answer.versions.select_related("created_by").order_by("-number")[:20]
    context = {"form": form, "answer": answer, "versions": versions}
    return render(request, "help_desk/answer_form.html", context, status=status)


@require_POST
@declare(Permission.PUBLISH_ANSWERS)
def withdraw_answer(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Show it to nobody any more."""
    answer = get_object_or_404(answers.answers_changeable_by(request.user), pk=answer_id)
    try:
        answers.withdraw_answer(answer, by=request.user)
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        messages.success(request, _("Jawaban ditarik dari halaman publik."))
    return redirect("answer_list")


def _said(form: AnswerForm) -> Said:
    return Said(**{name: form.cleaned_data[name] for name in ("title", "text", "topic", "position")})


def _told(answer: Answer) -> dict[str, Any]:
    return {name: getattr(answer, name) for name in ("title", "topic", "position", "text", "version")}
