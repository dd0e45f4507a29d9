"""Letters that leave the house: queued with what caused them, sent by a job after the commit.

A mail server that is away fails no request: the letter waits and is tried again. Until it is sent, what it says is
sealed, for it may hold a secret link; afterwards that is erased.
"""

import json
import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models.functions import Now
from django.template.loader import get_template, render_to_string
from django.utils import timezone

from foundation.accounts.models import Mail
from foundation.jobs.operations import enqueue
from foundation.keys.keyring import keyring
from foundation.seal import derive_key, open_text, seal_text

# A lane of its own: one letter at a time, in turn with the pairs. In the lane of what can wait, somebody who forgot a
# password on the last night would wait ten minutes.
LANE = "mail"
GIVE_UP_AFTER = timedelta(hours=72)
MINUTES_BETWEEN_TRIES = (1, 2, 5, 15, 30, 60)
log = logging.getLogger(__name__)


@transaction.atomic
def send_mail(*, to: str, subject: str, template: str, context: dict[str, Any]) -> Mail:
    """Queue one letter in plain text, ``templates/mail/<template>.txt`` filled with ``context`` (values of JSON).

    Never put the identity of a supporter in one.
    """
    get_template(_path(template))
    mail = Mail.objects.create(to=to, subject=subject, template=template, sealed=b"", next_try_at=_after(0))
    mail.sealed = seal_text(json.dumps(context), mail.pk, _key())
    mail.save(update_fields=["sealed"])
    _queue(mail)
    return mail


def link_to(path: str) -> str:
    """The full address of a page, for a letter. Raises ImproperlyConfigured when nobody said where the site is."""
    if not settings.SITE_URL:
        raise ImproperlyConfigured(
            "SITE_URL is not set, and mails need it for their links. See .env.example."
        )
    return settings.SITE_URL.rstrip("/") + path


def queue_waiting() -> None:
    """Queue every letter whose next try is due."""
    for mail in Mail.objects.filter(next_try_at__lte=Now()).order_by("pk")[:500]:
        _queue(mail)


def try_to_send(mail: Mail) -> bool:
    """Hand the letter to the mail server; False when it is away. The log names neither reader nor text."""
    values = json.loads(open_text(mail.sealed, mail.pk, _key()))
    text = render_to_string(_path(mail.template), values)
    try:
        EmailMessage(mail.subject, text, to=[mail.to]).send()
    except OSError as error:  # of which the errors of SMTP are a kind
        log.warning("Mail %s was not sent in try %s: %s", mail.pk, mail.tries + 1, type(error).__name__)
        return False
    return True


def settle(mail: Mail, sent: bool) -> None:
    """Write down how a try ended: sent, to be tried again later, or given up."""
    mail.tries += 1
    if sent:
        mail.sent_at = timezone.now()
    if sent or timezone.now() - mail.created_at > GIVE_UP_AFTER:
        mail.next_try_at = mail.sealed = None
    else:
        mail.next_try_at = _after(mail.tries)
    if not sent and mail.next_try_at is None:
        log.error("Mail %s (%s) is given up after %s tries", mail.pk, mail.template, mail.tries)
    mail.save(update_fields=["tries", "sent_at", "next_try_at", "sealed"])


def _queue(mail: Mail) -> None:
    enqueue("foundation.send_mail", lane=LANE, subject_id=mail.pk, by=None)


def _after(tries: int) -> datetime:
    minutes = MINUTES_BETWEEN_TRIES[min(tries, len(MINUTES_BETWEEN_TRIES) - 1)]
    return timezone.now() + timedelta(minutes=minutes)


def _key() -> bytes:
    return derive_key(keyring("accounts").text, "mail")


def _path(template: str) -> str:
    return f"mail/{template}.txt"
