"""Passwords chosen anew: by who knows the old one, or by a link that is mailed."""

import hashlib

from django.db import transaction
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from foundation.accounts.credentials import refuse_weak_password
from foundation.accounts.links import Purpose, make_link, use_up
from foundation.accounts.models import AccessLink, User
from foundation.accounts.sealing import open_secret, seal_secret
from foundation.accounts.sessions import end_all_sessions
from foundation.jobs.operations import enqueue
from foundation.mail import LANE, link_to, send_mail
from foundation.workflow.engine import record

RESET = "reset"


@transaction.atomic
def change_password(user: User, new: str, *, field: str = "password") -> None:
    """Another password, chosen by its owner: every session and token of before ends. Refuses a weak one."""
    _set(user, new, field)
    record("password_changed", user, by=user)


def ask_for_link(address: str) -> None:
    """Have a link mailed to the active account of that address, if there is one.

    Whether there is, a job looks up: neither words nor time tell who asks.
    """
    number = int.from_bytes(hashlib.sha256(address.strip().lower().encode()).digest()[:7])
    with transaction.atomic():
        enqueue(
            "foundation.mail_new_password",
            lane=LANE,
            subject_id=number,
            by=None,
            sealed=seal_secret(address.strip(), RESET),
        )


def mail_link(sealed: str) -> None:
    """What the job does, in its transaction."""
    user = (
        User.objects.filter(email__iexact=open_secret(sealed, RESET), is_active=True)
        .exclude(email="")
        .first()
    )
    if user is None:
        return
    secret = make_link(user, Purpose.PASSWORD, by=None)
    record("password_link_sent", user, by=None)
    link = link_to(f"{reverse('new_password')}?{urlencode({'kunci': secret})}")
    send_mail(
        to=user.email,
        subject=_("Kata sandi baru untuk Silon Terbuka"),
        template="new_password",
        context={"name": user.name, "username": user.username, "link": link},
    )


@transaction.atomic
def set_by_link(link: AccessLink, password: str) -> User:
    """Another password by a mailed link, which is used up. The second step stays, and is asked at the next log-in.

    Refuses a weak one, and a link that somebody used a moment ago.
    """
    user = User.objects.select_for_update().get(pk=link.user_id)
    use_up(link)
    _set(user, password, "password")
    record("password_set_by_link", user, by=user)
    return user


def _set(user: User, password: str, field: str) -> None:
    refuse_weak_password(password, user, field)
    user.set_password(password)
    user.save(update_fields=["password"])
    end_all_sessions(user)
    user.auth_token_set.all().delete()
