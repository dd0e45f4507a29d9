"""What the script of the page of voter lists calls to send one in pieces (tus 1.0), by session and CSRF token."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.web import by_script, error_body, tell_refusal
from supports import incoming as transport
from supports import tus
from supports.file_views import speaking_tus
from supports.models import IncomingFile
from verification.rolls import operations
from verification.rolls.models import Roll
from verification.rolls.queries import incoming_rolls
from verification.rolls.views import election_or_404


@declare(POST=Permission.LOAD_ROLLS)
@speaking_tus
def roll_files(request: HttpRequest, election_id: int) -> HttpResponse:
    """Declare a list of the kind that ``?target=`` names; where to send it stands in Location."""
    election = election_or_404(request, election_id, Permission.LOAD_ROLLS)
    kind = request.GET.get("target", "")
    operations.refuse_to_load(election, request.user, kind)
    made = tus.create(request, election, by=request.user, target=kind)
    address = reverse("roll_file", args=[election.pk, made.pk])
    return HttpResponse(status=HTTPStatus.CREATED, headers={**tus.state_of(made), "Location": address})


@declare(GET=Permission.LOAD_ROLLS, PATCH=Permission.LOAD_ROLLS, DELETE=Permission.LOAD_ROLLS)
@require_http_methods(["HEAD", "PATCH", "DELETE"])
@speaking_tus
def roll_file(request: HttpRequest, election_id: int, file_id: int) -> HttpResponse:
    """How far a list is; its next piece; forget it."""
    found = _file_or_404(request, election_id, file_id)
    if request.method == "HEAD":
        return tus.tell_offset(request, found)
    if request.method == "PATCH":
        return tus.take_piece(request, found)
    return tus.withdraw(request, found, by=request.user)


@never_cache
@require_POST
@declare(Permission.LOAD_ROLLS)
def finish_roll_file(request: HttpRequest, election_id: int, file_id: int) -> HttpResponse:
    """Have a list that has arrived whole loaded."""
    election = election_or_404(request, election_id, Permission.LOAD_ROLLS)
    try:
        # Asked again after a lost answer: the file is a list by now.
        if not Roll.objects.filter(election=election, incoming=file_id, received_by=request.user.pk).exists():
            operations.hand_in_roll(_file_or_404(request, election_id, file_id), by=request.user)
    except Refused as refusal:
        if by_script(request):
            return JsonResponse(error_body(refusal), status=refusal.http_status)
        tell_refusal(request, refusal)
    address = reverse("rolls", args=[election.pk])
    return JsonResponse({"url": address}, status=201) if by_script(request) else redirect(address)


@require_POST
@declare(Permission.LOAD_ROLLS)
def withdraw_roll_file(request: HttpRequest, election_id: int, file_id: int) -> HttpResponse:
    """Forget an unfinished list; its button stands beside it."""
    try:
        transport.withdraw_file(_file_or_404(request, election_id, file_id), by=request.user)
    except Refused as refusal:
        tell_refusal(request, refusal)
    return redirect("rolls", election_id)


def _file_or_404(request: HttpRequest, election_id: int, file_id: int) -> IncomingFile:
    return get_object_or_404(incoming_rolls(request.user), pk=file_id, election=election_id)
