"""What whoever filed a mandate is told by mail. A letter that cannot be sent stops nothing."""

from django.urls import reverse
from django.utils.translation import gettext as _

from candidates.mandates.codes import code_of
from candidates.mandates.models import Mandate
from foundation.mail import link_to, send_mail


def tell_received(mandate: Mandate) -> None:
    """It was received: the code and the address to follow it with."""
    _send(mandate, _("Mandat Anda sudah diterima"), "mandate_received")


def tell_refused(mandate: Mandate) -> None:
    """It was refused: why, and where to file it again."""
    _send(mandate, _("Mandat Anda ditolak dan dapat diajukan lagi"), "mandate_refused")


def tell_approved(mandate: Mandate) -> None:
    """It was approved: each person got a letter of their own."""
    _send(mandate, _("Mandat Anda disetujui"), "mandate_approved")


def _send(mandate: Mandate, subject: str, template: str) -> None:
    code = code_of(mandate)
    context = {
        "name": mandate.contact_name,
        "pair": str(mandate),
        "election": mandate.election.name,
        "code": code,
        "link": link_to(reverse("mandate_status", args=[code])),
        "reason": mandate.reason,
    }
    send_mail(to=mandate.contact_email, subject=subject, template=template, context=context)
