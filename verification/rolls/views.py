"""The page of an election's voter lists: send one, follow it, what it holds, and how rounds compare with it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from rest_framework.authentication import CSRFCheck

from candidates.models import Election
from candidates.queries import key_scope
from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.storage import delete_file, take_file
from foundation.web import add_refusal, by_script, csrf_failure, error_body
from verification.rolls import operations, queries
from verification.rolls.forms import RemoveForm
from verification.rolls.matching import current_rolls, queue_matching_of
from verification.rolls.models import Kind, Roll

ROLLS_PER_PAGE = 20


def election_or_404(request: HttpRequest, election_id: int, permission: Permission) -> Election:
    """An election whose lists this user may see, or load. Raises Http404."""
    found = get_object_or_404(queries.elections_with_rolls(request.user, permission), pk=election_id)
    request.election = found
    return found


@never_cache
@csrf_exempt  # checked in _take, once it is known who asks: the check reads the body
@declare(GET=Permission.VIEW_ROLLS, POST=Permission.LOAD_ROLLS)
def rolls(request: HttpRequest, election_id: int) -> HttpResponse:
    """The lists of an election, and what its rounds have in common with them; POST hands a list in."""
    if request.method != "POST":
        return _page(request, election_or_404(request, election_id, Permission.VIEW_ROLLS))
    election = election_or_404(request, election_id, Permission.LOAD_ROLLS)
    try:
        answer = _take(request, election)
    except Refused as refusal:
        if by_script(request):
            return JsonResponse(error_body(refusal), status=refusal.http_status)
        return _page(request, election, refusal=refusal)
    if isinstance(answer, HttpResponse):
        return answer
    address = reverse("rolls", args=[election.pk])
    return JsonResponse({"url": address}, status=201) if by_script(request) else redirect(address)


def _take(request: HttpRequest, election: Election) -> Roll | HttpResponse:
    """Seal the body's file, then see that the form was ours, then hand the list in. Refuses."""
    file = take_file(request, key_scope(election), limit=settings.UPLOAD_LIMIT_BYTES)
    check = CSRFCheck(lambda _request: None)
    check.process_request(request)
    reason = check.process_view(request, None, (), {})
    if reason:
        delete_file(file.stored_file)
        return csrf_failure(request, reason)
    kind = request.POST.get("target", "")
    roll, new = operations.receive_roll(election, by=request.user, kind=kind, file=file)
    if not new:
        messages.info(request, _("Berkas ini sudah pernah dimuat sebagai %(list)s.") % {"list": roll})
    return roll


def _page(
    request: HttpRequest,
    election: Election,
    *,
    refusal: Refused | None = None,
    filled: dict[int, RemoveForm] | None = None,
) -> HttpResponse:
    may_load = (
        queries.elections_with_rolls(request.user, Permission.LOAD_ROLLS).filter(pk=election.pk).exists()
    )
    context = {
        "election": election,
        "may_load": may_load,
        "kinds": Kind.choices,
        "current": [(kind.label, roll) for kind, roll in _current(election)],
        "unfinished": queries.incoming_rolls(request.user).filter(election=election).order_by("id"),
        "limit": settings.ROLLS_LIMIT_BYTES,
        "refusal": refusal,
        **_lists(request, election, may_load, filled or {}),
    }
    wrong = refusal.http_status if refusal else 422 if filled else 200
    return render(request, "verification/rolls/rolls.html", context, status=wrong)


def _current(election: Election) -> list[tuple[Kind, Roll | None]]:
    held = current_rolls(election.pk)
    return [(kind, held.get(kind)) for kind in Kind]


def _lists(
    request: HttpRequest, election: Election, may_load: bool, filled: dict[int, RemoveForm]
) -> dict[str, Any]:
    """The table of lists and that of rounds: what changes while jobs are at work."""
    found = queries.rolls_visible_to(request.user).filter(election=election)
    page = Paginator(found, ROLLS_PER_PAGE).get_page(request.GET.get("halaman"))
    rounds = queries.compared_rounds(election)
    working = any(roll.job and roll.job.state in queries.AT_WORK for roll in page)
    working = working or any(one.working for one in rounds)
    # Nobody types into what is read anew every two seconds.
    removable = may_load and not working
    return {
        "page": page,
        "lists": [(roll, _removal(roll, filled) if removable else None) for roll in page],
        "rounds": rounds,
        "outdated": any(one.outdated for one in rounds),
        "working": working,
    }


def _removal(roll: Roll, filled: dict[int, RemoveForm]) -> RemoveForm | None:
    if roll.status not in Roll.machine.move("remove").sources:
        return None
    return filled.get(roll.pk) or RemoveForm(roll.entries, prefix=f"hapus-{roll.pk}")


@never_cache
@require_safe
@declare(Permission.VIEW_ROLLS)
def rolls_progress(request: HttpRequest, election_id: int) -> HttpResponse:
    """Fragment: lists and rounds while jobs are at work; once all have ended the page is read anew."""
    election = election_or_404(request, election_id, Permission.VIEW_ROLLS)
    context = {"election": election, **_lists(request, election, may_load=False, filled={})}
    response = render(request, "verification/rolls/_lists.html", context)
    if not context["working"]:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@declare(Permission.LOAD_ROLLS)
def match_again(request: HttpRequest, election_id: int) -> HttpResponse:
    """Compare every round in verification with the current lists."""
    election = election_or_404(request, election_id, Permission.LOAD_ROLLS)
    queue_matching_of(election, by=request.user)
    return redirect("rolls", election.pk)


@never_cache
@require_POST
@declare(Permission.LOAD_ROLLS)
def remove_roll(request: HttpRequest, roll_id: int) -> HttpResponse:
    """Remove the rows of a list; their number is typed."""
    visible = queries.rolls_visible_to(request.user, Permission.LOAD_ROLLS)
    roll = get_object_or_404(visible.select_related("election__rule_set", "file"), pk=roll_id)
    request.election = roll.election
    form = RemoveForm(roll.entries, request.POST, prefix=f"hapus-{roll.pk}")
    if form.is_valid():
        try:
            operations.remove_roll(roll, by=request.user, count=form.cleaned_data["count"])
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Baris %(list)s sedang dihapus.") % {"list": roll})
            return redirect("rolls", roll.election_id)
    return _page(request, roll.election, filled={roll.pk: form})
