"""The private link of a request: its secret is mailed or handed out once, the database knows its digest only."""

import secrets
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from candidates.queries import now
from foundation.accounts.links import LinkDead, digest_of
from foundation.mail import link_to
from supports.privacy.models import DataRequest, RequestLink

LIFETIME = timedelta(days=30)


def make_link(request: DataRequest, moment: datetime) -> str:
    """A new secret for the request; the ones before stay, each until its own end."""
    secret = secrets.token_urlsafe(32)
    RequestLink.objects.create(request=request, digest=digest_of(secret), expires_at=moment + LIFETIME)
    return secret


def address_of(secret: str) -> str:
    """The full address for a letter."""
    return link_to(f"{reverse('own_data_request')}?{urlencode({'kunci': secret})}")


def open_link(digest: str) -> DataRequest:
    """The request of a living link. Refuses one that is unknown, altered or expired, each in its words."""
    found = RequestLink.objects.select_related("request__election", "request__document__stored_file")
    link = found.filter(digest=digest).first()
    if link is None:
        message = _(
            "Tautan ini tidak dikenal. Buka lagi surel dari Silon Terbuka, dan pastikan alamatnya tersalin utuh."
        )
        raise LinkDead("link_unknown", message)
    if link.expires_at <= now():
        message = _(
            "Tautan ini hanya berlaku 30 hari dan sudah berakhir. Ajukan permohonan baru, atau datangi KPU dengan "
            "membawa KTP-el."
        )
        raise LinkDead("link_expired", message)
    return link.request
