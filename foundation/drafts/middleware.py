"""A form that was sent and accepted needs its draft no longer."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from foundation.drafts.operations import erase_draft


class DraftMiddleware:
    """Erases the draft that a form names (``draf``) once its view has answered without a fault.

    Bodies that no view has read are not read here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        read = getattr(request, "_post", None) if request.method == "POST" else None
        ticket = read.get("draf") if read else None
        if ticket and response.status_code < HTTPStatus.BAD_REQUEST and request.user.is_authenticated:
            erase_draft(request.user, ticket)
        return response
