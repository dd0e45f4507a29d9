"""Saran perbaikan: the list both sides read, the form of Bawaslu, and one recommendation with KPU's answer."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from candidates import zones
from candidates.models import Election
from candidates.queries import key_scope, now, pairs_visible_to, rules_of
from candidates.timetable import Tag
from foundation.accounts.access import declare, may, scopes
from foundation.accounts.matrix import Permission
from foundation.attachments.operations import dropped_if_refused, take_document
from foundation.attachments.serving import document_response
from foundation.errors import Refused
from foundation.regions.models import Region
from foundation.web import add_refusal
from foundation.workflow.table import RECOMMENDATION
from supports.recommendations.forms import AnswerForm, RecommendationForm
from supports.recommendations.models import Recommendation
from supports.recommendations.operations import about, answer_recommendation, file_recommendation
from supports.recommendations.queries import elections_open_to, recommendations_visible_to, standing

PER_PAGE = 25
STATES = {**RECOMMENDATION.states, "late": "Lewat tenggat"}
OK, REFUSED = 200, 422


@dataclass(frozen=True)
class Shown:
    """A recommendation with who filed it and where it stands, in words."""

    one: Recommendation
    place: str
    tag: Tag
    due: str
    late: bool


@never_cache
@declare(Permission.VIEW_RECOMMENDATIONS)
def recommendation_list(request: HttpRequest) -> HttpResponse:
    """Those of the territory, the latest first."""
    moment, state = now(), request.GET.get("status", "")
    visible = recommendations_visible_to(request.user)
    found = standing(visible, state, moment) if state in STATES else visible
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("halaman"))
    context = {
        "page": page,
        "found": shown(list(page), moment),
        "states": STATES.items(),
        "state": state if state in STATES else "",
        "may_file": may(request.user, Permission.FILE_RECOMMENDATIONS),
    }
    return render(request, "recommendations/list.html", context)


def shown(found: list[Recommendation], moment: datetime) -> list[Shown]:
    """As pages tell them; one query for the names of all territories."""
    names = dict(Region.objects.filter(pk__in={one.region for one in found}).values_list("code", "name"))
    return [_shown(one, names.get(one.region, _("Nasional")), moment) for one in found]


def _shown(one: Recommendation, place: str, moment: datetime) -> Shown:
    late = (one.answered_at or moment) > one.due_at
    tags = {
        "filed": Tag("hourglass", "bad" if late else "warn", STATES["late"] if late else STATES["filed"]),
        "followed": Tag("check", "good", STATES["followed"]),
        "declined": Tag("x", "quiet", STATES["declined"]),
    }
    return Shown(one, place, tags[one.status], zones.say_end(one.due_at, one.election.zone), late)


@never_cache
@declare(Permission.FILE_RECOMMENDATIONS)
def choose_election(request: HttpRequest) -> HttpResponse:
    """About which election; straight to the form when there is only one."""
    elections = list(elections_open_to(request.user).order_by("name"))
    if len(elections) == 1:
        return redirect("new_recommendation", elections[0].pk)
    return render(request, "recommendations/choose.html", {"elections": elections})


@never_cache
@csrf_exempt  # checked in take_document: the check reads the body
@declare(Permission.FILE_RECOMMENDATIONS)
def new_recommendation(request: HttpRequest, election_id: int) -> HttpResponse:
    """The form; ``unggahan`` or ``baris`` in the address say what it is about, ``pasangan`` chooses the pair."""
    election = get_object_or_404(elections_open_to(request.user), pk=election_id)
    request.election = election
    fixed = {
        name: _number(request, given) for name, given in (("upload_id", "unggahan"), ("support_id", "baris"))
    }
    fixed = {name: value for name, value in fixed.items() if value is not None}
    document, refusal = None, None
    if request.method == "POST":
        try:
            document = take_document(request, key_scope(election))
        except Refused as error:
            refusal = error
    form = _form(request, election, bool(fixed))
    if request.method == "POST":
        try:
            with dropped_if_refused(document):
                if not form.is_valid() or refusal:
                    raise refusal or _Incomplete
                made = file_recommendation(election, by=request.user, document=document, **form.said | fixed)
        except Refused as error:
            add_refusal(form, error)
        except _Incomplete:
            pass
        else:
            messages.success(request, _("Saran perbaikan sudah disampaikan kepada KPU."))
            return redirect("recommendation", made.pk)
    context = {"election": election, "form": form, "subject": _subject(request, election, fixed)}
    return render(request, "recommendations/form.html", context, status=REFUSED if form.errors else OK)


class _Incomplete(Exception):
    """The form says by itself what is wrong."""


def _form(request: HttpRequest, election: Election, fixed: bool) -> RecommendationForm:
    pairs = pairs_visible_to(request.user).filter(election=election).values_list("pk", "name")
    initial = {"pair": request.GET.get("pasangan", "")}
    return RecommendationForm(pairs, fixed, request.POST or None, initial=initial)


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 19 else None


def _subject(request: HttpRequest, election: Election, fixed: dict[str, int]) -> str:
    """What the address says it is about, in words. Raises Http404 for what the user may not see."""
    if not fixed:
        return ""
    try:
        pair, upload, support = about(
            request.user, election, None, fixed.get("upload_id"), fixed.get("support_id")
        )
    except Refused as error:
        raise Http404 from error
    return subject_in_words(pair and pair.name, upload and upload.name, support and support.row_no)


def subject_in_words(pair: str | None, upload: str | None, row: int | None) -> str:
    """ "Pasangan … · berkas … · baris …"."""
    parts = [pair or _("Seluruh pemilihan")]
    parts += [_("berkas “%(name)s”") % {"name": upload}] if upload else []
    parts += [_("baris %(row)s") % {"row": row}] if row else []
    return " · ".join(parts)


@never_cache
@declare(GET=Permission.VIEW_RECOMMENDATIONS, POST=Permission.ANSWER_RECOMMENDATIONS)
def recommendation(request: HttpRequest, recommendation_id: int) -> HttpResponse:
    """One recommendation; POST answers it."""
    found = get_object_or_404(recommendations_visible_to(request.user), pk=recommendation_id)
    request.election = found.election
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_recommendation(found, by=request.user, **form.said)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Jawaban sudah dicatat dan dapat dibaca Bawaslu."))
            return redirect("recommendation", found.pk)
    held = scopes(request.user, Permission.ANSWER_RECOMMENDATIONS)
    row = found.support_id and found.support_id & (1 << 24) - 1
    context = {
        "shown": shown([found], now())[0],
        "one": found,
        "subject": subject_in_words(found.pair and found.pair.name, found.upload and found.upload.name, row),
        "form": form,
        "answers": bool(held) and held.contains_region(found.election.region_id) and found.status == "filed",
        "days": rules_of(found.election).recommendation_days,
    }
    return render(request, "recommendations/one.html", context, status=REFUSED if form.errors else OK)


@declare(Permission.VIEW_RECOMMENDATIONS)
def recommendation_document(request: HttpRequest, recommendation_id: int) -> HttpResponse:
    """Its letter."""
    found = get_object_or_404(recommendations_visible_to(request.user), pk=recommendation_id)
    return document_response(found.document, of=found, by=request.user)
