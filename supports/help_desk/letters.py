"""What is told by mail: that there is an answer, and where. Never a word of what was written, nor who asked."""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from foundation.mail import link_to, send_mail
from supports.help_desk.links import make_link
from supports.help_desk.models import Thread
from supports.help_desk.sealing import open_contact


def tell_received(thread: Thread) -> None:
    """To a citizen: the question has come, and this is how it is followed."""
    _send_to_citizen(thread, _("Pertanyaan Anda kepada KPU sudah diterima"), "help_received")


def tell_answered(thread: Thread) -> None:
    """To who asked: there is an answer. Somebody without an address finds it at their desk."""
    subject = _("Ada jawaban KPU atas pertanyaan Anda")
    if thread.created_by is None:
        _send_to_citizen(thread, subject, "help_answered")
    elif thread.created_by.email and thread.created_by.is_active:
        link = link_to(reverse("help_thread", args=[thread.pk]))
        send_mail(
            to=thread.created_by.email, subject=subject, template="help_answered", context={"link": link}
        )


def _send_to_citizen(thread: Thread, subject: str, template: str) -> None:
    contact = open_contact(thread)
    if contact is None:
        return
    link = link_to(f"{reverse('citizen_thread')}?{urlencode({'kunci': make_link(thread)})}")
    send_mail(to=contact.email, subject=subject, template=template, context={"link": link})
