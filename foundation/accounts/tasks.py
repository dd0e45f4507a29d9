"""The Celery tasks that look after letters, sessions and links. Like the others they carry no arguments and no data."""

from datetime import timedelta

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from foundation.accounts.models import AccessLink, Mail
from foundation.accounts.sessions import forget_closed_sessions
from foundation.mail import queue_waiting

# As long as somebody may ask what became of a letter or a link.
KEPT_FOR = timedelta(days=90)


@shared_task(name="foundation.accounts.sweep_mail")
def sweep_mail() -> None:
    """Try again to send what could not be sent."""
    queue_waiting()


@shared_task(name="foundation.accounts.sweep_accounts")
def sweep_accounts() -> None:
    """Forget what is over: sessions, and the traces of old letters and links."""
    SessionStore.clear_expired()
    forget_closed_sessions()
    old = timezone.now() - KEPT_FOR
    Mail.objects.filter(created_at__lt=old, next_try_at=None).delete()
    AccessLink.objects.filter(expires_at__lt=old).delete()
