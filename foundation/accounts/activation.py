"""From an invitation to an account: its owner alone chooses the user name and the password."""

import math
import re
import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from foundation.accounts.credentials import (
    email_of,
    refuse_malformed_name,
    refuse_taken_name,
    refuse_weak_password,
)
from foundation.accounts.links import Purpose, make_link, use_up
from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.models import AccessLink, User
from foundation.accounts.operations import assign_role
from foundation.errors import Conflict, Refused, TooMany
from foundation.mail import link_to, send_mail
from foundation.workflow.engine import record

PROVISIONAL = "undangan-"
AGAIN_AFTER = timedelta(minutes=2)


@transaction.atomic
def invite(
    *, email: str, name: str, role: Role, scope_kind: ScopeKind, scope_id: int = 0, by: User | None
) -> User:
    """An account that cannot log in yet, with its first role; its owner gets a link by mail.

    Refuses an address that is none, or that an active or invited account has.
    """
    address = email_of(email)
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                PROVISIONAL + secrets.token_hex(8), email=address, name=name.strip(), is_active=False
            )
    except IntegrityError as error:  # somebody invited the same address a moment ago
        message = _("Alamat surel ini baru saja diundang oleh orang lain. Muat ulang untuk melihatnya.")
        raise Conflict("email_taken", message, "email") from error
    record("user_invited", user, by=by)
    assign_role(user, role, scope_kind=scope_kind, scope_id=scope_id, by=by)
    _send(user, by=by)
    return user


@transaction.atomic
def resend(user: User, *, by: User | None) -> None:
    """Mail a new link; the old one ends. Refuses when the account is active already, or was ended, and too soon."""
    if not User.objects.select_for_update().get(pk=user.pk).is_invited:
        message = _(
            "Akun ini tidak menunggu aktivasi, sehingga tautan tidak dikirim. Muat ulang daftar akun."
        )
        raise Conflict("not_invited", message)
    _refuse_so_soon(user)
    record("invitation_sent_again", user, by=by)
    _send(user, by=by)


def _refuse_so_soon(user: User) -> None:
    """Refuse a link shortly after another: the first letter may still be on its way."""
    last = user.access_links.filter(purpose=Purpose.ACTIVATION).order_by("-created_at").first()
    wait = (last.created_at + AGAIN_AFTER - timezone.now()).total_seconds() if last else 0
    if wait > 0:
        message = _(
            "Tautan untuk %(name)s baru saja dikirim. Tunggu %(seconds)s detik lagi sebelum mengirim ulang; periksa "
            "juga folder spam penerimanya."
        )
        seconds = math.ceil(wait)
        raise TooMany(
            "link_just_sent", message % {"name": user.name, "seconds": seconds}, retry_after=seconds
        )


@transaction.atomic
def activate(link: AccessLink, *, username: str, password: str) -> User:
    """Make the account its owner's: the name and password chosen, the link used up.

    Refuses a name that is taken or malformed, a weak password, and a link that somebody used a moment ago.
    """
    user = User.objects.select_for_update().get(pk=link.user_id)
    use_up(link)
    if not user.is_invited:
        message = _("Undangan ini sudah dibatalkan. Hubungi KPU atau operator yang mengundang Anda.")
        raise Refused("not_invited", message)
    refuse_malformed_name(username)
    refuse_taken_name(username, pk=user.pk)
    user.username = username
    refuse_weak_password(password, user)
    user.set_password(password)
    user.is_active, user.activated_at = True, timezone.now()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        refuse_taken_name(username, pk=user.pk)
        raise
    record("user_activated", user, by=user)
    return user


def propose_username(user: User) -> str:
    """A free name made of the address: what stands before the @, with a number when it is taken."""
    base = re.sub(r"[^a-z0-9._-]", "", user.email.partition("@")[0].lower())[:100] or "akun"
    taken = set(User.objects.filter(username__istartswith=base).values_list("username", flat=True))
    taken = {name.lower() for name in taken}
    return next(name for number in range(1, len(taken) + 3) if (name := _numbered(base, number)) not in taken)


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}{number}"


def _send(user: User, *, by: User | None) -> None:
    secret = make_link(user, Purpose.ACTIVATION, by=by)
    roles = [Role(role).title for role in user.assignments.order_by("pk").values_list("role", flat=True)]
    send_mail(
        to=user.email,
        subject=_("Aktifkan akun Silon Terbuka Anda"),
        template="activation",
        context={
            "name": user.name,
            "roles": ", ".join(dict.fromkeys(roles)),
            "link": link_to(f"{reverse('activation')}?{urlencode({'kunci': secret})}"),
        },
    )
