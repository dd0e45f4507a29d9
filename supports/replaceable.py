"""The choice on the upload page: which upload of the round a new file takes the place of."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from candidates.models import Pair
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from supports import rounds
from supports.models import Upload
from supports.queries import uploads_visible_to

MOST_OFFERED = 50


def upload_chosen(request: HttpRequest, pair: Pair) -> Upload | None:
    """The upload that the form says to replace. Raises Http404."""
    number = request.POST.get("replaces") or ""
    if not number:
        return None
    if not number.isdecimal():
        raise Http404
    return get_object_or_404(_own_uploads(request).filter(submission__pair=pair), pk=int(number))


def replaceable(request: HttpRequest, pair: Pair) -> list[Upload]:
    """The latest files of the round that a new one may take the place of; none while nothing may be handed in."""
    try:
        submission = rounds.may_receive(pair)
    except Refused:
        return []
    loaded = _own_uploads(request).filter(submission=submission, status="loaded", source=Upload.Source.FILE)
    return list(loaded.order_by("-id")[:MOST_OFFERED])


def _own_uploads(request: HttpRequest) -> QuerySet[Upload]:
    return uploads_visible_to(request.user, Permission.UPLOAD).select_related("submission__pair__election")
