"""Another e-mail address of one's own: confirmed from the new one, told to the old one."""

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from foundation.accounts.credentials import email_of
from foundation.accounts.links import Purpose, make_link, use_up
from foundation.accounts.models import AccessLink, User
from foundation.errors import Conflict, Refused
from foundation.mail import link_to, send_mail
from foundation.workflow.engine import record


@transaction.atomic
def ask_for_email(user: User, address: str) -> None:
    """Mail a link to the new address and a notice to the old one; nothing changes before the link is followed.

    The caller has asked for the password and the second step. Refuses what is no address, one's own, and another's.
    """
    if address.strip().lower() == user.email.lower():
        message = _("Alamat ini sudah menjadi alamat akun Anda, jadi tidak ada yang diganti.")
        raise Refused("same_email", message, "email")
    wanted = email_of(address)
    secret = make_link(user, Purpose.EMAIL, by=user, address=wanted)
    record("email_change_asked", user, by=user)
    send_mail(
        to=wanted,
        subject=_("Konfirmasi alamat surel baru Anda"),
        template="email_confirm",
        context={
            "name": user.name,
            "link": link_to(f"{reverse('confirm_email')}?{urlencode({'kunci': secret})}"),
        },
    )
    _tell(user, user.email, "email_change_asked", _("Permintaan mengganti alamat surel akun Anda"))


@transaction.atomic
def confirm_email(link: AccessLink) -> User:
    """The new address is the account's; the old one is told. Refuses a link that was used, and an address that another
    account took meanwhile."""
    user = User.objects.select_for_update().get(pk=link.user_id)
    use_up(link)
    before, user.email = user.email, link.address
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
    except IntegrityError as error:
        message = _(
            "Alamat surel ini sudah dipakai akun lain, jadi tidak ada yang diganti. Pilih alamat lain."
        )
        raise Conflict("email_taken", message) from error
    record("email_changed", user, by=user)
    _tell(user, before, "email_changed", _("Alamat surel akun Anda sudah diganti"))
    return user


def _tell(user: User, address: str, template: str, subject: str) -> None:
    if address:
        send_mail(to=address, subject=subject, template=template, context={"name": user.name})
