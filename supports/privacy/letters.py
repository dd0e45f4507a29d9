"""What whoever asked is told by mail: that it came in, and what was decided. Neither name nor NIK stands in it."""

from django.utils.translation import gettext as _

from candidates.zones import say_start
from foundation.mail import send_mail
from supports.privacy.links import address_of
from supports.privacy.models import DataRequest
from supports.privacy.sealing import open_told


def tell_received(request: DataRequest, secret: str) -> None:
    """It came in: until when it is answered, and the link to follow it with."""
    _send(request, _("Permohonan data pribadi Anda sudah diterima"), "data_request_received", secret)


def tell_decided(request: DataRequest, secret: str) -> None:
    """It was answered: where to read the answer."""
    _send(request, _("Permohonan data pribadi Anda sudah dijawab"), "data_request_decided", secret)


def _send(request: DataRequest, subject: str, template: str, secret: str) -> None:
    address = open_told(request)["email"]
    if not address:  # asked at the counter, where the link was handed out on paper
        return
    context = {
        "number": request.pk,
        "kind": request.get_kind_display(),
        "election": request.election.name,
        "due": say_start(request.due_at, request.election.zone),
        "link": address_of(secret),
    }
    send_mail(to=address, subject=subject, template=template, context=context)
