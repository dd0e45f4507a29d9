"""The secret links that open a citizen's thread: the database knows their digest only."""

import secrets
from datetime import timedelta
from http import HTTPStatus

from django.utils.translation import gettext as _

from candidates.queries import now
from foundation.accounts.links import digest_of
from foundation.errors import Refused
from supports.help_desk.models import AskerLink, Thread

LIVES = timedelta(days=30)


class LinkDead(Refused):
    """A link that opens nothing (any more)."""

    http_status = HTTPStatus.GONE


def make_link(thread: Thread) -> str:
    """A new secret for the thread; those mailed before go on opening it until their own end."""
    secret = secrets.token_urlsafe(32)
    AskerLink.objects.create(thread=thread, digest=digest_of(secret), expires_at=now() + LIVES)
    return secret


def open_link(digest: str) -> Thread:
    """The thread that a secret opens. Refuses one that is unknown or over."""
    related = AskerLink.objects.select_related("thread__election")
    link = related.filter(digest=digest).first()
    if link is None:
        message = _(
            "Tautan ini tidak dikenal. Buka lagi surel terakhir dari Silon Terbuka, dan pastikan alamatnya tersalin "
            "utuh."
        )
        raise LinkDead("link_unknown", message)
    if link.expires_at <= now():
        message = _(
            "Tautan ini hanya berlaku %(days)s hari dan sudah berakhir. Buka tautan di surel yang lebih baru, atau "
            "ajukan pertanyaan baru."
        )
        raise LinkDead("link_expired", message % {"days": LIVES.days})
    return link.thread
